"""Statements, one small function per kind of syntax.

A function returns if the path continues, and raises Stop if it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from plugindoc.evaluation.limits import (
    Stop,
    Unfit,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.attributes import get_attribute, set_attribute
from plugindoc.evaluation.operations.classes import (
    special,
)
from plugindoc.evaluation.operations.comparison import truth
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.operations.items import get_item, set_item
from plugindoc.evaluation.python.functions import taint
from plugindoc.evaluation.python.instances import declare
from plugindoc.evaluation.python.operators import binary
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    External,
    Object,
    Value,
)
from plugindoc.evaluation.transfer.assignment import assign, delete
from plugindoc.evaluation.transfer.contexts import Leave, execute_with, leave_context
from plugindoc.evaluation.transfer.definitions import define_class, define_function
from plugindoc.evaluation.transfer.exceptions import execute_raise, execute_try
from plugindoc.evaluation.transfer.imports import execute_import, execute_import_from
from plugindoc.evaluation.transfer.loops import execute_for, execute_while
from plugindoc.model.conditions import Condition, negate
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = ["EXECUTORS", "in_two_parts"]


def _expression(machine: Machine, node: syntax.ExpressionStatement) -> None:
    machine.evaluate(node.value)


def _assign(machine: Machine, node: syntax.Assign) -> None:
    _bind(machine, node, _assigned(machine, node))


def _assigned(machine: Machine, node: syntax.Assign) -> Value:
    return machine.evaluate(node.value)


def _bind(machine: Machine, node: syntax.Assign, value: Value) -> None:
    for target in node.targets:
        assign(machine, target, value, node.value)
        if node.annotated and isinstance(target, syntax.Name):
            _declare(machine, node, target.id)


def _declared(machine: Machine, node: syntax.Declared) -> None:
    _declare(machine, node, node.name)


def _declare(machine: Machine, node: Node, name: str) -> None:
    """Record a field of a data class; some annotations mean that a name is not a field."""
    found = _NO_FIELD.search(machine.text(node)) if machine.frame.class_path else None
    if found is None:
        declare(machine, name)
    elif found[1] != "ClassVar":
        message = f"{found[1]} in a data class"
        raise Unfit(message)


_NO_FIELD: Final = re.compile(r"^\w+\s*:[^=]*?\b(ClassVar|InitVar|KW_ONLY)\b")


def _augmented(machine: Machine, node: syntax.AugmentedAssign) -> None:
    target = node.target
    if isinstance(target, syntax.Name):
        old = machine.evaluate(target)
        value = machine.evaluate(node.value)
        machine.bind(target.id, _add_to(machine, old, node.operator, value, node))
        return
    if isinstance(target, syntax.Subscript):
        whole, index = machine.evaluate(target.value), machine.evaluate(target.index)
        old = get_item(machine, whole, index, target)
        value = machine.evaluate(node.value)
        set_item(machine, whole, index, _add_to(machine, old, node.operator, value, node), node)
    elif isinstance(target, syntax.Attribute):
        whole = machine.evaluate(target.value)
        old = get_attribute(machine, whole, target.name, target)
        value = machine.evaluate(node.value)
        new = _add_to(machine, old, node.operator, value, node)
        set_attribute(machine, whole, target.name, new, node)


def _add_to(machine: Machine, old: Value, sign: str, value: Value, node: Node) -> Value:
    return machine.each(old, lambda one: _add_to_one(machine, one, sign, value, node))


def _add_to_one(machine: Machine, old: Value, sign: str, value: Value, node: Node) -> Value:
    if isinstance(old, Object) and old.kind == "list" and sign == "+":
        machine.call_method(old, "extend", Arguments([value], {}), node)
        return old
    if isinstance(old, Object) and old.kind in ("set", "dict") and sign == "|":
        machine.call_method(old, "update", Arguments([value], {}), node)
        return old
    if isinstance(old, Object) and sign in _IN_PLACE:
        made = special(machine, old, _IN_PLACE[sign], [value], node)
        if made is not ABSENT:
            return made
        if old.kind in ("list", "set"):
            return _change(machine, old, binary(machine, sign, old, value, node), node)
    return binary(machine, sign, old, value, node)


def _change(machine: Machine, old: Object, new: Value, node: Node) -> Value:
    """Change a list or set in place, as an augmented operator does."""
    if isinstance(new, Object) and new.kind == old.kind:
        machine.heap.replace(old, machine.heap.read(new).copy())
    else:
        let_change(machine, [old], node)
    return old


_IN_PLACE: Final = {
    "+": "__iadd__",
    "-": "__isub__",
    "|": "__ior__",
    "*": "__imul__",
    "&": "__iand__",
    "^": "__ixor__",
}


def _if(machine: Machine, node: syntax.If) -> None:
    _branches(machine, node, 0)


def _branches(machine: Machine, node: syntax.If, index: int) -> None:
    if index == len(node.branches):
        if node.orelse is not None:
            machine.execute(node.orelse)
        return
    test, body = node.branches[index]
    condition = truth(machine, machine.evaluate(test), test)
    settled = machine.settle(condition)
    if settled is True:
        machine.execute(body)
    elif settled is False:
        _branches(machine, node, index + 1)
    else:
        options: list[tuple[Condition, Callable[[], Value]]] = [
            (condition, lambda: machine.execute(body)),
            (negate(condition), lambda: _branches(machine, node, index + 1)),
        ]
        machine.branch(options)


def _function(machine: Machine, node: syntax.FunctionDefinition) -> None:
    machine.bind(node.name, define_function(machine, node))


def _class(machine: Machine, node: syntax.ClassDefinition) -> None:
    machine.bind(node.name, define_class(machine, node))


def _return(machine: Machine, node: syntax.Return) -> None:
    value = None if node.value is None else machine.evaluate(node.value)
    machine.frame.returns.append(machine.exit_at(machine.frame.depth, value))
    raise Stop


def _global(machine: Machine, node: syntax.Global) -> None:
    frame = machine.frame
    for name in node.names:
        if not node.enclosing:
            frame.shared[name] = frame.home.scope
            continue
        for scope in reversed(frame.scopes[:-1]):
            if name in machine.heap.read(scope):
                frame.shared[name] = scope
                break


def _delete(machine: Machine, node: syntax.Delete) -> None:
    for target in node.targets:
        delete(machine, target, node)


def _assert(machine: Machine, node: syntax.Assert) -> None:
    condition = truth(machine, machine.evaluate(node.test), node.test)
    settled = machine.settle(condition)
    if settled is True:
        return
    text = None if node.text is None else machine.evaluate(node.text)
    error = External("builtins.AssertionError")
    if settled is False:
        machine.fail(error, text, node)
    machine.fail(error, text, node, when=negate(condition))


def _print(machine: Machine, node: syntax.Print) -> None:
    values = [machine.evaluate(value) for value in node.values]
    if node.executes:
        taint(machine, values[1:], node)


def _pass(machine: Machine, node: Node) -> None:
    """Do nothing."""


def _leave(kind: str) -> Callable[[Machine, Node], None]:
    def execute(machine: Machine, node: Node) -> None:  # noqa: ARG001 - the table's signature
        loop = machine.frame.loop
        if loop is not None:
            depth = loop.depth if kind == "breaks" else loop.round_depth
            getattr(loop, kind).append(machine.exit_at(depth, None))
        raise Stop

    return execute


_WORD: Final = re.compile(r"[^\W\d]\w*")


def _broken(machine: Machine, node: syntax.Broken) -> None:
    machine.may_raise()
    scope = machine.frame.scopes[-1]
    machine.opened.add(scope)
    names = dict.fromkeys(_WORD.findall(machine.text(node))) if node.at is not None else {}
    content = machine.heap.read(scope)
    let_change(machine, [content[name] for name in names if name in content], node)
    for name in names:
        if name in machine.heap.read(scope):
            machine.bind(name, machine.unknown(node, node.reason))
    if node.reason != "this cannot be parsed":  # which is a problem of the module already
        machine.report_limit(node, node.reason)


EXECUTORS: Final[dict[type[Node], Callable[[Machine, Any], None]]] = {
    syntax.ExpressionStatement: _expression,
    syntax.Assign: _assign,
    syntax.Declared: _declared,
    syntax.AugmentedAssign: _augmented,
    syntax.If: _if,
    syntax.For: execute_for,
    syntax.While: execute_while,
    syntax.Try: execute_try,
    syntax.With: execute_with,
    syntax.FunctionDefinition: _function,
    syntax.ClassDefinition: _class,
    syntax.Return: _return,
    syntax.Raise: execute_raise,
    syntax.Global: _global,
    syntax.Import: execute_import,
    syntax.ImportFrom: execute_import_from,
    syntax.Delete: _delete,
    syntax.Assert: _assert,
    syntax.Print: _print,
    Leave: leave_context,
    syntax.Pass: _pass,
    syntax.Break: _leave("breaks"),
    syntax.Continue: _leave("continues"),
    syntax.Broken: _broken,
}


def _is_plain(target: syntax.Expression) -> bool:
    """Return whether binding a target runs no code of its own: a name, or ``name[key]``."""
    if type(target) is syntax.Subscript:
        return type(target.value) is syntax.Name and type(target.index) in (
            syntax.Name,
            syntax.Const,
        )
    return type(target) is syntax.Name


_Bind: TypeAlias = Callable[["Machine", Any, Value], None]


def in_two_parts(
    statement: syntax.Statement,
) -> tuple[Callable[[Machine, Any], Value], _Bind | None]:
    """Return what finds the value of a statement, and what binds it; None if that is one."""
    if isinstance(statement, syntax.FunctionDefinition):
        return define_function, _bind_name
    if isinstance(statement, syntax.ClassDefinition):
        return define_class, _bind_name
    if isinstance(statement, syntax.Assign):
        return (_assigned, _bind) if all(map(_is_plain, statement.targets)) else (_assign, None)
    return EXECUTORS[type(statement)], None


def _bind_name(
    machine: Machine, node: syntax.FunctionDefinition | syntax.ClassDefinition, value: Value
) -> None:
    machine.bind(node.name, value)
