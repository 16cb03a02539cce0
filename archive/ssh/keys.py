"""SSH keys: public keys of any type, named by their fingerprint; private Ed25519 keys in OpenSSH's file format."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.errors import AlreadyThere, ArchiveError
from archive.posix import write_new
from archive.ssh.encoding import FieldReader, MalformedWire, string
from archive_manifests.plain_text import plain_reason

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = "ssh-ed25519"
RSA = "ssh-rsa"
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
CURVES = {f"ecdsa-sha2-{curve}": curve for curve in ("nistp256", "nistp384", "nistp521")}
_PLAIN = (ED25519, RSA, "ssh-dss", *CURVES, SK_ED25519, SK_ECDSA)
KINDS = frozenset(_PLAIN) | {f"{kind.removesuffix('@openssh.com')}-cert-v01@openssh.com" for kind in _PLAIN}
"""The names of key types that OpenSSH knows. (sshkey.c, keyimpls)"""

_KEY_LINE = re.compile(r"([^ \t]*)[ \t]+([^ \t]+)", re.DOTALL)
_SKIPPED = "\n\v\f\r"
"""White space that OpenSSH skips in base64; blanks and tabs end it before."""

_LARGEST_KEY_FILE = 1 << 16
_FIELD = 2**255 - 19
_SMALL_ORDER_Y = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)
"""The y of every point whose order divides 8. (RFC 7748, section 6.1; the curve's cofactor is 8)"""


class KeyUnusable(ArchiveError):
    """A key file cannot be used: not there, not a key, not Ed25519."""

    exit_code = 2


class PassphraseNeeded(KeyUnusable):
    """The key file is encrypted and no passphrase, or a wrong one, was given."""


class PublicKey(Struct, frozen=True):
    """A public key as SSH encodes it, without any comment: a comment names its owner or the owner's machine."""

    blob: bytes
    kind: str

    @classmethod
    def from_blob(cls, blob: bytes) -> PublicKey:
        """Raises `MalformedWire`. Only an Ed25519 blob is read to its end."""
        reader = FieldReader(blob)
        kind = reader.string().decode("ascii", "strict")
        if kind == ED25519:
            point = reader.string()
            reader.end()
            if len(point) != 32:
                raise MalformedWire(f"an Ed25519 key of {len(point)} bytes")
        return cls(blob, kind)

    @classmethod
    def from_text(cls, text: str) -> PublicKey:
        """Read `ssh-ed25519 AAAA… [comment]`, with blanks as OpenSSH has them. Raises `KeyUnusable`."""
        found = _KEY_LINE.match(text)
        try:
            if found is None or found[1] not in KINDS:
                raise ValueError(text[:40])
            encoded = "".join(character for character in found[2] if character not in _SKIPPED)
            blob = base64.b64decode(encoded, validate=True)
            if base64.b64encode(blob).decode() != encoded:  # bits behind the end, which OpenSSH refuses
                raise ValueError(text[:40])
            key = cls.from_blob(blob)
        except (binascii.Error, ValueError) as error:
            raise KeyUnusable("not an OpenSSH public key; expected a line such as 'ssh-ed25519 AAAA…'") from error
        if key.kind != found[1]:
            raise KeyUnusable(f"an OpenSSH public key that says {found[1]!r} and holds {key.kind!r}")
        return key

    @classmethod
    def from_point(cls, point: bytes) -> PublicKey:
        return cls(string(ED25519.encode()) + string(point), ED25519)

    @property
    def text(self) -> str:
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and base64, as `ssh-keygen -l` prints it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")

    @property
    def safe_name(self) -> str:
        """The fingerprint as a file name: `-` for `:` and `+`, `_` for `/`."""
        return self.fingerprint.replace(":", "-").replace("+", "-").replace("/", "_")


def is_weak_point(point: bytes) -> bool:
    """True for an Ed25519 point that cannot be a key: of small order, or in a second encoding."""
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y >= _FIELD or y in _SMALL_ORDER_Y


class FileKey(Struct, frozen=True):
    """A private key from a file, in memory."""

    private: Ed25519PrivateKey

    @property
    def public_key(self) -> PublicKey:
        return PublicKey.from_point(self.private.public_key().public_bytes_raw())

    def sign_raw(self, data: bytes) -> bytes:
        return self.private.sign(data)


def read_key_file(path: Path) -> bytes:
    """The bytes of a key file, private or public. Raises `KeyUnusable`."""
    try:
        if not path.is_file():
            text = f"{path}: no such key file; make a key with `archive keygen`"
            raise KeyUnusable(text).worded("no-key", path=str(path))
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_KEY_FILE + 1)
    except OSError as error:
        raise KeyUnusable(f"{path}: {error.strerror}") from error
    if len(content) > _LARGEST_KEY_FILE:
        raise KeyUnusable(f"{path}: too large for a key file")
    return content


def is_encrypted(content: bytes) -> bool:
    """True where a private key in OpenSSH's format is encrypted. (PROTOCOL.key, `ciphername`)"""
    try:
        lines = content.decode("ascii").strip().splitlines()
        reader = FieldReader(base64.b64decode("".join(lines[1:-1])))
        return reader.take(15) == b"openssh-key-v1\0" and reader.string() != b"none"
    except ValueError:
        return False


def load_private(content: bytes, passphrase: bytes | None, name: str) -> FileKey:
    """The private key in OpenSSH's format that `content` holds. Raises `KeyUnusable`, `PassphraseNeeded`."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    encrypted = is_encrypted(content)
    if encrypted and not passphrase:
        raise PassphraseNeeded(f"{name}: encrypted; give its passphrase with --passphrase-file, or at a terminal")
    try:
        private = load_ssh_private_key(content, passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if encrypted:
            raise PassphraseNeeded(f"{name}: the passphrase does not open it, or the file is damaged") from error
        text = f"{name}: not a private key in OpenSSH's format ({plain_reason(error)}); `archive keygen` makes one"
        raise KeyUnusable(text) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"{name}: not an Ed25519 key; `archive keygen` makes one")
    return FileKey(private)


def write_new_key(path: Path, passphrase: bytes | None) -> PublicKey:
    """Make a key: `path` (mode 0600) and `path.pub`, neither with a comment. Raises `AlreadyThere`."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    beside = path.with_name(path.name + ".pub")
    if beside.exists():
        raise AlreadyThere(f"{beside}: there already, and a key is never overwritten; choose another name")
    private = Ed25519PrivateKey.generate()
    encryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    public = FileKey(private).public_key
    _write_exclusive(path, private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption), 0o600)
    try:
        _write_exclusive(beside, f"{public.text}\n".encode(), 0o644)
    except OSError:
        path.unlink()
        raise
    return public


def _write_exclusive(path: Path, content: bytes, mode: int) -> None:
    try:
        write_new(path, content, mode)
    except FileExistsError as error:
        raise AlreadyThere(f"{path}: there already, and a key is never overwritten; choose another name") from error
