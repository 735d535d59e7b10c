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
    Reports every file of the installer whose Python, Puppet or YAML is broken, with the place where
    reading stopped. Such a run ends with exit status 2. Neither `--ignore`, a suppression, a
    baseline nor `--fail-on never` changes that.

    ## Why is this bad
    Nothing can be said of what was not read. A check that skips a file in silence passes exactly
    when it should not.

    ## What it cannot see
    One broken function costs that function only; what stands around it is still checked. Errors
    that only a running Python finds (a wrong name, a missing import) are not looked for.
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
        hint = "fix the syntax; what is declared there is missing from every other answer"
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
    """Find files that look like the installer's and are not read.

    ## What it does
    Reports every plugin, helper module, template and usage document that is not read: it may not be
    opened, is not in its encoding, is too large, is a link that leads nowhere or out of the tree,
    or is a folder, a pipe or a device. A folder that may not be listed is reported as well, and so
    is what another rule failed at, by a mistake in plugindoc: it says nothing of that. The rule is
    always on: neither `--select`, `--ignore`, a comment in a file nor `--fail-on never`
    changes that. A baseline can accept a file by its path.

    ## Why is this bad
    Nothing can be said of what was not read. A check that skips a file in silence passes exactly
    when it should not.

    ## What it cannot see
    Files whose names look like none of these. Hidden folders, and folders called `spec`, `tests`,
    `fixtures`, `build`, `dist` and `node_modules`, are not looked into.
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
        hint = "put a readable file of the tree there, or remove it; nothing in it is checked"
        return _problems(subject, _UNREAD, hint)


_WAYS_OUT: Final[dict[ProblemKind, str]] = {
    "limit": "reading goes no deeper here, and shows it as it is written; plainer code is followed",
    "mistake": "report this to plugindoc, with the code; only this statement is lost",
    "missing": "add the document, or name it in the settings of the protocol",
    "not-understood": "mend it if Puppet refuses it, else write it plainer",
}


class UnanalysableValue(Rule):
    """Find declarations that cannot be resolved without running the installer.

    ## What it does
    Reports what a plugin registers in a way that static reading does not follow, with the reason:
    a group whose name is computed, a list of options that comes from elsewhere, a limit that was
    reached, Puppet code that the reader's grammar does not know.

    ## Why is this bad
    Such a declaration is missing from the documentation, and no other rule can judge it. A plainer
    way to write it helps readers as well.

    ## What it cannot see
    A *default* that only the running installer knows (an address, a random key) is no problem: it
    is shown as the expression that it is.
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
                    hint=_WAYS_OUT.get(problem.kind, "write it so that its value can be read"),
                )


class UnusedSuppression(Rule):
    """Find suppressions and baseline entries that silence nothing.

    ## What it does
    Reports a `plugindoc: ignore[…]` comment whose rules find nothing there, one that names no
    rule, and an entry of the baseline whose finding is mended. The fix deletes the comment;
    `plugindoc check --prune` deletes the entries.

    ## Why is this bad
    A suppression that outlives its cause hides the next mistake in the same place.

    ## What it cannot see
    Suppressions of rules that are not switched on, and entries of paths that a run does not
    report, are left alone.
    """

    code = "PD003"
    name = "unused-suppression"
    severity = "warning"
    about = "file"
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
    """Find suppressions that give no reason.

    ## What it does
    Reports a `plugindoc: ignore[…]` comment with nothing behind the bracket.

    ## Why is this bad
    The next reader cannot tell a decision from a shortcut, and so nobody dares to remove it.

    ## What it cannot see
    Whether the reason is a good one.
    """

    code = "PD004"
    name = "unjustified-suppression"
    severity = "warning"
    about = "file"
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
