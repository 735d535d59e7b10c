"""PD106, PD107, PD109, PD112: does the text agree with what is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.inspection import (
    choices,
    is_settled,
    known_words,
    option_texts,
    place,
    text_lines,
)
from plugindoc.checking.rules.base import Rule, document, option
from plugindoc.checking.stated_values import (
    LIST,
    enumerated_besides,
    is_same,
    listed_values,
    stated_defaults,
)
from plugindoc.checking.subject import Subject
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest
from plugindoc.model.project import Option
from plugindoc.model.values import Known
from plugindoc.model.wording import quoted_list

__all__ = [
    "UndocumentedChoice",
    "UnknownOptionInText",
    "UsageChoicesMismatch",
    "UsageDefaultMismatch",
]

_BACKEND = """
    {
        "CONF_NAME": "CONFIG_EXAMPLE_BACKEND",
        "CMD_OPTION": "example-backend",
        "PROMPT": "Enter the backend of the example",
        "OPTION_LIST": ["file", "sql"],
        "VALIDATORS": [validators.validate_options],
        "DEFAULT_VALUE": "file",
    },
"""


class UsageChoicesMismatch(Rule):
    """Find descriptions that list different values than the choices.

    ## What it does
    Compares `OPTION_LIST` with a list at the end of the description (`['y', 'n']`), or with a list
    that shares a value with the choices. The order does not matter. The fix writes the choices into
    the description. An enumeration in prose (“valid options are: file, sql or ldap”, “one of file
    and sql”) must not contain a value that is not a choice.

    ## Why is this bad
    Readers try a value that is rejected, or never learn about one that is accepted.

    ## What it cannot see
    Values that the description mentions in other ways, or explains in between. Choices that are
    regular expressions are not checked.
    """

    code = "PD106"
    name = "usage-choices-mismatch"
    severity = "error"
    reads_files = False
    invalid = (
        document(
            """
            **CONFIG_EXAMPLE_BACKEND**
                Where the example keeps its data. ['file', 'ldap']
            """,
            options=_BACKEND,
        ),
        document(
            """
            **CONFIG_EXAMPLE_BACKEND**
                Where the example keeps its data; valid options are: file, sql, or ldap.
            """,
            options=_BACKEND,
        ),
    )
    valid = (
        document(
            """
            **CONFIG_EXAMPLE_BACKEND**
                Where the example keeps its data. ['file', 'sql']
            """,
            options=_BACKEND,
        ),
        document(
            """
            **CONFIG_EXAMPLE_BACKEND**
                Where the example keeps its data: either file for small ones, or sql on a server.
            """,
            options=_BACKEND,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield texts that list other values."""
        for each in subject.questions.options:
            declared = choices(each)
            text = known_words(each.usage)
            listed = listed_values(text, declared)
            if listed is None or set(listed) == set(declared):
                listed = [*declared, *enumerated_besides(text, declared)]
            missing = [value for value in declared if value not in listed]
            surplus = [value for value in listed if value not in declared]
            if not missing and not surplus:
                continue
            parts = []
            if surplus:
                parts.append(f"lists {quoted_list(surplus)}, which is not a choice")
            if missing:
                parts.append(f"leaves out {quoted_list(missing)}")
            fix = _relisted(each, declared, subject)
            yield Finding(
                object=each.name,
                message=f"the description of {each.name} {' and '.join(parts)}",
                location=fix.edits[0].span if fix is not None else place(each, "usage"),
                hint=f"the choices are {declared}",
                fix=fix,
            )


def _relisted(each: Option, declared: list[str], subject: Subject) -> Fix | None:
    """Return the fix if the list is on one line of the text, once."""
    at = place(each, "usage")
    found = []
    for number in text_lines(at, subject):
        line = subject.sources.line(at.path, number)
        found += [(number, match) for match in LIST.finditer(line) if _inside(at, number, match)]
    if len(found) != 1:
        return None
    number, match = found[0]
    span = Location(at.path, number, match.start() + 1, number, match.end() + 1)
    return Fix((Edit(span, str(declared)),), safe=True)


