"""Signatures in OpenSSH's format (PROTOCOL.sshsig): the bytes that `ssh-keygen -Y sign` would write.

We sign with Ed25519, which is deterministic: one right file for a key and a message. What others sign with RSA, ECDSA
or a hardware token is checked too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import textwrap
from typing import Protocol

from msgspec import Struct

from archive.ssh.algorithms import algorithms_for, has_signed
from archive.ssh.encoding import FieldReader, MalformedWire, string
from archive.ssh.keys import ED25519, PublicKey
from archive_manifests.plain_text import plain_reason

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


class Signature(Struct, frozen=True):
    """What an armoured signature holds."""

    public_key: PublicKey
    namespace: str
    hash_name: str
    algorithm: str
    """`ssh-ed25519`, `rsa-sha2-512`…"""
    blob: bytes
    """What follows the algorithm's name: a string, and for a hardware token its flags and counter behind it."""

    def check(self, message: bytes, namespace: str) -> None:
        """Raise `BadSignature` unless the key signed exactly this message, for this namespace."""
        if self.namespace != namespace:
            raise BadSignature(f"made for the namespace {self.namespace!r}, not {namespace!r}")
        if not algorithms_for(self.public_key.kind):
            text = f"a {self.public_key.kind} signature, which is not checked here; ssh-keygen may check it"
            raise UnsupportedSignature(text)
        data = _signed_data(message, namespace, self.hash_name)
        if not has_signed(self.public_key, self.algorithm, self.blob, data):
            raise BadSignature("the key did not sign these bytes")


def sign(message: bytes, namespace: str, signer: Signer) -> bytes:
    """An armoured signature over `message`."""
    raw = signer.sign_raw(_signed_data(message, namespace, "sha512"))
    signature = Signature(signer.public_key, namespace, "sha512", ED25519, string(raw))
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
        + string(string(signature.algorithm.encode()) + signature.blob)
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
        reader = FieldReader(blob)
        if reader.take(len(_MAGIC)) != _MAGIC or reader.take(4) != _VERSION:
            raise BadSignature("not an SSH signature of version 1")
        key_blob, namespace, _reserved = reader.string(), reader.string(), reader.string()
        hash_name, signature_blob = reader.string().decode("ascii"), reader.string()
        reader.end()
        inner = FieldReader(signature_blob)
        algorithm, rest = inner.string().decode("ascii"), inner.rest()
        key = PublicKey.from_blob(key_blob)
        text = namespace.decode()
    except (MalformedWire, UnicodeDecodeError, ValueError) as error:
        raise BadSignature(f"malformed SSH signature: {plain_reason(error)}") from error
    if hash_name not in _HASHES:
        raise BadSignature(f"malformed SSH signature: hash {hash_name!r}")
    return Signature(key, text, hash_name, algorithm, rest)
