"""The one way in: a path to a project."""

from __future__ import annotations

import os
from pathlib import Path

from plugindoc.extraction.declarations import Declarations, read_declarations
from plugindoc.extraction.functions import functions_of
from plugindoc.model.things import SCHEMA_VERSION, Problem, Project
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.reading.discovery import NoPluginsError, discover
from plugindoc.reading.files import Tree

__all__ = ["LoadError", "load"]


class LoadError(ValueError):
    """Nothing could be read; the message is one line for the user."""


def load(
    path: str | os.PathLike[str], *, protocol: Protocol = PACKSTACK, name: str | None = None
) -> Project:
    """Return what the plugins of an installer declare and do, without importing them.

    `path` may be a source tree, an installed or unpacked package, or its folder of plugins: the
    same project comes from all of them. `name` is the project's name, the protocol's by default.
    Raises LoadError where there are no plugins; a plugin that cannot be read is a problem in the
    project, and all others are still there.
    """
    try:
        found = discover(Path(path), protocol)
    except NoPluginsError as error:
        raise LoadError(str(error)) from error
    tree = Tree(found.root)
    declarations = read_declarations(found, tree, protocol)
    plugins = tuple(declarations.model_of(plugin) for plugin in declarations.plugins)
    document = declarations.usage.document
    return Project(
        schema_version=SCHEMA_VERSION,
        name=name or protocol.name,
        plugins=plugins,
        functions=functions_of(declarations, plugins),
        usage_documents=() if document is None else (document,),
        problems=_problems(declarations, tree),
        sources=found.folders,
        protocol=protocol.name,
        root=str(found.root),
    )


def _problems(declarations: Declarations, tree: Tree) -> tuple[Problem, ...]:
    found = (*tree.problems, *declarations.usage.problems, *declarations.problems)
    return tuple(sorted(found, key=lambda problem: (problem.location, problem.message)))
