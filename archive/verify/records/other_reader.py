"""What an independent reader says of a WARC."""

from __future__ import annotations

import io
from contextlib import redirect_stderr
from pathlib import Path

_PIECE = 1 << 20


def warcio_opinion(path: Path) -> str | None:
    """What warcio, an independent reader, says against a WARC; None where it reads all of it."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        with path.open("rb") as stream, redirect_stderr(io.StringIO()):  # it writes warnings there
            for record in ArchiveIterator(stream, no_record_parse=True):
                stream_of_record = record.raw_stream
                while stream_of_record.read(_PIECE):
                    pass
    except (ArchiveLoadFailed, ValueError, EOFError, OSError) as error:
        return " ".join(str(error).split())[:200] or type(error).__name__
    return None
