"""Derived records: what no single exchange holds, written beside the exchanges of the source that it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from msgspec import Struct

from archive.http.coding import CodingError
from archive.warc.new_record import Block, Draft, Text, warc_date
from archive.warc.writer import WarcWriter
from archive.workfolder.events import FileAdded, RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests import canonical
from archive_manifests.records import RecordLine


class DerivedRecords:
    """Writes `resource`, `conversion` and `metadata` records of no one exchange. Safe to use from any thread."""

    def __init__(
        self, writer: WarcWriter, work: WorkFolder, *, new_id: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._writer, self._work, self._new_id, self._now = writer, work, new_id, now

    def write(self, series: str, draft: Draft) -> RecordLine:
        """Write one record of a series of WARC files."""
        lines = self._writer.append(series, [draft], draft.date)
        self._work.record(RecordsAdded(lines))
        return lines[-1]

    def write_statement(self, series: str, about: str, stated: dict[str, Any]) -> RecordLine:
        """Write JSON as a `metadata` record about another record. (WARC 1.1, section 6.6)"""
        return self.write_metadata(series, "application/json", Text(canonical.document(stated).encode()), about)

    def write_unbound(self, series: str, stated: dict[str, Any]) -> RecordLine:
        """Write JSON as a `metadata` record about no other record of the series. (WARC 1.1, section 6.6)"""
        block = Text(canonical.document(stated).encode())
        return self.write(series, Draft("metadata", self._new_id(), self._now(), None, "application/json", block))

    def write_metadata(self, series: str, content_type: str, block: Block, about: str) -> RecordLine:
        """Write a `metadata` record with this block: without a target, and without a payload. (WARC 1.1, 5.9 and 5.12)

        By its URL a replay tool would show it in the place of the page that it is about.
        """
        fields = (("WARC-Refers-To", f"<{about}>"),)
        return self.write(series, Draft("metadata", self._new_id(), self._now(), None, content_type, block, fields))

    def write_derived(
        self, series: str, kind: str, uri: str, content_type: str, block: Block, *, refers_to: str | None = None
    ) -> RecordLine:
        """Write what no single exchange holds: a `resource` or a `conversion`. (WARC 1.1, sections 6.4 and 6.7)"""
        return self.write(series, self._derived(kind, uri, content_type, block, refers_to))

    def write_joined(self, parts: Sequence[Recorded], *, series: str) -> Recorded:
        """Write the body that `parts` make together, as a `resource` that names them. (WARC 1.1, section 6.4)"""
        first, body = parts[0], join(parts)
        resource = self._derived(
            "resource", first.url.href, first.media_type or "application/octet-stream", body, None, first.media_type
        )
        named = {"schema": "archive.joined/1", "url": first.url.href, "parts": [part.answer for part in parts]}
        about = Draft(
            type="metadata",
            id=self._new_id(),
            date=self._now(),
            uri=None,
            content_type="application/json",
            block=Text(canonical.document(named).encode()),
            fields=(("WARC-Refers-To", f"<{resource.id}>"),),
        )
        lines = self._writer.append(series, [resource, about], resource.date)
        self._work.record(RecordsAdded(lines, [part.answer for part in parts]))
        earlier = tuple(dict.fromkeys(record for part in parts for record in (*part.earlier, part.answer)))
        ended = warc_date(self._now())
        whole = replace(first, answer=resource.id, truncated=None, size=body.size, earlier=earlier, ended=ended)
        return replace(whole, _payload=body.pieces)

    def _derived(
        self, kind: str, uri: str, content_type: str, block: Block, refers_to: str | None, mime: str | None = None
    ) -> Draft:
        reference = (("WARC-Refers-To", f"<{refers_to}>"),) if refers_to is not None else ()
        return Draft(
            type=kind,
            id=self._new_id(),
            date=self._now(),
            uri=uri,
            content_type=content_type,
            block=block,
            # No payload digest: it is the block's (WARC 1.1, 5.9), and fastwarc 2.0 calls it wrong outside HTTP.
            fields=reference,
            mime=content_type.partition(";")[0] if mime is None else mime or None,
            payload_sha256=block.sha256,
        )

    def save_payload(self, path: str, recorded: Recorded, limit: int) -> FileAdded:
        """Write a payload as a file of the bag, beside the record that is the evidence. Raises `CodingError`."""
        try:
            return self._work.add_file(path, recorded.decoded(limit))
        except CodingError:
            (self._work.base / path).unlink(missing_ok=True)
            raise


class JoinedBody(Struct, frozen=True):
    """A body put together from the responses that hold its parts: the block of a `resource` record."""

    parts: tuple[Recorded, ...]
    size: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        return chain.from_iterable(part.payload() for part in self.parts)


def join(parts: Sequence[Recorded]) -> JoinedBody:
    """Measure the body that the parts make together."""
    digest, size = hashlib.sha256(), 0
    for piece in chain.from_iterable(part.payload() for part in parts):
        digest.update(piece)
        size += len(piece)
    return JoinedBody(tuple(parts), size, digest.hexdigest())
