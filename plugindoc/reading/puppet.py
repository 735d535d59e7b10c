"""Puppet source to syntax: the only importer of ``tree_sitter``.

The grammar lacks some of the language: ``class { 'x': }``, ``contain x``, ``include('x')``, names
with a leading ``::``, ``$1``, a lone ``$``, an index behind a variable, references to qualified
types, an empty collector, ``* =>``, ``[] =>``, a function's return type, a property of a block's
value and heredocs. All of them are masked with other source of the same length before parsing, so
that offsets hold; texts are read from the unmasked source. What still cannot be parsed becomes an
error node, which costs the statement around it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Final

import tree_sitter_puppet
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from plugindoc.model.locations import Location

__all__ = ["Manifest", "Node", "parse_epp", "parse_manifest"]

_MASKS: Final[tuple[tuple[re.Pattern[bytes], bytes], ...]] = (
    # Each begins with plain letters, which the search then jumps to.
    (re.compile(rb"class(?<=\bclass)(?=\s*\{)"), b"klass"),
    (re.compile(rb"contain(?<=\bcontain)(?=[ \t]+[\w:'\"\[$])"), b"include"),
    (re.compile(rb"include(?<=\binclude)(?=[ \t]*\()"), b"call_me"),
    (re.compile(rb"require(?<=\brequire)(?=[ \t]*\()"), b"call_me"),
    (re.compile(rb"contain(?<=\bcontain)(?=[ \t]*\()"), b"call_me"),
    (re.compile(rb"\$\d(?!\w)"), b"$v"),
    (re.compile(rb"\$(?![\w{:])"), b"_"),
    (re.compile(rb"::(?<![\w:]::)(?=\w)"), b"__"),
    (re.compile(rb"<\|\|>"), b"    "),
    (re.compile(rb"\*(?=\s+=>)"), b"x"),
    (re.compile(rb"\[\](?=\s+=>)"), b"''"),
)
_QUALIFIED_TYPE: Final = re.compile(rb"::[A-Z]\w*+(?:::[A-Z]\w*+)*+(?P<taken>\s*[\[<])?")
_INDEXED: Final = re.compile(rb"\$\{?\w+(?P<blanked>(?:\[(?:\d+|'[\w.-]*'|\$\w+)\])+)")
_CHAINED: Final = re.compile(rb"\}(?P<blanked>(?:\.\w+)+(?![\w.]|\s*[(|]))")
_RETURN_TYPE: Final = re.compile(rb"\)(?P<blanked>\s*>>[^{}()]*)(?=\{)")
_PERCENT_KEY: Final = re.compile(rb"%\((\w+)\)[sdr]")
_HEREDOC: Final = re.compile(
    rb"@\(\s*+(?P<quote>\"?)(?P<tag>\w[\w ]*+)(?P=quote)\s*+(?::\w++)?\s*+(?:/[\w$]*+)?\s*+\)"
)
_HEREDOC_END: Final = re.compile(
    rb"^[ \t]*+\|?[ \t]*+-?[ \t]*+(?P<tag>\w[\w ]*+)[ \t]*+$", re.MULTILINE
)
_INTERPOLATION: Final = re.compile(rb"\$\{([^}]*)\}")
_EPP_TAG: Final = re.compile(rb"<%%|<%(?P<kind>[=#-]?)(?P<code>.*?)-?%>", re.DOTALL)
_EPP_PARAMETERS: Final = re.compile(rb"\A\s*\|.*?\|\s*\Z", re.DOTALL)


_NO_CODE: Final = re.compile(
    rb"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"|#[^\n]*|/\*.*?\*/|(?P<open>['\"]|/\*).*",
    re.DOTALL,
)
"""Texts and comments of Puppet; a text or comment that nothing ends stays, as code."""

_LONG_LINE: Final = 10_000
"""Bytes of a line behind which columns count bytes, not characters."""

_BRACKET: Final = re.compile(rb"[][(){}]")
_CLOSES: Final = {b")": b"(", b"]": b"[", b"}": b"{"}


class Manifest:
    """A parsed manifest: its syntax, and texts and locations in its source.

    `root` is the whole of it but for what stands in heredocs; `heredocs` the code that is
    interpolated into these, at the same offsets, or None where there is none.
    """

    def __init__(self, path: str, source: bytes, masked: bytes) -> None:
        self.path = path
        self.source = source
        self.root: Node = _parser().parse(masked).root_node
        self.heredocs: Node | None = _heredoc_code(source)
        self._line_starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]
        self._ascii = source.isascii()

    def text(self, node: Node) -> str:
        """Return the source text of a node; bytes that are no UTF-8 are replaced."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def line(self, number: int) -> str:
        """Return a line of the source, counted from 1."""
        start = self._line_starts[number - 1]
        end = self.source.find(b"\n", start)
        return self.source[start : end if end >= 0 else None].decode(errors="replace")

    def location(self, node: Node) -> Location:
        """Return where a node stands."""
        return self.span(node.start_byte, node.end_byte)

    def span(self, start: int, end: int) -> Location:
        """Return the location of a range of bytes."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Location(self.path, line, column, end_line, end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        start = self._line_starts[line - 1]
        if self._ascii or offset - start > _LONG_LINE:
            return line, offset - start + 1
        return line, len(self.source[start:offset].decode(errors="replace")) + 1

    @property
    def is_balanced(self) -> bool:
        """Tell whether every bracket is closed: half a file is broken, whatever its syntax."""
        open_ones: list[bytes] = []
        code = _NO_CODE.sub(lambda found: found[0] if found["open"] else b"", self.source)
        for bracket in _BRACKET.finditer(code):
            if bracket[0] in _CLOSES.values():
                open_ones.append(bracket[0])
            elif not open_ones or open_ones.pop() != _CLOSES[bracket[0]]:
                return False
        return not open_ones

    def nodes(self, kinds: tuple[str, ...]) -> list[Node]:
        """Return the nodes of some kinds in source order, each before those inside of it."""
        roots = [self.root] if self.heredocs is None else [self.root, self.heredocs]
        found = [_walked(one, kinds) if one.has_error else _queried(one, kinds) for one in roots]
        return sorted(chain(*found), key=lambda node: (node.start_byte, -node.end_byte))

    def errors(self) -> Iterator[Node]:
        """Yield the outermost error nodes."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.is_error:
                if not _is_lone_value(node):
                    yield node
            elif node.has_error:
                waiting.extend(reversed(node.children))


