"""The oldest supported releases of the dependencies: ``python -m tests.lowest`` prints them.

They are the lower bounds of ``pyproject.toml`` itself, so that a bound which is too low fails.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

__all__ = ["lowest"]


def lowest() -> list[str]:
    """Return a requirement for the newest patch release at each lower bound."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    return [re.sub(r">=([\w.]+)", r"==\1.*", bound) for bound in project["project"]["dependencies"]]


if __name__ == "__main__":
    sys.stdout.writelines(f"{requirement}\n" for requirement in lowest())
