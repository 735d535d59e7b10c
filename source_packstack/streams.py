"""Standard streams that are always usable, however the command was started."""

from __future__ import annotations

import io
import os
import sys

__all__ = ["finish_output", "prepare_streams"]

_INPUT, _OUTPUT, _ERRORS = range(3)


def prepare_streams() -> None:
    """Make every text printable, and make a closed output fail like a full disk.

    Characters that the encoding of the output lacks are printed as ``?``. Closed streams are opened
    on the null device; otherwise, the next opened file would take their place.
    """
    for number in (_INPUT, _OUTPUT, _ERRORS):
        try:
            os.fstat(number)
        except OSError:  # it is closed; opening takes the lowest free number
            os.open(os.devnull, os.O_WRONLY if number == _ERRORS else os.O_RDONLY)
    sys.stdin = sys.stdin or os.fdopen(_INPUT, "r", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(_OUTPUT, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(_ERRORS, "w", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def finish_output() -> OSError | None:
    """Flush all output; return why this failed, or None.

    Output that cannot be written is dropped; otherwise, Python would fail again on exit, with its
    own status. A reader that closes the pipe early is not a failure.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUTPUT)
        os.close(nowhere)
        return None if isinstance(error, BrokenPipeError) else error
    return None
