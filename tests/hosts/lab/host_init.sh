#!/bin/bash
# Turn a fresh set of namespaces into a test host, then become its init.
# Runs under `unshare --mount --pid --uts --ipc`, in the host's network namespace.
#   host_init.sh NAME LOWER_DIRS HOST_DIR REPOSITORY [READ_ONLY_PATH...]
set -euo pipefail
name=$1 lower=$2 dir=$3 repository=$4
shift 4
root=$dir/root

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$dir/disk/upper,workdir=$dir/disk/work" "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro,nosuid sysfs "$root/sys"
# The kernel's switches belong to the machine that runs the tests, but those of the network are the
# host's own, as its network namespace is.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"

mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
while read -r node major minor; do
    mknod -m 666 "$root/dev/$node" c "$major" "$minor"
done <<NODES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
NODES
mkdir "$root/dev/net"
mknod -m 666 "$root/dev/net/tun" c 10 200
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do
    ln -s "/proc/self/fd/${stream%%:*}" "$root/dev/${stream##*:}"
done

mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -p "$root/run/lock" "$root/run/sshd"
chmod 1777 "$root/run/lock"
# Neutron's agents rename their processes, and Debian's init scripts then miss them without this;
# systemd needs no such help.
for agent in linuxbridge-agent l3-agent dhcp-agent metadata-agent rpc-server; do
    ln -s "neutron/neutron-$agent.pid" "$root/run/neutron-$agent.pid"
done

bind_read_only() { # SOURCE TARGET
    mkdir -p "$2"
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2"
}
bind_read_only "$repository" "$root/srv/repository"
for path in "$@"; do
    bind_read_only "$path" "$root$path"
done

hostname "$name"
mkdir -p "$root/.old"
cd "$root"
pivot_root . .old
# Steering the clock, loading modules and devices would reach beyond the host.
exec chroot . /bin/sh -c '
    umount -l /.old && rmdir /.old
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-mknod,-syslog,-mac_admin \
        tini -- /usr/sbin/sshd -D -e
' </dev/null
