"""A tree is read to the same bytes in every process, however its hashes fall."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.upstream import release

ENCODE = "import msgspec, plugindoc, sys; print(msgspec.json.encode(plugindoc.load(sys.argv[1])))"


def test_processes_with_other_hashes_encode_the_same() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ENCODE, str(release("26.0.0"))],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate()[0] for process in running)
    assert first == second
    assert b"CONFIG_NOVA_INSTALL" in first
