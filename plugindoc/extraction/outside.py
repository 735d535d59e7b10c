"""What a tree takes from elsewhere: whether it is a whole installer or adds plugins to one.

A tree adds to an installer that is not in it if two things hold: its plugins import a module
that is neither in the tree nor Python's own, and its package does not define the controller, that
is, no function of the name under which plugins register groups.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.evaluation.program import Program
from plugindoc.evaluation.state.values import ModuleValue
from plugindoc.extraction.keys import nodes_of
from plugindoc.protocol import Protocol
from plugindoc.reading.discovery import Found
from plugindoc.reading.files import Trees
from plugindoc.reading.syntax import (
    ClassDefinition,
    FunctionDefinition,
    Import,
    ImportFrom,
    Statement,
)

__all__ = ["has_controller", "needs", "package_files"]

_NO_ROOM: Final = frozenset({"tests", "test", "docs", "doc", "build", "dist"})
_IMPORTS: Final = frozenset({Import, ImportFrom})
_PYTHON2: Final = frozenset(
    {
        *("__builtin__", "ConfigParser", "Cookie", "Queue", "SocketServer", "StringIO"),
        *("cPickle", "cStringIO", "commands", "cookielib", "exceptions", "httplib", "md5"),
        *("popen2", "sets", "thread", "urllib2", "urlparse", "xmlrpclib"),
    }
)
_OWN: Final = sys.stdlib_module_names | _PYTHON2


def needs(
    found: Found, tree: Trees, program: Program, plugins: Iterable[ModuleValue], protocol: Protocol
) -> tuple[str, ...]:
    """Return the packages that hold the installer to which a tree adds; none for a whole one."""
    outside = {name for module in plugins for name in _outside(module, program, found.root.name)}
    if not outside or has_controller(found, tree, protocol):
        return ()
    return tuple(sorted(outside))


def _outside(module: ModuleValue, program: Program, top: str) -> Iterator[str]:
    """Yield the packages of the modules that a plugin imports and that are nowhere here.

    `top` is the name of the tree's folder, which names a package without ``__init__.py``.
    """
    statements = () if module.parsed is None else module.parsed.statements
    flat = [one for one in statements if not isinstance(one, FunctionDefinition | ClassDefinition)]
    for dotted in _imported(flat) or _imported(statements):
        package, _, rest = dotted.partition(".")
        inside = rest if package == top and rest else dotted
        if package not in _OWN and program.find(inside, module) is None:
            yield package


def _imported(statements: Iterable[Statement]) -> list[str]:
    """Return the dotted names of the modules that statements import."""
    found: list[str] = []
    for node in nodes_of(_IMPORTS, statements):
        if isinstance(node, Import):
            found += [dotted for dotted, _ in node.names]
        elif isinstance(node, ImportFrom) and not node.level:
            found.append(node.module)
    return found


def has_controller(found: Found, tree: Trees, protocol: Protocol) -> bool:
    """Return whether a tree's package defines the controller that plugins register groups with."""
    names = "|".join(map(re.escape, protocol.methods.add_group))
    defines = re.compile(rf"^\s+def\s+(?:{names})\b", re.MULTILINE)
    return any(defines.search(tree.read(path) or "") for path in package_files(found, tree))


def package_files(found: Found, tree: Trees) -> Iterator[str]:
    """Yield the Python files of the installer's package that are no plugins."""
    for folder in dict.fromkeys(one.rpartition("/")[0] for one in found.folders):
        yield from _files(folder or ".", set(found.folders), tree)


def _files(folder: str, plugins: set[str], tree: Trees) -> Iterator[str]:
    for name in sorted(tree.entries(folder)):
        path = name if folder == "." else f"{folder}/{name}"
        if name.endswith(".py"):
            yield path
        elif (
            path not in plugins
            and name not in _NO_ROOM
            and not name.startswith(".")
            and "." not in name
            and tree.has_file(f"{path}/__init__.py")
        ):
            yield from _files(path, plugins, tree)
