"""Values, conditions and texts in words, as cards and walkthroughs say them."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Opaque,
    any_of,
    negate,
)
from plugindoc.model.project import Run
from plugindoc.model.values import (
    Alternatives,
    Branch,
    Dynamic,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Value,
)
from plugindoc.rendering.blocks import Block, Bullets, Paragraph, ThingLink, WebLink, plain_text
from plugindoc.rendering.guards import guarded
from plugindoc.rendering.texts import (
    condition_parts,
    docstring_parts,
    first_sentence,
    run_parts,
    text_parts,
    value_parts,
)
from plugindoc.rendering.walkthrough.condition_answers import answers_for

NOVA = Compare("CONFIG_NOVA_INSTALL", "==", "y")
HOSTS = Compare("CONFIG_HOSTS", "contains", "a")
HERE = Dynamic("socket.gethostname()", "a call")


def link_to(word: str) -> ThingLink | None:
    return ThingLink("option", word) if word.startswith("CONFIG_") else None


def lines(blocks: tuple[Block, ...], depth: int = 0) -> list[str]:
    """Return paragraphs and lists as indented lines."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append("  " * depth + plain_text(block.parts))
        elif isinstance(block, Bullets):
            found += [line for item in block.items for line in lines(item, depth + 1)]
    return found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (Known(""), "empty"),
        (Known("y"), "y"),
        (Known(" y"), '" y"'),
        (Known("a\nb\tc"), "a\\nb\\tc"),
        (Known(8080), "8080"),
        (Text(("admin@", HERE)), "admin@socket.gethostname()"),
        (HERE, "socket.gethostname()"),
        (Reference("validators.validate_ip", "packstack.validators.validate_ip"), None),
        (Items((Known("a"), HERE)), "[a, socket.gethostname()]"),
        (
            Entries(((Known("a"), Known("1")), (Known("b"), HERE))),
            "{a: 1, b: socket.gethostname()}",
        ),
        (
            Alternatives((Branch(NOVA, Known("a")), Branch(negate(NOVA), Known("b")))),
            "a where CONFIG_NOVA_INSTALL is y; b where CONFIG_NOVA_INSTALL is not y",
        ),
    ],
)
def test_a_value_in_words(value: Value | None, said: str | None) -> None:
    assert (said or ("validators.validate_ip" if value else "")) == plain_text(
        value_parts(value, link_to)
    )


def test_what_only_a_run_knows_is_a_hole() -> None:
    text, hole = value_parts(Text(("admin@", HERE)), link_to)
    assert ("literal", "hole") == (text.style, hole.style)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (ALWAYS, "always"),
        (NOVA, "CONFIG_NOVA_INSTALL is y"),
        (negate(NOVA), "CONFIG_NOVA_INSTALL is not y"),
        (Not(NOVA), "not (CONFIG_NOVA_INSTALL is y)"),
        (negate(Compare("CONFIG_X", "truthy")), "CONFIG_X is not set"),
        (Compare("CONFIG_X", "truthy"), "CONFIG_X is set"),
        (Compare("CONFIG_X", "in", ["a", "b"]), "CONFIG_X is one of a, b"),
        (Compare("CONFIG_X", "==", ""), "CONFIG_X is empty"),
        (Opaque("is_leap_year()", ()), "is_leap_year()"),
        (Not(Opaque("f()", ())), "not (f())"),
        (
            AllOf((NOVA, AnyOf((HOSTS, Opaque("f()", ()))))),
            "CONFIG_NOVA_INSTALL is y and (CONFIG_HOSTS contains a or f())",
        ),
    ],
)
def test_a_condition_in_words(condition: Condition, said: str) -> None:
    assert said == plain_text(condition_parts(condition, link_to))


def test_options_in_conditions_are_links() -> None:
    assert ["CONFIG_NOVA_INSTALL"] == [
        part.text for part in condition_parts(NOVA, link_to) if part.link
    ]


def test_a_short_condition_stands_in_the_line() -> None:
    assert ["Runs"] == lines(guarded(text_parts("Runs", link_to), ALWAYS, link_to))
    assert ["Runs when CONFIG_NOVA_INSTALL is y"] == lines(
        guarded(text_parts("Runs", link_to), NOVA, link_to)
    )


def test_a_long_condition_is_a_list() -> None:
    hosts = any_of(Compare("CONFIG_HOST", "==", name) for name in "abcde")
    condition = AllOf((NOVA, AnyOf((Opaque("f()", ()), AllOf((HOSTS, Not(hosts)))))))
    assert [
        "Runs when all of these hold:",
        "  CONFIG_NOVA_INSTALL is y",
        "  any of these holds:",
    ] == lines(guarded(text_parts("Runs", link_to), condition, link_to))[:3]


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        (NOVA, {"CONFIG_NOVA_INSTALL": "y"}),
        (HOSTS, {"CONFIG_HOSTS": "a"}),
        (Compare("CONFIG_X", "in", ["a", "b"]), {"CONFIG_X": "a"}),
        (Compare("CONFIG_X", "!=", "n"), {"CONFIG_X": "y"}),
        (AllOf((NOVA, HOSTS)), {"CONFIG_NOVA_INSTALL": "y", "CONFIG_HOSTS": "a"}),
        (AnyOf((Opaque("f()", ()), HOSTS)), {"CONFIG_HOSTS": "a"}),
        (AllOf((NOVA, Not(NOVA))), {}),
        (Opaque("f()", ()), {}),
        (Compare("CONFIG_X", "truthy"), {}),
    ],
)
def test_the_answers_that_make_a_condition_hold(
    condition: Condition, answers: dict[str, str]
) -> None:
    assert answers == answers_for(condition)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("One, e.g. this.\n Still one? Two", "One, e.g. this."),
        ("word " * 60, ("word " * 39 + "word …")),
        ("", ""),
    ],
)
def test_the_first_sentence(text: str, first: str) -> None:
    assert first == first_sentence(text)


def test_texts_link_options_and_addresses() -> None:
    parts = text_parts("See CONFIG_A at https://example.org/a, or NO_OPTION.", link_to)
    assert [("CONFIG_A", ThingLink), ("https://example.org/a", WebLink)] == [
        (part.text, type(part.link)) for part in parts if part.link
    ]


def test_backquoted_words_of_a_docstring_are_literal() -> None:
    parts = docstring_parts("Calls ``f`` and `g`.", link_to)
    assert ["f", "g"] == [part.text for part in parts if "literal" == part.style]


@pytest.mark.parametrize(
    ("target", "links"),
    [
        ("https://example.org", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("https://example.org/\u202e", False),
    ],
)
def test_links_of_usage_documents(target: str, *, links: bool) -> None:
    (part,) = run_parts((Run(style="link", text="here", target=target),), link_to)
    assert links == (part.link is not None)
