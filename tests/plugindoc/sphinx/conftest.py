"""Sites that are really built, in a process of the tests' own."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.plugindoc.sphinx.installers import write_installer, write_site

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Site:
    """A site beside the installer that it documents."""

    folder: Path
    read: list[str] = field(default_factory=list)
    warnings: str = ""
    app: Sphinx | None = None

    @property
    def installer(self) -> Path:
        return self.folder / "installer"

    @property
    def source(self) -> Path:
        return self.folder / "docs"

    def build(self, builder: str = "html", *, parallel: int = 1, **settings: object) -> Path:
        """Build it and return the output's folder; `read` and `warnings` tell about the build."""
        warnings = io.StringIO()
        out = self.folder / builder
        self.read = []
        with self._noted(warnings), patch_docutils(str(self.source)), docutils_namespace():
            app = Sphinx(
                str(self.source),
                str(self.source),
                str(out),
                str(self.folder / "doctrees"),
                builder,
                confoverrides={"nitpicky": True, **settings},
                status=None,
                warning=warnings,
                parallel=parallel,
            )
            app.connect("source-read", lambda _app, name, _text: self.read.append(name))
            app.build()
        self.app = app
        return out

    def refusal(self, builder: str = "dummy", **settings: object) -> str:
        """Return the one line with which a build ends that cannot go on."""
        with pytest.raises(SystemExit) as raised:
            self.build(builder, **settings)
        assert 2 == raised.value.code
        said = self.warnings.splitlines()
        assert 1 == len(said), said
        return said[0]

    @contextmanager
    def _noted(self, warnings: io.StringIO) -> Iterator[None]:
        try:
            yield
        finally:
            self.warnings = _COLOURS.sub("", warnings.getvalue())

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file, which has to be there."""
        file = self.folder / path
        content = file.read_text(encoding="utf-8")
        assert old in content, f"{path} does not hold {old!r}"
        file.write_text(content.replace(old, new), encoding="utf-8")


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Return what writes a site and its installer."""

    def make(
        index: str = "# Cloud\n", files: dict[str, str] | None = None, **settings: object
    ) -> Site:
        write_installer(tmp_path / "installer", files)
        write_site(tmp_path / "docs", index, **settings)
        return Site(tmp_path)

    return make
