"""Run a release's own code with answer files: what is asked, what is refused, what would run.

It runs alone, as `record` does, with the machine out of reach. Hosts answer on every port, since
whether they do is no matter of an answer file.
"""

from __future__ import annotations

import configparser
import importlib
import io
import ipaddress
import json
import sys
import types
from pathlib import Path
from typing import Any

from record import Recorder, cut_off, stub_missing  # type: ignore[import-not-found] # beside this file


class AddrFormatError(Exception):
    """Netaddr's error for what is no address."""


def address(text: Any) -> Any:
    """Take the place of netaddr's IPAddress: Python's own."""
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise AddrFormatError(text) from error


class Parameters:
    """A group's parameters; asking for their values means that the group is asked."""

    def __init__(self, group: Any, asked: list[str]) -> None:
        self.group, self.asked = group, asked

    def itervalues(self) -> Any:
        self.asked.append(self.group.GROUP_NAME)
        return self.group.parameters.itervalues()

    def __getitem__(self, name: str) -> Any:
        return self.group.parameters[name]

    def __contains__(self, name: str) -> bool:
        return name in self.group.parameters

    def __getattr__(self, name: str) -> Any:
        return getattr(self.group.parameters, name)


class Watched:
    """A group that notes when it is asked."""

    def __init__(self, group: Any, asked: list[str]) -> None:
        self._group, self.parameters = group, Parameters(group, asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._group, name)


class Runner:
    """The release's own `run_setup`, used again for each answer file."""

    def __init__(self, recorder: Recorder, *, tells_config: bool) -> None:
        self.tells_config = tells_config
        self.setup: Any = importlib.import_module("packstack.installer.run_setup")
        self.controller: Any = self.setup.controller
        self.plugins = recorder.plugins
        validators: Any = importlib.import_module("packstack.installer.validators")
        validators.touch_port = lambda *_: None
        validators.utils.execute = lambda *_, **__: (0, "")
        self.processors: Any = importlib.import_module("packstack.installer.processors")
        for module in self.plugins:
            module.initConfig(self.controller)
        self.groups = self.controller.getAllGroups()
        self.loaded: list[str] = []
        load = self.setup._loadParamFromFile  # noqa: SLF001 - the release's own loop

        def loading(config: Any, section: str, name: str) -> Any:
            self.loaded.append(name)
            return load(config, section, name)

        self.setup._loadParamFromFile = loading  # noqa: SLF001 - as above

    def run(self, file: Path) -> dict[str, Any]:
        self.controller.CONF.clear()
        self.controller.MESSAGES.clear()
        self.controller.getAllSequences().clear()
        self.loaded.clear()
        getattr(self.processors.process_password, "pw_dict", {}).clear()
        groups: list[str] = []
        watched = [Watched(group, groups) for group in self.groups]
        self.controller.getAllGroups = lambda: watched
        found: dict[str, Any] = {"refused": "", "hooks": []}
        try:
            self.setup._handleAnswerFileParams(str(file))  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - the release refuses these answers
            found["refused"] = str(error)
        finally:
            self.controller.getAllGroups = lambda: self.groups
        found["asked"], found["groups"] = list(dict.fromkeys(self.loaded)), groups
        if not found["refused"]:
            found["hooks"] = [self._hook(module) for module in self.plugins]
        if self.tells_config:
            found["config"] = dict(self.controller.CONF)
        return found

    def _hook(self, module: Any) -> dict[str, Any]:
        before = list(self.controller.getAllSequences())
        hook: dict[str, Any] = {"plugin": module.__name__.rpartition(".")[2], "error": ""}
        try:
            module.initSequences(self.controller)
        except Exception as error:  # noqa: BLE001 - as above
            hook["error"] = f"{type(error).__name__}: {error}"
        hook["sequences"] = [
            [sequence.name, [step.name for step in sequence.steps.itervalues()]]
            for sequence in self.controller.getAllSequences()
            if not any(sequence is one for one in before)
        ]
        return hook


def main(arguments: list[str]) -> None:
    tree, folder, out, home = map(Path, arguments[:4])
    cut_off("alpha", home)
    moved: Any = importlib.import_module("six.moves")  # what is at home in Python 3
    moved.configparser, moved.StringIO, moved.input = configparser, io.StringIO, input
    netaddr: Any = importlib.import_module("netaddr")
    netaddr.IPAddress = address
    netaddr.core = types.SimpleNamespace(AddrFormatError=AddrFormatError)
    netaddr.AddrFormatError = AddrFormatError
    stub_missing("ldap")
    stub_missing("ldapurl")
    sys.stdout = sys.stderr
    runner = Runner(Recorder(tree, "alpha"), tells_config="config" in arguments[4:])
    found = {file.name: runner.run(file) for file in sorted(folder.iterdir())}
    out.write_text(json.dumps(found, default=str))


if __name__ == "__main__":
    main(sys.argv[1:])
