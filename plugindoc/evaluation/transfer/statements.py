"""Statements, one small function per kind of syntax.

A function returns where the path goes on, and raises Stop where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from plugindoc.evaluation.limits import (
    MAX_ANCESTORS,
    MAX_MEMBERS,
    MEMBERS_A_STEP,
    Exhausted,
    Stop,
    Unfit,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.names import children
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.attributes import get_attribute, set_attribute
from plugindoc.evaluation.operations.classes import (
    ancestors_through,
    class_member,
    decorators_of,
    lineage,
    special,
)
from plugindoc.evaluation.operations.comparison import truth
from plugindoc.evaluation.operations.constants import is_missing, member_of_library
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.operations.items import get_item, set_item
from plugindoc.evaluation.python.functions import taint
from plugindoc.evaluation.python.instances import CLASS_DECORATORS, declare, decorate_class
from plugindoc.evaluation.python.operators import binary
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    ClassValue,
    External,
    Function,
    ModuleValue,
    Object,
    Pending,
    Value,
)
from plugindoc.evaluation.transfer.assignment import assign, delete
from plugindoc.evaluation.transfer.calls import call_value
from plugindoc.evaluation.transfer.exceptions import execute_raise, execute_try
from plugindoc.evaluation.transfer.expressions import arguments_of, make_function
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
    """Take note of a field of a data class; some types say that a name is none."""
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
    """Give a list or set what an operator makes of it: it stays the same object."""
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


def _with(machine: Machine, node: syntax.With) -> None:
    _enter(machine, node, 0)


def _enter(machine: Machine, node: syntax.With, index: int) -> None:
    """Enter the contexts from an index on, then run the body."""
    if index == len(node.items):
        machine.execute(node.body)
        return
    context, target = node.items[index]
    function = machine.evaluate(context.function) if isinstance(context, syntax.Call) else None
    if isinstance(function, External) and function.name == "contextlib.suppress":
        _suppress(machine, node, index)
        return
    if isinstance(function, Function) and "contextmanager" in decorators_of(function):
        _manage(machine, node, index, function)
        return
    value = machine.evaluate(context)
    if target is not None:
        assign(machine, target, _entered(machine, value, context), context)
    elif isinstance(value, Object):
        special(machine, value, "__enter__", [], context)
    leave = _leaving(machine, value, context)
    if leave is None:
        _enter(machine, node, index + 1)
        return
    rest = syntax.With(node.at, node.items[index + 1 :], node.body)
    body, final = syntax.Block(lambda: (rest,)), syntax.Block(lambda: (leave,))
    execute_try(machine, syntax.Try(node.at, body, (), None, final))


def _entered(machine: Machine, value: Value, node: Node) -> Value:
    """Return what ``with value as name`` binds."""
    if isinstance(value, Native):
        return value
    found = special(machine, value, "__enter__", [], node)
    return machine.unknown(node, "", value) if found is ABSENT else found


class _Leave(syntax.Broken, eq=False):
    """The end of a ``with``: what its context does there."""

    value: Any = None
    function: Any = None


def _leaving(machine: Machine, value: Value, node: Node) -> _Leave | None:
    """Return what a context does at the end of its ``with``; None where that is nothing."""
    if not isinstance(value, Object) or value.kind != "instance":
        return None if isinstance(value, Native) else _Leave(node.at, "", value)
    function = class_member(machine, value.owner, "__exit__")
    if not isinstance(function, Function) or _may_suppress(function.node):
        message = "a context that may catch errors"
        raise Unfit(message)
    return _Leave(node.at, "", value, function)


def _may_suppress(node: Node) -> bool:
    """Tell whether an ``__exit__`` may return what is true, which ends an error."""
    body = getattr(node, "body", None)
    waiting: list[Node] = list(body.statements) if isinstance(body, syntax.Block) else [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Return):
            if one.value is not None and getattr(one.value, "value", True) not in (None, False):
                return True
        elif not isinstance(one, syntax.FunctionDefinition | syntax.ClassDefinition):
            waiting.extend(children(one))
    return not isinstance(body, syntax.Block)


def _leave_context(machine: Machine, node: _Leave) -> None:
    """Carry out ``__exit__``, which may be told of an error or not."""
    if node.function is None:
        machine.may_raise()
        let_change(machine, [node.value], node)
        return
    unknown = machine.unknown(node, "an error, if there is one")
    arguments = Arguments([node.value, unknown, unknown, unknown], {})
    call_value(machine, node.function, arguments, node)


def _suppress(machine: Machine, node: syntax.With, index: int) -> None:
    """Run the body of ``with suppress(…)`` as a ``try`` that goes on behind these errors."""
    context = node.items[index][0]
    given = context.arguments if isinstance(context, syntax.Call) else ()
    types = syntax.Display(node.at, "tuple", tuple(argument.value for argument in given))
    handler = syntax.Handler(node.at, types, "", syntax.Block(tuple))
    rest = syntax.With(node.at, node.items[index + 1 :], node.body)
    execute_try(machine, syntax.Try(node.at, syntax.Block(lambda: (rest,)), (handler,), None, None))


def _manage(machine: Machine, node: syntax.With, index: int, function: Function) -> None:
    """Run the body where the generator that manages the context yields."""
    context, target = node.items[index]
    outer = machine.frame

    given = machine.heap.new(Object("scope", {}))

    def run(value: Value) -> None:
        inner = machine.frame
        if machine.heap.read(given):
            machine.fail("RuntimeError", None, context)
        machine.heap.write(given)["once"] = True
        machine.frame = outer
        try:
            if target is not None:
                assign(machine, target, value, context)
            _enter(machine, node, index + 1)
        finally:
            machine.frame = inner

    arguments = arguments_of(machine, context)  # type: ignore[arg-type] # a call, as its function was found
    machine.on_yield = run
    try:
        machine.call_with(function, arguments, context)
    finally:
        machine.on_yield = None


def _function(machine: Machine, node: syntax.FunctionDefinition) -> None:
    machine.bind(node.name, _defined(machine, node))


def _defined(machine: Machine, node: syntax.FunctionDefinition) -> Value:
    value: Value = make_function(machine, node, node.name)
    for decorator in reversed(node.decorators):
        made = machine.evaluate(decorator)
        if isinstance(made, External) and made.name.rpartition(".")[2] in _FOLLOWED_DECORATORS:
            continue
        value = call_value(machine, made, Arguments([value], {}), decorator)
    return value


_FOLLOWED_DECORATORS: Final = frozenset(
    {"abstractmethod", "classmethod", "contextmanager", "final", "override", "staticmethod"}
)
"""Decorators that leave a function as it is; those that matter are asked for where it is used."""


def _class(machine: Machine, node: syntax.ClassDefinition) -> None:
    machine.bind(node.name, _made_class(machine, node))


def _made_class(machine: Machine, node: syntax.ClassDefinition) -> Value:
    bases = [machine.evaluate(base.value) for base in node.bases if not base.name]
    inherited = sum(len(lineage(base)) for base in bases)
    machine.steps -= inherited // MEMBERS_A_STEP
    if inherited > MAX_MEMBERS:
        raise Exhausted(limit_reached(MAX_ANCESTORS, "classes that one inherits from"))
    ancestors = ancestors_through(bases)
    if len(ancestors) > MAX_ANCESTORS:
        raise Exhausted(limit_reached(MAX_ANCESTORS, "classes that one inherits from"))
    scope = machine.heap.new(Object("scope", {}))
    frame = machine.frame
    outer = frame.function.path + "." if frame.function is not None else ""
    with machine.in_class(scope, outer + node.name):
        machine.execute(node.body)
    found = ClassValue(node, frame.home, outer + node.name, ancestors, scope)
    decorators = [_decorator(machine, one) for one in node.decorators]
    decorate_class(machine, found, decorators, _arguments_of_decorators(machine, node))
    return _decorated(machine, found, node, bases, decorators)


def _arguments_of_decorators(machine: Machine, node: syntax.ClassDefinition) -> dict[str, Value]:
    return {
        argument.name: machine.evaluate(argument.value)
        for decorator in node.decorators
        if isinstance(decorator, syntax.Call)
        for argument in decorator.arguments
    }


def _decorator(machine: Machine, node: syntax.Expression) -> Value:
    """Return what decorates a class, without its arguments."""
    return machine.evaluate(node.function if isinstance(node, syntax.Call) else node)


def _decorated(
    machine: Machine,
    found: ClassValue,
    node: syntax.ClassDefinition,
    bases: list[Value],
    decorators: list[Value],
) -> Value:
    """Return a class after its bases and decorators were told of it."""
    named = {one.name: machine.evaluate(one.value) for one in node.bases if one.name}
    meta = named.pop("metaclass", External("builtins.type"))
    if not _is_plain_metaclass(machine, meta) or (
        named and not any(_takes_subclasses(machine, base) for base in bases)
    ):
        let_change(machine, [*machine.heap.read(found.scope).values(), meta], node)
        return machine.unknown(node, "a class that another class makes")
    for base in bases:
        start = class_member(machine, base, "__init_subclass__")
        if start is not ABSENT:
            machine.call_with(start, Arguments([found], named), node)
            break
    value: Value = found
    for decorator, written in zip(reversed(decorators), reversed(node.decorators), strict=True):
        if isinstance(decorator, External) and decorator.name in CLASS_DECORATORS:
            continue
        made = machine.evaluate(written) if isinstance(written, syntax.Call) else decorator
        value = call_value(machine, made, Arguments([value], {}), written)
    return value


_PLAIN_METACLASSES: Final = (External("builtins.type"), External("abc.ABCMeta"))


def _is_plain_metaclass(machine: Machine, meta: Value) -> bool:
    """Tell whether classes of a metaclass are as those of ``type``."""
    if isinstance(meta, ClassValue):
        names = machine.heap.read(meta.scope).keys() - _NOT_MEMBERS
        return not names and all(one in _PLAIN_METACLASSES for one in meta.ancestors)
    return meta in _PLAIN_METACLASSES


_NOT_MEMBERS: Final = frozenset({"__doc__", "__fields__", "__module__", "__qualname__"})


def _takes_subclasses(machine: Machine, base: Value) -> bool:
    return class_member(machine, base, "__init_subclass__") is not ABSENT


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


def _import(machine: Machine, node: syntax.Import) -> None:
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


def _import_from(machine: Machine, node: syntax.ImportFrom) -> None:
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
    """Run a module that is imported, behind the packages that it is in."""
    parts = module.name.split(".")
    for count in range(1, len(parts)):
        package = machine.program.package(".".join(parts[:count]))
        if package is not None:
            machine.run_module(package)
    machine.run_module(module)


def _expect(machine: Machine, dotted: str, name: str, node: Node) -> None:
    """Fail where an import from outside does, if somebody may catch that.

    What the installer's own modules import is there, since it needs it; a plugin may do without.
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
    elif value is ABSENT and machine.try_frames:  # somebody may catch that it is not there
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


