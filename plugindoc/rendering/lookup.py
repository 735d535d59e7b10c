"""What a person means by a name typed at a prompt."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.model.names import nearest
from plugindoc.model.project import Function, Option, Step, Template
from plugindoc.model.project import Sequence as StepSequence
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text, members, words
from plugindoc.rendering.blocks import Kind, plain_text
from plugindoc.rendering.catalogue import Catalogue, Found
from plugindoc.rendering.filtering import fitting
from plugindoc.rendering.overviews import option_rows
from plugindoc.rendering.requests import OptionFilter
from plugindoc.rendering.texts import printable

__all__ = ["hint", "look_up", "options_with_choice"]

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

    Taken are identities and old names of options; if none fits, an option's flag, the title of
    a step or sequence without its plugin, a Puppet class, a function without its module; and
    finally all of these in any case.
    """
    if not name:
        return ()
    exact = [found for kind in _KINDS for found in catalogue.find(name, kind)]
    if exact:
        return tuple(exact)
    for same in (_equal, _equal_but_for_case):
        found = tuple(f for f, names in _known(catalogue) if any(same(name, n) for n in names))
        if found:
            return found
    return ()


def hint(catalogue: Catalogue, name: str) -> str:
    """Return a sentence for an unknown name: what it may mean, and what lists more.

    Names that contain it come before the nearest one; an answer suggests its options.
    """
    answered = options_with_choice(catalogue.questions, name)
    if answered:
        return f"It is an answer to {_any_of(option.name for option in answered)}."
    found = _names_with(catalogue, name) or _nearest(catalogue, name) or _described(catalogue, name)
    if not found:
        return "Use `plugindoc list` to search."
    more = (
        f" `plugindoc list {shlex.quote(printable(name))}` lists more."
        if len(found) > _MOST
        else ""
    )
    return f"Did you mean {_any_of(found[:_MOST])}?{more}"


def options_with_choice(questions: Questions, value: str) -> tuple[Option, ...]:
    """Return the options that have a value among their choices, but for ``y`` and ``n``."""
    return tuple(
        option
        for option in questions.options
        if len(value) > 1 and value in map(known_text, members(option.choices))
    )


def _any_of(names: Iterable[str]) -> str:
    *first, last = map(printable, names)
    return f"{', '.join(first)} or {last}" if first else last


def _described(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """Return the options whose descriptions or flags hold all words of a name."""
    if len(_DIVIDER.sub("", name)) < _SHORTEST:
        return ()
    rows = option_rows(catalogue, OptionFilter()).rows
    return tuple(plain_text(row.title) for row in fitting(rows, name.split()))


def _nearest(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    known = {each.casefold(): each for kind in _KINDS for each in catalogue.names(kind)}
    found = nearest(name.casefold(), known)
    return () if found is None else (known[found],)


def _names_with(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """Return the names that hold a part of a name, those that begin with it first."""
    joined = _DIVIDER.sub("", name.casefold())
    known = dict.fromkeys(each for by_name in catalogue.things.values() for each in by_name)
    plain = {each: _DIVIDER.sub("", each.casefold()) for each in known}
    found = [each for each in known if len(joined) >= _SHORTEST and joined in plain[each]]
    options = catalogue.things["option"]
    found.sort(key=lambda each: (not plain[each].startswith(joined), each not in options))
    return tuple(found)


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
