"""Small installers that documentation pages print and tests load: an option, a manifest, a tree."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import cached_property, wraps
from typing import ParamSpec

import msgspec

__all__ = [
    "PORT",
    "STEPS",
    "Example",
    "Made",
    "config",
    "document",
    "made_late",
    "manifest",
    "option",
    "sequences",
    "tree",
]


class Made(msgspec.Struct, frozen=True):
    """An example as it is used.

    `shown` is what the rule's page prints; `files` is the whole installer;
    `base` an earlier state of it, for rules that compare; `modules` the files of Puppet modules
    that it uses.
    """

    shown: str
    files: dict[str, str]
    base: dict[str, str] | None = None
    modules: dict[str, str] | None = None


class Example:
    """A small installer that a page shows, made when it is first looked at.

    Pages and tests look at examples; a check, which has to be fast, needs none.
    """

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make

    @cached_property
    def made(self) -> Made:
        """The example's text and files."""
        return self._make()

    @property
    def shown(self) -> str:
        """What the rule's page prints."""
        return self.made.shown

    @property
    def files(self) -> dict[str, str]:
        """The files of the whole installer, by path."""
        return self.made.files

    @property
    def base(self) -> dict[str, str] | None:
        """The files of an earlier state, for rules that compare."""
        return self.made.base

    @property
    def modules(self) -> dict[str, str] | None:
        """The files of the Puppet modules that the installer uses, by path."""
        return self.made.modules


Given = ParamSpec("Given")


def made_late(make: Callable[Given, Made]) -> Callable[Given, Example]:
    """Return a function that makes an example only when that is looked at."""

    @wraps(make)
    def example(*given: Given.args, **named: Given.kwargs) -> Example:
        return Example(lambda: make(*given, **named))

    return example


_PLUGIN = '''"""Example: install the example service."""

import uuid

from packstack.installer import basedefs
from packstack.installer import processors
from packstack.installer import utils
from packstack.installer import validators
from packstack.modules.documentation import update_params_usage
from packstack.modules.puppet import appendManifestFile
from packstack.modules.puppet import getManifestTemplate

{before}
def initConfig(controller):
{config}


def initSequences(controller):
{sequences}
'''
_GROUP = """controller.addGroup(
    {{
        "GROUP_NAME": "EXAMPLE",
        "DESCRIPTION": "Example options",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
        "POST_CONDITION": False,
        "POST_CONDITION_MATCH": True,
    }},
    [
{options}
    ],
)
"""
PORT = """
    {
        "CONF_NAME": "CONFIG_EXAMPLE_PORT",
        "CMD_OPTION": "example-port",
        "USAGE": "Port on which the example listens.",
        "PROMPT": "Enter the port of the example",
        "DEFAULT_VALUE": "8080",
    },
"""
"""An option that is as it should be."""

STEPS = """
    steps = [{"title": "Preparing example entries", "functions": [create_manifest]}]
    controller.addSequence("Installing the example", [], [], steps)
"""
"""What `initSequences` does with the one step, `create_manifest`."""

_CONTROLLER = """class Controller:
    def addGroup(self, group, params): ...

    def flag(self, group, given):
        return group.search("CMD_OPTION", given.replace("_", "-"))

    def hosts(self, parser):
        parser.add_option("--allinone")
"""
"""What makes the example a whole installer of Packstack's behaviour: what it lacks is nowhere."""
_MODULE = "example_100"
_PACKAGE = "example"


@made_late
def option(shown: str) -> Made:
    """Return an example of option dicts, as in a group's list."""
    shown = _dedented(shown)
    return config(_GROUP.format(options=textwrap.indent(shown, " " * 8)), shown=shown).made


@made_late
def config(body: str, *, shown: str = "", before: str = "") -> Made:
    """Return an example of the body of ``initConfig``; `before` is put in front of it."""
    body, before = _dedented(body), _dedented(before)
    return tree(_plugin(config=body, before=before), shown=shown or _joined(before, body)).made


@made_late
def sequences(body: str, *, before: str = "", options: str = "") -> Made:
    """Return an example of the body of ``initSequences`` and the functions `before` it."""
    body, before = _dedented(body), _dedented(before)
    group = _GROUP.format(options=textwrap.indent(_dedented(options), " " * 8)) if options else ""
    return tree(
        _plugin(config=group, sequences=body, before=before), shown=_joined(before, body)
    ).made


@made_late
def manifest(text: str, *, options: str = "", name: str = "example", more: str = "") -> Made:
    """Return an example of a manifest, beside a plugin that declares options and applies it.

    `more` is the name of a second manifest of the same text.
    """
    text = _dedented(text)
    group = _GROUP.format(options=textwrap.indent(_dedented(options), " " * 8)) if options else ""
    step = (
        "def create_manifest(config, messages):\n"
        f'    manifest = getManifestTemplate("{name}")\n'
        f'    appendManifestFile("{name}.pp", manifest)\n'
    )
    files = _plugin(config=group, sequences=_dedented(STEPS), before=step)
    names = (name, more) if more else (name,)
    return tree(
        files,
        {f"{_PACKAGE}/puppet/templates/{each}.pp": text for each in names},
        shown=text if not more else f"# {more}.pp\n{text}",
    ).made


@made_late
def tree(*files: dict[str, str], shown: str, base: dict[str, str] | None = None) -> Made:
    """Return an example of whole files, by their path in the source tree."""
    return Made(
        shown=_dedented(shown),
        files={path: text for each in files for path, text in each.items()},
        base=base,
    )


_DOCUMENT = """SYNOPSIS
========

example [options]

OPTIONS
=======

Example
-------

"""


@made_late
def document(entries: str, *, options: str) -> Made:
    """Return an example of a usage document's entries, beside a plugin that takes its texts."""
    entries = _dedented(entries)
    body = (
        f"params = [\n{textwrap.indent(_dedented(options), '    ')}]\n"
        "update_params_usage(basedefs.PACKSTACK_DOC, params, sectioned=False)\n"
        'group = {"GROUP_NAME": "EXAMPLE", "DESCRIPTION": "Example", "PRE_CONDITION_MATCH": True}\n'
        "controller.addGroup(group, params)\n"
    )
    document = {"docs/source/packstack.rst": _DOCUMENT + entries}
    return tree(_plugin(config=body), document, shown=entries).made


def _plugin(*, config: str = "", sequences: str = "", before: str = "") -> dict[str, str]:
    text = _PLUGIN.format(
        before=f"\n{before}\n\n" if before else "",
        config=textwrap.indent(config.rstrip() or "pass", "    "),
        sequences=textwrap.indent(sequences.rstrip() or "pass", "    "),
    )
    return {
        f"{_PACKAGE}/__init__.py": "",
        f"{_PACKAGE}/controller.py": _CONTROLLER,
        f"{_PACKAGE}/plugins/{_MODULE}.py": text,
    }


def _dedented(text: str) -> str:
    return textwrap.dedent(text.lstrip("\n")).rstrip() + "\n" if text.strip() else ""


def _joined(before: str, body: str) -> str:
    return f"{before}\n\n{body}" if before and body else before or body
