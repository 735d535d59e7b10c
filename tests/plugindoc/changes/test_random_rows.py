"""Rows of the diff between upstream's releases, drawn at random and read again by other means."""

from __future__ import annotations

import ast
import random
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import permutations
from typing import Final

import pytest

from plugindoc.changes.comparison import compare
from plugindoc.loading import load
from plugindoc.model.changes import Change
from plugindoc.model.project import Project
from plugindoc.model.values import Known
from tests.upstream import VERSIONS, release

ROWS: Final = 50
PAIRS: Final = 60
"""Pairs of releases whose rows are drawn from, of 342."""

FIELDS: Final = {
    "default": "DEFAULT_VALUE",
    "choices": "OPTION_LIST",
    "flag": "CMD_OPTION",
    "declared": "DEPRECATES",
}
KINDS: Final = {
    *(("option", kind) for kind in ("added", "removed", "renamed", "default", "choices", "flag")),
    *((thing, kind) for thing in ("plugin", "template") for kind in ("added", "removed")),
}

DEFINED: Final = re.compile(r"^\s*(?:class|define)\s+([\w:]+)", re.MULTILINE)

Row = tuple[str, str, Change]
Entry = dict[str, ast.expr]


@cache
def upstream(version: str) -> Project:
    return load(release(version))


@cache
def declared(version: str) -> dict[str, list[Entry]]:
    """Return the literal declarations of each option, read with Python's parser alone."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for path in sorted((release(version) / "packstack" / "plugins").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            entry = literal_keys(node) if isinstance(node, ast.Dict) else {}
            name = entry.get("CONF_NAME")
            if isinstance(name, ast.Constant):
                found[str(name.value)].append(entry)
    return dict(found)


def literal_keys(node: ast.Dict) -> Entry:
    pairs = zip(node.keys, node.values, strict=True)
    return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}


def field(version: str, option: str, kind: str) -> object:
    """Return a literal value of an option; ValueError where it is none or there are several."""
    found = [
        ast.literal_eval(entry[FIELDS[kind]]) if FIELDS[kind] in entry else None
        for entry in declared(version).get(option, [])
    ]
    if not found or any(each != found[0] for each in found):
        message = f"{option} in {version}: {len(found)} declarations"
        raise ValueError(message)
    return found[0]


def exists(version: str, thing: str, name: str) -> bool:
    if thing == "option":
        return name in declared(version)
    package = release(version) / "packstack"
    if thing == "plugin":
        return (package / "plugins" / f"{name}.py").is_file()
    whole = package / "puppet" / "templates" / f"{name}.pp"
    return whole.is_file() or name.replace("/", "::") in defined(version)


@cache
def defined(version: str) -> set[str]:
    """Return the classes and defined types of a release, wherever they stand."""
    folder = release(version) / "packstack" / "puppet" / "modules"
    texts = [path.read_text("utf-8") for path in sorted(folder.rglob("*.pp"))]
    return {name for text in texts for name in DEFINED.findall(text)}


def came_and_went(old: str, new: str, change: Change) -> bool:
    """Return whether the trees agree that a thing was added, removed or renamed."""
    went = change.name if change.kind == "removed" else change.old_name
    came = "" if change.kind == "removed" else change.name
    return only_in(old, new, change.thing, went) and only_in(new, old, change.thing, came)


def only_in(version: str, other: str, thing: str, name: str) -> bool:
    return not name or (exists(version, thing, name) and not exists(other, thing, name))


def agrees(row: Row) -> bool:
    """Return whether the two trees say what a row says; ValueError where that is not decided."""
    old, new, change = row
    if change.kind in {"added", "removed"}:
        return came_and_went(old, new, change)
    if change.kind == "renamed":
        return came_and_went(old, new, change) and (
            change.rename != "declared" or change.old_name in names(new, change.name)
        )
    before = field(old, change.old_name or change.name, change.kind)
    after = field(new, change.name, change.kind)
    return before != after and says(change.old, before) and says(change.new, after)


def names(version: str, option: str) -> list[str]:
    found = field(version, option, "declared")
    return [str(each) for each in found] if isinstance(found, list | tuple) else []


def says(told: object, read: object) -> bool:
    """Return whether the diff tells a value; a secret it does not tell."""
    value = told.value if isinstance(told, Known) else told
    if isinstance(read, list | tuple) and isinstance(value, list | tuple):
        return [str(each) for each in read] == [str(each) for each in value]
    return value is None or str(value) == str(read)


def drawn(chance: random.Random) -> list[Row]:
    """Return rows in random order, those of rare kinds as likely first as those of common ones."""
    pools: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for old, new in chance.sample([*permutations(VERSIONS, 2)], PAIRS):
        for change in compare(upstream(old), upstream(new)).changes:
            if (change.thing, change.kind) in KINDS:
                pools[change.thing, change.kind].append((old, new, change))
    rows = []
    while pools:
        kind = chance.choice(sorted(pools))
        rows.append(pools[kind].pop(chance.randrange(len(pools[kind]))))
        if not pools[kind]:
            del pools[kind]
    return rows


def verify(seed: int) -> tuple[Counter[str], list[str]]:
    """Check rows until enough were decided; return how many of which kind, and the wrong ones."""
    counts: Counter[str] = Counter()
    wrong = []
    chance = random.Random(seed)  # noqa: S311 - it protects nothing
    for row in drawn(chance):
        old, new, change = row
        try:
            right = agrees(row)
        except ValueError:
            counts["undecided"] += 1
            continue
        counts[f"{change.thing}-{change.kind}"] += 1
        if not right:
            wrong.append(f"{old} to {new}: {change.message}")
        if counts.total() - counts["undecided"] == ROWS:
            break
    return counts, wrong


@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:.*invalid escape sequence")  # of upstream
def test_random_rows_of_the_diff_stand_in_the_two_trees() -> None:
    counts, wrong = verify(17)
    assert [] == wrong
    assert ROWS == counts.total() - counts["undecided"], counts
