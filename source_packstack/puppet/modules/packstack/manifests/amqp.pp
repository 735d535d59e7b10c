# @summary A RabbitMQ broker with one account for the services.
#
# @param user
#   The account that services log in with; `guest` is removed.
# @param password
#   The account's password.
# @param port
#   The port to listen on.
# @param ssl
#   Whether the broker speaks TLS, and nothing else.
class packstack::amqp (
  String[1]    $user     = lookup('CONFIG_AMQP_AUTH_USER'),
  String[1]    $password = lookup('CONFIG_AMQP_AUTH_PASSWORD'),
  Stdlib::Port $port     = lookup('CONFIG_AMQP_PORT'),
  Boolean      $ssl      = lookup('CONFIG_SSL_ENABLE') == 'y',
) {
  if $ssl {
    include packstack::amqp::certificate
    $listener = {
      'ssl'        => true,
      'ssl_only'   => true,
      'ssl_port'   => $port,
      'ssl_cacert' => $packstack::amqp::certificate::authority_file,
      'ssl_cert'   => $packstack::amqp::certificate::certificate_file,
      'ssl_key'    => $packstack::amqp::certificate::key_file,
    }
  } else {
    $listener = { 'port' => $port }
  }

  class { 'rabbitmq':
    repos_ensure      => false,
    admin_enable      => false,
    manage_python     => false,
    delete_guest_user => true,
    *                 => $listener,
  }

  packstack::amqp::account { $user:
    password => $password,
  }
}
