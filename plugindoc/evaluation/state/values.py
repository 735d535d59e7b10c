"""Values while plugins are evaluated: Python's own data, and substitutes for what is not known.

Known texts, numbers, None, True, False and tuples are Python's own. What can be changed (lists,
dicts, sets, scopes, instances) is an `Object`, whose content the heap keeps, since it depends on
the path. Everything else is one of the classes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from types import EllipsisType
from typing import Any, Final, TypeAlias

import msgspec

from plugindoc.evaluation.limits import MAX_MEMBERS
from plugindoc.model.conditions import ALWAYS, Always, Condition, Parts, options_of
from plugindoc.model.locations import Location
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import ClassDefinition, FunctionDefinition, Lambda, Node

__all__ = [
    "ABSENT",
    "UNSUPPORTED",
    "Absent",
    "Answer",
    "Arguments",
    "Bound",
    "Choice",
    "ClassValue",
    "Content",
    "Deferred",
    "External",
    "Function",
    "Joined",
    "Maybe",
    "ModuleValue",
    "Object",
    "Pending",
    "Pieces",
    "StandIn",
    "Truth",
    "Unknown",
    "Unsupported",
    "Value",
    "alternatives",
    "bound_branches",
    "guarded",
    "has_plain_identity",
    "is_constant",
    "is_key",
    "is_settled",
    "is_unhashable",
    "member_if",
    "one_of",
    "options_in",
    "set_content",
    "with_default",
]


class Absent(Enum):
    """The type of `ABSENT`, an enumeration for type checkers to tell apart."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Absent.ABSENT
"""The value of what a path does not bind: an unbound name, a missing key."""


class Unsupported(Enum):
    """The type of `UNSUPPORTED`."""

    UNSUPPORTED = "UNSUPPORTED"


UNSUPPORTED: Final = Unsupported.UNSUPPORTED
"""The result of an operation that a stand-in does not have: what Python gives is unknown."""


class StandIn:
    """Base of `native.Native`, which takes the place of something outside of the sources."""


class Unknown(msgspec.Struct, eq=False):
    """A value that only the running installer knows.

    `node` and `module` are its origin, `options` are those that it depends on. `source` replaces
    the node's text if that is not enough.
    """

    node: Node | None
    module: Module | None
    reason: str
    options: tuple[str, ...] = ()
    source: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What is answered for an option; `default` is what a read falls back to."""

    option: str
    default: Any = ABSENT


class Pieces(msgspec.Struct, frozen=True):
    """A list made of an option's answer by splitting it."""

    option: str
    parts: Parts


class Truth(msgspec.Struct, frozen=True):
    """True if the condition holds, else False."""

    condition: Condition

    def __hash__(self) -> int:
        return hash(options_of(self.condition))  # what else a condition holds may be a list


class Choice(msgspec.Struct, eq=False):
    """One of several values, each under its condition; the conditions exclude each other."""

    branches: tuple[tuple[Condition, Value], ...]


class Joined(msgspec.Struct, eq=False):
    """A text with holes: texts and, for each hole, the value that fills it."""

    parts: tuple[Value, ...]


class Maybe(msgspec.Struct, eq=False):
    """A member that a list or set holds only if the condition holds."""

    condition: Condition
    value: Value


class Deferred(msgspec.Struct, eq=False):
    """The members of an iterator that nothing has asked for yet.

    `find` finds them all, or raises Unfit; `start` follows a generator's body, which gives one
    member after the other. `values`, and `code` with its scopes, are what finding them uses.
    """

    find: Callable[[], list[Value]]
    values: tuple[Value, ...] = ()
    code: tuple[Node, tuple[Object, ...]] | None = None
    start: Callable[[], None] | None = None


