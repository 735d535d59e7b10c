# @summary The environment with which the `openstack` command logs in.
#
# @param username
#   Whom to log in.
# @param password
#   The user's password.
# @param project
#   The project to work in.
# @param auth_url
#   Where Keystone listens.
#
# @return [Array[String]]
#   One `NAME=value` a variable.
function packstack::login(
  String[1] $username,
  String[1] $password,
  String[1] $project,
  String[1] $auth_url,
) >> Array[String] {
  [
    'OS_IDENTITY_API_VERSION=3',
    "OS_AUTH_URL=${auth_url}/v3",
    "OS_USERNAME=${username}",
    "OS_PASSWORD=${password}",
    "OS_PROJECT_NAME=${project}",
    'OS_USER_DOMAIN_NAME=Default',
    'OS_PROJECT_DOMAIN_NAME=Default',
  ]
}
