"""Changes of when things apply, in which order they run, and what reads them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from plugindoc.changes.change import Change, Impact, Kind, ThingKind
from plugindoc.changes.kinds.samples import grouped, guarded, refusing, sample, stepped, twice
from plugindoc.changes.matching import Match, Pair, name_of
from plugindoc.changes.wording import quoted, same_value
from plugindoc.model.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Not,
    Opaque,
    all_of,
    any_of,
    describe,
    negate,
)
from plugindoc.model.equivalence import Relation
from plugindoc.model.project import Constraint, Step
from plugindoc.model.project import Sequence as RunSequence
from plugindoc.model.questions import Questions
from plugindoc.model.uses import Place
from plugindoc.model.values import Known
from plugindoc.model.wording import listed

__all__ = ["KINDS"]

# When


def _option_conditions(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        was, now = pair.shown_when(old, "old"), pair.shown_when(new, "new")
        found = pair.related(was, now)
        if found == "same":
            continue
        impact: Impact = "breaking" if found in {"narrower", "different"} else "notable"
        if found == "unknown" and pair.related(_possible(was), _possible(now)) == "same":
            impact = "cosmetic"
        asks = {
            "wider": "applies in more cases",
            "narrower": "applies in fewer cases",
            "different": "applies in other cases",
            "unknown": "may apply in other cases",
        }[found]
        yield Change(
            kind="condition",
            thing="option",
            name=new.name,
            old_name=old.name if old.name != new.name else "",
            impact=impact,
            old=describe(was),
            new=describe(now),
            old_location=old.location,
            new_location=new.location,
            message=f"{new.name} {asks}:{_now(now, was)}.",
            hint=f"Where it no longer applies, the answer to {new.name} is ignored."
            if impact == "breaking"
            else "",
        )


def _possible(condition: Condition) -> Condition:
    """Return the condition as if all that is not understood in it held."""
    match condition:
        case Opaque() | Not(condition=Opaque()):
            return ALWAYS
        case AllOf(conditions=parts):
            return all_of(map(_possible, parts))
        case AnyOf(conditions=parts):
            return any_of(map(_possible, parts))
        case _:
            return condition


def _now(now: Condition, was: Condition | None = None) -> str:
    """Return `` when C``, and what it was before; “always” needs no “when”."""
    words = [quoted(describe(each)) for each in (now, was) if each is not None]
    told = [each if each in {"always", "never"} else f"when {each}" for each in words]
    return " " + "; before, ".join(told)


def _descriptions(pair: Pair) -> Iterator[Change]:
    for match in pair.groups:
        if (both := match.both) and not same_value(*(each.description for each in both)):
            old, new = both
            yield Change(
                kind="description",
                thing="group",
                name=new.name,
                old_name=old.name if old.name != new.name else "",
                impact="cosmetic",
                old=old.description,
                new=new.description,
                old_location=old.fields.get("description", old.location),
                new_location=new.fields.get("description", new.location),
                message=f"The group {new.name} is described as “{quoted(new.description)}”.",
            )


def _group_ends(pair: Pair) -> Iterator[Change]:
    """Yield changed post-conditions: an answer file that does not meet one is refused."""
    ends = _conditions(pair, "group", pair.groups, lambda group: group.post, "is accepted")
    for change, found in ends:
        if found in {"narrower", "different"}:
            hint = "Check the answers to the options of the group."
            yield msgspec.structs.replace(change, impact="breaking", hint=hint)
        else:
            yield change


def _sequence_conditions(pair: Pair) -> Iterator[Change]:
    def when(sequence: RunSequence) -> Condition:
        return all_of((sequence.guard, sequence.condition))

    yield from _runs(pair, "sequence", pair.sequences, when)


def _step_conditions(pair: Pair) -> Iterator[Change]:
    yield from _runs(pair, "step", pair.steps, lambda step: step.guard)


def _runs(
    pair: Pair,
    thing: ThingKind,
    matches: Sequence[Match[Any]],
    when: Callable[[Any], Condition],
) -> Iterator[Change]:
    """Yield what runs under other answers; what is refused runs in neither state."""

    def accepted(each: RunSequence | Step) -> Condition:
        names = {*pair.new_modules.items()}
        plugins = {name for both in names if each.plugin in both for name in both}
        refused = [
            pair.in_new_terms(one.condition)
            for questions in (pair.old, pair.new)
            for plugin in questions.project.plugins
            if plugin.module in plugins
            for one in plugin.constraints
        ]
        return negate(any_of(refused)) if refused else ALWAYS

    for change, _ in _conditions(pair, thing, matches, when, "runs", accepted):
        yield change


def _conditions(
    pair: Pair,
    thing: ThingKind,
    matches: Sequence[Match[Any]],
    when: Callable[[Any], Condition],
    verb: str,
    accepted: Callable[[Any], Condition] = lambda _: ALWAYS,
) -> Iterator[tuple[Change, Relation]]:
    for match in matches:
        if not (both := match.both):
            continue
        was, now = pair.in_new_terms(when(both[0])), when(both[1])
        found = pair.related(was, now)
        if found != "same" and (fine := accepted(both[1])) != ALWAYS:
            alike = pair.related(all_of((was, fine)), all_of((now, fine)))
            found = alike if alike == "same" else found
        if found != "same":
            name, before = name_of(both[1]), name_of(both[0])
            maybe = "may have changed" if found == "unknown" else "changed"
            change = Change(
                kind="condition",
                thing=thing,
                name=name,
                old_name=before if before != name else "",
                impact="notable",
                old=describe(was),
                new=describe(now),
                old_location=both[0].location,
                new_location=both[1].location,
                message=f"When the {thing} {name} {verb} {maybe}:{_now(now, was)}.",
            )
            yield change, found


# In which order


def _sequence_order(pair: Pair) -> Iterator[Change]:
    new_of = {id(both[0]): both[1] for match in pair.sequences if (both := match.both)}
    yield from _order("sequence", pair.old.run_order, pair.new.run_order, new_of)


def _step_order(pair: Pair) -> Iterator[Change]:
    new_of = {id(both[0]): both[1] for match in pair.steps if (both := match.both)}
    for sequence in pair.sequences:
        if within := sequence.both:
            yield from _order("step", within[0].steps, within[1].steps, new_of)


def _order(
    thing: ThingKind, old: Sequence[Any], new: Sequence[Any], new_of: dict[int, Any]
) -> Iterator[Change]:
    """Yield the fewest things that have to move to get from one order to the other."""
    turns = {id(each): number for number, each in enumerate(new)}
    kept = [each for each in old if id(new_of.get(id(each))) in turns]
    places = [turns[id(new_of[id(each)])] for each in kept]
    staying = _longest_rising(places)
    known = {id(new_of[id(each)]) for each in kept}
    for at, each in enumerate(kept):
        if at in staying:
            continue
        now = new_of[id(each)]
        name = name_of(now)
        others = [other for other in new[: turns[id(now)]] if id(other) in known]
        before = _after(kept[at - 1] if at else None)
        after = _after(others[-1] if others else None)
        yield Change(
            kind="order",
            thing=thing,
            name=name,
            old_name=name_of(each) if name_of(each) != name else "",
            impact="notable",
            old=before,
            new=after,
            old_location=each.location,
            new_location=now.location,
            message=f"The {thing} {name} runs {after} now; before, it ran {before}.",
        )


def _after(thing: RunSequence | Step | None) -> str:
    return f"after {name_of(thing)}" if thing is not None else "first"


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """Return the positions of a longest subsequence that rises (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        before.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        ends[pile : pile + 1] = [at]
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return frozenset(found)


# Who reads what


def _readers(pair: Pair) -> Iterator[Change]:
    new_users = {"step": _new_names(pair.steps), "template": _new_names(pair.templates)}
    for old, new in pair.kept_options:
        was = {
            (place.kind, new_users[place.kind].get(place.name, place.name)): place
            for place in _exact(pair.old.read_by(old.name))
        }
        now = {(place.kind, place.name): place for place in _exact(pair.new.read_by(new.name))}
        gone = [
            key for key in was if key not in now and not pair.is_lost(was[key].use.location, "old")
        ]
        come = [
            key for key in now if key not in was and not pair.is_lost(now[key].use.location, "new")
        ]
        if not gone and not come:
            continue
        unread = bool(gone) and not pair.new.read_by(new.name)
        told = [
            f"{verb} {listed(f'the {kind} {name}' for kind, name in users)}"
            for verb, users in (("is now read by", come), ("is no longer read by", gone))
            if users
        ]
        yield Change(
            kind="readers",
            thing="option",
            name=new.name,
            old_name=old.name if old.name != new.name else "",
            impact="breaking" if unread else "cosmetic",
            old=Known([name for _, name in gone]),
            new=Known([name for _, name in come]),
            old_location=was[gone[0]].use.location if gone else old.location,
            new_location=now[come[0]].use.location if come else new.location,
            message=f"{new.name} {' and '.join(told)}" + ("; nothing reads it." if unread else "."),
            hint=f"The answer to {new.name} has no effect." if unread else "",
        )


def _new_names(matches: Sequence[Match[Any]]) -> dict[str, str]:
    return {name_of(both[0]): name_of(both[1]) for match in matches if (both := match.both)}


def _exact(places: Sequence[Place]) -> Iterator[Place]:
    for place in places:
        if place.kind in {"step", "template"} and not place.use.pattern:
            yield place


# What is refused


def _refusals_added(pair: Pair) -> Iterator[Change]:
    old, new = _constraints(pair.old), _constraints(pair.new)
    for name, constraint in new.items():
        if name not in old and not pair.is_lost(constraint.location, "new"):
            message = f"The installer refuses to go on{_now(constraint.condition)} (“{name}”)."
            yield _refusal("added", name, "breaking", message, new=constraint)


def _refusals_removed(pair: Pair) -> Iterator[Change]:
    old, new = _constraints(pair.old), _constraints(pair.new)
    for name, constraint in old.items():
        if name not in new and not pair.is_lost(constraint.location, "old"):
            message = f"The installer no longer refuses answers with “{name}”."
            yield _refusal("removed", name, "notable", message, old=constraint)


def _refusals_changed(pair: Pair) -> Iterator[Change]:
    old, new = _constraints(pair.old), _constraints(pair.new)
    for name in [name for name in new if name in old]:
        was = pair.in_new_terms(old[name].condition)
        found = pair.related(was, new[name].condition)
        if found != "same":
            impact: Impact = "breaking" if found in {"wider", "different"} else "notable"
            message = f"The installer refuses to go on{_now(new[name].condition, was)} (“{name}”)."
            yield _refusal("condition", name, impact, message, old=old[name], new=new[name])


def _constraints(questions: Questions) -> dict[str, Constraint]:
    """Return the refusals by their message, all of one message as one."""
    found: dict[str, Constraint] = {}
    for plugin in questions.project.plugins:
        for each in plugin.constraints:
            name = quoted(each.text) if each.text is not None else f"{plugin.module}/{each.error}"
            before = found.get(name)
            if before is not None:
                either = any_of((before.condition, each.condition))
                each = msgspec.structs.replace(before, condition=either)  # noqa: PLW2901 - one of both
            found[name] = each
    return found


def _refusal(
    kind: str,
    name: str,
    impact: Impact,
    message: str,
    old: Constraint | None = None,
    new: Constraint | None = None,
) -> Change:
    return Change(
        kind=kind,
        thing="constraint",
        name=name,
        impact=impact,
        old=describe(old.condition) if old else None,
        new=describe(new.condition) if new else None,
        old_location=old.location if old else None,
        new_location=new.location if new else None,
        message=message,
        hint="Check the answers that the message names." if impact == "breaking" else "",
    )


_ONE: Final = ("Preparing example entries", "create_manifest")
_TWO: Final = ("Starting the example", "start")
_OPTION: Final = (
    '{"CONF_NAME": "CONFIG_EXAMPLE_HOST", "CMD_OPTION": "example-host", '
    '"USAGE": "Host of the example.", "PROMPT": "Host", "DEFAULT_VALUE": "", "MASK_INPUT": False}'
)
_ASKED_FOR: Final = {"PRE_CONDITION": '"CONFIG_EXAMPLE_INSTALL"', "PRE_CONDITION_MATCH": '"y"'}
_ENDS: Final = {"POST_CONDITION": '"CONFIG_EXAMPLE_INSTALL"', "POST_CONDITION_MATCH": '"y"'}
_CONDITIONS: Final = '["CONFIG_EXAMPLE_PORT"], ["8080"]'
_EQUIVALENT: Final = (
    "Conditions are compared by their meaning: two that are written differently but hold for the "
    "same answers are not a change. Where that cannot be decided, the condition *may* have "
    "changed, "
    "and the impact is notable."
)

KINDS: Final = (
    Kind(
        thing="option",
        name="condition",
        summary="an option applies under other answers",
        text="Breaking where it no longer applies under answers under which it applied before: its "
        f"answer is ignored there. Notable where it applies in more cases. {_EQUIVALENT} "
        "Cosmetic where only code that could not be analysed differs.",
        find=_option_conditions,
        samples=(
            sample(grouped(_OPTION), grouped(_OPTION, **_ASKED_FOR), "breaking"),
            sample(grouped(_OPTION, **_ASKED_FOR), grouped(_OPTION), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="readers",
        summary="a step or a template started or stopped reading an option",
        text="Breaking where nothing reads the option any more: its answer has no effect. Cosmetic "
        "otherwise. Reads by a pattern (every `CONFIG_*_HOST`) are left out.",
        find=_readers,
        samples=(
            sample(stepped(_ONE, reads=("CONFIG_EXAMPLE_PORT",)), stepped(_ONE), "breaking"),
            sample(stepped(_ONE), stepped(_ONE, reads=("CONFIG_EXAMPLE_PORT",)), "cosmetic"),
        ),
    ),
    Kind(
        thing="group",
        name="description",
        summary="a group has another description",
        text="Answer files are not affected.",
        find=_descriptions,
        samples=(
            sample(grouped(_OPTION), grouped(_OPTION, DESCRIPTION='"Its options"'), "cosmetic"),
        ),
    ),
    Kind(
        thing="group",
        name="condition",
        summary="a group has another post-condition",
        text="The installer asks again until the post-condition holds, and refuses an answer file "
        f"that does not meet it. Breaking where it refuses more. {_EQUIVALENT}",
        find=_group_ends,
        samples=(
            sample(grouped(_OPTION), grouped(_OPTION, **_ENDS), "breaking"),
            sample(grouped(_OPTION, **_ENDS), grouped(_OPTION), "notable"),
        ),
    ),
    Kind(
        thing="sequence",
        name="condition",
        summary="a sequence runs under other answers",
        text=f"The installer does more, or less, for the same answers. {_EQUIVALENT}",
        find=_sequence_conditions,
        samples=(sample(stepped(_ONE), stepped(_ONE, conditions=_CONDITIONS), "notable"),),
    ),
    Kind(
        thing="sequence",
        name="order",
        summary="a sequence has another position in the run order",
        text="Only the sequences that have to move to get from the old order to the new one are "
        "reported.",
        find=_sequence_order,
        samples=(sample(twice("One", "Two"), twice("Two", "One"), "notable"),),
    ),
    Kind(
        thing="step",
        name="condition",
        summary="a step runs under other answers",
        text=f"The installer does more, or less, for the same answers. {_EQUIVALENT}",
        find=_step_conditions,
        samples=(sample(guarded(""), guarded("CONFIG_EXAMPLE_PORT"), "notable"),),
    ),
    Kind(
        thing="step",
        name="order",
        summary="a step has another position in its sequence",
        text="Only the steps that have to move to get from the old order to the new one are "
        "reported.",
        find=_step_order,
        samples=(sample(stepped(_ONE, _TWO), stepped(_TWO, _ONE), "notable"),),
    ),
    Kind(
        thing="constraint",
        name="added",
        summary="the installer refuses a combination of answers that it accepted before",
        text="Refusals are matched by their message.",
        find=_refusals_added,
        samples=(sample(refusing(""), refusing("8080"), "breaking"),),
    ),
    Kind(
        thing="constraint",
        name="removed",
        summary="the installer accepts a combination of answers that it refused before",
        text="Refusals are matched by their message.",
        find=_refusals_removed,
        samples=(sample(refusing("8080"), refusing(""), "notable"),),
    ),
    Kind(
        thing="constraint",
        name="condition",
        summary="the installer refuses other answers than before, with the same message",
        text=f"Breaking where it refuses answers that it accepted before. {_EQUIVALENT}",
        find=_refusals_changed,
        samples=(sample(refusing("8080"), refusing("8081"), "breaking"),),
    ),
)
