# @summary What Neutron's services on all hosts have in common.
#
# @param l2_agent
#   The agent that connects servers to networks.
class packstack::neutron::base (
  Enum['linuxbridge', 'openvswitch'] $l2_agent = lookup('CONFIG_NEUTRON_L2_AGENT'),
) {
  include packstack::amqp::client

  class { 'neutron':
    core_plugin     => 'ml2',
    service_plugins => ['router'],
    *               => packstack::messaging(),
  }
  # Since Zed, Neutron wants to be asked for this agent expressly.
  neutron_config { 'experimental/linuxbridge':
    value => $l2_agent == 'linuxbridge',
  }
  Class['packstack::amqp::client'] -> Anchor['neutron::service::begin']
}
