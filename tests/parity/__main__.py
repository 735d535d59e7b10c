"""Print the static reading of an installer: ``python -m tests.parity PATH``."""

from __future__ import annotations

import json
import sys

import plugindoc
from tests.parity.static import static_form


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.parity PATH\n")
        return 2
    try:
        project = plugindoc.load(arguments[0])
    except plugindoc.LoadError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    json.dump(static_form(project), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
