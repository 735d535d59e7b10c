"""PD208, PD209, PD210, PD216: what is shown in clear, and what is hidden for no reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.inspection import choices, known_words, place
from plugindoc.checking.rules.base import Example, Rule, option
from plugindoc.checking.subject import Subject
from plugindoc.model.names import sounds_secret
from plugindoc.model.project import Option
from plugindoc.model.values import Known, Reference, members, truth, words
from plugindoc.validation import outcome_of

__all__ = [
    "ConfirmWithoutMask",
    "MaskedNonSecret",
    "PasswordPlaceholderWithoutProcessor",
    "UnmaskedSecret",
]

_PLACEHOLDER: Final = "PW_PLACEHOLDER"


def _password(*, default: str = _PLACEHOLDER, processed: str = "", asked: str = "") -> Example:
    asked = asked or '"MASK_INPUT": True,\n            "NEED_CONFIRM": True'
    return option(
        f"""
        {{
            "CONF_NAME": "CONFIG_EXAMPLE_DB_PW",
            "CMD_OPTION": "example-db-passwd",
            "USAGE": "Password with which the example connects to its database.",
            "PROMPT": "Enter the password of the example's database",
            "DEFAULT_VALUE": "{default}",{processed}
            {asked},
        }},
        """
    )


_GOOD = _password(processed='\n            "PROCESSORS": [processors.process_password],')


def _is_secret(each: Option) -> bool:
    """Return whether an option surely holds a secret: by its name, or as a generated password."""
    if choices(each) or isinstance(getattr(each.default, "value", None), bool | int):
        return False
    placeholder = isinstance(each.default, Known) and each.default.value == _PLACEHOLDER
    called = _SECRET_KEY.search(known_words(each.prompt)) and each.name.endswith("_KEY")
    return sounds_secret(each.name) or placeholder or bool(called)


_SECRET_KEY: Final = re.compile(
    r"\b(?:activation|access|encryption|secret|signing) key\b", re.IGNORECASE
)


class UnmaskedSecret(Rule):
    """Find secrets that are not masked.

    ## What it does
    Reports an option whose name looks like a password, a passphrase, a secret or a private key,
    whose prompt asks for an activation, access or encryption key, or whose default is the password
    placeholder, while `MASK_INPUT` is missing or false.

    ## Why is this bad
    The secret is visible as it is typed, printed in the summary and written to the log.

    ## What it cannot see
    Secrets with an inconspicuous name. Names with another ending (`…_PASSWORD_FILE`,
    `…_TOKEN_FORMAT`) and options with choices are not considered secrets.
    """

    code = "PD208"
    name = "unmasked-secret"
    severity = "error"
    invalid = (_password(default="", asked='"MASK_INPUT": False'),)
    valid = (
        _GOOD,
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_BYPASS",
                "CMD_OPTION": "example-bypass",
                "USAGE": "Addresses that the example does not look at.",
                "PROMPT": "Enter the addresses to pass over",
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield secrets without a mask."""
        for each in subject.questions.options:
            if truth(each.mask_input) is False and _is_secret(each):
                yield Finding(
                    object=each.name,
                    message=f"{each.name} is a secret but is shown in clear text",
                    location=place(each, "mask_input"),
                    hint='set "MASK_INPUT": True',
                )


class ConfirmWithoutMask(Rule):
    """Find options that ask for confirmation although the input is visible.

    ## What it does
    Reports `NEED_CONFIRM` on an option that is not masked. The fix sets it to `False`.

    ## Why is this bad
    Confirmation is meant to catch typing errors that the user cannot see.

    ## What it cannot see
    Options that ask for confirmation on purpose.
    """

    code = "PD209"
    name = "confirm-without-mask"
    severity = "warning"
    unless = ("PD208",)
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_WORKERS",
                "CMD_OPTION": "example-workers",
                "USAGE": "Number of workers of the example.",
                "PROMPT": "Enter the number of workers",
                "MASK_INPUT": False,
                "NEED_CONFIRM": True,
            },
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options that are confirmed in clear."""
        for each in subject.questions.options:
            if truth(each.need_confirm) is True and truth(each.mask_input) is False:
                span = place(each, "need_confirm")
                exact = subject.sources.at(span) == "True"
                yield Finding(
                    object=each.name,
                    message=f"{each.name} has to be entered twice, but the input is visible",
                    location=span,
                    hint='set "NEED_CONFIRM": False, or mask it',
                    fix=Fix((Edit(span, "False"),), safe=True) if exact else None,
                )


class PasswordPlaceholderWithoutProcessor(Rule):
    """Find password placeholders that are never replaced.

    ## What it does
    Reports an option with the default `PW_PLACEHOLDER` that no processor replaces.

    ## Why is this bad
    The password is the word PW_PLACEHOLDER on every installation.

    ## What it cannot see
    Processors that cannot be followed.
    """

    code = "PD210"
    name = "password-placeholder-without-processor"
    severity = "error"
    invalid = (_password(),)
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield placeholders without a processor."""
        for each in subject.questions.options:
            if each.default == Known(_PLACEHOLDER) and _stays(each):
                yield Finding(
                    object=each.name,
                    message=f"the password of {each.name} is the literal {_PLACEHOLDER}",
                    location=place(each, "default"),
                    hint='add process_password to its "PROCESSORS"',
                )


def _stays(each: Option) -> bool:
    """Return whether the processors surely keep the placeholder."""
    outcome = outcome_of(each, _PLACEHOLDER)
    processors = {words(member) for member in members(each.processors)}
    unclear = outcome.accepted is None and outcome.by in processors
    return truth(each.processors) is False or (outcome.value is None and not unclear)


_SECRET_TALK: Final = re.compile(
    r"passw(?:or)?d|passphrase|secret|credential|token|private|encryption|\bkey\b|"
    r"access key|\bhash\b|\bseed\b",
    re.IGNORECASE,
)


class MaskedNonSecret(Rule):
    """Find masked options that are not secrets.

    ## What it does
    Reports an option with `MASK_INPUT` whose name, flag, prompt and description do not mention a
    password, secret, key or token.

    ## Why is this bad
    Users cannot see what they type, and the log hides a value that is needed for debugging. Because
    the log is masked by *value*, every other occurrence of a host or user name is hidden as well.

    ## What it cannot see
    Other kinds of secrets. Suppress the finding and give the reason.
    """

    code = "PD216"
    name = "masked-non-secret"
    severity = "warning"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PROXY",
                "CMD_OPTION": "example-proxy-host",
                "USAGE": "Proxy through which the example is downloaded.",
                "PROMPT": "Enter the proxy of the example",
                "MASK_INPUT": True,
            },
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield masked options that nothing calls a secret."""
        for each in subject.questions.options:
            if truth(each.mask_input) is not True or _is_secret(each) or _has_password(each):
                continue
            talk = " ".join(
                (
                    each.name.replace("_", " "),
                    known_words(each.flag).replace("-", " "),
                    known_words(each.prompt),
                    known_words(each.usage),
                )
            )
            if not _SECRET_TALK.search(talk):
                yield Finding(
                    object=each.name,
                    message=f"{each.name} is masked, but nothing indicates that it is a secret",
                    location=place(each, "mask_input"),
                    hint='set "MASK_INPUT": False',
                )


def _has_password(each: Option) -> bool:
    names = [member.name for member in members(each.processors) if isinstance(member, Reference)]
    return any("password" in name for name in names)
