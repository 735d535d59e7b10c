"""Cards in a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from plugindoc.rendering.blocks import Bullets, Card, Paragraph, Part
from plugindoc.rendering.terminal import renderable


def test_of_a_long_list_the_beginning_is_printed() -> None:
    items = tuple((Paragraph((Part(f"item {number}"),)),) for number in range(600))
    card = Card("option", "CONFIG_A", (Part("CONFIG_A"),), ("a",), (Bullets(items),))
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as capture:
        console.print(renderable([card]))
    assert "item 499" in capture.get()
    assert "item 500" not in capture.get()
    assert "… and 100 more" in capture.get()
