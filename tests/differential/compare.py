"""What a random plugin declares when it runs, against its static reading."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Final

from plugindoc.extraction.declarations import read_declarations
from plugindoc.model.conditions import Always, evaluate
from plugindoc.model.project import Plugin, Project, Sequence, Step
from plugindoc.model.values import Alternatives, Value, words
from plugindoc.protocol import PACKSTACK
from plugindoc.reading.discovery import discover
from plugindoc.reading.files import Tree, Trees
from tests.differential.programs import ANSWERS, OPTIONS
from tests.differential.recording import UNKNOWN, Recording, load, record, run_sequences
from tests.parity.static import static_form, value_form

__all__ = ["ANSWER_SETS", "compare"]

ANSWER_SETS: Final = [
    dict(zip(OPTIONS, values, strict=True))
    for number, values in enumerate(itertools.product(ANSWERS, repeat=len(OPTIONS)))
    if number % 23 == 0
]
_FIELDS: Final = {
    "DEFAULT_VALUE": "default",
    "USAGE": "usage",
    "PROMPT": "prompt",
    "OPTION_LIST": "option_list",
    "VALIDATORS": "validators",
    "PROCESSORS": "processors",
    "MASK_INPUT": "mask_input",
}


def compare(source: str, folder: Path, *, ran: str = "") -> list[str] | None:
    """Return the differences, in words; None where the reader says that it reached a limit.

    `ran` is run instead of what is read.
    """
    plugins = folder / "plugins"
    plugins.mkdir(exist_ok=True)
    (plugins / "random_100.py").write_text(source, encoding="utf-8")
    project = _read(folder)
    source = ran or source
    if any(problem.kind == "limit" for problem in project.problems):
        return None  # said to be too much, and so it is not wrong
    (plugin,) = project.plugins
    if "one of many combinations of answers" in repr(plugin):
        return None  # as above: the documented limit of paths that meet
    found: list[str] = []
    try:
        recorded = record(source)
    except Exception:  # noqa: BLE001 - the plugin's own error: the next hook still counts
        recorded = None
    if recorded is not None:
        (form,) = static_form(project)["plugins"]
        _compare_groups(recorded, plugin, form, found)
        _compare_conditions(source, plugin, found)
    for answers in ANSWER_SETS:
        _compare_sequences(source, plugin, answers, found)
        if found:
            break
    return found


def _read(folder: Path) -> Project:
    """Read the declarations alone: what steps do is another matter, and takes its time."""
    found = discover(folder, PACKSTACK)
    declared = read_declarations(found, Trees(Tree(found.root), {}), PACKSTACK)
    plugins = tuple(declared.model_of(plugin) for plugin in declared.plugins)
    return Project(
        schema_version=1, name="random", plugins=plugins, problems=tuple(declared.problems)
    )


def _expected(value: Any) -> Any:
    if isinstance(value, str) and UNKNOWN in value:
        return "unknown"
    if callable(value):
        return {"callable": f"random_100.{value.__name__}"}
    if isinstance(value, list | tuple):
        return [_expected(one) for one in value]
    return value


def _found(value: Any) -> Any:
    if isinstance(value, dict) and "callable" in value:
        return {"callable": value["callable"]}
    if isinstance(value, dict) and "expr" in value:
        return "unknown"
    if isinstance(value, list):
        return [_found(one) for one in value]
    return value


def _compare_groups(
    recorded: Recording, plugin: Plugin, form: dict[str, Any], found: list[str]
) -> None:
    if len(recorded.groups) != len(form["groups"]):
        found.append(f"groups: {len(recorded.groups)} run, {len(form['groups'])} read")
        return
    for (group, params), read, static in zip(
        recorded.groups, plugin.groups, form["groups"], strict=True
    ):
        if not isinstance(read.guard, Always):
            found.append(f"group {read.name} has a guard: {read.guard}")
        for key in ("GROUP_NAME", "DESCRIPTION", "PRE_CONDITION", "PRE_CONDITION_MATCH"):
            name = {"GROUP_NAME": "name"}.get(key, key.lower())
            _same(f"group {read.name} {key}", group[key], static[name], found)
        by_name: dict[str, list[dict[str, Any]]] = {}
        for param in params:
            by_name.setdefault(param["CONF_NAME"], []).append(param)
        static_by_name: dict[str, list[dict[str, Any]]] = {}
        for option in static["options"]:
            static_by_name.setdefault(option["conf_name"], []).append(option)
        if list(by_name) != list(static_by_name):
            found.append(f"group {read.name}: {list(by_name)} run, {list(static_by_name)} read")
            continue
        for name, runs in by_name.items():
            for run, option in zip(runs, static_by_name[name], strict=False):
                for key, field in _FIELDS.items():
                    _same(f"{name} {key}", run.get(key), option[field], found)


def _same(what: str, run: Any, read: Any, found: list[str]) -> None:
    mine, theirs = _expected(run), _found(read)
    if mine != theirs or type(mine) is not type(theirs):
        found.append(f"{what}: {mine!r} run, {theirs!r} read")


def _compare_conditions(source: str, plugin: Plugin, found: list[str]) -> None:
    module = load(source)
    recorded = Recording()
    module.initConfig(recorded)
    for (group, _), read in zip(recorded.groups, plugin.groups, strict=False):
        for answers in ANSWER_SETS:
            shown = _holds(group, answers)
            if evaluate(read.condition, answers) is not shown:
                found.append(f"group {read.name} is {shown} for {answers}: {read.condition}")
                return


def _holds(group: dict[str, Any], answers: dict[str, str]) -> bool:
    value: Any = True
    condition = group["PRE_CONDITION"]
    if condition:
        value = condition(answers) if callable(condition) else answers[condition]
    return bool(value == group["PRE_CONDITION_MATCH"])


def _compare_sequences(
    source: str, plugin: Plugin, answers: dict[str, str], found: list[str]
) -> None:
    recorded, error = run_sequences(source, answers)
    refused = [c for c in plugin.constraints if evaluate(c.condition, answers) is not False]
    unknown = [c for c in refused if evaluate(c.condition, answers) is None]
    if unknown:
        found.append(f"unknown whether it fails for {answers}: {unknown[0].condition}")
    elif bool(refused) != (error is not None) and not _always_fails(plugin, error):
        found.append(f"{error!r} run for {answers}, {[c.condition for c in refused]} read")
    present: list[Sequence] = []
    for sequence in plugin.sequences:
        holds = evaluate(sequence.guard, answers)
        if holds is None:
            found.append(f"unknown whether {sequence.title} is there: {sequence.guard}")
        if holds:
            present.append(sequence)
    run = [
        (one[0], _keyed([(s["title"], s["functions"][0].__name__) for s in one[3]]))
        for one in recorded.calls
    ]
    read = [(one.title, _keyed(_steps(one, answers, found))) for one in present]
    if run != read:
        found.append(f"for {answers}: {run} run, {read} read")
    if all(isinstance(one.guard, Always) for one in plugin.sequences) and error is None:
        ordered = [s.title for s in sorted(present, key=lambda one: one.position)]
        if [one[0] for one in recorded.sequences] != ordered:
            found.append(f"run order {[one[0] for one in recorded.sequences]}, {ordered} read")


def _always_fails(plugin: Plugin, error: Exception | None) -> bool:
    return error is not None and not plugin.constraints


def _keyed(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(steps).items())


def _steps(sequence: Sequence, answers: dict[str, str], found: list[str]) -> list[tuple[str, str]]:
    listed: list[tuple[str, str]] = []
    for step in sequence.steps:
        holds = evaluate(step.guard, answers)
        if holds is None:
            found.append(f"unknown whether {words(step.title)} is there: {step.guard}")
        if holds:
            listed.append(
                (
                    _title(step, answers),
                    step.function.name.rpartition(".")[2] if step.function else "?",
                )
            )
    return listed


def _title(step: Step, answers: dict[str, str]) -> str:
    return str(_resolved(step.title, answers))


def _resolved(value: Value, answers: dict[str, str]) -> Any:
    if isinstance(value, Alternatives):
        for branch in value.branches:
            if evaluate(branch.guard, answers):
                return _resolved(branch.value, answers)
    return value_form(value)
