# @summary The command that creates what a new cloud starts with.
class packstack::provision::tool {
  include packstack::credentials

  $command = '/usr/local/lib/packstack/provision'

  ensure_resource('file', '/usr/local/lib/packstack', { 'ensure' => 'directory', 'mode' => '0755' })
  file { $command:
    source => 'puppet:///modules/packstack/provision',
    mode   => '0755',
  }
  Class['packstack::credentials'] -> Class['packstack::provision::tool']
}
