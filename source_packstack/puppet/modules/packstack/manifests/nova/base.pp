# @summary What Nova's services on all hosts have in common.
#
# A host may be a controller and a compute host at once. Both then find the same settings here, or
# each would undo the other's.
#
# @param auth_url
#   Where Keystone listens.
# @param region
#   The region whose endpoints are used.
# @param glance_url
#   Where images are fetched.
# @param nova_password
#   The password of the accounts `nova` and `placement` in Keystone.
# @param neutron_password
#   The password of the account `neutron` in Keystone.
class packstack::nova::base (
  String[1] $auth_url         = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1] $region           = lookup('CONFIG_KEYSTONE_REGION'),
  String[1] $glance_url       = lookup('CONFIG_GLANCE_URL'),
  String[1] $nova_password    = lookup('CONFIG_NOVA_KS_PW'),
  String[1] $neutron_password = lookup('CONFIG_NEUTRON_KS_PW'),
) {
  include packstack::amqp::client

  class { 'nova':
    * => packstack::messaging(),
  }
  class { 'nova::glance':
    endpoint_override => $glance_url,
  }
  class {
    default:
      auth_url    => $auth_url,
      region_name => $region,
      password    => packstack::oslo_value($nova_password),
      ;
    ['nova::placement', 'nova::keystone::service_user']:
      ;
    'nova::network::neutron':
      password => packstack::oslo_value($neutron_password),
      # A question that is asked again because the answer was slow makes a second port.
      timeout  => 120,
      ;
  }
  Class['packstack::amqp::client'] -> Anchor['nova::service::begin']
}
