"""Paragraphs of usage texts: words, web addresses and e-mail addresses, read without docutils.

Whatever could be more than that is left to docutils, whose import alone takes as long as reading
ten plugins. The tests hold this reader against it.
"""

from __future__ import annotations

import re
from typing import Final

from plugindoc.model.project import Run

__all__ = ["SCHEMES", "folded", "read_runs"]

_NAMES: Final = (
    "about acap addbook afp afs aim callto castanet chttp cid crid data dav dict dns eid fax"
    " feed file finger freenet ftp go gopher gsm-sms h323 h324 hdl hnews http https hydra"
    " iioploc ilu im imap info ior ipp irc iris.beep iseek jar javascript jdbc ldap lifn"
    " livescript lrq mailbox mailserver mailto md5 mid mocha modem mtqp mupdate news nfs nntp"
    " opaquelocktoken phone pop pop3 pres printer prospero rdar res rtsp rvp rwhois rx sdp"
    " service shttp sip sips smb snews snmp soap.beep soap.beeps ssh t120 tag tcp tel"
    " telephone telnet tftp tip tn3270 tv urn uuid vemmi videotex view-source wais whodp"
    " whois++ x-man-page xmlrpc.beep xmlrpc.beeps z39.50r z39.50s"
)
SCHEMES: Final = frozenset(_NAMES.split())
"""What docutils takes for the scheme of an address, where a colon follows."""

_MARKUP: Final = re.compile(r"`|(?<![A-Za-z0-9.])\*(?=\S)|\\(?:\s|\Z)")
_ADDRESS: Final = re.compile(
    r"(?<![^\s'\"(])https?://[A-Za-z0-9/._~-]*[A-Za-z0-9/](?=['\".,;:)!]*(?:\s|\Z))"
    r"|(?<![^\s(])(?P<mail>'?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*@[A-Za-z0-9-][A-Za-z0-9.-]+[A-Za-z0-9])"
    r"(?=['\".,;:)!]*(?:\s|\Z))"
)
_SIGN: Final = re.compile(r"[.+-]")
_BEFORE_COLON: Final = re.compile(r"(?<![A-Za-z0-9.+-])([A-Za-z0-9.+-]++):(?=\S)")
_AROUND_AT: Final = re.compile(r"[^\s\"()<>\[\],;:.\\]@[^\s\"()<>\[\],;:.\\@]")
_ESCAPE: Final = re.compile(r"\\(.)")


def read_runs(text: str) -> tuple[str, tuple[Run, ...]] | None:
    """Return what the installer's loader shows of a paragraph, and its runs.

    None if there may be markup, or an address that is not recognised beyond doubt.
    """
    if _MARKUP.search(text):
        return None
    addresses = list(_ADDRESS.finditer(text)) if "@" in text or ":" in text else []
    if not addresses:
        if _may_hold_address(text):
            return None
        shown = _ESCAPE.sub(r"\1", text)
        return shown, (Run(text=folded(shown)),)
    rest = _ADDRESS.sub(" ", text)
    if "\\" in text or "@" in rest or _BEFORE_COLON.search(rest):
        return None  # if docutils finds a colon after no scheme, it looks for nothing more
    return _around(text, addresses)


def _around(text: str, addresses: list[re.Match[str]]) -> tuple[str, tuple[Run, ...]]:
    runs: list[Run] = []
    end = 0
    for found in addresses:
        runs += _words(text[end : found.start()])
        target = f"mailto:{found['mail']}" if found["mail"] else found[0]
        runs.append(Run(text=found[0], style="link", target=target))
        end = found.end()
    runs += _words(text[end:])
    return text[: addresses[0].start()], tuple(runs)


def _words(text: str) -> list[Run]:
    return [Run(text=folded(text))] if text else []


def _may_hold_address(text: str) -> bool:
    """Return whether docutils may see an address: a known scheme before a colon, or an at sign."""
    if "@" in text and _AROUND_AT.search(text):
        return True
    for found in _BEFORE_COLON.finditer(text) if ":" in text else ():
        word = found[1].lower()
        starts = [0, *(sign.end() for sign in _SIGN.finditer(word))]
        if any(word[start:] in SCHEMES for start in starts):
            return True
    return False


def folded(text: str) -> str:
    """Return a text with each run of white space as one space, also at its ends."""
    inner = " ".join(text.split())
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and inner else ""
    return f"{before}{inner}{after}"
