"""What releases changed: on an option's card, on a page for each release, and what is no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from plugindoc.changes.history import Event, GoneOption, between, gone_options, timeline
from plugindoc.model.anchors import fragment, option_anchor
from plugindoc.model.changes import IMPACTS, Change, ReleaseChanges, kind_id
from plugindoc.model.project import Option
from plugindoc.model.values import Value
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Card,
    Field,
    Fields,
    PageLink,
    Paragraph,
    Part,
    Section,
    ThingLink,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.names import file_path
from plugindoc.rendering.requests import NotFoundError
from plugindoc.rendering.texts import LinkTo, printable, text_parts

__all__ = ["changes", "history_fields", "release_list", "release_page", "removed_options"]

_HEADS: Final = {
    "breaking": "Breaking changes",
    "notable": "Notable changes",
    "cosmetic": "Other changes",
}
_VERBS: Final = {"added": "Added in", "renamed": "Renamed in", "removed": "Removed in"}
_BEFORE: Final = "; before, "
"""Starts the part of a message about an earlier state."""
_SILENT: Final = ("readers",)
"""Kinds that an option's own card leaves out: its readers are there anyway."""


def release_page(catalogue: Catalogue, release: str) -> str:
    """Return the document of the page of what a release changed."""
    return catalogue.layout.page(f"changes/{file_path(release)}")


def history_fields(catalogue: Catalogue, option: Option) -> Iterator[Field]:
    """Yield since when an option is there and what happened to it; nothing without a history."""
    history = catalogue.project.history
    if not history:
        return
    events = [e for e in timeline(history, option.name) if e.change.kind not in _SILENT]
    items: list[tuple[Part, ...]] = []
    if not any(event.change.kind == "added" for event in events):
        items.append((Part(f"Added in {printable(history[0].since)} or before"),))
    items += _happened(catalogue, events)
    listed = tuple((Paragraph(item),) for item in items)
    yield Field("History", (Bullets(listed),) if len(listed) > 1 else listed[0])


def _happened(catalogue: Catalogue, events: Iterable[Event]) -> Iterator[tuple[Part, ...]]:
    """Yield what happened, in order; the old condition is left out if it was shown."""
    condition: Value | str | None = None
    for event in events:
        yield from _event(catalogue, event, known=condition)
        if event.change.kind == "condition":
            condition = event.change.new


def _event(
    catalogue: Catalogue, event: Event, known: Value | str | None
) -> Iterator[tuple[Part, ...]]:
    change = event.change
    release = _release_part(catalogue, event.release, _change_anchor(change))
    if change.rename == "declared":
        yield (
            Part("Deprecated in "),
            release,
            Part(": the name "),
            Part(printable(change.old_name), "literal"),
        )
        return
    verb = _VERBS.get(change.kind, "Changed in")
    told = change.message.removeprefix(change.name).strip()
    if change.kind == "condition" and change.old == known:
        told = told.partition(_BEFORE)[0]
    detail = "" if change.kind == "added" else f": {told}"
    yield (Part(f"{verb} "), release, *text_parts(detail, catalogue.link_to))


def _release_part(catalogue: Catalogue, release: str, anchor: str = "") -> Part:
    page = release_page(catalogue, release) if catalogue.layout.pages else ""
    return Part(printable(release), "plain", PageLink(page, anchor) if page else None)


def _change_anchor(change: Change) -> str:
    """Return the anchor of a change of an option on its release's page; others have none."""
    if change.thing != "option":
        return ""
    return f"change-{kind_id(change.thing, change.kind)}-{fragment(change.name)}"


def changes(catalogue: Catalogue, since: str, until: str) -> tuple[Block, ...]:
    """Return what changed after one release, up to another; "" for the first and the last.

    Raises NotFoundError for a release that the history does not have.
    """
    try:
        chosen = between(catalogue.project.history, since, until)
    except LookupError as error:
        raise NotFoundError(str(error.args[0])) from error
    if not chosen:
        return (Paragraph((Part("The site has no history of releases."),)),)
    if len(chosen) == 1:
        return _of_release(catalogue, chosen[0], "")
    return tuple(
        Section(
            title=(Part(printable(release.release)),),
            anchors=(f"changes-{_id(release)}",),
            blocks=_of_release(catalogue, release, f"{_id(release)}-"),
        )
        for release in reversed(chosen)
    )


