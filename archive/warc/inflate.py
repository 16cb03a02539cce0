"""Undoing gzip, one member at a time, CRC and length checked. (RFC 1952)"""

from __future__ import annotations

from typing import Any

from isal import igzip_lib, isal_zlib

_WINDOW = 31  # what makes zlib and igzip expect a gzip member, and check its trailer

MAGIC = b"\x1f\x8b"

# isal's stubs call the class an instance.
Damaged: type[Exception] = igzip_lib.IsalError  # type: ignore[assignment]


def inflater() -> Any:
    """A new inflater for one member, with the interface of `zlib.decompressobj`."""
    return isal_zlib.decompressobj(_WINDOW)