class Object:
    """Something that can be changed.

    `kind` is ``list``, ``dict``, ``set``, ``range``, ``iterator``, ``instance`` or ``scope``.
    `content` is what it holds outside of any branch: a list for lists, ranges and iterators (what
    is left of them, or one `Deferred`), a dict for the other kinds (a set's members are its keys).
    `places` are the nodes of a dict's values. `owner` is an instance's class; a container whose
    class inherits from Python's has it as `family`, and its attributes in `members`.
    """

    __slots__ = (
        "content",
        "family",
        "kind",
        "layered",
        "members",
        "module",
        "node",
        "owner",
        "places",
    )

    def __init__(
        self, kind: str, content: Content, node: Node | None = None, module: Module | None = None
    ) -> None:
        self.kind = kind
        self.content = content
        self.layered = False
        self.node = node
        self.module = module
        self.owner: Value = None
        self.family: Value = None
        self.members: Object | None = None
        self.places: dict[Any, tuple[Node, Module | None] | Location] = {}


class ModuleValue:
    """A module of the installer, run when something in it is first asked for.

    `scope` holds its names; `parsed` is None for a package without a file.
    """

    __slots__ = ("name", "parsed", "ready", "scope")

    def __init__(self, name: str, parsed: Module | None) -> None:
        self.name = name
        self.parsed = parsed
        self.ready = False
        self.scope = Object("scope", {}, None, parsed)


class Pending(msgspec.Struct, eq=False):
    """What an import binds, before it is used."""

    module: ModuleValue
    name: str
    node: Node
    home: ModuleValue


class External(msgspec.Struct, frozen=True):
    """Something outside of the installer's own sources, by its dotted name."""

    name: str


class Function(msgspec.Struct, eq=False):
    """A function of the installer or of a plugin, with what it closes over.

    `home` is its module; `path` its qualified name in there (``initConfig.use_vcenter``). `owner`
    is the class that it is defined in, `attributes` what was set on it.
    """

    node: FunctionDefinition | Lambda
    home: ModuleValue
    path: str
    scopes: tuple[Object, ...]
    defaults: dict[str, Value]
    owner: ClassValue | None = None
    attributes: Object | None = None

    @property
    def name(self) -> str:
        """The last part of its qualified name."""
        return self.path.rpartition(".")[2]


class ClassValue(msgspec.Struct, eq=False):
    """A class of the installer or of a plugin.

    `ancestors` is all that it inherits from, in the order of look-up.
    """

    node: ClassDefinition
    home: ModuleValue
    path: str
    ancestors: tuple[Value, ...]
    scope: Object

    @property
    def name(self) -> str:
        """The last part of its qualified name."""
        return self.path.rpartition(".")[2]


class Bound(msgspec.Struct, eq=False):
    """A method taken from the value that it belongs to; `function` is None for built-in types."""

    receiver: Value
    name: str
    function: Value = None


Value: TypeAlias = (
    str
    | int
    | float
    | complex
    | bytes
    | tuple["Value", ...]
    | frozenset[Any]
    | slice
    | EllipsisType
    | Absent
    | Unsupported
    | Unknown
    | Answer
    | Pieces
    | Truth
    | Choice
    | Joined
    | Maybe
    | Deferred
    | Object
    | ModuleValue
    | Pending
    | External
    | Function
    | ClassValue
    | Bound
    | StandIn
    | None
)
"""One of the classes here, or plain immutable data of Python."""


Content: TypeAlias = Any
"""What an object holds: a list or a dict, as its kind says."""


class Arguments(msgspec.Struct, eq=False):
    """The arguments of a call; `open` if some are not known (``*args`` of an unknown list)."""

    positional: list[Value]
    named: dict[str, Value]
    open: bool = False
    nodes: tuple[Node, ...] = ()

    def with_positional(self, positional: list[Value]) -> Arguments:
        """Return the same arguments, with others in the place of those by position."""
        return Arguments(positional, self.named, self.open, self.nodes)

    def get(self, index: int, name: str, default: Value = ABSENT) -> Value:
        """Return an argument by position or, failing that, by name."""
        if index < len(self.positional):
            return self.positional[index]
        return self.named.get(name, default)


_CONSTANTS: Final = frozenset(
    {str, int, float, bool, type(None), bytes, complex, tuple, type(...), frozenset}
)


def is_constant(value: Value) -> bool:
    """Return whether a value is plain data through and through."""
    if type(value) is not tuple:
        return type(value) in _CONSTANTS
    for one in value:
        if type(one) is tuple:
            return _is_constant_row(value)
        if type(one) not in _CONSTANTS:
            return False
    return True


