"""Fixes: edits of files, applied from the end so that earlier places stay true."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from plugindoc.checking.diagnostics import Diagnostic, Edit
from plugindoc.model.printing import same_length_lines
from plugindoc.opening import read_file

__all__ = ["FileChange", "apply", "plan"]

_BOM = "\ufeff"


class FileChange(msgspec.Struct, frozen=True):
    """A file's text before and after; `fixed` counts the findings that this repairs."""

    path: str
    before: str
    after: str
    fixed: int

    def diff(self, name: str) -> str:
        """Return the change as a unified diff of the file `name`."""
        import difflib  # noqa: PLC0415 - only --diff pays for it

        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def plan(root: Path, diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> tuple[FileChange, ...]:
    """Return what the fixes of these findings would change, file by file.

    Unsafe fixes count if `unsafe` is set. Of two fixes that overlap, the later one waits for the
    next run. A file outside `root` or not in UTF-8 is left alone.
    """
    by_file: dict[str, list[tuple[Edit, ...]]] = defaultdict(list)
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is not None and fix.edits and (fix.safe or unsafe):
            by_file[fix.edits[0].span.path].append(fix.edits)
    found = []
    for path, fixes in sorted(by_file.items()):
        text = _read(root, path)
        change = _changed(path, text, fixes) if text is not None else None
        if change is not None:
            found.append(change)
    return tuple(found)


def _read(root: Path, path: str) -> str | None:
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        return None
    try:
        return read_file(file).decode()
    except (OSError, UnicodeDecodeError):
        return None


def _changed(path: str, text: str, fixes: list[tuple[Edit, ...]]) -> FileChange | None:
    bom = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    starts = [0]
    for line in same_length_lines(body).split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    spans: list[tuple[int, int, str]] = []
    fixed = 0
    for edits in sorted(fixes, key=lambda fix: fix[0].span):
        placed = [_placed(edit, starts) for edit in edits]
        taken = [other for other in spans for mine in placed if _overlap(mine, other)]
        if not taken and all(end <= len(body) for _, end, _ in placed):
            spans += placed
            fixed += 1
    for start, end, new in sorted(spans, reverse=True):
        body = body[:start] + new + body[end:]
    after = bom + body
    return FileChange(path, text, after, fixed) if after != text else None


def _placed(edit: Edit, starts: list[int]) -> tuple[int, int, str]:
    span = edit.span
    last = len(starts) - 1
    start = starts[min(span.line - 1, last)] + span.column - 1
    end = starts[min(span.end_line - 1, last)] + span.end_column - 1
    return (start, end, edit.text)


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def apply(root: Path, changes: Iterable[FileChange]) -> None:
    """Write the changed files, each in one move, with the permissions that it had.

    Raises OSError if a file cannot be written.
    """
    import tempfile  # noqa: PLC0415 - only --fix pays for it

    for change in changes:
        file = (root / change.path).resolve()
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(change.after.encode())
            Path(name).chmod(file.stat().st_mode & 0o7777)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
