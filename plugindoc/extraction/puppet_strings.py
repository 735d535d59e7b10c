"""Documentation of a Puppet class and its parameters: comments and deprecations.

Comments are in the form of Puppet Strings (``@param name text``) or in the older one of RDoc
(``[*name*]``). A parameter is deprecated that stands below ``DEPRECATED PARAMETERS``, in the
comment or in the list of parameters; whose text begins with that word; or that a ``warning`` calls
so. A class is deprecated by ``@deprecated``, by that word alone on a line, or by a ``warning`` that
it gives in any case.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from plugindoc.model.modules import Parameter
from plugindoc.reading.puppet import Manifest, Node

__all__ = ["Said", "comment_above", "said_of"]

_PARAMETER: Final = re.compile(
    r"@param\s+(?:\[[^\]]*\]\s*)?\*?(?P<new>\w+)(?P<rest>.*)|\[\*?(?P<old>\w+)\*?\]\s*(?P<more>.*)"
)
_SECTION: Final = re.compile(r"@(?!param\b)\w+|=+\s")
_DEPRECATED: Final = re.compile(r"\W*deprecated\b", re.IGNORECASE)
_ALONE: Final = re.compile(r"\W*DEPRECATED\W*")
_DEPRECATED_PART: Final = re.compile(r"DEPRECATED PARAM", re.IGNORECASE)
_DEPRECATES: Final = re.compile(r"deprecat", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"(?<=[.;!])\s+")
_NAMED: Final = re.compile(
    r"(?P<names>[\w:]+(?:(?:,| and|, and) [\w:]+)*)\W? "
    r"(?:parameters?|options?|(?:is|are) (?:now )?dep|has been dep)"
    r"|(?:parameter|option) \W?(?P<name>[\w:]+)"
)
_ONE_VALUE: Final = re.compile(r"\bvalue\b|\bsupport (?:for|of)\b", re.IGNORECASE)
"""Words of a warning that a value is deprecated, not what it is given to."""

_LONGEST: Final = 1_000
"""Characters of a warning that are read."""
_WARNING: Final = frozenset({"deprecation", "warning"})
_UNSAID: Final = "it is deprecated"


class Said(msgspec.Struct, frozen=True):
    """Documentation of a class: its parameters, and why it is deprecated, or ""."""

    parameters: tuple[Parameter, ...] = ()
    deprecated: str = ""
    names: frozenset[str] = frozenset()
    """The names of the parameters."""


class _Comment(msgspec.Struct):
    texts: dict[str, list[str]] = msgspec.field(default_factory=dict)
    deprecated: set[str] = msgspec.field(default_factory=set)
    class_deprecated: str = ""


def said_of(manifest: Manifest, node: Node) -> Said:
    """Return the documentation of a class or defined type, given as its node."""
    listed = [one for one in node.children if one.kind == "parameter"]
    comment = _read_comment(comment_above(manifest.source, node.start))
    names = {_name(manifest, one) for one in listed}
    warned, class_deprecated = _warnings(manifest, node.children[-1], names)
    last = listed[-1].start if listed else node.start
    mark = _DEPRECATED_PART.search(manifest.source, node.start, last)
    parameters = []
    for one in listed:
        name, kind, value = _name(manifest, one), one.part("type"), one.part("value")
        text = " ".join(" ".join(comment.texts.get(name, ())).split())
        is_below = name in comment.deprecated or (mark is not None and one.start > mark.start())
        reason = warned.get(name, "")
        if not reason and (is_below or _DEPRECATED.match(text)):
            reason = text if _DEPRECATES.search(text) else _UNSAID
        parameters.append(
            Parameter(
                name=name,
                location=manifest.location(one),
                type="" if kind is None else _one_line(manifest.text(kind)),
                default=None if value is None else _one_line(manifest.text(value)),
                text=_first_paragraph(comment.texts.get(name, ())),
                deprecated=reason,
            )
        )
    whole = class_deprecated or comment.class_deprecated
    return Said(tuple(parameters), whole, frozenset(names))


def _first_paragraph(lines: Iterable[str]) -> str:
    told = itertools.dropwhile(lambda line: not line.strip(), lines)
    return " ".join(" ".join(itertools.takewhile(str.strip, told)).split())


def comment_above(source: str, start: int) -> str:
    """Return the comment that ends on the line above, or above a blank one."""
    end = _line_start(source, start)
    if source[end:start].strip():
        return ""
    if end == start and not source[_line_start(source, end - 1) : end].strip():
        end = _line_start(source, end - 1)
    top = end
    while top and source[_line_start(source, top - 1) : top].lstrip(" \t").startswith("#"):
        top = _line_start(source, top - 1)
    return source[top:end]


def _line_start(source: str, offset: int) -> int:
    return source.rfind("\n", 0, max(offset, 0)) + 1


def _name(manifest: Manifest, parameter: Node) -> str:
    named = parameter.part("name")
    return "" if named is None else manifest.text(named).removeprefix("$")


def _read_comment(comment: str) -> _Comment:
    found = _Comment()
    current: list[str] | None = None
    is_deprecated = False
    for line in comment.splitlines():
        text = line.strip().lstrip("#").strip()
        named = _PARAMETER.match(text)
        if named:
            name = named["new"] or named["old"]
            current = found.texts.setdefault(name, [])
            current.append(named["rest"] or named["more"] or "")
            if is_deprecated:
                found.deprecated.add(name)
        elif _DEPRECATED_PART.search(text):
            is_deprecated, current = True, None
        elif text.startswith("@deprecated"):
            found.class_deprecated = text.removeprefix("@deprecated").strip() or _UNSAID
            current = None
        elif _SECTION.match(text):
            current = None
        elif current is not None:
            current.append(text)
        elif not found.texts and _ALONE.fullmatch(text):
            found.class_deprecated = found.class_deprecated or _UNSAID
    return found


def _warnings(manifest: Manifest, block: Node, names: set[str]) -> tuple[dict[str, str], str]:
    """Return what warnings say about deprecated parameters, and about the class itself."""
    parameters: dict[str, str] = {}
    whole = ""
    for call, tests in _calls(block):
        message = _message(manifest, call)
        if manifest.text(call.children[0]) not in _WARNING or not _DEPRECATES.search(message):
            continue
        told = _named(message) & names
        if not told and not _ONE_VALUE.search(message):
            asked = {name for test in tests for name in _variables(manifest, test)}
            told = asked & names if len(asked) == 1 else set()
        elif told and _ONE_VALUE.search(message):
            continue
        parameters.update(dict.fromkeys(told - parameters.keys(), message))
        if not told and not tests:
            whole = whole or message
    return parameters, whole


def _calls(block: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Yield the calls in a block, each with the tests around it."""
    waiting: list[tuple[Node, tuple[Node, ...]]] = [(block, ())]
    while waiting:
        node, tests = waiting.pop()
        if node.kind == "call":
            yield node, tests
        if node.kind in {"if", "unless", "elsif", "case", "selector", "lambda"}:
            tests = (*tests[-_MOST_TESTS:], node.children[0]) if node.children else tests
        waiting.extend((child, tests) for child in reversed(node.children))


_MOST_TESTS: Final = 5


def _named(message: str) -> set[str]:
    """Return the names in the sentences of a warning that are about deprecation."""
    names: set[str] = set()
    for sentence in _SENTENCES.split(message):
        if _DEPRECATES.search(sentence):
            for found in _NAMED.finditer(sentence):
                listed = re.findall(r"[\w:]+", found["names"] or found["name"])
                names |= {name.rpartition("::")[2] for name in listed}
    return names


def _variables(manifest: Manifest, test: Node) -> Iterator[str]:
    """Yield the variables in a test; two for one that is compared, which is weaker."""
    waiting = [test]
    while waiting:
        node = waiting.pop()
        if node.kind == "variable":
            yield manifest.text(node).removeprefix("$")
        elif node.sign in {"==", "=~", "in"}:
            yield ""
        waiting.extend(node.children)


def _message(manifest: Manifest, call: Node) -> str:
    texts = [one for one in call.children[1:] if one.kind == "string"]
    if not texts:
        return ""
    text = manifest.text(texts[-1])[1:-1].replace("\\\n", "")
    return " ".join(text[:_LONGEST].split())


def _one_line(text: str) -> str:
    return " ".join(text.split())
