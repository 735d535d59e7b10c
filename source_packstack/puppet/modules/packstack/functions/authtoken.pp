# @summary How a service checks its users' tokens: parameters of the classes `…::authtoken`.
#
# @param password
#   The password of the service's own account in Keystone.
#
# @return [Hash]
function packstack::authtoken(String[1] $password) >> Hash {
  $auth_url = lookup('CONFIG_KEYSTONE_PUBLIC_URL')
  $servers = lookup('CONFIG_MEMCACHED_SERVERS')
  $cache = $servers ? {
    []      => {},
    default => { 'memcached_servers' => $servers, 'manage_memcache_package' => true },
  }
  $account = {
    'password'             => packstack::oslo_value($password),
    'auth_url'             => $auth_url,
    'www_authenticate_uri' => $auth_url,
    'region_name'          => lookup('CONFIG_KEYSTONE_REGION'),
  }
  merge($account, $cache)
}
