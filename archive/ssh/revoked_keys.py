"""Revoked SSH keys: OpenSSH's revocation file, a list of public keys or a KRL. (PROTOCOL.krl)"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import StatementError
from archive.ssh.encoding import FieldReader, MalformedWire
from archive.ssh.keys import KeyUnusable, PublicKey

_MAGIC = b"SSHKRL\n\0"
_VERSION = 1
_CERTIFICATES, _EXPLICIT, _SHA1, _SIGNATURE, _SHA256, _EXTENSION = 1, 2, 3, 4, 5, 255


@dataclass(frozen=True, slots=True)
class RevokedKeys:
    """Public keys, whole or by digest. A revoked key is trusted at no time: nobody knows since when it is stolen."""

    blobs: frozenset[bytes] = frozenset()
    digests: frozenset[bytes] = frozenset()
    """SHA-1 or SHA-256 of a key's blob."""

    def holds(self, key: PublicKey) -> bool:
        blob = key.blob
        known = {hashlib.sha256(blob).digest(), hashlib.sha1(blob, usedforsecurity=False).digest()}
        return blob in self.blobs or not known.isdisjoint(self.digests)


def parse_revoked(content: bytes) -> RevokedKeys:
    """Read a revocation file as `ssh-keygen -Y verify -r` takes it. Raises `StatementError`."""
    try:
        return _parse_krl(content) if content.startswith(_MAGIC) else _parse_list(content)
    except MalformedWire as error:
        raise StatementError(f"revoked keys: a broken KRL: {error}") from error


def _parse_list(content: bytes) -> RevokedKeys:
    blobs = set()
    for number, raw in enumerate(content.split(b"\n"), start=1):
        # getline(3) and the C strings after it: a line ends at LF, and what follows a NUL is not read.
        line = raw.partition(b"\0")[0].decode("utf-8", "surrogateescape").lstrip(" \t")
        if not line or line.startswith("#"):
            continue
        try:
            blobs.add(PublicKey.from_text(line).blob)
        except KeyUnusable as error:
            raise StatementError(f"revoked keys line {number}: {error}", line=number) from error
    return RevokedKeys(frozenset(blobs))


def _parse_krl(content: bytes) -> RevokedKeys:
    reader = FieldReader(content)
    reader.take(len(_MAGIC))
    if (version := int.from_bytes(reader.take(4), "big")) != _VERSION:
        raise MalformedWire(f"version {version}")
    reader.take(3 * 8)  # its own number, its date, its flags
    reader.string()  # reserved
    reader.string()  # comment
    blobs: set[bytes] = set()
    digests: set[bytes] = set()
    while not reader.is_at_end:
        kind, section = reader.take(1)[0], FieldReader(reader.string())
        if kind == _EXPLICIT:
            blobs.update(_strings(section))
        elif kind in (_SHA1, _SHA256):
            digests.update(_strings(section))
        elif kind == _EXTENSION and _is_critical(section):
            raise MalformedWire("an extension that has to be understood, and is not known here")
        elif kind not in (_CERTIFICATES, _SIGNATURE, _EXTENSION):  # certificates sign no bag
            raise MalformedWire(f"a section of kind {kind}")
    return RevokedKeys(frozenset(blobs), frozenset(digests))


def _strings(section: FieldReader) -> Iterator[bytes]:
    while not section.is_at_end:
        yield section.string()


def _is_critical(section: FieldReader) -> bool:
    section.string()  # its name
    return section.take(1) != b"\0"
