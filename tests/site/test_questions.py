"""Five questions of a reader who has only the site, from the first page to the answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.conftest import OpenPage

pytestmark = pytest.mark.site

MOST_ACTIONS: Final = 3
"""What a reader does: words typed and sent, or a link followed."""


class Reader:
    """Does what a reader does, and counts it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def ask(self, words: str) -> None:
        """Type words into the field of the first page, and press Enter."""
        self.actions += 1
        self.page.get_by_role("searchbox", name="Find options").fill(words)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of 292 options$"))

    def follow(self, link: Locator) -> None:
        """Click a link."""
        self.actions += 1
        link.first.click()

    def open_first(self) -> None:
        """Open the first option that the filter shows."""
        self.follow(self.page.locator(".pd-row:visible a"))

    def field(self, option: str, label: str) -> Locator:
        """Return a field of an option's card, which has to be in sight."""
        card = self.page.locator("dl.pd-card").filter(has=self.page.locator(f"[id={option}]"))
        expect(card.locator(f"[id={option}]")).to_be_in_viewport()
        term = card.locator("dl.pd-fields > dt").filter(has_text=label)
        return term.locator("xpath=following-sibling::dd[1]")


@pytest.fixture
def reader(upstream: Path, open_page: OpenPage) -> Reader:
    return Reader(open_page(upstream, "index.html"))


def test_what_is_the_default_and_when_am_i_asked(reader: Reader) -> None:
    reader.ask("l2 agent")
    reader.open_first()
    option = "CONFIG_NEUTRON_L2_AGENT"
    expect(reader.field(option, "Default")).to_have_text("ovn")
    expect(reader.field(option, "Shown when")).to_have_text("CONFIG_NEUTRON_INSTALL is y")
    assert reader.actions <= MOST_ACTIONS


def test_which_options_does_cinder_with_lvm_enable(reader: Reader) -> None:
    reader.ask("cinder backend")
    reader.open_first()
    enabled = reader.field("CONFIG_CINDER_BACKEND", "Enables")
    expect(enabled.locator("li", has_text="lvm")).to_contain_text("Cinder volume create")
    assert reader.actions <= MOST_ACTIONS


def test_what_must_i_set_for_ovn(reader: Reader) -> None:
    reader.ask("ovn")
    shown = reader.page.locator(".pd-row:visible")
    expect(shown.filter(has_text="CONFIG_NEUTRON_OVN_TUNNEL_IF")).to_contain_text(
        "when CONFIG_NEUTRON_INSTALL is y and CONFIG_NEUTRON_L2_AGENT is ovn"
    )
    names = shown.locator(".pd-row-head > a").all_inner_texts()
    assert "CONFIG_NEUTRON_L2_AGENT" in names
    assert "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS" not in names
    assert reader.actions <= MOST_ACTIONS


def test_what_runs_on_compute_hosts(reader: Reader) -> None:
    reader.follow(reader.page.get_by_role("link", name="host roles"))
    reader.follow(reader.page.locator(".pd-row").get_by_role("link", name="Compute hosts"))
    expect(reader.page.get_by_text("packstack::nova::compute", exact=True)).to_be_in_viewport()
    assert reader.actions <= MOST_ACTIONS


def test_who_reads_this_key(reader: Reader) -> None:
    reader.ask("CONFIG_KEYSTONE_REGION")
    reader.open_first()
    used = reader.field("CONFIG_KEYSTONE_REGION", "Used by")
    expect(used).to_contain_text("packstack/keystone reads it")
    assert reader.actions <= MOST_ACTIONS
