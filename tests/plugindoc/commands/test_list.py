"""`plugindoc list` filters as the lists of a site do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from plugindoc.rendering.blocks import Part, Row
from plugindoc.rendering.filtering import better_words, fitting
from tests.upstream import release

ROWS = (
    Row(
        (Part("CONFIG_NET_AGENT"),), note=(Part("when CONFIG_NET is y"),), depends=("CONFIG_NET=y",)
    ),
    Row((Part("CONFIG_NET"),), summary=(Part("Whether there is a network."),), search="--net-on"),
    Row((Part("CONFIG_SUBNET"),), summary=(Part("[red]An agent[/red] asks."),)),
    Row((Part("CONFIG_OTHER"),), depends=("CONFIG_NET", "CONFIG_A=x")),
)


def names(rows: list[Row]) -> list[str]:
    return [row.title[0].text.removeprefix("CONFIG_") for row in rows]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["NET_AGENT", "NET", "SUBNET", "OTHER"]),
        ("net", ["NET_AGENT", "NET", "SUBNET"]),
        ("NetAgent", ["NET_AGENT"]),
        ("agent", ["NET_AGENT", "SUBNET"]),
        ("--net-on", ["NET"]),
        ("CONFIG_NET", ["NET_AGENT", "NET"]),
        ("CONFIG_*NET", ["NET", "SUBNET"]),
        ("*[", []),
        ("net whether", ["NET"]),
        ("nothing", []),
    ],
)
def test_words_are_found_in_names_then_texts_then_conditions(words: str, found: list[str]) -> None:
    assert found == names(fitting(ROWS, words.split()))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("CONFIG_NET", ["NET_AGENT", "OTHER"]),
        ("net", ["NET_AGENT", "OTHER"]),
        ("CONFIG_NET=y", ["NET_AGENT", "OTHER"]),
        ("config_net=n", ["OTHER"]),
        ("CONFIG_A=x", ["OTHER"]),
        ("CONFIG_A=y", []),
    ],
)
def test_what_an_answer_decides_is_left(answer: str, found: list[str]) -> None:
    assert found == names(fitting(ROWS, (), answer))


@pytest.mark.parametrize(
    ("words", "better"), [("agnet", "agent"), ("net agnet", "net agent"), ("zzz", ""), ("net", "")]
)
def test_a_word_that_is_nowhere_is_corrected(words: str, better: str) -> None:
    assert better == better_words(ROWS, words.split())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plugindoc, ["list", "--path", str(release("26.0.0")), *arguments])


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("L2AGENT",), "CONFIG_NEUTRON_L2_AGENT"),
        (("--depends-on", "CONFIG_CINDER_BACKEND=nfs"), "CONFIG_CINDER_NFS_MOUNTS"),
        (("--kind", "plugin", "nova"), "Nova"),
        (("--kind", "step", "--depends-on", "CONFIG_NOVA_INSTALL=y"), "Preparing Nova API entries"),
        (("--kind", "template", "keystone"), "packstack/keystone"),
    ],
)
def test_things_of_every_kind_are_listed(arguments: tuple[str, ...], first: str) -> None:
    result = run(*arguments)
    assert 0 == result.exit_code
    assert result.stdout.startswith(first)


def test_nothing_that_fits_is_exit_status_one_with_a_suggestion() -> None:
    result = run("neutorn")
    assert (1, "") == (result.exit_code, result.stdout)
    assert "No option matches. Did you mean: neutron?\n" == result.stderr


def test_show_suggests_names_that_hold_what_was_asked_for() -> None:
    result = CliRunner().invoke(plugindoc, ["show", "l2_agent", str(release("26.0.0"))])
    assert 2 == result.exit_code
    assert "Did you mean CONFIG_NEUTRON_L2_AGENT" in result.stderr


def test_show_lists_the_options_and_steps_of_a_plugin() -> None:
    result = CliRunner().invoke(plugindoc, ["show", "nova_300", str(release("26.0.0"))])
    assert "CONFIG_NOVA_LIBVIRT_VIRT_TYPE" in result.stdout
    assert "1. Preparing Nova API entries" in result.stdout


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("CONFIG_CINDER_BAKEND=lvm", "no option is called CONFIG_CINDER_BAKEND; did you mean"),
        ("CINDER_BACKEND=lvm", "did you mean CONFIG_CINDER_BACKEND?"),
        ("CONFIG_CINDER_BACKEND=lvmm", "lvmm is not a choice of CONFIG_CINDER_BACKEND: lvm, nfs"),
        ("ZZZ", "no option is called ZZZ\n"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answer: str, complaint: str) -> None:
    result = run("--depends-on", answer)
    assert 2 == result.exit_code
    assert complaint in result.stderr


def test_an_answer_on_which_nothing_depends_is_exit_status_one() -> None:
    result = run("--kind", "step", "--depends-on", "CONFIG_NEUTRON_L2_AGENT=ovn")
    assert (1, "No step matches.\n") == (result.exit_code, result.stderr)


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        (
            ("--depends-on", "CONFIG_COMPUTE_HOSTS"),
            ["Preparing Nova API entries", "packstack/nova"],
        ),
        (("--kind", "step", "--depends-on", "CONFIG_COMPUTE_HOSTS"), ["Applying Puppet manifests"]),
        (
            ("--kind", "template", "--depends-on", "CONFIG_NEUTRON_L2_AGENT=ovn"),
            ["packstack/neutron/ovn_agent", "packstack/neutron/ovn_northd"],
        ),
        # A key that a template only looks up.
        (
            ("--kind", "template", "--depends-on", "CONFIG_NEUTRON_ML2_VNI_RANGES"),
            ["packstack/neutron/ml2"],
        ),
        # A derived key, which is set from the option.
        (
            ("--kind", "template", "--depends-on", "CONFIG_AMQP_HOST"),
            ["packstack/neutron/rabbitmq"],
        ),
        # An include, whose condition is another option's.
        (
            ("--kind", "template", "--depends-on", "CONFIG_TROVE_INSTALL=y"),
            ["packstack/keystone/trove"],
        ),
    ],
)
def test_steps_and_templates_depend_on_hosts_conditions_includes_and_keys(
    arguments: tuple[str, ...], listed: list[str]
) -> None:
    result = run(*arguments)
    assert 0 == result.exit_code
    names = [line.split("  ")[0] for line in result.stdout.splitlines()]
    assert [] == [name for name in listed if name not in names]
    assert "packstack/neutron/ovs_agent" not in names or "=ovn" not in arguments[-1]


def test_other_kinds_are_listed_where_no_option_matches_and_counted_where_one_does() -> None:
    result = run("L2", "Agent", "entries")
    assert ("1 step:\n", 0) == (result.stderr, result.exit_code)
    assert result.stdout.startswith("Preparing Neutron L2 Agent entries")
    result = run("--depends-on", "CONFIG_CINDER_BACKEND=lvm")
    assert "1 step, 1 template depend on it as well: use --kind" in result.stderr


@pytest.mark.parametrize(
    ("words", "better"),
    [("CONFIG_NEUTORN_*", "CONFIG_NEUTRON_*"), ("L2AGNET", "l2agent"), ("l3agnet", "")],
)
def test_patterns_and_joined_words_are_corrected(words: str, better: str) -> None:
    hint = f" Did you mean: {better}?" if better else ""
    assert f"No option matches.{hint}\n" == run(words).stderr


def test_a_path_among_the_words_leads_to_the_option(tmp_path: Path) -> None:
    result = run("OVN", str(tmp_path))
    assert 2 == result.exit_code
    assert f"use --path {tmp_path}" in result.stderr


def test_an_unfit_folder_suggests_a_word_that_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "installer").mkdir()
    result = CliRunner().invoke(plugindoc, ["list", "OVN", "installer"])
    assert 2 == result.exit_code
    assert "use --path installer" in result.stderr


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        (
            "CONFIG_NEUTRON_OVN",
            "CONFIG_NEUTRON_OVN_BRIDGE_MAPPINGS, CONFIG_NEUTRON_OVN_BRIDGE_IFACES or ",
        ),
        ("lvm", "It is an answer to CONFIG_CINDER_BACKEND."),
        ("neutorn", "Did you mean NEUTRON?"),
        ("tunnel interface", "CONFIG_NEUTRON_OVS_TUNNEL_IF or CONFIG_NEUTRON_OVN_TUNNEL_IF?"),
        ("zzz", "Use `plugindoc list` to search."),
    ],
)
def test_show_says_what_may_be_meant(name: str, hint: str) -> None:
    result = CliRunner().invoke(plugindoc, ["show", name, str(release("26.0.0"))])
    assert 2 == result.exit_code
    assert hint in result.stderr
