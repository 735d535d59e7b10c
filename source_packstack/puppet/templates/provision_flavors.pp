# The usual sizes of servers.
include packstack::provision::flavors
