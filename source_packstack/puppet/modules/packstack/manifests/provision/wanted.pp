# @summary Something that a new cloud starts with, created where it is missing.
#
# What exists already under the same name is left as it is.
#
# @param content
#   What is wanted, as the command `provision` reads it.
define packstack::provision::wanted (
  Hash $content,
) {
  exec { "provide ${title}":
    command     => "${packstack::provision::tool::command} create",
    unless      => "${packstack::provision::tool::command} check",
    environment => ["WANTED=${to_json($content)}"],
    path        => '/usr/bin:/bin',
    require     => Class['packstack::provision::tool'],
  }
}