def _is_constant_row(value: tuple[Value, ...]) -> bool:
    """Return whether nested tuples are plain data, and not too much of it to look at."""
    waiting, left = [value], MAX_MEMBERS
    while waiting:
        row = waiting.pop()
        left -= len(row)
        if left < 0:
            return False
        for one in row:
            if type(one) is tuple:
                waiting.append(one)
            elif type(one) not in _CONSTANTS:
                return False
    return True


def is_key(value: Value) -> bool:
    """Return whether a value is known to differ from all other keys of a dict: data, or a thing."""
    if isinstance(value, Object):
        return value.kind == "instance" and has_plain_identity(value)
    if isinstance(value, External):
        return value.name.startswith("builtins.")
    return is_constant(value) or isinstance(value, Function | ClassValue)


def is_unhashable(value: Value) -> bool:
    """Return whether a value can be no key of a dict and no member of a set."""
    return isinstance(value, Object) and value.kind in ("dict", "list", "set")


_IDENTITY: Final = frozenset({"__eq__", "__hash__", "__dataclass__", "__fields__"})


def has_plain_identity(value: Object) -> bool:
    """Return whether an instance is certainly equal to nothing but itself."""
    owner = value.owner
    if not isinstance(owner, ClassValue) or owner.scope.layered:
        return False
    for one in (owner, *owner.ancestors):
        if isinstance(one, ClassValue):
            if one.scope.layered or _IDENTITY & one.scope.content.keys():
                return False
        elif not isinstance(one, External) or one.name not in ("builtins.object", "enum.Enum"):
            return False
    return True


def options_in(value: Value) -> tuple[str, ...]:
    """Return the options that a value depends on, as far as that is known."""
    if type(value) is Answer or type(value) is Pieces:
        return (value.option,)
    if type(value) is Unknown:
        return value.options
    if type(value) is Joined:
        return tuple(dict.fromkeys(name for part in value.parts for name in options_in(part)))
    if type(value) is Truth:
        return options_of(value.condition)
    if type(value) is Choice:
        found = ((*options_of(guard), *options_in(one)) for guard, one in value.branches)
        return tuple(dict.fromkeys(name for names in found for name in names))
    if type(value) is tuple:
        return tuple(dict.fromkeys(name for one in value for name in options_in(one)))
    return ()


def alternatives(value: Value) -> list[Value]:
    """Return all that a member may be, without the conditions."""
    if type(value) is Maybe:
        return alternatives(value.value)
    if type(value) is Choice:
        return [one for _, branch in value.branches for one in alternatives(branch)]
    return [value]


def one_of(branches: Sequence[tuple[Condition, Value]]) -> Value:
    """Return one of several values; if there is only one, return it as it is."""
    return branches[0][1] if len(branches) == 1 else Choice(tuple(branches))


def bound_branches(value: Choice) -> list[tuple[Condition, Value]]:
    """Return the alternatives in which something is bound."""
    return [(guard, one) for guard, one in value.branches if one is not ABSENT]


def with_default(value: Value, default: Value) -> Value:
    """Return a value with a default in place of `ABSENT`."""
    if type(value) is Choice:
        return Choice(tuple((g, default if one is ABSENT else one) for g, one in value.branches))
    return default if value is ABSENT else value


def guarded(member: Value) -> tuple[Condition, Value]:
    """Return the condition under which a list or set has a member, and the member itself."""
    return (member.condition, member.value) if type(member) is Maybe else (ALWAYS, member)


def member_if(condition: Condition, value: Value) -> Value:
    """Return a member that a list or set only has under a condition."""
    return value if isinstance(condition, Always) else Maybe(condition, value)


def is_settled(members: Iterable[Value]) -> bool:
    """Return whether all members are certainly there."""
    return not any(type(member) is Maybe for member in members)


def set_content(members: Iterable[Value]) -> dict[Value, Value]:
    """Return the content of a set with these members."""
    return {guarded(one)[1]: one if type(one) is Maybe else True for one in members}
