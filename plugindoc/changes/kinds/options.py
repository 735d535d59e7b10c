"""Options that were added, removed, renamed or moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from plugindoc.changes.change import Change, Kind
from plugindoc.changes.kinds.effects import Effect, change_of, location_of
from plugindoc.changes.kinds.samples import declared, sample, two_groups
from plugindoc.changes.matching import Pair, former_names
from plugindoc.changes.wording import hides, plain, quoted
from plugindoc.model.conditions import evaluate
from plugindoc.model.project import Option
from plugindoc.model.values import (
    Dynamic,
    Known,
    is_known,
)
from plugindoc.model.wording import listed
from plugindoc.validation import unfit_default

__all__ = ["KINDS"]


def _added(pair: Pair) -> Iterator[Change]:
    come = {m.new.name: m.new for m in pair.options if m.new is not None and m.old is None}
    defaults = {
        name: option.default.value
        for name, option in come.items()
        if isinstance(option.default, Known)
    }
    for option in come.values():
        if pair.is_lost(option.location, "new"):
            continue
        applies = evaluate(pair.new.shown_when_in_full(option), defaults)
        lacks = unfit_default(option, pair.new.like) if applies is not False else ""
        heirs = [name for name in former_names(option) if pair.old.options_named(name)]
        shown = "" if hides(option) else f"; its default is {quoted(option.default)}"
        if heirs:
            shown = f"; it takes the answer to {listed(heirs)} where it has none of its own"
        yield Change(
            kind="added",
            thing="option",
            name=option.name,
            impact="breaking" if lacks else "notable",
            new_location=option.location,
            message=f"{option.name} is new{f' and {lacks}' if lacks else shown}.",
            hint=f"Answer {option.name}." if lacks else "",
        )


def _removed(pair: Pair) -> Iterator[Change]:
    for match in pair.options:
        option = match.old
        if option is None or match.new is not None or pair.is_lost(option.location, "old"):
            continue
        yield Change(
            kind="removed",
            thing="option",
            name=option.name,
            impact="breaking",
            old_location=option.location,
            message=f"{option.name} was removed; no option replaces it.",
            hint=f"Remove {option.name} from answer files: it is ignored.",
        )


def _renamed(pair: Pair) -> Iterator[Change]:
    merged: dict[str, list[Option]] = defaultdict(list)
    for match in pair.options:
        if (both := match.both) and match.how == "declared":
            merged[both[1].name].append(both[0])
    for match in pair.options:
        if not (both := match.both) or match.how == "same":
            continue
        old, new = both
        if match.how == "declared":
            before = pair.old.options_named(new.name)
            effect = _merged(old, new, before) if before else _declared(old, new, merged[new.name])
        else:
            effect = _likely(old, new, match.reason)
        yield Change(
            kind="renamed",
            thing="option",
            name=new.name,
            old_name=old.name,
            impact=effect.impact,
            old_location=old.location,
            new_location=location_of(new, "deprecates"),
            message=f"{old.name} {effect.words}.",
            hint=effect.hint,
            rename="declared" if match.how == "declared" else "likely",
        )


def _likely(old: Option, new: Option, reason: str) -> Effect:
    words = f"was removed; {new.name} is likely its new name ({reason})"
    return Effect("breaking", words, f"Write {new.name} in answer files: {old.name} is ignored.")


def _declared(old: Option, new: Option, every: list[Option]) -> Effect:
    """Return the effect on one of the options that a new option replaces.

    Packstack refuses a file in which their answers differ, and a file that it wrote has them all.
    """
    words = f"is now called {new.name}"
    hint = f"Write {new.name} in answer files."
    if len(every) == 1:
        return Effect("notable", f"{words}; the old name is still accepted", hint)
    others = [each.name for each in every if each is not old]
    words += (
        f", as {'is' if len(others) == 1 else 'are'} {listed(others)}; the old names are "
        "still accepted if their answers are the same"
    )
    return Effect("notable" if _same_default(every) else "breaking", words, hint)


def _merged(old: Option, new: Option, before: Sequence[Option]) -> Effect:
    """Return the effect on an option that became part of one that was there `before`."""
    return Effect(
        "notable" if _same_default([old, *before]) else "breaking",
        f"was merged into {new.name}, whose own answer comes first",
        f"Answer {new.name}: the answer to {old.name} is ignored beside it.",
    )


def _same_default(options: Sequence[Option]) -> bool:
    """Return whether a file that the installer wrote has the same answer to some options."""
    defaults = {repr(plain(each.default)) for each in options}
    are_made = any(isinstance(told.value, Dynamic) for each in options for told in each.outcomes)
    return len(defaults) == 1 and not are_made and all(is_known(each.default) for each in options)


def _moved(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        plugin = pair.new_modules.get(old.plugin, old.plugin)
        group = pair.new_groups.get(old.group, old.group)
        if (plugin, group) != (new.plugin, new.group):
            was, now = f"{old.plugin}/{old.group}", f"{new.plugin}/{new.group}"
            effect = Effect("cosmetic", f"moved from {was} to {now}")
            change = change_of("moved", old, new, effect)
            yield msgspec.structs.replace(change, old=was, new=now)


_SECOND = {"CONF_NAME": '"CONFIG_EXAMPLE_LISTEN"', "CMD_OPTION": '"example-listen"'}
_OTHERS = {"USAGE": '"Address and port."', "PROMPT": '"Where the example listens"'}
_DEPRECATES = {"DEPRECATES": '["CONFIG_EXAMPLE_PORT"]'}

KINDS: Final = (
    Kind(
        thing="option",
        name="added",
        summary="an option is new",
        text="Breaking where it has no default, or one that its own validators refuse, and applies "
        "to an answer file of the old release: that file does not answer it. Notable otherwise.",
        find=_added,
        samples=(
            sample(declared({}), declared({}, {**_SECOND, **_OTHERS}), "notable"),
            sample(
                declared({}), declared({}, {**_SECOND, **_OTHERS, "DEFAULT_VALUE": ""}), "breaking"
            ),
        ),
    ),
    Kind(
        thing="option",
        name="removed",
        summary="an option is gone and nothing is declared to replace it",
        text="The installer ignores its answer. Where another option does its work, name it in the "
        "`DEPRECATES` of that one.",
        find=_removed,
        samples=(sample(declared({}), declared(), "breaking"),),
    ),
    Kind(
        thing="option",
        name="renamed",
        summary="an option has another name",
        text="Notable where the new option names the old one in its `DEPRECATES`: the old name is "
        "still accepted. Where it takes the place of several, their answers have to be the same, "
        "and where it was there before, its own answer comes first: breaking if the defaults "
        "differ. Breaking where it only looks so, since the answer "
        "under the old name is ignored then. It looks so where exactly one option that is gone and "
        "one that is new have the same flag, the same text, or the same place and a similar name.",
        find=_renamed,
        samples=(
            sample(declared({}), declared({**_SECOND, **_OTHERS, **_DEPRECATES}), "notable"),
            sample(declared({}), declared({"CONF_NAME": '"CONFIG_EXAMPLE_LISTEN"'}), "breaking"),
        ),
    ),
    Kind(
        thing="option",
        name="moved",
        summary="an option is declared by another plugin, or in another group",
        text="Answer files have no groups, so they keep working. If the option is asked under "
        "other answers, that is reported as a change of its condition.",
        find=_moved,
        samples=(sample(two_groups(0), two_groups(1), "cosmetic"),),
    ),
)
