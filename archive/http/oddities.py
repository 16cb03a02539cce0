"""What is unusual about a response head, for whoever wants to know later why readers of it disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.http.head import Head
from archive_manifests.notes import Note, note

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_MAX_NAMED = 20
"""Different oddities of lines that are reported; a hostile head has thousands."""


def oddities_of(raw: bytes, head: Head) -> list[Note]:
    """What is unusual about a final head; `raw` is its bytes, empty line included."""
    found = [] if head.is_plain else list(dict.fromkeys(_lines(raw)))[:_MAX_NAMED]
    if _CONTROL.search(raw) is not None:
        found.append(note("head-controls"))
    return [*found, *_ambiguities(head)]


def _lines(raw: bytes) -> Iterator[Note]:
    """Deviations that the standard lets a reader mend, each in its own way. (RFC 9112, sections 2.2, 5.1, 5.2)"""
    if raw[:1] in (b"\r", b"\n"):
        yield note("head-empty-lines")
    if _BARE.search(raw.lstrip(b"\r\n")) is not None:
        yield note("head-line-ends")
    for line in raw.lstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")[1:]:
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            yield note("head-folded")
        elif line and not colon:
            yield note("head-no-colon")
        elif line and _NAME.match(name) is None:
            is_spaced = _NAME.match(name.strip()) is not None
            field = name.strip().decode("latin-1")[:60]
            yield note("head-space-before-colon", name=field) if is_spaced else note("head-no-name")


def _ambiguities(head: Head) -> Iterator[Note]:
    """Fields that contradict one another: what the body is depends on who reads it. (RFC 9112, section 6)"""
    encodings = head.all("Transfer-Encoding")
    if encodings:
        if head.all("Content-Length"):
            yield note("length-beside-coding")
        if head.version in ("0.9", "1.0"):
            yield note("coding-in-old-http", detail=head.version)
        if len(encodings) > 1:
            yield note("coding-repeated")
        if [encoding.strip().lower() for encoding in encodings[-1].split(",")] != ["chunked"]:
            yield note("coding-not-chunked")
    if len(set(head.all("Location"))) > 1:
        yield note("locations-differ")
    if head.status < 100:
        yield note("status-below-100", status=head.status)
