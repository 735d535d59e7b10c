"""PD204 to PD207, PD215: choices, validators and defaults that do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.inspection import (
    choices,
    is_blank,
    is_settled,
    place,
    processes,
    validator_names,
)
from plugindoc.checking.rules.base import Example, Rule, option
from plugindoc.checking.subject import Subject
from plugindoc.model.outcomes import FOREIGN
from plugindoc.model.project import Option
from plugindoc.model.values import Known, members, words
from plugindoc.model.wording import quoted_list
from plugindoc.validation import outcome_of

__all__ = [
    "ChoicesNotEnforced",
    "ChoicesValidatorWithoutList",
    "DefaultFailsValidator",
    "DefaultNotInChoices",
    "EmptyChoiceList",
]

_ENFORCING: Final = ("validate_options", "validate_multi_options")


def _backend(
    *,
    listed: str = '["file", "sql"]',
    validator: str = "validate_options",
    default: str = "file",
    text: str = "Where the example keeps its data. ['file', 'sql']",
) -> Example:
    return option(
        f"""
        {{
            "CONF_NAME": "CONFIG_EXAMPLE_BACKEND",
            "CMD_OPTION": "example-backend",
            "USAGE": "{text}",
            "PROMPT": "Enter the backend of the example",
            "OPTION_LIST": {listed},
            "VALIDATORS": [validators.{validator}],
            "DEFAULT_VALUE": "{default}",
        }},
        """
    )


def _port(default: str) -> Example:
    return option(
        f"""
        {{
            "CONF_NAME": "CONFIG_EXAMPLE_PORT",
            "CMD_OPTION": "example-port",
            "USAGE": "Port on which the example listens.",
            "PROMPT": "Enter the port of the example",
            "VALIDATORS": [validators.validate_port],
            "DEFAULT_VALUE": "{default}",
        }},
        """
    )


_GOOD = _backend()


def _default(each: Option) -> str | None:
    """Return the default as the validators get it; None if it is empty, unknown or changed."""
    if not isinstance(each.default, Known) or is_blank(each.default):
        return None
    if not is_settled(each.default):
        return None
    if isinstance(each.default.value, list | dict | bool):
        return None
    return str(each.default.value) if processes(each) is False else None


class DefaultNotInChoices(Rule):
    """Find defaults that are not among the choices.

    ## What it does
    Compares a known default with `OPTION_LIST`. If the validator accepts several values, each of
    them is compared. A password placeholder is reported too.

    ## Why is this bad
    The installer rejects its own default, or the list belongs to another option.

    ## What it cannot see
    Defaults that are empty, computed, or changed by an unknown processor.
    """

    code = "PD204"
    name = "default-not-in-choices"
    severity = "error"
    invalid = (_backend(default="mysql"),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose default is no choice."""
        for each in subject.questions.options:
            declared = choices(each)
            if not any(declared):
                continue
            default = _default(each)
            if default is None and _is_placeholder(each):
                default = str(getattr(each.default, "value", ""))
            if default is None:
                continue
            several = "validate_options" not in validator_names(each)
            parts = [part.strip() for part in default.split(",")] if several else [default]
            wrong = [part for part in parts if part not in declared]
            if wrong:
                yield Finding(
                    object=each.name,
                    message=f"the default {quoted_list(wrong)} of {each.name} is not one of its "
                    "choices",
                    location=place(each, "choices"),
                    hint=f"the choices are {declared}; change them or the default",
                )


def _is_placeholder(each: Option) -> bool:
    """Return whether the default means a password that a processor generates."""
    placeholder = "PW_PLACEHOLDER"
    if not isinstance(each.default, Known) or each.default.value != placeholder:
        return False
    return outcome_of(each, placeholder).value is not None


