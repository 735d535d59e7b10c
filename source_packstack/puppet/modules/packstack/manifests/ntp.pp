# @summary Keep the host's clock in step with chrony.
#
# chrony here is a client only: it serves time to nobody.
#
# @param servers
#   Names or addresses of the time servers.
# @param daemon_options
#   What the daemon is started with, instead of Debian's own choice.
class packstack::ntp (
  Array[String[1], 1] $servers        = lookup('CONFIG_NTP_SERVER_LIST'),
  Optional[String]    $daemon_options = undef,
) {
  class { 'chrony':
    servers         => $servers,
    # The module's default writes a well-known password for remote control.
    chrony_password => 'unset',
  }

  if $daemon_options {
    file { '/etc/default/chrony':
      content => "DAEMON_OPTS=\"${daemon_options}\"\n",
      mode    => '0644',
      require => Class['chrony::install'],
      notify  => Class['chrony::service'],
    }
  }
}