def _delete(machine: Machine, node: syntax.Delete) -> None:
    for target in node.targets:
        delete(machine, target, node)


def _assert(machine: Machine, node: syntax.Assert) -> None:
    condition = truth(machine, machine.evaluate(node.test), node.test)
    settled = machine.settle(condition)
    if settled is True:
        return
    text = None if node.text is None else machine.evaluate(node.text)
    when = None if settled is False else negate(condition)
    machine.fail(External("builtins.AssertionError"), text, node, when=when)


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
    syntax.With: _with,
    syntax.FunctionDefinition: _function,
    syntax.ClassDefinition: _class,
    syntax.Return: _return,
    syntax.Raise: execute_raise,
    syntax.Global: _global,
    syntax.Import: _import,
    syntax.ImportFrom: _import_from,
    syntax.Delete: _delete,
    syntax.Assert: _assert,
    syntax.Print: _print,
    _Leave: _leave_context,
    syntax.Pass: _pass,
    syntax.Break: _leave("breaks"),
    syntax.Continue: _leave("continues"),
    syntax.Broken: _broken,
}


def _is_plain(target: syntax.Expression) -> bool:
    """Tell whether binding a target runs no code of its own: a name, or ``name[key]``."""
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
    """Return what finds the value of a statement, and what binds it; None where that is one."""
    if isinstance(statement, syntax.FunctionDefinition):
        return _defined, _bind_name
    if isinstance(statement, syntax.ClassDefinition):
        return _made_class, _bind_name
    if isinstance(statement, syntax.Assign):
        return (_assigned, _bind) if all(map(_is_plain, statement.targets)) else (_assign, None)
    return EXECUTORS[type(statement)], None


def _bind_name(
    machine: Machine, node: syntax.FunctionDefinition | syntax.ClassDefinition, value: Value
) -> None:
    machine.bind(node.name, value)
