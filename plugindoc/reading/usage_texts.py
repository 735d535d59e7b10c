"""Option texts that are kept in a document: definition lists under a section, in reStructuredText."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from plugindoc.model.locations import Location
from plugindoc.model.things import Run, UsageDocument, UsageEntry

__all__ = ["read_usage_document"]

_SETTINGS: Final = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 5,
    "halt_level": 5,
    "input_encoding": "unicode",
    "warning_stream": False,
    "line_length_limit": 100_000,
}
_SAFE_TARGETS: Final = ("http://", "https://", "mailto:")


def read_usage_document(path: str, source: str, section: str) -> UsageDocument:
    """Return the entries of the section, as the installer's loader finds them, in order.

    The document is untrusted: neither are files put into it, nor is raw output.
    """
    from docutils import core, nodes  # noqa: PLC0415 - costs more than reading all plugins

    tree = core.publish_doctree(source, settings_overrides=dict(_SETTINGS))
    entries: list[UsageEntry] = []
    seen: set[str] = set()
    for part, item in _items(tree, section, nodes):
        entry = _entry(path, source, part, item, nodes)
        if entry is not None:
            first = entry.name not in seen
            seen.add(entry.name)
            entries.append(entry if first else _not_first(entry))
    return UsageDocument(path=path, entries=tuple(entries))


def _not_first(entry: UsageEntry) -> UsageEntry:
    import msgspec  # noqa: PLC0415 - only for a document with doubles

    return msgspec.structs.replace(entry, first=False)


def _items(tree: Any, section: str, nodes: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - docutils
    for top in tree.children:
        if isinstance(top, nodes.section) and top[0].astext() == section:
            for part in top.children:
                title = part[0].astext() if isinstance(part, nodes.section) else ""
                for listed in part.children:
                    if isinstance(listed, nodes.definition_list):
                        for item in listed.children:
                            yield title, item
            return


def _entry(path: str, source: str, part: str, item: Any, nodes: Any) -> UsageEntry | None:  # noqa: ANN401 - docutils
    key = next(iter(item.findall(nodes.strong)), None)
    text = next(iter(item.findall(nodes.paragraph)), None)
    if key is None or text is None or not key.children or not text.children:
        return None
    first = text.children[0]
    shown = first.astext() if isinstance(first, nodes.Text) else ""
    name = key.children[0].astext()
    paragraphs = tuple(
        tuple(_runs(one, nodes))
        for one in item.findall(nodes.paragraph)
        if not any(isinstance(parent, nodes.system_message) for parent in _parents(one))
    )
    line = _line_of(item, source, name)
    location = Location(path, line, 1, line, len(name) + 1)
    return UsageEntry(
        name=name, location=location, paragraphs=paragraphs, shown=shown, section=part
    )


def _parents(node: Any) -> Iterator[Any]:  # noqa: ANN401 - docutils
    while node.parent is not None:
        node = node.parent
        yield node


def _line_of(item: Any, source: str, name: str) -> int:  # noqa: ANN401 - docutils
    """Return the line of an entry's term; docutils counts it from different ends."""
    lines = source.splitlines()
    near = item.line or item[0].line or 1
    for offset in (0, -1, 1, -2, 2, -3, 3):
        index = near - 1 + offset
        if 0 <= index < len(lines) and name in lines[index]:
            return index + 1
    return int(near)


def _runs(node: Any, nodes: Any) -> Iterator[Run]:  # noqa: ANN401 - docutils
    for child in node.children:
        text = " ".join(child.astext().split())
        if isinstance(child, nodes.Text):
            yield Run(text=_folded(child.astext()))
        elif isinstance(child, nodes.literal):
            yield Run(text=child.astext(), style="literal")
        elif isinstance(child, nodes.strong):
            yield Run(text=text, style="strong")
        elif isinstance(child, nodes.reference):
            target = child.get("refuri", "")
            safe = target.lower().startswith(_SAFE_TARGETS)
            yield Run(text=text, style="link", target=target) if safe else Run(text=text)
        elif isinstance(child, nodes.system_message):
            continue
        else:
            yield Run(text=text, style="emphasis")


def _folded(text: str) -> str:
    """Return a text with each run of white space as one space, also at its ends."""
    inner = " ".join(text.split())
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    return f"{before}{inner}{after}"
