"""Anchors that were ever published: a site keeps a list of them and loses none of them silently."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from sphinx.errors import ConfigError, SphinxError
from sphinx.util import logging

from plugindoc.model.names import nearest
from plugindoc.opening import read_file
from plugindoc.settings import LARGEST
from plugindoc.sphinx.domain import PluginDomain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["HEAD", "AnchorLostError", "add_redirects", "anchors_of", "check", "collect", "parse"]

logger = logging.getLogger(__name__)

HEAD: Final = """\
# Anchors of this site that were published, so that links to them keep working.
# A line "old -> new" sends readers of an old anchor to a new one.
"""

_LINE: Final = re.compile(r"(?P<old>[^\s#]+#\S+)(?:\s+->\s+(?P<new>[^\s#]+#\S+))?")
_ARROW: Final = " -> "


class AnchorLostError(SphinxError):
    """Anchors of the committed list that no page has any more."""

    category = "Anchors lost"


class Published(msgspec.Struct, frozen=True):
    """A line of the list: an anchor, and its new place ("" if it stays)."""

    anchor: str
    target: str = ""


def parse(text: str, name: str) -> list[Published]:
    """Return the lines of a list; raises ConfigError that names the first line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        matched = _LINE.fullmatch(line.strip())
        if matched is None:
            message = f"{name}:{number}: a line is PAGE#ANCHOR or PAGE#ANCHOR -> PAGE#ANCHOR"
            raise ConfigError(message)
        found.append(Published(matched["old"], matched["new"] or ""))
    return found


def anchors_of(domain: PluginDomain) -> list[str]:
    """Return all anchors of things in the site, each with its page, sorted."""
    return sorted({f"{entry.document}#{entry.anchor}" for entry in domain.objects.values()})


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Compare the site with its list (``env-updated``).

    Raises AnchorLostError if an anchor is gone; an anchor that is not in the list is a warning,
    or written there with ``plugindoc_record_anchors``.
    """
    file = _file(app)
    if file is None:
        return
    domain = cast("PluginDomain", env.domains["plugin"])
    current = anchors_of(domain)
    published = _read(file)
    known = {line.anchor for line in published}
    lost = sorted(known.difference(current) - {line.anchor for line in published if line.target})
    dangling = [line for line in published if line.target and line.target not in current]
    if lost or dangling:
        raise AnchorLostError(_said(file, lost, dangling, current))
    new = [anchor for anchor in current if anchor not in known]
    if new and app.config.plugindoc_record_anchors:
        lines = [line.anchor + (_ARROW + line.target if line.target else "") for line in published]
        file.write_text(HEAD + "".join(f"{line}\n" for line in sorted(lines + new)), "utf-8")
    elif new:
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        logger.warning(
            "%s%s not recorded; to record, build once with -D plugindoc_record_anchors=1",
            new[0],
            more,
            location=str(file),
            type="plugindoc",
            subtype="anchors",
        )


def _file(app: Sphinx) -> Path | None:
    return Path(app.confdir, app.config.plugindoc_anchors) if app.config.plugindoc_anchors else None


def _read(file: Path) -> list[Published]:
    try:
        return parse(read_file(file, LARGEST).decode(), str(file))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        message = f"plugindoc_anchors: {file}: {error}"
        raise ConfigError(message) from error


def _said(file: Path, lost: list[str], dangling: list[Published], current: list[str]) -> str:
    lines = [f"{len(lost) + len(dangling)} published anchors lead nowhere; in {file}, put:"]
    astray = [(anchor, anchor) for anchor in lost]
    astray += [(line.anchor, line.target) for line in dangling]
    lines += [f"  {anchor}{_ARROW}{_new_place(gone, current)}" for anchor, gone in astray]
    return "\n".join(lines)


def _new_place(lost: str, current: list[str]) -> str:
    page, _, anchor = lost.partition("#")
    moved = [place for place in current if place.partition("#")[2] == anchor]
    if moved:
        return moved[0]
    same_page = [place for place in current if place.startswith(f"{page}#")]
    return nearest(lost, same_page) or nearest(lost, current) or "PAGE#ANCHOR"


# Readers of old anchors


def _moved(app: Sphinx) -> dict[str, dict[str, str]]:
    """Return page -> old anchor -> new place, read once a build."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    if domain.moved is None:
        file = _file(app)
        domain.moved = {}
        for line in _read(file) if file is not None else ():
            if line.target:
                page, _, anchor = line.anchor.partition("#")
                domain.moved.setdefault(page, {})[anchor] = line.target
    return domain.moved


def _address(app: Sphinx, page: str, target: str) -> str:
    document, _, anchor = target.partition("#")
    return f"{app.builder.get_relative_uri(page, document)}#{anchor}"


def add_redirects(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Add the new places of old anchors to a page's script (``html-page-context``)."""
    if not app.config.plugindoc_anchors or "body" not in context:
        return
    moved = _moved(app).get(pagename)
    if moved:
        addresses = {old: _address(app, pagename, new) for old, new in sorted(moved.items())}
        data = msgspec.json.encode(addresses).decode().replace("<", "\\u003c")
        context["body"] += f'<script type="application/json" id="pd-moved">{data}</script>'


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each one that is gone but has old anchors (``html-collect-pages``)."""
    for page, moved in sorted(_moved(app).items()):
        if page in app.env.all_docs or ".." in page or page.startswith("/"):
            continue
        items = "".join(
            f'<li><a href="{escape(_address(app, page, new))}">{escape(old)}</a></li>'
            for old, new in sorted(moved.items())
        )
        body = f"<section><h1>Moved</h1><p>What stood here is now at:</p><ul>{items}</ul></section>"
        yield page, {"title": "Moved", "body": body, "parents": []}, "page.html"
