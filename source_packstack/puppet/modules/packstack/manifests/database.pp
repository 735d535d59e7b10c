# @summary A service's database and the account that may use it, from any host.
#
# @param password
#   The account's password.
# @param kind
#   The Puppet class that creates the database.
define packstack::database (
  String[1] $password,
  String[1] $kind = "${title}::db::mysql",
) {
  require packstack::mariadb

  # MariaDB reports the full name of a character set; with the alias `utf8` every run would
  # find something to change.
  class { $kind:
    password      => $password,
    charset       => 'utf8mb3',
    collate       => 'utf8mb3_general_ci',
    allowed_hosts => ['%'],
  }
}
