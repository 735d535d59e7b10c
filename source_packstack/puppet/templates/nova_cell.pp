# Nova takes new compute hosts in.
include packstack::nova::cell
