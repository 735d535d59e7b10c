# One of the caches in which services keep tokens that they have checked.
include packstack::memcached
