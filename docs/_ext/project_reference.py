"""Reference pages out of the project's own code: commands, settings, the JSON schema, functions.

They are made when the docs are built, so they cannot fall behind the code.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import click
import msgspec
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import source_packstack
from plugindoc import load
from plugindoc.settings import Settings

_WIDTH: Final = 30  # of a table's column where the output is plain text
_LITERAL: Final = re.compile(r"(`{1,2})(?P<code>.+?)\1|(?P<flag>(?<![\w-])--[a-z][a-z-]*)")


class FunctionsDirective(SphinxDirective):
    """List the public functions of a module: signature and what they do."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        module = importlib.import_module(self.arguments[0])
        members = ((name, getattr(module, name)) for name in module.__all__)
        return [_function_list(pair for pair in members if inspect.isfunction(pair[1]))]


class MethodsDirective(SphinxDirective):
    """List methods of a class, ``module:Class``; the content names them, one a line."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        module, name = self.arguments[0].split(":")
        owner = getattr(importlib.import_module(module), name)
        return [_function_list((name, getattr(owner, name)) for name in self.content)]


class CommandsDirective(SphinxDirective):
    """Show a click group, ``module:attribute``, with all commands below it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each command."""
        module, name = self.arguments[0].split(":")
        group = getattr(importlib.import_module(module), name)
        return list(_commands(click.Context(group, info_name=group.name)))


def _commands(context: click.Context) -> Iterator[nodes.Node]:
    command = context.command
    if not isinstance(command, click.Group):
        yield _command(context)
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from _commands(click.Context(found, info_name=name, parent=context))


def _command(context: click.Context) -> nodes.section:
    command, path = context.command, context.command_path
    section = nodes.section(ids=[nodes.make_id(path)], names=[path])
    section += nodes.title("", path)
    usage = f"{path} {' '.join(command.collect_usage_pieces(context))}"
    section += nodes.literal_block(usage, usage, language="text")
    section += _paragraphs(inspect.cleandoc(command.help or "").replace("\b", ""))
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    section += _definitions(
        (nodes.literal("", names), text) for names, text in filter(None, records) if text
    )
    return section


class SettingsDirective(SphinxDirective):
    """Show every table of ``[tool.plugindoc]`` with its keys, defaults and meaning."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a section for each table."""
        return list(self._sections("tool.plugindoc", Settings))

    def _sections(self, name: str, table: type[msgspec.Struct]) -> Iterator[nodes.Node]:
        fields = msgspec.structs.fields(table)
        inner = [field for field in fields if _is_table(field.type)]
        section = nodes.section(ids=[nodes.make_id(name)])
        section += nodes.title("", "", nodes.literal("", f"[{name}]"))
        section += _paragraphs(_with_keys(_without_head(_doc(table)), fields))
        rows = [
            (
                nodes.literal("", field.encode_name),
                nodes.Text(_type_words(field.type)),
                nodes.literal("", _toml(field)),
            )
            for field in fields
            if field not in inner
        ]
        if rows:
            section += _table(("key", "type", "default"), rows)
        self.state.document.note_explicit_target(section, section)
        yield section
        for field in inner:
            yield from self._sections(f"{name}.{field.encode_name}", field.type)


class SchemaDirective(SphinxDirective):
    """Show the definitions of a JSON Schema: what `schema` of a module returns."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each definition."""
        found = importlib.import_module(self.arguments[0]).schema()["$defs"]
        return [self._section(name, definition) for name, definition in found.items()]

    def _section(self, name: str, found: dict[str, Any]) -> nodes.section:
        section = nodes.section(ids=[f"schema-{name.lower()}"], names=[f"schema-{name.lower()}"])
        section += nodes.title("", name)
        section += _paragraphs(found.get("description", ""))
        required = set(found.get("required", ()))
        rows = [
            (
                nodes.literal("", key),
                nodes.inline("", "", *_schema_type(value)),
                nodes.Text("yes" if key in required else ""),
            )
            for key, value in found.get("properties", {}).items()
        ]
        if rows:
            section += _table(("key", "type", "always there"), rows)
        return section


def _schema_type(value: dict[str, Any]) -> Iterator[nodes.Node]:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        yield nodes.reference("", name, refid=f"schema-{name.lower()}", internal=True)
    elif "anyOf" in value:
        for number, part in enumerate(value["anyOf"]):
            if number:
                yield nodes.Text(" or ")
            yield from _schema_type(part)
    elif "enum" in value or "const" in value:
        choices = value.get("enum", [value.get("const")])
        yield nodes.literal("", " | ".join(str(choice) for choice in choices))
    elif value.get("type") == "array":
        yield nodes.Text("list of ")
        yield from _schema_type(_item(value))
    elif value.get("type") == "object" and "additionalProperties" in value:
        yield nodes.Text("object of ")
        yield from _schema_type(value["additionalProperties"])
    else:
        yield nodes.Text(value.get("type", "any value"))


