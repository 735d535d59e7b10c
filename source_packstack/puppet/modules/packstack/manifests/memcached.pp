# @summary A memcached server for the services of all hosts.
#
# @param max_memory
#   Megabytes that the cache may take.
# @param listen_ip
#   The address to listen on.
class packstack::memcached (
  Integer[1]          $max_memory = Integer(lookup('CONFIG_MEMCACHED_SIZE'), 10),
  Stdlib::IP::Address $listen_ip  = '0.0.0.0',
) {
  class { 'memcached':
    max_memory => $max_memory,
    listen_ip  => $listen_ip,
    # Over UDP a cache can be made to flood somebody else; no service here asks for it.
    udp_port   => 0,
    user       => 'memcache',
  }
}
