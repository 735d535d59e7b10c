# @summary How a service reaches the message broker: parameters of the main classes.
#
# @return [Hash]
function packstack::messaging() >> Hash {
  $encryption = lookup('CONFIG_SSL_ENABLE') ? {
    'y'     => {
      'rabbit_use_ssl'     => true,
      'kombu_ssl_ca_certs' => '/usr/local/share/packstack-broker-ca.pem',
    },
    default => {},
  }
  $broker = {
    'default_transport_url'              => packstack::oslo_value(lookup('CONFIG_AMQP_URL')),
    # The APIs of Nova and Neutron run green threads inside threads of uWSGI. A heartbeat that waits
    # in an idle thread keeps its connection locked, and every later request waits for ever. The
    # keepalive of TCP finds dead connections without heartbeats.
    'rabbit_heartbeat_timeout_threshold' => 0,
  }
  merge($broker, $encryption)
}
