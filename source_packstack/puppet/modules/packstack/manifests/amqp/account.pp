# @summary A broker's account that may do everything on the default virtual host.
#
# The RabbitMQ module's own type hands the password to `rabbitmqctl` as an argument, where every
# user of the host can read it, and has it evaluated as Erlang. Here it goes through a pipe.
#
# @param password
#   The account's password.
# @param user
#   The account's name.
define packstack::amqp::account (
  String[1] $password,
  String[1] $user = $title,
) {
  $account = shell_escape($user)
  $pass = 'printf "%s\n" "$PASSWORD" | rabbitmqctl --quiet'
  $known = "rabbitmqctl --silent list_users | cut -f1 | grep -qxF -e ${account}"

  $change = "${pass} change_password ${account}"
  $add = "${pass} add_user ${account}"

  exec { "password of the broker's account ${user}":
    command     => "if ${known}; then ${change}; else ${add}; fi",
    unless      => "${pass} authenticate_user ${account}",
    environment => ["PASSWORD=${password}", 'HOME=/root'],
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    provider    => shell,
    require     => Class['rabbitmq'],
  }
  -> rabbitmq_user_permissions { "${user}@/":
    configure_permission => '.*',
    read_permission      => '.*',
    write_permission     => '.*',
    provider             => 'rabbitmqctl',
  }
}
