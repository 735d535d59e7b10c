# @summary Horizon, the web pages of the cloud.
#
# @param address
#   Where browsers find it.
# @param auth_url
#   Where Keystone listens.
# @param secret_key
#   What sessions are signed with.
# @param cache_servers
#   The memcached servers that keep sessions, each as `host:port`; empty for none.
# @param workers
#   How many processes serve pages: a number or `auto`. Without a memcached server, one does.
class packstack::horizon (
  String[1]        $address       = lookup('CONFIG_CONTROLLER_HOST'),
  String[1]        $auth_url      = lookup('CONFIG_KEYSTONE_PUBLIC_URL'),
  String[1]        $secret_key    = lookup('CONFIG_HORIZON_SECRET_KEY'),
  Array[String[1]] $cache_servers = lookup('CONFIG_MEMCACHED_SERVERS'),
  String[1]        $workers       = lookup('CONFIG_SERVICE_WORKERS'),
) {
  $sessions = $cache_servers ? {
    # Sessions lie in the memory of a process, which no other process can read.
    []      => { 'wsgi_processes' => 1 },
    default => {
      'wsgi_processes'   => packstack::workers($workers),
      'cache_backend'    => 'django.core.cache.backends.memcached.PyMemcacheCache',
      # A string: the module's file in local_settings.d makes one wrong host name of a list.
      'cache_server_url' => join($cache_servers, ','),
    },
  }
  class { 'horizon':
    secret_key     => $secret_key,
    keystone_url   => "${auth_url}/v3",
    servername     => $address,
    server_aliases => [$address, $facts['networking']['hostname']],
    allowed_hosts  => [$address, $facts['networking']['hostname']],
    wsgi_threads   => 4,
    *              => $sessions,
  }
  # The Apache module asks for a package that Debian 12 no longer has.
  class { 'apache::mod::wsgi':
    package_name => 'libapache2-mod-wsgi-py3',
    mod_path     => '/usr/lib/apache2/modules/mod_wsgi.so',
  }
  # The compression of style sheets fails now and then, and passes when it is tried again.
  Exec<| title == 'refresh_horizon_django_compress' |> {
    tries     => 3,
    try_sleep => 5,
  }
}
