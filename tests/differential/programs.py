"""Random plugin modules, put together from the patterns that real plugins use.

A module runs without error, unless it raises on purpose. Names are bound before they are used;
`Maker` keeps track of which names hold which type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["ANSWERS", "OPTIONS", "Maker"]

OPTIONS: Final = ("CONFIG_A", "CONFIG_B", "CONFIG_C", "CONFIG_D")
ANSWERS: Final = ("y", "n", "", "red,blue")
_WORDS: Final = ("red", "blue", "y", "n", "Nova api", "x%y", "", "a-b", "CONFIG_A", "tab\\there")

_HEAD: Final = '''"""A plugin made for a test."""
import uuid

PLUGIN_NAME = "Random"
BASE = "base"
NUMBERS = (1, 2, 3)
COLOURS = ["red", "green", "blue"]
TABLE = {"red": "RED", "blue": "BLUE", "y": "yes"}


def validate_it(param, options=None):
    """Check it."""


def process_it(param, param_name, config=None):
    return param


def option(name, default="", *rest, **more):
    found = {"CONF_NAME": name, "DEFAULT_VALUE": default, "USAGE": "Use %s" % name}
    for index, word in enumerate(rest):
        found.setdefault("PROMPT", "")
        found["PROMPT"] += "%d:%s " % (index, word)
    found.update(more)
    return found


def group(name, match=True, condition=False, **more):
    return dict(more, GROUP_NAME=name, DESCRIPTION="About " + name, PRE_CONDITION=condition,
                PRE_CONDITION_MATCH=match, POST_CONDITION=False, POST_CONDITION_MATCH=True)


def register(controller, name, params, *options, **keys):
    for one in options:
        params.append(one)
    controller.addGroup(group(name, **keys), params)
    return params


def first(config, messages):
    """Do the first thing."""


def second(config, messages):
    pass


def third(config, messages):
    pass


def is_a(config):
    return config["CONFIG_A"] == "y"


def is_a_and_b(config):
    if not is_a(config):
        return False
    return config.get("CONFIG_B", "n") == "y"


def any_set(config):
    return bool(config.get("CONFIG_C") or config.get("CONFIG_D"))


def colour_of(config):
    if "red" in config["CONFIG_D"]:
        return "red"
    elif config["CONFIG_C"] != "y":
        return "other"
    return "none"
'''


class Maker:
    """Makes a module; `pick(n)` chooses a number below n."""

    def __init__(self, pick: Callable[[int], int]) -> None:
        self._pick = pick
        self._lines: list[str] = []
        self._indent = 0
        self._serial = 0
        self._names: dict[str, list[str]] = {}
        self._answers = False
        self._depth = 0
        self._trying = 0

    def module(self) -> str:
        self._lines = [_HEAD]
        self._make_hook("initConfig", self._config_statement)
        self._answers = True
        self._make_hook("initSequences", self._sequence_statement)
        return "\n".join(self._lines) + "\n"

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
        kind = self._pick(16)
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

    # Statements

    def _make_hook(self, name: str, statement: Callable[[], None]) -> None:
        self._names = {}
        with self._block(f"def {name}(controller):"):
            self._line("conf = controller.CONF")
            if name == "initConfig":
                self._line("params = []")
                self._names = {}
            else:
                self._line("steps = []")
            for _ in range(2 + self._pick(7)):
                statement()
            if name == "initConfig":
                self._add_group()
            else:
                self._add_sequence()
            self._line("return None")
        self._line("")

    def _body(self, statement: Callable[[], None], count: int = 2) -> None:
        for _ in range(1 + self._pick(count)):
            statement()

    def _config_statement(self) -> None:
        kind = self._pick(9)
        if kind < 3:
            self._common_statement(self._config_statement)
        elif kind < 5:
            self._line(f"params.append({self._option()})")
        elif kind == 5:
            self._add_group()
        elif kind == 6:
            self._line(f"params = [{self._option()}, {self._option()}]")
        elif kind == 7:
            self._line("if params:")
            field = self._one("USAGE", "PROMPT", "DEFAULT_VALUE")
            self._line(f"    params[-1][{field!r}] = {self._text()}")
        else:
            self._line(
                f"params.extend([option(n) for n in ('CONFIG_E', 'CONFIG_' + {self._text(2)})])"
            )

    def _add_group(self) -> None:
        name = f'"{self._one("ONE", "TWO", "THREE")}"'
        condition = self._one(
            "False",
            "'CONFIG_A'",
            "is_a",
            "is_a_and_b",
            "any_set",
            "lambda c: c['CONFIG_B'] == 'y'",
            "lambda x: 'yes'",
            "colour_of",
            "lambda c: c['CONFIG_A'] == 'y' and 'red' in c['CONFIG_D']",
        )
        match = self._one("True", "'y'", "'yes'", "'red'")
        if self._chance(2):
            self._line(f"controller.addGroup(group({name}, {match}, {condition}), params)")
        else:
            options = ", ".join(self._option() for _ in range(self._pick(3)))
            given = f", {options}" if options else ""
            self._line(f"register(controller, {name}, list(params){given}, condition={condition})")

    def _sequence_statement(self) -> None:
        kind = self._pick(12)
        if kind < 3:
            self._common_statement(self._sequence_statement)
        elif kind < 6:
            self._line(f"steps.append({self._step()})")
        elif kind == 6:
            self._line(f"steps = [{self._step()}]")
        elif kind == 7:
            self._add_sequence()
        elif kind == 8:
            self._leave()
        elif kind == 9:
            value = self._one("'y'", "'n'", "conf['CONFIG_B']", "'red'")
            self._line(f"conf[{self._one(*OPTIONS)!r}] = {value}")
        elif kind == 10:
            self._branch_of_steps()
        else:
            self._line(f"steps.insert({self._pick(2)}, {self._step()})")

    def _step(self) -> str:
        title = self._known("title") if self._chance(3) else None
        function = self._known("function") if self._chance(3) else None
        title = title or repr("Step " + self._one("one", "two", "three", "four"))
        function = function or self._one("first", "second", "third")
        return f"{{'title': {title}, 'functions': [{function}]}}"

    def _branch_of_steps(self) -> None:
        title, function = self._new("title"), self._new("function")
        with self._block(f"if {self._test()}:"):
            self._line(f"{title} = {self._text(1)}")
            self._line(f"{function} = first")
        if self._chance(2):
            with self._block(f"elif {self._test()}:"):
                self._line(f"{title}, {function} = 'elif', third")
        with self._block("else:"):
            self._line(f"{title} = 'other'")
            self._line(f"{function} = second")

    def _add_sequence(self) -> None:
        name = f"'Sequence {self._one('one', 'two')}'"
        condition = self._one("[], []", "None, None", "'CONFIG_A', 'y'")
        how = self._pick(4)
        if how == 0:
            self._line(
                f"controller.insertSequence({name}, {condition}, steps, index={self._pick(2)})"
            )
        elif how == 1:
            self._line(
                "controller.insertSequenceBeforeSequence"
                f"('Sequence one', {name}, {condition}, steps)"
            )
        else:
            self._line(f"controller.addSequence({name}, {condition}, steps)")

    def _leave(self) -> None:
        with self._block(f"if {self._answer_test(1)}:"):
            if self._chance(2):
                self._line(f"raise RuntimeError('Not with ' + {self._text(2)})")
            else:
                self._line("return")

    def _common_statement(self, inner: Callable[[], None]) -> None:
        kind = self._pick(14) if self._depth < 4 else self._pick(5)
        if kind == 0:
            value = self._text()
            self._line(f"{self._new('text')} = {value}")
        elif kind == 1:
            value = self._number()
            self._line(f"{self._new('number')} = {value}")
        elif kind == 2:
            value = self._list()
            self._line(f"{self._new('list')} = list({value})")
        elif kind == 3:
            self._change()
        elif kind == 4:
            a, b = self._text(1), self._text(1)
            self._line(f"{self._new('text')}, {self._new('text')} = {a}, {b}")
        elif kind < 8:
            self._if(inner)
        elif kind < 10:
            self._for(inner)
        elif kind == 10:
            self._while(inner)
        elif kind == 11:
            self._try(inner)
        else:
            self._helper()

    def _change(self) -> None:
        text, names = self._known("text"), self._known("list")
        if text and self._chance(2):
            self._line(f"{text} += {self._text(2)}")
        elif names:
            value = self._text(1)
            self._line(
                self._one(
                    f"{names}.append({value})",
                    f"{names}.insert(0, {value})",
                    f"{names} += [{value}]",
                    f"{names}.extend({self._list(2)})",
                    f"{names}.reverse()",
                )
            )
        else:
            self._line("pass")

    def _if(self, inner: Callable[[], None]) -> None:
        with self._block(f"if {self._test()}:"):
            self._body(inner)
        if self._chance(3):
            with self._block(f"elif {self._test()}:"):
                self._body(inner)
        if self._chance(2):
            with self._block("else:"):
                self._body(inner)

    def _for(self, inner: Callable[[], None]) -> None:
        head = self._one(
            "for {} in ('red', 'blue'):",
            "for {} in COLOURS[:2]:",
            "for {} in sorted(TABLE):",
            "for i, {} in enumerate(['p', 'q']):",
            "for {}, v in sorted(TABLE.items())[:2]:",
        )
        with self._block(head.format(self._new("text"))):
            if self._chance(3):
                self._line(f"if {self._test(1)}:")
                self._line(f"    {self._one('continue', 'break')}")
            self._body(inner)
        self._names["text"].pop()

    def _while(self, inner: Callable[[], None]) -> None:
        name = self._new("count")
        self._line(f"{name} = {1 + self._pick(2)}")
        with self._block(f"while {name}:"):
            self._line(f"{name} -= 1")
            self._body(inner, 1)

    def _try(self, inner: Callable[[], None]) -> None:
        self._trying += 1
        with self._block("try:"):
            self._body(inner, 1)
            if self._chance(2):
                self._line(f"if {self._test(1)}:")
                self._line("    raise ValueError('no')")
            if self._chance(3):
                self._line(self._one("TABLE['missing']", "COLOURS[9]", "int('x')"))
            self._body(inner, 1)
        self._trying -= 1
        with self._block(
            self._one("except Exception:", "except (KeyError, ValueError, IndexError):")
        ):
            self._body(inner, 1)
        if self._chance(4):
            with self._block("finally:"):
                self._body(inner, 1)

    def _helper(self) -> None:
        self._serial += 1
        name = f"helper{self._serial}"
        with self._block(f"def {name}(word, again='no'):"):
            self._names = {"text": ["word", "again"]}
            with self._block(f"if {self._test(1)}:"):
                self._line(f"return {self._text(1)}")
            self._line(f"return {self._text(1)}")
        value = (
            f"{name}({self._text(2)})" if self._chance(2) else f"{name}('w', again={self._text(2)})"
        )
        self._line(f"{self._new('text')} = {value}")
