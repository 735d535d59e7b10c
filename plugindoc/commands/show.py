"""``plugindoc show``: everything about one thing, in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import click
import msgspec

from plugindoc.changes.history import gone_options
from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import (
    CannotRunError,
    base_option,
    project_with_history,
    puppet_modules_option,
    with_classes,
)
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.questions import Place
from plugindoc.rendering.catalogue import Catalogue, Found, Layout
from plugindoc.rendering.lookup import hint, look_up
from plugindoc.rendering.texts import printable

__all__ = ["show"]

_VERBS = {"read": "reads", "write": "sets"}


class _ShowCommand(click.Command):
    """A command whose NAME may be the flag of an option, and nothing else may."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        values, more, _ = self.make_parser(ctx).parse_args([*args])
        taken = [values.get("name")] if more else []
        for word in (*taken, values.get("path"), *more):
            if isinstance(word, str) and word.startswith("--"):
                raise click.NoSuchOption(word, ctx=ctx)
        return super().parse_args(ctx, args)


@click.command(cls=_ShowCommand, context_settings={"ignore_unknown_options": True})
@click.argument("name", shell_complete=complete_options)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@base_option
@puppet_modules_option
@click.option("--where", is_flag=True, help="List the places that use it, as path:line.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Output format: a card, or JSON.",
)
def show(
    name: str,
    path: Path,
    *,
    bases: tuple[str, ...],
    puppet_modules: Path | None,
    where: bool,
    output: Literal["text", "json"],
) -> None:
    """Show everything known about NAME in the installer at PATH.

    NAME is an option (its name, a former name, or its flag), a group, plugin, sequence, step,
    template, derived key, validator or processor. PATH is the folder of an installer (default:
    current directory).
    """
    project = with_classes(project_with_history(path, bases=bases), path, puppet_modules)
    catalogue = Catalogue(project.name, project, Layout(""))
    found = look_up(catalogue, name)
    places = _places(catalogue, name, found)
    if not found and not places:
        gone = {each.name: each for each in gone_options(project.history, catalogue.live_names)}
        if name in gone:
            message = (
                f"in {gone[name].release}: {gone[name].change.message} {gone[name].change.hint}"
            )
            raise CannotRunError(message)
        message = f"nothing in {project.name} is named {printable(name)}. {hint(catalogue, name)}"
        raise CannotRunError(message)
    if output == "json":
        _print_json(name, found, places)
    elif where:
        _print_places(catalogue, found, places)
    else:
        _print_cards(catalogue, name, found, places)


def _places(catalogue: Catalogue, name: str, found: tuple[Found, ...]) -> tuple[Place, ...]:
    """Return the uses of a key; for anything else, the uses that it makes itself."""
    keys = [one.name for one in found if one.kind in {"option", "fact"}]
    if keys or not found:
        wanted = dict.fromkeys(keys or [name])
        return tuple(p for key in wanted for p in catalogue.questions.places_of(key))
    users = {(one.kind, one.name) for one in found}
    return tuple(
        place
        for place in catalogue.questions.places
        if ({"plugin": "module"}.get(place.kind, place.kind), place.name) in users
    )


# Text


def _print_cards(
    catalogue: Catalogue, name: str, found: tuple[Found, ...], places: tuple[Place, ...]
) -> None:
    from rich.console import Console  # noqa: PLC0415 - JSON and --where need no rich

    from plugindoc.rendering.replies import card  # noqa: PLC0415 - as above
    from plugindoc.rendering.terminal import renderable  # noqa: PLC0415 - as above

    console = Console(highlight=False, soft_wrap=False, emoji=False, markup=False)
    if not found:
        console.print(
            f"{printable(name)} is not an option, and nothing sets it. It is read here:\n"
        )
        for line in _place_lines(catalogue, places):
            console.print(f"  {line}")
        return
    for one in dict.fromkeys(one.name for one in found if one.kind == "option"):
        if name in {
            old for o in found if isinstance(o.thing, Option) for old in _old(catalogue, o)
        }:
            console.print(f"{printable(name)} is a former name of {printable(one)}.")
    console.print(renderable(card(catalogue, one) for one in found))


def _old(catalogue: Catalogue, found: Found) -> tuple[str, ...]:
    return catalogue.old_names(found.thing) if isinstance(found.thing, Option) else ()


def _print_places(
    catalogue: Catalogue, found: tuple[Found, ...], places: tuple[Place, ...]
) -> None:
    for line in _declared_lines(catalogue, found):
        click.echo(line)
    for line in _place_lines(catalogue, places):
        click.echo(line)


def _declared_lines(catalogue: Catalogue, found: tuple[Found, ...]) -> Iterator[str]:
    for one in found:
        location = getattr(one.thing, "location", None)
        if location is not None:
            yield f"{_path(catalogue, location)}: declares {_in_line(one.name)}"
        usage = one.thing.usage_location if isinstance(one.thing, Option) else None
        if usage is not None and (location is None or usage.path != location.path):
            yield f"{_path(catalogue, usage)}: documents {_in_line(one.name)}"


def _place_lines(catalogue: Catalogue, places: tuple[Place, ...]) -> Iterator[str]:
    for place in places:
        user = "the installer" if place.kind == "installer" else f"{place.kind} {place.name}"
        maybe = " (maybe)" if place.use.pattern else ""
        where = _path(catalogue, place.use.location)
        key = _in_line(place.use.key)
        yield f"{where}: {_in_line(user)} {_VERBS[place.use.access]} {key}{maybe}"


def _in_line(name: str) -> str:
    """Return a name that is safe in a line of a terminal: plugins are untrusted."""
    return " ".join(printable(name).split())


def _path(catalogue: Catalogue, location: Location) -> str:
    """Return a place as an editor opens it from the folder that the user is in."""
    path = os.path.relpath(Path(catalogue.project.root, location.path))
    return f"{printable(path)}:{location.line}"


# JSON


def _print_json(name: str, found: tuple[Found, ...], places: tuple[Place, ...]) -> None:
    things: list[dict[str, Any]] = [
        {"kind": {"module": "plugin"}.get(one.kind, one.kind), "name": one.name, "is": one.thing}
        for one in found
    ]
    document = {"asked": name, "found": things, "places": places}
    encoded = msgspec.json.format(msgspec.json.encode(document), indent=2)
    sys.stdout.write(encoded.decode() + "\n")
