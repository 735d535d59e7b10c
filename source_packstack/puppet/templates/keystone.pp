# Keystone: who may do what, and where each service is found.
include packstack::keystone
