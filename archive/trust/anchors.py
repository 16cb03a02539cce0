"""The reader's own trust, outside every bag: a folder with `allowed_signers` and the roots of timestamp authorities."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from archive import posix
from archive.errors import StatementError, UsageProblem
from archive.ssh import allowed_signers
from archive.ssh.allowed_signers import AllowedSigner
from archive.ssh.keys import PublicKey
from archive.ssh.revoked_keys import RevokedKeys, parse_revoked
from archive.timestamp.crl import RevocationList, parse_lists
from archive.timestamp.trusted_list import TrustedList, is_trusted_list, parse_trusted_list
from archive.trust.wacz_signers import parse_wacz_signers
from archive_manifests.plain_text import plain_reason

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SIGNERS = "allowed_signers"
ROOTS = "tsa"
REVOKED = "revoked_keys"
"""Named as sshd_config(5) names it: a KRL, or a list of public keys."""

WACZ_SIGNERS = "wacz_signers"

_LARGEST = 16 << 20
_LONGEST_REASON = 500
"""Characters of why a key is not trusted: a line of the reader's own file may be long."""
_CERTIFICATES = (".pem", ".crt", ".cer", ".der")
_CERTIFICATE = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----")
_LIST = b"-----BEGIN X509 CRL-----"
_SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini"})
"""What file managers leave in a folder; names that begin with a dot are passed over as well."""


class Anchors(Struct, frozen=True):
    """Whom the reader trusts to sign, and whose clocks."""

    signers: tuple[AllowedSigner, ...] = ()
    roots: tuple[Certificate, ...] = ()
    revoked: RevokedKeys = field(default_factory=RevokedKeys)
    crls: tuple[RevocationList, ...] = ()
    """What the authorities' issuers revoked, as far as the reader has their lists."""
    trusted_lists: tuple[TrustedList, ...] = ()
    """Trusted lists of the European Union's states, as the reader pinned them."""
    wacz_signers: Mapping[str, str] = field(default_factory=dict)
    """Whose signatures in a WACZ the reader believes: names by the digest of a key or certificate, or by domain."""
    files: tuple[str, ...] = ()
    """What was read, file by file: `tsa/root.crt (certificates: 1)`."""
    unread: tuple[str, ...] = ()
    """Files of the trust folder that say nothing here, each with what was expected."""

    def entries_for(self, key: PublicKey, namespace: str) -> tuple[AllowedSigner, ...]:
        return tuple(entry for entry in self.signers if entry.speaks_for(key, namespace))

    def why_unknown(self, key: PublicKey, namespace: str) -> str | None:
        """Why a key that stands in `allowed_signers` is no trusted signer here; None for a key that is not there."""
        listed = [one for one in self.signers if one.key.blob == key.blob]
        if not listed or self.entries_for(key, namespace):
            return None
        holder = listed[0].principals if listed[0].names_somebody else "a line"
        return f"{holder} has this key in {SIGNERS}, {listed[0].why_not(namespace)}"[:_LONGEST_REASON]


def load_anchors(folder: Path) -> Anchors:
    """Read a trust folder. Raises `UsageProblem` where there is none, `StatementError` where it says nothing usable.

    Every file is read, or named in `unread`: a root or a list that is passed over would change what is believed.
    """
    if not folder.is_dir():
        problem = f"{posix.kind_of_place(folder)}, and no" if folder.exists() else "no such"
        raise UsageProblem(f"{folder}: {problem} trust folder; it holds {SIGNERS} and {ROOTS}/*.pem")
    signers = _load_signers(folder / SIGNERS)
    files = [f"{SIGNERS} (signers: {len(signers)})"] if signers else []
    found = AuthorityFiles()
    wacz_signers = _load_wacz_signers(folder / WACZ_SIGNERS)
    files += [f"{WACZ_SIGNERS} (signers: {len(wacz_signers)})"] if wacz_signers else []
    unread = [f"{name}: expected {SIGNERS}, {WACZ_SIGNERS}, {REVOKED} or {ROOTS}/" for name in _unknown_files(folder)]
    for path in sorted((folder / ROOTS).iterdir()) if (folder / ROOTS).is_dir() else ():
        if _is_of_the_system(path.name):
            continue
        with warnings.catch_warnings():
            # cryptography warns the terminal of odd names and of a serial below one. (RFC 5280, 4.1.2.2)
            warnings.simplefilter("ignore")
            read = _load_authority_file(path)
        found = found.with_file(read)
        files += [f"{ROOTS}/{path.name} ({read.counts})"] if read.counts else []
        if not read.counts:
            unread.append(f"{ROOTS}/{path.name}: expected certificates or revocation lists, in PEM or DER form")
    if not signers and not found.certificates and not wacz_signers:
        raise StatementError(f"{folder}: trusts nobody; put {SIGNERS} and {ROOTS}/*.pem into it")
    revoked = _load_revoked(folder / REVOKED)
    files += [REVOKED] if (folder / REVOKED).exists() else []
    return Anchors(
        signers=signers,
        roots=tuple(dict.fromkeys(found.certificates)),
        revoked=revoked,
        crls=found.lists,
        trusted_lists=found.trusted_lists,
        wacz_signers=wacz_signers,
        files=tuple(files),
        unread=tuple(unread),
    )


