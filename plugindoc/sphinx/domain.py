"""The domain ``plugin``: roles, references, the index and what each page was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from plugindoc.model.names import nearest
from plugindoc.model.printing import printable

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from plugindoc.rendering.catalogue import Catalogue
    from plugindoc.rendering.requests import Request
    from plugindoc.sphinx.sources import Sources

__all__ = ["KINDS", "Entry", "PluginDomain", "warn_missing"]

logger = logging.getLogger(__name__)

KINDS: Final = ("module", "group", "option", "sequence", "step", "template", "fact", "function")

_IN_LITERALS: Final = {"module", "option", "template", "fact", "function"}
_SHOWN_IN_SEARCH: Final = 1
_FIRST_IN_SEARCH: Final = 0
_LAST_IN_SEARCH: Final = 2


class Entry(NamedTuple):
    """The target of a name; `alias` is true for an old name."""

    document: str
    anchor: str
    alias: bool


class _Role(XRefRole):
    """A reference by name; what is shown of a step is its title, without its plugin."""

    def process_link(
        self,
        env: BuildEnvironment,  # noqa: ARG002 - Sphinx's signature
        refnode: Element,  # noqa: ARG002 - Sphinx's signature
        has_explicit_title: bool,  # noqa: FBT001 - Sphinx's signature
        title: str,
        target: str,
    ) -> tuple[str, str]:
        if not has_explicit_title and self.reftype in {"step", "sequence"}:
            title = title.partition("/")[2] or title
        return title, " ".join(target.split())


def _role(kind: str) -> _Role:
    inner = nodes.literal if kind in _IN_LITERALS else nodes.inline
    return _Role(innernodeclass=inner, warn_dangling=True)


class PluginDomain(Domain):
    """Plugins and all that they declare, by the names that people use."""

    name = "plugin"
    label = "Plugin"
    object_types: ClassVar[dict[str, ObjType]] = {
        "module": ObjType(_("plugin"), "module"),
        **{kind: ObjType(_(kind), kind) for kind in KINDS[1:]},
    }
    roles: ClassVar[dict[str, Any]] = {kind: _role(kind) for kind in KINDS}
    initial_data: ClassVar[dict[str, Any]] = {
        "objects": {},  # (kind, name) -> Entry
        "aliases": {},  # (kind, old name or flag) -> {(document, anchor)} that claim it
        "requests": {},  # document -> {Request: digest of the answer}
        "linked": {},  # document -> {(source, path)} whose source pages it links to
        "links": {},  # document -> {(kind, name)} that it links to
        "resolved": {},  # document -> digest of where those lead
        "state": {},  # what the last build read and wrote (see `generated`)
    }
    data_version = 3
    sources: Sources
    """The sources of the site, set when the builder starts; never pickled."""
    menus: dict[tuple[object, ...], str]
    """Menus that several pages share, for one build."""
    twins: dict[str, str]
    """Document -> its Markdown, for those written in one build."""
    outside_menus: dict[str, list[str]] | None
    """Folder -> its generated pages in no menu, for one build; None until it is asked for."""
    moved: dict[str, dict[str, str]] | None
    """Page -> old anchor -> new place, for one build; None until it is asked for."""

    # What pages contain

    @property
    def objects(self) -> dict[tuple[str, str], Entry]:
        """All names of the site."""
        found: dict[tuple[str, str], Entry] = self.data["objects"]
        return found

    def note_object(self, kind: str, name: str, anchor: str, aliases: Iterable[str]) -> None:
        """Enter a thing under its name and its old names; a name entered twice is a warning."""
        document = self.env.docname
        known = self.objects.get((kind, name))
        if known is not None and not known.alias and known.document != document:
            logger.warning(
                "%s %s is documented in %s too",
                kind,
                name,
                known.document,
                location=document,
                type="plugindoc",
                subtype="duplicate",
            )
        self.objects[kind, name] = Entry(document, anchor, alias=False)
        for alias in aliases:
            self.data["aliases"].setdefault((kind, alias), set()).add((document, anchor))
            self._elect((kind, alias))

    def _elect(self, key: tuple[str, str]) -> None:
        """Enter the first of the places that claim an alias, in whatever order they were read."""
        claims: set[tuple[str, str]] = self.data["aliases"].get(key, set())
        known = self.objects.get(key)
        if claims and (known is None or known.alias):
            self.objects[key] = Entry(*min(claims), alias=True)

    def note_request(self, request: Request, digest: str) -> None:
        """Remember what a document shows, and the digest of that."""
        self.data["requests"].setdefault(self.env.docname, {})[request] = digest

    def note_source(self, source: str, path: str) -> None:
        """Remember that a document links to a source file's page."""
        self.data["linked"].setdefault(self.env.docname, set()).add((source, path))

    def note_links(self, things: Iterable[tuple[str, str]]) -> None:
        """Remember to what, by kind and name, a document links."""
        self.data["links"].setdefault(self.env.docname, set()).update(things)

    def sources_linked(self) -> set[tuple[str, str]]:
        """Return the source files that any document links to."""
        return {place for places in self.data["linked"].values() for place in places}

    def catalogue(self, source: str) -> Catalogue:
        """Return a source of the site by its name."""
        return self.sources.catalogue(source)

    # Sphinx's side

    def clear_doc(self, docname: str) -> None:
        """Forget a document."""
        for key in [key for key, entry in self.objects.items() if entry.document == docname]:
            del self.objects[key]
        for key, claims in self.data["aliases"].items():
            if gone := {claim for claim in claims if claim[0] == docname}:
                claims.difference_update(gone)
                self._elect(key)
        self.data["requests"].pop(docname, None)
        self.data["linked"].pop(docname, None)
        self.data["links"].pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Merge what a parallel reader found in some documents."""
        for key, entry in otherdata["objects"].items():
            if entry.document in docnames and not entry.alias:
                self.objects[key] = entry
        for key, claims in otherdata["aliases"].items():
            own = self.data["aliases"].setdefault(key, set())
            own.update(claim for claim in claims if claim[0] in docnames)
            self._elect(key)
        for table in ("requests", "linked", "links"):
            for docname, found in otherdata[table].items():
                if docname in docnames:
                    self.data[table][docname] = found

    def resolve_xref(  # noqa: PLR0913, PLR0917 - Sphinx's signature
        self,
        env: BuildEnvironment,  # noqa: ARG002 - Sphinx's signature
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,  # noqa: ARG002 - Sphinx's signature
        contnode: Element,
    ) -> nodes.reference | None:
        """Return the link for a role's name; None if nothing has it."""
        entry = self.objects.get((typ, target))
        if entry is None:
            return None
        return make_refnode(builder, fromdocname, entry.document, entry.anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,  # noqa: ARG002 - Sphinx's signature
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,  # noqa: ARG002 - Sphinx's signature
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return the links of all kinds for a name in the role ``any``."""
        found = ((kind, self.objects.get((kind, target))) for kind in KINDS)
        return [
            (
                f"plugin:{kind}",
                make_refnode(builder, fromdocname, entry.document, entry.anchor, contnode),
            )
            for kind, entry in found
            if entry is not None
        ]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield all names for the inventory and the search, options first, old names last."""
        for (kind, name), entry in sorted(self.objects.items()):
            rank = _FIRST_IN_SEARCH if kind == "option" else _SHOWN_IN_SEARCH
            rank = _LAST_IN_SEARCH if entry.alias else rank
            shown = name.partition("/")[2] if kind in {"step", "sequence"} else name
            yield name, printable(shown or name), kind, entry.document, entry.anchor, rank

    def nearest(self, kind: str, name: str) -> str | None:
        """Return the name of a kind that is most like an unknown one."""
        return nearest(name, [known for of, known in self.objects if of == kind])


def warn_missing(_app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Warn about an unknown name at its own line, with the nearest one (an event's handler)."""
    if not isinstance(domain, PluginDomain):
        return None
    kind, target = node["reftype"], node["reftarget"]
    near = domain.nearest(kind, target)
    hint = f"; did you mean {near}?" if near else ""
    logger.warning(
        "unknown %s %s%s", kind, target, hint, location=node, type="ref", subtype=f"plugin.{kind}"
    )
    return True
