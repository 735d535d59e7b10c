"""The export is a stable text that reads back as the same model."""

import json
import pickle

import jsonschema
import msgspec
import pytest

from plugindoc.model.conditions import Compare
from plugindoc.model.export import ExportError, decode, encode, schema
from plugindoc.model.locations import Location
from plugindoc.model.project import SCHEMA_VERSION, Option, OptionGroup, Plugin, Project
from plugindoc.model.values import Dynamic, Known, Reference, items

HERE = Location("plugins/demo_100.py", 3, 1, 9, 2)
OPTION = Option(
    name="CONFIG_DEMO_MODE",
    plugin="demo_100",
    group="DEMO",
    location=HERE,
    default=Known(None),
    choices=Known(["quick", "safe"]),
    validators=items([Reference("validators.validate_options"), Dynamic("pick()", "a call")]),
    guard=Compare("CONFIG_DEMO_INSTALL", "==", "y"),
)
GROUP = OptionGroup(name="DEMO", plugin="demo_100", location=HERE, options=(OPTION,))
PROJECT = Project(
    schema_version=SCHEMA_VERSION,
    name="demo",
    plugins=(Plugin(module="demo_100", order=100, location=HERE, groups=(GROUP,)),),
    root="/somewhere/else",
)


def test_the_export_reads_back_without_the_place_it_was_read_at() -> None:
    assert msgspec.structs.replace(PROJECT, root="") == decode(encode(PROJECT))


def test_the_schema_version_stands_first() -> None:
    assert "schema_version" == next(iter(json.loads(encode(PROJECT))))


def test_a_default_of_none_is_not_an_absent_default() -> None:
    (plugin,) = json.loads(encode(PROJECT))["plugins"]
    (option,) = plugin["groups"][0]["options"]
    assert {"kind": "known", "value": None} == option["default"]
    assert "prompt" not in option


def test_the_export_follows_its_schema() -> None:
    jsonschema.validate(json.loads(encode(PROJECT)), schema())


def test_the_schema_itself_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    ("complaint", "data"),
    [
        ("not an export", b"not json"),
        ("not an export", b"[]"),
        ("not an export", b'{"schema_version": 1}'),
        ("schema_version is 999", b'{"schema_version": 999}'),
        ("not an export", b'{"schema_version": 1, "name": 5}'),
        ("not an export", b'{"a":' * 100_000),
        ("not an export", b"\xff\xfe"),
    ],
)
def test_anything_else_is_refused_in_one_line(complaint: str, data: bytes) -> None:
    with pytest.raises(ExportError, match=complaint) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


def test_the_model_can_be_pickled() -> None:
    assert PROJECT == pickle.loads(pickle.dumps(PROJECT))  # noqa: S301 - its own bytes
