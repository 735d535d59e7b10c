"""Random plugin modules, put together from the patterns that real plugins use.

A module runs without error, unless it raises on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.differential.expressions import ANSWERS, OPTIONS, ExpressionMaker

__all__ = ["ANSWERS", "OPTIONS", "Maker"]

_HEAD: Final = '''"""A plugin made for a test."""
import functools
import uuid
from string import Template

PLUGIN_NAME = "Random"
BASE = "base"
NUMBERS = (1, 2, 3)
COLOURS = ["red", "green", "blue"]
TABLE = {"red": "RED", "blue": "BLUE", "y": "yes"}


class Base(object):
    joint = ":"

    def __init__(self, head, tail=""):
        self.head, self.tail = head, tail

    def parts(self):
        return [self.head, self.tail]


class Kind(Base):
    def parts(self):
        return super(Kind, self).parts()[::-1]

    def __str__(self):
        return self.joint.join(self.parts())


joined = functools.partial("{0}/{1}".format, "first")


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


class Maker(ExpressionMaker):
    """Makes a module; `pick(n)` chooses a number below n."""

    def module(self) -> str:
        self._lines = [_HEAD]
        self._make_hook("initConfig", self._config_statement)
        self._answers = True
        self._make_hook("initSequences", self._sequence_statement)
        return "\n".join(self._lines) + "\n"

    # Statements

    def _make_hook(self, name: str, statement: Callable[[], None]) -> None:
        self._names = {}
        with self._block(f"def {name}(controller):"):
            self._line("conf = controller.CONF")
            if name == "initConfig":
                self._line(f"controller.addGroup(group('ANSWERS'), [option(n) for n in {OPTIONS}])")
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
