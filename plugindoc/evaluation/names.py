"""Names that a piece of code binds."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Node

__all__ = [
    "assigned_names",
    "bound_names",
    "children",
    "has_yield",
    "local_names",
    "mentioned_names",
]

_INNER = (syntax.FunctionDefinition, syntax.Lambda, syntax.ClassDefinition)


def assigned_names(node: syntax.Statement) -> tuple[str, ...]:
    """Return the names that a statement binds, also in statements inside of it."""
    return tuple(dict.fromkeys(bound_names(node)))


def bound_names(node: syntax.Statement) -> Iterator[str]:
    """Yield the names that a statement binds, each as often as it is bound."""
    yield from _bound_by(node)
    if not isinstance(node, syntax.FunctionDefinition | syntax.ClassDefinition):
        for block in _blocks(node):
            for statement in _statements(block):
                yield from _bound_by(statement)


def _bound_by(node: Node) -> Iterator[str]:
    """Yield the names that a statement binds itself."""
    match node:
        case syntax.Assign(targets=targets):
            yield from (name for target in targets for name in _targets(target))
        case syntax.AugmentedAssign(target=target) | syntax.For(target=target):
            yield from _targets(target)
        case syntax.With(items=items):
            yield from (name for _, target in items if target for name in _targets(target))
        case syntax.Try(handlers=handlers):
            yield from (one.name for one in handlers if one.name)
            yield from (name for one in handlers if one.names for name in _targets(one.names))
        case syntax.Import(names=names):
            yield from (bound or dotted.partition(".")[0] for dotted, bound in names)
        case syntax.ImportFrom(names=names):
            yield from (bound or name for name, bound in names if name != "*")
        case syntax.FunctionDefinition() | syntax.ClassDefinition() | syntax.Declared():
            yield node.name


def local_names(node: Node) -> frozenset[str]:
    """Return the names that belong to a function: its parameters are not among them."""
    body = getattr(node, "body", None)
    if not isinstance(body, Block):
        return frozenset()
    found, shared = set[str](), set[str]()
    for statement in _statements(body):
        found.update(_bound_by(statement))
        if isinstance(statement, syntax.Global):
            shared.update(statement.names)
        elif isinstance(statement, syntax.Delete):
            found.update(name for target in statement.targets for name in _targets(target))
    if ":=" in body.source:
        found.update(_named_within(body))
    return frozenset(found - shared)


def _statements(block: Block) -> Iterator[syntax.Statement]:
    """Yield the statements of a block, and those inside of them, of the same function."""
    for statement in block.statements:
        yield statement
        if not isinstance(statement, syntax.FunctionDefinition | syntax.ClassDefinition):
            for inner in _blocks(statement):
                yield from _statements(inner)


def _named_within(body: Block) -> Iterator[str]:
    waiting: list[Node] = list(body.statements)
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Named):
            yield one.target
        if not isinstance(one, _INNER):
            waiting.extend(children(one))


def _blocks(node: Node) -> Iterator[Block]:
    """Return the blocks of a statement; expressions bind nothing that counts here."""
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, Block):
            yield value
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, syntax.Handler):
                    yield one.body
                elif isinstance(one, tuple):
                    yield from (part for part in one if isinstance(part, Block))


def _targets(target: Node) -> Iterator[str]:
    if isinstance(target, syntax.Name):
        yield target.id
    elif isinstance(target, syntax.Display):
        for member in target.members:
            yield from _targets(member)
    elif isinstance(target, syntax.Starred):
        yield from _targets(target.value)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node is made of."""
    for name in node.__struct_fields__:
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Block):
        yield from value.statements
    elif isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _nodes(one)


def mentioned_names(node: Node) -> tuple[str, ...]:
    """Return the names in a piece of code, also in functions inside it."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Name):
            found[one.id] = None
        waiting.extend(children(one))
    return tuple(found)


def has_yield(block: Block) -> bool:
    """Return whether a function's body makes it a generator."""
    waiting: list[Node] = list(block.statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Yield):
            return True
        if not isinstance(node, _INNER):
            waiting.extend(children(node))
    return False
