"""The documentation pages of the kinds of change: MyST that reads well as it is."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from plugindoc.changes.change import Kind, Sample
from plugindoc.changes.kinds import KINDS
from plugindoc.model.names import nearest
from plugindoc.written import publish, toctree

__all__ = ["kind_named", "page", "pages", "write_pages"]

_INTRODUCTION = """\
`plugindoc diff` reports these kinds of change. A change is *breaking* if an answer file or a
command line that worked stops working or silently changes its meaning, *notable* if the installer
behaves differently for some answers, and *cosmetic* if only wording or locations changed.
`plugindoc diff --explain KIND` prints the page of a kind."""


_ACCEPT = """\
```toml
[[tool.plugindoc.diff.accepted]]
change = "{}:NAME"
reason = "why it is intentional"
```"""


def kind_named(name: str) -> Kind:
    """Return a kind by its name; raises LookupError, with the nearest, if there is none."""
    for kind in KINDS:
        if kind.id == name.lower():
            return kind
    guess = nearest(name.lower(), [kind.id for kind in KINDS])
    hint = f"did you mean {guess}?" if guess else "`plugindoc diff --kinds` lists them"
    message = f"{name!r} is not a kind of change; {hint}"
    raise LookupError(message)


def page(kind: Kind) -> str:
    """Return the page of a kind."""
    impacts = dict.fromkeys(sample.impact for sample in kind.samples)
    parts = [
        f"# {kind.id}",
        f"{kind.summary[0].upper()}{kind.summary[1:]}. Impact: **{'** or **'.join(impacts)}**.",
        kind.text,
        *(part for sample in kind.samples for part in _example(sample)),
        "## Accepting it",
        "If the change is intentional, accept it in `pyproject.toml` and state the reason:",
        _ACCEPT.format(kind.id),
    ]
    return "\n\n".join(parts) + "\n"


def _example(sample: Sample) -> tuple[str, ...]:
    before, after = (example.shown.rstrip() for example in (sample.before, sample.after))
    language = "puppet" if "notice(" in before else "text"
    return (
        f"## Example: {sample.impact}",
        "Before:",
        f"```{language}\n{before}\n```",
        "After:",
        f"```{language}\n{after}\n```",
    )


def pages() -> dict[str, str]:
    """Return all pages by file name, the list of them first."""
    parts = ["# Kinds of change", _INTRODUCTION]
    for thing, kinds in groupby(KINDS, key=lambda kind: kind.thing):
        rows = [f"| [{kind.id}]({kind.id}.md) | {kind.summary} |" for kind in kinds]
        parts += [f"## {thing.title()}", "\n".join(("| kind | what it is |", "|---|---|", *rows))]
    parts.append(toctree(kind.id for kind in KINDS))
    found = {f"{kind.id}.md": page(kind) for kind in KINDS}
    return {"index.md": "\n\n".join(parts) + "\n", **found}


def write_pages(folder: Path) -> None:
    """Write all pages into a folder, and delete those of kinds that no longer exist.

    Raises OSError if that cannot be done, or would change a file that plugindoc did not write.
    """
    publish(folder, pages(), ".plugindoc-kinds")
