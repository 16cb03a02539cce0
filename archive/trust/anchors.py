"""Trust, kept by the reader outside every bag: a folder with `allowed_signers` and authorities' roots."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import StatementError, UsageProblem
from archive.ssh import allowed_signers
from archive.ssh.allowed_signers import AllowedSigner
from archive.ssh.keys import PublicKey
from archive.ssh.revoked_keys import RevokedKeys, parse_revoked
from archive.timestamp.crl import parse_crl

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

SIGNERS = "allowed_signers"
ROOTS = "tsa"
REVOKED = "revoked_keys"
"""Named as sshd_config(5) names it: a KRL, or a list of public keys."""

_LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class Anchors:
    """Whom the reader trusts to sign, and whose clocks."""

    signers: tuple[AllowedSigner, ...] = ()
    roots: tuple[Certificate, ...] = ()
    revoked: RevokedKeys = field(default_factory=RevokedKeys)
    crls: tuple[CertificateRevocationList, ...] = ()
    """What the authorities' issuers took back, as far as the reader holds their lists."""

    def entries_for(self, key: PublicKey, namespace: str) -> tuple[AllowedSigner, ...]:
        return tuple(entry for entry in self.signers if entry.speaks_for(key, namespace))


def load_anchors(folder: Path) -> Anchors:
    """Read a trust folder. Raises `UsageProblem` where there is none, `StatementError` where it says nothing usable."""
    if not folder.is_dir():
        raise UsageProblem(f"{folder}: no such trust folder; it holds {SIGNERS} and {ROOTS}/*.pem")
    signers = _load_signers(folder / SIGNERS)
    roots = tuple(root for path in sorted((folder / ROOTS).glob("*.pem")) for root in _load_roots(path))
    if not signers and not roots:
        raise StatementError(f"{folder}: trusts nobody; put {SIGNERS} and {ROOTS}/*.pem into it")
    crls = tuple(parse_crl(_read(path), str(path)) for path in sorted((folder / ROOTS).glob("*.crl")))
    return Anchors(signers, roots, _load_revoked(folder / REVOKED), crls)


def _load_signers(path: Path) -> tuple[AllowedSigner, ...]:
    if not path.exists():
        return ()
    try:
        return allowed_signers.parse(_read(path))
    except StatementError as error:
        raise StatementError(f"{path.parent}: {error}", line=error.line) from error


def _load_revoked(path: Path) -> RevokedKeys:
    if not path.exists():
        return RevokedKeys()
    try:
        return parse_revoked(_read(path))
    except StatementError as error:
        raise StatementError(f"{path}: {error}", line=error.line) from error


def _load_roots(path: Path) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(_read(path))
    except ValueError as error:
        raise StatementError(f"{path}: no certificates in PEM form ({error})") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise StatementError(f"{path}: larger than {_LARGEST:,} bytes")
    return content
