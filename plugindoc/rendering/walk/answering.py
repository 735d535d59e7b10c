"""How answers become configuration: what the plugin plans with them, and who reads them."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.things import Actions, Constraint, Option, Plugin, Step
from plugindoc.model.values import words
from plugindoc.rendering.blocks import Block, Fields, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.excerpts import definition
from plugindoc.rendering.steps import action_fields
from plugindoc.rendering.texts import condition_parts, text_parts
from plugindoc.rendering.walk.consumers import readers
from plugindoc.rendering.walk.speech import (
    bullets,
    code,
    listed,
    option_name,
    say,
    station,
    step_name,
    template_name,
)

__all__ = ["answering"]


def answering(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on the way of the answers."""
    blocks = [
        *_planning(catalogue, plugin),
        *_refusing(catalogue, plugin),
        *_readers(catalogue, plugin),
    ]
    yield station(catalogue, plugin, "answers", "How answers become configuration", blocks)


def _planning(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    yield say(
        "Every answer is in the configuration under its option's name, before any step runs. The"
        " plugin sees it as ",
        code("controller.CONF"),
        ", its steps as their first argument. What a step adds to it reaches the templates like an"
        " answer.",
    )
    hook = plugin.hooks.get("initSequences")
    if hook is not None and (excerpt := definition(catalogue, hook)):
        yield say("With the answers at hand, ", code("initSequences"), " plans the work:")
        yield excerpt
    fields = tuple(action_fields(catalogue, _apart_from_failures(plugin.actions)))
    if fields:
        yield say("While it plans, and before any step:")
        yield Fields(fields)


def _apart_from_failures(actions: Actions) -> Actions:
    return Actions(
        uses=actions.uses,
        hosts=actions.hosts,
        commands=actions.commands,
        templates=actions.templates,
        resources=actions.resources,
        messages=actions.messages,
    )


def _refusing(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    if plugin.constraints:
        yield say("It refuses to go on:")
        yield bullets(_constraint(catalogue, constraint) for constraint in plugin.constraints)


def _constraint(catalogue: Catalogue, constraint: Constraint) -> Block:
    said = text_parts(words(constraint.text), catalogue.link_to) if constraint.text else ()
    condition = condition_parts(constraint.condition, catalogue.link_to)
    return say("when ", condition, *((", with the message “", said, "”") if said else ()), ".")


def _readers(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    options = [option for group in plugin.groups for option in group.options]
    lines = [(option, _who_reads(catalogue, option)) for option in options]
    used = [say(option_name(catalogue, option), ": ", who, ".") for option, who in lines if who]
    unused = [option_name(catalogue, option) for option, who in lines if not who]
    if used:
        yield say("Who reads the answers:")
        yield bullets(used)
    if unused:
        yield say("Nothing that static reading sees uses ", listed(unused), ".")


def _who_reads(catalogue: Catalogue, option: Option) -> tuple[Part, ...]:
    found: dict[str, Part | tuple[Part, ...]] = {}
    for place in catalogue.questions.read_by(option.name):
        match place.kind:
            case "step":
                for step in _steps_named(catalogue, place.name):
                    where = f" of {step.plugin}" if step.plugin != option.plugin else ""
                    title = say("step ", step_name(catalogue, step), where).parts
                    found.setdefault(f"step {place.name}", title)
            case "condition":
                owner = place.name.rpartition("/")[2]
                found.setdefault(f"of {owner}", say("the condition of ", code(owner)).parts)
            case "plugin":
                found.setdefault(f"plan {place.name}", Part(f"the planning of {place.name}"))
            case "installer":
                found.setdefault("installer", Part("the installer itself"))
            case _:
                continue
    for reader in readers(catalogue, option.name):
        kind = "class " if reader.template.class_name else "template "
        found[f"template {reader.template.name}"] = say(
            kind, template_name(catalogue, reader.template)
        ).parts
    return listed(list(found.values()))


def _steps_named(catalogue: Catalogue, name: str) -> Iterator[Step]:
    for found in catalogue.find(name, "step"):
        if isinstance(found.thing, Step):
            yield found.thing
