"""Two PDFs of other bytes, read side by side in a process that is cut off: their lines, pictures and other contents."""

from __future__ import annotations

import io
from datetime import datetime

import msgspec
from msgspec import Struct

from archive.cite.hashed_stream import HashedStream
from archive.cite.isolate import run_isolated

_START = "from archive.corroborate.pages.pdf_worker import main; main()"


class PdfPair(Struct, frozen=True):
    """What two PDFs show, and whether anything else in them differs."""

    lines: tuple[tuple[str, ...], tuple[str, ...]]
    """The lines of text of each, in reading order."""
    is_same_beside: bool
    """True where pages, pictures and all that is not shown are alike, but for lines of text that differ."""


class PdfReply(Struct, frozen=True):
    """What the process answers; nothing where one of the two cannot be read."""

    pair: PdfPair | None = None


def read_pdf_pair(one: bytes, other: bytes, visits: tuple[datetime, datetime]) -> PdfPair | None:
    """Read both in one process of their own, `visits` being when each was sent; None where it gives no answer."""
    words = [str(len(one)), *(each.isoformat() for each in visits)]
    both = one + other
    output = run_isolated(_START, words, HashedStream(io.BytesIO(both)), len(both))
    try:
        return msgspec.json.decode(output, type=PdfReply).pair
    except msgspec.MsgspecError:
        return None
