"""Two generations of Puppet modules to what changed for an installer that uses them.

Only what the installer's manifests use is compared: classes that they include or declare, and of
these the parameters that they give, or leave to a default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from plugindoc.changes.change import IMPACTS, Change, Impact
from plugindoc.changes.comparison import Comparison, Unread
from plugindoc.changes.wording import from_to
from plugindoc.model.changes import Affected
from plugindoc.model.class_uses import ClassUse, ClassUses
from plugindoc.model.locations import Location
from plugindoc.model.modules import Classes, Parameter, PuppetClass, classes_of
from plugindoc.model.project import Project
from plugindoc.model.questions import Questions
from plugindoc.model.wording import listed

__all__ = ["KINDS", "compare_modules"]

KINDS: Final[Mapping[str, tuple[Impact, str]]] = {
    "class-removed": ("breaking", "a class or defined type that is used was removed"),
    "class-renamed": ("breaking", "a class or defined type that is used was renamed"),
    "class-deprecated": ("notable", "a class or defined type that is used was deprecated"),
    "parameter-removed": ("breaking", "a parameter that is set was removed"),
    "parameter-renamed": ("breaking", "a parameter that is set was renamed"),
    "parameter-required": ("breaking", "a parameter that is not set is now required"),
    "parameter-deprecated": ("notable", "a parameter that is set was deprecated"),
    "parameter-type": ("notable", "the type of a parameter that is set changed"),
    "parameter-default": ("notable", "the default of a parameter that is not set changed"),
}
"""The kinds of change, with impact and meaning."""

_TOP_SCOPE: Final = re.compile(r"\$::(\w+)\b(?!::)")
_PLAIN_TEXT: Final = re.compile(r'"([^"$\\\']*)"')
_ELSEWHERE: Final = re.compile(r"\$(?!facts\b)|\blookup\(")
_SPACE: Final = re.compile(r"\s+|,(?=\s*[\])}])")
_CLASS_NAME: Final = re.compile(r"\b[a-z]\w*(?:::[a-z]\w*)+\b")
_WORD: Final = re.compile(r"\b[a-z]\w+\b")
_ENOUGH: Final = 3
"""Parameters that two classes have to share to be taken for one with a new name."""
_LONG_ENOUGH: Final = 20
"""Characters of a text that two parameters have to share."""


def compare_modules(old: Classes, new: Classes, project: Project) -> Comparison:
    """Return what changed, from `old` to `new`, of what a project's manifests use.

    Classes of the project itself are left out. What may be in a file that could not be read does
    not count as removed.
    """
    found = list(_Comparing(old, new, project).changes())
    order = list(KINDS)
    found.sort(key=lambda one: (IMPACTS.index(one.impact), order.index(one.id.partition(":")[0])))
    used = {one.partition("::")[0] for one in ClassUses(Questions(project)).by_class}
    problems = [
        Unread(side, problem)
        for side, classes in _sides(old, new)
        for problem in classes.problems
        if classes.unread_module(problem) in used
    ]
    return Comparison(tuple(found), tuple(problems))


def _sides(
    old: Classes, new: Classes
) -> tuple[tuple[Literal["old", "new"], Classes], tuple[Literal["old", "new"], Classes]]:
    return ("old", old), ("new", new)


class _Comparing:
    """One comparison; `lost` are the files of the new side that could not be read."""

    def __init__(self, old: Classes, new: Classes, project: Project) -> None:
        self.old = old
        self.new = new
        questions = Questions(project)
        self.uses = ClassUses(questions)
        self.data = {one.use.key for one in questions.places if one.use.access == "write"}
        self.own = classes_of(project.templates)
        self.lost = {problem.location.path for problem in new.problems}

    def changes(self) -> Iterator[Change]:
        for name, uses in self.uses.by_class.items():
            before, after = self.old.by_name.get(name), self.new.by_name.get(name)
            if before is None or name in self.own:
                continue
            if after is not None:
                yield from self.of_class(before, after, uses)
            elif before.location.path not in self.lost:
                yield self.gone(before, uses)

    # Classes

    def gone(self, before: PuppetClass, uses: tuple[ClassUse, ...]) -> Change:
        affects = self.uses.affected(uses)
        heir, how = self.heir(before)
        if heir is None:
            return _change(
                "class-removed",
                before.name,
                f"was removed; {_used(uses, affects)}",
                f"Take {before.name} out of the manifests, or stay with the old modules.",
                affects,
                places=(before.location, None),
            )
        reason = "takes its place" if how == "declared" else "has the same parameters"
        return _change(
            "class-renamed",
            heir.name,
            f"was removed; {heir.name} {reason}; {_used(uses, affects)}",
            f"Use {heir.name} instead.",
            affects,
            old_name=before.name,
            rename=how,
            places=(before.location, heir.location),
        )

    def heir(self, before: PuppetClass) -> tuple[PuppetClass | None, Literal["declared", "likely"]]:
        """Return the class that replaces one: named by its deprecation, or of its parameters."""
        for name in _CLASS_NAME.findall(before.deprecated):
            if name != before.name and name in self.new:
                return self.new.by_name[name], "declared"
        names = before.parameters.keys()
        if len(names) >= _ENOUGH:
            for name, each in self.new.by_name.items():
                if name not in self.old and names == each.parameters.keys():
                    return each, "likely"
        return None, "likely"

    def of_class(
        self, before: PuppetClass, after: PuppetClass, uses: tuple[ClassUse, ...]
    ) -> Iterator[Change]:
        if after.deprecated and not before.deprecated:
            affects = self.uses.affected(uses)
            yield _change(
                "class-deprecated",
                before.name,
                f"is deprecated; {_used(uses, affects)}",
                _sentence(after.deprecated),
                affects,
                places=(before.location, after.location),
            )
        given = dict.fromkeys(one.name for use in uses for one in use.include.arguments)
        for name in given:
            parameter = before.parameters.get(name)
            if parameter is not None:
                passing = tuple(use for use in uses if use.passed(name))
                yield from self.given(before, after, parameter, passing)
        for parameter in after.parameters.values():
            missing = tuple(
                use for use in uses if not use.passed(parameter.name) and not use.is_open
            )
            # A class is declared once: if one use gives a value, the others need none.
            is_given = after.kind == "class" and len(missing) < len(uses)
            if missing and not is_given and f"{after.name}::{parameter.name}" not in self.data:
                yield from self.left_out(before, parameter, missing)

    # Parameters

    def given(
        self,
        before: PuppetClass,
        after: PuppetClass,
        parameter: Parameter,
        uses: tuple[ClassUse, ...],
    ) -> Iterator[Change]:
        """Yield what changed of a parameter that is given a value."""
        affects = self.uses.affected(uses, [parameter.name])
        name, told = f"{before.name}::{parameter.name}", _used(uses, affects)
        now = after.parameters.get(parameter.name)
        if now is None:
            yield self.parameter_gone(before, after, parameter, told, affects)
            return
        places = (parameter.location, now.location)
        if now.deprecated and not parameter.deprecated:
            says, hint = f"is deprecated; {told}", _sentence(now.deprecated)
            yield _change("parameter-deprecated", name, says, hint, affects, places=places)
        if _same(parameter.type, now.type):
            return
        says = f"takes {now.type or 'any value'} instead of {parameter.type or 'any value'}; {told}"
        yield _change(
            "parameter-type",
            name,
            says,
            "See that what the manifests give it is of that type." if now.type else "",
            affects,
            values=(parameter.type, now.type),
            places=places,
        )

    def parameter_gone(
        self,
        before: PuppetClass,
        after: PuppetClass,
        parameter: Parameter,
        told: str,
        affects: Affected,
    ) -> Change:
        come = [one for one in after.parameters.values() if one.name not in before.parameters]
        declared = set(_WORD.findall(parameter.deprecated)) - {parameter.name}
        heirs = [one for one in after.parameters.values() if one.name in declared]
        how: Literal["declared", "likely"] = "declared" if heirs else "likely"
        if not heirs and len(parameter.text) > _LONG_ENOUGH:
            heirs = [one for one in come if one.text == parameter.text]
        if not heirs:
            return _change(
                "parameter-removed",
                f"{before.name}::{parameter.name}",
                f"was removed; {told}",
                "Take it out of the manifests.",
                affects,
                places=(parameter.location, after.location),
            )
        reason = "as its deprecation says" if how == "declared" else "as their texts are the same"
        return _change(
            "parameter-renamed",
            f"{before.name}::{heirs[0].name}",
            f"is the new name of {parameter.name}, {reason}; {told}",
            f"Give the value to {heirs[0].name}.",
            affects,
            old_name=f"{before.name}::{parameter.name}",
            rename=how,
            places=(parameter.location, heirs[0].location),
        )

    def left_out(
        self,
        before: PuppetClass,
        now: Parameter,
        uses: tuple[ClassUse, ...],
    ) -> Iterator[Change]:
        """Yield what changed of a parameter that is left to its default."""
        affects = self.uses.affected(uses, [])
        name, told = f"{before.name}::{now.name}", _used(uses, affects)
        parameter = before.parameters.get(now.name)
        if now.default is None:
            if parameter is None or parameter.default is not None:
                says = f"has no default and needs a value; {told}"
                hint = "Give it a value, or set it in Puppet's data."
                place = (parameter or before).location
                places = (place, now.location)
                yield _change("parameter-required", name, says, hint, affects, places=places)
        elif parameter is not None and _differ(parameter.default or "", now.default):
            yield _change(
                "parameter-default",
                name,
                f"has another default{from_to(parameter.default, now.default)}; {told}",
                "Give it the old value where that is meant.",
                affects,
                values=(parameter.default or "", now.default),
                places=(parameter.location, now.location),
            )


def _change(  # noqa: PLR0913 - a change has these parts
    kind: str,
    name: str,
    says: str,
    hint: str,
    affects: Affected,
    *,
    old_name: str = "",
    rename: Literal["declared", "likely"] | None = None,
    values: tuple[str, str] | None = None,
    places: tuple[Location | None, Location | None] = (None, None),
) -> Change:
    thing, _, what = kind.partition("-")
    return Change(
        kind=what,
        thing="class" if thing == "class" else "parameter",
        name=name,
        old_name=old_name,
        impact=KINDS[kind][0],
        old=values[0] if values else None,
        new=values[1] if values else None,
        old_location=places[0],
        new_location=places[1],
        message=f"{old_name if kind == 'class-renamed' else name} {says}.",
        hint=hint,
        rename=rename,
        affects=affects,
    )


def _used(uses: tuple[ClassUse, ...], affects: Affected) -> str:
    """Return in words where something is used, and what this is part of."""
    places = listed(f"{use.template.name} ({use.include.location})" for use in uses)
    told = f"it is used by {places}"
    if affects.plugins:
        told += f", of {listed(affects.plugins)}"
    if affects.options:
        told += f", with {listed(affects.options)}"
    return told


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!")) else f"{text}."


def _same(old: str, new: str) -> bool:
    """Return whether two pieces of Puppet code are equivalent."""
    return _plain(old) == _plain(new)


def _differ(old: str, new: str) -> bool:
    """Return whether two defaults are known to differ: a variable of a module can be anything."""
    return not _same(old, new) and not any(_ELSEWHERE.search(_plain(one)) for one in (old, new))


def _plain(text: str) -> str:
    text = _TOP_SCOPE.sub(r"$facts['\1']", text).replace("$::", "$")
    return _SPACE.sub("", _PLAIN_TEXT.sub(r"'\1'", text))
