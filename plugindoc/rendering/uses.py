"""Users of a configuration key: one line for each, with its lines of source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.model.class_uses import ClassUse, Fed
from plugindoc.model.modules import Parameter
from plugindoc.model.questions import Doubt, Place
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import Bullets, Field, Kind, Paragraph, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.texts import printable

__all__ = ["doubt_paragraph", "parameter_bullets", "passed_to", "source_parts", "use_bullets"]

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

    Without `verbs`, whether they read or set it is shown elsewhere.
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
    """Return the documentation of a class's parameters that get their value from a key."""
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


def passed_to(catalogue: Catalogue, key: str) -> Iterator[Field]:
    """Yield which parameters get a value from a key; those that several classes share are one."""
    alike: dict[object, list[Fed]] = defaultdict(list)
    for one in catalogue.class_uses.fed.get(key, ()):
        own = one.parameter
        alike[own.name, own.type, own.default, own.text, own.deprecated].append(one)
    if alike:
        items = tuple((Paragraph(tuple(_fed(catalogue, several))),) for several in alike.values())
        yield Field("Passed to", (Bullets(items),), searchable=False)


def _fed(catalogue: Catalogue, several: list[Fed]) -> Iterator[Part]:
    yield Part(f"${printable(several[0].parameter.name)}", "literal")
    yield Part(" of ")
    for number, one in enumerate(several[:_MOST_LINES]):
        yield Part(", " if number else "")
        link = catalogue.link(one.use.template.name, "template")
        yield Part(printable(one.name), "literal", link)
    if len(several) > _MOST_LINES:
        yield Part(f" and {len(several) - _MOST_LINES} more")
    yield from _said(several[0].parameter)


def parameter_bullets(catalogue: Catalogue, use: ClassUse) -> Bullets:
    """Return the documentation of parameters of an outside class that are set here."""
    items = []
    for parameter in catalogue.class_uses.documented(use):
        keys = catalogue.class_uses.keys(use, [parameter.name])
        named = [Part(f"${printable(parameter.name)}", "literal")]
        for number, key in enumerate(keys):
            link = catalogue.link_to(key)
            named += [Part(", " if number else " from "), Part(printable(key), "literal", link)]
        items.append((Paragraph((*named, *_said(parameter))),))
    return Bullets(tuple(items))


def _said(parameter: Parameter) -> Iterator[Part]:
    """Yield a parameter's type, default and text, and that it is deprecated."""
    told = [printable(parameter.type)] if parameter.type else []
    if parameter.default is not None:
        told.append(f"default {printable(parameter.default)}")
    if told:
        yield Part(f" ({', '.join(told)})", "muted")
    if parameter.deprecated:
        yield Part(" deprecated", "strong")
    if parameter.text or parameter.deprecated:
        yield Part(f": {printable(parameter.text or parameter.deprecated)}")


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
