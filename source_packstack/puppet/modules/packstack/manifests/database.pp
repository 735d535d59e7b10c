# @summary A service's database and the account that may use it, from any host.
#
# @param password
#   The account's password.
# @param service
#   The name of the service, its database and its account.
define packstack::database (
  String[1] $password,
  String[1] $service = $title,
) {
  require packstack::mariadb

  # MariaDB reports the full name of a character set; with the alias `utf8` every run would
  # find something to change.
  class { "${service}::db::mysql":
    password      => $password,
    charset       => 'utf8mb3',
    collate       => 'utf8mb3_general_ci',
    allowed_hosts => ['%'],
  }
}
