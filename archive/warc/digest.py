"""Digests as WARC fields state them: every algorithm and spelling found in the wild. (WARC 1.1, 5.8 and 5.9)"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from enum import StrEnum
from typing import Any

_ALGORITHMS: dict[str, Callable[..., Any]] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}

_NAMES = {name: name for name in _ALGORITHMS} | {
    # Labels are free; `sha-256` is what IANA registers (warc-specifications #80).
    name.replace("sha", "sha-"): name
    for name in _ALGORITHMS
}

_TO_BASE_32 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz",
    ("0123456789ABCDEFGHIJKLMNOPQRSTUV0123456789ABCDEFGHIJKLMNOP"),
    "=",
)
"""From the digits of RFC 4648 to those that `int` knows: ten times as fast as `base64.b32decode`."""

TO_BASE_32_BYTES = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHIJKLMNOPQRSTUV")
"""The same for bytes in upper case."""

_NOT_BASE_32 = frozenset("0189")
_BASE_64 = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}\Z")


class DigestVerdict(StrEnum):
    """What became of a stated digest."""

    GOOD = "good"
    BAD = "bad"
    ABSENT = "absent"
    """None is stated."""
    UNKNOWN = "unknown"
    """Stated in an algorithm that is not known here."""
    MALFORMED = "malformed"
    """Neither hex nor base32 of the algorithm's length."""
    UNCHECKED = "unchecked"
    """It is of bytes that are not in this record, or that were not read."""


def algorithm_of(stated: str) -> str | None:
    """The name that hashlib knows for a stated digest's algorithm; None where it is unknown."""
    return _NAMES.get(stated.partition(":")[0].strip().lower())


def hasher(algorithm: str) -> Any:
    """A new hash object."""
    return _ALGORITHMS[algorithm]()


def constructor(algorithm: str) -> Callable[..., Any]:
    """What makes hash objects, for those who need many."""
    return _ALGORITHMS[algorithm]


def sha256_hex(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()


def from_base_32(digits: str) -> int:
    """The number that base32 digits spell. (RFC 4648, section 6)"""
    return int(digits.translate(_TO_BASE_32), 32)


def is_base_64(stated: str, size: int) -> bool:
    """True for a digest of `size` bytes in base64 or base64url: a few writers use it, the standard does not."""
    value = stated.partition(":")[2].strip()
    return len(value) == -(-size // 3) * 4 and _BASE_64.match(value) is not None


def judge(stated: str, digest: bytes) -> DigestVerdict:
    """Hold a stated digest against the computed one: hex in either case, base32 with or without padding, base64."""
    value = stated.partition(":")[2].strip()
    size = len(digest)
    if len(value) == 2 * size and not value.strip("0123456789abcdefABCDEF"):
        return _same(value.lower(), digest.hex())
    if is_base_64(stated, size):
        return _same(value.replace("-", "+").replace("_", "/"), b64encode(digest).decode())
    bare = value.rstrip("=")
    bits = 5 * len(bare)
    if not 0 <= bits - 8 * size < 5 or not bare.isalnum() or not bare.isascii() or _NOT_BASE_32.intersection(bare):
        return DigestVerdict.MALFORMED
    spare = bits - 8 * size
    return _same(from_base_32(bare), int.from_bytes(digest, "big") << spare)


def _same(stated: object, computed: object) -> DigestVerdict:
    return DigestVerdict.GOOD if stated == computed else DigestVerdict.BAD
