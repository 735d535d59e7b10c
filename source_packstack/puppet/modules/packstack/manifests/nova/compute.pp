# @summary A compute host: libvirt, QEMU, and the service of Nova that starts servers with them.
#
# @param virt_type
#   `kvm`, `qemu`, or `auto` for KVM where it was seen to work.
class packstack::nova::compute (
  Enum['auto', 'kvm', 'qemu'] $virt_type = lookup('CONFIG_NOVA_LIBVIRT_VIRT_TYPE'),
) {
  include packstack::nova::base

  $tested = $facts['packstack_kvm'] ? {
    true    => 'kvm',
    default => 'qemu',
  }
  $hypervisor = $virt_type ? {
    'auto'  => $tested,
    default => $virt_type,
  }
  class { 'nova::compute':
    vnc_enabled => false,
  }
  class { 'nova::compute::libvirt':
    virt_type => $hypervisor,
  }
}
