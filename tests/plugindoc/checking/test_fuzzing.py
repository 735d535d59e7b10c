"""Whatever stands in the files: an exit status, a line, and never a traceback."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugindoc.commands.main import plugindoc
from tests.plugindoc.checking.installers import plugin, port
from tests.trees import write_tree

SOUND = plugin(
    port(NEED_CONFIRM=True, USAGE="Port. ['1', '2']. Defaults to '3'."),
    port("CONFIG_EXAMPLE_DB_PW", OPTION_LIST=[""], CMD_OPTION="a_b"),
)
MANIFEST = "$port = lookup('CONFIG_EXAMPLE_PORT')\ninclude packstack::example\n"
DOCUMENT = "OPTIONS\n=======\n\nExample\n-------\n\n**CONFIG_EXAMPLE_PORT**\n    Port \\d.\n"
PATHS = (
    "example/plugins/example_100.py",
    "example/puppet/templates/example.pp",
    "docs/source/packstack.rst",
    "pyproject.toml",
)
PIECES = st.sampled_from(
    [
        "\0",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "{",
        "}",
        "(",
        '"',
        "'''",
        "\\",
        "\n",
        "\r",
        "\t",
        "# plugindoc: ignore[PD101]",
        "# plugindoc: ignore[",
        "%(CONFIG_X",
        "lambda config: config['CONFIG_X']",
        "[tool.plugindoc.check]\n",
        "select = ['PD1']\n",
        "**CONFIG_X**\n    ``",
        "def initConfig(controller):\n",
        "    controller.addGroup(",
        "é" * 50,
    ]
)


def run(folder: Path, *words: str) -> None:
    """Check an installer in every form, and hold what comes out against what is promised."""
    result = CliRunner().invoke(plugindoc, ["check", str(folder), "--format", "json", *words])
    assert result.exit_code in {0, 1, 2}
    assert "Traceback" not in result.output
    assert "internal error in plugindoc" not in result.output
    if result.stdout:
        for each in json.loads(result.stdout)["diagnostics"]:
            assert each["line"] >= 1
            assert each["column"] >= 1
            assert (each["line"], each["column"]) <= (each["end_line"], each["end_column"])
    else:
        assert 2 == result.exit_code
        assert 1 == len(result.stderr.splitlines())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from(PATHS),
    start=st.integers(0, 2000),
    length=st.integers(0, 300),
    piece=st.one_of(PIECES, st.text(max_size=20)),
)
def test_files_with_a_piece_cut_out_or_put_in(
    path: str, start: int, length: int, piece: str
) -> None:
    contents = dict(zip(PATHS, (SOUND, MANIFEST, DOCUMENT, ""), strict=True))
    text = contents[path]
    start %= len(text) + 1
    contents[path] = text[:start] + piece + text[start + length :]
    with tempfile.TemporaryDirectory() as name:
        files = {each: text.encode("utf-8", "surrogatepass") for each, text in contents.items()}
        write_tree(Path(name), {"example/__init__.py": "", **files})
        run(Path(name), "--fix", "--unsafe-fixes", "--extend-select", "ALL")


@settings(max_examples=40, deadline=None)
@given(content=st.binary(max_size=200), path=st.sampled_from(PATHS))
def test_files_of_random_bytes(content: bytes, path: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        write_tree(Path(name), {"example/plugins/sound_200.py": SOUND, path: content})
        run(Path(name))


@settings(max_examples=40, deadline=None)
@given(content=st.one_of(st.binary(max_size=100), st.text(max_size=100).map(str.encode)))
def test_answer_files_of_random_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        answers = b"[general]\n" + content
        write_tree(Path(name), {"example/plugins/sound_200.py": SOUND, "answers.txt": answers})
        words = ["answers", "check", str(Path(name, "answers.txt")), str(Path(name, "example"))]
        result = CliRunner().invoke(plugindoc, words)
        assert result.exit_code in {0, 1, 2}
        assert isinstance(result.exception, SystemExit | None)


@pytest.mark.parametrize("extra", ["/*" * 200, "(" * 5000, "x = [" * 3000, "a = b" + "+1" * 20000])
def test_deep_and_long_code(extra: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        plugins = Path(name) / "example" / "plugins"
        plugins.mkdir(parents=True)
        (plugins / "deep_100.py").write_text(f"{SOUND}\n{extra}\n")
        run(Path(name))
