"""The names that Python itself binds, in any of its versions."""

from __future__ import annotations

import builtins
from typing import Final

__all__ = ["BUILTINS", "ERRORS"]

_PYTHON2: Final = (
    "apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr "
    "unicode xrange StandardError __file__"
)

BUILTINS: Final = frozenset([*dir(builtins), *_PYTHON2.split()])

ERRORS: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(one.__name__ for one in kind.__mro__ if one is not object)
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
"""Python's own errors, each with the classes that it belongs to, itself first."""