def parse_manifest(path: str, source: bytes) -> Manifest:
    """Return the syntax of a manifest.

    Python's ``%(KEY)s`` in it counts as a name. Never raises on any source.
    """
    return Manifest(path, source, _masked(source))


def parse_epp(path: str, source: bytes) -> Manifest:
    """Return the syntax of the Puppet code in an EPP template, at its own offsets."""
    masked = bytearray(_blanks(source))
    for tag in _EPP_TAG.finditer(source, 0, source.rfind(b"%>") + 2):
        code = tag["code"]
        if code is None or tag["kind"] == b"#" or _EPP_PARAMETERS.match(code):
            continue
        masked[tag.start("code") : tag.end("code")] = code
    return Manifest(path, source, _masked(bytes(masked)))


def _is_lone_value(error: Node) -> bool:
    """Tell whether an error is only a block's last value, which the grammar has no place for."""
    return (
        error.child_count == 1
        and error.children[0].type in {"array", "hash", "string", "variable"}
        and not error.children[0].has_error
    )


def _masked(source: bytes) -> bytes:
    if b"@(" in source:
        source = _without_bodies(source)
    if b"%(" in source:
        source = _PERCENT_KEY.sub(lambda key: b"x" * len(key[0]), source)
    for pattern, word in _MASKS:
        source = pattern.sub(word, source)
    source = _QUALIFIED_TYPE.sub(_as_plain_type, source)
    for pattern in (_INDEXED, _CHAINED, _RETURN_TYPE):
        source = pattern.sub(_blank_behind, source)
    return source


def _blank_behind(found: re.Match[bytes]) -> bytes:
    kept = found.start("blanked") - found.start()
    return found[0][:kept] + _blanks(found["blanked"])


def _blanks(source: bytes) -> bytes:
    return re.sub(rb"[^\n]", b" ", source)


def _as_plain_type(found: re.Match[bytes]) -> bytes:
    return found[0].replace(b"::", b"__") if found["taken"] else found[0]


def _heredocs(source: bytes) -> Iterator[tuple[re.Match[bytes], int, int, int]]:
    """Yield each heredoc's opening, where its body starts and ends, and where its last line ends.

    The lines that can end one are looked up once: an opening that none ends must not cost a search.
    """
    ends: dict[bytes, list[tuple[int, int]]] = {}
    for line in _HEREDOC_END.finditer(source):
        ends.setdefault(line["tag"].strip(), []).append(line.span())
    body = behind = 0
    for opening in _HEREDOC.finditer(source):
        if opening.start() < behind:
            continue
        if opening.end() > body:
            body = source.find(b"\n", opening.end()) + 1 or len(source)
        closing = ends.get(opening["tag"].strip(), [])
        found = bisect_left(closing, (body, 0))
        if found < len(closing):
            end, behind = closing[found]
            yield opening, body, end, behind


def _without_bodies(source: bytes) -> bytes:
    """Return a source with heredocs as strings of their openings' lengths, the bodies as blanks."""
    masked = bytearray(source)
    for opening, body, _, behind in _heredocs(source):
        start, end = opening.span()
        masked[start:end] = b'"' + b"_" * (end - start - 2) + b'"'
        masked[body:behind] = _blanks(source[body:behind])
    return bytes(masked)


def _heredoc_code(source: bytes) -> Node | None:
    """Return the syntax of what stands in ``${ }`` in heredocs that interpolate."""
    if b"@(" not in source:
        return None
    masked = bytearray(_blanks(source))
    found = False
    for opening, body, end, _ in _heredocs(source):
        last = source.rfind(b"}", body, end) + 1 if opening["quote"] else 0
        for code in _INTERPOLATION.finditer(source, body, last):
            masked[code.start(1) : code.end(1)] = code[1]
            found = True
    return _parser().parse(_masked(bytes(masked))).root_node if found else None


def _queried(root: Node, kinds: tuple[str, ...]) -> Iterable[Node]:
    return QueryCursor(_query(kinds)).captures(root).get("node", [])


def _walked(root: Node, kinds: tuple[str, ...]) -> Iterator[Node]:
    """Yield nodes of a tree with errors, where a query takes the square of what is in one."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type in kinds:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


@cache
def _language() -> Language:
    return Language(tree_sitter_puppet.language())


@cache
def _parser() -> Parser:
    return Parser(_language())


@cache
def _query(kinds: tuple[str, ...]) -> Query:
    return Query(_language(), f"[{' '.join(f'({kind})' for kind in kinds)}] @node")