class UpstreamOptionsDirective(SphinxDirective):
    """List the options that installer and Packstack share, and those that each has alone."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        installer = Path(source_packstack.__file__).parent
        upstream = set((installer / "upstream_options.txt").read_text().split())
        groups = [group for plugin in load(installer).plugins for group in plugin.groups]
        ours = {option.name for group in groups for option in group.options}
        text = "\n\n".join(
            [
                f"Both have {len(ours & upstream)} options:",
                ", ".join(f"{{plugin:option}}`{name}`" for name in sorted(ours & upstream)),
                f"`source-packstack` alone has {len(ours - upstream)}:",
                ", ".join(f"{{plugin:option}}`{name}`" for name in sorted(ours - upstream)),
                f"Packstack alone has {len(upstream - ours)}:",
                ", ".join(f"`{name}`" for name in sorted(upstream - ours)),
            ]
        )
        return self.parse_text_to_nodes(text)


def _item(value: dict[str, Any]) -> dict[str, Any]:
    items = value.get("items")
    if isinstance(items, dict):
        return items
    prefix = value.get("prefixItems")
    return {"anyOf": prefix} if prefix else {}


def _is_table(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _type_words(kind: object) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " | ".join(str(choice) for choice in inner)
    if origin in {list, tuple}:
        return f"list of {_type_words(inner[0])}s"
    if _is_table(kind):
        return "table"
    if origin is dict:
        return f"table: {_type_words(inner[0])} = {_type_words(inner[1])}"
    if inner:
        return " or ".join(_type_words(part) for part in inner if part is not type(None))
    return {"str": "text", "int": "number", "bool": "true or false"}.get(
        getattr(kind, "__name__", ""), str(kind)
    )


def _toml(field: msgspec.structs.FieldInfo) -> str:
    default = field.default
    if default is msgspec.NODEFAULT:
        default = field.default_factory() if callable(field.default_factory) else None
    if default is None:
        return "not set"
    return json.dumps(default)  # texts, lists and booleans look the same in TOML


def _plain_signature(function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    empty = inspect.Parameter.empty
    plain = [p.replace(annotation=empty) for p in signature.parameters.values() if p.name != "self"]
    return str(inspect.Signature(plain))


def _doc(thing: object) -> str:
    return inspect.getdoc(thing) or ""


def _without_head(doc: str) -> str:
    """Leave out the first words where they only repeat the table's name."""
    return re.sub(r"^``\[[\w.]+\]``(?:\.|: (.))", lambda m: (m[1] or "").upper(), doc).strip()


def _with_keys(doc: str, fields: Iterable[msgspec.structs.FieldInfo]) -> str:
    """Name keys as TOML has them: the docstring has the attributes' names."""
    for field in fields:
        doc = doc.replace(f"`{field.name}`", f"`{field.encode_name}`")
    return doc


def _paragraphs(doc: str) -> list[nodes.Node]:
    return [
        nodes.paragraph("", "", *_inline(" ".join(part.split())))
        for part in doc.split("\n\n")
        if part.strip()
    ]


def _inline(text: str) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    end = 0
    for match in _LITERAL.finditer(text):
        found += [
            nodes.Text(text[end : match.start()]),
            nodes.literal("", match["code"] or match["flag"]),
        ]
        end = match.end()
    return [*found, nodes.Text(text[end:])]


def _function_list(functions: Iterable[tuple[str, Callable[..., object]]]) -> nodes.Node:
    return _definitions(
        (nodes.literal("", f"{name}{_plain_signature(function)}"), _doc(function))
        for name, function in functions
    )


def _definitions(pairs: Iterable[tuple[nodes.Node, str]]) -> nodes.definition_list:
    found = nodes.definition_list()
    for term, doc in pairs:
        body = nodes.definition("", *_paragraphs(doc))
        found += nodes.definition_list_item("", nodes.term("", "", term), body)
    return found


def _table(head: Sequence[str], rows: Iterable[Sequence[nodes.Node]]) -> nodes.table:
    columns = [nodes.colspec(colwidth=_WIDTH) for _ in head]
    header = _row(nodes.Text(name) for name in head)
    body = [_row(row) for row in rows]
    group = nodes.tgroup("", *columns, cols=len(columns))
    group += nodes.thead("", header)
    group += nodes.tbody("", *body)
    return nodes.table("", group)


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("project-functions", FunctionsDirective)
    app.add_directive("project-methods", MethodsDirective)
    app.add_directive("project-commands", CommandsDirective)
    app.add_directive("project-settings", SettingsDirective)
    app.add_directive("project-schema", SchemaDirective)
    app.add_directive("project-upstream-options", UpstreamOptionsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
