"""Python source, of every age, to `plugindoc.reading.syntax`; the only importer of ast-grep.

The parser takes Python 2 and 3 alike and repairs what it cannot parse. Where a file holds an error,
each top-level statement is parsed alone, so that an error makes only its own statement unreadable.
So does what the parser cannot handle (see `source_limits`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Final

from ast_grep_py import SgNode, SgRoot

from plugindoc.model.locations import Location
from plugindoc.reading import syntax
from plugindoc.reading.comments import without_long_comments
from plugindoc.reading.expressions import argument_list, expression, parameters
from plugindoc.reading.matching import match_statement
from plugindoc.reading.parsed import Reader, parts
from plugindoc.reading.source_limits import refusal

__all__ = ["Module", "parse"]

_NO_NAME: Final = {"any": [{"kind": "block"}, {"kind": "comment"}]}
_PYTHON2_RULE: Final[Any] = {
    "rule": {
        "any": [
            {"kind": "print_statement"},
            {"kind": "exec_statement"},
            {"kind": "comparison_operator", "has": {"regex": "^<>$"}},
            {"kind": "integer", "regex": "^0[0-7]*[1-7][0-7]*$|[lL]$"},
            {"kind": "string_start", "regex": "^(`|[uU][rR])"},
            {"kind": "except_clause", "has": {"nthChild": 2, "not": _NO_NAME}},
            {"kind": "raise_statement", "has": {"kind": "expression_list"}},
        ]
    }
}
_MATCH: Final = re.compile(r"match\s*[\[(]")
_TOP_LEVEL: Final = re.compile(
    r"^(?=(?:def|class|async\s+def|@)\b|@)|^(?=\w+\s*=[^=])", re.MULTILINE
)

_TOGETHER: Final = 64
"""How many statements are parsed together in a file that holds an error."""

_MAX_BROKEN: Final = 1_000
"""Top-level statements of one file that cannot be parsed; each of them is parsed alone."""

_LONG: Final = 100_000
"""Characters of a file that is looked through for errors leaf by leaf, however deep it nests."""


class Module:
    """A parsed file.

    `path` is relative to the source's root. `broken` are the places that cannot be parsed;
    `refused` those that are not, each with why.
    """

    def __init__(self, path: str, source: str, *, thorough: bool = True) -> None:
        self.path = path
        self._thorough = thorough
        self.source = source
        self.broken: list[Location] = []
        self.refused: list[tuple[Location, str]] = []
        self._first_lines: dict[SgRoot, int] = {}
        self.reader = Reader(python2=lambda: self.python2, length=len(source))
        self._text = self._parsable(without_long_comments(source))
        self._root = SgRoot(self._text, "python").root()

    def _parsable(self, source: str) -> str:
        """Return a source with empty lines for what must not be parsed."""
        whole = refusal(source)
        if not whole:
            return source
        kept: list[str] = []
        for line, chunk in _chunks(source):
            why = refusal(chunk)
            if why:
                self.refused.append((Location(self.path, line + 1), why))
            kept.append("\n" * chunk.count("\n") if why else chunk)
        text = "".join(kept)
        if refusal(text):  # it is made of several statements that are no better apart
            self.refused = [(Location(self.path, 1), whole)]
            return ""
        return text

    @cached_property
    def python2(self) -> bool:
        """Whether the file uses what only Python 2 has."""
        return self._root.find(_PYTHON2_RULE) is not None

    @cached_property
    def statements(self) -> tuple[syntax.Statement, ...]:
        """The module's statements; those that cannot be parsed are `Broken`."""
        if not self._is_broken():
            return tuple(_statements(self._root, self.reader))
        chunks = list(_chunks(self._text))
        found: list[syntax.Statement] = []
        size = _TOGETHER if len(chunks) > _TOGETHER else 1
        for start in range(0, len(chunks), size):
            if len(self.broken) > _MAX_BROKEN:
                why = f"limit: more than {_MAX_BROKEN:,} statements that cannot be parsed"
                self.refused.append((Location(self.path, chunks[start][0] + 1), why))
                break
            found += self._apart(chunks[start : start + size])
        return tuple(found)

    def _apart(self, chunks: list[tuple[int, str]]) -> Iterator[syntax.Statement]:
        """Yield the statements of a few chunks; if there is an error, each is parsed alone."""
        line, text = chunks[0][0], "".join(chunk for _, chunk in chunks)
        root = SgRoot(text, "python").root()
        self._first_lines[root.get_root()] = line
        error = _error(root, text)
        if error is None:
            yield from _statements(root, self.reader)
        elif len(chunks) > 1:
            for chunk in chunks:
                yield from self._apart([chunk])
        else:
            self.broken.append(self.location(_innermost(error)))
            yield syntax.Broken(root, "this cannot be parsed")

    def _is_broken(self) -> bool:
        if self._thorough:
            return _error(self._root, self._text) is not None
        return any(child.kind() == "ERROR" for child in self._root.named_children())

    def location(self, at: SgNode) -> Location:
        """Return the location of a node."""
        span = at.range()
        start, end = span.start, span.end
        first = 1 + (self._first_lines.get(at.get_root(), 0) if self._first_lines else 0)
        return Location(
            self.path, start.line + first, start.column + 1, end.line + first, end.column + 1
        )

    @staticmethod
    def text(at: SgNode) -> str:
        """Return a node's text, in one line."""
        return " ".join(at.text().split())

    def docstring(self) -> tuple[str, Location] | None:
        """Return the module's docstring and its place."""
        statements = self.statements
        return _docstring(statements[0], self) if statements else None

    def docstring_of(self, body: syntax.Block) -> str:
        """Return the docstring of a function or class as Python would show it, else ""."""
        found = _docstring(body.statements[0], self) if body.statements else None
        return "" if found is None else found[0]


