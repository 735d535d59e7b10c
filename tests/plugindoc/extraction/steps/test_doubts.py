"""What is called unused or undeclared really is: compared with a search in upstream's text."""

import re
from collections import Counter
from functools import cache

import pytest

from plugindoc.loading import load
from plugindoc.model.questions import Questions
from tests.upstream import PINS, release


@cache
def asked(version: str) -> Questions:
    return Questions(load(release(version)))


def texts(version: str) -> str:
    folder = release(version) / "packstack"
    files = [*folder.rglob("*.py"), *folder.rglob("*.pp")]
    return "\n".join(re.sub(r"(?m)^\s*#.*$", "", path.read_text("utf-8")) for path in files)


@cache
def words_in(version: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", texts(version)))


@pytest.mark.parametrize("version", sorted(PINS))
def test_an_option_is_never_read_where_its_name_stands_only_in_its_declaration(
    version: str,
) -> None:
    questions = asked(version)
    counts = words_in(version)
    alone = {option.name for option in questions.options if counts[option.name] == 1}
    unread = {doubt.key for doubt in questions.never_read}

    assert unread <= alone
    assert all(  # the others that stand alone are read by a pattern
        any(place.use.pattern for place in questions.read_by(name)) for name in alone - unread
    )
    assert all(doubt.certain for doubt in questions.never_read)


@pytest.mark.parametrize("version", sorted(PINS))
def test_an_undeclared_key_is_nowhere_declared_or_set(version: str) -> None:
    questions = asked(version)
    text = texts(version)

    assert {"CONFIG_RH_PROXY_PASSWORD", "RESOURCES"} == {
        doubt.key for doubt in questions.undeclared_reads
    }
    for doubt in questions.undeclared_reads:
        assert not re.search(rf"CONF_NAME\W+{doubt.key}\b", text)
        assert not re.search(rf"\[.{doubt.key}.\]\s*=[^=]", text)


@pytest.mark.parametrize("version", sorted(PINS))
def test_facts_that_nothing_reads_are_only_set(version: str) -> None:
    counts = words_in(version)

    for doubt in asked(version).facts_never_read:
        assert counts[doubt.key] == len({str(place.use.location) for place in doubt.places})


@pytest.mark.parametrize("version", sorted(PINS))
def test_upstream_reads_no_fact_before_it_is_set(version: str) -> None:
    assert () == asked(version).read_before_set
