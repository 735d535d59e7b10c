"""The names that Python itself binds, in any of its versions."""

from __future__ import annotations

import builtins
from typing import Final

__all__ = ["BUILTINS", "ERRORS"]

_PYTHON2: Final = (
    "apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr "
    "unicode xrange StandardError __file__"
)
_BY_SITE: Final = ("exit", "quit")
"""What a Python puts there that was started as usual."""


BUILTINS: Final = frozenset([*dir(builtins), *_PYTHON2.split(), *_BY_SITE])

_NO_STANDARD: Final = ("StopIteration", "StopAsyncIteration", "Warning")


def _line(kind: type[BaseException]) -> tuple[str, ...]:
    """Return the names of an error's classes; most belong to Python 2's ``StandardError``."""
    names = [one.__name__ for one in kind.__mro__ if one is not object]
    if "OSError" in names:  # which has three names
        names += ["IOError", "EnvironmentError"]
    standard = "Exception" in names[1:] and not any(name in names for name in _NO_STANDARD)
    return (*names, "StandardError") if standard else tuple(names)


ERRORS: Final[dict[str, tuple[str, ...]]] = {
    **{
        name: _line(kind)
        for name, kind in vars(builtins).items()
        if isinstance(kind, type) and issubclass(kind, BaseException)
    },
    "StandardError": ("StandardError", "Exception", "BaseException"),
}
"""Python's own errors, each with the classes that it belongs to, itself first."""
