"""Signatures in OpenSSH's format (PROTOCOL.sshsig), Ed25519 only: the bytes that `ssh-keygen -Y sign` would write.

Ed25519 is deterministic, so there is one right file for a key and a message, and anything else is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import textwrap
from dataclasses import dataclass
from typing import Protocol

from archive.ssh.encoding import MalformedWire, Reader, string
from archive.ssh.keys import ED25519, PublicKey

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70
_HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}


class BadSignature(Exception):
    """A signature that proves nothing; the text says why."""


class UnsupportedSignature(BadSignature):
    """A well-formed signature of a kind that is not checked here."""


class Signer(Protocol):
    """Whoever holds a private key: a file, an agent."""

    @property
    def public_key(self) -> PublicKey: ...

    def sign_raw(self, data: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over `data`."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What an armoured signature holds."""

    public_key: PublicKey
    namespace: str
    hash_name: str
    raw: bytes
    """64 bytes, R and S. (RFC 8032, 5.1.6)"""

    def check(self, message: bytes, namespace: str) -> None:
        """Raise `BadSignature` unless the key signed exactly this message, for this namespace."""
        if self.namespace != namespace:
            raise BadSignature(f"made for the namespace {self.namespace!r}, not {namespace!r}")
        if not self.public_key.verifies(self.raw, _signed_data(message, namespace, self.hash_name)):
            raise BadSignature("the key did not sign these bytes")


def sign(message: bytes, namespace: str, signer: Signer) -> bytes:
    """An armoured signature over `message`."""
    raw = signer.sign_raw(_signed_data(message, namespace, "sha512"))
    signature = Signature(signer.public_key, namespace, "sha512", raw)
    signature.check(message, namespace)  # an agent may answer with anything
    return armoured(signature)


def parse(content: bytes) -> Signature:
    """Read an armoured signature. Raises `BadSignature` for any spelling but ssh-keygen's own."""
    signature = _read_blob(_dearmoured(content))
    if armoured(signature) != content:
        raise BadSignature("not in its one spelling; it was edited or re-encoded after signing")
    return signature


def _signed_data(message: bytes, namespace: str, hash_name: str) -> bytes:
    digest = _HASHES[hash_name](message).digest()
    return _MAGIC + string(namespace.encode()) + string(b"") + string(hash_name.encode()) + string(digest)


def armoured(signature: Signature) -> bytes:
    """The one spelling of a signature file, as ssh-keygen writes it."""
    blob = (
        _MAGIC
        + _VERSION
        + string(signature.public_key.blob)
        + string(signature.namespace.encode())
        + string(b"")
        + string(signature.hash_name.encode())
        + string(string(ED25519.encode()) + string(signature.raw))
    )
    lines = textwrap.wrap(base64.b64encode(blob).decode(), _COLUMNS)
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def _dearmoured(content: bytes) -> bytes:
    lines = content.split(b"\n")
    if lines[0] != _BEGIN.encode() or lines[-2:] != [_END.encode(), b""]:
        raise BadSignature("not an armoured SSH signature")
    try:
        return base64.b64decode(b"".join(lines[1:-2]), validate=True)
    except binascii.Error as error:
        raise BadSignature("not base64 between its BEGIN and END lines") from error


def _read_blob(blob: bytes) -> Signature:
    try:
        reader = Reader(blob)
        if reader.take(len(_MAGIC)) != _MAGIC or reader.take(4) != _VERSION:
            raise BadSignature("not an SSH signature of version 1")
        key_blob, namespace, _reserved = reader.string(), reader.string(), reader.string()
        hash_name, signature_blob = reader.string().decode("ascii"), reader.string()
        reader.end()
        inner = Reader(signature_blob)
        kind, raw = inner.string().decode("ascii"), inner.string()
        inner.end()
        key = PublicKey.from_blob(key_blob)
        text = namespace.decode()
    except (MalformedWire, UnicodeDecodeError, ValueError) as error:
        raise BadSignature(f"malformed SSH signature: {error}") from error
    if key.kind != ED25519 or kind != ED25519:
        raise UnsupportedSignature(f"a {key.kind} signature; only {ED25519} is checked here, ssh-keygen checks others")
    if hash_name not in _HASHES or len(raw) != 64:
        raise BadSignature(f"malformed SSH signature: hash {hash_name!r}, {len(raw)} bytes")
    return Signature(key, text, hash_name, raw)
