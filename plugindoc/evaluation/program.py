"""The installer's modules: found in its tree, parsed when they are asked for, each once."""

from __future__ import annotations

import sys
from collections.abc import Callable

from plugindoc.evaluation.state.values import ABSENT, ModuleValue, Pending, Unknown, Value
from plugindoc.reading.files import Trees
from plugindoc.reading.python import Module

__all__ = ["Program"]


class Program:
    """The modules of one installer.

    `paths` are the folders, relative to the tree, in which ``import`` looks, in order: the tree
    itself, and those that the installer adds (its plugins and their helpers).
    """

    def __init__(self, tree: Trees, paths: tuple[str, ...]) -> None:
        self.tree = tree
        self.paths = paths
        self.runner: Callable[[ModuleValue], None] = lambda _: None
        self._modules: dict[str, ModuleValue | None] = {}
        self._parsed: dict[str, Module | None] = {}
        self._here: dict[str, bool] = {}

    def parsed(self, path: str) -> Module | None:
        """Return a parsed file; None if it cannot be read."""
        if path not in self._parsed:
            self._parsed[path] = self.tree.parse(path)
        return self._parsed[path]

    def load(self, path: str, name: str) -> ModuleValue | None:
        """Return the module of a file under the name that the installer gives it."""
        if name not in self._modules:
            parsed = self._parsed[path] = self.tree.parse(path, thorough=True)
            self._modules[name] = None if parsed is None else ModuleValue(name, parsed)
        return self._modules[name]

    def package(self, name: str) -> ModuleValue | None:
        """Return a package by its whole name; None if it is not in the tree."""
        return self._find(name)

    def find(self, dotted: str, home: ModuleValue) -> ModuleValue | None:
        """Return a module by its dotted name, as seen from `home`; None if it is not here."""
        if not dotted:
            return None
        package = self.package_of(home)
        beside = f"{package}.{dotted}" if package else ""
        if beside and self._is_here(beside) and self._can_mean_beside(dotted, home):
            return self._find(beside)
        return self._find(dotted)

    def _can_mean_beside(self, dotted: str, home: ModuleValue) -> bool:
        """Return whether an import means the module beside its own, as Python 2 tries first."""
        if self._python2(home):
            return True
        return dotted.partition(".")[0] not in sys.stdlib_module_names and not self._is_here(dotted)

    def _is_here(self, name: str) -> bool:
        if name not in self._here:
            inside = name.replace(".", "/")
            self._here[name] = any(
                self.tree.has_file(path if folder == "." else f"{folder}/{path}")
                for folder in self.paths
                for path in (f"{inside}.py", f"{inside}/__init__.py")
            )
        return self._here[name]

    @staticmethod
    def _python2(home: ModuleValue) -> bool:
        return home.parsed is not None and home.parsed.python2

    def _find(self, name: str) -> ModuleValue | None:
        if name in self._modules:
            return self._modules[name]
        inside = name.replace(".", "/")
        found: ModuleValue | None = None
        for folder in self.paths:
            base = f"{folder}/{inside}" if folder != "." else inside
            for path in (f"{base}/__init__.py", f"{base}.py"):
                if self.tree.has_file(path):
                    parsed = self.parsed(path)
                    found = None if parsed is None else ModuleValue(name, parsed)
                    break
            else:
                if self.tree.has_folder(base):
                    found = ModuleValue(name, None)
            if found is not None:
                break
        self._modules[name] = found
        return found

    @staticmethod
    def package_of(home: ModuleValue) -> str:
        """Return the dotted name of the package that a module is in."""
        if home.parsed is not None and home.parsed.path.endswith("__init__.py"):
            return home.name
        return home.name.rpartition(".")[0]

    def absolute(self, level: int, module: str, home: ModuleValue) -> str | None:
        """Return the whole name of ``from ..module``; None if it leads out of the tree."""
        if level == 0:
            return module
        package = self.package_of(home).split(".")
        if level - 1 > len(package):
            return None
        base = package[: len(package) - (level - 1)]
        return ".".join([*base, module] if module else base)

    def member(self, module: ModuleValue, name: str) -> Value:
        """Return a module's member or submodule; `ABSENT` if there is none."""
        self.runner(module)
        content = module.scope.content
        if name in content:
            value = content[name]
            return self.resolve(value) if type(value) is Pending else value
        found = self._find(f"{module.name}.{name}")
        return ABSENT if found is None else found

    def resolve(self, value: Pending) -> Value:
        """Return what an import binds; its module is run now."""
        found = self.member(value.module, value.name)
        if found is ABSENT:
            reason = f"the module {value.module.name} has no {value.name}"
            return Unknown(value.node, value.home.parsed, reason)
        return found

    def exported(self, module: ModuleValue) -> tuple[str, ...] | None:
        """Return the names of a module's ``__all__``; None if it has none that is known."""
        names = module.scope.content.get("__all__")
        content = getattr(names, "content", names)
        if not isinstance(content, list | tuple):
            return None
        return tuple(name for name in content if isinstance(name, str))
