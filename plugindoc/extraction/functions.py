"""Validators and processors: the functions that options name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from plugindoc.model.things import Function, Plugin
from plugindoc.model.values import Alternatives, Items, Reference, Value
from plugindoc.reading import syntax

if TYPE_CHECKING:
    from plugindoc.extraction.declarations import Declarations

__all__ = ["ACCEPTS", "functions_of"]

ACCEPTS: Final = {
    "validate_choices": "one of the choices, or several of them, separated by commas",
    "validate_file": "the path of a file that exists on the installer's machine",
    "validate_float": "a decimal number",
    "validate_integer": "an integer",
    "validate_ip": "an IPv4 or IPv6 address",
    "validate_ldap_dn": "an LDAP distinguished name, or nothing",
    "validate_ldap_url": "an LDAP URL",
    "validate_multi_export": "NFS exports, separated by commas",
    "validate_multi_ip": "IP addresses, separated by commas",
    "validate_multi_options": "choices, separated by commas",
    "validate_multi_ping": "hosts that answer a ping, separated by commas",
    "validate_multi_regexp": "values that match the regular expression, separated by commas",
    "validate_multi_ssh": "hosts that can be reached by SSH, separated by commas",
    "validate_neutron": "one of the choices",
    "validate_not_empty": "anything but nothing",
    "validate_options": "one of the choices",
    "validate_ping": "a host that answers a ping",
    "validate_port": "a port, from 0 to 65535",
    "validate_regexp": "a value that matches the regular expression",
    "validate_ssh": "a host that can be reached by SSH",
    "validate_sshkey": "a file that holds an SSH public key",
    "validate_writeable_directory": "a folder that can be written to, or made",
}
"""What the installer's own validators let pass, by their names."""


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
    module, _, name = reference.name.rpartition(".")
    accepts = ACCEPTS.get(name, "") if module == "validators" and role == "validator" else ""
    return Function(
        name=reference.name,
        role=role,
        target=reference.target,
        location=reference.location,
        docstring=_first_line(declarations, reference),
        accepts=accepts,
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
