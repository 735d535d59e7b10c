"""What hooks make of the configuration: their code is followed where a question depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from plugindoc.answers.consequences import Consequences, HookJudge
from plugindoc.model.project import Plugin
from plugindoc.model.values import Entries, Known

__all__ = ["with_hooks"]


def with_hooks(found: Consequences, plugins: tuple[Plugin, ...], hook: HookJudge) -> Consequences:
    """Return consequences whose `run_config` knows what hooks make of the answers.

    The hooks are followed once a key that they set is asked for. That takes milliseconds.
    """
    config = _RunConfig(found, plugins, hook)
    return msgspec.structs.replace(found, run_config=config)


class _RunConfig(Mapping[str, object]):
    """The configuration of a run; a key is missing if its value is not known.

    The hooks are followed once a key is asked for that they may change.
    """

    def __init__(self, found: Consequences, plugins: tuple[Plugin, ...], hook: HookJudge) -> None:
        self._unwritten, self._settled = found.run_config, found.settled
        self._stored = found.stored_by_steps
        self._plugins, self._hook = plugins, hook

    def __getitem__(self, key: str) -> object:
        if key in self._unwritten:
            return self._unwritten[key]
        if key in self._stored:
            raise KeyError(key)
        return self._followed[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in {**self._unwritten, **self._followed} if key not in self._stored)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _followed(self) -> dict[str, object]:
        """What is known after the hooks; each of them gets what the earlier ones wrote."""
        settled = self._settled
        known = {key: value for key, value in settled.config.items() if key not in settled.absent}
        unknown = {
            one.option.name
            for one in settled.options
            if one.asked is not False and one.option.name not in known
        }
        for plugin in self._plugins:
            writes = [use for use in plugin.actions.uses if use.access == "write"]
            if writes:
                told = self._hook(plugin.module, known, unknown).value
                if not isinstance(told, Entries):
                    return {}
                for key, value in told.pairs:
                    if isinstance(key, Known) and isinstance(value, Known):
                        known[key.value] = value.value
                        unknown.discard(key.value)
                    elif isinstance(key, Known):
                        known.pop(key.value, None)
                        unknown.add(key.value)
        return known
