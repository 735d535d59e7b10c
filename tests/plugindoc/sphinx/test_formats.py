"""Formats other than HTML: well-formed, without links out of a book, and with texts as texts."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import CLOUD, HOSTILE_NAMES, hostile

PLUGIN = CLOUD["cloud/plugins/prescript_000.py"]
HOSTILE = hostile(names=True)
BOOK = {"version": "1", "copyright": "Cloud"}
INSTALLERS = pytest.mark.parametrize(
    "files", [CLOUD, hostile(names=True)], ids=["usual", "hostile"]
)


def named_badly(files: dict[str, str]) -> dict[str, str]:
    if files is CLOUD:
        return files
    return {**files, **{f"cloud/plugins/{name}.py": PLUGIN for name in HOSTILE_NAMES}}


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


@INSTALLERS
def test_every_page_of_a_book_is_well_formed_and_links_into_it(
    make_site: MakeSite, files: dict[str, str]
) -> None:
    site = make_site(files=named_badly(files), **BOOK)
    out = site.build("epub")
    assert "[plugindoc.failed]" not in site.warnings
    pages = {str(page.relative_to(out)): ET.parse(page) for page in out.rglob("*.xhtml")}  # noqa: S314 - our own
    assert len(pages) > 10
    ids = {
        name: {node.get("id") for node in tree.iter() if node.get("id")}
        for name, tree in pages.items()
    }
    for name, tree in pages.items():
        for node in tree.iter():
            assert local(node.tag) not in {"script", "form", "input", "button", "svg"}, name
            assert not [key for key in node.attrib if key.startswith("on")], name
            target = node.get("href", "")
            if local(node.tag) != "a" or re.match("https?:", target):
                continue
            page, _, fragment = target.partition("#")
            document = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(page)))
            leads_to = name if not page else document
            assert leads_to in pages or "_downloads" in leads_to, (name, target)
            assert not fragment or fragment in ids[leads_to], (name, target)


@INSTALLERS
def test_xml_is_well_formed(make_site: MakeSite, files: dict[str, str]) -> None:
    out = make_site(files=named_badly(files)).build("xml")
    names = [local(ET.parse(page).getroot().tag) for page in out.rglob("*.xml")]  # noqa: S314 - our own
    assert {"document"} == set(names)
    assert len(names) > 10


@pytest.mark.parametrize(
    ("builder", "pattern", "command"),
    [
        ("man", "*.[0-9]", r"^[.'](so|sy|pso|open|opena|mso|cf|trf|pi)\b"),
        ("texinfo", "*.texi", r"(?<!@)@(include|verbatiminclude)\b"),
        ("latex", "*.tex", r"(?<!\\textbackslash\{\})\\(input|write18|include)\{(?!sphinx)"),
    ],
)
def test_no_text_is_a_command_of_a_typesetter(
    make_site: MakeSite, builder: str, pattern: str, command: str
) -> None:
    site = make_site(files=named_badly(HOSTILE))
    pages = [f"plugins/{name}" for name in ("compute_300", "run-order", "options")]
    toctree = "\n".join(
        ("```{toctree}", "plugins/index", *pages, "walkthroughs/compute_300", "```")
    )
    (site.source / "index.md").write_text(f"# Cloud\n\n{toctree}\n")
    out = site.build(builder, suppress_warnings=["toc"])
    (made,) = (file for file in out.glob(pattern) if file.suffix not in {".cls", ".sty"})
    text = made.read_text(encoding="utf-8")
    assert "/etc/passwd" in text
    assert [] == re.findall(command, text, re.MULTILINE)


@pytest.mark.parametrize("lines", [1, 499, 500, 501, 1700])
def test_long_code_is_framed_in_parts_that_tex_can_measure(make_site: MakeSite, lines: int) -> None:
    code = "".join(f"    # line {number}\n" for number in range(lines))
    plugin = PLUGIN.replace(
        "def initSequences(controller):\n", f"def initSequences(controller):\n{code}"
    )
    index = "# Cloud\n\n```{plugin:source} prescript_000\n```\n"
    site = make_site(index, files={**CLOUD, "cloud/plugins/prescript_000.py": plugin})
    tex = next(site.build("latex").glob("*.tex")).read_text()
    frames = re.findall(r"\\begin\{sphinxVerbatim\}.*?\\end\{sphinxVerbatim\}", tex, re.DOTALL)
    assert max(frame.count("\n") for frame in frames) < 510
    assert f"line {lines - 1}" in tex


def test_latex_nests_as_many_lists_as_a_site_says(make_site: MakeSite) -> None:
    tex = next(make_site().build("latex").glob("*.tex")).read_text()
    assert "maxlistdepth=20" in tex
    site = make_site(latex_elements={"maxlistdepth": "9"})
    assert "maxlistdepth=9" in next(site.build("latex").glob("*.tex")).read_text()
