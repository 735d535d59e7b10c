"""PD701 to PD705: what a change means for users who have an answer file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plugindoc.changes.change import Change
from plugindoc.changes.wording import hides
from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import place
from plugindoc.checking.rules.base import Example, Made, Rule, made_late, option
from plugindoc.checking.subject import Subject
from plugindoc.model.locations import Location
from plugindoc.model.values import known_text, members, words

__all__ = [
    "BreakingChange",
    "DefaultChanged",
    "DeprecatesLiveOption",
    "NewOptionUndocumentedChange",
    "RemovedWithoutDeprecates",
]


@made_late
def _example(name: str, *, more: str = "", default: str = "8080", text: str = "Port.") -> Made:
    return option(
        f"""
        {{
            "CONF_NAME": "{name}",
            "CMD_OPTION": "{name.lower().replace("_", "-")}",
            "USAGE": "{text}",
            "PROMPT": "Enter the port of the example",
            "DEFAULT_VALUE": "{default}",{more}
        }},
        """
    ).made


@made_late
def _since(base: Example, now: Example) -> Made:
    return Made(now.shown, now.files, base.files)


_OLD = _example("CONFIG_EXAMPLE_PORT")


class DeprecatesLiveOption(Rule):
    """Find options that deprecate the name of an existing option.

    ## What it does
    Reports a name in `DEPRECATES` that is itself a declared option.

    ## Why is this bad
    If one of the two options is not answered, the answer to the other one is used for it.

    ## What it cannot see
    Names that are computed.
    """

    code = "PD701"
    name = "deprecates-live-option"
    severity = "error"
    invalid = (
        option(
            """
            {"CONF_NAME": "CONFIG_OLD", "CMD_OPTION": "old", "USAGE": "Old.", "PROMPT": "Old"},
            {"CONF_NAME": "CONFIG_NEW", "CMD_OPTION": "new", "USAGE": "New.", "PROMPT": "New",
             "DEPRECATES": ["CONFIG_OLD"]},
            """
        ),
    )
    valid = (
        option(
            """
            {"CONF_NAME": "CONFIG_NEW", "CMD_OPTION": "new", "USAGE": "New.", "PROMPT": "New",
             "DEPRECATES": ["CONFIG_OLD"]},
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that deprecate a live one."""
        for each in subject.questions.options:
            for member in members(each.deprecates):
                old = known_text(member)
                if old is not None and old in subject.option_names:
                    yield Finding(
                        object=each.name,
                        message=f"{each.name} deprecates {old}, which is still declared",
                        location=place(each, "deprecates"),
                        hint="remove the old option, or its name from DEPRECATES",
                    )


class RemovedWithoutDeprecates(Rule):
    """Find removed options that no option replaces.

    ## What it does
    With `--since`: reports an option that existed earlier, is no longer declared, and is not named
    in the `DEPRECATES` of another option.

    ## Why is this bad
    Answer files still contain the option, and the installer silently ignores it.

    ## What it cannot see
    Whether there is a successor at all. If a whole service was removed, accept the finding.
    """

    code = "PD702"
    name = "removed-without-deprecates"
    severity = "warning"
    invalid = (_since(_OLD, _example("CONFIG_EXAMPLE_LISTEN")),)
    valid = (
        _since(
            _OLD,
            _example(
                "CONFIG_EXAMPLE_LISTEN",
                more='\n            "DEPRECATES": ["CONFIG_EXAMPLE_PORT"],',
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that are gone."""
        for change in _of(subject, "removed", "renamed"):
            if change.rename == "declared":
                continue
            name = change.old_name or change.name
            successor = f"of {change.name}, which probably replaces it" if change.old_name else ""
            yield Finding(
                object=name,
                message=f"{name} was removed, and no option deprecates it",
                location=change.new_location or _home(change, subject),
                hint=f"add it to the DEPRECATES {successor or 'of its replacement'}, "
                "and to the release notes",
            )


def _of(subject: Subject, *kinds: str) -> Iterator[Change]:
    for change in subject.changes or ():
        if change.thing == "option" and change.kind in kinds:
            yield change


def _home(change: Change, subject: Subject) -> Location:
    """Return a place in the new state for what stood in the old one: its file, if still there."""
    path = change.old_location.path if change.old_location else ""
    for plugin in subject.project.plugins:
        if plugin.location.path == path:
            return plugin.location
    plugins = subject.project.plugins
    return plugins[0].location if plugins else Location(path, 1)


