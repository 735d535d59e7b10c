# @summary Networks, a router and rules, so that a first server can be reached from outside.
#
# @param physical_network
#   The physical network that the floating addresses belong to.
# @param range
#   The network of the floating addresses, as `address/bits`.
# @param pools
#   The parts of it that Neutron gives out, each as `first-last`.
# @param gateway
#   The router of that network.
# @param name_servers
#   The name servers that servers are told of.
class packstack::provision::demo (
  String[1]           $physical_network = lookup('CONFIG_PROVISION_DEMO_PHYSNET'),
  String[1]           $range            = lookup('CONFIG_PROVISION_DEMO_FLOATRANGE'),
  Array[String[1]]    $pools            = lookup('CONFIG_PROVISION_DEMO_POOL_LIST'),
  Stdlib::IP::Address $gateway          = lookup('CONFIG_PROVISION_DEMO_GATEWAY_ADDRESS'),
  Array[String[1]]    $name_servers     = lookup('CONFIG_PROVISION_DEMO_DNS_LIST'),
) {
  include packstack::provision::tool

  packstack::provision::wanted { 'networks':
    content => {
      'external' => {
        'name'             => 'public',
        'physical_network' => $physical_network,
        'range'            => $range,
        'gateway'          => $gateway,
        'pools'            => $pools,
      },
      'private'  => {
        'name'         => 'private',
        'range'        => '10.0.0.0/24',
        'name_servers' => $name_servers,
      },
      'router'   => 'router1',
      'rules'    => {
        'name'        => 'web',
        'description' => 'Ping, SSH and HTTP from everywhere',
        'tcp_ports'   => [22, 80],
      },
    },
  }
}
