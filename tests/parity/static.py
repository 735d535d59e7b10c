"""The static reading in a small form that can be held against a recording."""

from __future__ import annotations

from typing import Any, Final

from plugindoc.model import values as model
from plugindoc.model.project import Option, OptionGroup, Plugin, Project, Sequence, Step, UsageEntry

__all__ = ["OPTION_FIELDS", "static_form", "value_form"]

OPTION_FIELDS: Final = {
    "cmd_option": "flag",
    "usage": "usage",
    "prompt": "prompt",
    "option_list": "choices",
    "validators": "validators",
    "processors": "processors",
    "default": "default",
    "mask_input": "mask_input",
    "loose_validation": "loose_validation",
    "use_default": "use_default",
    "need_confirm": "need_confirm",
    "condition": "condition",
    "deprecates": "deprecates",
    "message": "message",
    "message_values": "message_values",
}
_GROUP_FIELDS: Final = (
    "description",
    "pre_condition",
    "pre_condition_match",
    "post_condition",
    "post_condition_match",
)


def static_form(project: Project) -> dict[str, Any]:
    entries = {
        (document.path, entry.name, entry.location.line): entry
        for document in project.usage_documents
        for entry in document.entries
    }
    return {"plugins": [_plugin(plugin, entries) for plugin in project.plugins]}


def _plugin(plugin: Plugin, entries: dict[Any, UsageEntry]) -> dict[str, Any]:
    return {
        "module": plugin.module,
        "name": value_form(plugin.name),
        "doc": plugin.docstring,
        "groups": [_group(group, entries) for group in plugin.groups],
        "sequences": [_sequence(sequence) for sequence in plugin.sequences],
    }


def _group(group: OptionGroup, entries: dict[Any, UsageEntry]) -> dict[str, Any]:
    ordered: list[Option] = []
    for option in group.options:
        if not any(one.name == option.name for one in ordered):
            ordered += [one for one in group.replaced if one.name == option.name]
        ordered.append(option)
    return {
        "name": group.name,
        **{name: value_form(getattr(group, name)) for name in _GROUP_FIELDS},
        "options": [_option(option, entries) for option in ordered],
    }


def _option(option: Option, entries: dict[Any, UsageEntry]) -> dict[str, Any]:
    found = {name: value_form(getattr(option, field)) for name, field in OPTION_FIELDS.items()}
    place = option.usage_location
    entry = None if place is None else entries.get((place.path, option.name, place.line))
    if entry is not None and not entry.shown:  # the text begins with markup: nothing is shown
        found["usage"] = None
    return {"conf_name": option.name, "line": option.location.line, **found}


def _sequence(sequence: Sequence) -> dict[str, Any]:
    steps = [*sequence.replaced, *sequence.steps]
    steps.sort(key=lambda step: step.location)
    kept = {id(step): index for index, step in enumerate(sequence.steps)}
    ordered: list[Step] = list(sequence.steps)
    for step in steps:
        if id(step) not in kept:
            ordered.insert(0, step)
    return {
        "name": sequence.title,
        "steps": [
            {"title": value_form(step.title), "functions": value_form(step.functions) or []}
            for step in ordered
        ],
    }


def value_form(value: model.Value | None) -> Any:
    match value:
        case None:
            return None
        case model.Known(value=data):
            return _data(data)
        case model.Reference(name=name, location=location):
            return {"callable": name, "line": None if location is None else location.line}
        case model.Items(members=members):
            listed = [value_form(member) for member in members]
            unknown = any(isinstance(m, dict) and ("expr" in m or "any_of" in m) for m in listed)
            return {"expr": model.words(value)} if unknown else listed
        case model.Alternatives(branches=branches):
            found = [value_form(branch.value) for branch in branches]
            if any(isinstance(one, dict) and "expr" in one for one in found):
                return {"expr": model.words(value)}
            return {"any_of": found}
        case _:
            return {"expr": model.words(value)}


def _data(data: Any) -> Any:
    if isinstance(data, list):
        return [_data(one) for one in data]
    if isinstance(data, dict):
        return {"dict": [[key, _data(one)] for key, one in data.items()]}
    return data
