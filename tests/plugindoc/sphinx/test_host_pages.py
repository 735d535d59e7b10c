"""Pages of hosts: what reaches which, when, and the ways there."""

from __future__ import annotations

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite, Site
from tests.plugindoc.sphinx.installers import CLOUD

HOSTS = '''
"""Sends work to hosts."""

from cloud.modules.ospluginutils import create_manifest
from cloud.modules.shell import ScriptRunner


def initConfig(controller):
    params = [
        {"CMD_OPTION": "api-host", "USAGE": "Host of the API.", "PROMPT": "API host",
         "OPTION_LIST": [], "DEFAULT_VALUE": "", "CONF_NAME": "CONFIG_API_HOST"},
        {"CMD_OPTION": "idle-host", "USAGE": "A host.", "PROMPT": "A host",
         "OPTION_LIST": [], "DEFAULT_VALUE": "", "CONF_NAME": "CONFIG_IDLE_HOST"},
    ]
    group = {"GROUP_NAME": "API", "DESCRIPTION": "API options", "PRE_CONDITION": False,
             "PRE_CONDITION_MATCH": False, "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(group, params)


def initSequences(controller):
    steps = [{"title": "Starting the API", "functions": [start]},
             {"title": "Tidying up", "functions": [tidy]}]
    controller.addSequence("Installing the API", [], [], steps)


def start(config, messages):
    if config["CONFIG_COMPUTE_INSTALL"] == "y":
        server = ScriptRunner(config["CONFIG_API_HOST"])
        server.append("systemctl start api")
        server.execute()


def tidy(config, messages):
    for host in filtered_hosts(config):
        server = ScriptRunner(host)
        server.append("rm -rf /tmp/api")
        server.execute()
'''
FILES = {**CLOUD, "cloud/plugins/api_400.py": HOSTS}


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """Return a site of an installer that works on hosts."""
    made = make_site(files=FILES)
    made.build("text")
    return made


def page(site: Site, name: str) -> str:
    return (site.folder / "text" / "plugins" / "hosts" / f"{name}.txt").read_text()


def test_a_page_lists_the_steps_that_reach_its_hosts_with_their_conditions(site: Site) -> None:
    text = page(site, "CONFIG_API_HOST")
    assert text.startswith("API host\n")
    assert '**Starting the API** "api_400" when "CONFIG_COMPUTE_INSTALL" is "y"' in text
    assert "runs 1 command" in text


def test_steps_whose_hosts_code_chooses_are_told_apart(site: Site) -> None:
    chosen = page(site, "CONFIG_API_HOST").partition("On hosts that the code chooses")[2]
    assert 'Tidying up on "each host of filtered_hosts(config)"' in chosen
    assert "Tidying up" in page(site, "index")


def test_only_options_that_a_step_works_on_are_roles(site: Site) -> None:
    assert not (site.source / "plugins" / "hosts" / "CONFIG_IDLE_HOST.md").exists()


def test_a_steps_card_and_the_index_lead_to_the_page(site: Site) -> None:
    out = site.build()
    step, index = "plugins/api_400.html", "plugins/index.html"
    assert 'href="hosts/CONFIG_API_HOST.html"' in (out / step).read_text()
    assert 'href="hosts/index.html"' in (out / index).read_text()


def test_an_installer_without_hosts_has_no_such_pages(make_site: MakeSite) -> None:
    made = make_site()
    made.build()
    assert not (made.source / "plugins" / "hosts").exists()


def test_an_option_that_names_no_hosts_is_a_warning(make_site: MakeSite) -> None:
    made = make_site(files=FILES, index="# X\n\n```{plugin:hosts} CONFIG_IDLE_HOST\n```\n")
    made.build()
    assert "CONFIG_IDLE_HOST names no hosts that a step works on in cloud" in made.warnings
