"""The syntax of Python, of every age, in the few shapes that evaluation needs.

Nodes are plain data. `at` is a handle that only `plugindoc.reading.python` understands: the node's
text and place are looked up with it, only when needed.
"""

from __future__ import annotations

from collections.abc import Callable
from types import EllipsisType
from typing import Any, TypeAlias

import msgspec

__all__ = [
    "Argument",
    "Assert",
    "Assign",
    "Attribute",
    "AugmentedAssign",
    "Binary",
    "Block",
    "Boolean",
    "Break",
    "Broken",
    "Call",
    "ClassDefinition",
    "Clause",
    "Compare",
    "Comprehension",
    "Conditional",
    "Const",
    "Continue",
    "Declared",
    "Delete",
    "DictDisplay",
    "Display",
    "Expression",
    "ExpressionStatement",
    "Field",
    "For",
    "Formatted",
    "FunctionDefinition",
    "Global",
    "Handler",
    "If",
    "Import",
    "ImportFrom",
    "Lambda",
    "Name",
    "Named",
    "Node",
    "Parameter",
    "Pass",
    "Print",
    "Raise",
    "Return",
    "Slice",
    "Starred",
    "Statement",
    "Subscript",
    "Try",
    "Unary",
    "Unsupported",
    "While",
    "With",
    "Yield",
]


class Node(msgspec.Struct, eq=False, gc=False):
    """Anything in a source file.

    Garbage collection need not look into nodes, but into those that hold blocks: an unread block
    holds its module, which holds the nodes.
    """

    at: Any


class Const(Node, eq=False, gc=False):
    """A literal: text, bytes, number, True, False, None or Ellipsis."""

    value: str | bytes | complex | EllipsisType | None


class Name(Node, eq=False, gc=False):
    """A name that is read."""

    id: str


class Attribute(Node, eq=False):
    """A member: ``value.name``."""

    value: Expression
    name: str


class Subscript(Node, eq=False):
    """A member by index: ``value[index]``."""

    value: Expression
    index: Expression


class Slice(Node, eq=False):
    """The three parts of ``lower:upper:step``, each None if it is left out."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


class Argument(Node, eq=False):
    """An argument of a call; `name` is "", a keyword, ``*`` or ``**``."""

    name: str
    value: Expression


class Call(Node, eq=False):
    """A call."""

    function: Expression
    arguments: tuple[Argument, ...]


class Binary(Node, eq=False):
    """An operator between two operands."""

    operator: str
    left: Expression
    right: Expression


class Unary(Node, eq=False):
    """``-``, ``+``, ``~``, ``not``, or the backticks of Python 2."""

    operator: str
    operand: Expression


class Boolean(Node, eq=False):
    """Operands joined by one of ``and``, ``or``."""

    operator: str
    operands: tuple[Expression, ...]


class Compare(Node, eq=False):
    """A chain of comparisons: operators and their right operands."""

    left: Expression
    links: tuple[tuple[str, Expression], ...]


class Conditional(Node, eq=False):
    """``body if test else orelse``."""

    test: Expression
    body: Expression
    orelse: Expression


class Parameter(Node, eq=False):
    """A parameter; `kind` is "", ``*`` or ``**``."""

    name: str
    kind: str = ""
    default: Expression | None = None
    keyword_only: bool = False
    positional_only: bool = False
    names: Expression | None = None


class Lambda(Node, eq=False):
    """A nameless function."""

    parameters: tuple[Parameter, ...]
    body: Expression


class Display(Node, eq=False):
    """A list, tuple or set written out; `kind` is its type's name."""

    kind: str
    members: tuple[Expression, ...]


class DictDisplay(Node, eq=False):
    """A dict written out; a key of None means ``**``."""

    pairs: tuple[tuple[Expression | None, Expression], ...]


class Clause(Node, eq=False):
    """A ``for`` (with target) or ``if`` (without) of a comprehension."""

    target: Expression | None
    value: Expression


class Comprehension(Node, eq=False):
    """A comprehension; `kind` is list, set, dict or generator, `value` the dict's value."""

    kind: str
    element: Expression
    value: Expression | None
    clauses: tuple[Clause, ...]


class Field(Node, eq=False):
    """A replacement field of an f-string; `spec` are the parts of its format."""

    value: Expression
    conversion: str
    spec: tuple[str | Field, ...]


class Formatted(Node, eq=False):
    """An f-string."""

    parts: tuple[str | Field, ...]


class Starred(Node, eq=False):
    """``*value`` in a display or on the left of an assignment."""

    value: Expression


class Named(Node, eq=False):
    """``target := value``."""

    target: str
    value: Expression


class Yield(Node, eq=False):
    """``yield value``; `every` for ``yield from``."""

    value: Expression | None
    every: bool = False


