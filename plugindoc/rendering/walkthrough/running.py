"""What a plugin runs: each step with its code, what it does, and where that takes effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plugindoc.model.anchors import identity
from plugindoc.model.conditions import Always, all_of
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    Actions,
    Command,
    Failure,
    Message,
    Plugin,
    Resource,
    Sequence,
    Step,
    Template,
    TemplateUse,
    Use,
)
from plugindoc.model.values import words
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import Block, Fields, Part, Section
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.excerpts import definition
from plugindoc.rendering.problems import problems_of
from plugindoc.rendering.steps import action_fields, title_part
from plugindoc.rendering.texts import condition_parts, printable, value_parts
from plugindoc.rendering.walkthrough.consumers import Reader, patterns, places, readers
from plugindoc.rendering.walkthrough.speech import (
    Words,
    bullets,
    code,
    listed,
    option_name,
    say,
    shared,
    station,
    template_name,
    when,
)

__all__ = ["running"]

_Followed = Command | Failure | Message | Resource | TemplateUse | Use

_MOST_KEYS = 6  # of a class; its own page has them all
_A_STEP = (
    "A step is a function that gets the configuration and a list for messages to the user. Most"
    " steps do not connect to a host: they set values in the configuration or assemble a manifest"
    " that is applied on the hosts later."
)
_LONGEST_TEMPLATE = 40  # lines; a longer one is linked, and shown by the lines that matter


def running(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on everything that a plugin runs."""
    blocks: list[Block] = []
    if not plugin.sequences:
        unread = problems_of(catalogue, plugin)
        nothing = "It runs nothing: it adds no sequence."
        blocks.append(say("Its steps could not be read." if unread else nothing))
    elif any(sequence.steps for sequence in plugin.sequences):
        blocks.append(say(_A_STEP))
    shown: set[str] = set()
    for sequence in plugin.sequences:
        blocks += _sequence(catalogue, plugin, sequence, shown)
    yield station(catalogue, plugin, "runs", "What it runs", blocks)


def _sequence(
    catalogue: Catalogue, plugin: Plugin, sequence: Sequence, shown: set[str]
) -> Iterator[Block]:
    condition = all_of((sequence.guard, sequence.condition))
    yield say(
        "The sequence ",
        title_part(catalogue, sequence, "strong"),
        f" is number {sequence.position} of {len(catalogue.questions.run_order)} in the run order.",
        when(catalogue, condition, " It is added when "),
        "" if isinstance(condition, Always) else ".",
        " It has no steps." if not sequence.steps else "",
    )
    for step in sequence.steps:
        yield _step(catalogue, plugin, step, shown)


def _step(catalogue: Catalogue, plugin: Plugin, step: Step, shown: set[str]) -> Section:
    title = words(step.title)
    anchor = f"step-{''.join(c if c.isascii() and c.isalnum() else '-' for c in title.lower())}"
    about = _about(catalogue, plugin, step, shown)
    return station(catalogue, plugin, anchor, f"Step: {printable(title)}", about)


def _about(catalogue: Catalogue, plugin: Plugin, step: Step, shown: set[str]) -> Iterator[Block]:
    if not isinstance(step.guard, Always):
        yield say("It runs only when ", condition_parts(step.guard, catalogue.link_to), ".")
    function = step.function
    if function is None:
        yield say("The function that it runs is only known when the installer runs.")
        return
    excerpt = definition(catalogue, function.location) if function.location else None
    if excerpt is None:
        yield say("It runs ", code(function.name), ", which is not in this source tree.")
        return
    yield say("It runs ", code(function.name), ":")
    yield excerpt
    helpers = _helpers_of(step.actions)
    yield from _own_helpers(catalogue, plugin, helpers, shown)
    fields = tuple(action_fields(catalogue, step.actions))
    if fields:
        names = listed([code(name) for name in helpers])
        yield say("In short, including ", names, ":") if names else say("In short:")
        yield Fields(fields)
    else:
        yield say("It reads no answers, sets no keys and runs no commands.")
    yield from _effects(catalogue, step)


def _helpers_of(actions: Actions) -> tuple[str, ...]:
    """Return the names of the functions that a step's own function calls to act."""
    seen: tuple[_Followed, ...] = (
        *actions.uses,
        *actions.commands,
        *actions.templates,
        *actions.resources,
        *actions.messages,
        *actions.failures,
    )
    return tuple(dict.fromkeys(one.via[0] for one in seen if one.via))


def _own_helpers(
    catalogue: Catalogue, plugin: Plugin, helpers: Iterable[str], shown: set[str]
) -> Iterator[Block]:
    """Yield the code of the helpers that the plugin brings itself, each once."""
    for name in helpers:
        place = plugin.functions.get(name)
        if place is None or name in shown:
            continue
        shown.add(name)
        if excerpt := definition(catalogue, place):
            yield say("It calls ", code(name), ", which the plugin defines:")
            yield excerpt


