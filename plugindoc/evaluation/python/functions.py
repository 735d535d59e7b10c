"""Functions from outside of the installer: Python's built-in ones and a few of its library.

Only what gives the same answer everywhere is carried out. All else is unknown, since it asks the
installer's machine.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Final

from plugindoc.evaluation.builtin_names import ERRORS
from plugindoc.evaluation.limits import MAX_MEMBERS, MAX_TEXT, MEMBERS_A_STEP, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import special
from plugindoc.evaluation.operations.comparison import as_value, truth
from plugindoc.evaluation.operations.conversion import from_plain, listed, plain, row, unordered
from plugindoc.evaluation.operations.havoc import let_external_change
from plugindoc.evaluation.python.formatting import as_source, as_text
from plugindoc.evaluation.python.instances import bare_instance, builtin_method, new_error
from plugindoc.evaluation.python.iterables import ITERATING, certain, in_any_order
from plugindoc.evaluation.python.library import PURE, effort
from plugindoc.evaluation.python.library_objects import LIBRARY_OBJECTS
from plugindoc.evaluation.python.python2 import PYTHON2
from plugindoc.evaluation.python.reflection import REFLECTING
from plugindoc.evaluation.python.types import TYPES
from plugindoc.evaluation.state.paths import has_opaque
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Choice,
    External,
    Maybe,
    Object,
    Pieces,
    Value,
    is_constant,
    is_settled,
    set_content,
)
from plugindoc.model.conditions import Condition
from plugindoc.reading.syntax import Node

__all__ = ["call_external", "taint"]

_CHARACTERS_A_STEP: Final = 64
"""Characters for one step, for functions of the library that take them one by one."""

_Call = Callable[["Machine", Arguments, Node], Value]


def call_external(machine: Machine, function: External, arguments: Arguments, node: Node) -> Value:
    """Return what a function from outside gives, an unknown value for most of them.

    A method that is called through its type is the method of its first argument.
    """
    owner, _, name = function.name.removeprefix("builtins.").rpartition(".")
    if (owner in TYPES or owner in ERRORS or owner == "object") and arguments.positional:
        rest = Arguments(arguments.positional[1:], arguments.named, arguments.open)
        receiver = arguments.positional[0]
        if owner == "str":
            return machine.each(receiver, lambda one: machine.call_method(one, name, rest, node))
        if isinstance(receiver, Object) and name != "fromkeys":
            return builtin_method(machine, receiver, name, rest, node)
    return _call_function(machine, function, arguments, node)


def _call_function(machine: Machine, function: External, arguments: Arguments, node: Node) -> Value:
    name = function.name
    least, most = _COUNTS.get(name, (0, len(arguments.positional)))
    if not arguments.open:
        if not least <= len(arguments.positional) <= most:
            return machine.fail("TypeError", None, node)
        try:
            found = _known(machine, name, arguments, node)
        except Unfit as reason:
            values = (*arguments.positional, *arguments.named.values())
            machine.may_raise()
            let_external_change(machine, function, arguments, node)
            return machine.unknown(node, reason.why, *values)
        except IndexError:  # too few arguments
            return machine.fail("TypeError", None, node)
        if found is not UNSUPPORTED:
            return found
    machine.may_raise()
    let_external_change(machine, function, arguments, node)
    values = (*arguments.positional, *arguments.named.values())
    plain_name = name.removeprefix("builtins.")
    return machine.unknown(node, f"{plain_name} runs on the installer's machine", *values)


def _known(machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
    named = _NAMED.get(name, frozenset())
    if named is not None and name not in PURE and arguments.named.keys() - named:
        raise Unfit
    old = PYTHON2.get(name)
    found = UNSUPPORTED if old is None else old(machine, arguments, node)
    if found is not UNSUPPORTED:
        return found
    pure = PURE.get(name)
    if pure is not None:
        if name.startswith("re."):
            machine.steps -= effort(arguments.positional)
        return _carry_out(machine, pure, arguments, node)
    call = ITERATING.get(name)
    if call is not None:
        return _for_each(machine, call, arguments, node)
    call = _CALLS.get(name) or LIBRARY_OBJECTS.get(name)
    if call is not None:
        return call(machine, arguments, node)
    short = name.removeprefix("builtins.")
    if short in ERRORS and short != name:
        return new_error(machine, External(name), arguments, node)
    return UNSUPPORTED


def _for_each(machine: Machine, call: _Call, arguments: Arguments, node: Node) -> Value:
    """Call a function for each alternative of its arguments."""
    return machine.each_of(
        arguments.positional, lambda given: call(machine, arguments.with_positional(given), node)
    )


def _carry_out(
    machine: Machine, function: Callable[..., Any], arguments: Arguments, node: Node
) -> Value:
    """Return what a function gives that asks for plain data alone."""
    return machine.each_of(
        arguments.positional,
        lambda given: _carry_out_once(machine, function, arguments.with_positional(given), node),
    )


def _carry_out_once(
    machine: Machine, function: Callable[..., Any], arguments: Arguments, node: Node
) -> Value:
    given = [plain(machine, one) for one in arguments.positional]
    named = {key: plain(machine, one) for key, one in arguments.named.items()}
    if any(one is ABSENT for one in (*given, *named.values())):
        machine.may_raise()  # for this alternative; other alternatives may be known
        return UNSUPPORTED
    length = sum(len(one) for one in given if isinstance(one, str))
    if length > MAX_TEXT:
        raise Unfit(limit_reached(MAX_TEXT, "characters"))
    machine.steps -= length // _CHARACTERS_A_STEP
    if not _takes(function, given, named):
        raise Unfit
    try:
        return from_plain(machine, function(*given, **named), node)
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
        return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)


def _takes(function: Callable[..., Any], given: list[Any], named: dict[str, Any]) -> bool:
    """Return whether a function takes arguments; ours take fewer than what they replace."""
    if not getattr(function, "__module__", "").startswith("plugindoc."):
        return True
    try:
        signature(function).bind(*given, **named)
    except TypeError:
        return False
    return True


def _len(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if type(value) is Choice:
        return machine.each(value, lambda one: _len(machine, Arguments([one], {}), node))
    counted = special(machine, value, "__len__", [], node)
    if counted is not ABSENT:
        return counted
    if isinstance(value, str) and not value.isascii() and machine.python2:
        message = "bytes or characters, as the text's type has it"
        raise Unfit(message)
    if isinstance(value, Object) and value.kind == "iterator":
        raise Unfit
    members = in_any_order(machine, value, node)
    doubtful = [one.condition for one in members if type(one) is Maybe]
    if len(doubtful) > _MAX_DOUBTFUL or any(map(has_opaque, doubtful)):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return _count(machine, len(members) - len(doubtful), doubtful)


_MAX_DOUBTFUL: Final = 4


def _count(machine: Machine, count: int, doubtful: list[Condition]) -> Value:
    """Return how many members there are, for each way in which the doubtful ones are there."""
    if not doubtful:
        return count
    first, *rest = doubtful
    return machine.either(
        first,
        lambda: _count(machine, count + 1, rest),
        lambda: _count(machine, count, rest),
    )


def _str(machine: Machine, arguments: Arguments, node: Node) -> Value:
    if not arguments.positional:
        return ""
    if len(arguments.positional) > 1:
        value, codec, *_ = arguments.positional
        return machine.call_method(value, "decode", Arguments([codec], {}), node)
    return machine.each(arguments.positional[0], lambda one: as_text(machine, one, node))


def _repr(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return machine.each(arguments.positional[0], lambda one: as_source(machine, one, node))


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
        members = (unordered if kind == "set" else listed)(machine, value, node)
        if kind == "tuple":
            if not is_settled(members):
                raise Unfit
            return row(machine, members, node)
        if kind == "set":
            return machine.new("set", set_content(members), node)
        return machine.new("list", members, node)

    return make


def _of_family(make: _Call, name: str) -> _Call:
    """Return what makes an object of a class that inherits from a container of Python's."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        def use(found: Value) -> Value:
            if isinstance(found, Object):
                found.family = External(name)
            return found

        return machine.each(make(machine, arguments, node), use)

    return call


