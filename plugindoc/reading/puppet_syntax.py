"""Tokens of Puppet to a syntax tree: the language of Puppet 4 and later.

Of Puppet 3, calls of statements without parentheses are understood as well. What cannot be parsed
becomes an ``error`` node, which costs the statement around it, but not the calls and declarations
that are understood within that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from plugindoc.reading.puppet_cursor import Cursor, Node, Unexpected
from plugindoc.reading.puppet_tokens import KEYWORDS, POWERS, Tokens

__all__ = ["Node", "parse"]

MAX_AGAIN: Final = 200_000
"""Tokens of broken statements that are read again for what is understood in them."""

_EDGE: Final = 1
_ASSIGNMENT: Final = 2
_VALUE: Final = 3
"""The loosest operator that a value holds which is no assignment."""

_ARROWS: Final = frozenset({"=>", "+>"})
_DECLARED: Final = frozenset({"name", "type", "access", "variable"})
_STATEMENTS: Final = frozenset(
    {"alert", "break", "contain", "crit", "debug", "emerg", "err", "fail", "import", "include"}
    | {"info", "next", "notice", "realize", "require", "return", "tag", "warning"}
)
"""Functions that are called without parentheses."""


def parse(tokens: Tokens) -> Node:
    """Return the syntax tree of some tokens, a block."""
    parser = _Parser(tokens)
    statements = parser.statements(0)
    return Node("block", 0, len(tokens.source), statements)


class _Parser(Cursor):
    """A recursive descent: each method reads one kind of syntax."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.spare = MAX_AGAIN

    # Statements

    def block(self) -> Node:
        start = self.take("{") - 1
        self.deeper()
        statements = self.statements(self.tokens.depths[self.at - 1] + 1)
        self.depth -= 1
        if not self.skip("}"):  # the file ends here
            statements.append(Node("error", self.starts[self.at], self.ends[self.at]))
        return self.finished("block", start, statements)

    def statements(self, depth: int) -> list[Node]:
        """Read statements up to the bracket that closes the block."""
        found: list[Node] = []
        kinds, level = self.kinds, self.depth
        while kinds[self.at] != "end":
            if kinds[self.at] == "}" and self.tokens.depths[self.at] < depth:
                break
            if self.skip(";"):
                continue
            first = self.at
            try:
                found.append(self.statement())
            except Unexpected:
                self.depth = level
                self.recover(found, first, depth)
        return found

    def statement(self) -> Node:
        kind, behind = self.kinds[self.at], self.kinds[self.at + 1]
        if kind in _DEFINING and behind not in {"{", "=>"}:
            return _DEFINING[kind](self)
        if kind == "name" and behind not in {"(", "{", "|", "."}:
            name = self.text(self.at)
            if name in _CONTEXTUAL and behind in _CONTEXTUAL[name][0]:
                return _CONTEXTUAL[name][1](self)
            if name in _STATEMENTS or behind in {"string", "text_start", "variable"}:
                return self.plain_call()
        return self.expression(_EDGE, resources=True)

    def plain_call(self) -> Node:
        """Read a call without parentheses."""
        start = self.starts[self.at]
        children = [self.leaf("name")]
        while self.kinds[self.at] in _OPERANDS and (len(children) > 1 or self.on_same_line()):
            children.append(self.expression(_VALUE))
            if not self.skip(","):
                break
        return self.finished("call", start, children)

    # What cannot be parsed

    def recover(self, found: list[Node], first: int, depth: int) -> None:
        """Skip a broken statement, and add what is understood of it as an error."""
        kinds, depths = self.kinds, self.tokens.depths
        broken = self.at
        at = max(broken, first + 1)
        while kinds[at] != "end" and depths[at] >= depth:
            if depths[at] == depth and kinds[at] not in _NO_START and self.tokens.starts_line(at):
                break
            at += 1
        children = self.understood(first, at)
        self.at = at
        error = self.finished("error", self.starts[broken], children)
        if found and found[-1].kind == "error" and not (error.children or found[-1].children):
            found[-1].end = max(found[-1].end, error.end)
        else:
            found.append(error)

    def understood(self, first: int, end: int) -> list[Node]:
        """Return the statements that can be read within a broken one."""
        found: list[Node] = []
        self.spare -= end - first
        at, level = first, self.depth
        while at < end and self.spare >= 0:
            kind = self.kinds[at]
            is_call = kind == "name" and self.kinds[at + 1] == "("
            if is_call or (at > first and kind in _WORDS and self.tokens.starts_line(at)):
                self.at = at
                try:
                    found.append(self.statement())
                except Unexpected:
                    self.spare -= self.at - at
                    at, self.depth = at + 1, level
                else:
                    at = self.at
            else:
                at += 1
        return found

    # Expressions

    def expression(self, least: int = _VALUE, *, resources: bool = False) -> Node:
        """Read an expression of operators that bind at least so tightly."""
        left = self.operand(resources=resources)
        while True:
            sign = self.kinds[self.at]
            power = POWERS.get(sign, 0)
            if power < least or not power:
                return left
            self.at += 1
            self.deeper()
            onward = power if power == _ASSIGNMENT else power + 1
            right = self.expression(onward, resources=resources and power == _EDGE)
            self.depth -= 1
            left.role, right.role = "left", "right"
            kind = "assignment" if power == _ASSIGNMENT else "binary"
            left = Node(kind, left.start, right.end, [left, right], sign=sign)

    def operand(self, *, resources: bool = False) -> Node:
        """Read an operand, with everything that is put after it."""
        self.deeper()
        reader = _OPERANDS.get(self.kinds[self.at])
        if reader is None:
            raise Unexpected
        node = reader(self)
        while True:
            kind = self.kinds[self.at]
            if kind == "{":
                if not resources or node.kind not in _DECLARED:
                    break
                node = self.resource(node)
            elif kind == "[" and self.is_index(node):
                self.at += 1
                node = self.finished("access", node.start, [node, *self.sequence("]")])
            elif kind == "(" and node.kind in {"type", "access"} and self.on_same_line():
                node = self.call(node)
            elif kind in _BEHIND:
                node = _BEHIND[kind](self, node)
            else:
                break
        self.depth -= 1
        return node

    def is_index(self, node: Node) -> bool:
        """Return whether a bracket is an index: no space is before it, or a type."""
        if self.starts[self.at] == self.ends[self.at - 1]:
            return True
        return node.kind == "type" and self.on_same_line()

    def unary(self) -> Node:
        start, sign = self.starts[self.at], self.kinds[self.at]
        self.at += 1
        return self.finished("unary", start, [self.operand()], sign)

    def marked(self) -> Node:
        """Read the name of a virtual or exported resource."""
        self.at += 1
        return self.word() if self.kinds[self.at] == "class" else self.operand()

    def word(self) -> Node:
        return self.leaf(kind="name")

    def named(self) -> Node:
        name = self.leaf()
        return self.call(name) if self.kinds[self.at] in {"(", "|"} else name

    def call(self, function: Node) -> Node:
        """Read the arguments and the lambda after a function's name."""
        children = [function]
        if self.skip("("):
            children += self.sequence(")")
        if self.kinds[self.at] == "|":
            children.append(self.function())
        return self.finished("call", function.start, children)

    def method(self, receiver: Node) -> Node:
        self.at += 1
        if self.kinds[self.at] not in _WORDS:
            raise Unexpected
        called = self.leaf("name", "name")
        node = self.call(called) if self.kinds[self.at] in {"(", "|"} else None
        children = [receiver, *(node.children if node else [called])]
        return self.finished("method", receiver.start, children)

    def function(self) -> Node:
        """Read a lambda."""
        start = self.take("|") - 1
        children = self.parameters("|")
        if self.skip(">>"):
            children.append(self.operand())
        children.append(self.block())
        return self.finished("lambda", start, children)

    def group(self) -> Node:
        start = self.take("(") - 1
        inner = self.expression(_EDGE)
        self.take(")")
        return self.finished("group", start, [inner])

    def listed(self) -> Node:
        """Read an array or a hash."""
        start, opener = self.starts[self.at], self.kinds[self.at]
        self.at += 1
        kind, closer = ("array", "]") if opener == "[" else ("hash", "}")
        return self.finished(kind, start, self.sequence(closer))

    def sequence(self, closer: str) -> list[Node]:
        """Read items between commas, up to a closing bracket."""
        found: list[Node] = []
        while not self.skip(closer):
            is_name = self.kinds[self.at] in KEYWORDS and self.kinds[self.at + 1] == "=>"
            entry = self.word() if is_name else self.expression(_EDGE, resources=closer != "}")
            found.append(self.pair(entry) if self.kinds[self.at] == "=>" else entry)
            if not self.skip(","):
                self.take(closer)
                break
        return found

    def pair(self, name: Node) -> Node:
        """Read the value of a name as an attribute."""
        sign = self.kinds[self.at]
        if sign not in _ARROWS:
            raise Unexpected
        self.at += 1
        value = self.expression(_ASSIGNMENT)
        name.role, value.role = "name", "value"
        return Node("attribute", name.start, value.end, [name, value], sign=sign)

    def selector(self, subject: Node) -> Node:
        self.at += 1
        pairs = self.sequence("}") if self.skip("{") else [self.pair(self.operand())]
        if any(pair.kind != "attribute" for pair in pairs):
            raise Unexpected
        return self.finished("selector", subject.start, [subject, *pairs])

    def string(self) -> Node:
        """Read a string with interpolations, or a heredoc."""
        start = self.starts[self.at]
        end = self.take("text_start")
        is_heredoc = end > start + 1
        children: list[Node] = []
        while self.kinds[self.at] != "text_end":
            if self.skip("${"):
                children += self.interpolated()
            elif self.kinds[self.at] in {"text", "variable"}:
                children.append(self.leaf())
            else:
                raise Unexpected
        end = end if is_heredoc else self.ends[self.at]
        self.at += 1
        return Node("heredoc" if is_heredoc else "string", start, end, children)

    def interpolated(self) -> list[Node]:
        """Read the code of an interpolation, in which a first name is that of a variable."""
        found: list[Node] = []
        kinds = self.kinds
        if kinds[self.at] in _WORDS and kinds[self.at + 1] in {"$}", "[", ".", "?"}:
            kinds[self.at] = "variable"
        while not self.skip("$}"):
            found.append(self.statement())
        return found

    # Resources

    def resource(self, kind: Node) -> Node:
        """Read what is declared of a type, its defaults, or what overrides it."""
        kind.role = "type"
        self.at += 1
        if self.kinds[self.at + 1] in _ARROWS or self.kinds[self.at] == "}":
            return self.finished("override", kind.start, [kind, *self.attributes("}")])
        children = [kind]
        while not self.skip("}"):
            title = self.expression()
            self.take(":")
            title.role = "title"
            attributes = self.attributes(";")
            children.append(self.finished("body", title.start, [title, *attributes]))
            self.skip(";")
        return self.finished("resource", kind.start, children)

    def attributes(self, closer: str) -> list[Node]:
        """Read attributes up to the end of a resource or of one body; pass over its brace only."""
        found: list[Node] = []
        while self.kinds[self.at] not in {closer, "}"}:
            found.append(self.pair(self.word()))
            if not self.skip(","):
                break
        if closer == "}":
            self.take("}")
        elif self.kinds[self.at] not in {";", "}"}:
            raise Unexpected
        return found

    def collector(self, kind: Node) -> Node:
        closer = "|>" if self.kinds[self.at] == "<|" else "|>>"
        self.at += 1
        query = [] if self.kinds[self.at] == closer else [self.expression()]
        self.take(closer)
        attributes = self.attributes("}") if self.skip("{") else []
        return self.finished("collector", kind.start, [kind, *query, *attributes])

    # Branches

    def branch(self) -> Node:
        """Read an if or unless with all of its branches."""
        node = self.tested("unless" if self.kinds[self.at] == "unless" else "if")
        while self.kinds[self.at] == "elsif":
            node.children.append(self.tested("elsif"))
        if self.kinds[self.at] == "else":
            start = self.starts[self.at]
            self.at += 1
            node.children.append(self.finished("else", start, [self.block()]))
        node.end = node.children[-1].end
        return node

    def tested(self, kind: str) -> Node:
        start = self.starts[self.at]
        self.at += 1
        return self.finished(kind, start, [self.expression(), self.block()])

    def case(self) -> Node:
        start = self.starts[self.at]
        self.at += 1
        children = [self.expression()]
        self.take("{")
        while not self.skip("}"):
            if self.skip(";"):
                continue
            first = self.starts[self.at]
            values = [self.expression()]
            while self.skip(",") and self.kinds[self.at] != ":":
                values.append(self.expression())
            self.take(":")
            children.append(self.finished("item", first, [*values, self.block()]))
        return self.finished("case", start, children)

    # Definitions

    def definition(self) -> Node:
        """Read a class, a defined type, a function or a plan."""
        start, kind = self.starts[self.at], self.kinds[self.at]
        kind = "function" if kind == "name" else kind
        self.at += 1
        if self.kinds[self.at] not in _WORDS:
            raise Unexpected
        children = [self.leaf("name", "name")]
        if self.skip("("):
            children += self.parameters(")")
        if self.skip("inherits"):
            children.append(self.leaf("parent", "name"))
        if self.skip(">>"):
            children.append(self.operand())
        children.append(self.block())
        return self.finished(kind, start, children)

    def parameters(self, closer: str) -> list[Node]:
        """Read parameters up to a closing bracket; a broken one is an error of its own."""
        found: list[Node] = []
        level, depth = self.depth, self.tokens.depths[self.at - 1] + (closer == ")")
        while not self.skip(closer):
            first = self.at
            try:
                found.append(self.parameter())
                if not self.skip(","):
                    self.take(closer)
                    break
            except Unexpected:
                if closer == "|":
                    raise
                self.depth = level
                found.append(self.broken_parameter(first, depth))
        return found

    def parameter(self) -> Node:
        start = self.starts[self.at]
        children: list[Node] = []
        if self.kinds[self.at] not in {"variable", "*"}:
            children.append(self.operand())
            children[0].role = "type"
        self.skip("*")
        if self.kinds[self.at] != "variable":
            raise Unexpected
        children.append(self.leaf("name"))
        if self.skip("="):
            children.append(self.expression())
            children[-1].role = "value"
        return self.finished("parameter", start, children)

    def broken_parameter(self, first: int, depth: int) -> Node:
        """Skip a parameter, up to a comma or the end of the list."""
        broken = self.at
        self.at = max(broken, first + (self.kinds[first] != "end"))
        while self.kinds[self.at] != "end" and self.tokens.depths[self.at] >= depth:
            if self.skip(",") and self.tokens.depths[self.at - 1] == depth:
                break
            self.at += 1
        if self.kinds[self.at] == "end":
            raise Unexpected
        return self.finished("error", self.starts[broken], [])

    def type_alias(self) -> Node:
        start = self.starts[self.at]
        self.at += 1
        children = [self.operand()]
        if self.skip("inherits"):
            children += [self.leaf("parent", "type"), self.block()]
        else:
            self.take("=")
            children.append(self.expression())
        return self.finished("alias", start, children)

    def node_definition(self) -> Node:
        start = self.starts[self.at]
        self.at += 1
        children: list[Node] = []
        while self.kinds[self.at] != "{":
            children.append(self.leaf(kind="match"))
            while self.skip(".") or self.skip(",") or self.skip("inherits"):
                pass
            if self.kinds[self.at] == "end":
                raise Unexpected
        return self.finished("node", start, [*children, self.block()])