def _effects(catalogue: Catalogue, step: Step) -> Iterator[Block]:
    """Yield where the work of a step takes effect."""
    actions = step.actions
    for used in _once(actions.templates):
        yield from _brought(catalogue, used)
    written = dict.fromkeys(use.key for use in actions.uses if use.access == "write")
    if written:
        yield say("The keys that it sets are read by:")
        yield shared(
            (option_name(catalogue, key), _takers(catalogue, step, key)) for key in written
        )
    yield from _hosts(catalogue, actions)


def _hosts(catalogue: Catalogue, actions: Actions) -> Iterator[Block]:
    """Yield on which hosts a step acts itself, or that it does on none."""
    done: list[Resource | Command] = [*actions.resources, *actions.commands]
    hosts = {words(one.host): one.host for one in done if one.host is not None}
    if hosts:
        names = [value_parts(host, catalogue.link_to) for host in hosts.values()]
        yield say("It works directly on ", listed(names), ".")
    elif actions.commands:
        yield say("It runs commands on the machine of the installer, not on the hosts.")
    elif actions.templates or any(use.access == "write" for use in actions.uses):
        yield say("It does not connect to a host; it only prepares later work.")
    elif actions.uses:
        yield say("It does not connect to a host.")


def _once(used: Iterable[TemplateUse]) -> Iterator[TemplateUse]:
    seen = set()
    for use in used:
        key = use.template or words(use.name)
        if key not in seen:
            seen.add(key)
            yield use


def _brought(catalogue: Catalogue, used: TemplateUse) -> Iterator[Block]:
    template = catalogue.questions.template(used.template) if used.template else None
    hosts = (" for ", value_parts(used.hosts, catalogue.link_to)) if used.hosts is not None else ()
    condition = when(catalogue, used.guard)
    if template is None:
        name = value_parts(used.name, catalogue.link_to)
        yield say("It uses the template ", name, *hosts, condition, ".")
        return
    yield say("It uses the template ", template_name(catalogue, template), *hosts, condition, ":")
    lines = catalogue.source_lines(template.location.path) or []
    if 0 < len(lines) <= _LONGEST_TEMPLATE:
        whole = Location(template.location.path, 1, 1, len(lines), 1)
        if excerpt := definition(catalogue, whole):
            yield excerpt
    yield from _included(catalogue, template)


def _included(catalogue: Catalogue, template: Template) -> Iterator[Block]:
    items = []
    for include in template.includes:
        found = catalogue.questions.template(include.template) if include.template else None
        if found is None:
            continue
        keys = dict.fromkeys(use.key for use in found.uses if use.access == "read")
        reads = (", which reads ", _some(catalogue, list(keys))) if keys else ()
        items.append(
            say(template_name(catalogue, found), when(catalogue, include.guard), *reads, ".")
        )
    if items:
        yield say("The template includes:")
        yield bullets(items)


def _some(catalogue: Catalogue, keys: list[str]) -> tuple[Part, ...]:
    """Return the first keys, and how many more there are."""
    names: list[Words] = [option_name(catalogue, key) for key in keys[:_MOST_KEYS]]
    if len(keys) > _MOST_KEYS:
        names.append(f"{count(len(keys) - _MOST_KEYS, 'other key')}")
    return listed(names)


def _place(catalogue: Catalogue, use: Use) -> Part:
    name = printable(use.location.path.rpartition("/")[2])
    return Part(f"{name}:{use.location.line}", "muted", catalogue.source_link(use.location))


def _takers(catalogue: Catalogue, step: Step, key: str) -> tuple[Part, ...]:
    """Return which templates, and which code that runs later, read a key."""
    parts: list[Words] = [_reader(catalogue, reader) for reader in readers(catalogue, key)]
    names = list(catalogue.things["step"])
    gone = set(names[: names.index(identity(step)) + 1])
    parts += [
        _other(catalogue, kind, name)
        for kind, name in dict.fromkeys((p.kind, p.name) for p in places(catalogue, key))
        if kind == "installer" or (kind == "step" and name not in gone)
    ]
    if not parts:
        parts += [
            say("code that reads every ", code(one)).parts for one in patterns(catalogue, key)
        ]
    return listed(parts) or (Part("no use found"),)


def _reader(catalogue: Catalogue, reader: Reader) -> tuple[Part, ...]:
    kind = "class " if reader.template.class_name else "template "
    place = _place(catalogue, reader.use)
    return say(kind, template_name(catalogue, reader.template), " (", place, ")").parts


def _other(catalogue: Catalogue, kind: str, name: str) -> tuple[Part, ...]:
    match kind:
        case "step":
            plugin, _, title = name.partition("/")
            link = catalogue.link(name, "step")
            owner = code(plugin)
            return say("the step ", Part(printable(title), "strong", link), " of ", owner).parts
        case _:
            return say("the installer itself").parts
