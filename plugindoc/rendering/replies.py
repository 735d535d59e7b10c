"""What a page gets for what it asks (see `requests`)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from plugindoc.model.project import (
    Function,
    Option,
    OptionGroup,
    Plugin,
    Step,
    Template,
)
from plugindoc.model.project import (
    Sequence as StepSequence,
)
from plugindoc.rendering.answer_excerpts import answer_excerpt
from plugindoc.rendering.blocks import Block, Card, Kind, as_section
from plugindoc.rendering.catalogue import Catalogue, Found
from plugindoc.rendering.changes import changes, release_list, removed_options
from plugindoc.rendering.excerpts import source_of
from plugindoc.rendering.hosts import role_index, role_page
from plugindoc.rendering.options import option_card
from plugindoc.rendering.overviews import (
    answer_file_blocks,
    deprecated_names,
    fact_card,
    fact_cards,
    function_card,
    option_rows,
    plugin_rows,
    run_order,
    template_rows,
)
from plugindoc.rendering.plugins import group_card, plugin_overview, plugin_page
from plugindoc.rendering.requests import NotFoundError, OptionFilter, Request
from plugindoc.rendering.steps import sequence_card, step_card
from plugindoc.rendering.templates import template_card
from plugindoc.rendering.walkthrough.pages import walkthrough, walkthrough_list, walkthrough_page
from plugindoc.rendering.welcome import flow, legend, summary, welcome

__all__ = ["answer", "card", "digest"]


def answer(catalogue: Catalogue, request: Request) -> tuple[Block, ...]:
    """Return the blocks that a page asked for; raises NotFoundError for an unknown name."""
    overview = _OVERVIEWS.get(request.view)
    if overview is not None:
        return tuple(overview(catalogue))
    if request.view == "options":
        return (_options(catalogue, request.filter),)
    view = _BY_NAME.get(request.view)
    if view is not None:
        return view(catalogue, request.name)
    found = _find(catalogue, request)
    match request.view, found[0].thing:
        case "page", Plugin() as plugin:
            return (plugin_page(catalogue, plugin),)
        case "page", Template() as template:
            return (as_section(template_card(catalogue, template)),)
        case "walkthrough", Plugin() as plugin:
            return walkthrough(catalogue, plugin)
        case "walkthrough-page", Plugin() as plugin:
            return (walkthrough_page(catalogue, plugin),)
        case "walkthrough" | "walkthrough-page", _:
            message = f"{request.name} is no plugin; only plugins have walkthroughs"
            raise NotFoundError(message)
        case "source", _:
            return _source(catalogue, found[0])
        case _:
            return tuple(card(catalogue, one) for one in found)


def _find(catalogue: Catalogue, request: Request) -> tuple[Found, ...]:
    kind: Kind | None = request.kind
    if kind is None and request.view in {"walkthrough", "walkthrough-page"}:
        kind = "module"
    found = catalogue.find(request.name, kind)
    if not found:
        near = catalogue.nearest(request.name, kind)
        hint = f"; did you mean {near}?" if near else ""
        what = kind or "name"
        message = f"no {what} {request.name} in {catalogue.name}{hint}"
        raise NotFoundError(message)
    return found


def _options(catalogue: Catalogue, chosen: OptionFilter) -> Block:
    kinds: tuple[tuple[Kind, str], ...] = (("module", chosen.plugin), ("group", chosen.group))
    for kind, name in kinds:
        if name:
            _find(catalogue, Request("auto", catalogue.name, name, kind))
    return option_rows(catalogue, chosen)


def _hosts(catalogue: Catalogue, option: str) -> tuple[Block, ...]:
    return (role_page(catalogue, option),) if option else role_index(catalogue)


def _changes(catalogue: Catalogue, releases: str) -> tuple[Block, ...]:
    since, _, until = releases.partition("\n")
    return changes(catalogue, since, until)


def _plugins(catalogue: Catalogue, group: str) -> tuple[Block, ...]:
    names = [one.file for one in catalogue.groups]
    if group and group not in names:
        message = f"no group of plugins {group} in {catalogue.name}; there are {', '.join(names)}"
        raise NotFoundError(message)
    return (plugin_rows(catalogue, group),)


def _source(catalogue: Catalogue, found: Found) -> tuple[Block, ...]:
    code = source_of(catalogue, found)
    if code is None:
        message = f"the source of {found.name} is not in {catalogue.name}'s tree"
        raise NotFoundError(message)
    return (code,)


def card(catalogue: Catalogue, found: Found) -> Card:
    """Return the card of what a name refers to."""
    match found.thing:
        case Option() as option:
            return option_card(catalogue, option)
        case Plugin() as plugin:
            return plugin_overview(catalogue, plugin)
        case OptionGroup() as group:
            return group_card(catalogue, group)
        case StepSequence() as sequence:
            return sequence_card(catalogue, sequence)
        case Step() as step:
            return step_card(catalogue, step)
        case Template() as template:
            return template_card(catalogue, template)
        case Function() as function:
            return function_card(catalogue, function)
        case None:
            return fact_card(catalogue, found.name)


def _functions(catalogue: Catalogue) -> tuple[Block, ...]:
    return tuple(function_card(catalogue, f) for f in catalogue.project.functions)


_OVERVIEWS: Final[dict[str, Callable[[Catalogue], Iterable[Block]]]] = {
    "welcome": welcome,
    "summary": lambda catalogue: (summary(catalogue),),
    "run-order": run_order,
    "flow": flow,
    "legend": legend,
    "templates": lambda catalogue: (template_rows(catalogue),),
    "facts": fact_cards,
    "functions": _functions,
    "deprecated-names": deprecated_names,
    "releases": release_list,
    "removed-options": removed_options,
    "answer-file": answer_file_blocks,
    "walkthroughs": walkthrough_list,
}


_BY_NAME: Final[dict[str, Callable[[Catalogue, str], tuple[Block, ...]]]] = {
    "answers": answer_excerpt,
    "changes": _changes,
    "hosts": _hosts,
    "plugins": _plugins,
}


def digest(blocks: tuple[Block, ...]) -> str:
    """Return a short digest of blocks: the same for the same content, on every machine."""
    return hashlib.blake2b(msgspec.msgpack.encode(blocks), digest_size=16).hexdigest()
