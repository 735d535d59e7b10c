"""Questions that a project answers at once: by name, when, who uses what, in which order.

`Questions` indexes a `Project` once; every answer after that is a lookup.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from plugindoc.model.anchors import identity
from plugindoc.model.asking import asked_when, naming_groups
from plugindoc.model.conditions import AllOf, AnyOf, Condition, all_of, any_of, options_of
from plugindoc.model.inclusion import Inclusion, inclusions_of, inclusions_of_step
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    Function,
    Option,
    OptionGroup,
    Plugin,
    Project,
    Sequence,
    Step,
    Template,
    UsageEntry,
    Use,
)
from plugindoc.model.uses import Doubt, Fact, Flow, Index, Place, can_be, places_of
from plugindoc.model.values import Known, known_text, members

__all__ = ["Doubt", "Fact", "Flow", "Inclusion", "Place", "Questions"]


class Questions:
    """Look-ups over one project; made once, then read only."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def groups(self) -> tuple[OptionGroup, ...]:
        """All groups, in the order of their plugins."""
        return tuple(group for plugin in self.project.plugins for group in plugin.groups)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """All options that are in force, in the order of their groups."""
        return tuple(option for group in self.groups for option in group.options)

    @cached_property
    def run_order(self) -> tuple[Sequence, ...]:
        """All sequences, as the installer runs them."""
        sequences = (s for plugin in self.project.plugins for s in plugin.sequences)
        return tuple(sorted(sequences, key=lambda sequence: sequence.position))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps, in run order."""
        return tuple(step for sequence in self.run_order for step in sequence.steps)

    @cached_property
    def _options_by_name(self) -> dict[str, list[Option]]:
        found: dict[str, list[Option]] = defaultdict(list)
        for option in self.options:
            found[option.name].append(option)
        return dict(found)

    @cached_property
    def _plugins_by_name(self) -> dict[str, Plugin]:
        return {plugin.module: plugin for plugin in self.project.plugins}

    @cached_property
    def _groups_by_name(self) -> dict[str, list[OptionGroup]]:
        found: dict[str, list[OptionGroup]] = defaultdict(list)
        for group in self.groups:
            found[group.name].append(group)
        return dict(found)

    @cached_property
    def deprecated_names(self) -> dict[str, Option]:
        """Old name to the option that takes its place; live names are left out."""
        found: dict[str, Option] = {}
        for option in self.options:
            for member in members(option.deprecates):
                old = known_text(member)
                if old is not None and old not in self._options_by_name:
                    found.setdefault(old, option)
        return found

    @cached_property
    def value_changes(self) -> dict[str, dict[str, str]]:
        """Old answers to new ones, by option: what plugins declare in ``VALUE_CHANGES``."""
        found: dict[str, dict[str, str]] = {}
        for plugin in self.project.plugins:
            told = plugin.value_changes
            table = told.value if isinstance(told, Known) else None
            for name, values in table.items() if isinstance(table, dict) else ():
                if isinstance(values, dict):
                    found.setdefault(name, {}).update(
                        (str(old), str(new)) for old, new in values.items()
                    )
        return found

    def options_named(self, name: str) -> tuple[Option, ...]:
        """Return the declarations of an option, in source order."""
        return tuple(self._options_by_name.get(name, ()))

    def option(self, name: str) -> Option | None:
        """Return the first declaration of an option; an old name means the new one."""
        found = self._options_by_name.get(name)
        return found[0] if found else self.deprecated_names.get(name)

    def plugin(self, module: str) -> Plugin | None:
        """Return a plugin by its module's name."""
        return self._plugins_by_name.get(module)

    def groups_named(self, name: str) -> tuple[OptionGroup, ...]:
        """Return the groups of a name, in source order."""
        return tuple(self._groups_by_name.get(name, ()))

    @cached_property
    def _homes(self) -> dict[int, OptionGroup]:
        """Groups by the identities of their options, which the project keeps alive."""
        return {
            id(option): group
            for group in self.groups
            for option in (*group.options, *group.replaced)
        }

    def group_of(self, option: Option) -> OptionGroup:
        """Return the group that an option of this project belongs to."""
        return self._homes.get(id(option)) or next(
            group
            for group in self._groups_by_name[option.group]
            if option in group.options or option in group.replaced
        )

    @cached_property
    def _templates_by_name(self) -> dict[str, Template]:
        return {template.name: template for template in self.project.templates}

    def template(self, name: str) -> Template | None:
        """Return a template by its identity."""
        return self._templates_by_name.get(name)

    @cached_property
    def _functions_by_name(self) -> dict[str, Function]:
        return {function.name: function for function in self.project.functions}

    def function(self, name: str) -> Function | None:
        """Return a validator or processor by its qualified name."""
        return self._functions_by_name.get(name)

    def like(self, name: str) -> str:
        """Return the short name of the validator of Packstack that a function is, "" for others."""
        found = self._functions_by_name.get(name)
        return "" if found is None else found.like

    @cached_property
    def _usage_by_place(self) -> dict[tuple[str, str, int], UsageEntry]:
        return {
            (document.path, entry.name, entry.location.line): entry
            for document in self.project.usage_documents
            for entry in document.entries
        }

    def usage_entry(self, option: Option) -> UsageEntry | None:
        """Return the entry of the usage document that an option's text comes from."""
        place: Location | None = option.usage_location
        if place is None:
            return None
        return self._usage_by_place.get((place.path, option.name, place.line))

    # When

    @cached_property
    def _naming(self) -> dict[str, list[OptionGroup]]:
        return naming_groups(self.groups)

    def named_by(self, name: str) -> tuple[OptionGroup, ...]:
        """Return the groups whose pre- or post-condition is the name of an option.

        They need its answer, so that it is asked even if its own group is not.
        """
        return tuple(self._naming.get(name, ()))

    def shown_when(self, option: Option) -> Condition:
        """Return when an option is asked: with its group, or because a condition names it."""
        return asked_when(option, self.group_of(option), self._naming)

    def shown_when_in_full(self, option: Option) -> Condition:
        """Return `shown_when` with the conditions of the options that it needs, transitively."""
        return self.in_full(self.shown_when(option), option.name)

    def in_full(self, condition: Condition, *known: str) -> Condition:
        """Return a condition with those of the options that it needs, but for `known` ones.

        Of alternatives, one is enough: what only one of them needs is left out.
        """
        seen = {*known}
        waiting = [condition]
        found: list[Condition] = []
        while waiting:
            condition = waiting.pop(0)
            found.append(condition)
            for name in _needed(condition):
                named = self.option(name)
                if named is not None and name not in seen:
                    seen.add(name)
                    waiting.append(self.shown_when(named))
        return all_of(found)

    @cached_property
    def run_conditions(self) -> tuple[tuple[Sequence, Condition, tuple[Condition, ...]], ...]:
        """The sequences in run order, each with when it runs, and when each of its steps does."""
        return tuple(
            (
                sequence,
                all_of((sequence.guard, sequence.condition)),
                tuple(
                    all_of((sequence.guard, sequence.condition, step.guard))
                    for step in sequence.steps
                ),
            )
            for sequence in self.run_order
        )

    @cached_property
    def _running(self) -> dict[int, Condition]:
        """When steps run, by their identities, which the project keeps alive."""
        return {
            id(step): when
            for sequence, _, conditions in self.run_conditions
            for step, when in zip(sequence.steps, conditions, strict=True)
        }

    def runs_when(self, step: Step) -> Condition:
        """Return when a step of this project runs, with its sequence."""
        return self._running[id(step)]

    @cached_property
    def _rewriting(self) -> dict[int, tuple[Use, ...]]:
        """Where steps set options, or keys that hooks set, by the steps' identities."""
        hooks = [use for plugin in self.project.plugins for use in plugin.actions.uses]
        known = {option.name for option in self.options}
        known |= {use.key for use in hooks if use.access == "write" and not use.pattern}
        patterns = {use.key for use in hooks if use.access == "write" and use.pattern}

        def is_known(use: Use) -> bool:
            return use.key in known or any(can_be(use.key, pattern) for pattern in patterns)

        return {
            id(step): tuple(
                use
                for use in step.actions.uses
                if use.access == "write" and (use.pattern or is_known(use))
            )
            for step in self.steps
        }

    def rewrites(self, step: Step) -> tuple[Use, ...]:
        """Return where a step of this project sets a key that may have a value before any step."""
        return self._rewriting[id(step)]

    def applied_when(self, template: Template) -> Condition:
        """Return when a step brings a template to a host, itself or through others."""
        ways = self.ways_to_hosts(template)
        return any_of(all_of((self.runs_when(step), way.guard)) for step, way in ways)

    @cached_property
    def _revealed(self) -> dict[str, list[OptionGroup | Sequence | Step]]:
        found: dict[str, list[OptionGroup | Sequence | Step]] = defaultdict(list)
        for group in self.groups:
            for name in options_of(all_of((group.guard, group.condition))):
                found[name].append(group)
        for sequence in self.run_order:
            of_sequence = options_of(all_of((sequence.guard, sequence.condition)))
            for name in of_sequence:
                found[name].append(sequence)
            for step in sequence.steps:
                for name in options_of(step.guard):
                    if name not in of_sequence:
                        found[name].append(step)
        return dict(found)

    def reveals(self, name: str) -> tuple[OptionGroup | Sequence | Step, ...]:
        """Return the groups, sequences and steps whose conditions name an option."""
        return tuple(self._revealed.get(name, ()))

    # Who uses what

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every use of a configuration key, in the order in which they happen."""
        return tuple(places_of(self.project, self.run_order))

    @cached_property
    def _uses(self) -> Index:
        return Index(self.project, self.places)

    def places_of(self, key: str) -> tuple[Place, ...]:
        """Return the uses of a key, patterns that can mean it included, in their order."""
        return self._uses.of(key)

    def read_by(self, key: str) -> tuple[Place, ...]:
        """Return the places that read a key, or may."""
        return self._uses.readers(key)

    def written_by(self, key: str) -> tuple[Place, ...]:
        """Return the places that set a key, or may."""
        return self._uses.writers(key)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The keys that code sets and that are no options, in the order in which they are set."""
        return tuple(self._uses.facts())

    def fact(self, key: str) -> Fact | None:
        """Return a fact by its key; a key that only a pattern covers gets the pattern's."""
        exact = next((fact for fact in self.facts if fact.key == key), None)
        return exact or next((f for f in self.facts if f.pattern and can_be(f.key, key)), None)

    @cached_property
    def never_read(self) -> tuple[Doubt, ...]:
        """The options that nothing reads: no condition, code or template."""
        return tuple(self._uses.never_read())

    @cached_property
    def facts_never_read(self) -> tuple[Doubt, ...]:
        """The facts that nothing reads, each with where it is set."""
        return tuple(self._uses.facts_never_read())

    @cached_property
    def undeclared_reads(self) -> tuple[Doubt, ...]:
        """The keys that are read but neither declared nor set, each with its readers."""
        return tuple(self._uses.undeclared())

    @cached_property
    def read_before_set(self) -> tuple[Doubt, ...]:
        """The facts that a step reads before the first step that sets them."""
        return tuple(self._uses.read_before_set())

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """What flows from step to step and to templates, in run order."""
        turns = {identity(step): number for number, step in enumerate(self.steps)}
        return tuple(sorted(self._uses.flows(), key=lambda flow: turns[flow.writer]))

    # Templates

    @cached_property
    def _brought(self) -> dict[str, tuple[Inclusion, ...]]:
        return {}

    def brings(self, template: Template) -> tuple[Inclusion, ...]:
        """Return the templates that a template brings in, through others too, nearest first."""
        found = self._brought.get(template.name)
        if found is None:
            found = tuple(inclusions_of(template, self._templates_by_name))
            self._brought[template.name] = found
        return found

    def templates_of(self, step: Step) -> tuple[Inclusion, ...]:
        """Return the templates that a step brings to hosts: those it names, and through them."""
        return tuple(inclusions_of_step(step, self._templates_by_name))

    @cached_property
    def _ways(self) -> dict[str, tuple[tuple[Step, Inclusion], ...]]:
        found: dict[str, list[tuple[Step, Inclusion]]] = defaultdict(list)
        for step in self.steps:
            if step.actions.templates:
                for brought in self.templates_of(step):
                    found[brought.template.name].append((step, brought))
        return {name: tuple(ways) for name, ways in found.items()}

    def ways_to_hosts(self, template: Template) -> tuple[tuple[Step, Inclusion], ...]:
        """Return the steps that bring a template to hosts, each with the way that it takes."""
        return self._ways.get(template.name, ())

    @cached_property
    def _bringers(self) -> dict[str, tuple[Template | Step, ...]]:
        found: dict[str, list[Template | Step]] = defaultdict(list)
        for step in self.steps:
            for name in dict.fromkeys(used.template for used in step.actions.templates):
                found[name].append(step)
        for template in self.project.templates:
            for name in dict.fromkeys(include.template for include in template.includes):
                found[name].append(template)
        return {name: tuple(bringers) for name, bringers in found.items() if name}

    def brought_in_by(self, template: Template) -> tuple[Template | Step, ...]:
        """Return the steps that name a template and the templates that include it."""
        return self._bringers.get(template.name, ())


def _needed(condition: Condition) -> tuple[str, ...]:
    """Return the options that a condition names in each of its alternatives."""
    parts = condition.conditions if isinstance(condition, AllOf) else (condition,)
    needed = (options_of(part) for part in parts if not isinstance(part, AnyOf))
    return tuple(dict.fromkeys(name for names in needed for name in names))
