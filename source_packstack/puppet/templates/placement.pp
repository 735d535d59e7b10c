# Placement: what compute hosts have, and what servers take of it.
include packstack::placement
