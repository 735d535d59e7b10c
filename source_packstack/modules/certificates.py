"""A small certificate authority that uses the `openssl` command."""

from __future__ import annotations

import ipaddress
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from source_packstack.installer.errors import InstallerError

__all__ = ["Authority"]

_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")
_SECONDS_BEFORE_END = 30 * 24 * 3600


@dataclass(frozen=True)
class Authority:
    """An authority in a folder on this machine; its certificates are valid for `days` days."""

    folder: Path
    days: int

    def certificate(self) -> str:
        """Return the authority's own certificate (PEM), which is created if needed."""
        certificate, key = self.folder / "ca.crt", self.folder / "ca.key"
        if not (certificate.exists() and key.exists()):
            self._openssl(
                *("req", "-x509", "-new", *_CURVE, "-keyout", str(key), "-out", str(certificate)),
                *("-days", "3650", "-subj", "/CN=source-packstack authority"),
                *("-addext", "basicConstraints=critical,CA:TRUE,pathlen:0"),
                *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
            )
        return certificate.read_text()

    def issue(self, host: str) -> tuple[str, str]:
        """Return a host's certificate and private key (PEM); existing valid ones are kept.

        Raises InstallerError if openssl is missing or fails, or if the folder cannot be used.
        """
        self.certificate()
        certificate, key = self.folder / f"{host}.crt", self.folder / f"{host}.key"
        if not (key.exists() and self._lasts(certificate)):
            self._openssl(
                *("req", "-x509", "-new", *_CURVE, "-keyout", str(key), "-out", str(certificate)),
                *("-CA", str(self.folder / "ca.crt"), "-CAkey", str(self.folder / "ca.key")),
                *("-days", str(self.days), "-subj", "/O=source-packstack"),
                *("-addext", f"subjectAltName=critical,{_alternative_name(host)}"),
                *("-addext", "basicConstraints=critical,CA:FALSE"),
                *("-addext", "extendedKeyUsage=serverAuth,clientAuth"),
            )
        return certificate.read_text(), key.read_text()

    def _lasts(self, certificate: Path) -> bool:
        """Return whether a certificate was issued by this authority and does not expire soon."""
        then = str(int(time.time()) + _SECONDS_BEFORE_END)
        arguments = ["verify", "-CAfile", str(self.folder / "ca.crt"), "-attime", then]
        return certificate.exists() and not _run([*arguments, str(certificate)]).returncode

    def _openssl(self, *arguments: str) -> None:
        try:
            self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        except OSError as error:
            raise InstallerError(
                f"CONFIG_SSL_FOLDER: {self.folder} cannot be made ({error.strerror})"
            ) from error
        done = _run(list(arguments))
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
            raise InstallerError(f"openssl could not make a certificate; it says: {said[0]}")


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["openssl", *arguments], capture_output=True, text=True, check=False, umask=0o077
        )
    except FileNotFoundError as error:
        raise InstallerError(
            "certificates are made with openssl, which is not installed on this machine"
        ) from error


def _alternative_name(host: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(host)}"
    except ValueError:
        return f"DNS:{host}"
