"""Usage texts out of a document: whole, in place, and the same with and without docutils."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docutils.utils.urischemes import schemes
from hypothesis import given, settings
from hypothesis import strategies as st

from plugindoc.loading import load
from plugindoc.model.project import Project, Run
from plugindoc.model.values import Known
from plugindoc.reading import usage_texts
from plugindoc.reading.usage_blocks import read_entries
from plugindoc.reading.usage_runs import SCHEMES, read_runs
from tests.plugindoc.conftest import Read
from tests.trees import write_tree
from tests.upstream import release

DOCUMENT = """\
=====
Title
=====

SYNOPSIS
========

A command.

OPTIONS
=======

First part
----------

**CONFIG_A**
    See https://example.com/a for more. ['y', 'n']

**CONFIG_B**
    Two lines
    of text.

    A second paragraph.

**CONFIG_A**
    Said again.

Second part
-----------

**CONFIG_C**
    ``literal`` first, then *emphasis*.
"""
PLUGIN = """
from modules.documentation import update_params_usage

def initConfig(controller):
    params = {"G": [{"CONF_NAME": n, "USAGE": "inline"} for n in
                    ("CONFIG_A", "CONFIG_B", "CONFIG_C", "CONFIG_D")]}
    update_params_usage("packstack.rst", params)
    controller.addGroup({"GROUP_NAME": "G"}, params["G"])
