"""Everything but options: there or not, or under another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from plugindoc.changes.change import Change, Impact, Kind, ThingKind
from plugindoc.changes.kinds.samples import grouped, sample, shared_out, stepped, writing
from plugindoc.changes.matching import Match, Pair, name_of, place_of
from plugindoc.examples import Example, manifest, tree

__all__ = ["KINDS"]


class _Presence(msgspec.Struct, frozen=True, kw_only=True):
    """What it means for one kind of thing to be added, removed or renamed.

    `likely` is what a thing is recognised by under another name; "" if it never is. `without`
    and `with_it` are installers without and with such a thing, `renamed` has it under another name.
    `home` names what a thing belongs to, `new_homes` the new names of these, and `moved` are
    installers before and after it moved.
    """

    thing: ThingKind
    matches: Callable[[Pair], tuple[Match[Any], ...]]
    impact: Impact
    text: str
    without: Example
    with_it: Example
    likely: str = ""
    renamed: Example | None = None
    home: Callable[[Any], str] = lambda _: ""
    new_homes: Callable[[Pair], Mapping[str, str]] = lambda _: {}
    moved: tuple[Example, Example] | None = None

    @property
    def noun(self) -> str:
        """What it is called in a sentence."""
        return "derived key" if self.thing == "fact" else self.thing

    def kinds(self) -> Iterator[Kind]:
        """Yield the kinds of change."""
        yield Kind(
            thing=self.thing,
            name="added",
            summary=f"a {self.noun} is new",
            text=self.text,
            find=partial(_added, about=self),
            samples=(sample(self.without, self.with_it, self.impact),),
        )
        yield Kind(
            thing=self.thing,
            name="removed",
            summary=f"a {self.noun} is gone",
            text=self.text,
            find=partial(_removed, about=self),
            samples=(sample(self.with_it, self.without, self.impact),),
        )
        if self.renamed is not None:
            yield Kind(
                thing=self.thing,
                name="renamed",
                summary=f"a {self.noun} was likely renamed",
                text=f"Recognised by {self.likely}, if exactly one old and one new {self.noun} "
                "match.",
                find=partial(_renamed, about=self),
                samples=(sample(self.with_it, self.renamed, self.impact),),
            )
        if self.moved is not None:
            yield Kind(
                thing=self.thing,
                name="moved",
                summary=f"a {self.thing} belongs to another {_HOMES[self.thing]}",
                text=self.text,
                find=partial(_moved, about=self),
                samples=(sample(*self.moved, self.impact),),
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
                    message=f"The {about.noun} {name} is new.",
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
                    message=f"The {about.noun} {name} was removed.",
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


_HOMES: Final = {"group": "plugin", "step": "sequence"}


def _moved(pair: Pair, about: _Presence) -> Iterator[Change]:
    for match in about.matches(pair):
        if not (both := match.both) or match.how != "same":
            continue
        was, now = map(about.home, both)
        if about.new_homes(pair).get(was, was) != now:
            name = name_of(both[1])
            yield Change(
                kind="moved",
                thing=about.thing,
                name=name,
                impact=about.impact,
                old=was,
                new=now,
                old_location=place_of(both[0]),
                new_location=place_of(both[1]),
                message=f"The {about.noun} {name} moved from {was} to {now}.",
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


def _holding(number: int) -> Example:
    """Return two plugins, of which one has a group."""
    group = 'controller.addGroup({"GROUP_NAME": "EXAMPLE", "DESCRIPTION": "Example options"}, [])'
    texts = [_PLUGIN, _PLUGIN]
    texts[number] = _PLUGIN.replace("pass", group, 1)
    paths = ("example/plugins/one_100.py", "example/plugins/two_200.py")
    files = dict(zip(paths, texts, strict=True))
    return tree(files, shown=f"# {paths[number]}\n{texts[number]}")


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
        home=lambda group: str(group.plugin),
        new_homes=lambda pair: pair.new_modules,
        moved=(_holding(0), _holding(1)),
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
        home=lambda step: f"{step.plugin}/{step.sequence}",
        new_homes=lambda pair: pair.new_sequences,
        moved=(shared_out(0), shared_out(1)),
    ),
    _Presence(
        thing="template",
        matches=lambda pair: pair.templates,
        impact="notable",
        text="Hosts to which a step applies it get another manifest.",
        without=manifest("notice('hello')", name="example"),
        with_it=manifest("notice('hello')", name="example", more="other"),
        likely="its class, by its file name in another folder, or by what it reads and includes",
        renamed=manifest("notice('hello')", name="example", more="folder/other"),
    ),
    _Presence(
        thing="fact",
        matches=lambda pair: pair.facts,
        impact="notable",
        text="Affects plugins and templates that read keys set by steps.",
        without=writing("CONFIG_EXAMPLE_ADDRESS"),
        with_it=writing("CONFIG_EXAMPLE_ADDRESS", "CONFIG_EXAMPLE_URL"),
        likely="what sets and what reads it",
        renamed=writing("CONFIG_EXAMPLE_ADDRESS", "CONFIG_EXAMPLE_LINK"),
    ),
)

KINDS: Final = tuple(kind for about in _PRESENCE for kind in about.kinds())
