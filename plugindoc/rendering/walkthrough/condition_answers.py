"""Which answers make a condition hold, if it is plain enough to say."""

from __future__ import annotations

from plugindoc.model.conditions import AllOf, AnyOf, Compare, Condition, evaluate, options_of

__all__ = ["answers_for"]


def answers_for(condition: Condition) -> dict[str, str]:
    """Return answers under which the condition holds; none if no plain ones are found.

    Looks at comparisons with texts only, and proves its finding by evaluating the condition.
    """
    answers: dict[str, str] = {}
    _collect(condition, answers)
    return answers if answers and evaluate(condition, answers) is True else {}


def _collect(condition: Condition, answers: dict[str, str]) -> None:
    match condition:
        case Compare(option=option, operator="==" | "contains" | "has member", value=str(value)):
            answers.setdefault(option, value)
        case Compare(option=option, operator="in", value=list(values) | tuple(values)) if values:
            answers.setdefault(option, str(values[0]))
        case Compare(option=option, operator="!=", value=value) if value == "n":
            answers.setdefault(option, "y")
        case AllOf(conditions=parts):
            for part in parts:
                _collect(part, answers)
        case AnyOf(conditions=parts):
            plain = next((part for part in parts if options_of(part)), None)
            if plain is not None:
                _collect(plain, answers)
        case _:
            return
