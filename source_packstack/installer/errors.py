"""What can go wrong, and the exit code that tells a script about it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AnswersError",
    "ExitCode",
    "HostError",
    "HostsFailedError",
    "InstallerError",
    "ParamProcessingError",
    "ParamValidationError",
    "PluginError",
    "PreflightError",
    "ScriptRuntimeError",
    "TimeLimitError",
]


class ExitCode(IntEnum):
    """How `source-packstack` ended; part of its public interface."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    ANSWERS = 3
    PREFLIGHT = 4
    HOST = 5
    TIME_LIMIT = 6
    INTERRUPTED = 130


class InstallerError(Exception):
    """A failure with a message for the user: what is wrong, and what to do."""

    exit_code = ExitCode.FAILED


class PluginError(InstallerError):
    """A plugin breaks the protocol."""


class ParamValidationError(ValueError):
    """A validator refuses a value; the message says what would be right."""


class ParamProcessingError(ValueError):
    """A processor cannot make a usable value of an answer."""


class _SeveralProblemsError(InstallerError):
    """Several problems that are told at once; `problems` has a text for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class AnswersError(_SeveralProblemsError):
    """Answers are wrong."""

    exit_code = ExitCode.ANSWERS


class PreflightError(_SeveralProblemsError):
    """Hosts are not fit for the installation; nothing was changed on any."""

    exit_code = ExitCode.PREFLIGHT


class HostError(InstallerError):
    """Something failed on one host."""

    exit_code = ExitCode.HOST

    def __init__(self, host: str, message: str) -> None:
        self.host = host
        self.message = message
        super().__init__(f"{host}: {message}")


class ScriptRuntimeError(HostError):
    """A script ended with another exit code than 0 (kept in `status`)."""

    def __init__(self, host: str, message: str, status: int) -> None:
        self.status = status
        super().__init__(host, message)


class TimeLimitError(HostError):
    """Work on a host took longer than it was given."""

    exit_code = ExitCode.TIME_LIMIT


class HostsFailedError(_SeveralProblemsError):
    """Some hosts failed; the others came to their end first."""

    exit_code = ExitCode.HOST

    def __init__(self, failures: Sequence[HostError]) -> None:
        super().__init__([str(failure) for failure in failures])
        if all(isinstance(failure, TimeLimitError) for failure in failures):
            self.exit_code = ExitCode.TIME_LIMIT
