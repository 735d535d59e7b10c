"""Names: the nearest one to a misspelt one, and those that sound like a secret's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["nearest", "sounds_secret"]

_LIKENESS: Final = 0.72
"""From this similarity on a name is worth suggesting; below it, it confuses."""

_START: Final = len("CONFIG_") + 3
"""Characters that two names have in common when they begin alike."""

_SECRET_WORD: Final = re.compile(
    r"(?:PW|PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|CREDENTIALS?)(?:_CONFIRMED)?$"
    r"|(?:^|_)(?:SECRET|ENC|ENCRYPTION|PRIVATE|ACCESS|API|ACTIVATION|AUTH_ENC)_KEY$"
    r"|(?:^|_)(?:AUTH|ADMIN|ACCESS|API|BEARER)_TOKEN$"
    r"|(?:^|_)AKEY$"
)

_PLACE_OF_SECRET: Final = re.compile(r"(?:^|_)(?:PATH|FILE|DIR)(?:_|$)")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is most like `name`, None where none is like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelling pays for it

    others = sorted(set(names) - {name})
    alike = [other for other in others if other[:_START] == name[:_START]]
    for candidates in (alike, others):  # most misspellings come late, and comparing is slow
        found = get_close_matches(name, candidates, n=1, cutoff=_LIKENESS)
        if found:
            return found[0]
    return None


def sounds_secret(name: str) -> bool:
    """Tell whether an option's name is that of a secret: a password, a token, a private key.

    Only the end of a name counts: ``CONFIG_X_DB_PW`` is a secret, ``CONFIG_X_TOKEN_FORMAT`` is
    none, nor is the place of one (``CONFIG_X_PASSWORD_FILE``, ``CONFIG_X_PATH_TO_PRIVATE_KEY``).
    """
    plain = name.upper().replace("-", "_")
    return _SECRET_WORD.search(plain) is not None and _PLACE_OF_SECRET.search(plain) is None
