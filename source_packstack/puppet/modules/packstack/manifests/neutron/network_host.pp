# @summary A network host: routers, DHCP, and the way by which servers reach Nova's metadata.
#
# @param l2_agent
#   The agent that connects servers to networks.
# @param metadata_host
#   Where Nova's metadata service listens.
# @param metadata_secret
#   What the metadata agent proves itself with.
# @param workers
#   How many processes serve metadata: a number or `auto`.
class packstack::neutron::network_host (
  Enum['linuxbridge', 'openvswitch'] $l2_agent        = lookup('CONFIG_NEUTRON_L2_AGENT'),
  String[1]                          $metadata_host   = lookup('CONFIG_CONTROLLER_HOST'),
  String[1]                          $metadata_secret = lookup('CONFIG_NEUTRON_METADATA_PW'),
  String[1]                          $workers         = lookup('CONFIG_SERVICE_WORKERS'),
) {
  include packstack::neutron::l2_agent

  class { ['neutron::agents::l3', 'neutron::agents::dhcp']:
    interface_driver => $l2_agent,
  }
  class { 'neutron::agents::metadata':
    shared_secret    => packstack::oslo_value($metadata_secret),
    metadata_host    => $metadata_host,
    metadata_workers => packstack::workers($workers),
  }
}
