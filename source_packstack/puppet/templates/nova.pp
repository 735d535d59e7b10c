# Nova: the servers of all projects.
include packstack::nova
