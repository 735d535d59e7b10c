"""Try random plugins for a while: ``python -m tests.differential SECONDS [SEED]``.

The module of each mismatch is kept in ``build/differential``.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.differential.compare import compare
from tests.differential.programs import Maker

KEPT = Path("build/differential")


def main(seconds: float, seed: int) -> int:
    """Return how many plugins were read differently than they ran."""
    tried = skipped = wrong = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() - started < seconds:
            number = seed + tried
            source = Maker(random.Random(number).randrange).module()  # noqa: S311 - any will do
            found = compare(source, Path(folder))
            tried += 1
            skipped += found is None
            if found:
                wrong += 1
                KEPT.mkdir(parents=True, exist_ok=True)
                (KEPT / f"seed_{number}.py").write_text(source, encoding="utf-8")
                print(f"seed {number}: {found[0]}", flush=True)
    print(
        f"{tried} plugins from seed {seed}, {wrong} read differently, {skipped} beyond a limit, "
        f"{time.monotonic() - started:.0f} s",
        flush=True,
    )
    return wrong


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    sys.exit(bool(main(given[0] if given else 60, given[1] if len(given) > 1 else 0)))
