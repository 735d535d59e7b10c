"""PD201, PD202, PD203, PD214, PD218: declarations that the installer refuses or drops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import asked, excludes, is_blank, place
from plugindoc.checking.rules.base import PORT, Rule, config, option
from plugindoc.checking.subject import Subject
from plugindoc.model.conditions import NEVER, all_of
from plugindoc.model.names import nearest
from plugindoc.model.project import Option, OptionGroup
from plugindoc.model.values import known_text, truth

__all__ = ["DuplicateFlag", "DuplicateOption", "MissingPrompt", "UnknownKey", "UnreachableFlag"]

_GOOD = option(PORT)


class UnknownKey(Rule):
    """Find keys that are not part of the protocol.

    ## What it does
    Reports a key in the dict of an option or group that the protocol does not define, and suggests
    the closest match.

    ## Why is this bad
    The installer does not start. Packstack reports `Given attribute DEFAULT is not allowed`.

    ## What it cannot see
    Keys of dicts that are not registered. You can add the keys of another installer in the settings
    of the protocol.
    """

    code = "PD201"
    name = "unknown-key"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port on which the example listens.",
                "PROMPT": "Enter the port of the example",
                "DEFAULT": "8080",
            },
            """
        ),
        config('controller.addGroup({"GROUP_NAME": "EXAMPLE", "TITLE": "Example"}, [])'),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield unknown keys of options, then of groups."""
        for each in subject.questions.options:
            yield from _refused(each, "option", subject.option_keys)
        for group in subject.questions.groups:
            yield from _refused(group, "group", subject.group_keys)


def _refused(thing: Option | OptionGroup, kind: str, known: Iterable[str]) -> Iterator[Finding]:
    for key in thing.extra:
        guess = nearest(key, known)
        yield Finding(
            object=thing.name,
            message=f"{kind} {thing.name} has the key {key}, which the installer refuses",
            location=thing.fields.get(key, thing.location),
            hint=f"did you mean {guess}?" if guess else "remove it",
        )


class DuplicateOption(Rule):
    """Find options that are declared twice.

    ## What it does
    Reports the second declaration of a name, in the same group or in another, unless the two
    conditions exclude each other.

    ## Why is this bad
    In the same group, the later declaration silently replaces the earlier one. In two groups,
    Packstack asks twice, keeps the last answer, and uses the default, mask and validators of the
    first declaration. Other installers do not start.

    ## What it cannot see
    Whether two conditions that static analysis does not understand exclude each other.
    """

    code = "PD202"
    name = "duplicate-option"
    severity = "error"
    invalid = (
        option(
            """
            {"CONF_NAME": "CONFIG_EXAMPLE", "CMD_OPTION": "example", "USAGE": "One.",
             "PROMPT": "Enter one"},
            {"CONF_NAME": "CONFIG_EXAMPLE", "CMD_OPTION": "other", "USAGE": "Another.",
             "PROMPT": "Enter another"},
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield second declarations."""
        for group in subject.questions.groups:
            for lost in group.replaced:
                winner = next((each for each in group.options if each.name == lost.name), None)
                if winner is not None and all_of((winner.guard, lost.guard)) != NEVER:
                    yield _twice(winner, lost)
        for name in sorted(subject.option_names):
            first, *others = subject.questions.options_named(name)
            for other in others:
                if not excludes(first, other, subject):
                    yield _twice(other, first)


def _twice(second: Option, first: Option) -> Finding:
    same = second.group == first.group and second.plugin == first.plugin
    where = "in the same group" if same else f"in group {first.group} of {first.plugin}"
    return Finding(
        object=second.name,
        message=f"{second.name} is already declared {where}",
        location=second.location,
        hint="rename or delete one of them",
    )


class DuplicateFlag(Rule):
    """Find flags that two options share.

    ## What it does
    Reports an option whose `CMD_OPTION` is already used by an earlier option, unless their
    conditions exclude each other or one of them has no flag (`USE_DEFAULT`).

    ## Why is this bad
    The installer cannot build its command line and stops with an option conflict.

    ## What it cannot see
    Flags that the installer itself defines.
    """

    code = "PD203"
    name = "duplicate-flag"
    severity = "error"
    unless = ("PD202",)
    invalid = (
        option(
            """
            {"CONF_NAME": "CONFIG_ONE", "CMD_OPTION": "example", "USAGE": "One.",
             "PROMPT": "Enter one"},
            {"CONF_NAME": "CONFIG_TWO", "CMD_OPTION": "example", "USAGE": "Another.",
             "PROMPT": "Enter another"},
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose flag is taken."""
        taken: dict[str, list[Option]] = defaultdict(list)
        for each in subject.questions.options:
            flag = known_text(each.flag)
            if flag is None or not asked(each):
                continue
            other = next((o for o in taken[flag] if not excludes(o, each, subject)), None)
            if other is not None and other.name != each.name:
                yield Finding(
                    object=each.name,
                    message=f"--{flag} of {each.name} is also the flag of {other.name}",
                    location=place(each, "flag"),
                    hint="use a different flag",
                )
            taken[flag].append(each)


class UnreachableFlag(Rule):
    """Find flags with underscores.

    ## What it does
    Reports a `CMD_OPTION` that contains an underscore, if the installer's code replaces underscores
    with dashes when it looks up a flag, as Packstack's does. If that code is not in the tree,
    Packstack's behaviour is assumed; set `underscore-flags` in the settings of the protocol to
    change that.

    ## Why is this bad
    The installer finds no option for the flag and silently drops the value.

    ## What it cannot see
    Flags that are computed.
    """

    code = "PD214"
    name = "unreachable-flag"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example_port",
                "USAGE": "Port on which the example listens.",
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose flag holds an underscore."""
        if subject.underscore_flags:
            return
        for each in subject.questions.options:
            flag = known_text(each.flag)
            if flag is not None and "_" in flag and asked(each):
                yield Finding(
                    object=each.name,
                    message=f"--{flag} of {each.name} has no effect, because its value is dropped",
                    location=place(each, "flag"),
                    hint=f"write {flag.replace('_', '-')!r}",
                )


class MissingPrompt(Rule):
    """Find options without a prompt that are asked interactively.

    ## What it does
    Reports an option without a `PROMPT` that is asked interactively.

    ## Why is this bad
    Packstack's interactive run fails at this question. Nothing is reported if the installer's code
    falls back to the name of the option.

    ## What it cannot see
    Options that are never asked (`USE_DEFAULT`, `CONDITION`) need no prompt.
    """

    code = "PD218"
    name = "missing-prompt"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port on which the example listens.",
            },
            """
        ),
    )
    valid = (
        _GOOD,
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_SEED",
                "CMD_OPTION": "example-seed",
                "USAGE": "Seed of the example.",
                "DEFAULT_VALUE": "42",
                "USE_DEFAULT": True,
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options without a prompt."""
        if subject.own.behaviour.optional_prompt:
            return
        for each in subject.questions.options:
            if is_blank(each.prompt) and asked(each) and truth(each.condition) is False:
                yield Finding(
                    object=each.name,
                    message=f"{each.name} has no prompt",
                    location=each.location,
                    hint='give it a "PROMPT", or "USE_DEFAULT": True if nobody is to be asked',
                )
