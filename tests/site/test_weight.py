"""Pages stay light enough for a phone: upstream's are the largest that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.site

MOST_BYTES: Final = 250_000
LARGER: Final = {
    "plugins/prescript_000.html": 290_000,  # 54 options, each with all that read it
    "walkthroughs/prescript_000.html": 262_000,  # the source of its 485 lines
}


def test_no_page_is_heavy(upstream: Path) -> None:
    sizes = {
        page.relative_to(upstream).as_posix(): page.stat().st_size
        for page in upstream.rglob("*.html")
        if "_source" not in page.parts
    }
    heavy = {name: size for name, size in sizes.items() if size > LARGER.get(name, MOST_BYTES)}
    assert heavy == {}
