"""What a person means by a name typed at a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.model.project import Function, Option, Step, Template
from plugindoc.model.project import Sequence as StepSequence
from plugindoc.model.values import known_text, words
from plugindoc.rendering.blocks import Kind
from plugindoc.rendering.catalogue import Catalogue, Found

__all__ = ["look_up", "suggest"]

_DIVIDER: Final = re.compile(r"[\W_]+")
_SHORTEST: Final = 3
_MOST: Final = 3

_KINDS: Final[tuple[Kind, ...]] = (
    "option",
    "fact",
    "module",
    "group",
    "sequence",
    "step",
    "template",
    "function",
)


def look_up(catalogue: Catalogue, name: str) -> tuple[Found, ...]:
    """Return everything that a name means, of every kind.

    Taken are identities and old names of options; where none fits, an option's flag, the title of
    a step or sequence without its plugin, a Puppet class, a function without its module; and in
    the end all of these whatever the case of their letters.
    """
    exact = [found for kind in _KINDS for found in catalogue.find(name, kind)]
    if exact:
        return tuple(exact)
    for same in (_equal, _equal_but_for_case):
        found = tuple(f for f, names in _known(catalogue) if any(same(name, n) for n in names))
        if found:
            return found
    return ()


def suggest(catalogue: Catalogue, name: str) -> str:
    """Return the nearest name, else some of those that hold it, "" where there are none."""
    joined = _DIVIDER.sub("", name.casefold())
    near = catalogue.nearest(name)
    if near or len(joined) < _SHORTEST:
        return near
    known = dict.fromkeys(each for by_name in catalogue.things.values() for each in by_name)
    found = [each for each in known if joined in _DIVIDER.sub("", each.casefold())]
    found.sort(key=lambda each: each not in catalogue.things["option"])
    return " or ".join(found[:_MOST])


def _equal(one: str, other: str) -> bool:
    return one == other


def _equal_but_for_case(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _known(catalogue: Catalogue) -> Iterator[tuple[Found, tuple[str, ...]]]:
    for kind, by_name in catalogue.things.items():
        for name, things in by_name.items():
            for thing in things:
                yield Found(kind, name, thing), (name, *_nicknames(thing))
    for key in catalogue.facts:
        yield Found("fact", key), (key,)


def _nicknames(thing: object) -> tuple[str, ...]:
    match thing:
        case Option(flag=flag):
            text = known_text(flag)
            return (text, f"--{text}") if text else ()
        case Step(title=title):
            return (words(title),)
        case StepSequence(title=title):
            return (title,)
        case Template(class_name=class_name):
            return (class_name,)
        case Function(name=name):
            return (name.rpartition(".")[2],)
        case _:
            return ()
