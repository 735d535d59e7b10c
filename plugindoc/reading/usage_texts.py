"""Option texts that are kept in a document, as definition lists in reStructuredText."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import msgspec

from plugindoc.model.locations import Location
from plugindoc.model.project import Run, UsageDocument, UsageEntry
from plugindoc.reading.usage_blocks import Entry, read_entries
from plugindoc.reading.usage_runs import folded, read_runs

__all__ = ["TooLongError", "read_usage_document", "read_with_docutils"]

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
_LONGEST: Final = 300_000
"""Characters of a document that docutils is given, whose time grows faster than they do."""

_LONGEST_PARAGRAPH: Final = 5_000
"""Characters of a paragraph that docutils is given; a longer one is shown as it is written."""

_SAFE_TARGETS: Final = ("http://", "https://", "mailto:")

_Runs: TypeAlias = dict[str, tuple[str, tuple[Run, ...]]]
"""Paragraphs as they are written: what the installer's loader shows of each, and its runs."""


class TooLongError(ValueError):
    """A document is too long to be read; the message names the limit."""


def read_usage_document(path: str, source: str, section: str) -> UsageDocument:
    """Return the entries of the section, as the installer's loader finds them, in order.

    The document is untrusted: neither are files put into it, nor is raw output. Raises TooLongError
    if docutils is needed for more than it reads in a few seconds.
    """
    entries = _read_plain(path, source, section)
    if entries is None:
        entries = read_with_docutils(path, source, section)
    seen: set[str] = set()
    marked: list[UsageEntry] = []
    for entry in entries:
        marked.append(msgspec.structs.replace(entry, first=False) if entry.name in seen else entry)
        seen.add(entry.name)
    return UsageDocument(path=path, entries=tuple(marked))


def _read_plain(path: str, source: str, section: str) -> list[UsageEntry] | None:
    """Return the entries of a document in plain form; None if it needs docutils."""
    found = read_entries(source, section)
    if found is None:
        return None
    runs: _Runs = {}
    others: list[str] = []
    for text in dict.fromkeys(text for entry in found for text in entry.paragraphs):
        told = read_runs(text)
        if told is None and len(text) > _LONGEST_PARAGRAPH:
            runs[text] = text, (Run(text=folded(text)),)
        elif told is None:
            others.append(text)
        else:
            runs[text] = told
    by_docutils = _read_paragraphs(others)
    if by_docutils is None:
        return None
    runs.update(by_docutils)
    return [_entry_of(path, entry, runs) for entry in found]


def _entry_of(path: str, entry: Entry, runs: _Runs) -> UsageEntry:
    return UsageEntry(
        name=entry.name,
        location=Location(path, entry.line, 1, entry.line, len(entry.name) + 1),
        paragraphs=tuple([runs[text][1] for text in entry.paragraphs]),
        shown=runs[entry.paragraphs[0]][0],
        section=entry.section,
    )


def _read_paragraphs(texts: list[str]) -> _Runs | None:
    """Return what is shown of paragraphs with markup, and their runs; None if they differ."""
    if not texts:
        return {}
    from docutils import core, nodes  # noqa: PLC0415 - costs more than reading all plugins

    source = "\n\n".join(["A paragraph.", *texts])
    tree = core.publish_doctree(source, settings_overrides=dict(_SETTINGS))
    children = [child for child in tree.children if not isinstance(child, nodes.system_message)]
    children = [child for child in children if not _is_messages(child, nodes)]
    if len(children) != len(texts) + 1 or not all(
        isinstance(child, nodes.paragraph) for child in children
    ):
        return None
    return {
        text: (_shown(child, nodes), tuple(_runs(child, nodes)))
        for text, child in zip(texts, children[1:], strict=True)
    }


def _is_messages(node: Any, nodes: Any) -> bool:  # noqa: ANN401 - docutils
    return isinstance(node, nodes.section) and "system-messages" in node.get("classes", ())


def _shown(paragraph: Any, nodes: Any) -> str:  # noqa: ANN401 - docutils
    """Return what the installer's loader makes of a paragraph: its first piece of plain text."""
    first = paragraph.children[0] if paragraph.children else None
    return first.astext() if isinstance(first, nodes.Text) else ""


def read_with_docutils(path: str, source: str, section: str) -> list[UsageEntry]:
    """Return the entries of any document; raises TooLongError for a long one."""
    if len(source) > _LONGEST:
        message = f"limit: more than {_LONGEST:,} characters that docutils has to read"
        raise TooLongError(message)
    if any(size > _LONGEST_PARAGRAPH for size in _sizes(source)):
        message = f"limit: a paragraph of more than {_LONGEST_PARAGRAPH:,} characters"
        raise TooLongError(message)
    from docutils import core, nodes  # noqa: PLC0415 - costs more than reading all plugins

    tree = core.publish_doctree(source, settings_overrides=dict(_SETTINGS))
    found = (_entry(path, source, part, item, nodes) for part, item in _items(tree, section, nodes))
    return [entry for entry in found if entry is not None]


def _sizes(source: str) -> Iterator[int]:
    """Yield the length of each run of lines without an empty one between them."""
    size = 0
    for line in source.split("\n"):
        size = size + len(line) + 1 if line.strip() else 0
        yield size


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
    shown = _shown(text, nodes)
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
            yield Run(text=folded(child.astext()))
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
