"""A small reference installer of OpenStack in Packstack's plugin protocol."""
