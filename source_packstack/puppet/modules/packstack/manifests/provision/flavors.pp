# @summary The usual sizes of servers, from `m1.tiny` to `m1.xlarge`.
class packstack::provision::flavors {
  include packstack::provision::tool

  packstack::provision::wanted { 'flavors':
    content => {
      'flavors' => [
        { 'name' => 'm1.tiny', 'ram' => 512, 'disk' => 1, 'vcpus' => 1 },
        { 'name' => 'm1.small', 'ram' => 2048, 'disk' => 20, 'vcpus' => 1 },
        { 'name' => 'm1.medium', 'ram' => 4096, 'disk' => 40, 'vcpus' => 2 },
        { 'name' => 'm1.large', 'ram' => 8192, 'disk' => 80, 'vcpus' => 4 },
        { 'name' => 'm1.xlarge', 'ram' => 16384, 'disk' => 160, 'vcpus' => 8 },
      ],
    },
  }
}
