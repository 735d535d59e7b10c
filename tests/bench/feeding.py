"""Preflight and feed hosts, in the installer's way and in a loop of plain ssh; print the times.

`bench_installer` runs this file inside the network of its test hosts:
``python feeding.py FOLDER HOST…``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from source_packstack.installer.answers import Answers, resolve
from source_packstack.installer.controller import load_plugins
from source_packstack.installer.hosts import on_hosts
from source_packstack.installer.runs import Run, use_run
from source_packstack.installer.ssh import shared_connections
from source_packstack.modules.hieradata import HOST_FOLDER, write_host_files
from source_packstack.modules.planning import use_host
from source_packstack.modules.preflight import QUESTIONS, Limits, examine_host
from source_packstack.modules.puppet import copy_tree, pack_tree

LIMITS = Limits(disk_mb=1, clock_seconds=3600)


def main(folder: Path, hosts: list[str]) -> None:
    """Print the seconds that both ways take, as JSON."""
    controller = load_plugins()
    resolve(controller, Answers({"CONFIG_CONTROLLER_HOST": hosts[0]}))
    run = Run(ssh_user="root")
    run.make_folder(folder)
    with use_run(run):
        for host in hosts:
            use_host(host)
        trees = {host: write_host_files(host, controller.CONF) for host in hosts}
        with shared_connections(run):
            started = time.perf_counter()
            problems = on_hosts(hosts, partial(examine_host, ports=[], limits=LIMITS))
            preflight = time.perf_counter() - started
            started = time.perf_counter()
            on_hosts(hosts, lambda host: copy_tree(host, trees[host]))
            feeding = time.perf_counter() - started
        if any(problems.values()):
            sys.exit(str(problems))
        started = time.perf_counter()
        for host in hosts:
            _plain(host, "sh -s", QUESTIONS.encode())
            unpack = f"install -d -m 700 {HOST_FOLDER} && tar -C {HOST_FOLDER} -xpf -"
            _plain(host, unpack, pack_tree(trees[host]))
        plain = time.perf_counter() - started
    print(json.dumps({"preflight": preflight, "feeding": feeding, "plain": plain}))


def _plain(host: str, command: str, text: bytes) -> None:
    subprocess.run(["ssh", f"root@{host}", command], input=text, check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
