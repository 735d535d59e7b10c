"""Run the steps of an upstream release with a configuration that notes who reads and writes what.

    python recording.py TREE SETS

prints, as JSON, for each plugin's hook and each step: the keys read and written, the shell lines,
and the hosts, under many sets of answers. It runs in a process of its own: an audit hook refuses
every socket, process and write, and what the steps would do is replaced before.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import io
import json
import os
import random
import socket
import subprocess
import sys
import types
from collections import defaultdict
from pathlib import Path
from typing import Any

_REFUSED = (
    "socket.connect",
    "socket.bind",
    "socket.sendto",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.symlink",
    "os.chmod",
    "shutil.",
)
_STUBBED = ("netaddr", "netifaces", "distro", "docutils", "cryptography", "yaml", "pbr", "OpenSSL")
_FACTS = """\
interfaces => eth0,lo
ipaddress_eth0 => 192.0.2.1
netmask_eth0 => 255.255.255.0
fqdn => host.example
a warning
"""
_HOST_KEY = "192.0.2.1 ssh-rsa KEY\n"


class Stub:
    """Stands for anything of a module that is not installed: every use gives another one."""

    def __call__(self, *_: object, **__: object) -> Stub:
        return Stub()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub()

    def __getitem__(self, _: object) -> str:
        return "Red Hat Enterprise Linux"

    def __iter__(self) -> Any:
        return iter(())

    def __add__(self, _: object) -> Stub:
        return Stub()

    def decode(self, *_: object) -> str:
        return "text"


class Sink(io.StringIO):
    """A file that swallows all that is written to it."""

    def write(self, _: object) -> int:
        return 0


class StubModule(types.ModuleType):
    """A module that is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.endswith(("Error", "Exception")):
            return type(name, (Exception,), {})
        return Stub()


class StubFinder:
    """Finds the modules that are replaced by stubs."""

    def find_spec(self, name: str, *_: object) -> Any:
        if name.partition(".")[0] in _STUBBED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # duck-typed
        return None

    def create_module(self, spec: Any) -> StubModule:
        return StubModule(spec.name)

    def exec_module(self, module: StubModule) -> None:
        """Leave the module empty: its attributes make themselves."""


class Noted(str):  # noqa: SLOT000 - it carries its key
    """A text of the configuration that notes its key once it is looked into."""

    key: str
    config: Config

    def split(self, *arguments: Any) -> list[str]:
        self.config.note("read", self.key)
        return str.split(self, *arguments)


