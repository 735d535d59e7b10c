"""Pages stay light enough for a phone: upstream's are the largest that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.site

MOST_BYTES: Final = 250_000


def test_no_page_is_heavy(upstream: Path) -> None:
    sizes = {
        page.relative_to(upstream).as_posix(): page.stat().st_size
        for page in upstream.rglob("*.html")
        if "_source" not in page.parts
    }
    heavy = {name: size for name, size in sizes.items() if size > MOST_BYTES}
    assert {} == heavy
