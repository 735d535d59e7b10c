# A first image, so that there is something to boot.
include packstack::provision::image
