# @summary The command that gives a Keystone account a password without showing it to anybody.
class packstack::keystone::password_tool {
  include packstack::credentials

  $command = '/usr/local/lib/packstack/set-keystone-password'

  ensure_resource('file', '/usr/local/lib/packstack', { 'ensure' => 'directory', 'mode' => '0755' })
  file { $command:
    source => 'puppet:///modules/packstack/set-keystone-password',
    mode   => '0755',
  }
  Class['packstack::credentials'] -> Class['packstack::keystone::password_tool']
}
