# @summary Neutron's API and what it tells the agents.
#
# @param database_url
#   Where Neutron keeps its data.
# @param url
#   Where clients on every network find it.
# @param auth_url
#   Where Keystone listens.
# @param region
#   The region whose endpoints are used.
# @param password
#   The password of the account `neutron` in Keystone.
# @param nova_password
#   The password of the accounts `nova` and `placement` in Keystone.
# @param l2_agent
#   The agent that connects servers to networks.
# @param vni_ranges
#   The numbers of VXLAN networks, each range as `first:last`.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::neutron (
  String[1]                          $database_url  = lookup('CONFIG_NEUTRON_DATABASE_URL'),
  String[1]                          $url           = lookup('CONFIG_NEUTRON_URL'),
  String[1]                          $auth_url      = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1]                          $region        = lookup('CONFIG_KEYSTONE_REGION'),
  String[1]                          $password      = lookup('CONFIG_NEUTRON_KS_PW'),
  String[1]                          $nova_password = lookup('CONFIG_NOVA_KS_PW'),
  Enum['linuxbridge', 'openvswitch'] $l2_agent      = lookup('CONFIG_NEUTRON_L2_AGENT'),
  String[1]                          $vni_ranges    = lookup('CONFIG_NEUTRON_ML2_VNI_RANGES'),
  String[1]                          $workers       = lookup('CONFIG_SERVICE_WORKERS'),
) {
  include packstack::neutron::base

  $processes = packstack::workers($workers)
  class { 'neutron::db':
    database_connection => $database_url,
  }
  class { 'neutron::keystone::authtoken':
    * => packstack::authtoken($password),
  }
  class { 'neutron::server':
    sync_db     => true,
    api_workers => $processes,
    rpc_workers => $processes,
  }
  class { 'neutron::wsgi::uwsgi':
    processes => $processes,
  }
  class { 'neutron::plugins::ml2':
    type_drivers         => ['flat', 'vxlan'],
    tenant_network_types => ['vxlan'],
    mechanism_drivers    => [$l2_agent, 'l2population'],
    flat_networks        => '*',
    vni_ranges           => split($vni_ranges, ','),
  }
  # Without these three, Neutron's services end in silence soon after their start.
  include neutron::server::notifications
  class { ['neutron::server::notifications::nova', 'neutron::server::placement']:
    password    => packstack::oslo_value($nova_password),
    auth_url    => $auth_url,
    region_name => $region,
  }

  packstack::keystone::service { 'neutron':
    password    => $password,
    type        => 'network',
    description => 'OpenStack Networking Service',
    url         => $url,
  }
}