def _inside(at: Location, number: int, match: re.Match[str]) -> bool:
    """Return whether a match on a line lies in the text's span, and in a literal of ``"``."""
    if not at.path.endswith(".py"):
        return True
    begun = number > at.line or match.start() + 1 >= at.column
    ended = number < at.end_line or match.end() + 1 <= at.end_column
    return begun and ended and "'" in match[0]


class UsageDefaultMismatch(Rule):
    """Find descriptions that state the wrong default.

    ## What it does
    Compares `DEFAULT_VALUE`, if it is known, with a quoted value, number or choice after “default”,
    “defaults to” or “the default is”, and with a number before “by default”.

    ## Why is this bad
    Users who rely on the description leave the option out and get a different value.

    ## What it cannot see
    Defaults that are worded differently or computed at run time. A number is only compared with a
    number, and not if a unit follows it.
    """

    code = "PD107"
    name = "usage-default-mismatch"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_USER",
                "CMD_OPTION": "example-user",
                "USAGE": "User name of the example. Defaults to 'admin'.",
                "PROMPT": "Enter the user of the example",
                "DEFAULT_VALUE": "root",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port on which the example listens (default: 9090).",
                "PROMPT": "Enter the port of the example",
                "DEFAULT_VALUE": "8080",
            },
            """
        ),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_USER",
                "CMD_OPTION": "example-user",
                "USAGE": "User name of the example. Defaults to 'admin'.",
                "PROMPT": "Enter the user of the example",
                "DEFAULT_VALUE": "admin",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_MAIL",
                "CMD_OPTION": "example-mail",
                "USAGE": "Address of the example. Defaults to 'root@localhost'.",
                "PROMPT": "Enter the address of the example",
                "DEFAULT_VALUE": "root@%s" % gethostname(),
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_TIMEOUT",
                "CMD_OPTION": "example-timeout",
                "USAGE": "Seconds to wait. Defaults to 5 minutes.",
                "PROMPT": "Enter the seconds to wait",
                "DEFAULT_VALUE": "300",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port of the example, whose own default is 9090; 0 by default means any.",
                "PROMPT": "Enter the port of the example",
                "DEFAULT_VALUE": "8080",
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield texts with a stated default that is not the default."""
        for each in subject.questions.options:
            if not isinstance(each.default, Known) or not is_settled(each.default):
                continue
            default = "" if each.default.value is None else str(each.default.value)
            stated = stated_defaults(known_words(each.usage), default, choices(each))
            if stated and not any(is_same(default, value) for value in stated):
                yield Finding(
                    object=each.name,
                    message=f"the description of {each.name} states the default {stated[0]!r}, "
                    f"but it is {default!r}",
                    location=_pinpoint(stated[0], place(each, "usage"), subject),
                    hint="change the description or the default",
                )


_NAME: Final = re.compile(
    r"(?<![A-Za-z0-9_%{$])CONFIG_[A-Z0-9][A-Z0-9_]*[A-Z0-9](?![A-Za-z0-9_*<%{])"
)
_FLAG: Final = re.compile(r"(?<![\w-])--([a-z][a-z0-9_-]*[a-z0-9])(?![\w-])")
_FLAG_LIKENESS_WORDS: Final = 3