class Unsupported(Node, eq=False, gc=False):
    """An expression that is not evaluated, and why."""

    reason: str


Expression: TypeAlias = (
    Const
    | Name
    | Attribute
    | Subscript
    | Slice
    | Call
    | Binary
    | Unary
    | Boolean
    | Compare
    | Conditional
    | Lambda
    | Display
    | DictDisplay
    | Comprehension
    | Formatted
    | Starred
    | Named
    | Yield
    | Unsupported
)


class Block:
    """Statements that are converted when they are first asked for."""

    __slots__ = ("_found", "_make", "_text")

    def __init__(
        self, make: Callable[[], tuple[Statement, ...]], text: Callable[[], str] = str
    ) -> None:
        self._make: Callable[[], tuple[Statement, ...]] | None = make
        self._text = text
        self._found: tuple[Statement, ...] = ()

    @property
    def source(self) -> str:
        """The statements as they are written."""
        return self._text()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements, in order."""
        if self._make is not None:
            self._found = self._make()
            self._make = None
        return self._found


class ExpressionStatement(Node, eq=False):
    """An expression whose value is thrown away."""

    value: Expression


class Assign(Node, eq=False):
    """An assignment to one target or several in a chain; `annotated` if it has a type."""

    targets: tuple[Expression, ...]
    value: Expression
    annotated: bool = False


class Declared(Node, eq=False, gc=False):
    """``name: type`` without a value."""

    name: str


class AugmentedAssign(Node, eq=False):
    """``target operator= value``; the operator is without ``=``."""

    target: Expression
    operator: str
    value: Expression


class If(Node, eq=False, gc=True):
    """``if``, each ``elif``, and ``else``."""

    branches: tuple[tuple[Expression, Block], ...]
    orelse: Block | None


class For(Node, eq=False, gc=True):
    """A loop over something."""

    target: Expression
    iterable: Expression
    body: Block
    orelse: Block | None


class While(Node, eq=False, gc=True):
    """A loop under a test."""

    test: Expression
    body: Block
    orelse: Block | None


class Handler(Node, eq=False, gc=True):
    """An ``except``: what it catches (None for everything) and the name it binds.

    `names` are those in parentheses that Python 2 binds instead.
    """

    types: Expression | None
    name: str
    body: Block
    names: Expression | None = None


class Try(Node, eq=False, gc=True):
    """A ``try`` with all its parts."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block | None
    final: Block | None


class With(Node, eq=False, gc=True):
    """A ``with``: contexts, and the target of each or None."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: Block


class FunctionDefinition(Node, eq=False, gc=True):
    """A function."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    decorators: tuple[Expression, ...] = ()


class ClassDefinition(Node, eq=False, gc=True):
    """A class."""

    name: str
    bases: tuple[Argument, ...]
    body: Block
    decorators: tuple[Expression, ...] = ()


class Return(Node, eq=False):
    """``return``."""

    value: Expression | None


class Raise(Node, eq=False):
    """``raise``; `text` is the second operand of Python 2's form."""

    error: Expression | None
    text: Expression | None = None


class Global(Node, eq=False):
    """``global`` or, with `enclosing`, ``nonlocal``."""

    names: tuple[str, ...]
    enclosing: bool = False


class Import(Node, eq=False):
    """``import a.b as c``: pairs of dotted name and bound name, "" for the plain form."""

    names: tuple[tuple[str, str], ...]


class ImportFrom(Node, eq=False):
    """``from .module import name as bound``; the name ``*`` means all."""

    level: int
    module: str
    names: tuple[tuple[str, str], ...]


class Delete(Node, eq=False):
    """``del``."""

    targets: tuple[Expression, ...]


class Assert(Node, eq=False):
    """``assert``."""

    test: Expression
    text: Expression | None


class Print(Node, eq=False):
    """Python 2's ``print`` and ``exec``: their operands are evaluated.

    What ``exec`` does (`executes`) is not known.
    """

    values: tuple[Expression, ...]
    executes: bool = False


class Pass(Node, eq=False, gc=False):
    """A statement that does nothing."""


class Break(Node, eq=False, gc=False):
    """``break``."""


class Continue(Node, eq=False, gc=False):
    """``continue``."""


class Broken(Node, eq=False, gc=False):
    """Source that cannot be parsed, or a statement that is not evaluated."""

    reason: str


Statement: TypeAlias = (
    ExpressionStatement
    | Assign
    | Declared
    | AugmentedAssign
    | If
    | For
    | While
    | Try
    | With
    | FunctionDefinition
    | ClassDefinition
    | Return
    | Raise
    | Global
    | Import
    | ImportFrom
    | Delete
    | Assert
    | Print
    | Pass
    | Break
    | Continue
    | Broken
)
