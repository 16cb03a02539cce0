"""Digests: an algorithm and a value, never a bare hex string."""

from __future__ import annotations

import re

from msgspec import Struct

from archive_manifests.errors import StatementError

HEX_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""Hex digits of each algorithm that a bag or a WARC may name here."""

BAG_ALGORITHMS = ("sha256", "sha512")
"""What every bag of ours states for every file, in this order. (RFC 8493, section 2.4)"""

_HEX = re.compile(r"[0-9a-f]+\Z")


class Fixity(Struct, frozen=True, order=True):
    """One digest of one byte stream."""

    algorithm: str
    """Lower-case name that `hashlib.new` knows: `sha256`, `sha512`."""

    value: str
    """Lower-case hex; `parse` folds upper case."""

    @classmethod
    def parse(cls, text: str) -> Fixity:
        """Read `sha256:HEX`. Raises `StatementError`."""
        algorithm, colon, value = text.partition(":")
        algorithm, value = algorithm.lower(), value.lower()
        expected = HEX_LENGTHS.get(algorithm)
        if not colon or expected is None or len(value) != expected or not _HEX.match(value):
            raise StatementError(f"not a digest: {text!r}; expected algorithm:hex, such as sha256: and 64 hex digits")
        return cls(algorithm, value)

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value}"
