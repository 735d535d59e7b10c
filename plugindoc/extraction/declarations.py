"""What all plugins of an installer declare: their hooks are followed, in the installer's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

import msgspec

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.interpreter import Interpreter
from plugindoc.evaluation.limits import MEMBERS_A_STEP, Stop, reason_of
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.program import Program
from plugindoc.evaluation.state.branching import Raised
from plugindoc.evaluation.state.paths import condition_of
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    Bound,
    Function,
    ModuleValue,
    Object,
    Unknown,
    Value,
    alternatives,
)
from plugindoc.evaluation.transfer.calls import call_function
from plugindoc.evaluation.transfer.exceptions import error_name
from plugindoc.extraction.controller import Call, Controller
from plugindoc.extraction.freeze import freeze, location_of, reference
from plugindoc.extraction.groups import make_group
from plugindoc.extraction.helpers import Helpers
from plugindoc.extraction.outside import needs
from plugindoc.extraction.sequences import DeclaredSequence, RunOrder, make_sequence
from plugindoc.extraction.usage import UsageTexts
from plugindoc.model import values as model
from plugindoc.model.conditions import Always, options_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Constraint, OptionGroup, Plugin, Problem
from plugindoc.protocol import Protocol
from plugindoc.reading.bases import Bases
from plugindoc.reading.discovery import Found, FoundPlugin
from plugindoc.reading.files import Trees
from plugindoc.reading.syntax import Node

_DEEPEST_CALLABLE: Final = 3
"""Lists and dicts within one another in which a declaration may hold a function."""

__all__ = ["Declarations", "DeclaredPlugin", "read_declarations"]


class DeclaredPlugin(msgspec.Struct, eq=False):
    """A plugin while it is read: what it declared so far, and what its hooks did."""

    found: FoundPlugin
    module: ModuleValue
    groups: list[OptionGroup] = []
    sequences: list[DeclaredSequence] = []
    raised: list[tuple[str, Raised]] = []
    events: list[Event] = []
    hooks: dict[str, Function] = {}

    @property
    def is_outside(self) -> bool:
        """Whether the plugin is one of a base."""
        return self.found.path.startswith("/")


class Declarations:
    """All that an installer's plugins declare, and the machine that followed them."""

    def __init__(self, found: Found, tree: Trees, protocol: Protocol, bases: Bases) -> None:
        self.found = found
        self.tree = tree
        self.bases = bases
        self.needs: tuple[str, ...] = ()
        self.protocol = protocol
        self.problems: list[Problem] = []
        self.plugins: list[DeclaredPlugin] = []
        self.order = RunOrder()
        in_bases = [UsageTexts(base, protocol) for base in tree.bases.values()]
        self.usage = UsageTexts(tree.own, protocol, in_bases)
        self.controller = Controller(protocol, self._register)
        self.helpers = Helpers(protocol.steps)
        self.controller.messages = self.helpers.messages
        paths = [path for one in self.trees for path in _import_paths(one, protocol)]
        self.machine = Interpreter(Program(tree, tuple(paths)), self._natives())
        self._callables: dict[tuple[str, Location | None], Function | Bound] = {}
        self._current: DeclaredPlugin | None = None
        self._told: set[tuple[str, Location, str]] = set()

    @property
    def trees(self) -> tuple[Found, ...]:
        """What was found in the tree itself, and then in those of its bases."""
        return (self.found, *self.bases.trees.values())

    def _natives(self) -> dict[str, Callable[..., Value]]:
        controller = self.controller
        found: dict[str, Callable[..., Value]] = {}
        for name in self.protocol.usage.loaders:
            found[f"*.{name}"] = self.usage.load
        for name in self.protocol.config.controllers:
            found[f"*.{name}"] = lambda *_: controller
        return found

    def read(self) -> None:
        """Follow the hooks of all plugins: first all declare options, then all add sequences."""
        for found in self._plugins():
            module = self.machine.program.load(found.path, found.module)
            if module is not None:
                self.machine.run_module(module)
                plugin = DeclaredPlugin(found, module)
                self.plugins.append(plugin)
                for raised in self.machine.ended.get(module.name, ()):
                    if not raised.path:
                        self._ends(plugin, "the module", raised)
        modules = [plugin.module for plugin in self.plugins if not plugin.is_outside]
        program = self.machine.program
        self.needs = needs(self.found, self.tree, program, modules, self.protocol)
        self.controller.elsewhere = self._elsewhere
        hooks = self.protocol.hooks
        for plugin in self.plugins:
            self._follow(plugin, hooks.declare)
        self.controller.configuration.answered = True
        self.controller.configuration.forget(self.controller.options)
        for plugin in self.plugins:
            self._follow(plugin, hooks.sequences)

    def _plugins(self) -> list[FoundPlugin]:
        """Return the plugins of all trees in load order; of namesakes, the first tree's."""
        found: dict[str, FoundPlugin] = {}
        for tree in self.trees:
            for plugin in tree.plugins:
                found.setdefault(plugin.module, plugin)
        return sorted(found.values(), key=lambda plugin: plugin.order)

    @cached_property
    def _exported(self) -> frozenset[str]:
        """The names of the options and groups that exported bases hold."""
        projects = self.bases.exports.values()
        groups = [g for project in projects for plugin in project.plugins for g in plugin.groups]
        options = [option for group in groups for option in group.options]
        return frozenset([*(group.name for group in groups), *(option.name for option in options)])

    def _elsewhere(self, name: str, node: Node) -> str:
        """Return why nothing is known of an option or group that the plugins read do not declare.

        In a whole installer that is "", since there is none. That a base lacks one is a problem,
        and no reason to lose what the plugin declares after it has asked.
        """
        plugin = self._current
        if plugin is None or plugin.is_outside or not (self.needs or self.bases.names):
            return ""
        if self.bases.names and name not in self._exported:
            bases = ", ".join(self.bases.names)
            message = f"{name} is declared neither here nor in the base {bases}"
            self._problem("unknown-declaration", message, node, plugin)
        return f"{name} is not declared in this tree"

    def _follow(self, plugin: DeclaredPlugin, name: str) -> None:
        """Follow a hook."""
        machine = self.machine
        hook = machine.narrow(machine.heap.read(plugin.module.scope).get(name, ABSENT))
        if not isinstance(hook, Function):
            return
        plugin.hooks[name] = hook
        self._current = plugin
        machine.start(plugin.module)
        machine.events = plugin.events
        try:
            call_function(machine, hook, Arguments([self.controller], {}), hook.node)
        except Stop:
            pass
        except Exception as error:  # noqa: BLE001 - one plugin must not end the reading of all
            machine.report_limit(hook.node, reason_of(error))
            self._problem("limit", "evaluation gave up here", hook.node, plugin)
        finally:
            self.problems.extend(self._limits(plugin.events, plugin.found.module))
            plugin.raised.extend((name, raised) for raised in machine.raised)
            machine.finish()
            self._current = None

    def module_limits(self) -> Iterator[Problem]:
        """Yield the limits that modules reached when they were run, outside of all hooks."""
        return self._limits(self.machine.limits, "")

    def _limits(self, events: list[Event], owner: str) -> Iterator[Problem]:
        for event in events:
            if event.kind not in ("limit", "mistake") or event.module is None:
                continue
            location = event.module.location(event.node.at)
            if (owner, location, event.text) not in self._told:
                self._told.add((owner, location, event.text))
                yield Problem(
                    kind=event.kind,
                    message=event.text,
                    location=location,
                    object=owner,
                )

    def _register(self, machine: Machine, call: Call) -> None:
        plugin = self._current
        if plugin is None:
            return
        if call.what == "group":
            self._register_group(machine, call, plugin)
            return
        found = make_sequence(machine, self.protocol, call, plugin.found.module)
        steps = call.values["steps"]
        members = listed_or_none(machine, steps, call.node)
        if members is None:
            self._unknown("the steps of this sequence", steps, call, found.sequence.title)
        self._tell_unread("a step of this sequence", members, call, found.sequence.title)
        plugin.sequences.append(found)
        self.order.add(found)

    def _register_group(self, machine: Machine, call: Call, plugin: DeclaredPlugin) -> None:
        group = call.values["group"]
        if not isinstance(group, Object) or group.kind != "dict":
            self._unknown("this option group", group, call)
            return
        params = listed_or_none(machine, call.values["params"], call.node)
        if call.values["params"] in (None, ABSENT):
            params = []
        location = location_of((call.node, call.module)) or Location(plugin.found.path, 1)
        place = (plugin.found.module, location, call.node)
        made = make_group(machine, self.protocol, group, params or [], place)
        if params is None:
            self._unknown("the options of this group", call.values["params"], call, made.name)
        self._tell_unread("an option of this group", params, call, made.name)
        plugin.groups.append(made)
        for param in params or ():
            self._keep_callables(param)
        self.controller.remember(machine, group, params or [], made)

    def _keep_callables(self, value: Value, depth: int = 0) -> None:
        """Keep the functions that a declaration holds, to be called later by their references."""
        if depth > _DEEPEST_CALLABLE:
            return
        for one in alternatives(value):
            if isinstance(one, Function | Bound):
                named = reference(one)
                if named is not None:
                    self._callables[named.target, named.location] = one
            elif isinstance(one, Object) and one.kind in ("dict", "list"):
                content = self.machine.heap.read(one)
                self.machine.steps -= len(content) // MEMBERS_A_STEP
                for member in content.values() if isinstance(content, dict) else content:
                    self._keep_callables(member, depth + 1)
            elif isinstance(one, tuple):
                for member in one:
                    self._keep_callables(member, depth + 1)

    def callable(self, named: model.Reference) -> Function | Bound | None:
        """Return the function that a reference means; None if its code is not in the tree."""
        found = self._callables.get((named.target, named.location))
        if found is not None:
            return found
        module, _, name = named.target.rpartition(".")
        # The root of a package without `__init__.py` is the package's own folder.
        inside = module.removeprefix(f"{self.found.root.name}.")
        for one in dict.fromkeys((module, inside)) if self.plugins else ():
            home = self.machine.program.find(one, self.plugins[0].module)
            function = None if home is None else self.machine.program.member(home, name)
            if isinstance(function, Function):
                return function
        return None

    def _tell_unread(self, what: str, members: list[Value] | None, call: Call, name: str) -> None:
        """Report members that are not dicts: nothing can be read from them."""
        for member in members or ():
            for one in alternatives(member):
                if one is not ABSENT and not isinstance(one, Object):
                    self._unknown(what, one, call, name)

    def _unknown(self, what: str, value: Value, call: Call, name: str = "") -> None:
        reason = value.reason if isinstance(value, Unknown) else ""
        location = location_of((call.node, call.module)) or Location("", 1)
        message = f"{what} cannot be read" + (f": {reason}" if reason else "")
        kind = "limit" if reason.startswith("limit") else "unknown-declaration"
        self.problems.append(
            Problem(kind=kind, message=message, location=location, object=name)  # type: ignore[arg-type] # a kind
        )

    def _problem(self, kind: str, message: str, node: Node, plugin: DeclaredPlugin) -> None:
        parsed = plugin.module.parsed
        location = (
            parsed.location(node.at) if parsed is not None else Location(plugin.found.path, 1)
        )
        self.problems.append(
            Problem(kind=kind, message=message, location=location, object=plugin.found.module)  # type: ignore[arg-type] # a kind
        )

    def model_of(self, plugin: DeclaredPlugin) -> Plugin:
        """Return a plugin as the model has it."""
        machine, parsed = self.machine, plugin.module.parsed
        positions = self.order.positions()
        sequences = []
        for declared in plugin.sequences:
            kept = tuple(one.step for one in declared.steps if not one.replaced)
            gone = tuple(one.step for one in declared.steps if one.replaced)
            position = positions[id(declared)]
            sequences.append(
                msgspec.structs.replace(
                    declared.sequence, steps=kept, replaced=gone, position=position
                )
            )
        scope, hooks = machine.heap.read(plugin.module.scope), self.protocol.hooks
        title, values = scope.get(hooks.name, ABSENT), scope.get(hooks.value_changes, ABSENT)
        docstring = None if parsed is None else parsed.docstring()
        return Plugin(
            module=plugin.found.module,
            order=plugin.found.order,
            location=Location(plugin.found.path, 1),
            name=None if title is ABSENT else freeze(machine, title),
            value_changes=None if values is ABSENT else freeze(machine, values),
            docstring=None if docstring is None else docstring[0],
            docstring_location=None if docstring is None else docstring[1],
            hooks={
                name: parsed.location(hook.node.at)
                for name, hook in plugin.hooks.items()
                if parsed is not None
            },
            functions=self._functions(plugin),
            groups=tuple(self._as_changed(group) for group in plugin.groups),
            sequences=tuple(sequences),
            constraints=tuple(self._constraints(plugin)),
        )

    def _functions(self, plugin: DeclaredPlugin) -> dict[str, Location]:
        """Return the locations of the functions that the module defines itself, in source order."""
        parsed = plugin.module.parsed
        if parsed is None:
            return {}
        values = self.machine.heap.read(plugin.module.scope).values()
        own = [one for one in values if isinstance(one, Function) and one.home is plugin.module]
        found = {one.name: parsed.location(one.node.at) for one in own}
        return dict(sorted(found.items(), key=lambda item: item[1].line))

    def _error(self, raised: Raised) -> str:
        return error_name(raised.error) or model.words(freeze(self.machine, raised.error))

    def _ends(self, plugin: DeclaredPlugin, what: str, raised: Raised) -> None:
        """Report that a hook or module raises an error on every path."""
        location = location_of((raised.node, raised.module)) or Location(plugin.found.path, 1)
        problem = Problem(
            kind="unknown-declaration",
            message=f"{what} always ends here, with {self._error(raised)}",
            location=location,
            object=plugin.found.module,
        )
        self.problems.append(problem)

    def _as_changed(self, group: OptionGroup) -> OptionGroup:
        """Return a group with what plugins changed in its options after they registered it."""
        fields = {
            key: name for name, key in msgspec.structs.asdict(self.protocol.option_keys).items()
        }
        options = list(group.options)
        for index, option in enumerate(options):
            handle = self.controller.changed(group, option.name)
            if handle is None:
                continue
            places = {fields[k]: place for k, place in handle.touched.items() if k in fields}
            values = {
                fields[key]: freeze(self.machine, handle.values.get(key), place)
                for key, place in handle.touched.items()
                if key in fields and fields[key] != "name"
            }
            where = {name: at for name, one in places.items() if (at := location_of(one))}
            options[index] = msgspec.structs.replace(
                option, **values, fields={**option.fields, **where}
            )
        changed = any(one is not old for one, old in zip(options, group.options, strict=True))
        return msgspec.structs.replace(group, options=tuple(options)) if changed else group

    def _constraints(self, plugin: DeclaredPlugin) -> list[Constraint]:
        found: list[Constraint] = []
        for hook, raised in plugin.raised:
            condition = tidied(condition_of(raised.path), self.machine.scale)
            location = location_of((raised.node, raised.module)) or Location(plugin.found.path, 1)
            error = self._error(raised)
            if isinstance(condition, Always):
                self._ends(plugin, hook, raised)
                continue
            if not options_of(condition):
                continue
            text = None if raised.text is None else freeze(self.machine, raised.text)
            found.append(
                Constraint(
                    error=error,
                    text=text,
                    condition=condition,
                    plugin=plugin.found.module,
                    location=location,
                )
            )
        return found


def _import_paths(found: Found, protocol: Protocol) -> tuple[str, ...]:
    """Return the folders that imports are looked up in: the tree, plugins, and their helpers."""
    top = f"/{found.folders[0].split('/', 2)[1]}" if found.folders[0].startswith("/") else "."
    folders: dict[str, None] = {top: None}
    for folder in found.folders:
        parent = folder.rpartition("/")[0]
        package = parent
        while package and package != top:
            package = package.rpartition("/")[0]
            folders[package or top] = None
        for name in protocol.import_folders:
            folders[f"{parent}/{name}" if parent else name] = None
        folders[folder] = None
    return tuple(folders)


def read_declarations(
    found: Found, tree: Trees, protocol: Protocol, bases: Bases | None = None
) -> Declarations:
    """Return what the plugins declare, and those of the bases."""
    declarations = Declarations(found, tree, protocol, bases or Bases())
    declarations.read()
    return declarations