class NewOptionUndocumentedChange(Rule):
    """Find options whose choices or flag changed while their description did not.

    ## What it does
    With `--since`: reports an option with different choices or a different flag, if its description
    is still the same.

    ## Why is this bad
    The description was written for the previous choices, so users who know the option do not learn
    about the change.

    ## What it cannot see
    Whether the description is general enough to be true for both.
    """

    code = "PD703"
    name = "new-option-undocumented-change"
    severity = "warning"
    unless = ("PD101", "PD106", "PD112")
    invalid = (
        _since(
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080", "8081"],'),
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080", "8082"],'),
        ),
    )
    valid = (
        _since(
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080", "8081"],'),
            _example(
                "CONFIG_EXAMPLE_MODE",
                more='\n            "OPTION_LIST": ["8080", "8082"],',
                text="Port, 8080 or 8082.",
            ),
        ),
        _since(
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": [""],'),
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": [],'),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that changed in silence."""
        told = {change.name for change in _of(subject, "usage")}
        for kind in ("choices", "flag"):
            for change in _of(subject, kind):
                if change.name not in told and _means_more(change):
                    told.add(change.name)
                    yield Finding(
                        object=change.name,
                        message=f"the {kind} of {change.name} changed, but its description did not",
                        location=_field(change, kind, subject),
                        hint="update the description",
                    )


def _means_more(change: Change) -> bool:
    """Return whether a change is more than another order."""
    return change.kind != "choices" or change.impact != "cosmetic"


def _field(change: Change, field: str, subject: Subject) -> Location:
    found = subject.questions.option(change.name)
    return place(found, field) if found is not None else _home(change, subject)


class DefaultChanged(Rule):
    """Find defaults that changed.

    ## What it does
    With `--since`: reports an option whose default changed, with both values. Secret values are not
    shown.

    ## Why is this bad
    The change can be intended. But users who leave the option out now get a different value, so
    mention it in the release notes.

    ## What it cannot see
    Changes in the result of a computed default.
    """

    code = "PD704"
    name = "default-changed"
    severity = "warning"
    invalid = (_since(_OLD, _example("CONFIG_EXAMPLE_PORT", default="8081")),)
    valid = (_since(_OLD, _example("CONFIG_EXAMPLE_PORT")),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that start from another value."""
        for change in _of(subject, "default"):
            if change.impact == "cosmetic":
                continue
            yield Finding(
                object=change.name,
                message=f"the default of {change.name} changed{_values(change, subject)}",
                location=_field(change, "default", subject),
                hint="mention it in the release notes",
            )


def _values(change: Change, subject: Subject) -> str:
    found = subject.questions.option(change.name)
    if found is None or hides(found):
        return ""
    old, new = (
        value if isinstance(value, str) else words(value) for value in (change.old, change.new)
    )
    return f" from {old!r} to {new!r}"


class BreakingChange(Rule):
    """Find other changes that break answer files and command lines.

    ## What it does
    With `--since`: reports every change that `plugindoc diff` classifies as breaking, except those
    that PD702 and PD704 report: a removed choice, a narrower condition, a new option without a
    default, a changed flag.

    ## Why is this bad
    An answer file or a command line that worked stops working or changes its meaning.

    ## What it cannot see
    Whether the change is intended. Suppress the finding in the source, and accept the change in the
    settings of `diff`.
    """

    code = "PD705"
    name = "breaking-change"
    severity = "warning"
    invalid = (
        _since(
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080", "8081"],'),
            _example(
                "CONFIG_EXAMPLE_MODE",
                more='\n            "OPTION_LIST": ["8080"],',
                text="Port, 8080.",
            ),
        ),
        _since(
            _example(
                "CONFIG_EXAMPLE_MODE",
                more='\n            "DEPRECATES": ["CONFIG_EXAMPLE_PORT"],',
            ),
            _example("CONFIG_EXAMPLE_MODE"),
        ),
    )
    valid = (
        _since(
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080"],'),
            _example("CONFIG_EXAMPLE_MODE", more='\n            "OPTION_LIST": ["8080", "8081"],'),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the breaking changes that no other rule reports."""
        for change in subject.changes or ():
            told = change.thing == "option" and (change.kind in _TOLD or change.rename == "likely")
            if change.impact == "breaking" and not told:
                yield Finding(
                    object=change.name,
                    message=change.message.removesuffix("."),
                    location=change.new_location or _home(change, subject),
                    hint=change.hint.removesuffix("."),
                )


_TOLD: Final = ("removed", "default")
