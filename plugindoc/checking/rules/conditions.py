"""PD301 to PD304, PD307: when groups and sequences apply."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import enforced_choices
from plugindoc.checking.rules.base import Example, Rule, config, sequences
from plugindoc.checking.subject import Subject
from plugindoc.model.anchors import identity
from plugindoc.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Never,
    Opaque,
    all_of,
    describe,
    options_of,
)
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest
from plugindoc.model.project import OptionGroup, Sequence, Step
from plugindoc.model.values import Reference, known_text, words

__all__ = [
    "ConditionOnLaterGroup",
    "ConditionUnknownOption",
    "GatedCondition",
    "MatchImpossible",
    "OpaqueCondition",
]


def _groups(*described: tuple[str, str, str]) -> Example:
    """Return an example of groups: name, the condition's lines, an option's choices."""
    rows = []
    for name, condition, listed in described:
        rows.append(
            "controller.addGroup(\n"
            f'    {{"GROUP_NAME": "{name}", "DESCRIPTION": "{name.title()} options",\n'
            f"     {condition}}},\n"
            f'    [{{"CONF_NAME": "CONFIG_{name}_USE", "CMD_OPTION": "{name.lower()}-use",\n'
            f'      "USAGE": "Use {name.lower()}. {listed}", "PROMPT": "Use {name.lower()}",\n'
            f'      "OPTION_LIST": {listed}, "VALIDATORS": [validators.validate_options],\n'
            '      "DEFAULT_VALUE": "n"}],\n)\n'
        )
    return config("".join(rows))


_ALWAYS: Final = '"PRE_CONDITION": False, "PRE_CONDITION_MATCH": True'
_YES_NO: Final = "['y', 'n']"
_GOOD = _groups(
    ("CACHE", _ALWAYS, _YES_NO),
    ("DISK", '"PRE_CONDITION": "CONFIG_CACHE_USE", "PRE_CONDITION_MATCH": "y"', _YES_NO),
)


def _place(thing: OptionGroup | Sequence | Step) -> Location:
    if isinstance(thing, OptionGroup):
        return thing.fields.get("pre_condition", thing.location)
    return thing.location


def _title(thing: OptionGroup | Sequence | Step) -> str:
    if isinstance(thing, Step):
        return f"the step “{words(thing.title)}”"
    return f"group {thing.name}" if isinstance(thing, OptionGroup) else f"sequence “{thing.title}”"


def _conditional(subject: Subject) -> Iterator[OptionGroup | Sequence]:
    yield from subject.questions.groups
    yield from subject.questions.run_order


class ConditionUnknownOption(Rule):
    """Find conditions on options that do not exist.

    ## What it does
    Reports a group or sequence whose condition names a key that is not an option and that nothing
    sets.

    ## Why is this bad
    The installer fails when it evaluates the condition, or the group is never asked.

    ## What it cannot see
    Names inside conditions that static analysis does not understand.
    """

    code = "PD301"
    name = "condition-unknown-option"
    severity = "error"
    about = "group"
    invalid = (
        _groups(
            ("DISK", '"PRE_CONDITION": "CONFIG_CAHCE_USE", "PRE_CONDITION_MATCH": "y"', _YES_NO),
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield conditions that name what is not there."""
        known = subject.option_names | subject.keys
        for thing in _conditional(subject):
            for name in options_of(thing.condition):
                if name not in known and "*" not in name:
                    guess = nearest(name, subject.option_names)
                    yield Finding(
                        object=identity(thing),
                        message=f"the condition of {_title(thing)} names {name}, "
                        "which does not exist",
                        location=_place(thing),
                        hint=f"did you mean {guess}?" if guess else "declare it",
                        absent=True,
                    )


