"""A cited source that is a file itself, such as a PDF or a video: its bytes as the server sent them."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from archive.annotate.entries import evidence_of
from archive.annotate.opened import NotAnnotatable, OpenedBag
from archive.bag.interface import Broken
from archive.errors import WarcError
from archive.verify.records.stored_exchange import stored_exchange
from archive.verify.records.stored_records import RecordPlace, StoredRecords, scanned_of
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

LARGEST = 1 << 40
"""Decoded bytes of a file: what the record holds, and no limit of ours."""
PDF = "application/pdf"
_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/json"})
_ENDINGS = {"video/mp4": ".mp4", "audio/mpeg": ".mp3", "image/jpeg": ".jpg", "text/plain": ".txt", PDF: ".pdf"}
"""Where the table of the standard library knows several, or differs between systems."""
_PROGRAMS = frozenset({None, "application/x-msdos-program", "application/x-msdownload", "application/x-sh"})


class CitedFile(Struct, frozen=True):
    """What a response holds of a source that is no page."""

    line: RecordLine
    media_type: str
    suffix: str
    _recorded: Recorded

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes, codings undone. Raises `NotAnnotatable`."""
        try:
            yield from self._recorded.decoded(LARGEST)
        except (Broken, WarcError) as error:
            raise NotAnnotatable(f"{self.line.file} at {self.line.offset:,}: {error}; nothing was written") from error


def cited_file(opened: OpenedBag, entry: SourceEntry) -> CitedFile | None:
    """The file of a source; None where the source is a page, a gap, or a file that a person supplied."""
    evidence = evidence_of(entry, opened.source)
    line = opened.source.log.get(evidence.ref) if evidence.kind == "record" else None
    if line is None or line.type != "response" or not entry.copies or not 200 <= (line.http_status or 0) < 300:
        return None
    with suppress(Broken, WarcError):
        records = StoredRecords(opened.chunks_from, {line.id: RecordPlace(BagPath(line.file), scanned_of(line))})
        recorded = stored_exchange(records, line.id, {}, line.method or "GET")
        if recorded is not None and recorded.media_type and recorded.media_type not in _PAGES:
            return CitedFile(line, recorded.media_type, _suffix(recorded.media_type, line.uri or ""), recorded)
    return None


def _suffix(media_type: str, uri: str) -> str:
    """The ending that programs know: by the type, else the address's own; never one that a program would run."""
    known = _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type, strict=True)
    own = PurePosixPath(unquote(urlsplit(uri).path)).suffix.lower()
    if known is None or media_type == "application/octet-stream":
        known = own if mimetypes.guess_type(f"a{own}", strict=True)[0] not in _PROGRAMS else None
    return known if known and known[1:].isascii() and known[1:].isalnum() and len(known) <= 10 else ".bin"
