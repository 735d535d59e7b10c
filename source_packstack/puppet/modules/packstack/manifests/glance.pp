# @summary Glance, which keeps its images in a directory of the host.
#
# @param database_url
#   Where Glance keeps its data.
# @param url
#   Where clients on every network find it.
# @param password
#   The password of the account `glance` in Keystone.
# @param auth_url
#   Where Keystone listens.
# @param region
#   The region that the endpoint belongs to.
# @param store_directory
#   Where the images lie.
# @param cache_servers
#   The memcached servers, each as `host:port`; empty for none.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::glance (
  String[1]            $database_url    = lookup('CONFIG_GLANCE_DATABASE_URL'),
  String[1]            $url             = lookup('CONFIG_GLANCE_URL'),
  String[1]            $password        = lookup('CONFIG_GLANCE_KS_PW'),
  String[1]            $auth_url        = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1]            $region          = lookup('CONFIG_KEYSTONE_REGION'),
  Stdlib::Absolutepath $store_directory = lookup('CONFIG_GLANCE_STORE_DIR'),
  Array[String[1]]     $cache_servers   = lookup('CONFIG_MEMCACHED_SERVERS'),
  String[1]            $workers         = lookup('CONFIG_SERVICE_WORKERS'),
) {
  class { 'glance::api::db':
    database_connection => $database_url,
  }
  $cache = $cache_servers ? {
    []      => {},
    default => { 'memcached_servers' => $cache_servers, 'manage_memcache_package' => true },
  }
  class { 'glance::api::authtoken':
    password             => packstack::oslo_value($password),
    auth_url             => $auth_url,
    www_authenticate_uri => $auth_url,
    region_name          => $region,
    *                    => $cache,
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

  packstack::keystone::service_user { 'glance':
    password => $password,
  }
  keystone::resource::service_identity { 'glance':
    configure_user      => false,
    configure_user_role => false,
    service_type        => 'image',
    service_description => 'OpenStack Image Service',
    region              => $region,
    public_url          => $url,
    internal_url        => $url,
    admin_url           => $url,
  }
  Packstack::Keystone::Service_user['glance'] -> Anchor['glance::service::end']
  Keystone::Resource::Service_identity['glance'] -> Anchor['glance::service::end']
}