@lru_cache(maxsize=512)
def parse(path: str, source: str, *, thorough: bool = True) -> Module:
    """Return a parsed file; `path` is that of its locations.

    The same content at the same path, as in most files of two releases, is parsed once.

    Errors are looked for everywhere, or else only between top-level statements.
    """
    return Module(path, source, thorough=thorough)


def _docstring(first: syntax.Statement, module: Module) -> tuple[str, Location] | None:
    if not isinstance(first, syntax.ExpressionStatement):
        return None
    value = first.value
    if not isinstance(value, syntax.Const) or not isinstance(value.value, str):
        return None
    return value.value, module.location(value.at)


def _chunks(source: str) -> Iterator[tuple[int, str]]:
    """Yield top-level definitions and assignments with what follows each, after how many lines.

    Decorators stay with what they decorate.
    """
    starts = [*(found.start() for found in _TOP_LEVEL.finditer(source)), len(source)]
    line = begin = last = 0
    for start in starts:
        if source.startswith("@", last) and start < len(source):
            last = start
            continue
        chunk = source[begin:start]
        yield line, chunk
        line += chunk.count("\n")
        begin = last = start


_NO_WIDTH: Final[Any] = {"regex": "^$"}
_ANYTHING: Final[Any] = {"any": [{"kind": "identifier"}, {"not": {"kind": "identifier"}}]}
_NO_WIDTH_IN_DEPTH: Final[Any] = {"all": [{"not": {"has": _ANYTHING}}, _NO_WIDTH]}
"""Looks only at the text of leaves, if there are many nodes, which may be deeply nested."""


def _error(root: SgNode, text: str) -> SgNode | None:
    """Return a place that cannot be parsed: too much, or (a node of no width) too little."""
    missing = _NO_WIDTH_IN_DEPTH if len(text) > _LONG else _NO_WIDTH
    found = root.find(any=[{"kind": "ERROR"}, missing])
    return None if found is None or found.kind() == "module" else found


def _innermost(error: SgNode) -> SgNode:
    inner = error.find(kind="ERROR")
    while inner is not None and inner.range().start.index > error.range().start.index:
        error, inner = inner, inner.find(kind="ERROR")
    return error


def _statements(node: SgNode, reader: Reader) -> Iterator[syntax.Statement]:
    for child in node.named_children():
        kind = child.kind()
        convert = _CONVERTERS.get(kind)
        if convert is not None:
            yield _convert(convert, child, reader)
        elif kind not in ("comment", "line_continuation"):
            yield syntax.Broken(child, "this kind of statement is not evaluated")


def _convert(
    convert: Callable[[SgNode, Reader], syntax.Statement], node: SgNode, reader: Reader
) -> syntax.Statement:
    """Return a statement; one of a form that a converter does not expect is `Broken`."""
    try:
        return convert(node, reader)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return syntax.Broken(node, f"internal error in plugindoc: {type(error).__name__}")


def _block(node: SgNode | None, reader: Reader) -> syntax.Block:
    def make() -> tuple[syntax.Statement, ...]:
        return () if node is None else tuple(_statements(node, reader))

    return syntax.Block(make, lambda: "" if node is None else node.text())


