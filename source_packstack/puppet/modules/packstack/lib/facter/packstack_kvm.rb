# frozen_string_literal: true

# Whether KVM works on this host. /dev/kvm alone says little: nested virtualisation may offer it and
# then hang. So the host's own kernel is booted with it, until it finds no root file system. That is
# done once after each start of the host, and only where QEMU is installed.
Facter.add(:packstack_kvm) do
  confine { File.exist?('/dev/kvm') && File.exist?('/usr/bin/qemu-system-x86_64') }

  setcode do
    kernel = "/boot/vmlinuz-#{Facter.value(:kernelrelease)}"
    boot = File.read('/proc/sys/kernel/random/boot_id').strip
    known = '/var/lib/source-packstack/kvm'
    seen = File.exist?(known) ? File.read(known).split : []
    if seen.first != boot
      qemu = 'timeout 60 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -display none ' \
             "-no-reboot -serial stdio -kernel #{kernel} -append 'console=ttyS0 panic=-1'"
      said = Facter::Core::Execution.execute("#{qemu} 2>&1 </dev/null", on_fail: '')
      works = said.include?('Unable to mount root fs')
      seen = [boot, works ? 'works' : 'fails']
      File.write(known, seen.join(' '))
    end
    seen.last == 'works'
  end
end
