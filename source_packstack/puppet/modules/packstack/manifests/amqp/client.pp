# @summary The certificate of the authority that signed the broker's, for the broker's clients.
#
# @param ssl
#   Whether the broker speaks TLS.
class packstack::amqp::client (
  Boolean $ssl = lookup('CONFIG_SSL_ENABLE') == 'y',
) {
  if $ssl {
    file { '/usr/local/share/packstack-broker-ca.pem':
      content => lookup('CONFIG_SSL_CA_CERT'),
      mode    => '0644',
    }
  }
}
