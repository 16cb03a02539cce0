"""Records that were made of others: each names what it was made of, and where that can be repeated it gives the record.

A body that came in parts is joined again, a stream that came in pieces put together again. What ffmpeg merged, what a
browser drew, streams whose pieces were encrypted, and subtitles that were put into one file are not made again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from archive.capture.range_resume import follow_on
from archive.errors import WarcError
from archive.http.coding import CodingError
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.warc.report import ScannedRecord
from archive.workfolder.recorded import Recorded
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, records_of
from archive_manifests.paths import BagPath

JOINED, MEDIA, RENDERING = "archive.joined/1", "archive.media/1", "archive.rendering/1"
_SHOWN = 160
_DESCRIPTION_AT_MOST = 48 << 20
_ANY_SIZE = 1 << 60
_LOOKED_AT = 64 << 10
_PLAYLISTS = frozenset({
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "application/dash+xml",
})  # fmt: skip
_REWRITTEN = ("text/", "application/x-subrip", "application/ttml")
"""How the types begin of what is written anew where it came in pieces: subtitles."""
_ENCRYPTED = re.compile(rb"#EXT-X-KEY:\s*METHOD=(?!NONE)")
_OTHER_HEADS = (b"SmoothStreamingMedia", b"http://ns.adobe.com/f4m")
"""In manifests of streams to which a head is written that no piece has."""


class MadeRecords(Struct, frozen=True):
    """The records of one source that hold what no single exchange holds."""

    entry: SourceEntry
    exchanges: StoredExchanges
    ties: list[dict[str, Any]]
    """The `archive.media/1` metadata that ties files to records."""
    is_own: Callable[[str], bool]
    """True of a record that this version wrote, for this source."""
    made_by: Callable[[str], str | None]
    """The other version that wrote a record; None for one of this version, with whichever source it is stored."""
    is_missing: bool
    """Something of a video of the source is missing."""
    is_left_behind: Callable[[ScannedRecord], bool]
    """True of a record that a stopped run left behind."""

    def check(self) -> Iterator[Finding]:
        """Compare each of them with what it was made of. Raises `Broken`."""
        made_of = {str(part.get("record")): part for tie in self.ties for part in _parts_of(tie)}
        tied = {str(tie.get("record")): tie for tie in self.ties}
        rendered = self._rendered()
        for name in dict.fromkeys(records_of(self.entry)):
            record = self.exchanges.records.get(name)
            if record is None or record.type not in ("resource", "conversion") or not self.is_own(name):
                continue
            if record.type == "conversion":
                yield from self._check_conversion(record, tied.get(name))
            elif (joined := self._described(name, JOINED)) is not None:
                yield from self._check_joined(record, joined)
            elif name in made_of:
                yield from self._check_stream(record, made_of[name])
            elif not (self.exchanges.about(name) or name in rendered or self._is_given(record, tied.get(name))):
                yield self._differs(record, "the records that it was made of", "none")
        for tie in self.ties:
            yield from self._check_parts(tie)
            yield from self._check_page(tie)

    def _check_page(self, tie: dict[str, Any]) -> Iterator[Finding]:
        """A file of the source is tied to a page of it. A stream that others show too has files of theirs."""
        if layout.source_of(str(tie.get("path"))) != self.entry.id or not self._is_written_by_this_version(tie):
            return
        name = str(tie.get("page_record"))
        is_named = name in records_of(self.entry)
        if is_named and self.exchanges.records.get(name) is None:
            return  # it is missing, which is a finding of its own
        found = self._address_of(name) if is_named else "no record of the source"
        stated = str(tie.get("page"))
        if stated.partition("#")[0] != found.partition("#")[0]:
            facts = {"expected": found[:_SHOWN], "found": stated[:_SHOWN], "note": str(tie.get("path"))[:_SHOWN]}
            yield make_finding("derivation-contradicted", BagPath(layout.LEDGER), **facts, source=self.entry.id)

    def _address_of(self, name: str) -> str:
        """The address of an exchange; of one without a response, only the metadata states it. Raises `Broken`."""
        record, exchange = self.exchanges.records.get(name), self.exchanges.get(name)
        if exchange is not None:
            return exchange.url.href
        return (record.uri or "") if record is not None else ""

    def _is_written_by_this_version(self, tie: dict[str, Any]) -> bool:
        """True of a tie in a record of this version, whichever source's records hold the bytes of its file."""
        statements = self.exchanges.metadata_of.get(str(tie.get("record")), ())
        return any(self.exchanges.records.metadata(each) == tie and self.made_by(each) is None for each in statements)

    def _differs(self, record: ScannedRecord, expected: str, found: str) -> Finding:
        path = self.exchanges.records.path_of(record.id) or BagPath(layout.LEDGER)
        facts = {"expected": expected[:_SHOWN], "found": found[:_SHOWN], "note": f"{record.type} {record.uri}"[:_SHOWN]}
        return make_finding("derivation-contradicted", path, **facts, source=self.entry.id, record=record.id)

    def _is_left(self, record: ScannedRecord) -> bool:
        """True of a stream for whose file there was no room, or that was written when the run was stopped."""
        return self.is_left_behind(record) or self.is_missing

    def _is_given(self, record: ScannedRecord, tie: dict[str, Any] | None) -> bool:
        """True also of subtitles that the description of a video contains: they are of no response of their own."""
        return (tie is not None and tie.get("role") == "subtitles") or self._is_left(record)

    def _described(self, name: str, schema: str) -> dict[str, Any] | None:
        metadata = map(self.exchanges.records.metadata, self.exchanges.metadata_of.get(name, ()))
        return next((about for about in metadata if about.get("schema") == schema), None)

    def _rendered(self) -> set[str]:
        """The records that renderings of the source consist of, those of an earlier pass included."""
        found = set(self.entry.rendering.records if self.entry.rendering is not None else ())
        for name in self.entry.exchanges:
            record = self.exchanges.records.get(name)
            if record is None or record.type != "metadata":
                continue
            about = self.exchanges.records.long_metadata(name, _DESCRIPTION_AT_MOST) or {}
            outputs = about.get("outputs") if about.get("schema") == RENDERING else None
            found |= {str(each.get("record")) for each in outputs or () if isinstance(each, dict)}
        return found

    def _check_joined(self, record: ScannedRecord, about: dict[str, Any]) -> Iterator[Finding]:
        """A body is what its parts give, each of which follows on the one before. (RFC 9110, 15.3.7)"""
        stated = about.get("parts")
        names = [name for name in stated if isinstance(name, str)] if isinstance(stated, list) else []
        parts = [part for name in names if (part := self.exchanges.get(name)) is not None]
        addresses = {about.get("url"), record.uri, *(part.url.href for part in parts)}
        if len(parts) != len(names) or len(parts) < 2 or len(addresses) != 1:
            yield self._differs(record, "two parts or more, of its address", ", ".join(names) or "none")
        elif not follow_on(parts):
            yield self._differs(record, "parts that follow on each other", ", ".join(names))
        elif (digest := _digest(part.payload() for part in parts)) != record.payload_sha256:
            yield self._differs(record, f"sha256:{digest}, of its parts", f"sha256:{record.payload_sha256}")

    def _check_conversion(self, record: ScannedRecord, tie: dict[str, Any] | None) -> Iterator[Finding]:
        """What ffmpeg merged names its streams; its record refers to the first of them. (WARC 1.1, 6.7)"""
        if tie is None:
            if not self._is_left(record):
                yield self._differs(record, "the records that it was made of", "none")
            return
        parts = [str(part.get("record")) for part in _parts_of(tie)]
        if len(parts) < 2 or record.refers_to != parts[0]:
            expected = f"made of two streams, the first {record.refers_to}"
            yield self._differs(record, expected, ", ".join(parts) or "none")

    def _check_parts(self, tie: dict[str, Any]) -> Iterator[Finding]:
        """Each stream that a file was made of is here, and is what is stated of it."""
        for part in _parts_of(tie):
            record = self.exchanges.records.get(str(part.get("record")))
            if record is None:
                yield self._missing(tie, f"the record {part.get('record')}")
                continue
            if self.made_by(record.id) is not None:
                continue
            known = record.payload_sha256
            if known is not None and known != part.get("sha256"):
                yield self._differs(record, f"sha256:{known}", f"sha256:{part.get('sha256')}")
            for name in _exchanges_of(part):
                if self.exchanges.get(name) is None:
                    yield self._missing(tie, f"the record {name}")

    def _missing(self, tie: dict[str, Any], expected: str) -> Finding:
        facts = {"expected": expected[:_SHOWN], "found": "no such record", "note": str(tie.get("path"))[:_SHOWN]}
        return make_finding("derivation-contradicted", BagPath(layout.LEDGER), **facts, source=self.entry.id)

    def _check_stream(self, record: ScannedRecord, part: dict[str, Any]) -> Iterator[Finding]:
        """A stream is what its pieces give, in the order in which they came."""
        names = _exchanges_of(part)
        answers = [answer for name in names if (answer := self.exchanges.get(name)) is not None]
        if record.id in names or len(answers) != len(names) or (record.content_type or "").startswith(_REWRITTEN):
            return
        try:
            digests = _put_together(answers)
        except (CodingError, WarcError):
            return  # of a response that was damaged, or never read
        if digests and record.payload_sha256 not in digests:
            yield self._differs(record, f"sha256:{digests[0]}, of its pieces", f"sha256:{record.payload_sha256}")


