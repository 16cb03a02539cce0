"""Revoked SSH keys: OpenSSH's revocation file, a list of public keys or a KRL. (PROTOCOL.krl)"""

from __future__ import annotations

import hashlib

from msgspec import Struct

from archive.errors import StatementError
from archive.ssh import krl
from archive.ssh.encoding import MalformedWire
from archive.ssh.key_form import check_form
from archive.ssh.keys import KeyUnusable, PublicKey

_MAGIC = b"SSHKRL\n\0"


class RevokedKeys(Struct, frozen=True):
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
            check_form(key := PublicKey.from_text(line))
            blobs.add(key.blob)
        except (KeyUnusable, MalformedWire) as error:
            raise StatementError(f"revoked keys line {number}: {error}", line=number) from error
    return RevokedKeys(frozenset(blobs))


def _parse_krl(content: bytes) -> RevokedKeys:
    found = krl.parse(content[len(_MAGIC) :])
    return RevokedKeys(frozenset(found.blobs), frozenset(found.digests))