"""


def test_texts_come_whole_and_with_their_place(read: Read) -> None:
    project = read(PLUGIN, {"docs/packstack.rst": DOCUMENT})
    a, b, c, d = project.plugins[0].groups[0].options
    assert Known("See https://example.com/a for more. ['y', 'n']") == a.usage
    assert a.usage_location is not None
    assert ("docs/packstack.rst", 16) == (a.usage_location.path, a.usage_location.line)
    assert Known("Two lines of text.") == b.usage
    assert Known("literal first, then emphasis.") == c.usage
    assert Known("inline") == d.usage
    (document,) = project.usage_documents
    shown = {(e.name, e.first): (e.section, e.shown) for e in document.entries}
    assert ("First part", "See ") == shown["CONFIG_A", True]
    assert ("First part", "Said again.") == shown["CONFIG_A", False]
    assert ("Second part", "") == shown["CONFIG_C", True]
    link = document.entries[0].paragraphs[0][1]
    assert Run("https://example.com/a", style="link", target="https://example.com/a") == link
    assert 2 == len(document.entries[1].paragraphs)


WORDS = st.sampled_from(
    [
        *("word", "CONFIG_X", "a:b", "['y', 'n']", "http://e.org/x", "x@e.org", "*em*", "``lit``"),
        *("#{size}", "odd*", "`role`", "end.", "1.", "-", "--flag", "a_", "::", "(x)", "\\*esc"),
        *("é", "50%", "..", "'a@e.org'", "[a@]<b>", "<a_b>:<c>", "'https://e.org/x_y.z'.", "nfs:x"),
        *(
            "e.g:",
            "(http://e.org/)",
            "http://e.org/?q=1",
            "http://e.org/x-",
            "\\d+$",
            "* x",
            "a*b",
            "'(.*)'",
        ),
    ]
)
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map("\n    ".join)
ENTRIES = st.tuples(
    st.sampled_from(["**CONFIG_A**", "**CONFIG_B**", "**B** more", "term", "**C_D**"]),
    st.lists(PARAGRAPHS, min_size=1, max_size=3).map("\n\n    ".join),
).map(lambda entry: f"{entry[0]}\n    {entry[1]}\n")
PARTS = st.tuples(
    st.sampled_from(["Part", "Options of x", "OPTIONS"]),
    st.lists(st.one_of(ENTRIES, LINES.map("{}\n".format)), max_size=4).map("\n".join),
).map(lambda part: f"{part[0]}\n{'-' * len(part[0])}\n\n{part[1]}\n")
DOCUMENTS = st.lists(PARTS, max_size=3).map(
    lambda parts: "NAME\n====\n\ntext\n\nOPTIONS\n=======\n\n" + "\n".join(parts)
)


@settings(max_examples=200, deadline=None, database=None)
@given(DOCUMENTS)
def test_the_plain_reader_agrees_with_docutils_or_leaves_it_the_document(document: str) -> None:
    plain = usage_texts._read_plain("x.rst", document, "OPTIONS")  # noqa: SLF001 - held against the other
    if plain is not None:
        assert usage_texts.read_with_docutils("x.rst", document, "OPTIONS") == plain


def test_the_schemes_are_those_of_docutils() -> None:
    assert set(schemes) == SCHEMES


def test_upstreams_document_is_read_without_docutils() -> None:
    document = next(release("26.0.0").glob("*.data/data/share/packstack/packstack.rst"))
    entries = read_entries(document.read_text(), "OPTIONS")
    assert entries
    left = [text for one in entries for text in one.paragraphs if read_runs(text) is None]
    assert [] == left


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org/", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org/", False),
        ("data:text/html,x", False),
        ("httpx://example.org/", False),
    ],
)
def test_links_lead_to_pages_and_mail_alone(address: str, kept: bool) -> None:  # noqa: FBT001 - a parameter
    head = "NAME\n====\n\ntext\n\nOPTIONS\n=======\n\nPart\n----\n\n"
    document = f"{head}**CONFIG_A**\n    See `this <{address}>`_ now.\n"
    usage = usage_texts.read_with_docutils("x.rst", document, "OPTIONS")
    (paragraph,) = usage[0].paragraphs
    targets = [run.target for run in paragraph if run.style == "link"]
    assert targets == ([address] if kept else [])
    assert "this" in [run.text for run in paragraph]


def usage_of(tmp_path: Path, root: str, *, document: str, repository: str = "") -> Project:
    """Load an installer below `root`; its document lies in a ``share`` folder outside of that."""
    write_tree(tmp_path / root, {"packstack/__init__.py": "", "packstack/plugins/a_100.py": PLUGIN})
    write_tree(tmp_path / document, {"share/packstack/packstack.rst": DOCUMENT})
    if repository:
        (tmp_path / repository / ".git").mkdir(exist_ok=True)
    return load(tmp_path / root)


@pytest.mark.parametrize(
    ("root", "document", "repository", "is_read"),
    [
        ("usr/lib/python3/site-packages", "usr", "", True),
        ("usr/lib/python3/dist-packages", "usr", "", True),
        ("usr/lib/python3/site-packages", "usr", "usr/lib", False),
        ("usr/lib/python3/site-packages", "usr", "usr", True),
        ("repository/src", "repository", "repository", True),
        ("outside/repository/src", "outside", "outside/repository", False),
        ("outside/unpacked", "outside", "", False),
    ],
)
def test_a_document_above_the_tree_belongs_to_its_repository_or_python(
    tmp_path: Path, root: str, document: str, repository: str, *, is_read: bool
) -> None:
    project = usage_of(tmp_path, root, document=document, repository=repository)
    assert is_read == bool(project.usage_documents)
    assert ([] if is_read else ["missing"]) == [problem.kind for problem in project.problems]


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("pipe", "no regular file"),
        ("folder", "Is a directory"),
        ("link", "it is a link that leads out of"),
        ("large", "larger than 2,000,000 bytes"),
        ("latin", "it is not utf-8"),
    ],
)
def test_a_document_above_the_tree_that_cannot_be_read_is_a_problem(
    tmp_path: Path, kind: str, why: str
) -> None:
    share = tmp_path / "usr" / "share" / "packstack"
    share.mkdir(parents=True)
    file = share / "packstack.rst"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "link":
        (tmp_path / "secret").write_text(DOCUMENT)
        file.symlink_to(tmp_path / "secret")
    else:
        file.write_bytes(b"\xe9" if kind == "latin" else b"x" * 2_000_001)
    project = usage_of(tmp_path, "usr/lib/python3/site-packages", document="elsewhere")
    problem = next(each for each in project.problems if each.kind == "unreadable")
    assert problem.message.startswith(f"{file} cannot be read: {why}")
    assert () == project.usage_documents
