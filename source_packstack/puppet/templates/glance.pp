# Glance: the images that servers boot from.
include packstack::glance
