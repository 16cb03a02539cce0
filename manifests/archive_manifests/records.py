"""The records log (`data/provenance/records.jsonl`): one line for every WARC record, each chained to the last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from archive_manifests import canonical
from archive_manifests.errors import StatementError


class RecordLine(Struct, frozen=True):
    """Where one WARC record is and what it is. Field order is the order in the file."""

    file: str
    """Path in the bag, `data/archive/s01.warc.gz`."""
    offset: int
    """Bytes from the start of the file to the stored member."""
    length: int
    """Bytes of the stored (gzipped) member."""
    sha256: str
    """Hex digest of the stored member: it covers the WARC header too, which a block digest does not."""
    id: str
    """`urn:uuid:…`, without angle brackets."""
    type: str
    uri: str | None
    date: str
    http_status: int | None = None
    mime: str | None = None
    payload_sha256: str | None = None
    """Hex digest of the payload as WARC 1.1 defines it (section 5.9: transfer coding undone, content coding kept)."""
    truncated: str | None = None
    method: str | None = None
    """The request's method where it is another than GET: such an answer cannot be found by its URL alone."""
    prev: str | None = None
    """Hex sha256 of the line before, with its LF; on the first line what `first_prev` gives."""


_NO_PREV = len("null}\n")
ROUND_SCHEMA = "archive.round/1"


def first_prev(stamp: str | None, round_text: str | None) -> str | None:
    """What the first line states as `prev`: the hex sha256 of the first timestamp's reply, of the round, or of both.

    With a round, the digest of the canonical line `{schema, round, stamp}`: nobody writes the log before the round is
    known.
    """
    if round_text is None:
        return stamp
    text = canonical.line({"schema": ROUND_SCHEMA, "round": round_text, "stamp": stamp})
    return hashlib.sha256(text.encode()).hexdigest()


def chained(lines: Iterable[RecordLine], first_prev: str | None = None) -> Iterator[str]:
    """Yield the text of each line with `prev` set."""
    prev = first_prev
    for record in lines:
        text = canonical.line(record if record.prev is None else replace(record, prev=None))
        if prev is not None:
            text = f'{text[:-_NO_PREV]}"{prev}"}}\n'  # the last field
        prev = hashlib.sha256(text.encode()).hexdigest()
        yield text


def parse_line(text: bytes, number: int) -> RecordLine:
    """Read one line. Raises `StatementError`."""
    if not text.endswith(b"\n"):
        raise StatementError(f"records.jsonl line {number}: no LF at its end", line=number)
    return canonical.parse(text, RecordLine, what="records.jsonl", at_line=number)
