# @summary Glance's database on the database server.
#
# @param password
#   The password of the database account `glance`.
class packstack::glance::database (
  String[1] $password = lookup('CONFIG_GLANCE_DB_PW'),
) {
  packstack::database { 'glance':
    password => $password,
  }
}