class Config(dict[str, Any]):
    """A configuration that notes every read and write for whoever runs just now."""

    def __init__(self, answers: dict[str, Any], notes: Notes) -> None:
        super().__init__(answers)
        self.notes = notes

    def note(self, access: str, key: str) -> None:
        self.notes[self.notes.running][access].add(key)

    def __getitem__(self, key: str) -> Any:
        self.note("read", key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.note("read", key)
        return super().get(key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        self.note("write", key)
        super().__setitem__(key, value)

    def setdefault(self, key: str, default: Any = None) -> Any:
        self.note("read", key)
        self.note("write", key)
        return super().setdefault(key, default)

    def items(self) -> Any:
        for key, value in list(super().items()):
            noted = value
            if isinstance(value, str):
                noted = Noted(value)
                noted.key, noted.config = key, self
            yield key, noted

    def __iter__(self) -> Any:
        return iter(list(super().__iter__()))


class Notes(defaultdict[str, dict[str, set[str]]]):
    """What was noted, by who ran (`running`)."""

    def __init__(self) -> None:
        super().__init__(lambda: defaultdict(set))
        self.running = ""


class Recorder:
    """A release with everything replaced that would reach beyond this process."""

    def __init__(self, tree: str) -> None:
        self.notes = Notes()
        sys.path[:0] = [tree]
        sys.meta_path.insert(0, StubFinder())
        self._replace()
        run_setup = importlib.import_module("packstack.installer.run_setup")
        self._replace_runner()
        documentation: Any = importlib.import_module("packstack.modules.documentation")
        documentation.update_params_usage = lambda *_, **__: None
        run_setup.loadPlugins()
        run_setup.initPluginsConfig()
        self.controller = run_setup.controller
        self.plugins = self.controller.getAllPlugins()
        groups = self.controller.getAllGroups()
        self.options = {p.CONF_NAME: p for g in groups for p in g.parameters.itervalues()}

    def _replace(self) -> None:
        real_open = builtins.open

        def fake_open(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if set(mode) & set("wa"):
                return Sink()
            if "b" in mode:
                return io.BytesIO(b"content")
            try:
                return real_open(path, mode, *rest, **named)
            except OSError:
                return io.StringIO("ssh-rsa KEY user@host\n")

        builtins.open = fake_open  # type: ignore[assignment] # a stand-in
        real_os_open = os.open
        os.open = lambda *_, **__: real_os_open(os.devnull, os.O_WRONLY)
        for name in ("mkdir", "makedirs", "symlink", "remove", "unlink", "chmod", "rename"):
            setattr(os, name, lambda *_, **__: None)
        socket.gethostbyname = lambda _: "192.0.2.1"
        socket.gethostbyaddr = lambda host: (host, ["alias"], [host])
        socket.getfqdn = lambda *_: "host.example"
        socket.gethostname = lambda: "host.example"
        socket.getaddrinfo = lambda *_, **__: [(2, 1, 6, "", ("192.0.2.1", 0))]
        subprocess.Popen = _Process  # type: ignore[assignment,misc] # a stand-in

    def _replace_runner(self) -> None:
        utils: Any = importlib.import_module("packstack.installer.utils")
        shell: Any = importlib.import_module("packstack.installer.utils.shell")
        notes = self.notes

        def append(runner: Any, line: str) -> None:
            notes[notes.running]["command"].add(str(line))
            runner.script.append(line)

        shell.ScriptRunner.append = append
        shell.ScriptRunner.execute = _output
        for module in (shell, utils):
            module.execute = lambda *_, **__: (0, "wallaby-1.el8.noarch\n")
        utils.get_localhost_ip = utils.network.get_localhost_ip = lambda *_: "192.0.2.1"
        utils.force_ip = lambda host, *_, **__: host
        utils.network.is_ipv4 = lambda host: "." in host
        utils.network.is_ipv6 = lambda host: ":" in host

    def run(self, answers: dict[str, Any]) -> None:
        """Initialise the sequences and run every step under one set of answers."""
        config = Config(answers, self.notes)
        self.controller.CONF = config
        modules = [sys.modules.get("packstack.modules.ospluginutils")]
        for module in filter(None, modules):
            module.controller.CONF = config
        steps: list[tuple[str, Any]] = []
        for plugin in self.plugins:
            name = plugin.__name__.rpartition(".")[2]

            def add(*given: Any, of: str = name, **_: Any) -> None:
                found = given[3]
                steps.extend((f"{of}/{step['title']}", step["functions"][0]) for step in found)

            self.controller.addSequence = self.controller.insertSequence = add
            self._attempt(name, lambda plugin=plugin: plugin.initSequences(self.controller))
        for name, function in steps:
            self._attempt(name, lambda function=function: function(config, []))

    def _attempt(self, name: str, run: Any) -> None:
        self.notes.running = name
        self.notes[name]["runs"].add("once")
        try:
            run()
        except Exception as error:  # noqa: BLE001 - a step that fails has still read what it read
            self.notes[name]["error"].add(type(error).__name__)
        finally:
            self.notes.running = "between"

    def answers(self, seed: int) -> dict[str, Any]:
        """Return a set of answers: everything on, everything off, or a mixture by chance."""
        chance = random.Random(seed)  # noqa: S311 - the same mixture in each run
        found: dict[str, Any] = {}
        family = [["192.0.2.1", "192.0.2.1,192.0.2.2"], ["2001:db8::1"], ["host.example"]]
        hosts = chance.choice(family)
        for name, option in self.options.items():
            choices = [str(choice) for choice in option.OPTION_LIST or ()]
            plain = str(option.DEFAULT_VALUE or "")
            if set(choices) == {"y", "n"}:
                value = ("y", "n", chance.choice("yn"))[min(seed, 2)]
            elif name.endswith(("_HOST", "_HOSTS")):
                several = name.endswith("S")
                value = chance.choice(hosts) if several else hosts[0]
            elif "BACKEND" in name and choices:
                value = chance.choice([plain, ",".join(choices), *choices])
            elif choices:
                value = chance.choice([plain, *choices])
            else:
                value = chance.choice([plain, plain, "", "some/thing,other:thing"])
            found[name] = value
        return found


class _Process:
    """A process that did nothing and did it well."""

    returncode = 0

    def __init__(self, *_: object, **__: object) -> None:
        self.stdout = io.StringIO("output")

    def communicate(self, *_: object) -> tuple[bytes, bytes]:
        return b"output", b""


def _output(runner: Any, *_: object, **__: object) -> tuple[int, str]:
    keys = any("ssh-keyscan" in line for line in runner.script)
    return 0, _HOST_KEY if keys else _FACTS


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED):
        message = f"{event} is refused here"
        raise PermissionError(message)
    if event != "open" or isinstance(arguments[0], int):  # a number is open already
        return
    if isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        message = f"writing {arguments[0]} is refused here"
        raise PermissionError(message)


def main(tree: str, sets: int) -> None:
    """Record a release and print what was noted."""
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)
    said = sys.stdout
    sys.stdout = io.StringIO()
    recorder = Recorder(tree)
    for seed in range(sets):
        recorder.run(recorder.answers(seed))
    found = {
        name: {kind: sorted(values) for kind, values in noted.items()}
        for name, noted in recorder.notes.items()
    }
    json.dump(found, said)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), int(sys.argv[2]))
