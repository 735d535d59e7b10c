# @summary Keystone with its administrator, its catalogue and the project of the services.
#
# @param database_url
#   Where Keystone keeps its data.
# @param public_url
#   Where clients on every network find it.
# @param admin_username
#   The administrator's name.
# @param admin_password
#   The administrator's password.
# @param admin_email
#   The administrator's address.
# @param region
#   The region that endpoints belong to.
# @param token_expiration
#   How many seconds a token is good for.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::keystone (
  String[1]  $database_url     = lookup('CONFIG_KEYSTONE_DATABASE_URL'),
  String[1]  $public_url       = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1]  $admin_username   = lookup('CONFIG_KEYSTONE_ADMIN_USERNAME'),
  String[1]  $admin_password   = lookup('CONFIG_KEYSTONE_ADMIN_PW'),
  String     $admin_email      = lookup('CONFIG_KEYSTONE_ADMIN_EMAIL'),
  String[1]  $region           = lookup('CONFIG_KEYSTONE_REGION'),
  Integer[1] $token_expiration = Integer(lookup('CONFIG_KEYSTONE_TOKEN_EXPIRATION'), 10),
  String[1]  $workers          = lookup('CONFIG_SERVICE_WORKERS'),
) {
  include packstack::credentials

  class { 'keystone::db':
    database_connection => $database_url,
  }
  class { 'keystone':
    public_endpoint  => $public_url,
    token_expiration => $token_expiration,
  }
  class { 'keystone::wsgi::uwsgi':
    processes => packstack::workers($workers),
  }

  # The Keystone module's own class for this writes the password unquoted into YAML.
  exec { 'packstack keystone bootstrap':
    command     => 'keystone-manage bootstrap',
    unless      => 'openstack token issue',
    environment => [
      "OS_BOOTSTRAP_USERNAME=${admin_username}",
      "OS_BOOTSTRAP_PASSWORD=${admin_password}",
      'OS_BOOTSTRAP_PROJECT_NAME=admin',
      'OS_BOOTSTRAP_ROLE_NAME=admin',
      'OS_BOOTSTRAP_SERVICE_NAME=keystone',
      "OS_BOOTSTRAP_ADMIN_URL=${public_url}",
      "OS_BOOTSTRAP_PUBLIC_URL=${public_url}",
      "OS_BOOTSTRAP_INTERNAL_URL=${public_url}",
      "OS_BOOTSTRAP_REGION_ID=${region}",
    ] + packstack::login($admin_username, $admin_password, 'admin', $public_url),
    user        => 'keystone',
    path        => '/usr/bin:/bin',
    require     => Anchor['keystone::dbsync::end'],
    before      => Anchor['keystone::service::begin'],
  }

  # Once there are credentials, the types below ask a Keystone that does not answer for minutes.
  Exec['packstack keystone bootstrap']
  -> Class['packstack::credentials']
  -> Anchor['keystone::service::end']

  keystone_tenant { 'services':
    ensure  => present,
    enabled => true,
  }
  keystone_user { $admin_username:
    ensure  => present,
    enabled => true,
    email   => $admin_email,
  }
}
