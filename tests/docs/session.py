"""A reader at a shell: one bash for a page, in an empty folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.blocks import Block

__all__ = ["MismatchError", "Session"]

_END: Final = "=== end of output ==="
_WIDTH: Final = "100"
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")


class MismatchError(AssertionError):
    """What a page says and what happens differ; the message names page and line."""


class Session:
    """Carries out a page's blocks; leave it to end the shell."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder = folder
        environment = {
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "COLUMNS": _WIDTH,
            "TERM": "dumb",
            "NO_COLOR": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "You",
            "GIT_AUTHOR_EMAIL": "you@example.org",
            "GIT_COMMITTER_NAME": "You",
            "GIT_COMMITTER_EMAIL": "you@example.org",
        }
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            text=True,
        )

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the shell."""
        self._shell.communicate(timeout=10)

    def console(self, block: Block) -> None:
        """Run a console block's commands; raise MismatchError where the output is another."""
        for line, command, expected in _commands(block):
            printed = self._run(command)
            if not _matches(expected, printed):
                message = (
                    f"{block.page}:{line}: `{command}` prints something else\n"
                    f"--- the page\n{expected}\n--- the command\n{printed}"
                )
                raise MismatchError(message)

    def save(self, block: Block) -> None:
        """Save a block as the file that its caption names."""
        target = self._here() / block.caption
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.content)

    def change(self, block: Block) -> None:
        """Apply a diff block to the file that its caption names."""
        done = subprocess.run(
            ["patch", "--no-backup-if-mismatch", block.caption],
            input=block.content,
            cwd=self._here(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"{block}: the change does not fit {block.caption}\n{done.stdout}"
            raise MismatchError(message)

    def _here(self) -> Path:
        return self.folder / self._run("pwd").strip()

    def _run(self, command: str) -> str:
        shell_in, shell_out = self._shell.stdin, self._shell.stdout
        if shell_in is None or shell_out is None:
            message = "the shell has no pipes"
            raise RuntimeError(message)
        # $? has to be the command's own when the page's next command asks for it.
        shell_in.write(f"{command}\n{{ _status=$?; echo '{_END}'; (exit $_status); }}\n")
        shell_in.flush()
        lines: list[str] = []
        for line in shell_out:
            if line.rstrip("\n").endswith(_END):
                lines.append(line.rstrip("\n").removesuffix(_END))
                break
            lines.append(line)
        seen = (line.rstrip() for line in _ANSI.sub("", "".join(lines)).splitlines())
        return "\n".join(seen).rstrip("\n")


def _commands(block: Block) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(block.content.splitlines(), block.line):
        if line.startswith("$ "):
            found.append((number, line[2:], []))
        elif line.startswith("> ") and found and not found[-1][2]:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line[2:]}", [])
        elif found:
            found[-1][2].append(line)
        else:
            message = f"{block.page}:{number}: a console block starts with a command behind `$ `"
            raise MismatchError(message)
    return [(number, command, "\n".join(output).rstrip("\n")) for number, command, output in found]


def _matches(expected: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None
