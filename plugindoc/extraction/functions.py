"""Validators and processors: the functions that options name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from plugindoc.model.things import Function, Plugin
from plugindoc.model.values import Alternatives, Items, Reference, Value
from plugindoc.reading import syntax
from plugindoc.validation import ACCEPTS, known

if TYPE_CHECKING:
    from plugindoc.extraction.declarations import Declarations

__all__ = ["functions_of"]


def functions_of(declarations: Declarations, plugins: tuple[Plugin, ...]) -> tuple[Function, ...]:
    """Return each validator and processor that an option names, once, by name."""
    found: dict[str, Function] = {}
    for plugin in plugins:
        for group in plugin.groups:
            for option in (*group.options, *group.replaced):
                for role, value in (
                    ("validator", option.validators),
                    ("processor", option.processors),
                ):
                    for reference in _references(value):
                        if reference.name not in found:
                            found[reference.name] = _function(declarations, reference, role)  # type: ignore[arg-type] # one of two roles
    return tuple(found[name] for name in sorted(found))


def _references(value: Value | None) -> list[Reference]:
    if isinstance(value, Reference):
        return [value]
    if isinstance(value, Items):
        return [one for member in value.members for one in _references(member)]
    if isinstance(value, Alternatives):
        return [one for branch in value.branches for one in _references(branch.value)]
    return []


def _function(
    declarations: Declarations, reference: Reference, role: Literal["validator", "processor"]
) -> Function:
    return Function(
        name=reference.name,
        role=role,
        target=reference.target,
        location=reference.location,
        docstring=_first_line(declarations, reference),
        accepts=ACCEPTS.get(known(reference.target), "") if role == "validator" else "",
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
