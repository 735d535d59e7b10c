"""Members of Python's own modules that are the same on every machine that runs an installer."""

from __future__ import annotations

import math
import string
import sys
from typing import Final

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.state.values import UNSUPPORTED, External, Unknown, Value
from plugindoc.reading.syntax import Node

__all__ = ["Version", "is_missing", "member_of_library"]

_BIGGEST: Final = 2**63 - 1

_VALUES: Final[dict[str, Value]] = {
    "math.e": math.e,
    "math.pi": math.pi,
    "os.curdir": ".",
    "os.devnull": "/dev/null",
    "os.extsep": ".",
    "os.linesep": "\n",
    "os.name": "posix",
    "os.pardir": "..",
    "os.path.sep": "/",
    "os.pathsep": ":",
    "os.sep": "/",
    "string.ascii_letters": string.ascii_letters,
    "string.ascii_lowercase": string.ascii_lowercase,
    "string.ascii_uppercase": string.ascii_uppercase,
    "string.digits": string.digits,
    "string.hexdigits": string.hexdigits,
    "string.letters": string.ascii_letters,
    "string.lowercase": string.ascii_lowercase,
    "string.octdigits": string.octdigits,
    "string.punctuation": string.punctuation,
    "string.uppercase": string.ascii_uppercase,
    "sys.maxint": _BIGGEST,
    "sys.maxsize": _BIGGEST,
}

_TYPES: Final = {
    "BooleanType": "bool",
    "ComplexType": "complex",
    "DictType": "dict",
    "DictionaryType": "dict",
    "FloatType": "float",
    "FunctionType": "function",
    "IntType": "int",
    "LambdaType": "function",
    "ListType": "list",
    "LongType": "long",
    "NoneType": "NoneType",
    "StringType": "str",
    "TupleType": "tuple",
    "UnicodeType": "unicode",
}

_GONE_WORDS = """
BaseHTTPServer ConfigParser HTMLParser Queue SocketServer StringIO UserDict UserList
UserString __builtin__ anydbm cPickle cStringIO commands compiler cookielib copy_reg
exceptions htmlentitydefs httplib md5 new popen2 repr robotparser sets sha sgmllib thread
urllib2 urlparse user xmlrpclib
"""
_GONE: Final = frozenset(_GONE_WORDS.split())
"""Modules of Python 2 that Python 3 has not, or under another name."""

_CAME_WORDS = """
asyncio builtins concurrent configparser copyreg dataclasses enum faulthandler html http
importlib.metadata importlib.resources ipaddress pathlib queue reprlib secrets selectors
socketserver statistics tracemalloc typing urllib.error urllib.parse urllib.request venv
winreg xmlrpc zoneinfo
"""
_CAME: Final = frozenset(_CAME_WORDS.split())
"""Modules of Python 3 that Python 2 has not."""

_DROPPED_WORDS = """
aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap
msilib nis nntplib ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
"""
_DROPPED: Final = frozenset(_DROPPED_WORDS.split())
"""Modules that only the newest Pythons have not."""

_MOVED_WORDS = """
urllib.quote urllib.quote_plus urllib.unquote urllib.unquote_plus urllib.urlencode
urllib.urlopen urllib.urlretrieve itertools.izip itertools.imap itertools.ifilter
itertools.izip_longest string.letters string.lowercase string.uppercase string.maketrans
string.join sys.maxint os.getcwdu types.StringType types.ListType types.StringTypes
"""
_MOVED: Final = frozenset(_MOVED_WORDS.split())
"""Members that only Python 2's modules have."""


class Version(Native):
    """``sys.version_info``, of which the first number is known."""

    name = "version"

    def __init__(self, major: int) -> None:
        self.major = major

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the first number by name."""
        return self.major if name == "major" else UNSUPPORTED

    def item(self, machine: Machine, key: Value, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the first number, or the first few, which are as telling as all."""
        if key == 0:
            return self.major
        if isinstance(key, slice) and key.start in (None, 0) and key.step in (None, 1):
            return (self.major,) if key.stop == 1 else self
        return UNSUPPORTED

    def order(self, other: Value) -> int | None:
        """Return a number below or above 0 as the version is older or newer; None if unknown."""
        if not isinstance(other, tuple) or not other or not isinstance(other[0], int):
            return None
        if other[0] != self.major:
            return -1 if self.major < other[0] else 1
        return 1 if other[1:] in ((), (0,)) else None


def member_of_library(machine: Machine, dotted: str) -> Value:
    """Return a member of one of Python's own modules; an `External` if it is not known."""
    if dotted in machine.patched:
        return Unknown(None, None, "it was replaced", source=dotted)
    if dotted in _VALUES:
        return _VALUES[dotted]
    module, _, name = dotted.rpartition(".")
    if module == "types" and name in _TYPES:
        return External(f"builtins.{_TYPES[name]}")
    if dotted == "types.StringTypes":
        return (External("builtins.str"), External("builtins.unicode"))
    if module == "sys":
        return _of_system(machine, name)
    if module in ("six", "future.utils") and name in ("PY2", "PY3"):
        return machine.python2 is (name == "PY2")
    return External(dotted)


def _of_system(machine: Machine, name: str) -> Value:
    major = 2 if machine.python2 else 3
    if name == "version_info":
        return Version(major)
    if name == "platform":
        return "linux2" if major == 2 else "linux"  # noqa: PLR2004 - a version
    return External(f"sys.{name}")


def is_missing(machine: Machine, dotted: str, name: str = "") -> bool | None:
    """Return whether an import from outside fails; None if that depends on the machine.

    `name` is what is imported from the module.
    """
    first = dotted.partition(".")[0]
    if first in _DROPPED:
        return False
    gone, came = (_CAME, _GONE) if machine.python2 else (_GONE, _CAME)
    if dotted in gone or first in gone:
        return True
    if not machine.python2 and f"{dotted}.{name}" in _MOVED:
        return True
    known = first in sys.stdlib_module_names or first in came
    return False if known else None
