"""What the commands about answer files share: files read, and an installer to plan for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plugindoc.answers.parsing import AnswerFile, parse
from plugindoc.answers.settling import Settled, settle
from plugindoc.commands.failures import CannotRunError, reading_at
from plugindoc.model.questions import Questions

if TYPE_CHECKING:
    from plugindoc.answers.plan import Plan

__all__ = ["Planner", "read_answers", "read_text"]

_MOST_BYTES = 10_000_000


def read_answers(file: Path) -> AnswerFile:
    """Return an answer file, as `read_text` reads it."""
    return parse(read_text(file), str(file))


def read_text(file: Path) -> str:
    """Return an answer file's text; a file that is too large is refused before it is read."""
    with file.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        message = f"{file}: larger than {_MOST_BYTES:,} bytes; not an answer file"
        raise CannotRunError(message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"{file}:{line}: not UTF-8 (byte {error.start}); convert the file, for instance with "
            "iconv -f latin1 -t utf-8"
        )
        raise CannotRunError(message) from error


class Planner:
    """Makes plans of answer files for one installer."""

    def __init__(self, path: Path) -> None:
        self.reading, self.protocol = reading_at(path)
        self.questions = Questions(self.reading.project)

    def settle(self, given: AnswerFile) -> Settled:
        """Return what the installer asks for and has in the end."""
        return settle(given.answers, self.questions, self.reading.outcome, self.protocol)

    def plan(self, given: AnswerFile) -> Plan:
        """Return what an answer file will do."""
        from plugindoc.answers.consequences import consequences  # noqa: PLC0415 - commands start fast
        from plugindoc.answers.planning import PlanMaker  # noqa: PLC0415 - as above
        from plugindoc.answers.rewriting import with_hooks  # noqa: PLC0415 - as above

        settled = self.settle(given)
        found = consequences(settled, self.questions, self.reading.hook)
        found = with_hooks(found, self.questions.project.plugins, self.reading.hook)
        return PlanMaker(self.questions, self.protocol).make(given, found)
