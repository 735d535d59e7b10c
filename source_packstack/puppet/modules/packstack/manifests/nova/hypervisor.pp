# @summary QEMU, which must be there before it can be seen whether KVM works.
class packstack::nova::hypervisor {
  ensure_packages(['qemu-system-x86'])
}
