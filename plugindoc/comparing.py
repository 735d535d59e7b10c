"""Two states of an installer to a list of what changed, for release notes and the check.

Things are the same where they have the same identity; an option that names an old one in its
``DEPRECATES`` is that one, renamed. Where something stands (file, line) is no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from plugindoc.model.anchors import identity
from plugindoc.model.changes import Change, ChangeKind
from plugindoc.model.conditions import describe
from plugindoc.model.questions import Questions
from plugindoc.model.things import Option, OptionGroup, Plugin, Project, Step
from plugindoc.model.values import Value, known_text, members

__all__ = ["compare", "same_value"]


def compare(old: Project, new: Project) -> tuple[Change, ...]:
    """Return what changed from `old` to `new`: plugins, groups, options, steps, in this order.

    An option declared several times is compared by its first declaration.
    """
    before, after = Questions(old), Questions(new)
    return (
        *_presence("plugin", old.plugins, new.plugins),
        *_presence("group", before.groups, after.groups),
        *_options(before, after),
        *_presence("step", before.steps, after.steps),
    )


def same_value(old: Value | None, new: Value | None) -> bool:
    """Tell whether two values say the same, wherever they stand."""
    before, after = (_without_places(msgspec.to_builtins(value)) for value in (old, new))
    return before == after


def _without_places(data: object) -> object:
    if isinstance(data, dict):
        return {key: _without_places(value) for key, value in data.items() if key != "location"}
    if isinstance(data, list):
        return [_without_places(member) for member in data]
    return data


def _presence(
    thing: Literal["plugin", "group", "step"],
    old: Iterable[Plugin | OptionGroup | Step],
    new: Iterable[Plugin | OptionGroup | Step],
) -> Iterator[Change]:
    before = {identity(each): each.location for each in reversed([*old])}
    after = {identity(each): each.location for each in reversed([*new])}
    for name in sorted(before.keys() - after.keys()):
        yield Change(kind="removed", thing=thing, name=name, location=before[name])
    for name in sorted(after.keys() - before.keys()):
        yield Change(kind="added", thing=thing, name=name, location=after[name])


def _options(before: Questions, after: Questions) -> Iterator[Change]:
    old = {option.name: option for option in reversed(before.options)}
    new = {option.name: option for option in reversed(after.options)}
    successors = _successors(old, new)
    for name, option in sorted(old.items()):
        if name not in new and name not in successors:
            yield Change(kind="removed", thing="option", name=name, location=option.location)
    predecessors = {option.name: name for name, option in sorted(successors.items(), reverse=True)}
    for name, option in sorted(new.items()):
        old_name = name if name in old else predecessors.get(name)
        if old_name is None:
            yield Change(kind="added", thing="option", name=name, location=option.location)
        else:
            yield from _differences(old[old_name], option, before, after)
    for old_name, option in sorted(successors.items()):
        if predecessors[option.name] != old_name:  # several old names became one option
            yield _change("renamed", option, old_name=old_name)


def _successors(old: Mapping[str, Option], new: Mapping[str, Option]) -> dict[str, Option]:
    """Return the new option for each old name that is gone."""
    found: dict[str, Option] = {}
    for option in new.values():
        for member in members(option.deprecates):
            name = known_text(member)
            if name is not None and name in old and name not in new:
                found.setdefault(name, option)
    return found


def _differences(old: Option, new: Option, before: Questions, after: Questions) -> Iterator[Change]:
    if old.name != new.name:
        yield _change("renamed", new, old_name=old.name)
    if old.plugin != new.plugin or old.group != new.group:
        yield _change("moved", new, f"{old.plugin}/{old.group}", f"{new.plugin}/{new.group}")
    fields: tuple[tuple[ChangeKind, Value | None, Value | None], ...] = (
        ("default", old.default, new.default),
        ("choices", old.choices, new.choices),
        ("flag", old.flag, new.flag),
        ("usage", old.usage, new.usage),
    )
    for kind, was, now in fields:
        if not same_value(was, now):
            yield _change(kind, new, was, now)
    shown_before = describe(before.shown_when(old))
    shown_after = describe(after.shown_when(new))
    if shown_before != shown_after:
        yield _change("condition", new, shown_before, shown_after)


def _change(
    kind: ChangeKind,
    option: Option,
    old: Value | str | None = None,
    new: Value | str | None = None,
    *,
    old_name: str = "",
) -> Change:
    return Change(
        kind=kind,
        thing="option",
        name=option.name,
        location=option.location,
        old_name=old_name,
        old=old,
        new=new,
    )
