# @summary A MariaDB server that the services of all hosts can reach.
#
# @param root_password
#   The administrator's password; `/root/.my.cnf` holds it for root alone.
# @param max_connections
#   How many clients may be connected at once.
# @param bind_address
#   The address to listen on.
class packstack::mariadb (
  String[1]           $root_password   = lookup('CONFIG_MARIADB_PW'),
  Integer[1]          $max_connections = Integer(lookup('CONFIG_MARIADB_MAX_CONNECTIONS'), 10),
  Stdlib::IP::Address $bind_address    = '0.0.0.0',
) {
  class { 'mysql::server':
    package_name     => 'mariadb-server',
    service_name     => 'mariadb',
    root_password    => $root_password,
    override_options => {
      'mysqld' => {
        'bind-address'    => $bind_address,
        'max_connections' => $max_connections,
        # Where Debian's service, its log rotation and its access rules expect them.
        'log-error'       => '/var/log/mysql/error.log',
        'pid-file'        => '/run/mysqld/mysqld.pid',
      },
    },
  }
}
