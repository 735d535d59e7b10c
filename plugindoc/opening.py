"""Opening files that others wrote: regular files of bounded size, never waited for."""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

__all__ = ["LARGEST", "is_utf8", "read_file"]

LARGEST: Final = 2_000_000
"""Bytes of the largest plugin, helper module, template or usage document that is read."""


def is_utf8(name: str) -> bool:
    """Return whether a file's name is UTF-8; Python keeps the bytes of others as surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_file(path: str | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file.

    Raises OSError if it cannot be read, is a folder, pipe, socket or device, or has more than
    `largest` bytes.
    """
    # A pipe without a writer would be waited for, and a terminal would become this process's own.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "no regular file", os.fspath(path))
        content = b"" if status.st_size > largest else file.read(largest + 1)
        if status.st_size > largest or len(content) > largest:
            raise OSError(errno.EFBIG, f"larger than {largest:,} bytes", os.fspath(path))
    return content
