"""A mistake in plugindoc costs what it concerns, is reported with its place, and no more."""

from __future__ import annotations

import pytest

from plugindoc.model.anchors import fragment
from plugindoc.rendering import options, replies, steps
from plugindoc.rendering.walkthrough import running
from plugindoc.sphinx.writing import Writer
from tests.plugindoc.sphinx.conftest import MakeSite


def fail(*_args: object, **_kwargs: object) -> None:
    message = "no such thing\n\x1b[31m"
    raise LookupError(message)


def test_a_card_that_fails_costs_that_card(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = options.option_type
    monkeypatch.setattr(
        options, "option_type", lambda c, o: fail() if o.name.endswith("_HOST") else work(c, o)
    )
    site = make_site("# Cloud\n\n{plugin:option}`CONFIG_COMPUTE_HOST`\n")
    page = (site.build() / "plugins" / "compute_300.html").read_text()
    assert 'id="CONFIG_COMPUTE_HOST"' in page
    assert "prevents it from showing this (LookupError: no such thing" in page
    assert "Password of the compute service; needs" in page
    place = site.installer / "cloud" / "plugins" / "compute_300.py"
    assert all(f"{place}:23: WARNING:" in line for line in site.warnings.splitlines())
    assert "[plugindoc.failed]" in site.warnings
    assert "\x1b" not in site.warnings


@pytest.mark.parametrize(
    ("module", "name", "page", "kept"),
    [
        (steps, "action_fields", "plugins/compute_300", "Password of the compute service; needs"),
        (running, "definition", "walkthroughs/compute_300", "How to enable it"),
        (replies, "option_rows", "plugins/options", "All options"),
        (Writer, "_rows", "plugins/options", "All options"),
        (Writer, "_card", "plugins/compute_300", "What it does"),
    ],
)
def test_what_fails_elsewhere_costs_that_part(
    make_site: MakeSite,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    page: str,
    kept: str,
) -> None:
    monkeypatch.setattr(module, name, fail)
    site = make_site()
    assert kept in (site.build() / f"{page}.html").read_text()
    assert "[plugindoc.failed]" in site.warnings
    assert "LookupError" in site.warnings


@pytest.mark.parametrize("text", ['a" onload="x', "<b>", "é", "", "a b\n.so"])
def test_a_fragment_needs_no_quoting(text: str) -> None:
    assert fragment(text).replace("-", "").replace(".", "").isalnum() or "-" == fragment(text)
    assert fragment(text).isascii()
    assert fragment(fragment(text)) == fragment(text)