class ChoicesNotEnforced(Rule):
    """Find choices that no validator enforces.

    ## What it does
    Reports an option with an `OPTION_LIST` whose processors and validators accept an answer that is
    not in the list.

    ## Why is this bad
    The prompt shows the choices, but the installer accepts anything. A misspelt answer fails on a
    host, half an hour later.

    ## What it cannot see
    Options whose validators and processors cannot be followed.
    """

    code = "PD205"
    name = "choices-not-enforced"
    severity = "warning"
    unless = ("PD204", "PD206")
    invalid = (_backend(validator="validate_not_empty"),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that take any value."""
        for each in subject.questions.options:
            outcome = outcome_of(each, FOREIGN)
            if any(choices(each)) and outcome.accepted is True:
                changed = (
                    "" if outcome.value is None else f", and converts it to {words(outcome.value)}"
                )
                yield Finding(
                    object=each.name,
                    message=f"{each.name} accepts any answer, not only its choices{changed}",
                    location=place(each, "choices"),
                    hint="add validate_options to its validators",
                )


class EmptyChoiceList(Rule):
    """Find lists of choices that contain only an empty string.

    ## What it does
    Reports `OPTION_LIST: [""]`. The fix writes `[]`.

    ## Why is this bad
    The list is meant to say “no choices”, but it has one empty choice: the prompt shows `[]`, and a
    validator that checks the choices rejects every answer.

    ## What it cannot see
    An empty string among other choices can be intentional.
    """

    code = "PD206"
    name = "empty-choice-list"
    severity = "warning"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_USER",
                "CMD_OPTION": "example-user",
                "USAGE": "User name of the example.",
                "PROMPT": "Enter the user of the example",
                "OPTION_LIST": [""],
            },
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose only choice is empty."""
        for each in subject.questions.options:
            declared = choices(each)
            if declared and not any(declared):
                span = place(each, "choices")
                literal = "".join(subject.sources.at(span).split())
                yield Finding(
                    object=each.name,
                    message=f"{each.name} has an empty string as its only choice",
                    location=span,
                    hint="write []",
                    fix=Fix((Edit(span, "[]"),), safe=True)
                    if literal in ('[""]', "['']")
                    else None,
                )


class ChoicesValidatorWithoutList(Rule):
    """Find options whose validator needs choices but that have none.

    ## What it does
    Reports an option whose validators use `OPTION_LIST` (`validate_options`, `validate_regexp`)
    while that list is missing or empty.

    ## Why is this bad
    Every answer except an empty one is rejected, including the default.

    ## What it cannot see
    Choices that are computed.
    """

    code = "PD207"
    name = "choices-validator-without-list"
    severity = "error"
    invalid = (_backend(listed="[]", text="Where the example keeps its data."),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that take no value."""
        for each in subject.questions.options:
            empty = each.choices is None or (
                isinstance(each.choices, Known) and each.choices.value in (None, False, [], "")
            )
            functions = (subject.questions.function(words(m)) for m in members(each.validators))
            names = [f.like for f in functions if f and f.like in (*_ENFORCING, *_PATTERNS)]
            takes = any(known.accepted is True and known.answer for known in each.outcomes)
            if empty and names and not takes:
                yield Finding(
                    object=each.name,
                    message=f"{names[0]} refuses every answer to {each.name}, which has no choices",
                    location=place(each, "validators"),
                    hint='set "OPTION_LIST", or remove the validator',
                )


_PATTERNS: Final = ("validate_regexp", "validate_multi_regexp")


class DefaultFailsValidator(Rule):
    """Find defaults that the option's own validators reject.

    ## What it does
    Follows the option's processors and validators with a known default.

    ## Why is this bad
    Users who accept the default are asked again, or the run stops.

    ## What it cannot see
    Code that cannot be followed: it contacts a host, reads a disk, or is neither in the tree nor
    part of Packstack. An empty default is not reported, because it is the usual way to make an
    option required.
    """

    code = "PD215"
    name = "default-fails-validator"
    severity = "error"
    unless = ("PD204", "PD206", "PD207")
    invalid = (_port("http"),)
    valid = (_port("8080"),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose default is refused."""
        for each in subject.questions.options:
            if not isinstance(each.default, Known) or is_blank(each.default):
                continue
            outcome = outcome_of(each, each.default.value)
            if outcome.accepted is False and is_settled(each.default):
                why = f": {outcome.why}" if outcome.why else ""
                yield Finding(
                    object=each.name,
                    message=f"{outcome.by} refuses the default {each.default.value!r} of "
                    f"{each.name}{why}",
                    location=place(each, "default"),
                    hint="correct the default or the validators",
                )
