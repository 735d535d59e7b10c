# Horizon: the web pages of the cloud.
include packstack::horizon
