"""Which classes an installer's manifests use, and what a change of one of these touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import msgspec

from plugindoc.model.anchors import identity
from plugindoc.model.changes import Affected
from plugindoc.model.modules import Parameter, PuppetClass
from plugindoc.model.project import Argument, Include, Step, Template
from plugindoc.model.questions import Questions

__all__ = ["ClassUse", "ClassUses", "Fed"]


class ClassUse(msgspec.Struct, frozen=True):
    """A class or defined type where a template includes or declares it."""

    template: Template
    include: Include

    def passed(self, parameter: str) -> tuple[Argument, ...]:
        """Return what it gives to a parameter."""
        return tuple(each for each in self.include.arguments if each.name == parameter)

    @property
    def is_open(self) -> bool:
        """Whether it may give values to parameters that are not known by name."""
        return any(each.name == "*" for each in self.include.arguments)


class Fed(msgspec.Struct, frozen=True):
    """A parameter of a class outside of the tree that a key gives a value to, and where."""

    name: str
    parameter: Parameter
    use: ClassUse


class ClassUses:
    """Look-ups over one project's uses of classes; made once, then read only."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    @cached_property
    def by_class(self) -> dict[str, tuple[ClassUse, ...]]:
        """All uses by the class's name, in source order; names that are not known are left out."""
        found: dict[str, list[ClassUse]] = defaultdict(list)
        for template in self._questions.project.templates:
            for include in template.includes:
                if include.role == "class" and "*" not in include.name:
                    found[include.name].append(ClassUse(template, include))
        return {name: tuple(uses) for name, uses in found.items()}

    @cached_property
    def _classes(self) -> dict[str, PuppetClass]:
        return {one.name: one for one in self._questions.project.classes}

    def documented(self, use: ClassUse) -> tuple[Parameter, ...]:
        """Return the parameters that get a value where a class outside of the tree is used."""
        outside = self._classes.get(use.include.name)
        names = dict.fromkeys(each.name for each in use.include.arguments)
        known = {} if outside is None else outside.parameters
        return tuple(known[name] for name in names if name in known)

    @cached_property
    def fed(self) -> dict[str, tuple[Fed, ...]]:
        """The parameters of classes outside of the tree that get values from keys, by key."""
        found: dict[str, dict[tuple[str, str], Fed]] = defaultdict(dict)
        for name in self._classes:
            for use in self.by_class.get(name, ()):
                for parameter in self.documented(use):
                    for key in self.keys(use, [parameter.name]):
                        one = Fed(name, parameter, use)
                        found[key].setdefault((name, parameter.name), one)
        return {key: tuple(every.values()) for key, every in found.items()}

    def options(self, use: ClassUse, parameters: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the options that feed some parameters, or all of them, in source order."""
        return tuple(key for key in self.keys(use, parameters) if self._questions.option(key))

    def keys(self, use: ClassUse, parameters: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the keys that feed some parameters, or all of them, in source order.

        What a class passes on from its own parameters is followed to the declarations of that
        class.
        """
        found: dict[str, None] = {}
        seen: set[tuple[str, str]] = set()
        wanted = None if parameters is None else set(parameters)
        given = [one for one in use.include.arguments if wanted is None or one.name in wanted]
        waiting = [(use.template, argument) for argument in given]
        while waiting:
            template, argument = waiting.pop(0)
            found.update(dict.fromkeys(argument.keys))
            for parameter in argument.parameters:
                if (template.class_name, parameter) in seen:
                    continue
                seen.add((template.class_name, parameter))
                for outer in self.by_class.get(template.class_name, ()):
                    waiting += [(outer.template, one) for one in outer.passed(parameter)]
        return tuple(found)

    def affected(
        self, uses: Iterable[ClassUse], parameters: Iterable[str] | None = None
    ) -> Affected:
        """Return what depends on a class that is used like this, or on some of its parameters."""
        used = [*uses]
        templates = list(dict.fromkeys(use.template.name for use in used))
        steps = self._steps(dict.fromkeys(use.template.name for use in used))
        options = list(
            dict.fromkeys(name for use in used for name in self.options(use, parameters))
        )
        owners = [one.plugin for name in options if (one := self._questions.option(name))]
        plugins = dict.fromkeys([*(step.plugin for step in steps), *owners])
        return Affected(
            tuple(templates), tuple(map(identity, steps)), tuple(options), tuple(plugins)
        )

    def _steps(self, names: Iterable[str]) -> list[Step]:
        """Return the steps that bring some templates to a host, through others or at once."""
        found: dict[str, Step] = {}
        seen: set[str] = set()
        waiting = [*names]
        while waiting:
            name = waiting.pop(0)
            template = self._questions.template(name)
            if name in seen or template is None:
                continue
            seen.add(name)
            for bringer in self._questions.brought_in_by(template):
                if isinstance(bringer, Step):
                    found.setdefault(identity(bringer), bringer)
                else:
                    waiting.append(bringer.name)
        return list(found.values())
