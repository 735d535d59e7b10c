"""Standard streams as commands need them, whatever they were started with."""

from __future__ import annotations

import io
import os
import sys

__all__ = ["finish_output", "prepare_streams"]

_INPUT, _OUTPUT, _ERRORS = range(3)


def prepare_streams() -> None:
    """Make every text printable, and a closed output fail as a full one does.

    A character that the output's encoding lacks is printed as ``?``. What was closed is opened on
    the null device: the next file to be opened would take its place.
    """
    for number in (_INPUT, _OUTPUT, _ERRORS):
        try:
            os.fstat(number)
        except OSError:  # it is closed; opening takes the lowest number that is free
            os.open(os.devnull, os.O_WRONLY if number == _ERRORS else os.O_RDONLY)
    sys.stdin = sys.stdin or os.fdopen(_INPUT, "r", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(_OUTPUT, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(_ERRORS, "w", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def finish_output() -> OSError | None:
    """Write what is still to be written; return why that failed.

    What cannot be written is dropped: Python would fail on it again, with a status of its own. A
    reader that closes the pipe early is not a failure.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUTPUT)
        os.close(nowhere)
        return None if isinstance(error, BrokenPipeError) else error
    return None
