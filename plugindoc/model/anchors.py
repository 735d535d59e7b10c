"""Anchors of things in a page, made of the names that people use for them."""

from __future__ import annotations

import re
from typing import Final

from plugindoc.model.project import Function, Option, OptionGroup, Plugin, Sequence, Step, Template
from plugindoc.model.values import words

__all__ = ["Thing", "anchor", "fact_anchor", "fragment", "identity", "option_anchor", "slug"]

Thing = Plugin | OptionGroup | Option | Sequence | Step | Template | Function

_OUTSIDE_SLUG: Final = re.compile(r"[^a-z0-9]+")
_OUTSIDE_NAME: Final = re.compile(r"[^A-Za-z0-9_.:-]+")


def fragment(text: str) -> str:
    """Return a text as an id that needs no quoting anywhere: other characters become hyphens."""
    return _OUTSIDE_NAME.sub("-", text) or "-"


def slug(title: str) -> str:
    """Return a title in lower case with one hyphen for every other character run."""
    return _OUTSIDE_SLUG.sub("-", title.lower()).strip("-")


def identity(thing: Thing) -> str:
    """Return the name under which a thing is known in its kind.

    Sequences and steps are known by plugin and title: ``nova_300/Preparing Nova API entries``.
    """
    match thing:
        case Plugin(module=module):
            return module
        case Sequence(plugin=plugin, title=title):
            return f"{plugin}/{title}"
        case Step(plugin=plugin, title=title):
            return f"{plugin}/{words(title)}"
        case _:
            return thing.name


def anchor(thing: Thing) -> str:
    """Return the plain anchor of a thing, that of the first of its identity."""
    match thing:
        case Option(name=name):
            return option_anchor(name)
        case Plugin(module=module):
            return f"plugin-{fragment(module)}"
        case OptionGroup(name=name):
            return f"group-{fragment(name)}"
        case Sequence(plugin=plugin, title=title):
            return f"sequence-{fragment(plugin)}-{slug(title)}"
        case Step(plugin=plugin, title=title):
            return f"step-{fragment(plugin)}-{slug(words(title))}"
        case Template(name=name):
            return f"template-{slug(name)}"
        case Function(name=name):
            return f"function-{fragment(name)}"


def option_anchor(name: str) -> str:
    """Return the anchor of an option, or of an old name of one."""
    return fragment(name)


def fact_anchor(key: str) -> str:
    """Return the anchor of a fact."""
    return f"fact-{fragment(key)}"
