# @summary Lets Nova use its compute hosts: it takes each in once that has reported.
#
# @param hosts
#   How many compute hosts there are.
class packstack::nova::cell (
  Integer[1] $hosts = lookup('CONFIG_COMPUTE_HOSTS_COUNT'),
) {
  include packstack::credentials

  # Each line of the table names a host and its cell.
  $known = "nova-manage cell_v2 list_hosts | grep -c '[0-9a-f]\\{8\\}-'"
  exec { 'packstack discover compute hosts':
    command   => "nova-manage cell_v2 discover_hosts && test \"$(${known})\" -ge ${hosts}",
    unless    => "test \"$(${known})\" -ge ${hosts}",
    provider  => shell,
    path      => '/usr/bin:/bin',
    tries     => 60,
    try_sleep => 2,
  }
}
