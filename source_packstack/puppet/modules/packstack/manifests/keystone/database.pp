# @summary Keystone's database on the database server.
#
# @param password
#   The password of the database account `keystone`.
class packstack::keystone::database (
  String[1] $password = lookup('CONFIG_KEYSTONE_DB_PW'),
) {
  packstack::database { 'keystone':
    password => $password,
  }
}
