# A network host: routers, DHCP and metadata.
include packstack::neutron::network_host
