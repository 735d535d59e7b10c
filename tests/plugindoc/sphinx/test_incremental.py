"""A build that goes on from an earlier one ends with the same files as one that starts anew."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite, Site

PLUGINS = "installer/cloud/plugins"
EDITS = 4

INDEX = """# Cloud

{plugin:option}`CONFIG_COMPUTE_HOST`, {any}`CONFIG_COMPUTE_PW`, {plugin:module}`extra_500`,
{plugin:step}`compute_300/Preparing compute entries`

```{plugin:auto} CONFIG_COMPUTE_PW
```

```{plugin:source} CONFIG_COMPUTE_HOST
```
"""

EXTRA = '''
"""Brings something extra."""

PLUGIN_NAME = "Extra"


def initConfig(controller):
    params = [{"CMD_OPTION": "compute-host", "USAGE": "The host again.", "PROMPT": "Host",
               "DEFAULT_VALUE": "h", "CONF_NAME": "CONFIG_COMPUTE_HOST"}]
    controller.addGroup({"GROUP_NAME": "EXTRA", "DESCRIPTION": "Extra",
                         "PRE_CONDITION": "CONFIG_COMPUTE_INSTALL",
                         "PRE_CONDITION_MATCH": "y"}, params)


def initSequences(controller):
    controller.addSequence("Extra", [], [], [{"title": "Reading", "functions": [read]}])


def read(config, messages):
    """Reads what others set."""
    messages.append(config["CONFIG_COMPUTE_URL"] + config["CONFIG_COMPUTE_PW"])
'''


def replaced(name: str, old: str, new: str) -> Callable[[Site], None]:
    def edit(site: Site) -> None:
        for file in (site.folder / PLUGINS).glob(f"*{name}"):
            text = file.read_text()
            file.write_text(text.replace(old, new) if old in text else text.replace(new, old))

    return edit


def toggled(path: str, text: str) -> Callable[[Site], None]:
    def edit(site: Site) -> None:
        file = site.folder / path
        if file.exists():
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    return edit


def renamed(site: Site) -> None:
    folder = site.folder / PLUGINS
    names = (folder / "compute_300.py", folder / "computing_310.py")
    old, new = names if names[0].exists() else names[::-1]
    old.rename(new)


ALL_EDITS: tuple[Callable[[Site], None], ...] = (
    replaced("_3?0.py", "Password of the compute service", "Secret of the service"),
    replaced("_3?0.py", "CONFIG_COMPUTE_HOST", "CONFIG_COMPUTE_NODE"),
    replaced("_3?0.py", "Preparing compute entries", "Making compute ready"),
    replaced("_3?0.py", '"CONFIG_COMPUTE_URL"', '"CONFIG_COMPUTE_ADDRESS"'),
    replaced("_3?0.py", '"DEPRECATES": ["CONFIG_NOVA_PW"],', ""),
    replaced("_000.py", "Asks what every run needs.", "\n\nAsks, further down,\nfor all."),
    replaced("_000.py", 'PLUGIN_NAME = "Prescript"', 'PLUGIN_NAME = "First"'),
    toggled(f"{PLUGINS}/extra_500.py", EXTRA),
    toggled(f"{PLUGINS}/another_250.py", EXTRA.replace("EXTRA", "MORE")),
    toggled("installer/cloud/puppet/templates/web.pp", "$x = hiera('CONFIG_COMPUTE_PW')\n"),
    renamed,
)


def test_each_edit_alone(make_site: MakeSite) -> None:
    site = make_site(INDEX)
    site.build()
    for number, edit in enumerate(ALL_EDITS):
        edit(site)
        same_as_anew(site, f"edit {number}")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("theme", ["basic", "furo"])
def test_edits_at_random(make_site: MakeSite, seed: int, theme: str) -> None:
    chosen = random.Random(f"{seed} {theme}")  # noqa: S311 - no secret
    site = make_site(INDEX, html_theme=theme)
    site.build()
    done = []
    for _ in range(EDITS):
        for number in chosen.sample(range(len(ALL_EDITS)), k=chosen.randint(1, 3)):
            ALL_EDITS[number](site)
            done.append(number)
        same_as_anew(site, f"edits {done}")


def same_as_anew(site: Site, done: str) -> None:
    went_on = files_of(site.build())
    for name in ("html", "doctrees"):
        (site.folder / name).rename(site.folder / f"kept-{name}")
    anew = files_of(site.build())
    for name in ("html", "doctrees"):
        shutil.rmtree(site.folder / name)
        (site.folder / f"kept-{name}").rename(site.folder / name)
    assert anew.keys() == went_on.keys(), done
    assert [] == [name for name in anew if anew[name] != went_on[name]], done


def files_of(folder: Path) -> dict[str, object]:
    files = {str(f.relative_to(folder)): f for f in folder.rglob("*") if f.is_file()}
    found: dict[str, object] = {name: file.read_bytes() for name, file in sorted(files.items())}
    text = files["searchindex.js"].read_text().removeprefix("Search.setIndex(").removesuffix(")")
    index = json.loads(text)
    del index["indexentries"]  # Sphinx forgets those of pages that it does not write again
    for table in ("terms", "titleterms"):  # and keeps words of which it has forgotten the pages
        index[table] = {word: pages for word, pages in index[table].items() if pages != []}
    found["searchindex.js"] = index
    return found
