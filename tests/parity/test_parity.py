"""Upstream's releases, run and read: no difference."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import plugindoc
from plugindoc.model.conditions import evaluate
from plugindoc.model.project import Plugin, Project
from plugindoc.model.values import Known
from tests.parity.static import OPTION_FIELDS, static_form, value_form
from tests.upstream import PINS, release

RECORD = Path(__file__).with_name("record.py")
CACHE = Path(__file__).parent.parent.parent / "build" / "parity"
MACHINES = ("alpha", "beta")
KEYS = {
    "cmd_option": "CMD_OPTION",
    "prompt": "PROMPT",
    "option_list": "OPTION_LIST",
    "validators": "VALIDATORS",
    "processors": "PROCESSORS",
    "default": "DEFAULT_VALUE",
    "mask_input": "MASK_INPUT",
    "loose_validation": "LOOSE_VALIDATION",
    "use_default": "USE_DEFAULT",
    "need_confirm": "NEED_CONFIRM",
    "condition": "CONDITION",
    "deprecates": "DEPRECATES",
    "message": "MESSAGE",
    "message_values": "MESSAGE_VALUES",
}
GROUP_KEYS = ("DESCRIPTION", "PRE_CONDITION", "PRE_CONDITION_MATCH", "POST_CONDITION")


def recording(version: str, machine: str, scratch: Path) -> dict[str, Any]:
    """Return what a release declares on a machine, recorded once for each recorder."""
    digest = hashlib.sha256(RECORD.read_bytes() + PINS[version].encode()).hexdigest()[:16]
    path = CACHE / f"{version}-{machine}-{digest}.json"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        out = scratch / f"{machine}.json"
        command = [sys.executable, "-W", "ignore", "-B", str(RECORD), str(release(version))]
        subprocess.run([*command, str(out), machine, str(scratch / machine)], check=True)
        out.replace(path)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.fixture(scope="module", params=sorted(PINS))
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, list[dict[str, Any]]]:
    scratch = tmp_path_factory.mktemp("recordings")
    recordings = [recording(request.param, machine, scratch) for machine in MACHINES]
    return plugindoc.load(release(request.param)), recordings


def plain(value: Any) -> Any:
    if isinstance(value, dict) and "callable" in value:
        return {"callable": value["callable"]}
    return [plain(one) for one in value] if isinstance(value, list) else value


def agrees(runs: list[Any], read: Any) -> bool:
    """Return whether a reading says the same as the runs: unknown exactly where they differ."""
    if any(run != runs[0] for run in runs):
        if isinstance(read, dict) and "any_of" in read:
            return all(plain(run) in [plain(one) for one in read["any_of"]] for run in runs)
        return isinstance(read, dict) and "expr" in read
    return bool(plain(runs[0]) == plain(read)) and type(runs[0]) is type(read)


def test_the_same_plugins_load_in_the_same_order(
    both: tuple[Project, list[dict[str, Any]]],
) -> None:
    project, (first, _) = both
    run = [(one["module"], one["name"], one["doc"]) for one in first["plugins"]]
    read = [
        (plugin.module, value_form(plugin.name), plugin.docstring) for plugin in project.plugins
    ]
    assert run == read


def test_every_group_and_option_is_read_as_it_is_declared(
    both: tuple[Project, list[dict[str, Any]]],
) -> None:
    project, recordings = both
    shown = {e.name: e.shown for document in project.usage_documents for e in document.entries}
    wrong: list[str] = []
    count = 0
    for plugin, form, *runs in zip(
        project.plugins,
        static_form(project)["plugins"],
        *(one["plugins"] for one in recordings),
        strict=True,
    ):
        assert len(runs[0]["groups"]) == len(form["groups"]), plugin.module
        for group, *run in zip(form["groups"], *(one["groups"] for one in runs), strict=True):
            for key in GROUP_KEYS:
                values = [one["group"].get(key) for one in run]
                if not agrees(values, group[key.lower()]):
                    wrong.append(f"{group['name']} {key}: {values} run, {group[key.lower()]} read")
            params = [one["params"] for one in run]
            assert [one["CONF_NAME"] for one in params[0]] == [
                one["conf_name"] for one in group["options"]
            ]
            for option, *param in zip(group["options"], *params, strict=True):
                count += 1
                for field, key in KEYS.items():
                    values = [one.get(key) for one in param]
                    if not agrees(values, option[field]):
                        what = f"{option['conf_name']} {key}"
                        wrong.append(f"{what}: {values} run, {option[field]} read")
                usage, name = param[0].get("USAGE"), option["conf_name"]
                told = shown.get(name) or None if name in shown else option["usage"]
                if isinstance(usage, str):  # docutils' mark of an escape, which nobody sees
                    usage = usage.replace("\0", "")
                if usage != told:
                    wrong.append(f"{name} USAGE: {usage!r} run, {told!r} read")
    assert [] == wrong
    assert count > 250
    assert set(KEYS) | {"usage"} == set(OPTION_FIELDS)


def test_every_sequence_and_step_is_there_for_the_answers_for_which_it_runs(
    both: tuple[Project, list[dict[str, Any]]],
) -> None:
    project, (first, _) = both
    wrong: list[str] = []
    for answers, values in first["answers"].items():
        for plugin, run in zip(project.plugins, first["plugins"], strict=True):
            heard = run["sequences"][answers]
            if isinstance(heard, str):
                refused = [c.error for c in plugin.constraints if evaluate(c.condition, values)]
                if heard not in refused:
                    wrong.append(f"{plugin.module} {answers}: {heard} run, {refused} read")
                continue
            read = _sequences(plugin, values)
            if [[one["name"], one["steps"]] for one in heard] != read:
                wrong.append(f"{plugin.module} {answers}: {heard} run, {read} read")
            refusing = [c for c in plugin.constraints if evaluate(c.condition, values)]
            if refusing:
                wrong.append(f"{plugin.module} {answers}: not refused, {refusing} read")
    assert [] == wrong


def _sequences(plugin: Plugin, answers: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for sequence in plugin.sequences:
        if evaluate(sequence.guard, answers) is False:
            continue
        steps = [
            [step.title.value, [plain(value_form(step.function))]]
            for step in sequence.steps
            if evaluate(step.guard, answers) and isinstance(step.title, Known)
        ]
        found.append([sequence.title, steps])
    return found
