# @summary The administrator's credentials, for root alone.
#
# `/root/openrc` is for people; `/etc/openstack/puppet/admin-clouds.yaml` is where the Puppet
# modules of OpenStack look.
#
# @param auth_url
#   Where Keystone listens.
# @param username
#   The administrator's name.
# @param password
#   The administrator's password.
# @param region
#   The region whose endpoints are used.
class packstack::credentials (
  String[1] $auth_url = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1] $username = lookup('CONFIG_KEYSTONE_ADMIN_USERNAME'),
  String[1] $password = lookup('CONFIG_KEYSTONE_ADMIN_PW'),
  String[1] $region   = lookup('CONFIG_KEYSTONE_REGION'),
) {
  $login = packstack::login($username, $password, 'admin', $auth_url)
  $variables = $login + ["OS_REGION_NAME=${region}"]
  $exports = $variables.map |$variable| {
    $parts = $variable.match(/(?m:\A(\w+)=(.*)\z)/)
    "export ${parts[1]}=${shell_escape($parts[2])}\n"
  }
  $shared = {
    'auth_url'            => "${auth_url}/v3",
    'username'            => $username,
    'password'            => $password,
    'user_domain_name'    => 'Default',
  }
  $project = { 'project_name' => 'admin', 'project_domain_name' => 'Default' }
  $clouds = {
    'clouds' => {
      'project' => { 'auth' => $shared + $project, 'region_name' => $region },
      'system'  => { 'auth' => $shared + { 'system_scope' => 'all' }, 'region_name' => $region },
    },
  }

  file {
    default:
      owner     => 'root',
      group     => 'root',
      mode      => '0600',
      show_diff => false,
      ;
    '/root/openrc':
      content => join($exports),
      ;
    ['/etc/openstack', '/etc/openstack/puppet']:
      ensure => directory,
      mode   => '0755',
      ;
    '/etc/openstack/puppet/admin-clouds.yaml':
      content => to_yaml($clouds),
      ;
  }
}
