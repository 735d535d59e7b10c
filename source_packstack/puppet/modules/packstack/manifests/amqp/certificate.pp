# @summary The broker's certificate, its key, and the authority that signed it.
#
# @param authority
#   The authority's certificate, in PEM.
# @param certificate
#   This host's certificate, in PEM.
# @param key
#   The certificate's private key, in PEM; only the broker may read it.
class packstack::amqp::certificate (
  String[1] $authority   = lookup('CONFIG_SSL_CA_CERT'),
  String[1] $certificate = lookup('CONFIG_SSL_HOST_CERT'),
  String[1] $key         = lookup('CONFIG_SSL_HOST_KEY'),
) {
  $authority_file = '/etc/rabbitmq/ssl/ca.pem'
  $certificate_file = '/etc/rabbitmq/ssl/cert.pem'
  $key_file = '/etc/rabbitmq/ssl/key.pem'

  file {
    default:
      owner     => 'root',
      group     => 'rabbitmq',
      mode      => '0640',
      show_diff => false,
      require   => Class['rabbitmq::install'],
      notify    => Class['rabbitmq::service'],
      ;
    $authority_file:
      content => $authority,
      ;
    $certificate_file:
      content => $certificate,
      ;
    $key_file:
      content => $key,
      ;
  }
}
