"""How answers become configuration: what the plugin plans with them, and what reads them."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.project import Actions, Constraint, Option, Plugin, Step
from plugindoc.model.values import words
from plugindoc.rendering.blocks import Block, Fields, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.excerpts import definition
from plugindoc.rendering.steps import action_fields
from plugindoc.rendering.texts import condition_parts, printable, text_parts
from plugindoc.rendering.walkthrough.consumers import patterns, places, readers
from plugindoc.rendering.walkthrough.speech import (
    bullets,
    code,
    listed,
    option_name,
    say,
    shared,
    station,
    step_name,
    templates_named,
)

__all__ = ["answering"]


def answering(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on the way of the answers."""
    blocks = [
        *_planning(catalogue, plugin),
        *_refusing(catalogue, plugin),
        *_readers(catalogue, plugin),
        *_others(catalogue, plugin),
    ]
    yield station(catalogue, plugin, "answers", "How answers become configuration", blocks)


def _planning(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    yield say(
        "Before any step runs, every answer is stored in the configuration under the name of its"
        " option. The plugin reads the configuration as ",
        code("controller.CONF"),
        "; its steps get it as their first argument. Templates can read the answers and any keys"
        " that steps add.",
    )
    hook = plugin.hooks.get("initSequences")
    if hook is not None and (excerpt := definition(catalogue, hook)):
        yield say("Once all answers are known, ", code("initSequences"), " plans the work:")
        yield excerpt
    fields = tuple(action_fields(catalogue, _apart_from_failures(plugin.actions)))
    if fields:
        yield say("During planning, before any step runs:")
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
        yield say("The installation stops:")
        yield bullets(_constraint(catalogue, constraint) for constraint in plugin.constraints)


def _constraint(catalogue: Catalogue, constraint: Constraint) -> Block:
    said = text_parts(words(constraint.text), catalogue.link_to) if constraint.text else ()
    condition = condition_parts(constraint.condition, catalogue.link_to)
    return say("when ", condition, *((", with the message “", said, "”") if said else ()), ".")


def _readers(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    options = [option for group in plugin.groups for option in group.options]
    lines = [(option, _who_reads(catalogue, option)) for option in options]
    used = [(option_name(catalogue, option), who) for option, who in lines if who]
    unused = [option_name(catalogue, option) for option, who in lines if not who]
    if used:
        yield say("The answers are read by:")
        yield shared(used)
    if unused:
        yield say("No use was found of ", listed(unused), ".")


def _who_reads(catalogue: Catalogue, option: Option) -> tuple[Part, ...]:
    found: dict[str, Part | tuple[Part, ...]] = {}
    for place in places(catalogue, option.name):
        match place.kind:
            case "step":
                for step in _steps_named(catalogue, place.name):
                    where = (" of ", code(step.plugin)) if step.plugin != option.plugin else ()
                    title = say("step ", step_name(catalogue, step), *where).parts
                    found.setdefault(f"step {place.name}", title)
            case "condition":
                owner = place.name.rpartition("/")[2]
                found.setdefault(f"of {owner}", say("the condition of ", code(owner)).parts)
            case "plugin":
                found.setdefault(
                    f"plan {place.name}",
                    say("the setup code of ", Part(printable(place.name))).parts,
                )
            case "installer":
                found.setdefault("installer", Part("the installer itself"))
            case _:
                continue
    templates = [reader.template for reader in readers(catalogue, option.name)]
    if templates:
        found["templates"] = templates_named(catalogue, templates)
    if not found:
        for one in patterns(catalogue, option.name):
            found[one] = say("code that reads every ", code(one)).parts
    return listed(list(found.values()))


def _others(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield where the values come from that the plugin's code reads and does not ask for itself."""
    own = {option.name for group in plugin.groups for option in group.options}
    steps = [step for sequence in plugin.sequences for step in sequence.steps]
    uses = [*plugin.actions.uses, *(use for step in steps for use in step.actions.uses)]
    read = dict.fromkeys(use.key for use in uses if use.access == "read" and not use.pattern)
    sources: dict[tuple[str, str], list[str]] = {}
    for key in read:
        if key not in own and (source := _source(catalogue, plugin, key)):
            sources.setdefault(source, []).append(key)
    if sources:
        yield say("The plugin also reads values from elsewhere:")
        yield bullets(_from(catalogue, source, keys) for source, keys in sources.items())


def _source(catalogue: Catalogue, plugin: Plugin, key: str) -> tuple[str, str] | None:
    """Return the plugin that provides a value: it asks for it, or is the first to set it."""
    option = catalogue.questions.option(key)
    if option is not None:
        return "asked", option.plugin
    for place in catalogue.questions.written_by(key):
        if place.use.key == key and place.kind in {"step", "plugin", "installer"}:
            inner = place.kind == "step" and place.name.startswith(f"{plugin.module}/")
            return None if inner else (place.kind, place.name)
    return None


def _from(catalogue: Catalogue, source: tuple[str, str], keys: list[str]) -> Block:
    kind, name = source
    names = listed([option_name(catalogue, key) for key in keys])
    match kind:
        case "asked":
            return say("asked by ", _module(catalogue, name), ": ", names, ".")
        case "step":
            module, _, title = name.partition("/")
            link = catalogue.link(name, "step")
            step = Part(printable(title), "strong", link)
            return say("set by the step ", step, " of ", code(module), ": ", names, ".")
        case "plugin":
            return say("set while ", _module(catalogue, name), " plans: ", names, ".")
        case _:
            return say("set by the installer itself: ", names, ".")


def _module(catalogue: Catalogue, module: str) -> Part:
    return Part(printable(module), "literal", catalogue.link(module, "module"))


def _steps_named(catalogue: Catalogue, name: str) -> Iterator[Step]:
    for found in catalogue.find(name, "step"):
        if isinstance(found.thing, Step):
            yield found.thing
