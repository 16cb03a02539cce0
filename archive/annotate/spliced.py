"""A report with something put between its bytes, every other byte as it was."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Spliced(Struct, frozen=True):
    """An annotated file."""

    content: bytes
    kind: str
    """What a mark is: `comment`, `attribute`; `annex` where there are none."""
    marked: frozenset[tuple[str, int]]
    """Source and citation (from 0) of each mark."""


class Insertion(Struct, frozen=True):
    """Bytes to put before the byte at `at`."""

    at: int
    content: bytes


def splice(original: bytes, insertions: Iterable[Insertion]) -> bytes:
    """Put insertions into bytes; those at one place stay in their order."""
    pieces: list[bytes] = []
    at = 0
    for insertion in sorted(insertions, key=lambda each: each.at):
        pieces += [original[at : insertion.at], insertion.content]
        at = insertion.at
    return b"".join([*pieces, original[at:]])


def escaped(text: str) -> bytes:
    """Text for XML and HTML in ASCII, whatever the encoding around it: everything else as character references."""
    safe = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        safe = safe.replace(sign, name)
    return safe.encode("ascii", "xmlcharrefreplace")
