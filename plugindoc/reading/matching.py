"""``match`` to ``if``: each pattern is a test of the subject that binds names on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from plugindoc.reading import syntax
from plugindoc.reading.expressions import expression
from plugindoc.reading.parsed import Parsed, Reader, parts

__all__ = ["match_statement"]

_SUBJECT: Final = "the subject of match"
_IDENTITIES: Final = frozenset({"none", "true", "false"})


def match_statement(
    node: Parsed,
    reader: Reader,
    block: Callable[[Parsed, Reader], syntax.Block],
) -> syntax.Statement:
    """Return a ``match`` as the ``if`` that does the same; `block` reads a body."""
    *subjects, body = parts(node)
    values = tuple(expression(one, reader) for one in subjects)
    subject = values[0] if len(values) == 1 else syntax.Display(node, "tuple", values)
    whole = syntax.Name(node, _SUBJECT)
    branches: list[tuple[syntax.Expression, syntax.Block]] = []
    for case in parts(body):
        *patterns, last = parts(case)
        guards = [one for one in patterns if one.kind() == "if_clause"]
        cases = [one for one in patterns if one.kind() == "case_pattern"]
        tests = [_members(case, cases, whole, reader)] if len(cases) > 1 else []
        tests += [_test(one, whole, reader) for one in cases if len(cases) == 1]
        tests += [expression(parts(guard)[0], reader) for guard in guards]
        if not branches:
            tests.insert(0, _binds(node, _SUBJECT, subject))
        branches.append((_all(case, tests), block(last, reader)))
    return syntax.If(node, tuple(branches), None)


def _test(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    kind = node.kind()
    found = parts(node)
    if kind == "case_pattern":
        if not found:
            return syntax.Const(node, value=True)
        if node.text().startswith("-") and found[0].kind() in ("integer", "float"):
            return _equals(node, value, syntax.Unary(node, "-", expression(found[0], reader)))
        return _test(found[0], value, reader)
    if kind == "dotted_name":
        return _name(node, found, value, reader)
    convert = _PATTERNS.get(kind)
    return (
        _equals(node, value, expression(node, reader))
        if convert is None
        else convert(node, value, reader)
    )


def _name(
    node: Parsed,
    found: list[Parsed],
    value: syntax.Expression,
    reader: Reader,
) -> syntax.Expression:
    if len(found) == 1:
        return _binds(node, found[0].text(), value)
    whole = expression(found[0], reader)
    for one in found[1:]:
        whole = syntax.Attribute(node, whole, one.text())
    return _equals(node, value, whole)


def _equals(
    node: Parsed,
    value: syntax.Expression,
    other: syntax.Expression,
) -> syntax.Expression:
    sign = "is" if node.kind() in _IDENTITIES else "=="
    return syntax.Compare(node, value, ((sign, other),))


def _binds(node: Parsed, name: str, value: syntax.Expression) -> syntax.Expression:
    """Return a test that binds a name and holds."""
    named = syntax.Named(node, name, value)
    return syntax.Boolean(node, "or", (named, syntax.Const(node, value=True)))


def _all(node: Parsed, tests: list[syntax.Expression]) -> syntax.Expression:
    return tests[0] if len(tests) == 1 else syntax.Boolean(node, "and", tuple(tests))


def _any(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    tests: list[syntax.Expression] = []
    negative = False
    for child in node.children():
        if child.text() == "-":
            negative = True
        elif child.is_named():
            test = _test(child, value, reader)
            if negative:
                test = _equals(child, value, syntax.Unary(child, "-", expression(child, reader)))
            tests.append(test)
            negative = False
    return tests[0] if len(tests) == 1 else syntax.Boolean(node, "or", tuple(tests))


def _as(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    inner, name = parts(node)
    return _all(node, [_test(inner, value, reader), _binds(node, name.text(), value)])


def _sequence(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    return _members(node, parts(node), value, reader)


def _members(
    node: Parsed,
    members: list[Parsed],
    value: syntax.Expression,
    reader: Reader,
) -> syntax.Expression:
    stars = [i for i, one in enumerate(members) if _star(one) is not None]
    count = len(members) - len(stars)
    types = syntax.Display(node, "tuple", (syntax.Name(node, "list"), syntax.Name(node, "tuple")))
    size = syntax.Compare(
        node,
        _call(node, "len", value),
        ((">=" if stars else "==", syntax.Const(node, count)),),
    )
    tests = [_call(node, "isinstance", value, types), size]
    for index, member in enumerate(members):
        if stars and index == stars[0]:
            end = len(members) - index - 1
            upper = syntax.Const(node, -end) if end else None
            piece = syntax.Slice(node, syntax.Const(node, index), upper, None)
            whole = _call(node, "list", syntax.Subscript(node, value, piece))
            tests.append(_binds(node, _star(member) or "_", whole))
            continue
        place = index - len(members) if stars and index > stars[0] else index
        tests.append(
            _test(member, syntax.Subscript(node, value, syntax.Const(node, place)), reader)
        )
    return _all(node, tests)


def _star(node: Parsed) -> str | None:
    found = parts(node) if node.kind() == "case_pattern" else [node]
    if not found or found[0].kind() != "splat_pattern":
        return None
    return str(found[0].text().lstrip("* "))


def _mapping(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    tests = [_call(node, "isinstance", value, syntax.Name(node, "dict"))]
    found = [one for one in parts(node) if one.kind() != "splat_pattern"]
    keys = [expression(one, reader) for one in found[::2]]
    for key, key_node, member in zip(keys, found[::2], found[1::2], strict=False):
        tests.append(syntax.Compare(key_node, key, (("in", value),)))
        tests.append(_test(member, syntax.Subscript(key_node, value, key), reader))
    rests = [one for one in parts(node) if one.kind() == "splat_pattern"]
    tests += [_binds(one, one.text().lstrip("* "), _without(one, value, keys)) for one in rests]
    return _all(node, tests)


def _without(
    node: Parsed, value: syntax.Expression, keys: list[syntax.Expression]
) -> syntax.Expression:
    """Return a dict of the entries of a dict that have other keys."""
    key, member = syntax.Name(node, "a key"), syntax.Name(node, "a value")
    taken = syntax.Display(node, "tuple", tuple(keys))
    items = syntax.Call(node, syntax.Attribute(node, value, "items"), ())
    pair = syntax.Display(node, "tuple", (key, member))
    clauses = (
        syntax.Clause(node, pair, items),
        syntax.Clause(node, None, syntax.Compare(node, key, (("not in", taken),))),
    )
    return syntax.Comprehension(node, "dict", key, member, clauses)


def _class(node: Parsed, value: syntax.Expression, reader: Reader) -> syntax.Expression:
    name, *members = parts(node)
    kind = parts(name)
    whole = expression(kind[0], reader)
    for one in kind[1:]:
        whole = syntax.Attribute(name, whole, one.text())
    tests = [_call(node, "isinstance", value, whole)]
    for place, member in enumerate(members):
        inner = parts(member)[0] if parts(member) else member
        if inner.kind() == "keyword_pattern":
            key, pattern = parts(inner)
            tests.append(_test(pattern, syntax.Attribute(node, value, key.text()), reader))
        elif name.text() in _MATCHED_WHOLE and len(members) == 1:
            tests.append(_test(member, value, reader))
        else:
            names = syntax.Attribute(node, whole, "__match_args__")
            attribute = syntax.Subscript(node, names, syntax.Const(node, place))
            tests.append(_test(member, _call(node, "getattr", value, attribute), reader))
    return _all(node, tests)


_MATCHED_WHOLE: Final = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str"}
    | {"tuple"}
)
"""Types whose pattern compares the whole value with its only positional pattern."""


def _call(node: Parsed, name: str, *values: syntax.Expression) -> syntax.Expression:
    given = tuple(syntax.Argument(node, "", value) for value in values)
    return syntax.Call(node, syntax.Name(node, name), given)


_PATTERNS: Final[dict[str, Callable[[Parsed, syntax.Expression, Reader], syntax.Expression]]] = {
    "union_pattern": _any,
    "as_pattern": _as,
    "list_pattern": _sequence,
    "tuple_pattern": _sequence,
    "dict_pattern": _mapping,
    "class_pattern": _class,
}
