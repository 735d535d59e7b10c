"""PD305, PD306: groups, and options that are in none."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.rules.base import PORT, Rule, config, option
from plugindoc.checking.subject import Subject
from plugindoc.model.conditions import NEVER, all_of
from plugindoc.model.locations import Location
from plugindoc.model.project import OptionGroup
from plugindoc.model.values import known_text

__all__ = ["DuplicateGroupTitle", "GroupWithoutRegistration"]

_GOOD = option(PORT)


class DuplicateGroupTitle(Rule):
    """Find groups that share a title.

    ## What it does
    Reports a group whose `DESCRIPTION` is already used by an earlier group, unless their conditions
    exclude each other.

    ## Why is this bad
    Two sections of `--help`, of the answer file's documentation and of the reference have the same
    heading, so links and readers confuse them.

    ## What it cannot see
    Titles that are computed.
    """

    code = "PD305"
    name = "duplicate-group-title"
    severity = "warning"
    about = "group"
    invalid = (
        config(
            """
            cache = {"GROUP_NAME": "CACHE", "DESCRIPTION": "Options", "PRE_CONDITION_MATCH": True}
            controller.addGroup(cache, [])
            disk = {"GROUP_NAME": "DISK", "DESCRIPTION": "Options", "PRE_CONDITION_MATCH": True}
            controller.addGroup(disk, [])
            """
        ),
    )
    valid = (_GOOD,)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield groups whose title is taken."""
        taken: dict[str, OptionGroup] = {}
        for group in subject.questions.groups:
            title = (known_text(group.description) or "").strip()
            first = taken.setdefault(title.lower(), group)
            if title and first.name != group.name and not _exclude(first, group):
                yield Finding(
                    object=group.name,
                    message=f"group {group.name} has the title of group {first.name}: “{title}”",
                    location=group.fields.get("description", group.location),
                    hint="give them different titles",
                )


def _exclude(one: OptionGroup, other: OptionGroup) -> bool:
    return all_of((one.guard, one.condition, other.guard, other.condition)) == NEVER


class GroupWithoutRegistration(Rule):
    """Find options that are declared but never registered.

    ## What it does
    Looks for the literal `"CONF_NAME": "CONFIG_X"` in plugins and reports names that are not part
    of a registered group.

    ## Why is this bad
    The option looks declared, but it appears in no prompt, no answer file and no help.

    ## What it cannot see
    Names that are computed. A plugin that could only be read in part is not checked.
    """

    code = "PD306"
    name = "group-without-registration"
    severity = "error"
    about = "option"
    reads_files = True
    invalid = (
        config(
            """
            params = [
                {"CONF_NAME": "CONFIG_EXAMPLE", "CMD_OPTION": "example", "USAGE": "One.",
                 "PROMPT": "Enter one"},
            ]
            """
        ),
    )
    valid = (
        _GOOD,
        config(
            '''
            """Declare nothing; an option looks like {"CONF_NAME": "CONFIG_EXAMPLE"}."""
            '''
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield names that no group registers."""
        replaced = {o.name for group in subject.questions.groups for o in group.replaced}
        known = subject.option_names | replaced
        key = subject.protocol.option_keys.name
        for plugin in subject.project.plugins:
            path = plugin.location.path
            if path in subject.problem_paths:
                continue
            for name, location in _written_down(subject.sources.text(path), path, key, known):
                yield Finding(
                    object=name,
                    message=f"{name} is declared, but no group contains it",
                    location=location,
                    hint="add its list to a group with controller.addGroup, or delete it",
                )


def _written_down(
    text: str, path: str, key: str, known: frozenset[str]
) -> Iterator[tuple[str, Location]]:
    """Yield the unknown names in the value of a key of a dict, with their places."""
    literal = rf"[\"']{re.escape(key)}[\"']\s*:\s*[\"'](\w+)[\"']"
    if {match[1] for match in re.finditer(literal, text)} <= known:
        return
    try:
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    except (tokenize.TokenError, SyntaxError):  # another age's Python
        return
    for one, colon, other in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if one.string[1:-1] == key and colon.string == ":" and other.type == tokenize.STRING:
            name = other.string[1:-1]
            if name.isidentifier() and name not in known:
                (line, column), (end_line, end) = other.start, other.end
                yield name, Location(path, line, column + 1, end_line, end + 1)
