"""PD103, PD104, PD108, PD110: is the text shown as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.inspection import (
    control_characters,
    known_words,
    option_texts,
    place,
    text_lines,
    text_or_none,
)
from plugindoc.checking.rules.base import Rule, document, option
from plugindoc.checking.subject import Subject
from plugindoc.model.locations import Location
from plugindoc.model.project import UsageEntry

__all__ = ["MangledUsage", "PlaceholderText", "TruncatedUsage", "UsageRepeatsPrompt"]

_URL_OPTION = """
    {
        "CONF_NAME": "CONFIG_EXAMPLE_URL",
        "CMD_OPTION": "example-url",
        "PROMPT": "Enter the address of the example",
        "DEFAULT_VALUE": "",
    },
"""


def _plain(text: str) -> str:
    return " ".join(text.split())


class TruncatedUsage(Rule):
    """Find descriptions that the installer cuts off.

    ## What it does
    Compares an entry of the usage document with what the installer loads from it. Packstack keeps
    only the first paragraph, up to the first inline markup (a literal, emphasis, or an address that
    becomes a link). If your installer shows the whole entry, set `whole-text` in the settings of
    the protocol.

    ## Why is this bad
    `--help` and the answer file stop in the middle of a sentence, which is easily missed in the
    document itself.

    ## What it cannot see
    Descriptions in the plugin itself are never cut off.
    """

    code = "PD103"
    name = "truncated-usage"
    severity = "error"
    about = "entry"
    invalid = (
        document(
            """
            **CONFIG_EXAMPLE_URL**
                Address of the example, such as http://example.com, without a port.
            """,
            options=_URL_OPTION,
        ),
        document(
            """
            **CONFIG_EXAMPLE_URL**
                Address of the example.

                Leave it empty to use the controller.
            """,
            options=_URL_OPTION,
        ),
    )
    valid = (
        document(
            """
            **CONFIG_EXAMPLE_URL**
                Address of the example (scheme and host, without a port).
            """,
            options=_URL_OPTION,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield entries of which less is shown than written."""
        if subject.protocol.usage.whole_text:
            return
        for entry in _entries_in_force(subject):
            whole = _plain(" ".join("".join(run.text for run in p) for p in entry.paragraphs))
            shown = _plain(entry.shown)
            if shown == whole or not whole.startswith(shown):
                continue
            rest = whole[len(shown) :].strip()
            after = f"after “{shown[-30:].strip()}”" if shown else "at the start"
            yield Finding(
                object=entry.name,
                message=f"the description of {entry.name} is cut off {after}; “{_short(rest)}” "
                "is lost",
                location=entry.location,
                hint="write one paragraph without URLs and inline markup",
            )


def _entries_in_force(subject: Subject) -> Iterator[UsageEntry]:
    for each in subject.project.usage_documents:
        for entry in each.entries:
            if entry.first and entry.name in subject.option_names:
                yield entry


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


_SWALLOWED: Final = re.compile(r"\\([A-Za-z0-9.$^()\[\]{}+?/])")
_LITERAL: Final = re.compile(r"``.+?``")


