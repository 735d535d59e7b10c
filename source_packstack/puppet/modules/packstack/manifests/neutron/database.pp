# @summary Neutron's database on the database server.
#
# @param password
#   The password of the database account `neutron`.
class packstack::neutron::database (
  String[1] $password = lookup('CONFIG_NEUTRON_DB_PW'),
) {
  packstack::database { 'neutron':
    password => $password,
  }
}
