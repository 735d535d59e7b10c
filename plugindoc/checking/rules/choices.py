"""PD204 to PD207, PD215: choices, validators and defaults that do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.rules.base import Example, Rule, option
from plugindoc.checking.rules.judging import (
    all_known,
    choices,
    is_blank,
    is_settled,
    known_validators,
    place,
    processes,
    validator_names,
)
from plugindoc.checking.subject import Subject
from plugindoc.model.things import Option
from plugindoc.model.values import Known, Reference, members
from plugindoc.validation import refusal

__all__ = [
    "ChoicesNotEnforced",
    "ChoicesValidatorWithoutList",
    "DefaultFailsValidator",
    "DefaultNotInChoices",
    "EmptyChoiceList",
]

_ENFORCING: Final = ("validate_options", "validate_multi_options")
_HARMLESS: Final = frozenset(
    {
        "validate_export",
        "validate_file",
        "validate_float",
        "validate_integer",
        "validate_ip",
        "validate_ldap_dn",
        "validate_ldap_url",
        "validate_multi_export",
        "validate_multi_ip",
        "validate_multi_ping",
        "validate_multi_ssh",
        "validate_not_empty",
        "validate_ping",
        "validate_port",
        "validate_ssh",
        "validate_sshkey",
        "validate_writeable_directory",
    }
)
"""Validators of the installer that do not look at the choices."""


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
    """Return the default as the validators get it; None where it is empty, unknown or changed."""
    if not isinstance(each.default, Known) or is_blank(each.default):
        return None
    if not is_settled(each.default):
        return None
    if isinstance(each.default.value, list | dict | bool):
        return None
    return str(each.default.value) if processes(each) is False else None


def _quoted(values: list[str]) -> str:
    return ", ".join(repr(value) for value in values)


class DefaultNotInChoices(Rule):
    """Find defaults that are none of the choices.

    ## What it does
    Holds a known default against `OPTION_LIST`; where the validator takes several values, each of
    them. A password's placeholder is never one of the choices either.

    ## Why is this bad
    The installer offers values that do not contain what it takes by default: it refuses its own
    default, or the list belongs to another option.

    ## What it cannot see
    Defaults that are empty, computed, or changed by a processor that is not known.
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
                    message=f"the default {_quoted(wrong)} of {each.name} is none of its choices",
                    location=place(each, "choices"),
                    hint=f"the choices are {declared}: mend them, or the default",
                )


def _is_placeholder(each: Option) -> bool:
    placeholder = isinstance(each.default, Known) and each.default.value == "PW_PLACEHOLDER"
    names = [member.name for member in members(each.processors) if isinstance(member, Reference)]
    return placeholder and any(name.endswith("process_password") for name in names)


class ChoicesNotEnforced(Rule):
    """Find choices that no validator looks at.

    ## What it does
    Reports an option with an `OPTION_LIST` whose validators all ignore it.

    ## Why is this bad
    The prompt shows the choices, the installer accepts anything: a misspelt answer fails on a host,
    half an hour later.

    ## What it cannot see
    A plugin's own validator may look at the choices; such options are left alone. So are those
    whose processor changes the value.
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
            if not any(choices(each)) or not all_known(each.validators) or processes(each):
                continue
            if set(validator_names(each)) <= _HARMLESS:
                yield Finding(
                    object=each.name,
                    message=f"no validator of {each.name} holds an answer against its choices",
                    location=place(each, "choices"),
                    hint="add validate_options to its validators",
                )


class EmptyChoiceList(Rule):
    """Find lists of choices that hold nothing but an empty text.

    ## What it does
    Reports `OPTION_LIST: [""]`. The fix writes `[]`.

    ## Why is this bad
    It means “no choices”, and says that there is one, which is empty: the prompt shows `[]`, and
    a validator that looks at the choices refuses every answer.

    ## What it cannot see
    An empty text among others may be meant.
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
                    message=f"{each.name} has an empty text as its only choice",
                    location=span,
                    hint="write []",
                    fix=Fix((Edit(span, "[]"),), safe=True)
                    if literal in ('[""]', "['']")
                    else None,
                )


class ChoicesValidatorWithoutList(Rule):
    """Find validators of choices where there are none.

    ## What it does
    Reports an option whose validators look at `OPTION_LIST` (`validate_options`,
    `validate_regexp`), while that is missing or empty.

    ## Why is this bad
    Every answer is refused, the default included; only an empty one passes.

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
            names = [one for one in known_validators(each) if one in (*_ENFORCING, *_PATTERNS)]
            if empty and names:
                yield Finding(
                    object=each.name,
                    message=f"{names[0]} refuses every answer to {each.name}, which has no choices",
                    location=place(each, "validators"),
                    hint='fill "OPTION_LIST", or take the validator out',
                )


_PATTERNS: Final = ("validate_regexp", "validate_multi_regexp")


class DefaultFailsValidator(Rule):
    """Find defaults that the option's own validators refuse.

    ## What it does
    Runs what the installer's validators do (numbers, ports, addresses, regular expressions, NFS
    exports) on a known default.

    ## Why is this bad
    Whoever accepts the default is asked again, or the run ends.

    ## What it cannot see
    Validators of plugins, and those that ask a host or a disk. Where the choices or patterns are
    not known, what holds an answer against them is not judged. An empty default is the usual way to
    say “must be given” and is left alone, as is one that a processor changes.
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
            default = _default(each)
            if default is None:
                continue
            patterns = each.choices.value if isinstance(each.choices, Known) else None
            listed = [str(value) for value in patterns] if isinstance(patterns, list) else []
            for name in known_validators(each):
                complaint = refusal(name, default, listed)
                if complaint:
                    yield Finding(
                        object=each.name,
                        message=f"{name} refuses the default {default!r} of {each.name}: "
                        f"it {complaint}",
                        location=place(each, "default"),
                        hint="mend the default or the validators",
                    )
                    break
