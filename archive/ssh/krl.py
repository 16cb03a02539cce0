"""OpenSSH's key revocation lists, read as strictly as ssh-keygen reads them. (PROTOCOL.krl)

A list with one bit wrong must not become a list that revokes nothing: sections of certificates, which sign no bag, are
read to their end all the same, and whatever is not understood is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field

from archive.ssh.encoding import FieldReader, MalformedWire
from archive.ssh.key_form import check_form
from archive.ssh.keys import PublicKey

_VERSION = 1
_CERTIFICATES, _EXPLICIT, _SHA1, _SIGNATURE, _SHA256, _EXTENSION = 1, 2, 3, 4, 5, 255
_SERIALS, _RANGE, _BITMAP, _KEY_IDS, _CERTIFICATE_EXTENSION = 0x20, 0x21, 0x22, 0x23, 0x39
_DIGESTS = {_SHA1: 20, _SHA256: 32}
"""Bytes of the digests that a section lists."""

_LARGEST_BITMAP = 2048
"""Bytes of a number that OpenSSH reads. (sshbuf.h, SSHBUF_MAX_BIGNUM)"""

_LAST_SERIAL = 2**64 - 1


class KeyRevocationList(Struct):
    """What a list says of plain keys."""

    blobs: set[bytes] = field(default_factory=set)
    digests: set[bytes] = field(default_factory=set)


def parse(content: bytes) -> KeyRevocationList:
    """Read a list, from behind its magic bytes. Raises `MalformedWire`."""
    reader = FieldReader(content)
    if (version := reader.uint32()) != _VERSION:
        raise MalformedWire(f"version {version}")
    reader.take(3 * 8)  # its own number, its date, its flags
    reader.string()  # reserved
    _text(reader)  # comment
    found = KeyRevocationList()
    while not reader.is_at_end:
        kind, section = reader.take(1)[0], FieldReader(reader.string())
        _read_section(kind, section, found)
        section.end()
    return found


def _read_section(kind: int, section: FieldReader, found: KeyRevocationList) -> None:
    if kind == _EXPLICIT:
        found.blobs.update(_strings(section))
    elif kind in _DIGESTS:
        found.digests.update(_digests(section, _DIGESTS[kind]))
    elif kind == _CERTIFICATES:
        _read_certificates(section)
    elif kind == _EXTENSION:
        _read_extension(section)
    elif kind == _SIGNATURE:
        raise MalformedWire("a signed list, which ssh-keygen does not make and nobody checks")
    else:
        raise MalformedWire(f"a section of kind {kind}")


def _strings(section: FieldReader) -> Iterator[bytes]:
    while not section.is_at_end:
        yield section.string()


def _digests(section: FieldReader, size: int) -> Iterator[bytes]:
    for digest in _strings(section):
        if len(digest) != size:
            raise MalformedWire(f"a digest of {len(digest)} bytes where {size} belong")
        yield digest


def _read_extension(section: FieldReader) -> None:
    name = _text(section)
    if section.take(1) != b"\0":
        raise MalformedWire(f"the extension {name[:40]!r}, which has to be understood, and is not known here")
    section.string()


def _read_certificates(section: FieldReader) -> None:
    """Revoked certificates of one authority: looked at for their form alone."""
    authority = section.string()
    section.string()  # reserved
    if authority:
        _check_key(authority)
    while not section.is_at_end:
        kind, part = section.take(1)[0], FieldReader(section.string())
        if kind not in _CERTIFICATE_PARTS:
            raise MalformedWire(f"a section of certificates of kind {kind:#x}")
        _CERTIFICATE_PARTS[kind](part)
        part.end()


def _check_key(blob: bytes) -> None:
    try:
        check_form(PublicKey.from_blob(blob))
    except UnicodeDecodeError as error:
        raise MalformedWire("a key of an unreadable kind") from error


def _read_serials(part: FieldReader) -> None:
    while not part.is_at_end:
        _check_serials(first := _uint64(part), first)


def _read_range(part: FieldReader) -> None:
    _check_serials(_uint64(part), _uint64(part))


def _read_bitmap(part: FieldReader) -> None:
    """A number whose bits count from the first serial. (RFC 4251, section 5, mpint)"""
    first, raw = _uint64(part), part.string()
    if raw[:1] >= b"\x80" or len(raw) > _LARGEST_BITMAP + (raw[:1] == b"\0"):
        raise MalformedWire("a bitmap that is no number, or too large")
    bits = int.from_bytes(raw, "big")
    if bits:
        _check_serials(first + (bits & -bits).bit_length() - 1, first + bits.bit_length() - 1)


def _check_serials(first: int, last: int) -> None:
    if not 0 < first <= last <= _LAST_SERIAL:
        raise MalformedWire(f"serial numbers from {first} to {last}")


def _read_key_ids(part: FieldReader) -> None:
    while not part.is_at_end:
        _text(part)


_CERTIFICATE_PARTS: dict[int, Callable[[FieldReader], None]] = {
    _SERIALS: _read_serials,
    _RANGE: _read_range,
    _BITMAP: _read_bitmap,
    _KEY_IDS: _read_key_ids,
    _CERTIFICATE_EXTENSION: _read_extension,
}


def _uint64(reader: FieldReader) -> int:
    return int.from_bytes(reader.take(8), "big")


def _text(reader: FieldReader) -> bytes:
    """A C string: a NUL may stand at its very end alone. (sshbuf_get_cstring)"""
    text = reader.string()
    if b"\0" in text[:-1]:
        raise MalformedWire("a NUL inside a text")
    return text