def _deque(machine: Machine, arguments: Arguments, node: Node) -> Value:
    if len(arguments.positional) > 1 or isinstance(arguments.get(0, "iterable", ()), Pieces):
        raise Unfit
    return _sequence("list")(machine, arguments, node)


def _frozenset(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found = _sequence("set")(machine, arguments, node)
    members = plain(machine, found)
    if members is ABSENT:
        raise Unfit
    return frozenset(members)


def _dict(machine: Machine, arguments: Arguments, node: Node) -> Object:
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


def _same(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return arguments.positional[0]


def _copied(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Object) and value.kind in ("dict", "list", "set"):
        return machine.call_method(value, "copy", Arguments([], {}), node)
    if isinstance(value, Object):
        raise Unfit
    return value


def _deep(machine: Machine, arguments: Arguments, node: Node) -> Value:
    if len(arguments.positional) > 1:
        raise Unfit
    return _deep_copy(machine, arguments.positional[0], {}, node)


def _deep_copy(machine: Machine, value: Value, seen: dict[int, Object], node: Node) -> Value:
    if is_constant(value):
        return value
    if isinstance(value, tuple):
        return tuple(_deep_copy(machine, one, seen, node) for one in value)
    if type(value) is Choice:
        return Choice(tuple((g, _deep_copy(machine, one, seen, node)) for g, one in value.branches))
    if type(value) is Maybe:
        return Maybe(value.condition, _deep_copy(machine, value.value, seen, node))
    if not isinstance(value, Object) or value.kind == "scope":
        return value
    if value.kind == "iterator":
        raise Unfit
    if id(value) in seen:
        return seen[id(value)]
    content = machine.heap.read(value)
    machine.steps -= len(content) // MEMBERS_A_STEP
    copy = machine.new(value.kind, content.copy(), value.node or node)
    copy.places.update(value.places)
    copy.owner, copy.family = value.owner, value.family
    seen[id(value)] = copy
    if isinstance(content, list):
        deep: Any = [_deep_copy(machine, one, seen, node) for one in content]
    else:
        deep = {key: _deep_copy(machine, one, seen, node) for key, one in content.items()}
    machine.heap.replace(copy, deep)
    return copy


def _from_keys(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = certain(machine, arguments.positional[0], node)
    value = arguments.get(1, "value", None)
    return machine.new("dict", dict.fromkeys(members, value), node)


def _exit(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """End with ``SystemExit``, whose text the user sees; a number is not shown."""
    error = new_error(machine, External("builtins.SystemExit"), arguments, node)
    text = arguments.get(0, "status", None)
    return machine.fail(error, None if isinstance(text, int) else text, node)


def _end(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    machine.end(External("builtins.SystemExit"), node)


def _nothing(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return None


def taint(machine: Machine, values: list[Value], node: Node) -> None:
    """Make the entries of dicts unknown after code was executed in them."""
    machine.may_raise()
    machine.opened.update(machine.frame.scopes)
    for value in values:
        if isinstance(value, Object) and value.kind == "dict":
            unknown = machine.unknown(node, "executed code may have set it")
            machine.heap.write(value)[unknown] = unknown


def _exec(machine: Machine, arguments: Arguments, node: Node) -> Value:
    taint(machine, arguments.positional[1:], node)
    return None


_NAMED: Final[dict[str, frozenset[str] | None]] = {
    **dict.fromkeys(("builtins.dict", "builtins.print", "collections.OrderedDict"), None),
    **dict.fromkeys(("collections.defaultdict", "functools.partial"), None),
    "types.SimpleNamespace": None,
    "attr.ib": frozenset({"default", "factory"}),
    "builtins.enumerate": frozenset({"start"}),
    "functools.lru_cache": frozenset({"maxsize"}),
    "builtins.max": frozenset({"default", "key"}),
    "builtins.min": frozenset({"default", "key"}),
    "builtins.property": frozenset({"doc", "fdel", "fget", "fset"}),
    "builtins.sorted": frozenset({"cmp", "key", "reverse"}),
    "builtins.sum": frozenset({"start"}),
    "builtins.zip": frozenset({"strict"}),
    "collections.namedtuple": frozenset({"defaults", "field_names", "typename"}),
    "dataclasses.field": frozenset({"default", "default_factory", "metadata", "repr"}),
    "itertools.combinations": frozenset({"r"}),
    "itertools.groupby": frozenset({"key"}),
    "itertools.izip_longest": frozenset({"fillvalue"}),
    "itertools.permutations": frozenset({"r"}),
    "itertools.product": frozenset({"repeat"}),
    "itertools.repeat": frozenset({"times"}),
    "itertools.zip_longest": frozenset({"fillvalue"}),
}
"""Arguments by name that are followed; None if all are, and none of all other functions."""

_COUNTS: Final[dict[str, tuple[int, int]]] = {
    **dict.fromkeys((f"builtins.{name}" for name in ("any", "all", "callable", "len")), (1, 1)),
    **dict.fromkeys((f"builtins.{name}" for name in ("repr", "reversed")), (1, 1)),
    **dict.fromkeys((f"builtins.{name}" for name in ("bool", "dict", "frozenset", "list")), (0, 1)),
    **dict.fromkeys((f"builtins.{name}" for name in ("set", "tuple")), (0, 1)),
    **dict.fromkeys((f"builtins.{name}" for name in ("enumerate", "iter", "next", "sum")), (1, 2)),
    "copy.copy": (1, 1),
    "itertools.repeat": (1, 2),
    "builtins.apply": (1, 3),
    "builtins.cmp": (2, 2),
    "builtins.coerce": (2, 2),
    "builtins.filter": (2, 2),
    "builtins.getattr": (2, 3),
    "builtins.hasattr": (2, 2),
    "builtins.isinstance": (2, 2),
    "builtins.issubclass": (2, 2),
    "builtins.map": (2, MAX_MEMBERS),
    "builtins.setattr": (3, 3),
    "builtins.sorted": (1, 4),
    "functools.partial": (1, MAX_MEMBERS),
    "itertools.combinations": (1, 2),
    "itertools.ifilter": (2, 2),
    "itertools.imap": (2, MAX_MEMBERS),
    "itertools.islice": (2, 4),
    "itertools.permutations": (1, 2),
    "six.moves.filter": (2, 2),
    "six.moves.map": (2, MAX_MEMBERS),
    "string.maketrans": (2, 2),
}
"""How many positional arguments functions take, which fail with fewer or more."""

_CALLS: Final[dict[str, _Call]] = {
    **REFLECTING,
    "builtins.len": _len,
    "builtins.str": _str,
    "builtins.unicode": _str,
    "builtins.repr": _repr,
    "builtins.bool": _bool,
    "builtins.list": _sequence("list"),
    "builtins.tuple": _sequence("tuple"),
    "builtins.set": _sequence("set"),
    "builtins.frozenset": _frozenset,
    "builtins.dict": _dict,
    "builtins.dict.fromkeys": _from_keys,
    "collections.OrderedDict": _of_family(_dict, "collections.OrderedDict"),
    "collections.defaultdict": _of_family(_defaultdict, "collections.defaultdict"),
    "collections.deque": _of_family(_deque, "collections.deque"),
    "builtins.object.__new__": lambda machine, given, node: bare_instance(
        machine, given.positional[0], node
    ),
    "builtins.exec": _exec,
    "builtins.exit": _exit,
    "builtins.quit": _exit,
    "sys.exit": _exit,
    **dict.fromkeys(
        (f"os.{name}" for name in ("_exit", "abort", "execl", "execle", "execlp", "execlpe")), _end
    ),
    **dict.fromkeys((f"os.{name}" for name in ("execv", "execve", "execvp", "execvpe")), _end),
    "builtins.print": _nothing,
    "builtins.intern": _same,
    "copy.copy": _copied,
    "copy.deepcopy": _deep,
    "six.iteritems": lambda machine, given, node: machine.call_method(
        given.positional[0], "items", Arguments([], {}), node
    ),
    "six.itervalues": lambda machine, given, node: machine.call_method(
        given.positional[0], "values", Arguments([], {}), node
    ),
}