def _body(node: SgNode) -> SgNode | None:
    found = [child for child in node.named_children() if child.kind() == "block"]
    return found[-1] if found else None


def _clause(node: SgNode, kind: str, reader: Reader) -> syntax.Block | None:
    for child in node.named_children():
        if child.kind() == kind:
            return _block(_body(child), reader)
    return None


def _expression_statement(node: SgNode, reader: Reader) -> syntax.Statement:
    found = parts(node, 1)
    if len(found) != 1:
        members = tuple(expression(child, reader) for child in found)
        return syntax.ExpressionStatement(node, syntax.Display(node, "tuple", members))
    kind = found[0].kind()
    if kind == "assignment":
        return _assignment(found[0], reader)
    if kind == "augmented_assignment":
        return _augmented(found[0], reader)
    return syntax.ExpressionStatement(node, expression(found[0], reader))


def _assignment(node: SgNode, reader: Reader) -> syntax.Statement:
    whole, targets = node, []
    while True:
        target = node.field("left")
        value = node.field("right")
        if target is not None:
            targets.append(expression(target, reader))
        kind = node.field("type")
        annotated = kind is not None
        if kind is not None and "\n" in kind.text() and _MATCH.match(whole.text()):
            return syntax.Broken(whole, "this match is taken for something else")
        if value is None:
            name = targets[-1] if targets else None
            if isinstance(name, syntax.Name):
                return syntax.Declared(whole, name.id)
            return syntax.Pass(whole)
        if value.kind() != "assignment":
            found = expression(value, reader)
            return syntax.Assign(whole, tuple(targets), found, annotated)
        node = value


def _augmented(node: SgNode, reader: Reader) -> syntax.Statement:
    target, operator, value = (node.field(name) for name in ("left", "operator", "right"))
    if target is None or operator is None or value is None:
        return syntax.Broken(node, "this cannot be parsed")
    return syntax.AugmentedAssign(
        node, expression(target, reader), operator.text()[:-1], expression(value, reader)
    )


def _if(node: SgNode, reader: Reader) -> syntax.Statement:
    branches = [_branch(node, reader)]
    branches += [_branch(c, reader) for c in node.named_children() if c.kind() == "elif_clause"]
    return syntax.If(node, tuple(branches), _clause(node, "else_clause", reader))


def _branch(node: SgNode, reader: Reader) -> tuple[syntax.Expression, syntax.Block]:
    return expression(parts(node)[0], reader), _block(node.field("consequence"), reader)


def _for(node: SgNode, reader: Reader) -> syntax.Statement:
    target, iterable = node.field("left"), node.field("right")
    if target is None or iterable is None:
        return syntax.Broken(node, "this cannot be parsed")
    return syntax.For(
        node,
        expression(target, reader),
        expression(iterable, reader),
        _block(node.field("body"), reader),
        _clause(node, "else_clause", reader),
    )


def _while(node: SgNode, reader: Reader) -> syntax.Statement:
    test = expression(parts(node)[0], reader)
    body = _block(node.field("body"), reader)
    return syntax.While(node, test, body, _clause(node, "else_clause", reader))


def _try(node: SgNode, reader: Reader) -> syntax.Statement:
    children = node.named_children()
    handlers = [_handler(c, reader) for c in children if c.kind().startswith("except")]
    return syntax.Try(
        node,
        _block(node.field("body"), reader),
        tuple(handlers),
        _clause(node, "else_clause", reader),
        _clause(node, "finally_clause", reader),
    )


def _handler(node: SgNode, reader: Reader) -> syntax.Handler:
    body = _block(_body(node), reader)
    found = [child for child in parts(node) if child.kind() != "block"]
    if not found:
        return syntax.Handler(node, None, "", body)
    caught = found[0]
    if caught.kind() == "as_pattern":
        types, name = parts(caught)
        return syntax.Handler(node, expression(types, reader), name.text(), body)
    name = found[1].text() if len(found) > 1 else ""
    names = expression(found[1], reader) if name.startswith("(") else None
    return syntax.Handler(node, expression(caught, reader), name, body, names)


def _with(node: SgNode, reader: Reader) -> syntax.Statement:
    items: list[tuple[syntax.Expression, syntax.Expression | None]] = []
    for item in (c for clause in parts(node) for c in clause.named_children()):
        if item.kind() != "with_item":
            continue
        (value,) = parts(item)[:1]
        if value.kind() == "as_pattern":
            context, target = parts(value)
            items.append((expression(context, reader), expression(target, reader)))
        else:
            items.append((expression(value, reader), None))
    return syntax.With(node, tuple(items), _block(node.field("body"), reader))


