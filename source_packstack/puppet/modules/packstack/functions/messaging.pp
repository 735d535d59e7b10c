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
  $broker = { 'default_transport_url' => packstack::oslo_value(lookup('CONFIG_AMQP_URL')) }
  merge($broker, $encryption)
}
