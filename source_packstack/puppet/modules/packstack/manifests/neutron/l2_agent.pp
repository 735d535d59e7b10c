# @summary The agent that connects the servers of a host to their networks.
#
# @param kind
#   Linux bridges or Open vSwitch.
# @param host
#   This host's address or name.
# @param tunnel_interface
#   The interface whose address VXLAN tunnels end at; empty for the host's own address.
# @param interface_mappings
#   For Linux bridges: the interface behind each physical network, as `network:interface`.
# @param bridge_mappings
#   For Open vSwitch: the bridge behind each physical network, as `network:bridge`.
# @param bridge_interfaces
#   For Open vSwitch: the interfaces that belong to bridges, each as `bridge:interface`.
class packstack::neutron::l2_agent (
  Enum['linuxbridge', 'openvswitch'] $kind               = lookup('CONFIG_NEUTRON_L2_AGENT'),
  String[1]                          $host               = lookup('CONFIG_THIS_HOST'),
  String                             $tunnel_interface   = lookup('CONFIG_NEUTRON_TUNNEL_IF'),
  Array[String[1]]                   $interface_mappings = lookup('CONFIG_THIS_HOST_INTERFACES'),
  Array[String[1]]                   $bridge_mappings    = lookup('CONFIG_THIS_HOST_BRIDGES'),
  Array[String[1]]                   $bridge_interfaces  = lookup('CONFIG_THIS_HOST_BRIDGE_PORTS'),
) {
  include packstack::neutron::base

  if $tunnel_interface != '' {
    $local_ip = $facts.dig('networking', 'interfaces', $tunnel_interface, 'ip')
    unless $local_ip {
      fail("${host} has no interface ${tunnel_interface} with an IPv4 address")
    }
  } elsif $host =~ Stdlib::IP::Address {
    $local_ip = $host
  } else {
    $local_ip = $facts['networking']['ip']
  }

  case $kind {
    'linuxbridge': {
      class { 'neutron::agents::ml2::linuxbridge':
        tunnel_types                => ['vxlan'],
        local_ip                    => $local_ip,
        l2_population               => true,
        physical_interface_mappings => $interface_mappings,
      }
    }
    default: {
      class { 'neutron::agents::ml2::ovs':
        tunnel_types    => ['vxlan'],
        local_ip        => $local_ip,
        l2_population   => true,
        bridge_mappings => $bridge_mappings,
        bridge_uplinks  => $bridge_interfaces,
      }
    }
  }
}
