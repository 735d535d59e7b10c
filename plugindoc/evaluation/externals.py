"""Functions from outside of the installer: Python's built-in ones and a few of its library.

Only what gives the same answer everywhere is carried out. All else is unknown, since it asks the
installer's machine.
"""

from __future__ import annotations

import posixpath
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from plugindoc.evaluation.builtin_names import ERRORS
from plugindoc.evaluation.convert import from_plain, listed, plain
from plugindoc.evaluation.judge import as_value, truth
from plugindoc.evaluation.limits import MAX_MEMBERS, MAX_TEXT, Unfit, said
from plugindoc.evaluation.ordering import ordered
from plugindoc.evaluation.paths import disjoin
from plugindoc.evaluation.python2 import PYTHON2
from plugindoc.evaluation.texts import as_text
from plugindoc.evaluation.types import is_instance, type_of
from plugindoc.evaluation.values import (
    ABSENT,
    Arguments,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Maybe,
    Object,
    Pieces,
    Value,
    is_constant,
)
from plugindoc.model.conditions import ALWAYS, all_of, negate
from plugindoc.reading.syntax import Node

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = ["call_external"]

_Call = Callable[["Machine", Arguments, Node], Value]

_PURE: Final[dict[str, Callable[..., Any]]] = {
    "builtins.int": int,
    "builtins.float": float,
    "builtins.abs": abs,
    "builtins.chr": chr,
    "builtins.unichr": chr,
    "builtins.ord": ord,
    "builtins.hex": hex,
    "builtins.oct": oct,
    "builtins.bin": bin,
    "builtins.round": round,
    "builtins.divmod": divmod,
    "builtins.repr": repr,
    "builtins.ascii": ascii,
    "builtins.long": int,
    "os.path.join": posixpath.join,
    "os.path.basename": posixpath.basename,
    "os.path.dirname": posixpath.dirname,
    "os.path.split": posixpath.split,
    "os.path.splitext": posixpath.splitext,
    "os.path.normpath": posixpath.normpath,
    "os.path.isabs": posixpath.isabs,
    "textwrap.dedent": textwrap.dedent,
}


def call_external(machine: Machine, function: External, arguments: Arguments, node: Node) -> Value:
    """Return what a function from outside gives, an unknown value for most of them."""
    name = function.name
    if not arguments.open:
        try:
            found = _known(machine, name, arguments, node)
        except Unfit as reason:
            values = (*arguments.positional, *arguments.named.values())
            machine.doubt()
            return machine.unknown(node, reason.why, *values)
        if found is not NotImplemented:
            return found
    machine.doubt()
    values = (*arguments.positional, *arguments.named.values())
    plain_name = name.removeprefix("builtins.")
    return machine.unknown(node, f"{plain_name} runs on the installer's machine", *values)


def _known(machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
    old = PYTHON2.get(name)
    found = NotImplemented if old is None else old(machine, arguments, node)
    if found is not NotImplemented:
        return found
    pure = _PURE.get(name)
    if pure is not None:
        return _carry_out(machine, pure, arguments, node)
    call = _CALLS.get(name)
    if call is not None:
        return call(machine, arguments, node)
    short = name.removeprefix("builtins.")
    if short in ERRORS and short != name:
        found = machine.new("instance", {"args": tuple(arguments.positional)}, node)
        found.owner = External(name)
        return found
    return NotImplemented


def _carry_out(
    machine: Machine, function: Callable[..., Any], arguments: Arguments, node: Node
) -> Value:
    index = next((i for i, one in enumerate(arguments.positional) if type(one) is Choice), None)
    if index is not None:
        before, behind = arguments.positional[:index], arguments.positional[index + 1 :]
        return machine.each(
            arguments.positional[index],
            lambda one: _carry_out(
                machine, function, Arguments([*before, one, *behind], arguments.named), node
            ),
        )
    given = [plain(machine, one) for one in arguments.positional]
    named = {key: plain(machine, one) for key, one in arguments.named.items()}
    if any(one is ABSENT for one in (*given, *named.values())):
        return NotImplemented
    if any(isinstance(one, str) and len(one) > MAX_TEXT for one in given):
        raise Unfit(said(MAX_TEXT, "characters"))
    try:
        return from_plain(machine, function(*given, **named), node)
    except (TypeError, ValueError, ArithmeticError) as error:
        return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)


def _members(machine: Machine, value: Value, node: Node) -> list[Value]:
    return listed(machine, machine.narrow(value), node)


def _certain(machine: Machine, value: Value, node: Node) -> list[Value]:
    members = _members(machine, value, node)
    if any(type(member) is Maybe for member in members):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


