"""``import``: which module it names, and which names are bound."""

from __future__ import annotations

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.constants import is_missing, member_of_library
from plugindoc.evaluation.state.values import (
    ABSENT,
    External,
    ModuleValue,
    Pending,
    Value,
)
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = [
    "execute_import",
    "execute_import_from",
]


def execute_import(machine: Machine, node: syntax.Import) -> None:
    """Evaluate ``import module``."""
    for dotted, bound in node.names:
        module = machine.program.find(dotted, machine.frame.home)
        if module is None:
            _expect(machine, dotted, "", node)
        else:
            _run(machine, module)
        if bound:
            machine.bind(bound, module or External(dotted))
            continue
        first = dotted.partition(".")[0]
        top = machine.program.find(first, machine.frame.home)
        machine.bind(first, top or External(first))


def execute_import_from(machine: Machine, node: syntax.ImportFrom) -> None:
    """Evaluate ``from module import name``."""
    program = machine.program
    dotted = program.absolute(node.level, node.module, machine.frame.home)
    module = program.find(dotted, machine.frame.home) if dotted is not None else None
    if module is not None:
        _run(machine, module)
    for name, bound in node.names:
        if name == "*":
            _import_all(machine, module)
        elif isinstance(module, ModuleValue):
            _import_name(machine, module, name, bound or name, node)
        else:
            home = dotted or node.module
            _expect(machine, home, name, node)
            machine.bind(bound or name, member_of_library(machine, f"{home}.{name}"))


def _run(machine: Machine, module: ModuleValue) -> None:
    """Run a module that is imported, after the packages that it is in."""
    parts = module.name.split(".")
    for count in range(1, len(parts)):
        package = machine.program.package(".".join(parts[:count]))
        if package is not None:
            machine.run_module(package)
    machine.run_module(module)


def _expect(machine: Machine, dotted: str, name: str, node: Node) -> None:
    """Fail if an import from outside does and a handler may catch that.

    What the installer's own modules import exists, since it is required; a plugin may do without.
    """
    if not machine.try_frames:
        return
    missing = is_missing(machine, dotted, name)
    if missing is None and "." not in machine.frame.home.name:
        machine.may_raise()
    elif missing:
        error = "ImportError" if machine.python2 else "ModuleNotFoundError"
        machine.fail(External(f"builtins.{error}"), None, node)


def _import_name(machine: Machine, module: ModuleValue, name: str, bound: str, node: Node) -> None:
    home = machine.frame.home
    value = machine.program.member(module, name)
    if isinstance(value, ModuleValue):
        _run(machine, value)
    elif value is ABSENT and machine.try_frames:  # a handler may catch that it is missing
        machine.fail(External("builtins.ImportError"), None, node)
    elif value is ABSENT:
        value = Pending(module, name, node, home)
    machine.bind(bound, value)


def _import_all(machine: Machine, module: Value) -> None:
    if not isinstance(module, ModuleValue) or machine.opened & {module.scope}:
        machine.opened.add(machine.frame.scopes[-1])
    if not isinstance(module, ModuleValue):
        return
    machine.run_module(module)
    names = machine.heap.read(module.scope)
    chosen = machine.program.exported(module)
    for name in chosen or ():
        if name not in names:
            found = machine.program.member(module, name)
            if found is not ABSENT:
                machine.bind(name, found)
    for name, value in list(names.items()):
        if (name in chosen) if chosen is not None else not name.startswith("_"):
            machine.bind(name, value)