class AuthorityFiles(Struct, frozen=True):
    """What files of `tsa/` hold."""

    certificates: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    trusted_lists: tuple[TrustedList, ...] = ()

    def with_file(self, other: AuthorityFiles) -> AuthorityFiles:
        return AuthorityFiles(
            self.certificates + other.certificates,
            self.lists + other.lists,
            self.trusted_lists + other.trusted_lists,
        )

    @property
    def counts(self) -> str:
        parts = {
            "certificates": len(self.certificates),
            "revocation lists": len(self.lists),
            "trusted lists": len(self.trusted_lists),
        }
        return ", ".join(f"{what}: {number}" for what, number in parts.items() if number)


def _unknown_files(folder: Path) -> list[str]:
    known = {SIGNERS, WACZ_SIGNERS, REVOKED, ROOTS}
    return sorted(path.name for path in folder.iterdir() if path.name not in known and not _is_of_the_system(path.name))


def _is_of_the_system(name: str) -> bool:
    return name.startswith(".") or name in _SYSTEM_FILES


def _load_signers(path: Path) -> tuple[AllowedSigner, ...]:
    if not path.exists():
        return ()
    try:
        return allowed_signers.parse(_read(path))
    except StatementError as error:
        raise StatementError(f"{path.parent}: {error}", line=error.line) from error


def _load_wacz_signers(path: Path) -> Mapping[str, str]:
    return parse_wacz_signers(_read(path), str(path)) if path.exists() else {}


def _load_revoked(path: Path) -> RevokedKeys:
    if not path.exists():
        return RevokedKeys()
    try:
        return parse_revoked(_read(path))
    except StatementError as error:
        raise StatementError(f"{path}: {error}", line=error.line) from error


def _load_authority_file(path: Path) -> AuthorityFiles:
    """What one file of `tsa/` holds, judged by its content; a name that promises more is an error."""
    ending = path.suffix.lower()
    if not path.is_file():
        return AuthorityFiles()
    content = _read(path)
    has_certificates, has_lists = bool(_CERTIFICATE.search(content)), _LIST in content
    if has_certificates or has_lists:
        certificates = _pem_certificates(path, content) if has_certificates else []
        return AuthorityFiles(tuple(certificates), parse_lists(content, str(path)) if has_lists else ())
    if ending == ".crl":
        return AuthorityFiles(lists=parse_lists(content, str(path)))
    if ending == ".xml" or is_trusted_list(content):
        return AuthorityFiles(trusted_lists=(parse_trusted_list(content, str(path)),))
    certificate = _der_certificate(content)
    if certificate is not None:
        return AuthorityFiles((certificate,))
    try:
        return AuthorityFiles(lists=parse_lists(content, str(path)))
    except StatementError:
        if ending in _CERTIFICATES:
            raise StatementError(f"{path}: no certificates in PEM or DER form") from None
        return AuthorityFiles()


def _pem_certificates(path: Path, content: bytes) -> list[Certificate]:
    from cryptography.x509 import InvalidVersion, load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(content)
    except (ValueError, InvalidVersion) as error:
        raise StatementError(f"{path}: no certificates in PEM form ({plain_reason(error)})") from error


def _der_certificate(content: bytes) -> Certificate | None:
    from cryptography.x509 import InvalidVersion, load_der_x509_certificate

    try:
        return load_der_x509_certificate(content)
    except (ValueError, InvalidVersion):
        return None


def _read(path: Path) -> bytes:
    with posix.open_file(path) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise StatementError(f"{path}: larger than {_LARGEST:,} bytes")
    return content
