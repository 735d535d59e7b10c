# What a compute host needs before it can be seen whether KVM works.
include packstack::nova::hypervisor
