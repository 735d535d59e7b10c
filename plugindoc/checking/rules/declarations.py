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
    """Find keys that the protocol does not know.

    ## What it does
    Reports a key in an option's or group's dict that is none of the protocol's, and suggests the
    nearest.

    ## Why is this bad
    The installer refuses to start; Packstack says `Given attribute DEFAULT is not allowed`.

    ## What it cannot see
    Keys of dicts that are not registered. Keys that another installer knows are settings of the
    protocol.
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
            hint=f"did you mean {guess}?" if guess else "take it out",
        )


class DuplicateOption(Rule):
    """Find options that are declared twice.

    ## What it does
    Reports the second declaration of a name, in the same group or another, unless the conditions
    of both exclude one another.

    ## Why is this bad
    In one group the later declaration replaces the earlier one in silence. In two groups Packstack
    asks twice, keeps the last answer, and takes default, mask and validators from whichever comes
    first; other installers refuse to start.

    ## What it cannot see
    Whether two conditions that static reading does not understand exclude one another.
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
        message=f"{second.name} is declared before, {where}",
        location=second.location,
        hint="give one of them another name, or delete it",
    )


class DuplicateFlag(Rule):
    """Find flags that two options share.

    ## What it does
    Reports an option whose `CMD_OPTION` an earlier one has, unless their conditions exclude one
    another or one of them has no flag (`USE_DEFAULT`).

    ## Why is this bad
    The command line cannot be built: the installer ends with an option conflict.

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
                    message=f"--{flag} of {each.name} is the flag of {other.name} as well",
                    location=place(each, "flag"),
                    hint="give it a flag of its own",
                )
            taken[flag].append(each)


class UnreachableFlag(Rule):
    """Find flags with underscores.

    ## What it does
    Reports a `CMD_OPTION` that holds an underscore, where the installer's code looks a given flag
    up with its underscores replaced by dashes, as Packstack's does. Where that code is not in the
    tree, the installer is taken for Packstack; `underscore-flags` in the settings of the protocol
    says otherwise.

    ## Why is this bad
    The installer finds no option for the flag and drops the value without a word.

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
                    message=f"--{flag} of {each.name} can never be given: its value is dropped",
                    location=place(each, "flag"),
                    hint=f"write {flag.replace('_', '-')!r}",
                )


class MissingPrompt(Rule):
    """Find options that cannot be asked.

    ## What it does
    Reports an option without a `PROMPT` that is asked interactively.

    ## Why is this bad
    Packstack's interactive run ends with an error at this question. The rule is silent where the
    installer's code asks for such an option by its name.

    ## What it cannot see
    Options that are never asked (`USE_DEFAULT`, `CONDITION`) need none.
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
