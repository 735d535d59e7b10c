"""Pieces of inline SVG: texts and lines in the colours of the page around them.

Colours are CSS variables with fallbacks that keep a contrast of 3 to 1 on white and on black, so
that a picture fits a light and a dark page without a second version. Everything that comes from a
plugin passes through `escape`.
"""

from __future__ import annotations

from typing import Final

from plugindoc.rendering.texts import printable

__all__ = [
    "COLOURS",
    "ROW",
    "dot",
    "escape",
    "fitted",
    "linked",
    "picture",
    "text",
    "upright",
]

ROW: Final = 26
"""Pixels from one line of text to the next."""

COLOURS: Final = ("#2f7fd6", "#c2571a", "#2a8f5b", "#a855c7", "#b8860b", "#d6417f", "#0f8fa3")
"""Fallbacks of ``--pd-flow-1`` and on."""

_LETTER: Final = 6.6
_CAPITAL: Final = 8.6
_FONT: Final = "font-family:inherit;font-size:13px"


def escape(value: str) -> str:
    """Return a text as SVG shows it: no markup, no characters that XML forbids."""
    shown = printable(value)
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        shown = shown.replace(letter, entity)
    return shown


def fitted(value: str, width: float) -> str:
    """Return a text cut to what fits into a width, with an ellipsis."""
    if _width(value) <= width:
        return value
    shown = value
    while shown and _width(shown) > width - _LETTER:
        shown = shown[:-1]
    return f"{shown}…"


def _width(value: str) -> float:
    """Return about how wide a text is, in pixels: fonts differ, so rather too much."""
    return sum(_CAPITAL if letter.isupper() else _LETTER for letter in value)


def colour(number: int) -> str:
    """Return the colour of a lane or kind, as CSS."""
    one = number % len(COLOURS)
    return f"var(--pd-flow-{one + 1},{COLOURS[one]})"


def text(x: float, y: float, value: str, *, style: str = "", anchor: str = "start") -> str:
    """Return a line of text, its base line at `y`."""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" '
        f'style="{_FONT};fill:currentColor;{style}">{escape(value)}</text>'
    )


def linked(content: str, link: str, full: str = "") -> str:
    """Return content with a link, and with its whole text as a tooltip."""
    title = f"<title>{escape(full)}</title>" if full else ""
    if link:
        return f'<a href="{escape(link)}">{title}{content}</a>'
    return f"<g>{title}{content}</g>" if title else content


def dot(x: float, y: float, number: int, *, filled: bool) -> str:
    """Return where something is set (filled) or read (a ring)."""
    fill = colour(number) if filled else "none"
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="4" '
        f'style="fill:{fill};stroke:{colour(number)};stroke-width:2"/>'
    )


def upright(x: float, top: float, bottom: float, number: int, full: str) -> str:
    """Return a lane from one row to another; `full` is what flows in it."""
    line = (
        f'<line x1="{x:g}" y1="{top:g}" x2="{x:g}" y2="{bottom:g}" '
        f'style="stroke:{colour(number)};stroke-width:2"/>'
    )
    return linked(line, "", full)


def picture(name: str, size: tuple[float, float], said: tuple[str, str], content: str) -> str:
    """Return a whole picture; `said` is its title and its description for screen readers.

    `name` makes the identifiers in it, and has to be the picture's own in its page.
    """
    width, height = size
    title, description = said
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="group" class="pd-svg" '
        f'aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" '
        f'style="max-width:100%;height:auto;color:var(--pd-ink,currentColor)">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>{content}</svg>'
    )
