# @summary The account with which a service talks to the others.
#
# The Keystone module's own account type hands the password to `openstack` as an argument, where
# every user of the host can read it. Here the account starts without one and is given it through
# the environment.
#
# @param password
#   The account's password.
# @param user
#   The account's name.
# @param auth_url
#   Where Keystone listens.
define packstack::keystone::service_user (
  String[1] $password,
  String[1] $user     = $title,
  String[1] $auth_url = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
) {
  include packstack::keystone::password_tool

  keystone_user { $user:
    ensure  => present,
    enabled => true,
    email   => "${user}@localhost",
  }
  keystone_user_role { "${user}@services":
    ensure => present,
    roles  => ['admin'],
  }
  -> exec { "password of the service account ${user}":
    command     => "${packstack::keystone::password_tool::command} ${shell_escape($user)}",
    unless      => 'openstack token issue',
    environment => packstack::login($user, $password, 'services', $auth_url),
    path        => '/usr/bin:/bin',
    require     => Class['packstack::keystone::password_tool'],
  }
}
