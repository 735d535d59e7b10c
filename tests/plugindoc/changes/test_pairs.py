"""Pairs of small installers, and what a maintainer has to hear about each."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.changes.change import Change
from plugindoc.changes.comparison import compare
from plugindoc.loading import load
from tests.plugindoc.checking.installers import plugin, port
from tests.trees import write_tree

PLUGIN = "example/plugins/example_100.py"

PORT = "CONFIG_EXAMPLE_PORT"
HOST = "CONFIG_EXAMPLE_HOST"
GATE = "CONFIG_EXAMPLE_INSTALL"


def other(name: str, **more: object) -> str:
    """Return an option that nothing takes for another one."""
    flag = name.lower().removeprefix("config_")
    texts = {"CMD_OPTION": flag, "USAGE": f"Text of {name} alone.", "PROMPT": f"About {flag}"}
    return port(name, **{**texts, **more})


def with_code(option: str, **fields: str) -> str:
    """Return an option with fields whose values are code."""
    rows = "".join(f', "{name}": {code}' for name, code in fields.items())
    return f"{option[:-1]}{rows}}}"


def refusing(condition: str) -> str:
    """Return a validator that refuses some values."""
    return f"\n\ndef fine(value, choices):\n    if {condition}:\n        raise ValueError(value)\n"


def making(result: str) -> str:
    """Return a processor with a result."""
    return f"\n\ndef made(value, name, config):\n    return {result}\n"


def changes(tmp_path: Path, old: str, new: str, path: str = PLUGIN) -> tuple[Change, ...]:
    before, after = (
        load(write_tree(tmp_path / side, {path: text}))
        for side, text in (("old", old), ("new", new))
    )
    return compare(before, after).changes


def said(found: tuple[Change, ...]) -> list[str]:
    return [f"{each.impact} {each.id}" for each in found if each.kind not in {"prompt", "usage"}]


ONE = other("CONFIG_ONE", DEFAULT_VALUE="1")
TWO = other("CONFIG_TWO", DEFAULT_VALUE="2")

PAIRS: dict[str, tuple[str, str, list[str]]] = {
    "a former name is dropped": (
        plugin(port(DEPRECATES=["CONFIG_OLD"])),
        plugin(port()),
        [f"breaking option-former-names:{PORT}"],
    ),
    "a former name is added": (
        plugin(port()),
        plugin(port(DEPRECATES=["CONFIG_OLD"])),
        [f"notable option-former-names:{PORT}"],
    ),
    "a chain of renames forgets the first name": (
        plugin(port(DEPRECATES=["CONFIG_OLD"])),
        plugin(port("CONFIG_NEW", CMD_OPTION="example-port", DEPRECATES=[PORT])),
        ["breaking option-former-names:CONFIG_NEW", "notable option-renamed:CONFIG_NEW"],
    ),
    "a chain of renames keeps all names": (
        plugin(port(DEPRECATES=["CONFIG_OLD"])),
        plugin(port("CONFIG_NEW", CMD_OPTION="example-port", DEPRECATES=[PORT, "CONFIG_OLD"])),
        ["notable option-renamed:CONFIG_NEW"],
    ),
    "a former name leads to another option": (
        plugin(other("CONFIG_ONE", DEPRECATES=["CONFIG_OLD"]), TWO),
        plugin(
            other("CONFIG_ONE"), other("CONFIG_TWO", DEFAULT_VALUE="2", DEPRECATES=["CONFIG_OLD"])
        ),
        ["breaking option-former-names:CONFIG_ONE", "notable option-former-names:CONFIG_TWO"],
    ),
    "a former name becomes an option": (
        plugin(other("CONFIG_ONE", DEPRECATES=["CONFIG_OLD"])),
        plugin(other("CONFIG_ONE"), other("CONFIG_OLD")),
        ["breaking option-former-names:CONFIG_ONE", "notable option-added:CONFIG_OLD"],
    ),
    "two options name each other": (
        plugin(ONE, TWO),
        plugin(
            other("CONFIG_ONE", DEFAULT_VALUE="1", DEPRECATES=["CONFIG_TWO"]),
            other("CONFIG_TWO", DEFAULT_VALUE="2", DEPRECATES=["CONFIG_ONE"]),
        ),
        ["notable option-former-names:CONFIG_ONE", "notable option-former-names:CONFIG_TWO"],
    ),
    "two options with the same default become one": (
        plugin(ONE, other("CONFIG_TWO", DEFAULT_VALUE="1")),
        plugin(
            other(
                "CONFIG_BOTH",
                CMD_OPTION="one",
                DEFAULT_VALUE="1",
                DEPRECATES=["CONFIG_ONE", "CONFIG_TWO"],
            )
        ),
        ["notable option-renamed:CONFIG_BOTH", "notable option-renamed:CONFIG_BOTH"],
    ),
    "two options with different defaults become one": (
        plugin(ONE, TWO),
        plugin(
            other(
                "CONFIG_BOTH",
                CMD_OPTION="one",
                DEFAULT_VALUE="1",
                DEPRECATES=["CONFIG_ONE", "CONFIG_TWO"],
            )
        ),
        ["breaking option-renamed:CONFIG_BOTH", "breaking option-renamed:CONFIG_BOTH"],
    ),
    "an option becomes a part of one that was there": (
        plugin(ONE, TWO),
        plugin(other("CONFIG_ONE", DEFAULT_VALUE="1", DEPRECATES=["CONFIG_TWO"])),
        ["breaking option-renamed:CONFIG_ONE"],
    ),
    "two options swap their flags": (
        plugin(ONE, TWO),
        plugin(
            other("CONFIG_ONE", DEFAULT_VALUE="1", CMD_OPTION="two"),
            other("CONFIG_TWO", DEFAULT_VALUE="2", CMD_OPTION="one"),
        ),
        ["breaking option-flag:CONFIG_ONE", "breaking option-flag:CONFIG_TWO"],
    ),
    "a flag is removed": (
        plugin(port()),
        plugin(port(CMD_OPTION=None)),
        [f"breaking option-flag:{PORT}"],
    ),
    "an option is no longer asked for": (
        plugin(port()),
        plugin(port(USE_DEFAULT=True)),
        [f"breaking option-asking:{PORT}"],
    ),
    "an option without a flag is no longer asked for": (
        plugin(port(CMD_OPTION=None)),
        plugin(port(CMD_OPTION=None, USE_DEFAULT=True)),
        [f"notable option-asking:{PORT}"],
    ),
    "a new option refuses its own default": (
        plugin(port()),
        plugin(
            port(),
            with_code(
                other("CONFIG_ONE", DEFAULT_VALUE=""), VALIDATORS="[validators.validate_not_empty]"
            ),
        ),
        ["breaking option-added:CONFIG_ONE"],
    ),
    "a stricter validator takes the place of another": (
        plugin(with_code(port(), VALIDATORS="[validators.validate_integer]")),
        plugin(with_code(port(), VALIDATORS="[validators.validate_port]")),
        [f"breaking option-validators:{PORT}"],
    ),
    "a laxer validator takes the place of another": (
        plugin(with_code(port(), VALIDATORS="[validators.validate_port]")),
        plugin(with_code(port(), VALIDATORS="[validators.validate_integer]")),
        [f"notable option-validators:{PORT}"],
    ),
    "a validator of the plugin refuses more": (
        plugin(with_code(port(), VALIDATORS="[fine]")) + refusing("not value"),
        plugin(with_code(port(), VALIDATORS="[fine]")) + refusing("value == '8080'"),
        [f"breaking option-validators:{PORT}"],
    ),
    "a processor of the plugin returns something else": (
        plugin(with_code(port(), PROCESSORS="[made]")) + making("value"),
        plugin(with_code(port(), PROCESSORS="[made]")) + making("value + '/tcp'"),
        [f"notable option-processors:{PORT}"],
    ),
    "a user may no longer insist on an answer": (
        plugin(with_code(port(LOOSE_VALIDATION=True), VALIDATORS="[validators.validate_port]")),
        plugin(with_code(port(), VALIDATORS="[validators.validate_port]")),
        [f"notable option-looseness:{PORT}"],
    ),
    "a pattern changes": (
        plugin(
            with_code(port(OPTION_LIST=["^[0-9]+$"]), VALIDATORS="[validators.validate_regexp]")
        ),
        plugin(
            with_code(port(OPTION_LIST=["^[0-8]+$"]), VALIDATORS="[validators.validate_regexp]")
        ),
        [f"breaking option-choices:{PORT}"],
    ),
    "what is computed may be anything": (
        plugin(with_code(port(DEPRECATES=["CONFIG_OLD"]), VALIDATORS="[]", PROCESSORS="[]")),
        plugin(
            with_code(
                port(CMD_OPTION=None),
                CMD_OPTION="unknown()",
                DEPRECATES="unknown()",
                VALIDATORS="unknown()",
                PROCESSORS="unknown()",
            )
        ),
        [
            f"notable option-flag:{PORT}",
            f"notable option-validators:{PORT}",
            f"notable option-processors:{PORT}",
            f"notable option-former-names:{PORT}",
        ],
    ),
    "looseness without validators has no effect": (
        plugin(port(LOOSE_VALIDATION=True)),
        plugin(port()),
        [],
    ),
    "absent, false and nothing are the same": (
        plugin(port()),
        plugin(port(MASK_INPUT=False, NEED_CONFIRM=False, OPTION_LIST=[], VALIDATORS=[])),
        [],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_changes_is_told_with_its_impact(name: str, tmp_path: Path) -> None:
    old, new, expected = PAIRS[name]
    assert expected == said(changes(tmp_path, old, new))


def test_an_old_flag_that_sets_another_option_is_told(tmp_path: Path) -> None:
    old, new, _ = PAIRS["two options swap their flags"]
    assert [
        "Write --two in scripts: --one sets CONFIG_TWO now.",
        "Write --one in scripts: --two sets CONFIG_ONE now.",
    ] == [change.hint for change in changes(tmp_path, old, new)][:2]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("integer", "port", "'70000' and '-1' are refused now"),
        ("multi_ip", "ip", "'192.0.2.1,192.0.2.2' and '192.0.2.0/24' are refused now"),
        ("multi_options", "options", "'8080,9090' is refused now"),
        ("ssh", "options", ""),
        ("not_empty", "options", "'8080,9090' and other text are refused now"),
    ],
)
def test_a_validator_is_told_with_answers_that_it_refuses(
    before: str, after: str, expected: str, tmp_path: Path
) -> None:
    old, new = (
        plugin(
            with_code(
                port(OPTION_LIST=["8080", "9090"]), VALIDATORS=f"[validators.validate_{name}]"
            )
        )
        for name in (before, after)
    )
    (change,) = changes(tmp_path, old, new)
    told = f": {expected}" if expected else ""
    assert f"Check the answer to {PORT}{told}." == change.hint


def test_a_new_option_that_takes_the_answer_of_another_says_so(tmp_path: Path) -> None:
    new = plugin(ONE, other("CONFIG_TWO", DEFAULT_VALUE="2", DEPRECATES=["CONFIG_ONE"]))
    (change,) = changes(tmp_path, plugin(ONE), new)
    assert (
        "CONFIG_TWO is new; it takes the answer to CONFIG_ONE where it has none of its own."
        == change.message
    )


def test_a_secret_is_told_neither_by_its_validators_nor_by_its_processors(tmp_path: Path) -> None:
    secret = other("CONFIG_PW", DEFAULT_VALUE="hunter2", MASK_INPUT=True)
    text = plugin(with_code(secret, VALIDATORS="[fine]", PROCESSORS="[made]"))
    old = text + refusing("not value") + making("value")
    for name, code in (
        ("validator", refusing("value == 'hunter2'") + making("value")),
        ("processor", refusing("not value") + making("value + 'x'")),
    ):
        found = changes(tmp_path / name, old, text + code)
        assert found
        assert "hunter2" not in repr(found)


def gated(choices: tuple[str, str], value: str, more: str = "") -> str:
    """Return a plugin whose second group applies where its first option has an answer."""
    gate = with_code(
        other(GATE, OPTION_LIST=list(choices), DEFAULT_VALUE=choices[0]),
        VALIDATORS="[validators.validate_options]",
    )
    second = (
        f'controller.addGroup({{"GROUP_NAME": "SECOND", "DESCRIPTION": "Second", '
        f'"PRE_CONDITION": "{GATE}", "PRE_CONDITION_MATCH": "{value}"}}, [{port()}])'
    )
    text = plugin(gate)
    return text.replace("\n\n\ndef initSequences", f"\n    {second}\n\n\ndef initSequences") + more


def test_choices_with_new_names_are_the_same_in_conditions(tmp_path: Path) -> None:
    told = f'\n\nVALUE_CHANGES = {{"{GATE}": {{"y": "yes", "n": "no"}}}}\n'
    found = changes(tmp_path, gated(("y", "n"), "y"), gated(("yes", "no"), "yes", told))
    assert [f"breaking option-default:{GATE}", f"breaking option-choices:{GATE}"] == said(found)


def test_choices_that_only_look_renamed_are_others(tmp_path: Path) -> None:
    found = changes(tmp_path, gated(("y", "n"), "y"), gated(("yes", "no"), "yes"))
    assert f"breaking option-condition:{PORT}" in said(found)


def test_a_refusal_is_not_told_again_of_the_sequence_behind_it(tmp_path: Path) -> None:
    refusal = f'if controller.CONF["{PORT}"] == "22":\n        raise RuntimeError("It has SSH")'
    new = plugin(port()).replace("    steps = [", f"    {refusal}\n    steps = [")
    found = changes(tmp_path, plugin(port()), new)
    assert ["breaking constraint-added:It has SSH"] == said(found)


def test_a_template_with_another_name_is_recognised_by_what_it_reads(tmp_path: Path) -> None:
    text = f"$a = hiera('{PORT}')\n$b = hiera('{HOST}')\n"
    sides = []
    for side, name in (("old", "one"), ("new", "two")):
        files = {PLUGIN: plugin(port(), other(HOST)), f"example/puppet/templates/{name}.pp": text}
        sides.append(load(write_tree(tmp_path / side, files)))
    (change,) = compare(*sides).changes
    assert ("notable template-renamed:two", "one") == (
        f"{change.impact} {change.id}",
        change.old_name,
    )
