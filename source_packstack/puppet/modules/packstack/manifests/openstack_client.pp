# @summary The `openstack` command, and the credentials for root to use it.
class packstack::openstack_client {
  include packstack::credentials

  ensure_packages(['python3-openstackclient'])
}