def _function(node: SgNode, reader: Reader) -> syntax.Statement:
    name, given = node.field("name"), node.field("parameters")
    if name is None or given is None:
        return syntax.Broken(node, "this cannot be parsed")
    body = _block(node.field("body"), reader)
    return syntax.FunctionDefinition(node, name.text(), parameters(given, reader), body)


def _class(node: SgNode, reader: Reader) -> syntax.Statement:
    name, bases = node.field("name"), node.field("superclasses")
    if name is None:
        return syntax.Broken(node, "this cannot be parsed")
    given = () if bases is None else argument_list(bases, reader)
    return syntax.ClassDefinition(node, name.text(), given, _block(node.field("body"), reader))


def _decorated(node: SgNode, reader: Reader) -> syntax.Statement:
    *decorators, definition = parts(node)
    found = _CONVERTERS[definition.kind()](definition, reader)
    if isinstance(found, syntax.FunctionDefinition | syntax.ClassDefinition):
        found.decorators = tuple(expression(parts(one)[0], reader) for one in decorators)
    return found


def _return(node: SgNode, reader: Reader) -> syntax.Statement:
    found = parts(node)
    return syntax.Return(node, expression(found[0], reader) if found else None)


def _raise(node: SgNode, reader: Reader) -> syntax.Statement:
    found = parts(node)
    if found and found[0].kind() == "expression_list":
        found = parts(found[0])
    error = expression(found[0], reader) if found else None
    from_clause = any(child.kind() == "from" for child in node.children())
    text = expression(found[1], reader) if len(found) > 1 and not from_clause else None
    return syntax.Raise(node, error, text)


def _global(node: SgNode, _: Reader) -> syntax.Statement:
    names = tuple(child.text() for child in parts(node))
    return syntax.Global(node, names, node.kind() == "nonlocal_statement")


def _import(node: SgNode, _: Reader) -> syntax.Statement:
    return syntax.Import(node, tuple(_imported(child) for child in parts(node)))


def _imported(node: SgNode) -> tuple[str, str]:
    if node.kind() == "aliased_import":
        name, bound = parts(node)
        return name.text(), bound.text()
    return node.text(), ""


def _import_from(node: SgNode, _: Reader) -> syntax.Statement:
    if node.kind() == "future_import_statement":
        return syntax.Pass(node)
    module, *names = parts(node)
    text = module.text().replace(" ", "")
    bare = text.lstrip(".")
    pairs = [
        ("*", "") if child.kind() == "wildcard_import" else _imported(child) for child in names
    ]
    return syntax.ImportFrom(node, len(text) - len(bare), bare, tuple(pairs))


def _delete(node: SgNode, reader: Reader) -> syntax.Statement:
    target = expression(parts(node)[0], reader)
    members = target.members if isinstance(target, syntax.Display) else (target,)
    return syntax.Delete(node, members)


def _assert(node: SgNode, reader: Reader) -> syntax.Statement:
    test, *text = (expression(child, reader) for child in parts(node))
    return syntax.Assert(node, test, text[0] if text else None)


def _print(node: SgNode, reader: Reader) -> syntax.Statement:
    found = (child for child in parts(node) if child.kind() != "chevron")
    executes = node.kind() == "exec_statement"
    return syntax.Print(node, tuple(expression(child, reader) for child in found), executes)


def _plain(
    make: Callable[[SgNode], syntax.Statement],
) -> Callable[[SgNode, Reader], syntax.Statement]:
    return lambda node, _: make(node)


_CONVERTERS: Final[dict[str, Callable[[SgNode, Reader], syntax.Statement]]] = {
    "expression_statement": _expression_statement,
    "if_statement": _if,
    "for_statement": _for,
    "while_statement": _while,
    "try_statement": _try,
    "with_statement": _with,
    "match_statement": lambda node, reader: match_statement(node, reader, _block),
    "function_definition": _function,
    "class_definition": _class,
    "decorated_definition": _decorated,
    "return_statement": _return,
    "raise_statement": _raise,
    "global_statement": _global,
    "nonlocal_statement": _global,
    "import_statement": _import,
    "import_from_statement": _import_from,
    "future_import_statement": _import_from,
    "delete_statement": _delete,
    "assert_statement": _assert,
    "print_statement": _print,
    "exec_statement": _print,
    "pass_statement": _plain(syntax.Pass),
    "break_statement": _plain(syntax.Break),
    "continue_statement": _plain(syntax.Continue),
}
