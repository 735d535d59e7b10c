"""PD0xx: what could not be read, and suppressions that do nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.rules.base import Rule, config, option, tree
from plugindoc.checking.subject import Leftover, Subject
from plugindoc.model.project import ProblemKind

__all__ = [
    "ParseError",
    "UnanalysableValue",
    "UnjustifiedSuppression",
    "UnreadFile",
    "UnusedSuppression",
]

_UNREAD: Final = ("unreadable", "link")
_TOLD_ELSEWHERE: Final = (*_UNREAD, "parse-error", "malformed")
"""Kinds of problems that are none of PD002: a malformed key is PD503's."""


class ParseError(Rule):
    """Find files that cannot be parsed.

    ## What it does
    Reports every file of the installer whose Python, Puppet or YAML is invalid, with the position
    of the syntax error. The command then exits with status 2. `--ignore`, suppressions, baselines
    and `--fail-on never` do not change that.

    ## Why is this bad
    Nothing in an unparsed file is checked. A check that skipped such files silently would pass when
    it should fail.

    ## What it cannot see
    A broken function affects only that function; the rest of the file is still checked. Errors that
    only occur at run time (a misspelt name, a missing import) are not detected.
    """

    code = "PD001"
    name = "parse-error"
    severity = "error"
    about = "file"
    always = True
    invalid = (
        config('controller.addGroup({"GROUP_NAME": "EXAMPLE", [])'),
        tree({"example/plugins/example_100.py": "def initConfig(:\n"}, shown="def initConfig(:"),
    )
    valid = (config('controller.addGroup({"GROUP_NAME": "EXAMPLE"}, [])'),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the broken places."""
        hint = "fix the syntax; nothing that the file declares is checked"
        return _problems(subject, ("parse-error",), hint)


def _problems(subject: Subject, kinds: tuple[str, ...], hint: str) -> Iterator[Finding]:
    for problem in subject.project.problems:
        if problem.kind in kinds:
            yield Finding(
                object=problem.object or problem.location.path,
                message=problem.message,
                location=problem.location,
                hint=hint,
            )


class UnreadFile(Rule):
    """Find files that belong to the installer but cannot be read.

    ## What it does
    Reports every plugin, helper module, template and usage document that cannot be read: permission
    is denied, the encoding is wrong, the file is too large, a symbolic link is broken or leads out
    of the tree, or the path is a folder, a pipe or a device. Folders that cannot be listed are
    reported too, and so are rules that fail because of an internal error in plugindoc. The rule is
    always on: `--select`, `--ignore`, comments in a file and `--fail-on never` do not change that.
    A baseline can accept a file by its path.

    ## Why is this bad
    Nothing in an unread file is checked. A check that skipped such files silently would pass when
    it should fail.

    ## What it cannot see
    Files whose names do not match any of these kinds. Hidden folders and folders named `spec`,
    `tests`, `fixtures`, `build`, `dist` and `node_modules` are skipped.
    """

    code = "PD005"
    name = "unread-file"
    severity = "error"
    about = "file"
    always = True
    invalid = (
        tree(
            {"example/plugins/example_100.py": "# -*- coding: ascii -*-\nNAME = 'café'\n"},
            shown="# -*- coding: ascii -*-\nNAME = 'café'",
        ),
    )
    valid = (config('controller.addGroup({"GROUP_NAME": "EXAMPLE"}, [])'),)

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield what was not read."""
        hint = "replace it with a readable file in the tree, or remove it; its contents are not "
        "checked"
        return _problems(subject, _UNREAD, hint)


_WAYS_OUT: Final[dict[ProblemKind, str]] = {
    "limit": "plugindoc shows the source instead; simplify the code so that it can be followed",
    "mistake": "this is a bug in plugindoc: report it with the code; only this statement is "
    "skipped",
    "missing": "add the document, or set its name in the settings",
    "not-understood": "fix it if Puppet rejects it; otherwise, simplify it",
}


class UnanalysableValue(Rule):
    """Find declarations that cannot be resolved without running the installer.

    ## What it does
    Reports registrations that static analysis cannot resolve, with the reason: a group with a
    computed name, a list of options that is defined elsewhere, a limit that was reached, or Puppet
    code that the parser does not support.

    ## Why is this bad
    The declaration is missing from the documentation, and no other rule can check it. Simpler code
    is also easier to read.

    ## What it cannot see
    A *default* that is only known at run time (an address, a random key) is not reported. It is
    shown as an expression.
    """

    code = "PD002"
    name = "unanalysable-value"
    severity = "warning"
    about = "file"
    invalid = (
        config("controller.addGroup(load_group(), [])", before="from elsewhere import load_group"),
    )
    valid = (
        config('controller.addGroup({"GROUP_NAME": "EXAMPLE"}, [])'),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_SEED",
                "CMD_OPTION": "example-seed",
                "USAGE": "Seed of the example.",
                "PROMPT": "Enter the seed of the example",
                "DEFAULT_VALUE": uuid.uuid4().hex,
            }
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the problems that are none of a whole file."""
        for problem in subject.project.problems:
            if problem.kind not in _TOLD_ELSEWHERE:
                yield Finding(
                    object=problem.object or problem.location.path,
                    message=problem.message,
                    location=problem.location,
                    hint=_WAYS_OUT.get(
                        problem.kind, "simplify it so that its value can be determined"
                    ),
                )


class UnusedSuppression(Rule):
    """Find suppressions and baseline entries that match no finding.

    ## What it does
    Reports `plugindoc: ignore[…]` comments that match no finding or name an unknown rule, and
    baseline entries whose finding has been fixed. The fix deletes the comment; `plugindoc check
    --prune` removes the entries.

    ## Why is this bad
    An unused suppression hides the next mistake in the same place.

    ## What it cannot see
    Suppressions of disabled rules, and baseline entries for paths that a run does not report, are
    not checked.
    """

    code = "PD003"
    name = "unused-suppression"
    severity = "warning"
    about = "file"
    about_suppressions = True
    invalid = (
        config('controller.addGroup({"GROUP_NAME": "A"}, [])  # plugindoc: ignore[PD202] once'),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE",  # plugindoc: ignore[PD101] documented upstream
                "CMD_OPTION": "example",
                "PROMPT": "Enter an example",
            }
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield what the checker found to be idle."""
        return _told(subject.leftovers)


class UnjustifiedSuppression(Rule):
    """Find suppressions without a reason.

    ## What it does
    Reports `plugindoc: ignore[…]` comments with nothing after the bracket.

    ## Why is this bad
    Without a reason, nobody can tell whether it is safe to remove the suppression.

    ## What it cannot see
    Whether the reason is a good one.
    """

    code = "PD004"
    name = "unjustified-suppression"
    severity = "warning"
    about = "file"
    about_suppressions = True
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE",  # plugindoc: ignore[PD101]
                "CMD_OPTION": "example",
                "PROMPT": "Enter an example",
            }
            """
        ),
    )
    valid = UnusedSuppression.valid

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the bare ones."""
        return _told(subject.unjustified)


def _told(leftovers: Iterable[Leftover]) -> Iterator[Finding]:
    for each in leftovers:
        yield Finding(
            object=each.object,
            message=each.message,
            location=each.location,
            hint=each.hint,
            fix=Fix((Edit(each.span, ""),), safe=True) if each.span is not None else None,
        )