def _len(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if type(value) is Choice:
        return machine.each(value, lambda one: _len(machine, Arguments([one], {}), node))
    return len(_certain(machine, value, node))


def _str(machine: Machine, arguments: Arguments, node: Node) -> Value:
    if not arguments.positional:
        return ""
    return machine.each(arguments.positional[0], lambda one: as_text(machine, one, node))


def _bool(machine: Machine, arguments: Arguments, node: Node) -> Value:
    if not arguments.positional:
        return False
    return as_value(truth(machine, machine.narrow(arguments.positional[0]), node))


def _sequence(kind: str) -> _Call:
    def make(machine: Machine, arguments: Arguments, node: Node) -> Value:
        value = machine.narrow(arguments.positional[0]) if arguments.positional else ()
        if type(value) is Choice:
            return machine.each(value, lambda one: make(machine, Arguments([one], {}), node))
        if kind == "list" and isinstance(value, Pieces):
            return value
        members = listed(machine, value, node)
        if kind == "tuple":
            if any(type(member) is Maybe for member in members):
                raise Unfit
            return tuple(members)
        if kind == "set":
            content = {
                (one.value if type(one) is Maybe else one): (one if type(one) is Maybe else True)
                for one in members
            }
            return machine.new("set", content, node)
        return machine.new("list", members, node)

    return make


def _dict(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found = machine.new("dict", {}, node)
    machine.call_method(found, "update", arguments, node)
    for argument, given in zip(arguments.nodes, arguments.named, strict=False):
        found.places.setdefault(given, (argument, machine.frame.home.parsed))
    return found


def _defaultdict(machine: Machine, arguments: Arguments, node: Node) -> Value:
    rest = Arguments(arguments.positional[1:], arguments.named)
    found = _dict(machine, rest, node)
    found.owner = arguments.positional[0] if arguments.positional else None
    return found


def _range(machine: Machine, arguments: Arguments, node: Node) -> Value:
    given = [machine.narrow(one) for one in arguments.positional]
    if not all(isinstance(one, int) for one in given):
        raise Unfit
    try:
        numbers = range(*given)
    except (TypeError, ValueError) as error:
        return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
    if len(numbers) > MAX_MEMBERS:
        raise Unfit(said(MAX_MEMBERS, "members"))
    return machine.new("list", list(numbers), node)


def _enumerate(machine: Machine, arguments: Arguments, node: Node) -> Value:
    start = arguments.get(1, "start", 0)
    members = _certain(machine, arguments.positional[0], node)
    return machine.new("list", list(enumerate(members, start)), node)


def _zip(machine: Machine, arguments: Arguments, node: Node) -> Value:
    lists = [_certain(machine, one, node) for one in arguments.positional]
    return machine.new("list", list(zip(*lists, strict=False)), node)


def _reversed(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return machine.new("list", _members(machine, arguments.positional[0], node)[::-1], node)


def _sorted(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, *rest = arguments.positional
    members = ordered(machine, value, Arguments(rest, arguments.named), node)
    return machine.new("list", members, node)


def _map(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, *values = arguments.positional
    if len(values) == 1 and isinstance(values[0], Pieces) and _trims(function):
        return values[0]
    lists = [_certain(machine, one, node) for one in values]
    found = [machine.call(function, list(given), node) for given in zip(*lists, strict=False)]
    return machine.new("list", found, node)


def _trims(function: Value) -> bool:
    return isinstance(function, External) and function.name == "builtins.str.strip"


def _filter(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, value = arguments.positional
    found: list[Value] = []
    for member in _members(machine, value, node):
        guard, one = (member.condition, member.value) if type(member) is Maybe else (ALWAYS, member)
        kept = one if function is None else machine.call(function, [one], node)
        condition = all_of((guard, truth(machine, kept, node)))
        if machine.settle(condition) is True:
            found.append(one)
        elif machine.settle(condition) is None:
            found.append(Maybe(condition, one))
    return machine.new("list", found, node)


def _reduce(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = _certain(machine, arguments.positional[1], node)
    if len(arguments.positional) > 2:  # noqa: PLR2004 - the third argument is the start
        members = [arguments.positional[2], *members]
    if not members:
        return machine.fail(External("builtins.TypeError"), None, node)
    found = members[0]
    for member in members[1:]:
        found = machine.call(arguments.positional[0], [found, member], node)
    return found


def _extreme(name: str) -> _Call:
    def find(machine: Machine, arguments: Arguments, node: Node) -> Value:
        given = arguments.positional
        members = _certain(machine, given[0], node) if len(given) == 1 else given
        data = [plain(machine, one) for one in members]
        if arguments.named or any(one is ABSENT for one in data):
            raise Unfit
        try:
            return {"min": min, "max": max}[name](data)
        except (TypeError, ValueError) as error:
            return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)

    return find


def _sum(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found = arguments.get(1, "start", 0)
    for member in _certain(machine, arguments.positional[0], node):
        found = machine.binary("+", found, member, node)
    return found


def _any(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return as_value(disjoin(_truths(machine, arguments, node)))


def _all(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = _members(machine, arguments.positional[0], node)
    found = []
    for member in members:
        if type(member) is Maybe:
            inner = truth(machine, member.value, node)
            found.append(disjoin([negate(member.condition), inner]))
        else:
            found.append(truth(machine, member, node))
    return as_value(all_of(found))


def _truths(machine: Machine, arguments: Arguments, node: Node) -> list[Any]:
    found = []
    for member in _members(machine, arguments.positional[0], node):
        guard, one = (member.condition, member.value) if type(member) is Maybe else (ALWAYS, member)
        found.append(all_of((guard, truth(machine, one, node))))
    return found


def _isinstance(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, kinds = arguments.positional[:2]
    return machine.each(value, lambda one: is_instance(machine, one, kinds, node))


def _type(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    if len(arguments.positional) != 1:
        raise Unfit
    found = type_of(machine.narrow(arguments.positional[0]))
    if found is None:
        raise Unfit
    return found


def _getattr(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, name = arguments.positional[:2]
    if not isinstance(name, str):
        raise Unfit
    default = arguments.get(2, "default")
    if default is not ABSENT and machine.has_attribute(value, name) is False:
        return default
    return machine.attribute(value, name, node)


def _setattr(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, name, given = arguments.positional[:3]
    if not isinstance(name, str):
        raise Unfit
    machine.set_attribute(value, name, given, node)
    return None


def _hasattr(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value, name = arguments.positional[:2]
    found = machine.has_attribute(value, name) if isinstance(name, str) else None
    if found is None:
        raise Unfit
    return found


def _callable(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Function | ClassValue | Bound):
        return True
    if isinstance(value, External) and value.name.startswith("builtins."):
        return True
    if is_constant(value) or (isinstance(value, Object) and value.kind != "instance"):
        return False
    raise Unfit


def _next(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = _certain(machine, arguments.positional[0], node)
    if members:
        return members[0]
    default = arguments.get(1, "default")
    return (
        machine.fail(External("builtins.StopIteration"), None, node)
        if default is ABSENT
        else default
    )


def _same(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return arguments.positional[0]


def _locals(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    scope = machine.frame.scopes[-1]
    return machine.new("dict", dict(machine.heap.read(scope)), node)


def _globals(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return machine.new("dict", dict(machine.heap.read(machine.frame.home.scope)), node)


def _copied(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Object) and value.kind != "instance":
        return machine.call_method(value, "copy", Arguments([], {}), node)
    if isinstance(value, Object):
        raise Unfit
    return value


def _deep(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return _deep_copy(machine, arguments.positional[0], {}, node)


def _deep_copy(machine: Machine, value: Value, seen: dict[int, Object], node: Node) -> Value:
    if isinstance(value, tuple):
        return tuple(_deep_copy(machine, one, seen, node) for one in value)
    if type(value) is Choice:
        return Choice(tuple((g, _deep_copy(machine, one, seen, node)) for g, one in value.branches))
    if type(value) is Maybe:
        return Maybe(value.condition, _deep_copy(machine, value.value, seen, node))
    if not isinstance(value, Object) or value.kind == "scope":
        return value
    if id(value) in seen:
        return seen[id(value)]
    content = machine.heap.read(value)
    copy = machine.new(value.kind, content.copy(), value.node or node)
    copy.places.update(value.places)
    copy.owner = value.owner
    seen[id(value)] = copy
    if isinstance(content, list):
        deep: Any = [_deep_copy(machine, one, seen, node) for one in content]
    else:
        deep = {key: _deep_copy(machine, one, seen, node) for key, one in content.items()}
    machine.heap.replace(copy, deep)
    return copy


def _chain(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found: list[Value] = []
    for value in arguments.positional:
        found.extend(_members(machine, value, node))
    return machine.new("list", found, node)


def _from_keys(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = _certain(machine, arguments.positional[0], node)
    value = arguments.get(1, "value", None)
    return machine.new("dict", dict.fromkeys(members, value), node)


def _nothing(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return None


_CALLS: Final[dict[str, _Call]] = {
    "builtins.len": _len,
    "builtins.str": _str,
    "builtins.unicode": _str,
    "builtins.bool": _bool,
    "builtins.list": _sequence("list"),
    "builtins.iter": _sequence("list"),
    "builtins.tuple": _sequence("tuple"),
    "builtins.set": _sequence("set"),
    "builtins.frozenset": _sequence("set"),
    "builtins.dict": _dict,
    "builtins.dict.fromkeys": _from_keys,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _defaultdict,
    "builtins.range": _range,
    "builtins.xrange": _range,
    "six.moves.range": _range,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.izip": _zip,
    "builtins.reversed": _reversed,
    "builtins.sorted": _sorted,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.reduce": _reduce,
    "functools.reduce": _reduce,
    "builtins.min": _extreme("min"),
    "builtins.max": _extreme("max"),
    "builtins.sum": _sum,
    "builtins.any": _any,
    "builtins.all": _all,
    "builtins.isinstance": _isinstance,
    "builtins.type": _type,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.callable": _callable,
    "builtins.next": _next,
    "builtins.locals": _locals,
    "builtins.vars": _locals,
    "builtins.globals": _globals,
    "builtins.print": _nothing,
    "builtins.intern": _same,
    "copy.copy": _copied,
    "copy.deepcopy": _deep,
    "itertools.chain": _chain,
    "six.iteritems": lambda machine, given, node: machine.call_method(
        given.positional[0], "items", Arguments([], {}), node
    ),
    "six.itervalues": lambda machine, given, node: machine.call_method(
        given.positional[0], "values", Arguments([], {}), node
    ),
}
