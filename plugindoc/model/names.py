"""Names: the nearest one to a misspelt one, and those that sound like a secret's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["nearest", "sounds_secret"]

_LIKENESS: Final = 0.72
"""From this similarity on a name is worth suggesting; below it, it confuses."""

_PREFIX: Final = re.compile(r"^CONFIG_(?=.)")
"""What most names begin with: it makes none of them more alike."""

_CANDIDATES: Final = 5
_START: Final = 3
"""Characters that two names have in common when they begin alike."""

_SECRET_WORD: Final = re.compile(
    r"(?:PW|(?<!BY)(?<!COM)(?<!TRES)PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|CREDENTIALS?)"
    r"(?:_CONFIRMED)?$"
    r"|(?:^|_)(?:SECRET|ENC|ENCRYPTION|PRIVATE|ACCESS|API|ACTIVATION|AUTH_ENC)_KEY$"
    r"|(?:^|_)(?<!MAX_)(?<!MIN_)(?<!PER_)TOKEN$"
    r"|(?:^|_)AKEY$"
)

_PLACE_OF_SECRET: Final = re.compile(r"(?:^|_)(?:PATH|FILE|DIR)(?:_|$)")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that is most like `name`, None if none is like it.

    Names are compared word by word as well: one with a word of its own in the place of another
    (``CONFIG_NOVA_KS_PW``, ``CONFIG_NOVA_DB_PW``) is another name, not a misspelling.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelling pays for it

    plain = {_PREFIX.sub("", other): other for other in sorted(set(names) - {name}, reverse=True)}
    wanted = _PREFIX.sub("", name)
    alike = [other for other in plain if other[:_START] == wanted[:_START]]
    for candidates in (alike, plain):  # most misspellings come late, and comparing is slow
        found = get_close_matches(wanted, candidates, n=_CANDIDATES, cutoff=_LIKENESS)
        meant = next((plain[other] for other in found if _may_be_meant(wanted, other)), None)
        if meant is not None:
            return meant
    return None


_WORD: Final = re.compile(r"[^\W_]+")


def _may_be_meant(name: str, other: str) -> bool:
    """Return whether each word of the shorter name may mean one of the longer, in their order."""
    pair = _WORD.findall(name.lower()), _WORD.findall(other.lower())
    fewer, more = sorted(pair, key=len)
    if len(fewer) == len(more):
        return all(map(_alike, fewer, more))
    rest = iter(more)
    return "".join(fewer) == "".join(more) or all(
        any(_alike(word, candidate) for candidate in rest) for word in fewer
    )


def _alike(one: str, two: str) -> bool:
    """Return whether two words begin alike, have the same letters, or one abbreviates the other."""
    return (
        one[:2] == two[:2] or {*one} == {*two} or _abbreviates(one, two) or _abbreviates(two, one)
    )


def _abbreviates(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def sounds_secret(name: str) -> bool:
    """Return whether an option's name is that of a secret: a password, a token, a private key.

    Only the end of a name counts: ``CONFIG_X_DB_PW`` is a secret, ``CONFIG_X_TOKEN_FORMAT`` is
    none, nor is the place of one (``CONFIG_X_PASSWORD_FILE``, ``CONFIG_X_PATH_TO_PRIVATE_KEY``).
    """
    plain = name.upper().replace("-", "_")
    return _SECRET_WORD.search(plain) is not None and _PLACE_OF_SECRET.search(plain) is None
