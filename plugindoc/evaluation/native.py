"""What the evaluator has in place of things that plugins talk to."""

from __future__ import annotations

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.state.values import UNSUPPORTED, Arguments, StandIn, Value
from plugindoc.model.conditions import ALWAYS, Condition
from plugindoc.reading.syntax import Node

__all__ = [
    "Native",
]


class Native(StandIn):
    """Something of the protocol that plugins talk to: the controller, the configuration.

    Each question returns `UNSUPPORTED` where the thing has no answer; the value is unknown then.
    """

    name = ""

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return a member."""
        return UNSUPPORTED

    def set_attribute(self, machine: Machine, name: str, value: Value, node: Node) -> bool:  # noqa: ARG002 - a default
        """Set a member; return whether this was possible."""
        return False

    def item(self, machine: Machine, key: Value, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return the value of a key."""
        return UNSUPPORTED

    def set_item(self, machine: Machine, key: Value, value: Value, node: Node) -> bool:  # noqa: ARG002 - a default
        """Set the value of a key (`ABSENT` deletes it); return whether this was possible."""
        return False

    def contains(self, machine: Machine, key: Value, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return whether a key is in it: a bool or a `Truth`."""
        return UNSUPPORTED

    def truth(self, machine: Machine) -> Condition:  # noqa: ARG002 - a default
        """Return when it counts as true."""
        return ALWAYS

    def members(self, machine: Machine, node: Node) -> list[Value] | None:  # noqa: ARG002 - a default
        """Return what a loop over it gives; None if that is not known."""
        return None

    def member(self, machine: Machine, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return what one round of a loop over it binds; None if there is nothing to say."""
        return None

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return what a call gives."""
        return UNSUPPORTED

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - a default
        """Return what a method's call gives."""
        return UNSUPPORTED
