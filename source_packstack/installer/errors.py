"""What can go wrong, and the exit code that tells a script about it."""

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
    """A failure with a message for the user, or several: what is wrong, and what to do."""

    exit_code = ExitCode.FAILED

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class PluginError(InstallerError):
    """A plugin breaks the protocol."""


class ParamValidationError(ValueError):
    """A validator refuses a value; the message says what would be right."""


class ParamProcessingError(ValueError):
    """A processor cannot make a usable value of an answer."""


class AnswersError(InstallerError):
    """Answers are wrong."""

    exit_code = ExitCode.ANSWERS


class PreflightError(InstallerError):
    """Hosts are not fit for the installation; nothing was changed on any."""

    exit_code = ExitCode.PREFLIGHT


class HostError(InstallerError):
    """Something failed on one host."""

    exit_code = ExitCode.HOST

    def __init__(self, host: str, message: str) -> None:
        self.host = host
        super().__init__(f"{host}: {message}")


class TimeLimitError(HostError):
    """Work on a host took longer than it was given."""

    exit_code = ExitCode.TIME_LIMIT


class HostsFailedError(InstallerError):
    """Some hosts failed; the others came to their end first."""

    def __init__(self, *failures: HostError) -> None:
        self.exit_code = min(failure.exit_code for failure in failures)
        super().__init__(*map(str, failures))