def _id(release: ReleaseChanges) -> str:
    return option_anchor(release.release)


def _of_release(catalogue: Catalogue, release: ReleaseChanges, prefix: str) -> tuple[Block, ...]:
    link_to = _with_gone(catalogue)
    found: list[Block] = []
    for impact in IMPACTS:
        mine = [change for change in release.changes if change.impact == impact]
        if mine:
            items = tuple(
                (Paragraph(tuple(_told(change, link_to)), anchor=_change_anchor(change)),)
                for change in mine
            )
            title = (Part(f"{_HEADS[impact]} ({len(mine)})"),)
            found.append(Section(title, (f"changes-{prefix}{impact}",), (Bullets(items),)))
    said = [f"{printable(each)}." for each in release.unread]
    if not found and not said:
        said = ["Nothing changed."]
    return (*found, *(Paragraph((Part(text),)) for text in said))


def _told(change: Change, link_to: LinkTo) -> Iterator[Part]:
    yield from text_parts(change.message, link_to)
    if change.hint:
        yield Part(" ")
        yield from text_parts(change.hint, link_to, "muted")


def _with_gone(catalogue: Catalogue) -> LinkTo:
    """Return what links a name, that of an option that is gone to its entry."""
    gone = {one.name for one in gone_options(catalogue.project.history, catalogue.live_names)}
    page = catalogue.layout.page("removed-options") if catalogue.layout.pages else ""

    def link_to(word: str) -> ThingLink | None:
        link = catalogue.link_to(word)
        if link is None and page and word in gone:
            return ThingLink("option", catalogue.full_name(word), page)
        return link

    return link_to


def release_list(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the releases, the newest first, each with how much it changed."""
    items = []
    for release in reversed(catalogue.project.history):
        impacts = [change.impact for change in release.changes]
        told = [
            count(impacts.count(impact), f"{impact} change")
            for impact in IMPACTS
            if impact in impacts
        ]
        unchanged = "no change in what could be read" if release.unread else "nothing changed"
        text = f": {', '.join(told) or unchanged} since {printable(release.since)}"
        items.append((Paragraph((_release_part(catalogue, release.release), Part(text))),))
    return (Bullets(tuple(items)),)


def removed_options(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return a card for each option that is no more: since when, and what replaced it."""
    gone = gone_options(catalogue.project.history, catalogue.live_names)
    return tuple(_gone_card(catalogue, each) for each in gone)


def _gone_card(catalogue: Catalogue, gone: GoneOption) -> Card:
    history: Sequence[ReleaseChanges] = catalogue.project.history
    release = _release_part(catalogue, gone.release, _change_anchor(gone.change))
    fields = [
        Field("Removed in", (Paragraph((release,)),)),
    ]
    if gone.successor:
        link = catalogue.link(gone.successor, "option")
        likely = "Likely replaced by" if gone.change.rename == "likely" else "Replaced by"
        shown = Part(printable(gone.successor), "literal", link)
        fields.append(Field(likely, (Paragraph((shown,)),)))
    before = [e for e in timeline(history, gone.name) if e.change.kind not in ("removed", *_SILENT)]
    if before:
        items = tuple((Paragraph(parts),) for parts in _happened(catalogue, before))
        fields.append(Field("History", (Bullets(items),)))
    told = text_parts(gone.change.hint, catalogue.link_to)
    return Card(
        kind="option",
        name=catalogue.full_name(gone.name),
        title=(Part(printable(gone.name)),),
        anchors=(option_anchor(gone.name),),
        blocks=(Paragraph(told), Fields(tuple(fields))),
    )
