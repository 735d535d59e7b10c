# @summary Glance, which keeps its images in a directory of the host.
#
# @param database_url
#   Where Glance keeps its data.
# @param url
#   Where clients on every network find it.
# @param password
#   The password of the account `glance` in Keystone.
# @param store_directory
#   Where the images lie.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::glance (
  String[1]            $database_url    = lookup('CONFIG_GLANCE_DATABASE_URL'),
  String[1]            $url             = lookup('CONFIG_GLANCE_URL'),
  String[1]            $password        = lookup('CONFIG_GLANCE_KS_PW'),
  Stdlib::Absolutepath $store_directory = lookup('CONFIG_GLANCE_STORE_DIR'),
  String[1]            $workers         = lookup('CONFIG_SERVICE_WORKERS'),
) {
  class { 'glance::api::db':
    database_connection => $database_url,
  }
  class { 'glance::api::authtoken':
    * => packstack::authtoken($password),
  }
  class { 'glance::api':
    enabled_backends => ['images:file'],
    default_backend  => 'images',
    workers          => packstack::workers($workers),
  }
  glance::backend::multistore::file { 'images':
    filesystem_store_datadir => $store_directory,
  }
  file { $store_directory:
    ensure  => directory,
    owner   => 'glance',
    group   => 'glance',
    mode    => '0750',
    require => Anchor['glance::install::end'],
    before  => Anchor['glance::service::begin'],
  }

  packstack::keystone::service { 'glance':
    password    => $password,
    type        => 'image',
    description => 'OpenStack Image Service',
    url         => $url,
  }
}
