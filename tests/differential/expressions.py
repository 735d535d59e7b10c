"""Random expressions, put together from the patterns that real plugins use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["ANSWERS", "OPTIONS", "ExpressionMaker"]

OPTIONS: Final = ("CONFIG_A", "CONFIG_B", "CONFIG_C", "CONFIG_D")
ANSWERS: Final = ("y", "n", "", "red,blue")
_WORDS: Final = ("red", "blue", "y", "n", "Nova api", "x%y", "", "a-b", "CONFIG_A", "tab\\there")


class ExpressionMaker:
    """Makes expressions of the types that statements ask for; `pick(n)` chooses a number below n.

    It keeps track of which names hold which type, so that names are bound before they are used.
    """

    def __init__(self, pick: Callable[[int], int]) -> None:
        self._pick = pick
        self._lines: list[str] = []
        self._indent = 0
        self._serial = 0
        self._names: dict[str, list[str]] = {}
        self._answers = False
        self._depth = 0
        self._trying = 0

    # Choosing

    def _one(self, *choices: str) -> str:
        return choices[self._pick(len(choices))]

    def _chance(self, of: int) -> bool:
        return self._pick(of) == 0

    def _line(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    def _new(self, kind: str) -> str:
        self._serial += 1
        name = f"{kind}{self._serial}"
        self._names.setdefault(kind, []).append(name)
        return name

    def _known(self, kind: str) -> str | None:
        names = self._names.get(kind)
        return names[self._pick(len(names))] if names else None

    @contextmanager
    def _block(self, head: str) -> Iterator[None]:
        """Make a block; names that are bound in it are not used behind it."""
        self._line(head)
        self._indent += 1
        self._depth += 1
        kept = {kind: list(names) for kind, names in self._names.items()}
        yield
        self._names = kept
        self._depth -= 1
        self._indent -= 1

    # Expressions

    def _text(self, depth: int = 0) -> str:
        known = self._known("text")
        if depth > 2:
            return known or repr(self._one(*_WORDS))
        kind = self._pick(22)
        if kind < 3 or (kind == 3 and known is None):
            return repr(self._one(*_WORDS)).replace("\\\\t", "\\t")
        if kind == 3:
            return str(known)
        a, b = self._text(depth + 1), self._text(depth + 1)
        return (
            lambda: f"{a} + {b}",
            lambda: f'"%s-%s" % ({a}, {b})',
            lambda: f'"{{0}}/{{1}}".format({a}, {b})',
            lambda: f'f"<{{{self._known("text") or "BASE"}}}>"',
            lambda: f"({a})[:{self._pick(4)}]",
            lambda: f"({a}).upper().strip()",
            lambda: f'",".join({self._list(depth + 1)})',
            lambda: f"({a} if {self._test(depth + 1)} else {b})",
            lambda: f'"%(k)s %(n)d" % {{"k": {a}, "n": {self._number(depth + 1)}}}',
            lambda: f'TABLE.get({a}, "none")',
            lambda: f"str({self._number(depth + 1)})",
            lambda: f"({a} or {b})",
            lambda: f'"{{red}}-{{y:>4}}".format(**TABLE) + {a}',
            lambda: f"Template('$one-${{other}}').substitute(one={a}, other={b})",
            lambda: f"str(Kind({a}, tail={b}))",
            lambda: f"max({a}, {b}, key=len)",
            lambda: f"next(iter({self._list(depth + 1)}), {a})",
            lambda: f"joined({a})",
        )[kind - 4]()

    def _number(self, depth: int = 0) -> str:
        known = self._known("number")
        kind = self._pick(7) if depth < 3 else 0
        if kind < 2:
            return str(self._pick(5))
        if kind == 2:
            return known or "NUMBERS[1]"
        a, b = self._number(depth + 1), self._number(depth + 1)
        return (
            lambda: f"({a} + {b})",
            lambda: f"len({self._list(depth + 1)})",
            lambda: f"({a} * {b} - 1)",
            lambda: f"({a} % 3 if {self._test(depth + 1)} else {b})",
        )[kind - 3]()

    def _list(self, depth: int = 0) -> str:
        known = self._known("list") or "COLOURS"
        kind = self._pick(9) if depth < 3 else 0
        if kind < 2:
            return f"list({known})"
        if kind == 2:
            return known
        a, b = self._text(depth + 1), self._text(depth + 1)
        return (
            lambda: f"[{a}, {b}]",
            lambda: f"[{a}] + {known}",
            lambda: f"[x.lower() for x in {known} if x != {b}]",
            lambda: f"sorted({known}, reverse={self._chance(2)})",
            lambda: f"{known}[1:]",
            lambda: f"({a}).split(',')",
        )[kind - 3]()

    def _test(self, depth: int = 0) -> str:
        if self._answers and not self._chance(3):
            return self._answer_test(depth)
        kind = self._pick(8) if depth < 3 else 0
        if kind < 2:
            return self._one("True", "False", "BASE", "not COLOURS")
        a, b = self._text(depth + 1), self._text(depth + 1)
        return (
            lambda: f"{a} == {b}",
            lambda: f"{a} in {self._list(depth + 1)}",
            lambda: f"{self._number(depth + 1)} < {self._number(depth + 1)} <= 3",
            lambda: f"not ({self._test(depth + 1)})",
            lambda: f"({self._test(depth + 1)} and {self._test(depth + 1)})",
            lambda: f"({self._test(depth + 1)} or {self._test(depth + 1)})",
        )[kind - 2]()

    def _answer_test(self, depth: int) -> str:
        name, value = self._one(*OPTIONS), self._one(*ANSWERS)
        kind = self._pick(13) if depth < 3 else self._pick(3)
        return (
            lambda: f"conf[{name!r}] == {value!r}",
            lambda: f"conf[{name!r}] != 'y'",
            lambda: f"conf[{name!r}]",
            lambda: f"conf.get({name!r}, 'n') == {value!r}",
            lambda: f"'red' in conf[{name!r}]",
            lambda: f"conf[{name!r}] in ('y', {value!r})",
            lambda: f"conf[{name!r}] not in ['n', 'y']",
            lambda: "is_a(conf)",
            lambda: "is_a_and_b(conf)",
            lambda: "any_set(conf)",
            lambda: "colour_of(conf) == 'red'",
            lambda: f"not {self._one('is_a', 'any_set')}(conf)",
            lambda: (
                f"({self._answer_test(depth + 1)} {self._one('and', 'or')} "
                f"{self._answer_test(depth + 1)})"
            ),
        )[kind]()

    def _default(self) -> str:
        kind = self._pick(10)
        if kind < 4:
            return self._text()
        return (
            self._number,
            self._list,
            lambda: "None",
            lambda: "1.5",
            lambda: "BASE" if self._trying else "uuid.uuid4().hex[:16]",
            lambda: self._test(1) if not self._answers else "True",
        )[kind - 4]()

    def _option(self) -> str:
        name = f'"CONFIG_{self._one("A", "B", "C", "D", "E", "F")}"'
        if self._chance(3):
            rest = "".join(f", {self._text(1)}" for _ in range(self._pick(3)))
            return f"option({name}, {self._default()}{rest}, MASK_INPUT={self._chance(2)})"
        fields = [
            f'"CONF_NAME": {name}',
            f'"DEFAULT_VALUE": {self._default()}',
            f'"USAGE": {self._text()}',
            f'"OPTION_LIST": {self._one("[]", "False", self._list(2))}',
            '"VALIDATORS": '
            + self._one("[validate_it]", "False", "[]", "[lambda p, o=None: None]"),
            '"PROCESSORS": [process_it]',
        ]
        count = 2 + self._pick(len(fields) - 1)
        return "{" + ", ".join(fields[:count]) + "}"
