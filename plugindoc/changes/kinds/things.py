"""Everything but options: there or not, or under another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec

from plugindoc.changes.change import Change, Impact, Kind, ThingKind
from plugindoc.changes.kinds.samples import grouped, sample, stepped, writing
from plugindoc.changes.matching import Match, Pair, name_of, place_of
from plugindoc.examples import Example, manifest, tree

__all__ = ["KINDS"]


class _Presence(msgspec.Struct, frozen=True, kw_only=True):
    """What it means for one kind of thing to be there, to be gone, and to be another.

    `likely` says by what a thing is recognised under another name; "" where it never is. `without`
    and `with_it` are installers without and with such a thing, `renamed` has it under another name.
    """

    thing: ThingKind
    matches: Callable[[Pair], tuple[Match[Any], ...]]
    impact: Impact
    text: str
    without: Example
    with_it: Example
    likely: str = ""
    renamed: Example | None = None

    def kinds(self) -> Iterator[Kind]:
        """Yield the kinds of change."""
        yield Kind(
            thing=self.thing,
            name="added",
            summary=f"a {self.thing} is new",
            text=self.text,
            find=partial(_added, about=self),
            samples=(sample(self.without, self.with_it, self.impact),),
        )
        yield Kind(
            thing=self.thing,
            name="removed",
            summary=f"a {self.thing} is gone",
            text=self.text,
            find=partial(_removed, about=self),
            samples=(sample(self.with_it, self.without, self.impact),),
        )
        if self.renamed is not None:
            yield Kind(
                thing=self.thing,
                name="renamed",
                summary=f"a {self.thing} was likely renamed",
                text=f"Recognised by {self.likely}, if exactly one old and one new {self.thing} "
                "match.",
                find=partial(_renamed, about=self),
                samples=(sample(self.with_it, self.renamed, self.impact),),
            )


def _added(pair: Pair, about: _Presence) -> Iterator[Change]:
    for match in about.matches(pair):
        if match.old is None and match.new is not None:
            place = place_of(match.new)
            if not pair.is_lost(place, "new"):
                name = name_of(match.new)
                yield Change(
                    kind="added",
                    thing=about.thing,
                    name=name,
                    impact=about.impact,
                    new_location=place,
                    message=f"The {about.thing} {name} is new.",
                )


def _removed(pair: Pair, about: _Presence) -> Iterator[Change]:
    for match in about.matches(pair):
        if match.new is None and match.old is not None:
            place = place_of(match.old)
            if not pair.is_lost(place, "old"):
                name = name_of(match.old)
                yield Change(
                    kind="removed",
                    thing=about.thing,
                    name=name,
                    impact=about.impact,
                    old_location=place,
                    message=f"The {about.thing} {name} was removed.",
                )


def _renamed(pair: Pair, about: _Presence) -> Iterator[Change]:
    for match in about.matches(pair):
        if (both := match.both) and match.how == "likely":
            was, now = map(name_of, both)
            yield Change(
                kind="renamed",
                thing=about.thing,
                name=now,
                old_name=was,
                impact=about.impact,
                old_location=place_of(both[0]),
                new_location=place_of(both[1]),
                message=f"The {about.thing} {was} was likely renamed to {now} ({match.reason}).",
                rename="likely",
            )


_ONE: Final = ("Preparing example entries", "create_manifest")
_SECOND: Final = ("Starting the example", "start")
_PLUGIN: Final = (
    "def initConfig(controller):\n    pass\n\n\ndef initSequences(controller):\n    pass\n"
)
_NOTHING: Final = tree({"example/plugins/example_100.py": _PLUGIN}, shown="")


def _plugin(name: str) -> Example:
    path = f"example/plugins/{name}.py"
    return tree(_NOTHING.files, {path: _PLUGIN}, shown=f"# {path}\n{_PLUGIN}")


_RUN_TEXT: Final = "The installer does more, or less, for the same answers."

_PRESENCE: Final = (
    _Presence(
        thing="plugin",
        matches=lambda pair: pair.plugins,
        impact="notable",
        text="Changes of its options and steps are reported separately.",
        without=_NOTHING,
        with_it=_plugin("other_200"),
        likely="its name without the number, or by its options",
        renamed=_plugin("other_300"),
    ),
    _Presence(
        thing="group",
        matches=lambda pair: pair.groups,
        impact="cosmetic",
        text="Answer files have no groups. Changes of its options are reported separately.",
        without=_NOTHING,
        with_it=grouped(""),
        likely="its options, or by its description",
        renamed=grouped("", GROUP_NAME='"OTHER"'),
    ),
    _Presence(
        thing="sequence",
        matches=lambda pair: pair.sequences,
        impact="notable",
        text=_RUN_TEXT,
        without=_NOTHING,
        with_it=stepped(_ONE),
        likely="its steps, or by their functions",
        renamed=stepped(_ONE, title="Setting up the example"),
    ),
    _Presence(
        thing="step",
        matches=lambda pair: pair.steps,
        impact="notable",
        text=_RUN_TEXT,
        without=stepped(_ONE),
        with_it=stepped(_ONE, _SECOND),
        likely="its function, or by its title in another plugin",
        renamed=stepped(_ONE, ("Bringing up the example", "start")),
    ),
    _Presence(
        thing="template",
        matches=lambda pair: pair.templates,
        impact="notable",
        text="Hosts to which a step applies it get another manifest.",
        without=manifest("notice('hello')", name="example"),
        with_it=manifest("notice('hello')", name="example", more="other"),
        likely="its class, or by its file name in another folder",
        renamed=manifest("notice('hello')", name="example", more="folder/other"),
    ),
    _Presence(
        thing="fact",
        matches=lambda pair: pair.facts,
        impact="notable",
        text="Affects plugins and templates that read keys set by steps.",
        without=writing("CONFIG_EXAMPLE_ADDRESS"),
        with_it=writing("CONFIG_EXAMPLE_ADDRESS", "CONFIG_EXAMPLE_URL"),
    ),
)

KINDS: Final = tuple(kind for about in _PRESENCE for kind in about.kinds())
