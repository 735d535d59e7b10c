"""What a rule is: one small class that is also its documentation page and its tests."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import ClassVar, Literal, TypeAlias

from plugindoc.checking.diagnostics import Finding, Severity
from plugindoc.checking.subject import Subject
from plugindoc.examples import (
    PORT,
    STEPS,
    Example,
    Made,
    config,
    document,
    made_late,
    manifest,
    option,
    sequences,
    tree,
)

__all__ = [
    "PORT",
    "STEPS",
    "About",
    "Example",
    "Made",
    "Rule",
    "config",
    "document",
    "made_late",
    "manifest",
    "option",
    "sequences",
    "tree",
]

About: TypeAlias = Literal[
    "option", "group", "step", "sequence", "plugin", "template", "entry", "file"
]


class Rule:
    """One kind of mistake that the check finds.

    A subclass's docstring is its page: a line that says what it finds, and the sections *What it
    does*, *Why is this bad* and *What it cannot see*; the first examples complete it. `about` is
    the kind of thing that its findings concern. If a rule of `unless` has a finding for the same
    thing, this one has none: the same cause is reported once. `reads_files` is true if the model is
    not enough and the rule looks at the files themselves. `always` is true if the rule is on
    whatever is selected or ignored, and comments do not suppress it. `about_suppressions` is true
    where the rule needs the results of the others, to judge what silences them.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    about: ClassVar[About] = "option"
    unless: ClassVar[tuple[str, ...]] = ()
    reads_files: ClassVar[bool] = False
    always: ClassVar[bool] = False
    about_suppressions: ClassVar[bool] = False
    invalid: ClassVar[tuple[Example, ...]]
    valid: ClassVar[tuple[Example, ...]]

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield what is wrong."""
        raise NotImplementedError

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the page, without a full stop."""
        return _documentation(cls).partition("\n")[0].removesuffix(".")

    @classmethod
    def body(cls) -> str:
        """Return the page's sections as Markdown."""
        return _documentation(cls).partition("\n")[2].strip()

    @classmethod
    def what(cls) -> str:
        """Return the section *What it does*, in one line of plain text."""
        section = cls.body().partition("## What it does")[2].partition("\n## ")[0]
        return " ".join(section.replace("`", "").split())


def _documentation(rule: type[Rule]) -> str:
    """Return a class's docstring without its indentation."""
    first, _, rest = (rule.__doc__ or "").partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}"
