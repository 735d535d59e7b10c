"""Errors and exit codes."""

from __future__ import annotations

from enum import IntEnum

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
    "TimeLimitError",
]


class ExitCode(IntEnum):
    """Exit codes of `source-packstack`, which are part of its public interface."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    ANSWERS = 3
    PREFLIGHT = 4
    HOST = 5
    TIME_LIMIT = 6
    INTERRUPTED = 130


class InstallerError(Exception):
    """A failure with one or more messages for the user: what is wrong, and how to fix it."""

    exit_code = ExitCode.FAILED

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class PluginError(InstallerError):
    """A plugin breaks the protocol."""


class ParamValidationError(ValueError):
    """A validator refuses a value; the message describes valid values."""


class ParamProcessingError(ValueError):
    """A processor cannot convert an answer."""


class AnswersError(InstallerError):
    """Answers are invalid."""

    exit_code = ExitCode.ANSWERS


class PreflightError(InstallerError):
    """Hosts do not meet the requirements; nothing was changed on any host."""

    exit_code = ExitCode.PREFLIGHT


class HostError(InstallerError):
    """Something failed on one host."""

    exit_code = ExitCode.HOST

    def __init__(self, host: str, message: str) -> None:
        self.host = host
        super().__init__(f"{host}: {message}")


class TimeLimitError(HostError):
    """Work on a host exceeded its time limit."""

    exit_code = ExitCode.TIME_LIMIT


class HostsFailedError(InstallerError):
    """Some hosts failed; raised after the other hosts have finished."""

    def __init__(self, *failures: HostError) -> None:
        self.exit_code = min(failure.exit_code for failure in failures)
        super().__init__(*map(str, failures))
