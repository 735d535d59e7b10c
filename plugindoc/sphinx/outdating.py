"""What to read or write again: pages that show, or link to, something that changed elsewhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, cast

from sphinx import addnodes

from plugindoc.rendering.requests import NotFoundError
from plugindoc.sphinx.domain import KINDS, PluginDomain
from plugindoc.sphinx.sources import UnknownSourceError

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from plugindoc.rendering.requests import Request

__all__ = ["note_roles", "outdated", "relinked"]

_MENU: Final = ""
"""Stands for the menu beside the documents; no document is called so."""


def outdated(
    app: Sphinx,
    env: BuildEnvironment,
    _added: set[str],
    _changed: set[str],
    _removed: set[str],
) -> list[str]:
    """Return the documents that show something that changed since they were read."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    if not domain.sources.are_read:
        return []
    answers: dict[Request, str] = {}
    found = []
    for document, requests in env.domaindata["plugin"]["requests"].items():
        for request, before in requests.items():
            if request not in answers:
                answers[request] = _digest(domain, request)
            if answers[request] != before:
                found.append(document)
                break
    return found


def _digest(domain: PluginDomain, request: Request) -> str:
    from plugindoc.rendering.replies import answer, digest  # noqa: PLC0415 - an unchanged site needs none of it

    try:
        return digest(answer(domain.catalogue(request.source), request))
    except (NotFoundError, UnknownSourceError):
        return ""
    except Exception:  # noqa: BLE001 - it is shown, and warned about, if it is read again
        return ""


def note_roles(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what a document links to by roles (``doctree-read``)."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    named: set[tuple[str, str]] = set()
    for node in doctree.findall(addnodes.pending_xref):
        if node["reftype"] == "any":
            named.update((kind, node["reftarget"]) for kind in KINDS)
        elif node.get("refdomain") == "plugin":
            named.add((node["reftype"], node["reftarget"]))
    if named:
        domain.note_links(named)


def relinked(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the documents to write again, since targets of their links changed (``env-updated``).

    All of them if the menu, which is in every page, or the order of the pages changed.
    """
    domain = cast("PluginDomain", app.env.domains["plugin"])
    before: dict[str, str] = domain.data["resolved"]
    after = {
        document: _hash(sorted((thing, domain.objects.get(thing)) for thing in things))
        for document, things in domain.data["links"].items()
    }
    after[_MENU] = _hash(_menu(env, domain.sources.generated))
    domain.data["resolved"] = after
    if before.get(_MENU, after[_MENU]) != after[_MENU]:
        return sorted(env.found_docs)
    return [document for document in after if before.get(document, "") not in {"", after[document]}]


def _menu(env: BuildEnvironment, generated: frozenset[str]) -> object:
    below = env.toctree_includes
    listed = sorted((page, below[page]) for page in generated.intersection(below))
    pages = [page for _, pages in listed for page in pages if page in env.titles]
    return sorted(generated), listed, [(page, env.titles[page].astext()) for page in pages]


def _hash(value: object) -> str:
    return hashlib.blake2b(repr(value).encode(errors="replace"), digest_size=16).hexdigest()
