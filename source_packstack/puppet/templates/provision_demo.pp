# Networks, a router and rules, so that a first server can be reached.
include packstack::provision::demo
