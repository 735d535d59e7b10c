"""Rendering a scaffold and writing it: all of its files, or none."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import jinja2
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from plugindoc.opening import read_file
from plugindoc.scaffolding.layout import Layout
from plugindoc.scaffolding.names import Names

__all__ = ["TEMPLATES", "ScaffoldError", "render", "write"]

TEMPLATES: Final = Path(__file__).parent / "templates"
_SUFFIX: Final = ".j2"


class ScaffoldError(Exception):
    """A scaffold that cannot be rendered or written; the message is one line for the user."""


def render(layout: Layout, names: Names, templates: Path | None = None) -> dict[Path, str]:
    """Return the text of each file of a new plugin, by its path.

    A template in `templates` takes the place of plugindoc's own of that name; one that renders to
    nothing leaves its file out. Raises ScaffoldError for a template that fails.
    """
    if templates is not None and not templates.is_dir():
        message = f"{templates}: No such file or directory"
        raise ScaffoldError(message)
    folders = [templates, TEMPLATES] if templates else [TEMPLATES]
    environment = ImmutableSandboxedEnvironment(  # a project's templates are no reason to trust it
        loader=jinja2.FunctionLoader(partial(_template, folders)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    targets = layout.targets(names)
    known = {
        "names": names,
        "layout": layout,
        "installer_from_test": _way(layout.tests, layout.installer),
    }
    texts = {path: _render(environment, name, known) for name, path in targets.items()}
    return {path: text for path, text in texts.items() if text.strip()}


def _template(folders: Sequence[Path], name: str) -> tuple[str, str, None] | None:
    """Return the text and path of a template; None if no folder has it.

    Raises OSError for what is no file of its folder: a tree that is not trusted may hold anything.
    """
    for folder in folders:
        path = folder.joinpath(*split_template_path(name))
        if os.path.lexists(path):
            if not path.resolve().is_relative_to(folder.resolve()):
                raise OSError(errno.EINVAL, "is a link that leads out of its folder", str(path))
            return read_file(path).decode(), str(path), None
    return None


def _render(environment: jinja2.Environment, name: str, known: Mapping[str, object]) -> str:
    try:
        return environment.get_template(name + _SUFFIX).render(known)
    except jinja2.TemplateSyntaxError as error:
        message = f"{error.filename or name}:{error.lineno}: {error.message}"
        raise ScaffoldError(message) from error
    except (jinja2.TemplateError, OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or str(error)
        message = f"{name}{_SUFFIX}: {' '.join(said.split())}"
        raise ScaffoldError(message) from error


def _way(start: Path, end: Path) -> str:
    """Return the way from a folder to another, with ``/``."""
    return Path(os.path.relpath(end, start)).as_posix()


def write(base: Path, texts: Mapping[Path, str]) -> None:
    """Write new files below a folder: all of them, or none.

    Raises ScaffoldError if one exists, would lie outside of `base`, or cannot be written; what
    was written by then is removed.
    """
    for path in texts:
        _refuse(base, path)
    made: list[Path] = []
    try:
        for path, text in texts.items():
            _make_folders(path.parent, made)
            with path.open("x", encoding="utf-8") as file:  # fails if another process was faster
                made.append(path)
                file.write(text)
    except BaseException as error:  # an interrupted run leaves nothing behind either
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if not isinstance(error, OSError):
            raise
        message = f"{error.filename}: {error.strerror}; nothing was written"
        raise ScaffoldError(message) from error


def _refuse(base: Path, path: Path) -> None:
    if path.is_symlink() or path.exists():
        message = f"{path} exists already; nothing was written"
        raise ScaffoldError(message)
    if not path.parent.resolve().is_relative_to(base.resolve()):
        message = f"{path} would lie outside of {base}; nothing was written"
        raise ScaffoldError(message)


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)
