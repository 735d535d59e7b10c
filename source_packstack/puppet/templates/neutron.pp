# Neutron: networks, routers and floating addresses.
include packstack::neutron