class MangledUsage(Rule):
    r"""Find descriptions in which an escape removes or changes a character.

    ## What it does
    Reports backslashes in a usage document that reStructuredText drops (`\d` is shown as `d`), and
    control characters that result from an escape sequence in a plugin's string literal (`"\b"` is a
    backspace).

    ## Why is this bad
    A regular expression or a path in the description is displayed and copied wrong.

    ## What it cannot see
    A backslash before a character with a meaning in reStructuredText (`*`, `_`, a backtick) is
    considered intentional.
    """

    code = "PD104"
    name = "mangled-usage"
    severity = "error"
    reads_files = True
    unless = ("PD103",)
    invalid = (
        document(
            r"""
            **CONFIG_EXAMPLE_URL**
                Address of the example, matching \d+ at its end.
            """,
            options=_URL_OPTION,
        ),
        option(
            r"""
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PATTERN",
                "CMD_OPTION": "example-pattern",
                "USAGE": "Names to take, such as \backup.",
                "PROMPT": "Enter the names to take",
            },
            """
        ),
    )
    valid = (
        document(
            r"""
            **CONFIG_EXAMPLE_URL**
                Address of the example, matching \\d+ at its end. Use \* for all.
            """,
            options=_URL_OPTION,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield entries that lose a backslash, then texts with control characters."""
        for entry in _entries_in_force(subject):
            yield from _swallowed(entry, subject)
        for each in subject.questions.options:
            for field, text, location in option_texts(each):
                if control_characters(text):
                    code = f"\\x{ord(control_characters(text)[0]):02x}"
                    yield Finding(
                        object=each.name,
                        message=f"the {field} of {each.name} contains the control character {code}",
                        location=location,
                        hint="double the backslash, or use a raw string",
                    )


def _swallowed(entry: UsageEntry, subject: Subject) -> Iterator[Finding]:
    """Yield the first place of each character that an entry loses its backslash from."""
    told: set[str] = set()
    path = entry.location.path
    for number in text_lines(entry.location, subject):
        line = subject.sources.line(path, number)
        bare = _LITERAL.sub(lambda found: " " * len(found[0]), line).replace("\\\\", "  ")
        for found in _SWALLOWED.finditer(bare):
            if found[1] in told:
                continue
            told.add(found[1])
            column = found.start() + 1
            yield Finding(
                object=entry.name,
                message=f"the description of {entry.name} loses a backslash: \\{found[1]} is "
                "shown as "
                f"{found[1]}",
                location=Location(path, number, column, number, column + 2),
                hint=f"write \\\\{found[1]}",
            )


_UNDONE: Final = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|(?i:\blorem ipsum\b)")
"""Words of the trade count in capitals: a service may well keep a todo list."""
_HOLLOW: Final = re.compile(
    r"\W*(?:todo|fixme|tbd)\b(?:\W|$)"
    r"|\W*(?:(?:add|describe|enter|fill in|insert|put|specify|write) )?"
    r"(?:(?:a|an|some|the|this|your) )?"
    r"(?:description|help|option|prompt|text|usage|value)(?: (?:for|of) (?:this|the) option)?"
    r"(?: (?:goes )?here)?\W*$|\W+$",
    re.IGNORECASE,
)


def _is_placeholder(text: str) -> bool:
    return bool(_UNDONE.search(text) or _HOLLOW.match(text.strip()))


class PlaceholderText(Rule):
    """Find placeholders instead of descriptions.

    ## What it does
    Reports a description or prompt that contains `TODO`, `FIXME`, `TBD` or `XXX`, or says no more
    than “Enter a value”.

    ## Why is this bad
    The option looks documented, but readers learn nothing.

    ## What it cannot see
    Longer texts that say nothing either.
    """

    code = "PD110"
    name = "placeholder-text"
    severity = "error"
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "TODO: describe it.",
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE",
                "CMD_OPTION": "example",
                "USAGE": "Name of the example.",
                "PROMPT": "Enter a value",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE",
                "CMD_OPTION": "example",
                "USAGE": "<Add a description of the option here>",
                "PROMPT": "Enter the name of the example",
            },
            """
        ),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port on which the example listens.",
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_FOLDER",
                "CMD_OPTION": "example-folder",
                "USAGE": "Folder in which the example keeps its todo lists.",
                "PROMPT": "Enter the folder",
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield texts and titles that are placeholders."""
        for each in subject.questions.options:
            for field, text, location in option_texts(each):
                if _is_placeholder(text):
                    yield Finding(
                        object=each.name,
                        message=f"the {field} of {each.name} is a placeholder: “{_short(text)}”",
                        location=location,
                        hint="describe the option",
                    )
        for plugin in subject.project.plugins:
            if _is_placeholder(plugin.docstring or ""):
                yield Finding(
                    object=plugin.module,
                    message=f"the docstring of {plugin.module} is a placeholder",
                    location=plugin.docstring_location or plugin.location,
                    hint="describe what the plugin installs",
                )
        for group in subject.questions.groups:
            if _is_placeholder(known_words(group.description)):
                yield Finding(
                    object=group.name,
                    message=f"the title of group {group.name} is a placeholder",
                    location=group.fields.get("description", group.location),
                    hint="add a title",
                )


class UsageRepeatsPrompt(Rule):
    """Find descriptions that only repeat the prompt.

    ## What it does
    Compares the description with the prompt, ignoring case, punctuation and a leading “Enter the”.

    ## Why is this bad
    Readers have just read the prompt. They still do not know what the option is for and which
    values it accepts.

    ## What it cannot see
    The same statement in other words.
    """

    code = "PD108"
    name = "usage-repeats-prompt"
    severity = "info"
    unless = ("PD110",)
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "The port of the example.",
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
    )
    valid = PlaceholderText.valid

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield options whose text is their prompt."""
        for each in subject.questions.options:
            usage, prompt = text_or_none(each.usage), text_or_none(each.prompt)
            if usage and prompt and _gist(usage) == _gist(prompt):
                yield Finding(
                    object=each.name,
                    message=f"the description of {each.name} only repeats its prompt",
                    location=place(each, "usage"),
                    hint="describe its purpose and possible answers",
                )


_LEAD: Final = re.compile(r"^(?:(?:please|enter|specify|set|the|a|an)\s+)+")


def _gist(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
    return _LEAD.sub("", words)
