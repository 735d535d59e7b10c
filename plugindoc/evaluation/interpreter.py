"""The interpreter: a machine with the tables of what each kind of syntax does to its state."""

from __future__ import annotations

from typing import Final

from plugindoc.evaluation.limits import (
    MAX_STEPS,
    MAX_STEPS_AT_LAST,
    Exhausted,
    Stop,
    Unfit,
    limit_reached,
    reason_of,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.havoc import give_up
from plugindoc.evaluation.python.functions import call_external
from plugindoc.evaluation.python.methods import call_method
from plugindoc.evaluation.state.branching import Frame
from plugindoc.evaluation.state.values import Arguments, External, ModuleValue, Value
from plugindoc.evaluation.transfer.calls import call_value
from plugindoc.evaluation.transfer.expressions import EVALUATORS
from plugindoc.evaluation.transfer.statements import EXECUTORS, in_two_parts
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Const, Expression, Node, Statement

__all__ = ["Interpreter"]

_SMALL: Final = frozenset({syntax.Import, syntax.ImportFrom, syntax.Global, syntax.Pass})
"""Statements that cannot take long."""

_STEPS_OF_A_STATEMENT: Final = 3
"""Steps that it takes to keep what an outermost statement changes apart, whatever it does."""


class Interpreter(Machine):
    """Follows code: each statement and expression by the function that its table has for it."""

    def evaluate(self, node: Expression) -> Value:
        """Return an expression's value."""
        if type(node) is Const:
            return node.value
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(limit_reached(MAX_STEPS, "steps"))
        return EVALUATORS[type(node)](self, node)

    def execute(self, block: Block) -> None:
        """Run statements; raises Stop if no path continues.

        An error of plugindoc itself makes only the statement unknown that it comes from.
        """
        guarded = self.frame.outermost and not self.calls[1:]
        position = self.position()
        for statement in block.statements:
            path, depth = self.path, len(self.heap.layers)
            try:
                if not guarded:
                    self.spend()
                    EXECUTORS[type(statement)](self, statement)
                elif type(statement) in _SMALL:
                    EXECUTORS[type(statement)](self, statement)
                else:
                    self._execute_guarded(statement)
            except (Stop, Exhausted, RecursionError, MemoryError):
                raise
            except Exception as error:  # noqa: BLE001 - no plugin may end the reading of others
                position.path = path
                self.go_back(position)
                give_up(self, statement, reason_of(error), depth)

    def _execute_guarded(self, statement: Statement) -> None:
        """Run a statement; if it is given up, continue after it with what it left unknown.

        A layer keeps what it changes apart. What it binds is bound behind that: the layer would
        copy all names for each of them.
        """
        frame, depth, position = self.frame, self.heap.depth, self.position()
        find, bind = in_two_parts(statement)
        self._allow_more()
        self.steps -= _STEPS_OF_A_STATEMENT
        self.heap.push()
        frame.outermost = False
        try:
            value = find(self, statement)
        except (Exhausted, RecursionError, MemoryError, Unfit) as error:
            what = reason_of(error)
            self.go_back(position)
            self.allowed = min(self.allowed // 4, max(self.left, MAX_STEPS_AT_LAST))
            self.steps, self.left = self.allowed, self.left - self.allowed
            self.weighable //= 4
            self.scale.left = self.weighable
            give_up(self, statement, what, depth)
        else:
            self.settle_layers(depth)
            if bind is not None:
                bind(self, statement, value)
        finally:
            frame.outermost = True
            self.pay_for_copies()

    def run_module(self, module: ModuleValue) -> None:
        """Run a module's statements, once."""
        if module.ready or module.parsed is None:
            return
        module.ready = True
        with self.apart([]), self.steps_of(module):
            self._run_statements(module, module.parsed.statements)

    def _run_statements(self, module: ModuleValue, statements: tuple[Statement, ...]) -> None:
        """Run a module's statements from the start; what they change stays."""
        self.frame = Frame(module, (module.scope,), outermost=True)
        self.calls = [self.frame]
        module.scope.content["__name__"] = module.name
        try:
            self.execute(Block(lambda: statements))
        except Stop:
            self.ended[module.name] = self.raised
        except (Exhausted, RecursionError, MemoryError, Unfit) as error:
            self.ended[module.name] = self.raised
            if statements:
                self.report_limit(statements[0], reason_of(error))
        finally:
            self.heap.commit(self.heap.cut(0))

    def call_with(self, function: Value, arguments: Arguments, node: Node) -> Value:
        """Return what a call gives, with arguments of any kind."""
        return call_value(self, function, arguments, node)

    def call_external(self, function: External, arguments: Arguments, node: Node) -> Value:
        """Return what a function from outside gives."""
        return call_external(self, function, arguments, node)

    def call_method(self, receiver: Value, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what a method of a built-in type gives, UNSUPPORTED where that is unknown."""
        return call_method(self, receiver, name, arguments, node)
