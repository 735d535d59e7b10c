"""The controller, which plugins use to declare options and sequences."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from source_packstack.installer.errors import PluginError
from source_packstack.installer.parameters import Config, Declared, Group, Parameter
from source_packstack.installer.sequences import Steps, StepSequence

__all__ = ["PLUGINS_FOLDER", "Controller", "load_plugins"]

PLUGINS_FOLDER = Path(__file__).resolve().parent.parent / "plugins"
_PLUGIN_FILE = re.compile(r"[^_].*_(\d\d\d)\.py")


class Controller:
    """Collects the option groups and the sequences of all plugins.

    `CONF` holds the answers. It is empty while plugins declare their options, and complete when
    they declare their sequences. `earlier` holds the answers of the latest run: passwords that are
    not set are taken from there, so that a second run does not change them. `unkept` holds the
    passwords that were read from standard input and are used for this run only.
    """

    def __init__(self) -> None:
        self.CONF = Config()
        self.earlier: dict[str, str] = {}
        self.unkept: dict[str, str] = {}
        self.plugins: list[ModuleType] = []
        self.groups: list[Group] = []
        self.sequences: list[StepSequence] = []

    def addGroup(self, group: Declared, params: Sequence[Declared]) -> None:
        """Append an option group."""
        self._insert_group(len(self.groups), group, params)

    def insertGroupBeforeGroup(
        self, groupName: str, group: Declared, params: Sequence[Declared]
    ) -> None:
        """Insert an option group before the group with that name."""
        self._insert_group(_index(self.groups, groupName), group, params)

    def addSequence(self, desc: str, cond: object, cond_match: object, steps: Steps) -> None:
        """Append a sequence."""
        self.insertSequence(desc, cond, cond_match, steps, len(self.sequences))

    def insertSequence(
        self, desc: str, cond: object, cond_match: object, steps: Steps, index: int = 0
    ) -> None:
        """Insert a sequence at a position; 0 is the first."""
        self.sequences.insert(index, StepSequence.from_dicts(desc, cond, cond_match, steps))

    def insertSequenceBeforeSequence(
        self, sequenceName: str, desc: str, cond: object, cond_match: object, steps: Steps
    ) -> None:
        """Insert a sequence before the sequence with that name."""
        index = _index(self.sequences, sequenceName)
        self.insertSequence(desc, cond, cond_match, steps, index)

    def getParamByName(self, paramName: str) -> Parameter:
        """Return the option with that name; raise PluginError if no plugin declares it."""
        for parameter in self.parameters():
            if parameter.name == paramName:
                return parameter
        raise PluginError(f"no plugin declares {paramName}")

    def parameters(self) -> Iterator[Parameter]:
        """Return all options, in the order of their groups."""
        for group in self.groups:
            yield from group.parameters.values()

    def asked_with(self, group: Group) -> list[Parameter]:
        """Return the options to ask for together with a group.

        One with a CONDITION is not asked with its own group, but before the first group whose
        PRE_CONDITION names it.
        """
        options = [option for option in group.parameters.values() if not option.only_as_condition]
        if isinstance(group.pre_condition, str) and group.pre_condition:
            gate = self.getParamByName(group.pre_condition)
            first = next(other for other in self.groups if other.pre_condition == gate.name)
            if gate.only_as_condition and first is group:
                options.insert(0, gate)
        return options

    def is_asked(self, option: Parameter, group: Group) -> bool:
        """Return whether an option is asked for together with a group, given the answers so far.

        An option on which a group depends is asked for even if its own group is off.
        """
        gates = {
            other.pre_condition for other in self.groups if isinstance(other.pre_condition, str)
        }
        return option.name in gates or group.applies(self.CONF)

    def deprecated_names(self) -> dict[str, str]:
        """Map former option names to current ones."""
        return {old: option.name for option in self.parameters() for old in option.deprecates}

    def plan_sequences(self) -> None:
        """Call every plugin to add its sequences; the answers are complete."""
        for plugin in self.plugins:
            plugin.initSequences(self)

    def _insert_group(self, index: int, declared: Declared, params: Sequence[Declared]) -> None:
        group = Group.from_dict(declared, params)
        known = {parameter.name for parameter in self.parameters()}
        twice = sorted(known & set(group.parameters))
        if twice or any(other.name == group.name for other in self.groups):
            raise PluginError(
                f"group {group.name} or its options are declared twice: {', '.join(twice)}"
            )
        self.groups.insert(index, group)


def load_plugins(folder: Path = PLUGINS_FOLDER) -> Controller:
    """Import the plugins of a folder in the order of their numbers and collect their options.

    Raises PluginError if a plugin cannot be imported or lacks one of the two hooks.
    """
    controller = Controller()
    files = [path for path in folder.iterdir() if _PLUGIN_FILE.fullmatch(path.name)]
    for path in sorted(files, key=lambda path: (path.stem[-3:], path.stem)):
        try:
            plugin = _import(path)
            plugin.initConfig(controller)
        except Exception as error:  # plugins can raise anything
            raise PluginError(f"{path}: {error}") from error
        controller.plugins.append(plugin)
    return controller


def _import(path: Path) -> ModuleType:
    name = f"source_packstack.plugins.{path.stem}"
    if name in sys.modules and path.parent == PLUGINS_FOLDER:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader  # noqa: S101, PT018 -- a Python file has both
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for hook in ("initConfig", "initSequences"):
        if not callable(getattr(module, hook, None)):
            raise PluginError(f"the plugin has no function {hook}(controller)")
    sys.modules[name] = module
    return module


def _index(items: Sequence[Group | StepSequence], name: str) -> int:
    for index, item in enumerate(items):
        if item.name == name:
            return index
    raise PluginError(f"there is no {name} to insert before")
