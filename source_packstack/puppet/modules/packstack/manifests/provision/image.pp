# @summary A public image that every project can boot.
#
# @param image
#   The image's name.
# @param disk_format
#   Its format, such as `qcow2` or `raw`.
# @param source
#   A file of the host or an address to fetch it from.
class packstack::provision::image (
  String[1] $image       = lookup('CONFIG_PROVISION_IMAGE_NAME'),
  String[1] $disk_format = lookup('CONFIG_PROVISION_IMAGE_FORMAT'),
  String[1] $source      = lookup('CONFIG_PROVISION_IMAGE_FILE'),
) {
  glance_image { $image:
    ensure           => present,
    is_public        => true,
    container_format => 'bare',
    disk_format      => $disk_format,
    source           => $source,
  }
}
