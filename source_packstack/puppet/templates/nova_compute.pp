# A compute host, on which servers run.
include packstack::nova::compute
