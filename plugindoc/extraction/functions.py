"""Validators and processors: the functions that options name."""

from __future__ import annotations

from typing import Literal, TypeAlias

from plugindoc.extraction.declarations import Declarations
from plugindoc.extraction.outcomes import Outcomes
from plugindoc.model.project import Function, Plugin
from plugindoc.model.values import Reference, Value, references
from plugindoc.reading import syntax
from plugindoc.validation import ACCEPTS

__all__ = ["functions_of"]

_Role: TypeAlias = Literal["validator", "processor"]


def functions_of(
    declarations: Declarations, outcomes: Outcomes, plugins: tuple[Plugin, ...]
) -> tuple[Function, ...]:
    """Return each validator and processor that an option names, once, by name."""
    found: dict[str, Function] = {}
    groups = (group for plugin in plugins for group in plugin.groups)
    options = (option for group in groups for option in (*group.options, *group.replaced))
    for option in options:
        roles: tuple[tuple[_Role, Value | None], ...] = (
            ("validator", option.validators),
            ("processor", option.processors),
        )
        for role, value in roles:
            for reference in references(value):
                if reference.name not in found:
                    found[reference.name] = _function(declarations, outcomes, reference, role)
    return tuple(found[name] for name in sorted(found))


def _function(
    declarations: Declarations, outcomes: Outcomes, reference: Reference, role: _Role
) -> Function:
    like = outcomes.like(reference) if role == "validator" else ""
    return Function(
        name=reference.name,
        role=role,
        target=reference.target,
        location=reference.location,
        docstring=_first_line(declarations, reference),
        accepts=ACCEPTS.get(like, ""),
        like=like,
    )


def _first_line(declarations: Declarations, reference: Reference) -> str:
    if reference.location is None:
        return ""
    parsed = declarations.machine.program.parsed(reference.location.path)
    if parsed is None:
        return ""
    for statement in parsed.statements:
        if (
            isinstance(statement, syntax.FunctionDefinition)
            and statement.name == reference.name.rpartition(".")[2]
        ):
            text = parsed.docstring_of(statement.body).strip()
            return text.splitlines()[0] if text else ""
    return ""