class UnknownOptionInText(Rule):
    """Find descriptions that name an option that does not exist.

    ## What it does
    Looks for names (`CONFIG_X`) and flags (`--x`) in descriptions, prompts and messages. Reports
    names that no plugin declares, and flags that closely resemble a declared one.

    ## Why is this bad
    Readers set the option, and nothing happens.

    ## What it cannot see
    Names in another format. Flags that do not resemble a declared one can belong to another
    program. Patterns (`CONFIG_X_*`) and former names that are still accepted are not reported.
    """

    code = "PD109"
    name = "unknown-option-in-text"
    severity = "error"
    unless = ("PD103",)
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_USER",
                "CMD_OPTION": "example-user",
                "USAGE": "User name; set CONFIG_EXAMPLE_USERS_PASSWORD as well.",
                "PROMPT": "Enter the user of the example",
            },
            """
        ),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_USER",
                "CMD_OPTION": "example-user",
                "USAGE": "User name; CONFIG_EXAMPLE_USER is read by all CONFIG_EXAMPLE_* services.",
                "PROMPT": "Enter the user of the example",
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield unknown names, once for each option and name."""
        known = subject.option_names | subject.questions.deprecated_names.keys() | subject.keys
        for each in subject.questions.options:
            told: set[str] = set()
            for field, text, location in option_texts(each):
                names = [name for name in _names_in(text) if name not in known]
                flags = [flag for flag in _flags_in(text) if _misspelt(flag, subject)]
                for name in dict.fromkeys([*names, *(f"--{flag}" for flag in flags)]):
                    if name not in told:
                        told.add(name)
                        yield Finding(
                            object=each.name,
                            message=f"the {field} of {each.name} names {name}, "
                            "which does not exist",
                            location=_pinpoint(name, location, subject),
                            hint=_guess(name, subject),
                            absent=True,
                        )


def _names_in(text: str) -> list[str]:
    return _NAME.findall(text) if "CONFIG_" in text else []


def _flags_in(text: str) -> list[str]:
    return _FLAG.findall(text) if "--" in text else []


def _misspelt(flag: str, subject: Subject) -> bool:
    if flag in subject.flags or flag.count("-") + 1 < _FLAG_LIKENESS_WORDS:
        return False
    guess = nearest(flag, subject.flags)
    return guess is not None and guess.rsplit("-", 1)[0] == flag.rsplit("-", 1)[0]


def _guess(name: str, subject: Subject) -> str:
    if name.startswith("--"):
        return f"did you mean --{nearest(name[2:], subject.flags)}?"
    guess = nearest(name, subject.option_names)
    return f"did you mean {guess}?" if guess else "remove the name"


def _pinpoint(name: str, location: Location, subject: Subject) -> Location:
    """Return the location of a name or value in a text's span, else the span."""
    for number in text_lines(location, subject):
        column = subject.sources.line(location.path, number).find(name) + 1
        if column and name:
            return Location(location.path, number, column, number, column + len(name))
    return location


_YES_NO: Final = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off", "none"})


class UndocumentedChoice(Rule):
    """Find choices that the description does not mention.

    ## What it does
    Reports an option whose description mentions some of its choices but not all.

    ## Why is this bad
    The answer file shows only the description, so users do not find the missing choices.

    ## What it cannot see
    Whether a choice is *explained*. A description that mentions no choice at all is not reported,
    because the prompt and the reference page list them. Yes and no are not reported either.
    """

    code = "PD112"
    name = "undocumented-choice"
    severity = "warning"
    unless = ("PD106", "PD101", "PD103")
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_BACKEND",
                "CMD_OPTION": "example-backend",
                "USAGE": "Where the example keeps its data: 'file' for small ones, or 'sql'.",
                "PROMPT": "Enter the backend of the example",
                "OPTION_LIST": ["file", "sql", "ldap"],
                "VALIDATORS": [validators.validate_options],
            },
            """
        ),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_BACKEND",
                "CMD_OPTION": "example-backend",
                "USAGE": "Where the example keeps its data: 'file', 'sql' or 'ldap'.",
                "PROMPT": "Enter the backend of the example",
                "OPTION_LIST": ["file", "sql", "ldap"],
                "VALIDATORS": [validators.validate_options],
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose text names only some of the choices."""
        for each in subject.questions.options:
            declared = [value for value in choices(each) if value]
            if {value.lower() for value in declared} <= _YES_NO:
                continue
            text = known_words(each.usage).lower()
            silent = [value for value in declared if not _names(text, value.lower())]
            if silent and len(silent) < len(declared):
                yield Finding(
                    object=each.name,
                    message=f"the description of {each.name} does not mention the choice "
                    f"{quoted_list(silent)}",
                    location=place(each, "usage"),
                    hint="describe the choice",
                )


def _names(text: str, value: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", text) is not None
