"""An image of a very small server, made of Debian's own kernel and busybox.

It boots from a disk in a few seconds without KVM, takes its address by DHCP, asks Nova's metadata
service who it is, and serves a page that says so. A script among its user data is run.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.hosts.lab.downloads import CLOUD, SERVER_IMAGE, cached, repository

__all__ = ["server_image"]

# In the order in which they must be loaded.
_MODULES = (
    "virtio/virtio_ring",
    "virtio/virtio",
    "virtio/virtio_pci_modern_dev",
    "virtio/virtio_pci_legacy_dev",
    "virtio/virtio_pci",
    "net/core/failover",
    "net/net_failover",
    "net/virtio_net",
)
_INIT = """\
#!/bin/busybox sh
export PATH=/bin
busybox mount -t proc proc /proc
busybox --install -s /bin
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod "/modules/$module"; done
ip link set lo up
ip link set eth0 up
udhcpc -q -n -t 20 -T 2 -i eth0 -s /lease -O staticroutes -O mtu
# The static busybox of Debian crashes in wget, which looks names up; nc with an address does not.
metadata() {
    printf 'GET /latest/%s HTTP/1.0\\r\\n\\r\\n' "$1" | nc -w 20 169.254.169.254 80 |
        tr -d '\\r' | sed '1,/^$/d'
}
for try in 1 2 3 4 5; do
    id=$(metadata meta-data/instance-id)
    [ -z "$id" ] || break
    sleep 2
done
name=$(metadata meta-data/hostname)
hostname "${name:-nobody}"
{
    echo "hello from ${name:-nobody} (${id:-no metadata})"
    grep nameserver /etc/resolv.conf
} >/www/index.html
metadata user-data >/user-data
# What the installer's own test starts is another server for the same port.
if [ "$(head -c 2 /user-data)" = '#!' ]; then
    chmod 755 /user-data
    /user-data &
else
    httpd -h /www
fi
echo "ready after $(cut -d ' ' -f 1 /proc/uptime) s: $(cat /www/index.html)"
while :; do sleep 3600; done
"""
_LEASE = """\
#!/bin/busybox sh
[ "$1" = bound ] || exit 0
ip address replace "$ip/$mask" dev "$interface"
[ -z "$mtu" ] || ip link set "$interface" mtu "$mtu"
for gateway in $router; do ip route replace default via "$gateway"; done
set -- $staticroutes
while [ $# -ge 2 ]; do ip route replace "$1" via "$2"; shift 2; done
for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf
"""
_MENU = """\
default linux
label linux
kernel /vmlinuz
append initrd=/initrd console=ttyS0 panic=1 quiet
"""


def server_image() -> Path:
    """Return the image, in QEMU's own format.

    A plain copy is a disk and a CD at once, to make it boot; Nova refuses what is two things.
    """
    made_of = "\0".join(["qcow2", _INIT, _LEASE, _MENU, *_MODULES, repository(CLOUD).name])
    key = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    return cached(f"server-{key}", _build) / "server.qcow2"


def _build(directory: Path) -> None:
    packages = directory / "packages"
    packages.mkdir()
    for name in (*SERVER_IMAGE[:2], "linux-image-6*-cloud-amd64", SERVER_IMAGE[3]):
        [package] = repository(CLOUD).glob(f"{name}_*.deb")
        subprocess.run(["dpkg-deb", "-x", package, packages], check=True)
    disk = directory / "disk"
    disk.mkdir()
    (disk / "initrd").write_bytes(_initrd(packages, directory / "root"))
    [kernel] = packages.glob("boot/vmlinuz-*")
    shutil.copy(kernel, disk / "vmlinuz")
    shutil.copy(packages / "usr/lib/ISOLINUX/isolinux.bin", disk)
    shutil.copy(packages / "usr/lib/syslinux/modules/bios/ldlinux.c32", disk)
    (disk / "isolinux.cfg").write_text(_MENU)
    command = ["xorriso", "-as", "mkisofs", "-quiet", "-o", directory / "server.img"]
    command += ["-isohybrid-mbr", packages / "usr/lib/ISOLINUX/isohdpfx.bin"]
    command += ["-b", "isolinux.bin", "-c", "boot.cat", "-no-emul-boot"]
    command += ["-boot-load-size", "4", "-boot-info-table", disk]
    subprocess.run(command, check=True)
    plain, image = directory / "server.img", directory / "server.qcow2"
    subprocess.run(["qemu-img", "convert", "-c", "-O", "qcow2", plain, image], check=True)
    plain.unlink()
    for folder in (packages, disk, directory / "root"):
        shutil.rmtree(folder)


def _initrd(packages: Path, root: Path) -> bytes:
    for folder in ("bin", "dev", "etc", "modules", "proc", "sys", "tmp", "www"):
        (root / folder).mkdir(parents=True)
    shutil.copy(packages / "bin/busybox", root / "bin")
    [kernel] = packages.glob("lib/modules/*/kernel")
    names = [f"{Path(module).name}.ko" for module in _MODULES]
    for module, name in zip(_MODULES, names, strict=True):
        folder = kernel if module.startswith("net/core") else kernel / "drivers"
        shutil.copy(folder / f"{module}.ko", root / "modules" / name)
    (root / "modules" / "order").write_text(" ".join(names))
    for name, script in (("init", _INIT), ("lease", _LEASE)):
        (root / name).write_text(script)
        (root / name).chmod(0o755)
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    archive = subprocess.run(
        ["cpio", "-o", "-H", "newc", "--quiet", "-R", "0:0"],
        cwd=root,
        input="\n".join(files).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return gzip.compress(archive.stdout, mtime=0)