_WORDS: Final = KEYWORDS | {"name"}
_NO_START: Final = frozenset(
    {",", ":", "=>", "+>", "->", "~>", "<-", "<~", "=", ".", "?", "|", "|>", "|>>"}
    | {")", "]", "}", "$}", "else", "elsif"}
)
_DEFINING: Final[dict[str, Callable[[_Parser], Node]]] = {
    "class": _Parser.definition,
    "define": _Parser.definition,
    "node": _Parser.node_definition,
}
_CONTEXTUAL: Final[dict[str, tuple[frozenset[str], Callable[[_Parser], Node]]]] = {
    "function": (frozenset({"name"}), _Parser.definition),
    "plan": (frozenset({"name"}), _Parser.definition),
    "type": (frozenset({"type"}), _Parser.type_alias),
}
"""Names that begin a definition where a token of some kinds follows."""

_OPERANDS: Final[dict[str, Callable[[_Parser], Node]]] = {
    **dict.fromkeys(("string", "variable", "type", "number", "regex", "heredoc"), _Parser.leaf),
    **dict.fromkeys(("true", "false", "undef", "default"), _Parser.leaf),
    **dict.fromkeys(("!", "-", "*"), _Parser.unary),
    **dict.fromkeys(("@", "@@"), _Parser.marked),
    **dict.fromkeys(("if", "unless"), _Parser.branch),
    "case": _Parser.case,
    "class": _Parser.word,
    "name": _Parser.named,
    "text_start": _Parser.string,
    "(": _Parser.group,
    "[": _Parser.listed,
    "{": _Parser.listed,
}
_BEHIND: Final[dict[str, Callable[[_Parser, Node], Node]]] = {
    ".": _Parser.method,
    "?": _Parser.selector,
    "<|": _Parser.collector,
    "<<|": _Parser.collector,
}
