# @summary A service in Keystone: its account and its place in the catalogue.
#
# @param password
#   The password of the service's account.
# @param type
#   What kind of service it is, such as `image`.
# @param description
#   What people read of it in the catalogue.
# @param url
#   Where clients on every network find it.
# @param service
#   The name of the service and of its account.
# @param region
#   The region that the endpoint belongs to.
define packstack::keystone::service (
  String[1] $password,
  String[1] $type,
  String[1] $description,
  String[1] $url,
  String[1] $service = $title,
  String[1] $region  = lookup('CONFIG_KEYSTONE_REGION'),
) {
  packstack::keystone::service_user { $service:
    password => $password,
  }
  keystone::resource::service_identity { $service:
    configure_user      => false,
    configure_user_role => false,
    service_type        => $type,
    service_description => $description,
    region              => $region,
    public_url          => $url,
    internal_url        => $url,
    admin_url           => $url,
  }
  # Some services end when they find no account at their start.
  Packstack::Keystone::Service_user[$service] -> Anchor["${service}::service::begin"]
  Keystone::Resource::Service_identity[$service] -> Anchor["${service}::service::begin"]
}
