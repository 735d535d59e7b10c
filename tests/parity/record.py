"""Record what the plugins of a release declare, by running them.

It runs alone, in a process of its own, with the release's code on the path and the machine out of
reach: sockets are refused, no process starts, no folder is made, and what asks the machine answers
with MACHINE. Two recordings differ in exactly the values that only the running installer knows.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import types
import uuid
from pathlib import Path
from typing import Any, ClassVar

ANSWERS = ("defaults", "all-y", "all-n")


class Stub(types.ModuleType):
    """A library that is not installed: any name in it is a function that answers with a name."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {"__init__": lambda *_, **__: None})


def cut_off(machine: str, home: Path) -> None:
    """Take the machine away, before any of the release's code is imported."""

    def refuse(*_args: Any, **_more: Any) -> Any:
        message = "a recording reaches for nothing"
        raise OSError(message)

    class NoProcess:
        returncode = 0

        def __init__(self, *_args: Any, **_more: Any) -> None:
            pass

        def communicate(self, *_args: Any, **_more: Any) -> tuple[bytes, bytes]:
            return b"", b""

    socket.socket = refuse  # type: ignore[assignment,misc] # taken away
    socket.create_connection = refuse  # type: ignore[assignment] # taken away
    subprocess.Popen = NoProcess  # type: ignore[assignment,misc] # taken away
    os.system = refuse
    socket.gethostname = lambda: machine
    socket.getfqdn = lambda *_: machine
    platform.machine = lambda: machine
    os.uname = lambda: os.uname_result(("Linux", machine, "1", "1", machine))
    platform.linux_distribution = lambda *_, **__: (machine, "1", "x")  # type: ignore[attr-defined] # as Python 2 and 3.7 had it
    uuid.uuid4 = lambda: uuid.uuid5(uuid.NAMESPACE_DNS, machine + str(len(machine)))
    os.environ["HOME"] = str(home)
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / f"{machine}.pub").write_text("ssh-rsa AAAA\n")
    for name in ("mkdir", "symlink", "unlink", "chown"):
        setattr(os, name, lambda *_, **__: None)
    tempfile.mkdtemp = lambda *_, **__: str(home / "var")  # type: ignore[assignment] # makes nothing
    for name in ("netaddr", "distro", "netifaces", "OpenSSL", "cryptography", "yaml", "six", "pbr"):
        stub_missing(name)
    six: Any = sys.modules["six"]
    six.iteritems, six.itervalues = (lambda d: iter(d.items())), (lambda d: iter(d.values()))
    six.string_types, six.text_type, six.integer_types = (str,), str, (int,)
    six.PY2, six.PY3 = False, True
    distro: Any = sys.modules["distro"]
    distro.linux_distribution = lambda *_, **__: (machine, "1", "x")
    distro.name = distro.id = lambda *_, **__: machine
    netifaces: Any = sys.modules["netifaces"]
    netifaces.AF_INET, netifaces.AF_INET6 = 2, 10
    netifaces.interfaces = lambda: ["lo", machine]
    netifaces.gateways = lambda: {"default": {2: (machine, machine)}}
    netifaces.ifaddresses = lambda _: {2: [{"addr": machine}]}


def stub_missing(name: str) -> None:
    class Finder:
        @staticmethod
        def find_spec(dotted: str, *_: Any) -> Any:
            if dotted.partition(".")[0] != name:
                return None
            return importlib.machinery.ModuleSpec(dotted, Finder, is_package=True)

        @staticmethod
        def create_module(spec: Any) -> Stub:
            return Stub(spec.name)

        @staticmethod
        def exec_module(_: Any) -> None:
            pass

    sys.meta_path.insert(0, Finder)  # type: ignore[arg-type] # it has what a finder needs
    sys.modules.pop(name, None)
    importlib.import_module(name)


