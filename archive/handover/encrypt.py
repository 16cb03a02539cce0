"""Encryption with age: to recipients who hold X25519 or SSH keys, and back. (age-encryption.org/v1)"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from archive import posix
from archive.errors import ArchiveError, UsageProblem
from archive_manifests.plain_text import plain_reason

HEADS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
"""How an encrypted file starts, plain and armoured."""

_LARGEST_KEY_FILE = 1 << 16


class NotForUs(ArchiveError):
    """None of the given identities opens the file."""


class EncryptedDamaged(ArchiveError):
    """The encrypted file is cut off or was changed: nothing of it is used."""

    exit_code = 1


_SECRET = re.compile(r"AGE-SECRET-KEY-|AGE-PLUGIN-|-----BEGIN|PRIVATE KEY|PuTTY-User-Key", re.IGNORECASE)
"""What only files with secret keys say: such a key is never printed."""


def is_encrypted(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(64).startswith(HEADS)


def parse_recipient(text: str) -> Any:
    """A recipient: `age1…`, `ssh-ed25519 AAAA…` or `ssh-rsa AAAA…`. Raises `UsageProblem`."""
    import pyrage

    text = text.strip()
    if _SECRET.search(text):
        raise UsageProblem(
            "a secret key was given where a recipient is due; give the public key, age1… (age-keygen -y FILE) or"
            " ssh-… (FILE.pub), and whoever saw the secret key can open what is encrypted to it"
        )
    kind = pyrage.ssh.Recipient if text.startswith("ssh-") else pyrage.x25519.Recipient
    try:
        # The comment of an SSH key names its owner or the owner's machine; it is of no use here.
        return kind.from_str(" ".join(text.split()[:2]))
    except (pyrage.RecipientError, ValueError) as error:
        wanted = "expected age1…, ssh-ed25519 … or ssh-rsa …"
        raise UsageProblem(f"not a recipient: {text[:100]!r} ({plain_reason(error)}); {wanted}") from error


def read_recipients(path: Path) -> list[str]:
    """The recipients of a file, one a line, `#` before comments."""
    content = _read(path).decode("utf-8", "replace")
    if _SECRET.search(content):
        raise UsageProblem(
            f"{path}: a secret key, and no recipients; give its public key: age-keygen -y FILE, or FILE.pub for SSH"
        )
    lines = (line.strip() for line in content.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def parse_identities(path: Path) -> list[Any]:
    """The identities of a key file: age's own, or an SSH private key without passphrase. Raises `UsageProblem`."""
    import pyrage

    content = _read(path)
    try:
        if b"-----BEGIN" in content:
            return [pyrage.ssh.Identity.from_buffer(content)]
        lines = (line.strip() for line in content.decode("ascii").splitlines())
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, ValueError) as error:
        why = plain_reason(error)
        raise UsageProblem(f"{path}: no identity for age ({why}); an SSH key must have no passphrase") from error
    if not found:
        raise UsageProblem(f"{path}: holds no identity; expected a line AGE-SECRET-KEY-1… or an SSH private key")
    return found


def _read(path: Path) -> bytes:
    with posix.open_file(path) as file:
        content = file.read(_LARGEST_KEY_FILE + 1)
    if len(content) > _LARGEST_KEY_FILE:
        raise UsageProblem(f"{path}: too large for a key file")
    return content


def encrypt_stream(chunks: Iterable[bytes], place: Path, recipients: Sequence[Any]) -> None:
    """Encrypt a stream into a new file, and flush it to the disk. Memory use does not grow with the size."""
    import pyrage

    with place.open("xb") as file:
        pyrage.encrypt_io(_Readable(iter(chunks)), file, list(recipients))
        file.flush()
        os.fsync(file.fileno())


def decrypt_file(path: Path, place: Path, identities: Sequence[Any]) -> None:
    """Decrypt into a new file. Raises `NotForUs`, `EncryptedDamaged`; then what was written must not be used."""
    import pyrage

    try:
        with path.open("rb") as source, place.open("xb") as file:
            pyrage.decrypt_io(source, file, list(identities))
            file.flush()
            os.fsync(file.fileno())
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise NotForUs(f"{path}: encrypted to other recipients; no --identity given opens it") from error
        raise EncryptedDamaged(f"{path}: {error}; it was cut off or changed on its way") from error
    except OSError as error:
        if error.errno is not None:
            raise
        # So it reports that a chunk does not authenticate, or that the last one is missing.
        raise EncryptedDamaged(f"{path}: {plain_reason(error)}; it was cut off or changed on its way") from error


class _Readable(io.RawIOBase):
    """A stream of chunks as a file that can be read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        part = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(part) :]
        return bytes(part)


def padding_for(octets: int) -> int:
    """Zeros after so many bytes, so that the size shows little: at most 12 % more, mostly far less. (Padmé, PURBs)"""
    if octets < 2:
        return 0
    exponent = octets.bit_length() - 1
    low = exponent - exponent.bit_length()
    mask = (1 << low) - 1
    return (octets + mask & ~mask) - octets
