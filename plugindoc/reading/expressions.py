"""Expressions: from the parser's nodes to `plugindoc.reading.syntax`, one function per kind.

Nodes are handled through the few methods that they offer (`kind`, `text`, `field`,
`named_children`, `children`), so that this module needs no parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import EllipsisType
from typing import Final

from plugindoc.reading import syntax
from plugindoc.reading.literals import is_bytes, is_plain, number, split_string, unescape
from plugindoc.reading.parsed import EXTRAS, MAX_DEPTH, MAX_LITERAL, Parsed, Reader, parts

__all__ = [
    "MAX_OPERANDS",
    "argument_list",
    "expression",
    "parameters",
]


MAX_OPERANDS: Final = 5_000
"""How many operands may stand in a row: freeing more within one another would end the process."""


_PAIR: Final = 2
_AGE_MATTERS: Final = re.compile(r"\\(?:[uUN]|x[89a-fA-F]|[23][0-7]{2})")


def expression(node: Parsed, reader: Reader) -> syntax.Expression:
    """Return an expression; what is not evaluated, or nests too deeply, is `Unsupported`."""
    kind = node.kind()
    leaf = _LEAVES.get(kind)
    return _converted(node, kind, reader) if leaf is None else leaf(node, reader)


def _expressions(node: Parsed, reader: Reader) -> tuple[syntax.Expression, ...]:
    """Return the content of a node, without comments."""
    return tuple([expression(child, reader) for child in parts(node)])


def _converted(node: Parsed, kind: str, reader: Reader) -> syntax.Expression:
    leaf = _LEAVES.get(kind)
    if leaf is not None:
        return leaf(node, reader)
    convert = _CONVERTERS.get(kind)
    if convert is None:
        return syntax.Unsupported(node, "this kind of expression is not evaluated")
    if reader.depth >= MAX_DEPTH:
        return syntax.Unsupported(node, f"limit: expressions nest deeper than {MAX_DEPTH}")
    reader.depth += 1
    try:
        return convert(node, reader)
    finally:
        reader.depth -= 1


def _too_long(node: Parsed, reader: Reader) -> bool:
    if not reader.is_long:
        return False
    span = node.range()
    return int(span.end.index - span.start.index) > MAX_LITERAL


def _long(node: Parsed) -> syntax.Unsupported:
    return syntax.Unsupported(node, f"limit: a literal longer than {MAX_LITERAL:,} characters")


def _many(node: Parsed) -> syntax.Unsupported:
    return syntax.Unsupported(node, f"limit: more than {MAX_OPERANDS:,} operands in a row")


def _name(node: Parsed, _: Reader) -> syntax.Expression:
    return syntax.Name(node, node.text())


def _constant(value: int | EllipsisType | None) -> Callable[[Parsed, Reader], syntax.Expression]:
    return lambda node, _: syntax.Const(node, value)


def _number(node: Parsed, _: Reader) -> syntax.Expression:
    value = number(node.text())
    if value is None:
        return syntax.Unsupported(node, "limit: a number too long to read")
    return syntax.Const(node, value)


def _string(node: Parsed, reader: Reader) -> syntax.Expression:
    text = node.text()
    if len(text) > MAX_LITERAL:
        return _long(node)
    if is_plain(text):
        return syntax.Const(node, text[1:-1])
    prefix, quotes, inside = split_string(text)
    if quotes == "`":
        return _backticks(node, inside, reader)
    if "f" in prefix:
        return _converted(node, "formatted_string", reader)
    python2 = ("b" in prefix or _AGE_MATTERS.search(inside) is not None) and reader.python2
    value = unescape(inside, prefix, python2=python2)
    if is_bytes(prefix, python2=python2):
        return syntax.Const(node, value.encode("latin-1", "replace"))
    return syntax.Const(node, value)


def _backticks(node: Parsed, inside: str, _: Reader) -> syntax.Expression:
    name = inside.strip()
    if name.isidentifier():
        return syntax.Unary(node, "`", syntax.Name(node, name))
    return syntax.Unsupported(node, "backticks around more than a name")


def _formatted(node: Parsed, reader: Reader) -> syntax.Expression:
    prefix, _, _ = split_string(node.text())
    found: list[str | syntax.Field] = []
    for child in node.children():
        kind = child.kind()
        if kind == "string_content":
            text = child.text().replace("{{", "{").replace("}}", "}")
            found.append(unescape(text, prefix, python2=False))
        elif kind == "interpolation":
            found += _debugged(child) if any(c.kind() == "=" for c in child.children()) else ()
            found.append(_field(child, reader))
    return syntax.Formatted(node, tuple(found))


def _debugged(node: Parsed) -> tuple[str, ...]:
    """Return the text that ``{value=}`` puts before the value: what is written."""
    sign = next(child for child in node.children() if child.kind() == "=")
    start = node.range().start.index
    text = node.text()
    end = sign.range().end.index - start
    rest = text[end:]
    return (text[1:end] + rest[: len(rest) - len(rest.lstrip())],)


def _field(node: Parsed, reader: Reader) -> syntax.Field:
    conversion = ""
    spec: tuple[str | syntax.Field, ...] = ()
    value: syntax.Expression | None = None
    for child in parts(node):
        kind = child.kind()
        if kind == "type_conversion":
            conversion = child.text()[1:].strip()
        elif kind == "format_specifier":
            spec = _specification(child, reader)
        elif value is None:
            value = expression(child, reader)
    if value is None:
        value = syntax.Unsupported(node, "an empty field of an f-string")
    if not conversion and not spec and any(child.kind() == "=" for child in node.children()):
        conversion = "r"
    return syntax.Field(node, value, conversion, spec)


def _specification(node: Parsed, reader: Reader) -> tuple[str | syntax.Field, ...]:
    nested = [
        c for c in node.named_children() if c.kind() in ("interpolation", "format_expression")
    ]
    text = node.text()[1:]
    if not nested:
        return (text,)
    found: list[str | syntax.Field] = []
    for child in nested:
        before, _, text = text.partition(child.text())
        found += [before, _field(child, reader)]
    return (*found, text)


def _concatenated(node: Parsed, reader: Reader) -> syntax.Expression:
    members = _expressions(node, reader)
    values = [member.value if isinstance(member, syntax.Const) else None for member in members]
    if all(isinstance(value, str) for value in values):
        return syntax.Const(node, "".join(str(value) for value in values))
    if all(isinstance(value, bytes) for value in values):
        return syntax.Const(node, b"".join(value for value in values if isinstance(value, bytes)))
    joined: list[str | syntax.Field] = []
    for member in members:
        if isinstance(member, syntax.Const) and isinstance(member.value, str):
            joined.append(member.value)
        elif isinstance(member, syntax.Formatted):
            joined.extend(member.parts)
        else:
            return syntax.Unsupported(node, "texts and other values side by side")
    return syntax.Formatted(node, tuple(joined))


def _inner(node: Parsed, reader: Reader) -> syntax.Expression:
    found = parts(node, 1)
    return expression(found[0], reader) if found else _unsupported(node, reader)


def _display(kind: str) -> Callable[[Parsed, Reader], syntax.Expression]:
    def convert(node: Parsed, reader: Reader) -> syntax.Expression:
        if _too_long(node, reader):
            return _long(node)
        return syntax.Display(node, kind, _expressions(node, reader))

    return convert


def _dictionary(node: Parsed, reader: Reader) -> syntax.Expression:
    if _too_long(node, reader):
        return _long(node)
    pairs: list[tuple[syntax.Expression | None, syntax.Expression]] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "pair":
            found = parts(child, _PAIR)
            if len(found) == _PAIR:
                pairs.append((expression(found[0], reader), expression(found[1], reader)))
        elif kind == "dictionary_splat":
            pairs.append((None, _inner(child, reader)))
        elif kind not in EXTRAS:
            return _unsupported(node, reader)
    return syntax.DictDisplay(node, tuple(pairs))


def _splat(node: Parsed, reader: Reader) -> syntax.Expression:
    return syntax.Starred(node, _inner(node, reader))


def _comprehension(kind: str) -> Callable[[Parsed, Reader], syntax.Expression]:
    def convert(node: Parsed, reader: Reader) -> syntax.Expression:
        first, *rest = parts(node)
        value = None
        if first.kind() == "pair":
            key, entry = parts(first)
            element, value = expression(key, reader), expression(entry, reader)
        else:
            element = expression(first, reader)
        clauses: list[syntax.Clause] = []
        for child in rest:
            found = parts(child)
            if child.kind() == "if_clause":
                clauses.append(syntax.Clause(child, None, expression(found[0], reader)))
            else:
                target = expression(found[0], reader)
                clauses.append(syntax.Clause(child, target, _sequence(found[1:], child, reader)))
        return syntax.Comprehension(node, kind, element, value, tuple(clauses))

    return convert


def _sequence(nodes: list[Parsed], whole: Parsed, reader: Reader) -> syntax.Expression:
    if len(nodes) == 1:
        return expression(nodes[0], reader)
    return syntax.Display(whole, "tuple", tuple(expression(node, reader) for node in nodes))


def _attribute(node: Parsed, reader: Reader) -> syntax.Expression:
    found = parts(node, _PAIR)
    name = found[-1].text()
    primary = expression(found[0], reader)
    if type(primary) is syntax.Starred:  # in a list, the parser ties a star to the first name
        return syntax.Starred(node, syntax.Attribute(node, primary.value, name))
    return syntax.Attribute(node, primary, name)


def _subscript(node: Parsed, reader: Reader) -> syntax.Expression:
    value, *indices = parts(node, _PAIR)
    index = _sequence(indices, node, reader)
    primary = expression(value, reader)
    if type(primary) is syntax.Starred:  # in a list, the parser ties a star to the first name
        return syntax.Starred(node, syntax.Subscript(node, primary.value, index))
    return syntax.Subscript(node, primary, index)


def _slice(node: Parsed, reader: Reader) -> syntax.Expression:
    found: list[syntax.Expression | None] = [None]
    for child in node.children():
        kind = child.kind()
        if kind == ":":
            found.append(None)
        elif kind not in EXTRAS:
            found[-1] = expression(child, reader)
    lower, upper, step = (*found, None, None)[:3]
    return syntax.Slice(node, lower, upper, step)


def _call(node: Parsed, reader: Reader) -> syntax.Expression:
    function, arguments = parts(node, _PAIR)[:_PAIR]
    if arguments.kind() == "generator_expression":
        given: tuple[syntax.Argument, ...] = (
            syntax.Argument(arguments, "", expression(arguments, reader)),
        )
    else:
        given = argument_list(arguments, reader)
    primary = expression(function, reader)
    if type(primary) is syntax.Starred:  # in a list, the parser ties a star to the first name
        return syntax.Starred(node, syntax.Call(node, primary.value, given))
    return syntax.Call(node, primary, given)


def argument_list(node: Parsed, reader: Reader) -> tuple[syntax.Argument, ...]:
    """Return the arguments of a call, or the bases of a class."""
    found: list[syntax.Argument] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "keyword_argument":
            name, value = parts(child, _PAIR)
            found.append(syntax.Argument(child, name.text(), expression(value, reader)))
        elif kind in ("list_splat", "dictionary_splat"):
            name = "*" if kind == "list_splat" else "**"
            found.append(syntax.Argument(child, name, _inner(child, reader)))
        elif kind not in EXTRAS:
            found.append(syntax.Argument(child, "", _converted(child, kind, reader)))
    return tuple(found)


def _binary(node: Parsed, reader: Reader) -> syntax.Expression:
    chain = []
    while node.kind() == "binary_operator":
        left = node.field("left")
        chain.append((node, node.field("operator").text(), node.field("right")))
        node = left
    if len(chain) > MAX_OPERANDS:
        return _many(chain[0][0])
    value = expression(node, reader)
    for whole, operator, right in reversed(chain):
        value = syntax.Binary(whole, operator, value, expression(right, reader))
    return value


def _unary(node: Parsed, reader: Reader) -> syntax.Expression:
    operator = node.children()[0].text()
    operand = expression(parts(node)[-1], reader)
    return syntax.Unary(node, operator, operand)


def _boolean(node: Parsed, reader: Reader) -> syntax.Expression:
    operator = node.field("operator").text()
    whole, operands = node, []
    while node.kind() == "boolean_operator" and node.field("operator").text() == operator:
        operands.append(node.field("right"))
        node = node.field("left")
    operands.append(node)
    if len(operands) > MAX_OPERANDS:
        return _many(whole)
    found = tuple(expression(operand, reader) for operand in reversed(operands))
    return syntax.Boolean(whole, operator, found)


def _comparison(node: Parsed, reader: Reader) -> syntax.Expression:
    if _too_long(node, reader):
        return _many(node)
    operands: list[syntax.Expression] = []
    operators: list[str] = []
    for child in node.children():
        kind = child.kind()
        if kind in EXTRAS:
            continue
        if child.is_named() and kind not in ("not in", "is not"):
            operands.append(_converted(child, kind, reader))
        else:
            operators.append(" ".join(child.text().split()))
    links = tuple(zip(operators, operands[1:], strict=False))
    return syntax.Compare(node, operands[0], links)


def _conditional(node: Parsed, reader: Reader) -> syntax.Expression:
    body, test, orelse = _expressions(node, reader)
    return syntax.Conditional(node, test, body, orelse)


def _lambda(node: Parsed, reader: Reader) -> syntax.Expression:
    found = parts(node)
    given = parameters(found[0], reader) if found[0].kind() == "lambda_parameters" else ()
    return syntax.Lambda(node, given, expression(found[-1], reader))


def _named(node: Parsed, reader: Reader) -> syntax.Expression:
    target, value = parts(node)
    return syntax.Named(node, target.text(), expression(value, reader))


def _yield(node: Parsed, reader: Reader) -> syntax.Expression:
    found = parts(node)
    every = any(child.kind() == "from" for child in node.children())
    return syntax.Yield(node, _sequence(found, node, reader) if found else None, every)


def _unsupported(node: Parsed, _: Reader) -> syntax.Expression:
    return syntax.Unsupported(node, "this kind of expression is not evaluated")


def parameters(node: Parsed, reader: Reader) -> tuple[syntax.Parameter, ...]:
    """Return the parameters of a function or lambda."""
    found: list[syntax.Parameter] = []
    keyword_only = False
    for child in parts(node):
        kind = child.kind()
        if kind == "keyword_separator":
            keyword_only = True
        elif kind == "positional_separator":
            for one in found:
                one.positional_only = True
        else:
            one = _parameter(child, kind, reader)
            one.keyword_only = keyword_only
            found.append(one)
            keyword_only = keyword_only or one.kind == "*"
    return tuple(found)


def _parameter(node: Parsed, kind: str, reader: Reader) -> syntax.Parameter:
    if kind in ("default_parameter", "typed_default_parameter"):
        default, name = expression(node.field("value"), reader), node.field("name")
        if name.kind() == "tuple_pattern":
            return syntax.Parameter(node, "", default=default, names=expression(name, reader))
        return syntax.Parameter(node, name.text(), default=default)
    if kind in ("list_splat_pattern", "dictionary_splat_pattern"):
        stars = "*" if kind == "list_splat_pattern" else "**"
        return syntax.Parameter(node, node.text().lstrip("* "), kind=stars)
    if kind == "typed_parameter":
        inner = parts(node)[0]
        return _parameter(inner, inner.kind(), reader)
    if kind == "tuple_pattern":
        return syntax.Parameter(node, "", names=expression(node, reader))
    return syntax.Parameter(node, node.text())


_LEAVES: Final[dict[str, Callable[[Parsed, Reader], syntax.Expression]]] = {
    "identifier": _name,
    "string": _string,
    "print": _name,
    "exec": _name,
    "integer": _number,
    "float": _number,
    "true": _constant(value=True),
    "false": _constant(value=False),
    "none": _constant(None),
    "ellipsis": _constant(...),
}
"""What holds no other expressions; a text with fields in it is none of these after all."""

_CONVERTERS: Final[dict[str, Callable[[Parsed, Reader], syntax.Expression]]] = {
    "formatted_string": _formatted,
    "concatenated_string": _concatenated,
    "parenthesized_expression": _inner,
    "list": _display("list"),
    "tuple": _display("tuple"),
    "set": _display("set"),
    "expression_list": _display("tuple"),
    "pattern_list": _display("tuple"),
    "tuple_pattern": _display("tuple"),
    "list_pattern": _display("list"),
    "as_pattern_target": _inner,
    "dictionary": _dictionary,
    "list_splat": _splat,
    "list_splat_pattern": _splat,
    "list_comprehension": _comprehension("list"),
    "set_comprehension": _comprehension("set"),
    "dictionary_comprehension": _comprehension("dict"),
    "generator_expression": _comprehension("generator"),
    "attribute": _attribute,
    "subscript": _subscript,
    "slice": _slice,
    "call": _call,
    "binary_operator": _binary,
    "unary_operator": _unary,
    "not_operator": _unary,
    "boolean_operator": _boolean,
    "comparison_operator": _comparison,
    "conditional_expression": _conditional,
    "lambda": _lambda,
    "named_expression": _named,
    "yield": _yield,
}
