"""A reader searches, filters, follows links, copies a line and opens the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.plugindoc.sphinx.installers import write_installer, write_site
from tests.site.conftest import BIN, BuildOnce, OpenPage

pytestmark = pytest.mark.site

LOOKS = pytest.mark.parametrize(
    "look", [{}, {"dark": True}, {"phone": True}], ids=["light", "dark", "phone"]
)


@pytest.mark.parametrize("name", ["CONFIG_NOVA_INSTALL", "CONFIG_NEUTRON_L2_AGENT"])
def test_an_options_name_is_the_first_hit_of_the_search(
    upstream: Path, open_page: OpenPage, name: str
) -> None:
    page = open_page(upstream, f"search.html?q={name}")
    first = page.locator("#search-results li a").first
    expect(first).to_have_attribute("href", re.compile(rf"#{name}$"))


def test_an_old_name_is_found_too(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "search.html?q=CONFIG_NOVA_NETWORK_HOST")
    expect(page.locator("#search-results li a").first).to_be_visible()


@LOOKS
def test_the_list_of_options_is_filtered_as_you_type(
    upstream: Path, open_page: OpenPage, look: dict[str, bool]
) -> None:
    page = open_page(upstream, "plugins/options.html", **look)
    count = page.get_by_role("status")
    expect(count).to_have_text("292 options")
    page.get_by_role("searchbox", name="Filter options").fill("ovn bridge")
    expect(count).to_have_text(re.compile(r"^\d+ of 292 options$"))
    shown = page.locator(".pd-row:visible")
    assert 0 < shown.count() < 20
    expect(shown.first).to_contain_text("OVN_BRIDGE")
    page.get_by_role("searchbox", name="Filter options").fill("no such option")
    expect(page.get_by_text("No options fit this filter.")).to_be_visible()


def test_names_come_before_texts(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    everything = page.locator(".pd-row-head > a").all_inner_texts()
    field = page.get_by_role("searchbox", name="Filter options")
    field.fill("cinder host")
    shown = page.locator(".pd-row:visible .pd-row-head > a").all_inner_texts()
    named = ["CINDER" in name and "HOST" in name for name in shown]
    assert True in named
    assert named == sorted(named, reverse=True)
    field.fill("")
    assert page.locator(".pd-row-head > a").all_inner_texts() == everything


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("L2AGENT", "CONFIG_NEUTRON_L2_AGENT"),
        ("neutron l2", "CONFIG_NEUTRON_L2_AGENT"),
        ("CONFIG_NEUTRON_*_AGENT", "CONFIG_NEUTRON_L2_AGENT"),
        ("--cinder-backend", "CONFIG_CINDER_BACKEND"),
        ("depends on CONFIG_CINDER_BACKEND=nfs", "CONFIG_CINDER_NFS_MOUNTS"),
        ("depends on CINDER_BACKEND solidfire login", "CONFIG_CINDER_SOLIDFIRE_LOGIN"),
    ],
)
def test_an_option_is_found_as_people_write_it(
    upstream: Path, open_page: OpenPage, typed: str, first: str
) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.get_by_role("searchbox", name="Filter options").fill(typed)
    expect(page.locator(".pd-row:visible a").first).to_have_text(first)


def test_what_depends_on_an_answer_is_listed(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.get_by_label("Depends on option").fill("CONFIG_CINDER_BACKEND=nfs")
    shown = page.locator(".pd-row:visible .pd-row-head > a").all_inner_texts()
    assert ["CONFIG_CINDER_NFS_MOUNTS"] == shown
    page.goto(page.url)
    assert 1 == page.locator(".pd-row:visible").count()


def test_words_of_conditions_are_found_after_those_of_names(
    upstream: Path, open_page: OpenPage
) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.get_by_role("searchbox", name="Filter options").fill("CONFIG_CINDER_BACKEND")
    shown = page.locator(".pd-row:visible .pd-row-head > a").all_inner_texts()
    assert "CONFIG_CINDER_BACKEND" == shown[0]
    assert "CONFIG_CINDER_NFS_MOUNTS" in shown


def test_a_typo_gets_a_suggestion(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html")
    page.get_by_role("searchbox", name="Find options").fill("neutorn agent")
    page.keyboard.press("Enter")
    field = page.get_by_role("searchbox", name="Filter options")
    expect(field).to_be_focused()
    page.get_by_role("button", name="neutron agent").click()
    expect(field).to_have_value("neutron agent")
    expect(page.locator(".pd-row:visible").first).to_contain_text("NEUTRON")
    field.fill("no such thing")
    expect(page.get_by_role("link", name="Search all pages")).to_have_attribute(
        "href", re.compile(r"search\.html\?q=no%20such%20thing$")
    )


def test_a_flag_is_found_by_the_sites_search(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "search.html?q=--cinder-backend")
    first = page.locator("#search-results li a").first
    expect(first).to_have_attribute("href", re.compile(r"#CONFIG_CINDER_BACKEND$"))


def test_the_filter_is_in_the_address(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.get_by_role("searchbox", name="Filter options").fill("password")
    page.get_by_label("Plugin", exact=True).select_option("nova_300")
    page.get_by_text("secret", exact=True).first.click()
    told = page.get_by_role("status").inner_text()
    assert "filter=password" in page.url
    assert "plugin=nova_300" in page.url
    assert "only=secret" in page.url
    page.goto(page.url)
    expect(page.get_by_role("status")).to_have_text(told)
    expect(page.get_by_label("Plugin", exact=True)).to_have_value("nova_300")


def test_the_list_works_by_keyboard_alone(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter options")).to_be_focused()
    page.keyboard.type("neutron install")
    page.keyboard.press("ArrowDown")
    first = page.locator(".pd-row:visible a").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox", name="Filter options")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("292 options")
    page.keyboard.type("CONFIG_NEUTRON_INSTALL")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"prescript_000\.html#CONFIG_NEUTRON_INSTALL$"))


@LOOKS
def test_shown_when_leads_to_the_option_that_decides(
    upstream: Path, open_page: OpenPage, look: dict[str, bool]
) -> None:
    page = open_page(upstream, "plugins/neutron_350.html#CONFIG_NEUTRON_KS_PW", **look)
    _field(page, "CONFIG_NEUTRON_KS_PW", "Shown when").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"prescript_000\.html#CONFIG_NEUTRON_INSTALL$"))
    expect(page.locator("[id=CONFIG_NEUTRON_INSTALL]")).to_be_in_viewport()


def test_a_page_lists_its_options_beside_them(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/neutron_350.html")
    listed = page.locator(".toc-drawer").get_by_role("link", name="CONFIG_NEUTRON_VPNAAS")
    listed.click()
    expect(page.locator("[id=CONFIG_NEUTRON_VPNAAS]")).to_be_in_viewport()


def _field(page: Page, option: str, label: str) -> object:
    card = page.locator("dl.pd-card").filter(has=page.locator(f"[id={option}]"))
    term = card.locator("dl.pd-fields > dt").filter(has_text=label)
    return term.locator("xpath=following-sibling::dd[1]")


@LOOKS
def test_an_answer_line_is_copied(
    upstream: Path, open_page: OpenPage, look: dict[str, bool]
) -> None:
    page = open_page(upstream, "plugins/prescript_000.html", **look)
    page.get_by_role("button", name="Copy CONFIG_NOVA_INSTALL=y").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert "CONFIG_NOVA_INSTALL=y" == page.evaluate("navigator.clipboard.readText()")


@LOOKS
def test_the_source_opens_at_its_line(
    upstream: Path, open_page: OpenPage, look: dict[str, bool]
) -> None:
    page = open_page(upstream, "plugins/nova_300.html", **look)
    page.locator("dl.pd-card > dt .pd-source-link").first.click()
    expect(page).to_have_url(re.compile(r"_source/.*nova_300\.py\.html#L\d+$"))
    line = page.locator(":target")
    expect(line).to_be_in_viewport()
    assert "{" in line.inner_text() or "CMD_OPTION" in line.inner_text()


def test_each_of_the_292_options_has_its_anchor(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    links = page.locator(".pd-row-head > a").evaluate_all("all => all.map(a => a.href)")
    assert 292 == len(set(links))
    by_page: dict[str, list[str]] = {}
    for link in links:
        address, _, anchor = link.partition("#")
        by_page.setdefault(address, []).append(anchor)
    for address, anchors in by_page.items():
        page.goto(address)
        found = page.evaluate("all => all.filter(id => document.getElementById(id))", anchors)
        assert found == anchors


@pytest.mark.parametrize(
    "address",
    [
        "index.html",
        "plugins/index.html",
        "plugins/neutron_350.html",
        "plugins/options.html",
        "plugins/run-order.html",
        "plugins/answer-file.html",
        "walkthroughs/nova_300.html",
        "walkthroughs/index.html",
    ],
)
def test_nothing_is_wider_than_a_phone(upstream: Path, open_page: OpenPage, address: str) -> None:
    page = open_page(upstream, address, phone=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


SHIFTED = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""


@pytest.mark.parametrize("address", ["index.html", "plugins/options.html", "plugins/nova_300.html"])
def test_nothing_moves_while_a_phone_loads_a_page(
    upstream: Path, open_page: OpenPage, address: str
) -> None:
    page = open_page(upstream, address, phone=True)
    assert page.evaluate(SHIFTED) < 0.01


def test_rows_are_shown_where_the_script_fails(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html")
    page.route("**/plugindoc.js*", lambda route: route.abort())
    page.goto(f"file://{upstream}/plugins/options.html")
    expect(page.locator(".pd-row").first).to_be_visible()


def test_dark_is_dark(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/nova_300.html", dark=True)
    colour = page.locator("dl.pd-card").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 60


# The first page


@LOOKS
def test_the_first_page_finds_an_option(
    upstream: Path, open_page: OpenPage, look: dict[str, bool]
) -> None:
    page = open_page(upstream, "index.html", **look)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find options")).to_be_focused()
    page.keyboard.type("ovn bridge")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"plugins/options\.html\?filter=ovn\+bridge$"))
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of 292 options$"))


def test_the_first_page_leads_on(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html")
    targets = page.locator(".pd-summary a, .pd-flow a, .pd-rows a, .pd-card a").evaluate_all(
        "all => all.map(a => a.href)"
    )
    assert len(targets) > 50
    for target in set(targets):
        address, _, anchor = target.removeprefix("file://").partition("#")
        text = Path(address).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in text


# Without a script, on paper, from old links


def test_everything_is_there_without_a_script(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html", scripts=False)
    field = page.get_by_role("searchbox", name="Find options")
    field.fill("anything")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"plugins/options\.html\?filter=anything$"))
    assert 292 == page.locator(".pd-row:visible").count()
    page.locator(".pd-row a").first.click()
    expect(page.locator("dl.pd-card").first).to_be_visible()


def test_an_old_anchor_leads_to_the_new_place(
    build_once: BuildOnce, open_page: OpenPage, tmp_path: Path
) -> None:
    write_installer(tmp_path / "installer")
    docs = write_site(tmp_path / "docs", plugindoc_anchors="anchors.txt", html_theme="furo")
    (docs / "anchors.txt").write_text(
        "plugins/compute_300#CONFIG_HERE -> plugins/compute_300#CONFIG_COMPUTE_HOST\n"
        "plugins/compute_300#CONFIG_THERE -> plugins/prescript_000#CONFIG_COMPUTE_INSTALL\n"
        "plugins/gone_200#CONFIG_GONE -> plugins/compute_300#CONFIG_COMPUTE_HOST\n"
    )
    record = ["-D", "plugindoc_record_anchors=1"]
    site = build_once("moved", [BIN / "sphinx-build", "-q", "-W", *record, docs, "{out}"])
    for old, new in (
        ("plugins/compute_300.html#CONFIG_HERE", "compute_300.html#CONFIG_COMPUTE_HOST"),
        ("plugins/compute_300.html#CONFIG_THERE", "prescript_000.html#CONFIG_COMPUTE_INSTALL"),
        ("plugins/gone_200.html#CONFIG_GONE", "compute_300.html#CONFIG_COMPUTE_HOST"),
    ):
        page = open_page(site, old)
        expect(page).to_have_url(re.compile(re.escape(new) + "$"))
        expect(page.locator(f"[id={new.partition('#')[2]}]")).to_be_in_viewport()


def test_paper_shows_no_buttons(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "plugins/options.html")
    page.emulate_media(media="print")
    expect(page.locator(".pd-filter")).to_be_hidden()


def test_our_own_site_documents_the_bundled_installer(bundled: Path, open_page: OpenPage) -> None:
    page = open_page(bundled, "index.html")
    page.get_by_role("link", name="Plugins").first.click()
    page.get_by_role("link", name="keystone_100").first.click()
    expect(page.locator("[id=CONFIG_KEYSTONE_INSTALL]")).to_be_visible()


def test_what_runs_on_compute_hosts_is_two_links_away(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html")
    page.get_by_role("link", name="host roles").click()
    page.locator(".pd-row").get_by_role("link", name="Compute hosts").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Compute hosts")
    line = page.locator("li", has_text="packstack::nova::compute::vmware").last
    expect(line).to_contain_text("when CONFIG_VMWARE_BACKEND is y")
