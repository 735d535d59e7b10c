"""Who uses a configuration key: one line for each thing, with the lines of source where it does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from plugindoc.model.questions import Doubt, Place
from plugindoc.rendering.blocks import Bullets, Kind, Paragraph, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.texts import count, printable

__all__ = ["doubt_paragraph", "source_parts", "use_bullets"]

_WORDS: Final = {
    "condition": ("condition of", "conditions of"),
    "plugin": ("setup code of", "setup code of"),
    "step": ("step", "steps"),
    "template": ("template", "templates"),
    "function": ("function", "functions"),
    "installer": ("the installer's own code", "the installer's own code"),
}
_VERBS: Final = {"read": ("reads", "read"), "write": ("sets", "set")}
_MOST_LINES: Final = 4


def use_bullets(catalogue: Catalogue, places: Iterable[Place], *, verbs: bool = True) -> Bullets:
    """Return a list of the users of a key, in the order of the places.

    Without `verbs`, it is said elsewhere whether they read or set it.
    """
    by_user: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        by_user[place.kind, place.name].append(place)
    alike: dict[object, list[list[Place]]] = defaultdict(list)
    for same in by_user.values():
        parameters = _as_parameters(catalogue, same)
        done = tuple(dict.fromkeys(place.use.access for place in same))
        lines = tuple(dict.fromkeys(place.use.location for place in same))
        # What reads it through the same helper is one item of the list.
        alike[same[0].kind, done, lines, parameters].append(same)
    return Bullets(
        tuple((Paragraph(_users(catalogue, users, verbs=verbs)),) for users in alike.values())
    )


def _users(catalogue: Catalogue, users: list[list[Place]], *, verbs: bool) -> tuple[Part, ...]:
    first, several = users[0][0], len(users) > 1
    parts = [Part(_WORDS[first.kind][several])]
    if first.kind != "installer":
        for number, same in enumerate(users):
            before = " " if not number else " and " if number == len(users) - 1 else ", "
            parts += [Part(before), _name(catalogue, same[0])]
    if verbs and first.kind != "condition":
        plural = several and first.kind != "plugin"  # setup code *reads*, whoever's it is
        accesses = dict.fromkeys(place.use.access for place in users[0])
        done = " and ".join(_VERBS[access][plural] for access in accesses)
        parts.append(Part(f" {done} it"))
    return (*parts, *source_parts(catalogue, users[0]), *_as_parameters(catalogue, users[0]))


def _as_parameters(catalogue: Catalogue, places: list[Place]) -> tuple[Part, ...]:
    """Return what a class says of its parameters that get their value from a key."""
    template = catalogue.questions.template(places[0].name)
    if places[0].kind != "template" or template is None:
        return ()
    found: dict[str, str] = {}
    for place in places:
        for parameter in template.parameters:
            if parameter.text and place.use.location in parameter.location:
                found[parameter.name] = parameter.text
    return tuple(
        part
        for name, text in found.items()
        for part in (
            Part(" as ", "muted"),
            Part(f"${name}", "literal"),
            Part(": "),
            Part(printable(text)),
        )
    )


def _name(catalogue: Catalogue, place: Place) -> Part:
    kinds: dict[str, tuple[Kind, ...]] = {
        "condition": ("group", "sequence"),
        "plugin": ("module",),
        "step": ("step",),
        "template": ("template",),
        "function": ("function",),
    }
    for kind in kinds[place.kind]:
        link = catalogue.link(place.name, kind)
        if link is not None:
            shown = place.name.partition("/")[2] if kind in {"step", "sequence"} else place.name
            return Part(printable(shown), "plain", link)
    return Part(printable(place.name))


def source_parts(catalogue: Catalogue, places: Iterable[Place]) -> tuple[Part, ...]:
    """Return links to the lines where something is used: the first few, then how many more."""
    by_line = {
        (place.use.location.path, place.use.location.line): place.use.location for place in places
    }
    locations = sorted(by_line)
    parts: list[Part] = []
    before = ""
    for path, line in locations[:_MOST_LINES]:
        file = printable(path.rpartition("/")[2])
        link = catalogue.source_link(by_line[path, line])
        if path == before:
            parts += [Part(", "), Part(str(line), "muted", link)]
        else:
            parts += [Part(" "), Part(f"{file}:{line}", "muted", link)]
        before = path
    if len(locations) > _MOST_LINES:
        more = count(len(locations) - _MOST_LINES, "more line")
        parts.append(Part(f" and {more}", "muted"))
    return tuple(parts)


def doubt_paragraph(doubt: Doubt) -> Paragraph:
    """Return that nothing reads a key, and how certain that is."""
    said = "nothing" if doubt.certain else "nothing, as far as is known"
    reason = (Part(f" ({printable(doubt.reason)})", "muted"),) if doubt.reason else ()
    return Paragraph((Part(said), *reason))
