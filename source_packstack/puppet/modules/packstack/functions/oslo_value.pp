# @summary A value as oslo.config reads it back: a dollar sign would name another option.
#
# @param value
#   The value that the service is to see.
#
# @return [String]
function packstack::oslo_value(String $value) >> String {
  regsubst($value, '\$', '$$', 'G')
}
