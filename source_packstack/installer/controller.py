"""The controller: what plugins talk to, and what the engine reads from."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from source_packstack.installer.errors import PluginError
from source_packstack.installer.parameters import Config, Group, Parameter
from source_packstack.installer.sequences import StepSequence

__all__ = ["PLUGINS_FOLDER", "Controller", "load_plugins"]

PLUGINS_FOLDER = Path(__file__).resolve().parent.parent / "plugins"
_PLUGIN_FILE = re.compile(r"[^_].*_(\d\d\d)\.py")


class Controller:
    """Collects the option groups and the sequences of all plugins.

    `CONF` holds the answers. It is empty while plugins declare their options, and complete when
    they declare their sequences. `earlier` holds the latest run's answers: passwords that nobody
    sets are taken from there, so that a second run does not change them.
    """

    def __init__(self) -> None:
        self.CONF = Config()
        self.earlier: dict[str, str] = {}
        self.plugins: list[ModuleType] = []
        self.groups: list[Group] = []
        self.sequences: list[StepSequence] = []

    def addGroup(self, group: Mapping[str, Any], params: Sequence[Mapping[str, Any]]) -> None:
        """Add an option group behind all others."""
        self._insert_group(len(self.groups), group, params)

    def insertGroupBeforeGroup(
        self, name: str, group: Mapping[str, Any], params: Sequence[Mapping[str, Any]]
    ) -> None:
        """Add an option group before the group of that name."""
        self._insert_group(_index(self.groups, name), group, params)

    def addSequence(
        self,
        description: str,
        condition: object,
        condition_match: object,
        steps: Sequence[Mapping[str, Any]],
    ) -> None:
        """Add a sequence behind all others."""
        self.sequences.append(
            StepSequence.from_dicts(description, condition, condition_match, steps)
        )

    def insertSequence(
        self,
        description: str,
        condition: object,
        condition_match: object,
        steps: Sequence[Mapping[str, Any]],
        index: int = 0,
    ) -> None:
        """Add a sequence at a position; 0 is the first."""
        self.sequences.insert(
            index, StepSequence.from_dicts(description, condition, condition_match, steps)
        )

    def insertSequenceBeforeSequence(
        self,
        name: str,
        description: str,
        condition: object,
        condition_match: object,
        steps: Sequence[Mapping[str, Any]],
    ) -> None:
        """Add a sequence before the sequence of that name."""
        self.insertSequence(
            description, condition, condition_match, steps, _index(self.sequences, name)
        )

    def getParamByName(self, name: str) -> Parameter:
        """Give the option of that name; raise PluginError where no plugin declares it."""
        for parameter in self.parameters():
            if parameter.name == name:
                return parameter
        message = f"no plugin declares {name}"
        raise PluginError(message)

    def parameters(self) -> Iterator[Parameter]:
        """Give all options, in the order of their groups."""
        for group in self.groups:
            yield from group.parameters.values()

    def deprecated_names(self) -> dict[str, str]:
        """Map old option names to the names of today."""
        return {old: option.name for option in self.parameters() for old in option.deprecates}

    def condition_names(self) -> frozenset[str]:
        """Name the options on which groups depend; they are asked even if their group is off."""
        return frozenset(
            group.pre_condition for group in self.groups if isinstance(group.pre_condition, str)
        )

    def plan_sequences(self) -> None:
        """Let every plugin add its sequences, now that the answers are complete."""
        for plugin in self.plugins:
            plugin.initSequences(self)

    def _insert_group(
        self, index: int, declared: Mapping[str, Any], params: Sequence[Mapping[str, Any]]
    ) -> None:
        group = Group.from_dict(declared, params)
        known = {parameter.name for parameter in self.parameters()}
        twice = sorted(known & set(group.parameters))
        if twice or any(other.name == group.name for other in self.groups):
            message = f"group {group.name} or its options are declared twice: {', '.join(twice)}"
            raise PluginError(message)
        self.groups.insert(index, group)


def load_plugins(folder: Path = PLUGINS_FOLDER) -> Controller:
    """Import the plugins of a folder in the order of their numbers and collect their options.

    Raises PluginError where a plugin cannot be imported or misses one of the two hooks.
    """
    controller = Controller()
    files = [path for path in folder.iterdir() if _PLUGIN_FILE.fullmatch(path.name)]
    for path in sorted(files, key=lambda path: (path.stem[-3:], path.stem)):
        plugin = _import(path)
        for hook in ("initConfig", "initSequences"):
            if not callable(getattr(plugin, hook, None)):
                message = f"{path}: the plugin has no function {hook}(controller)"
                raise PluginError(message)
        controller.plugins.append(plugin)
        try:
            plugin.initConfig(controller)
        except Exception as error:  # a plugin may fail in any way
            message = f"{path}: {error}"
            raise PluginError(message) from error
    return controller


def _import(path: Path) -> ModuleType:
    name = f"source_packstack.plugins.{path.stem}"
    if name in sys.modules and path.parent == PLUGINS_FOLDER:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        message = f"{path}: not a Python module"
        raise PluginError(message)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # a plugin may fail in any way while it is imported
        message = f"{path}: the plugin cannot be imported: {error}"
        raise PluginError(message) from error
    sys.modules[name] = module
    return module


def _index(items: Sequence[Group | StepSequence], name: str) -> int:
    for index, item in enumerate(items):
        if item.name == name:
            return index
    message = f"there is no {name} to insert before"
    raise PluginError(message)