def _parts_of(tie: dict[str, Any]) -> list[dict[str, Any]]:
    parts = tie.get("made_of")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _exchanges_of(part: dict[str, Any]) -> list[str]:
    names = part.get("exchanges")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _digest(payloads: Iterable[Iterable[bytes]]) -> str:
    digest = hashlib.sha256()
    for payload in payloads:
        for piece in payload:
            digest.update(piece)
    return digest.hexdigest()


def _put_together(answers: list[Recorded]) -> list[str]:
    """The digests that the pieces of a stream may give together; none where it is not known how.

    A piece that was cut counts, as where the rest was requested, or was requested again as a whole; and so may do what
    came last, where a server began anew. Raises `CodingError`, `WarcError`.
    """
    pieces: list[Recorded] = []
    for answer in answers:
        start = answer.content(_LOOKED_AT) if answer.media_type in _PLAYLISTS or answer.size < _LOOKED_AT else b""
        if _ENCRYPTED.search(start) or any(mark in start for mark in _OTHER_HEADS):
            return []
        if answer.media_type not in _PLAYLISTS and not start.startswith((b"#EXTM3U", b"<?xml", b"<MPD")):
            pieces.append(answer)
    anew = max((number for number, piece in enumerate(pieces) if piece.status == 200), default=0)
    every, whole, last = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for number, piece in enumerate(pieces):
        wanted = [every, *([whole] if piece.truncated is None else []), *([last] if number >= anew else [])]
        for data in piece.decoded(_ANY_SIZE):
            for digest in wanted:
                digest.update(data)
    return [each.hexdigest() for each in (every, whole, last)]
