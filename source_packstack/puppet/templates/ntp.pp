# Every host keeps its clock in step with the same servers.
include packstack::ntp