class MatchImpossible(Rule):
    """Find conditions that are never true.

    ## What it does
    Reports a group, sequence or step whose condition contradicts itself, or requires a value that
    the option's choices and validators do not allow.

    ## Why is this bad
    The group is never asked, or the sequence or step never runs.

    ## What it cannot see
    If an option's choices are not enforced, any value is considered possible.
    """

    code = "PD302"
    name = "match-impossible"
    severity = "error"
    about = "group"
    invalid = (
        _groups(
            ("CACHE", _ALWAYS, _YES_NO),
            ("DISK", '"PRE_CONDITION": "CONFIG_CACHE_USE", "PRE_CONDITION_MATCH": "yes"', _YES_NO),
        ),
        sequences(
            """
            steps = [{"title": "Preparing the cache", "functions": [create_manifest]}]
            if controller.CONF["CONFIG_CACHE_USE"] == "yes":
                steps.append({"title": "Filling the cache", "functions": [create_manifest]})
            controller.addSequence("Installing the cache", [], [], steps)
            """,
            before="""
            def create_manifest(config, messages):
                '''Write the manifest of the cache.'''
            """,
            options="""
            {"CONF_NAME": "CONFIG_CACHE_USE", "CMD_OPTION": "cache-use",
             "USAGE": "Use cache. ['y', 'n']", "PROMPT": "Use cache",
             "OPTION_LIST": ["y", "n"], "VALIDATORS": [validators.validate_options],
             "DEFAULT_VALUE": "n"},
            """,
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield conditions without a way in."""
        for thing, condition in _deciding(subject):
            reason = _impossible(condition, subject)
            if reason:
                yield Finding(
                    object=identity(thing),
                    message=f"{_title(thing)} can never apply: {reason}",
                    location=_place(thing),
                    hint="correct the condition or its match",
                )


def _deciding(subject: Subject) -> Iterator[tuple[OptionGroup | Sequence | Step, Condition]]:
    """Yield things with what decides on them; steps of a sequence that never runs are left out."""
    for thing in _conditional(subject):
        yield thing, thing.condition
    for sequence, runs, conditions in subject.questions.run_conditions:
        if not _impossible(runs, subject):
            yield from zip(sequence.steps, conditions, strict=True)


def _impossible(condition: Condition, subject: Subject) -> str:
    """Return why a condition can never hold, "" if it can."""
    match condition:
        case Never():
            return "its condition contradicts itself"
        case AllOf(conditions=parts):
            return next((why for part in parts if (why := _impossible(part, subject))), "")
        case AnyOf(conditions=parts):
            reasons = [_impossible(part, subject) for part in parts]
            return reasons[0] if all(reasons) else ""
        case Compare(option=name, operator="==", value=value):
            return _unreachable(name, value, subject)
        case _:
            return ""


def _unreachable(name: str, value: object, subject: Subject) -> str:
    declared = subject.questions.options_named(name)
    if not declared or not isinstance(value, str) or name in subject.keys:
        return ""
    for each in declared:
        possible = enforced_choices(each)
        if not any(possible) or value in possible or not value:
            return ""
    return f"{name} is one of {', '.join(enforced_choices(declared[0]))}, never {value}"


class ConditionOnLaterGroup(Rule):
    """Find conditions on options that are only asked later.

    ## What it does
    Reports a group whose condition is a function that reads an option of the same group or of a
    later one.

    ## Why is this bad
    Groups are asked in order. The answer does not exist yet, so the function fails or decides
    without it.

    ## What it cannot see
    Conditions that are the *name* of an option are not reported: the installer asks that option
    first, so functions of later groups can read it too. If a plugin inserts its groups before those
    of others, nothing is reported.
    """

    code = "PD303"
    name = "condition-on-later-group"
    severity = "error"
    about = "group"
    invalid = (
        _groups(
            (
                "DISK",
                (
                    '"PRE_CONDITION": lambda config: config["CONFIG_CACHE_USE"],'
                    ' "PRE_CONDITION_MATCH": "y"'
                ),
                _YES_NO,
            ),
            ("CACHE", _ALWAYS, _YES_NO),
        ),
    )
    valid = (
        _groups(
            ("DISK", '"PRE_CONDITION": "CONFIG_CACHE_USE", "PRE_CONDITION_MATCH": "y"', _YES_NO),
            (
                "RAID",
                (
                    '"PRE_CONDITION": lambda config: config["CONFIG_CACHE_USE"],'
                    ' "PRE_CONDITION_MATCH": "y"'
                ),
                _YES_NO,
            ),
            ("CACHE", _ALWAYS, _YES_NO),
        ),
        _groups(
            ("CACHE", _ALWAYS, _YES_NO),
            (
                "DISK",
                (
                    '"PRE_CONDITION": lambda config: config["CONFIG_CACHE_USE"],'
                    ' "PRE_CONDITION_MATCH": "y"'
                ),
                _YES_NO,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield conditions that look ahead."""
        if _reordered(subject):
            return
        turn = {id(group): number for number, group in enumerate(subject.questions.groups)}
        for group in subject.questions.groups:
            if known_text(group.pre_condition) is not None:
                continue
            for name in options_of(group.condition):
                homes = [
                    subject.questions.group_of(o) for o in subject.questions.options_named(name)
                ]
                if any(turn[id(one)] < turn[id(group)] for one in subject.questions.named_by(name)):
                    continue  # whose condition asks for it first
                if homes and all(turn[id(home)] >= turn[id(group)] for home in homes):
                    own = homes[0].name == group.name
                    when = "asked in this group" if own else f"asked later (group {homes[0].name})"
                    yield Finding(
                        object=group.name,
                        message=f"the condition of group {group.name} reads {name}, which is only "
                        f"{when}",
                        location=_place(group),
                        hint="ask for it in an earlier group" if own else "move the group after it",
                    )


def _reordered(subject: Subject) -> bool:
    """Return whether a plugin puts a group anywhere but after those before it."""
    calls = subject.protocol.methods.insert_group_before
    paths = (plugin.location.path for plugin in subject.project.plugins)
    return any(call in subject.sources.text(path) for path in paths for call in calls)


class OpaqueCondition(Rule):
    """Find conditions that are neither understood nor documented.

    ## What it does
    Reports a group or sequence whose condition static analysis does not understand, unless it is a
    named function with a docstring.

    ## Why is this bad
    The reference shows code where it should say when an option applies.

    ## What it cannot see
    Whether the docstring describes the condition.
    """

    code = "PD304"
    name = "opaque-condition"
    severity = "info"
    about = "group"
    invalid = (
        _groups(
            (
                "DISK",
                '"PRE_CONDITION": lambda config: probe(config), "PRE_CONDITION_MATCH": True',
                _YES_NO,
            ),
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield conditions that stay source."""
        for thing in _conditional(subject):
            if _is_opaque(thing.condition) and not _is_described(thing, subject):
                yield Finding(
                    object=identity(thing),
                    message=f"cannot determine when {_title(thing)} applies: "
                    f"{describe(thing.condition)}",
                    location=_place(thing),
                    hint="simplify it, or use a named function with a docstring",
                )


def _is_opaque(condition: Condition) -> bool:
    match condition:
        case Opaque():
            return True
        case AllOf(conditions=parts) | AnyOf(conditions=parts):
            return any(_is_opaque(part) for part in parts)
        case _:
            return bool(getattr(condition, "condition", None)) and _is_opaque(condition.condition)  # type: ignore[union-attr] # only Not has it


def _is_described(thing: OptionGroup | Sequence, subject: Subject) -> bool:
    value = getattr(thing, "pre_condition", None)
    if not isinstance(value, Reference) or value.location is None:
        return False
    following = subject.sources.lines(value.location.path)[value.location.line :][:3]
    return any(re.match(r"\s*[ru]*[\"']{3}", line, re.IGNORECASE) for line in following)


class GatedCondition(Rule):
    """Find conditions on options that may never be asked.

    ## What it does
    Reports a group whose condition is a function that reads an option of another group, if that
    group has a condition that this one does not repeat.

    ## Why is this bad
    If the other group does not apply, there is no answer, and the function fails with a `KeyError`.

    ## What it cannot see
    Functions that cannot be followed. Reads with `.get` do not fail and are not reported. A
    condition that is the *name* of an option is not reported either: the installer asks that option
    in any case.
    """

    code = "PD307"
    name = "gated-condition"
    severity = "warning"
    about = "group"
    unless = ("PD303", "PD301")
    invalid = (
        _groups(
            ("CACHE", _ALWAYS, _YES_NO),
            ("DISK", '"PRE_CONDITION": "CONFIG_CACHE_USE", "PRE_CONDITION_MATCH": "y"', _YES_NO),
            (
                "RAID",
                (
                    '"PRE_CONDITION": lambda config: config["CONFIG_DISK_USE"],'
                    ' "PRE_CONDITION_MATCH": "y"'
                ),
                _YES_NO,
            ),
        ),
    )
    valid = (
        _groups(
            ("CACHE", _ALWAYS, _YES_NO),
            ("DISK", '"PRE_CONDITION": "CONFIG_CACHE_USE", "PRE_CONDITION_MATCH": "y"', _YES_NO),
            (
                "RAID",
                (
                    '"PRE_CONDITION": lambda config: config["CONFIG_CACHE_USE"] == "y"'
                    ' and config["CONFIG_DISK_USE"] == "y",\n'
                    '     "PRE_CONDITION_MATCH": True'
                ),
                _YES_NO,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield conditions that hang on a gate."""
        turn = {id(group): number for number, group in enumerate(subject.questions.groups)}
        for group in subject.questions.groups:
            if not isinstance(group.pre_condition, Reference):
                continue
            own = set(options_of(all_of((group.guard, group.condition))))
            for name in options_of(group.condition):
                gates = _gates(name, own, group, subject)
                first = any(
                    known_text(one.pre_condition) == name and turn[id(one)] < turn[id(group)]
                    for one in subject.questions.named_by(name)
                )
                needed = any(need.key == name for need in group.needs)
                if gates and not first and needed:
                    yield Finding(
                        object=group.name,
                        message=f"the condition of group {group.name} reads {name}, which is only "
                        f"there when {describe(gates[0])}",
                        location=_place(group),
                        hint="test that first, or read it with .get and a default",
                    )


def _gates(name: str, own: set[str], group: OptionGroup, subject: Subject) -> list[Condition]:
    """Return the conditions of an option's groups, if none of them is repeated in `own`."""
    found = []
    for each in subject.questions.options_named(name):
        home = subject.questions.group_of(each)
        gate = all_of((home.guard, home.condition, each.guard))
        names = set(options_of(gate))
        if home.name == group.name or not names or names & own:
            return []
        found.append(gate)
    return found
