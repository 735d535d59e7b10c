# @summary Nova's API, its conductor, its scheduler and its metadata service.
#
# @param database_url
#   Where Nova keeps the data of its servers.
# @param api_database_url
#   Where Nova keeps what concerns all cells.
# @param url
#   Where clients on every network find it.
# @param password
#   The password of the account `nova` in Keystone.
# @param metadata_secret
#   What the metadata agents prove themselves with.
# @param workers
#   How many processes serve requests: a number or `auto`.
class packstack::nova (
  String[1] $database_url     = lookup('CONFIG_NOVA_DATABASE_URL'),
  String[1] $api_database_url = lookup('CONFIG_NOVA_API_DATABASE_URL'),
  String[1] $url              = lookup('CONFIG_NOVA_URL'),
  String[1] $password         = lookup('CONFIG_NOVA_KS_PW'),
  String[1] $metadata_secret  = lookup('CONFIG_NEUTRON_METADATA_PW'),
  String[1] $workers          = lookup('CONFIG_SERVICE_WORKERS'),
) {
  include packstack::nova::base

  $processes = packstack::workers($workers)
  class { 'nova::db':
    database_connection     => $database_url,
    api_database_connection => $api_database_url,
  }
  class { 'nova::keystone::authtoken':
    * => packstack::authtoken($password),
  }
  class { 'nova::api':
    osapi_compute_workers => $processes,
    metadata_workers      => $processes,
  }
  class { ['nova::wsgi::uwsgi_api', 'nova::wsgi::uwsgi_api_metadata']:
    processes => $processes,
  }
  class { 'nova::metadata':
    neutron_metadata_proxy_shared_secret => packstack::oslo_value($metadata_secret),
  }
  class { ['nova::conductor', 'nova::scheduler']:
    workers => $processes,
  }
  include nova::cell_v2::simple_setup

  packstack::keystone::service { 'nova':
    password    => $password,
    type        => 'compute',
    description => 'OpenStack Compute Service',
    url         => $url,
  }
  # The conductor and the scheduler end when Placement does not answer at their start.
  Anchor['placement::service::end'] -> Anchor['nova::service::begin']
}
