"""Functions of Python's library that give the same everywhere: carried out on known data.

Patterns are looked for only if that cannot take long: a short text, and few repetitions.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import operator
import posixpath
import re
import string
import textwrap
import urllib.parse
from collections.abc import Callable, Sequence
from typing import Any, Final

from plugindoc.evaluation.limits import MAX_BITS, Unfit, limit_reached

__all__ = ["PURE", "decode", "effort", "encode", "pattern"]

_MAX_SEARCHED: Final = 500
_MAX_REPEATS: Final = 3
_MAX_WAYS: Final = 100_000
"""Ways in which a pattern may match a text, judging by its form."""
_WAYS_A_STEP: Final = 100
_REPEAT: Final = re.compile(r"(?<!\\)[*+{]")
_OPTIONAL: Final = re.compile(r"(?<![\\(*+?}])\?")
_NESTED: Final = re.compile(r"\)\s*[*+{]")


def pattern(source: str, text: str) -> re.Pattern[str]:
    """Return a pattern that is quickly looked for in a text; raises Unfit for others."""
    if not isinstance(source, str) or not isinstance(text, str):
        raise Unfit
    if len(text) > _MAX_SEARCHED or len(source) > _MAX_SEARCHED:
        raise Unfit(limit_reached(_MAX_SEARCHED, "characters that a pattern is looked for in"))
    if len(_REPEAT.findall(source)) > _MAX_REPEATS or _NESTED.search(source):
        raise Unfit(limit_reached(_MAX_REPEATS, "repetitions in a pattern"))
    if _ways(source, text) > _MAX_WAYS:
        raise Unfit(limit_reached(_MAX_WAYS, "ways to fit a pattern"))
    try:
        return re.compile(source)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(source) from error


def _ways(source: str, text: str) -> int:
    """Return in how many ways a pattern may fit: repetitions, options and alternatives multiply."""
    repeats, optional = len(_REPEAT.findall(source)), len(_OPTIONAL.findall(source))
    alternatives = math.prod(part.count("|") + 1 for part in re.split(r"[()]", source))
    return int(len(text) ** repeats << min(optional, _MAX_WAYS.bit_length())) * alternatives


def effort(given: Sequence[Any]) -> int:
    """Return the steps that looking for a pattern costs: the first argument, in the last."""
    texts = [one for one in given if isinstance(one, str)]
    if len(texts) < 2 or max(map(len, texts)) > _MAX_SEARCHED:  # noqa: PLR2004 - pattern and text
        return 0
    return min(_ways(texts[0], texts[-1]), _MAX_WAYS) // _WAYS_A_STEP


def _sub(source: str, replacement: str, text: str, count: int = 0) -> str:
    if not isinstance(replacement, str) or len(replacement) > _MAX_SEARCHED:
        raise Unfit
    return pattern(source, text).sub(replacement, text, count=count)


def _findall(source: str, text: str) -> list[Any]:
    return pattern(source, text).findall(text)


def _split(source: str, text: str, maxsplit: int = 0) -> list[Any]:
    return pattern(source, text).split(text, maxsplit=maxsplit)


def _power(base: Any, exponent: Any, modulus: int | None = None) -> Any:  # noqa: ANN401 - numbers
    if isinstance(base, int) and isinstance(exponent, int):
        if base.bit_length() * max(exponent, 1) > MAX_BITS:
            raise Unfit(limit_reached(MAX_BITS, "bits of an integer"))
        return pow(base, exponent, modulus)
    return pow(base, exponent)


def _coded(data: str | bytes) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else data


def _base64(function: Callable[[bytes], bytes]) -> Callable[[str | bytes], str | bytes]:
    def apply(data: str | bytes) -> str | bytes:
        found = function(_coded(data))
        return found.decode("latin-1") if isinstance(data, str) else found

    return apply


def _dumps(data: Any, indent: int | None = None, *, sort_keys: bool = False) -> str:  # noqa: ANN401 - any data
    return json.dumps(data, indent=indent, sort_keys=sort_keys)


def _loads(text: str) -> Any:  # noqa: ANN401 - any data
    try:
        return json.loads(text)
    except RecursionError:
        raise Unfit from None


def _number_of(text: str, base: int = 10) -> int:
    return int(text, base)


PURE: Final[dict[str, Callable[..., Any]]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.abs": abs,
    "builtins.chr": chr,
    "builtins.unichr": chr,
    "builtins.ord": ord,
    "builtins.hex": hex,
    "builtins.oct": oct,
    "builtins.bin": bin,
    "builtins.round": round,
    "builtins.divmod": divmod,
    "builtins.pow": _power,
    "builtins.ascii": ascii,
    "builtins.long": int,
    "builtins.str.maketrans": str.maketrans,
    "base64.b64encode": _base64(base64.b64encode),
    "base64.b64decode": base64.b64decode,
    "base64.encodestring": _base64(base64.encodebytes),
    "base64.urlsafe_b64encode": _base64(base64.urlsafe_b64encode),
    "binascii.hexlify": _base64(binascii.hexlify),
    "json.dumps": _dumps,
    "json.loads": _loads,
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "math.sqrt": math.sqrt,
    "math.log": math.log,
    "operator.add": operator.add,
    "os.fspath": str,
    "os.path.join": posixpath.join,
    "os.path.basename": posixpath.basename,
    "os.path.commonprefix": posixpath.commonprefix,
    "os.path.dirname": posixpath.dirname,
    "os.path.isabs": posixpath.isabs,
    "os.path.normpath": posixpath.normpath,
    "os.path.split": posixpath.split,
    "os.path.splitext": posixpath.splitext,
    "re.escape": re.escape,
    "re.findall": _findall,
    "re.split": _split,
    "re.sub": _sub,
    "string.atof": float,
    "string.atoi": _number_of,
    "string.atol": _number_of,
    "string.capwords": string.capwords,
    "textwrap.dedent": textwrap.dedent,
    "textwrap.fill": textwrap.fill,
    "textwrap.indent": textwrap.indent,
    "textwrap.wrap": textwrap.wrap,
    "urllib.parse.quote": urllib.parse.quote,
    "urllib.parse.quote_plus": urllib.parse.quote_plus,
    "urllib.parse.unquote": urllib.parse.unquote,
    "urllib.parse.urljoin": urllib.parse.urljoin,
    "urllib.quote": urllib.parse.quote,
    "urllib.quote_plus": urllib.parse.quote_plus,
    "urllib.unquote": urllib.parse.unquote,
    "urlparse.urljoin": urllib.parse.urljoin,
}
"""Functions by their dotted names, as in Python 3 or, if they were removed, in Python 2."""

_TEXT_CODECS: Final = frozenset({"utf8", "utf16", "ascii", "latin1", "iso88591", "usascii"})


def encode(text: str, codec: str) -> str:
    """Return Python 2's ``text.encode(codec)``; raises Unfit if that is not known."""
    name = _codec(codec)
    if name in _TEXT_CODECS:
        return text
    data = text.encode("utf-8")
    if name == "hex":
        return data.hex()
    if name == "base64":
        return base64.encodebytes(data).decode("ascii")
    raise Unfit


def decode(text: str, codec: str) -> str:
    """Return Python 2's ``text.decode(codec)``; raises Unfit if that is not known."""
    name = _codec(codec)
    if name in _TEXT_CODECS:
        return text
    if name == "hex":
        return bytes.fromhex(text).decode("utf-8")
    if name == "base64":
        return base64.decodebytes(text.encode("ascii")).decode("utf-8")
    raise Unfit


def _codec(name: str) -> str:
    return re.sub(r"[-_ ]", "", name.lower())
