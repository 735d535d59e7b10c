# @summary Placement, which counts what compute hosts have and what servers take of it.
#
# @param database_url
#   Where Placement keeps its data.
# @param url
#   Where the other services find it.
# @param password
#   The password of the account `placement` in Keystone.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::placement (
  String[1] $database_url = lookup('CONFIG_PLACEMENT_DATABASE_URL'),
  String[1] $url          = lookup('CONFIG_PLACEMENT_URL'),
  String[1] $password     = lookup('CONFIG_NOVA_KS_PW'),
  String[1] $workers      = lookup('CONFIG_SERVICE_WORKERS'),
) {
  class { 'placement::db':
    database_connection => $database_url,
  }
  class { 'placement::keystone::authtoken':
    * => packstack::authtoken($password),
  }
  include placement
  include placement::api
  include placement::db::sync
  class { 'placement::wsgi::uwsgi':
    processes => packstack::workers($workers),
  }

  packstack::keystone::service { 'placement':
    password    => $password,
    type        => 'placement',
    description => 'OpenStack Placement Service',
    url         => $url,
  }
}
