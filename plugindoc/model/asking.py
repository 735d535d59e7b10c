"""When an installer asks for an option: with its group, or because a condition names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plugindoc.model.conditions import ALWAYS, Condition, all_of, any_of
from plugindoc.model.project import Option, OptionGroup
from plugindoc.model.values import Alternatives, Value, known_text

__all__ = ["asked_when", "names_in", "naming_groups"]


def names_in(value: Value | None) -> Iterator[tuple[Condition, str]]:
    """Yield the option that a pre- or post-condition names, with when it names that one.

    Nothing is yielded for a function and for no condition at all.
    """
    text = known_text(value)
    if text:
        yield ALWAYS, text
    elif isinstance(value, Alternatives):
        for branch in value.branches:
            for guard, name in names_in(branch.value):
                yield all_of((branch.guard, guard)), name


def naming_groups(groups: Iterable[OptionGroup]) -> dict[str, list[OptionGroup]]:
    """Return, by option, the groups whose `PRE_CONDITION` or `POST_CONDITION` is its name."""
    found: dict[str, list[OptionGroup]] = defaultdict(list)
    for group in groups:
        for value in (group.pre_condition, group.post_condition):
            for _, name in names_in(value):
                if group not in found[name]:
                    found[name].append(group)
    return dict(found)


def asked_when(
    option: Option, own: OptionGroup, naming: Mapping[str, Sequence[OptionGroup]]
) -> Condition:
    """Return when an option is asked.

    That is when its own group is, and also wherever another group has to know its answer: a
    `PRE_CONDITION` that is its name is looked up before it is known whether that group is asked,
    a `POST_CONDITION` once the group has been asked.
    """
    ways = [own.condition]
    for group in naming.get(option.name, ()):
        for value, needed in (
            (group.pre_condition, ALWAYS),
            (group.post_condition, group.condition),
        ):
            ways += [
                all_of((group.guard, guard, needed))
                for guard, name in names_in(value)
                if name == option.name
            ]
    return all_of((own.guard, any_of(ways), option.guard))