class Recorder:
    """Listens to the release's own controller."""

    def __init__(self, tree: Path, machine: str) -> None:
        sys.path.insert(0, str(tree))
        self._place_document(tree)
        tools = importlib.import_module("packstack.installer.utils")
        network = importlib.import_module("packstack.installer.utils.network")
        for module in (tools, network):
            module.get_localhost_ip = lambda: machine  # type: ignore[attr-defined] # asks the machine
        controller = importlib.import_module("packstack.installer.setup_controller")
        self.controller = controller.Controller()
        self.groups: list[Any] = []
        self.sequences: list[Any] = []
        self._listen("addGroup", self.groups)
        for name in ("addSequence", "insertSequence", "insertSequenceBeforeSequence"):
            self._listen(name, self.sequences)
        folder = tree / "packstack" / "plugins"
        sys.path += [str(folder), str(tree / "packstack" / "modules")]
        names = sorted(p.stem for p in folder.iterdir() if re.match(r"^[^_].*_\d\d\d\.py$", p.name))
        names.sort(key=lambda name: int(name[-3:]))
        self.plugins = [importlib.import_module(name) for name in names]

    @staticmethod
    def _place_document(tree: Path) -> None:
        """Let the release find its usage document, as an installed one does."""
        if not (tree / "docs" / "source" / "packstack.rst").exists():
            (found,) = tree.glob("*.data/data/share/packstack/packstack.rst")
            sys.prefix = str(found.parent.parent.parent)

    def _listen(self, name: str, heard: list[Any]) -> None:
        method = getattr(self.controller, name)

        def listening(*args: Any, **more: Any) -> None:
            method(*args, **more)
            heard.append((name, args, more))

        setattr(self.controller, name, listening)

    def record(self) -> dict[str, Any]:
        plugins = []
        for module in self.plugins:
            self.groups.clear()
            module.initConfig(self.controller)
            plugins.append(
                {
                    "module": module.__name__,
                    "name": getattr(module, "PLUGIN_NAME", None),
                    "doc": module.__doc__,
                    "groups": [_group(args) for _, args, _ in self.groups],
                    "sequences": {},
                }
            )
        self._answered = {}
        for answers in ANSWERS:
            self._answer(answers)
            self._answered[answers] = dict(self.controller.CONF)
            for module, plugin in zip(self.plugins, plugins, strict=True):
                self.sequences.clear()
                try:
                    module.initSequences(self.controller)
                except Exception as error:  # noqa: BLE001 - the release refuses these answers
                    plugin["sequences"][answers] = type(error).__name__
                    continue
                plugin["sequences"][answers] = [_sequence(call) for call in self.sequences]
        return {"plugins": plugins, "answers": self._answered}

    def _defaults(self) -> dict[str, Any]:
        return {
            name: [str(param.DEFAULT_VALUE), _plain(param.OPTION_LIST)]
            for group in self.controller.getAllGroups()
            for name, param in group.parameters.iteritems()
        }

    def _answer(self, answers: str) -> None:
        conf = self.controller.CONF
        conf.clear()
        for name, (default, choices) in self._defaults().items():
            wanted = {"all-y": "y", "all-n": "n"}.get(answers)
            both = isinstance(choices, list) and {"y", "n"} <= {str(one) for one in choices}
            conf[name] = wanted if wanted and both else default


def _group(args: Any) -> dict[str, Any]:
    group, params = args
    return {
        "group": {str(key): _plain(value) for key, value in group.items()},
        "params": [{str(key): _plain(value) for key, value in one.items()} for one in params],
    }


def _sequence(call: Any) -> dict[str, Any]:
    name, args, _ = call
    args = args[1:] if name == "insertSequenceBeforeSequence" else args
    steps = [[step["title"], [_plain(one) for one in step["functions"]]] for step in args[3]]
    return {"name": args[0], "steps": steps}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if callable(value):
        return {"callable": f"{value.__module__.rpartition('.')[2]}.{value.__name__}"}
    return repr(value)


def main(arguments: list[str]) -> None:
    tree, out, machine, home = Path(arguments[0]), Path(arguments[1]), arguments[2], arguments[3]
    cut_off(machine, Path(home))
    out.write_text(json.dumps(Recorder(tree, machine).record()))


if __name__ == "__main__":
    main(sys.argv[1:])
