"""Names that a piece of code binds."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Node

__all__ = ["assigned_names", "has_yield", "mentioned_names"]

_INNER = (syntax.FunctionDefinition, syntax.Lambda, syntax.ClassDefinition)


def assigned_names(node: Node) -> tuple[str, ...]:
    """Return the names that a statement binds, also in statements inside of it."""
    return tuple(dict.fromkeys(_names(node)))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, syntax.Assign):
        for target in node.targets:
            yield from _targets(target)
    elif isinstance(node, syntax.AugmentedAssign | syntax.For):
        yield from _targets(node.target)
    elif isinstance(node, syntax.FunctionDefinition | syntax.ClassDefinition):
        yield node.name
        return
    for block in _blocks(node):
        for statement in block.statements:
            yield from _names(statement)


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


def _children(node: Node) -> Iterator[Node]:
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
    """Return the names that a piece of code speaks of, also in functions inside of it."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Name):
            found[one.id] = None
        waiting.extend(_children(one))
    return tuple(found)


def has_yield(block: Block) -> bool:
    """Tell whether a function's body makes it a generator."""
    waiting: list[Node] = list(block.statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Yield):
            return True
        if not isinstance(node, _INNER):
            waiting.extend(_children(node))
    return False
