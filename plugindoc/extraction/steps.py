"""What steps, hooks, validators and processors do, and the installer around them.

Templates that a step names are linked to those that were found. The installer's own modules are
only searched for keys that they name: what they do with every key alike (they ask for it, mask it,
write it to a file) is no use of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from plugindoc.evaluation.config import Configuration
from plugindoc.evaluation.limits import MAX_ACTIONS, limit_reached
from plugindoc.evaluation.state.values import Arguments, Function, Unknown, Value
from plugindoc.extraction.actions import actions_from, follow
from plugindoc.extraction.declarations import Declarations, DeclaredPlugin
from plugindoc.extraction.faults import contained
from plugindoc.extraction.keys import ANYTHING, NamedKey, named_keys, nodes_of, speaks_of_keys
from plugindoc.extraction.outside import package_files
from plugindoc.extraction.sequences import DeclaredStep
from plugindoc.model.conditions import ALWAYS, Condition, all_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Option, Plugin, Problem, Template, TemplateUse, Use
from plugindoc.model.project import Function as Named
from plugindoc.model.uses import fits
from plugindoc.model.values import Known, Reference, Text
from plugindoc.reading.syntax import Block, ClassDefinition, FunctionDefinition, Global, Statement

__all__ = ["ActionReader"]

_NAME: Final = re.compile(r"""["']([A-Z][A-Z0-9]*_[A-Z0-9_]+)["']""")


def _too_many(location: Location) -> Problem:
    what = limit_reached(MAX_ACTIONS, "actions of the steps of one plugin")
    return Problem(kind="limit", message=what, location=location)


def _size(actions: Actions) -> int:
    """Return how many things a step does, each of which takes about a kilobyte."""
    parts = (actions.uses, actions.commands, actions.templates, actions.resources)
    return sum(map(len, (*parts, actions.messages, actions.failures, actions.incomplete)))


class ActionReader:
    """What the functions of one installer do, asked for one by one after its declarations."""

    def __init__(self, declarations: Declarations, templates: Iterable[Template]) -> None:
        self.declarations = declarations
        self.machine = declarations.machine
        self.helpers = declarations.helpers
        self.templates = [template for template in templates if _is_applied(template)]
        self._of_function: dict[tuple[int, bytes], Actions] = {}
        self._hook_messages = self.helpers.recorder.log.messages
        self.machine.natives.update(self.helpers.natives())
        self.configuration = Configuration()
        self.configuration.answered = True
        declarations.controller.configuration = self.configuration
        for plugin in declarations.plugins:
            self._forget_shared(plugin)

    def _forget_shared(self, plugin: DeclaredPlugin) -> None:
        """Make names that one function sets for another (``global``) refer to themselves."""
        scope = self.machine.heap.write(plugin.module.scope)
        controller = self.declarations.controller
        for hook in plugin.hooks.values():
            body = hook.node.body
            if not isinstance(body, Block) or "global" not in body.source:
                continue
            for node in nodes_of(frozenset({Global}), body.statements):
                if isinstance(node, Global) and not node.enclosing:
                    module, why = plugin.module.parsed, "another function sets it"
                    scope.update(
                        (name, Unknown(node, module, why, (), name))
                        for name in node.names
                        if scope.get(name) is not controller
                    )

    def plugins(self) -> tuple[Plugin, ...]:
        """Return the plugins as the model has them, with what their hooks and steps do."""
        for plugin in self.declarations.plugins:
            left = MAX_ACTIONS
            for sequence in plugin.sequences:
                for declared in sequence.steps:
                    if left > 0:
                        actions = self.of_step(declared, sequence.sequence.guard)
                    else:
                        actions = Actions(incomplete=(_too_many(declared.step.location),))
                    left -= _size(actions)
                    declared.step = msgspec.structs.replace(declared.step, actions=actions)
        return tuple(self._plugin(plugin) for plugin in self.declarations.plugins)

    def _plugin(self, plugin: DeclaredPlugin) -> Plugin:
        """Return a plugin; if this fails, an empty one."""
        place = Location(plugin.found.path, 1)
        module, order = plugin.found.module, plugin.found.order
        found = contained(
            self.declarations.problems,
            place,
            lambda: self.declarations.model_of(plugin),
            lambda: Plugin(module=module, order=order, location=place),
            module,
        )
        actions = contained(
            self.declarations.problems, place, lambda: self.of_hooks(plugin), Actions, module
        )
        return msgspec.structs.replace(found, actions=actions)

    def functions(self, named: Iterable[Named]) -> tuple[Named, ...]:
        """Return validators and processors with what they do."""
        return tuple(
            msgspec.structs.replace(function, actions=self.of_named(function.target))
            for function in named
        )

    def installer(self, plugins: Iterable[Plugin], functions: Iterable[Named]) -> Actions:
        """Return what the installer's own modules do, but for what others account for."""
        covered = [function.actions for function in functions]
        for plugin in plugins:
            covered.append(plugin.actions)
            covered += [step.actions for one in plugin.sequences for step in one.steps]
        return self.of_installer(covered)

    def mentions(self, plugins: Sequence[Plugin], told: Iterable[Use]) -> dict[str, Location]:
        """Return doubtful names that are texts in code, with their first such place.

        Doubtful is what nothing reads, and what is read though nothing declares or sets it. Places
        where an option is declared or a known use names it do not count.
        """
        options = [o for p in plugins for g in p.groups for o in (*g.options, *g.replaced)]
        passed = {(option.location.path, number) for option in options for number in _lines(option)}
        reads: set[str] = set()
        writes = {option.name for option in options}
        for use in told:
            (reads if use.access == "read" else writes).add(use.key)
            passed.add((use.location.path, use.location.line))
        doubtful = reads ^ writes
        found: dict[str, Location] = {}
        for path in (*self._installer_files(), *(p.found.path for p in self.declarations.plugins)):
            text = self.declarations.tree.read(path) or ""
            line, counted = 1, 0
            for match in _NAME.finditer(text):
                if match[1] in doubtful and match[1] not in found:
                    line += text.count("\n", counted, match.start())
                    counted = match.start()
                    if (path, line) not in passed:
                        found[match[1]] = Location(path, line)
        return found

    def of_step(self, declared: DeclaredStep, guard: Condition) -> Actions:
        """Return what a step does; `guard` is that of its sequence."""
        whole = all_of((guard, declared.step.guard))
        given: list[Value] = [self.configuration, self.helpers.messages]
        found = [
            self._follow(function, _taken(function, given), whole)
            for function in declared.functions
            if isinstance(function, Function)
        ]
        return found[0] if len(found) == 1 else _together(found)

    def of_hooks(self, plugin: DeclaredPlugin) -> Actions:
        """Return what a plugin's hooks do beyond declaring."""
        self.helpers.recorder.start()
        messages = [m for m in self._hook_messages if m.location.path == plugin.found.path]
        self.helpers.recorder.log.messages.extend(messages)
        return actions_from(self.machine, self.helpers.recorder, plugin.events, (), ())

    def of_named(self, target: str) -> Actions:
        """Return what a validator or processor does, by its whole dotted name."""
        function = self.declarations.callable(Reference(target, target))
        if not isinstance(function, Function):
            return Actions()
        parameters = [p.name for p in function.node.parameters if not p.kind]
        given = [self._argument(function, name) for name in parameters]
        return self._follow(function, given, ALWAYS)

    def _argument(self, function: Function, name: str) -> Value:
        if name == "config":
            return self.configuration
        return Unknown(function.node, None, "an argument", (), name)

    def _follow(self, function: Function, given: Sequence[Value], guard: Condition) -> Actions:
        identity = (id(function.node), msgspec.json.encode(guard))
        known = self._of_function.get(identity)
        if known is not None:
            return known
        self.helpers.recorder.start()
        arguments = Arguments(list(given), {})
        found = follow(self.machine, self.helpers.recorder, function, arguments, guard)
        linked = tuple(one for used in found.templates for one in self._linked(used))
        found = msgspec.structs.replace(found, templates=linked)
        self._of_function[identity] = found
        return found

    def _linked(self, used: TemplateUse) -> list[TemplateUse]:
        pattern = _name_pattern(used)
        if pattern is None:
            return [used]
        return [
            msgspec.structs.replace(used, template=template.name)
            for template in self.templates
            if fits(pattern, template.name)
        ] or [used]

    # The installer

    def of_installer(self, covered: Iterable[Actions]) -> Actions:
        """Return the keys that the installer's modules name, but for what others account for."""
        told = {(use.key, use.location) for actions in covered for use in actions.uses}
        uses = [use for use in self._installer_uses() if (use.key, use.location) not in told]
        return Actions(uses=tuple(sorted(uses, key=lambda use: use.location)))

    def _installer_uses(self) -> Iterator[Use]:
        for path in self._installer_files():
            if not speaks_of_keys(self.declarations.tree.read(path) or ""):
                continue
            parsed = self.machine.program.parsed(path)
            for statement in () if parsed is None else parsed.statements:
                for named in self._named_in(statement):
                    if named.key != ANYTHING and parsed is not None:
                        yield Use(
                            key=named.key,
                            access=named.access,
                            location=parsed.location(named.node.at),
                            pattern="*" in named.key,
                        )

    def _named_in(self, statement: Statement) -> Iterator[NamedKey]:
        if isinstance(statement, FunctionDefinition):
            yield from named_keys((*statement.decorators, *statement.parameters))
            yield from self.helpers.recorder.searched.of(statement).keys
        elif not isinstance(statement, ClassDefinition) or speaks_of_keys(statement.body.source):
            yield from named_keys([statement])

    def _installer_files(self) -> Iterator[str]:
        """Yield the Python files of the installer's package that name keys, without plugins."""
        tree = self.declarations.tree
        for found in self.declarations.trees:
            for path in package_files(found, tree):
                text = tree.read(path)
                if text is not None and ("config" in text or "CONF" in text):
                    yield path


def _lines(option: Option) -> range:
    location = option.location
    return range(location.line, max(location.line, location.end_line) + 1)


def _is_applied(template: Template) -> bool:
    """Return whether a step can name a template: as a file, whatever that file defines."""
    *folders, file = template.location.path.split("/")
    is_file = template.name.rpartition("/")[2] == file.removesuffix(".pp")
    in_module = "manifests" in folders
    return template.type in {"manifest", "text"} or (is_file and not in_module)


def _name_pattern(used: TemplateUse) -> str | None:
    """Return which names of templates a step can mean; None if nothing of it is known."""
    if isinstance(used.name, Known) and isinstance(used.name.value, str):
        return used.name.value.removesuffix(".pp")
    if isinstance(used.name, Text) and any(isinstance(part, str) for part in used.name.parts):
        parts = (part if isinstance(part, str) else "*" for part in used.name.parts)
        return "".join(parts).removesuffix(".pp")
    return None


def _taken(function: Function, given: Sequence[Value]) -> Sequence[Value]:
    """Return what a step is given: at first nothing, then the configuration, then messages too."""
    parameters = function.node.parameters
    if any(parameter.kind == "*" for parameter in parameters):
        return given
    return given[: sum(not (one.kind or one.keyword_only) for one in parameters)]


def _together(found: Sequence[Actions]) -> Actions:
    """Return several functions' actions as one, for a protocol that runs them all."""
    fields = Actions.__struct_fields__
    return Actions(
        **{
            name: tuple(one for actions in found for one in getattr(actions, name))
            for name in fields
        }
    )
