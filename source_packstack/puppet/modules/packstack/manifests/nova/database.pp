# @summary The databases of Nova, of its API, and of Placement on the database server.
#
# @param password
#   The password of the database accounts `nova`, `nova_api` and `placement`.
class packstack::nova::database (
  String[1] $password = lookup('CONFIG_NOVA_DB_PW'),
) {
  packstack::database {
    default:
      password => $password,
      ;
    ['nova', 'placement']:
      ;
    'nova_api':
      kind => 'nova::db::mysql_api',
      ;
  }
}
