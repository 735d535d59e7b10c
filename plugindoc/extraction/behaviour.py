"""Behaviour that differs between installers, read from their own code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from plugindoc.extraction.outside import has_controller, package_files
from plugindoc.model.project import Behaviour, HostOptions
from plugindoc.protocol import Protocol
from plugindoc.reading.discovery import Found
from plugindoc.reading.files import Trees

__all__ = ["behaviour_of"]

_HOST_FLAGS: Final = re.compile(r"[\"']--(?:allinone|install-hosts)[\"']")
_ANYWHERE: Final = re.compile(r"\.find\(\s*[\"']_HOST[\"']\s*\)|[\"']_HOST[\"']\s+in\b")
_COUNTS_FUNCTIONS: Final = re.compile(r"\blen\(\s*functions\s*\)\s*(?:!=|>)\s*1\b")
_BY_ENDING: Final = re.compile(r"\.endswith\(\s*[\"']_HOSTS?[\"']\s*\)")


def behaviour_of(trees: Iterable[Found], tree: Trees, protocol: Protocol) -> Behaviour:
    """Return the behaviour of the first tree with a controller; None if none has one."""
    found = next((one for one in trees if has_controller(one, tree, protocol)), None)
    if found is None:
        return Behaviour()
    texts = [tree.read(path) or "" for path in package_files(found, tree)]
    keys = protocol.option_keys
    key, prompt = re.escape(keys.flag), re.escape(keys.prompt)
    by_name = re.compile(rf"\.get\(\s*[\"']{prompt}[\"'](?:\s*\)\s*or\b|\s*,)")
    dashes = re.compile(
        rf"[\"']{key}[\"'].{{0,80}}\.replace\(\s*[\"']_[\"']\s*,\s*[\"']-[\"']\s*\)"
    )
    return Behaviour(
        underscore_flags=not any(map(dashes.search, texts)),
        host_options=_host_options(texts),
        one_function=any(map(_COUNTS_FUNCTIONS.search, texts)),
        optional_prompt=any(map(by_name.search, texts)),
    )


def _host_options(texts: Sequence[str]) -> HostOptions | None:
    if not any(map(_HOST_FLAGS.search, texts)):
        return "none"
    if any(map(_ANYWHERE.search, texts)):
        return "containing"
    return "ending" if any(map(_BY_ENDING.search, texts)) else None
