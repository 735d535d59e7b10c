# The `openstack` command with the administrator's credentials.
include packstack::openstack_client
