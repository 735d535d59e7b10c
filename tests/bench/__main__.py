"""Run every benchmark, or those that are named: ``python -m tests.bench [load site …]``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run the benchmarks in the order of their names; each prints a Markdown table."""
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or file.stem.removeprefix("bench_") in wanted:
            importlib.import_module(f"tests.bench.{file.stem}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
