"""The model as JSON, and back."""

from __future__ import annotations

from typing import Any

import msgspec

from plugindoc.model.project import SCHEMA_VERSION, Project

__all__ = ["ExportError", "decode", "encode", "schema"]


class ExportError(ValueError):
    """A text that is no export of this version; the message is one line for the user."""


def encode(project: Project, *, indent: int = 2) -> bytes:
    """Return the model as JSON, `schema_version` first, the same bytes for the same sources."""
    plain = msgspec.json.encode(msgspec.structs.replace(project, root=""))
    return msgspec.json.format(plain, indent=indent) + b"\n"


def decode(data: bytes) -> Project:
    """Return the model that `encode` wrote.

    Raises ExportError if the data is not JSON, not an export, or of another schema version.
    """
    try:
        version = msgspec.json.decode(data, type=_Head).schema_version
        if version != SCHEMA_VERSION:
            message = f"schema_version is {version}, this plugindoc reads {SCHEMA_VERSION}"
            raise ExportError(message)
        return msgspec.json.decode(data, type=Project)
    except (msgspec.DecodeError, RecursionError) as error:
        message = f"not an export of plugindoc: {error}"
        raise ExportError(message) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the export."""
    found = msgspec.json.schema(Project)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


class _Head(msgspec.Struct):
    schema_version: int
