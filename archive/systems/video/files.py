"""Stores a video as files that anybody can open, and as records that state where their bytes come from.

For each file: the exchange that holds it, or a record of our own that does (`resource` for a stream that came in parts,
`conversion` for one that was put together); the file; and a `metadata` record that ties it to the page. In this order,
so that a file which has its tie is finished, and an interrupted run does not fetch it again.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from archive.capture.visit import Visit, VisitOutcome
from archive.urls import Url
from archive.warc.new_record import Block, Text
from archive.warc.reader import block_of
from archive.workfolder.events import FileAdded
from archive.workfolder.recorded import Recorded
from archive_manifests import layout
from archive_manifests.records import RecordLine

SCHEMA = "archive.media/1"
_TYPES = {
    "mp4": "video/mp4", "m4a": "audio/mp4", "webm": "video/webm", "mkv": "video/x-matroska", "ts": "video/mp2t",
    "vtt": "text/vtt", "srt": "application/x-subrip", "mp3": "audio/mpeg", "jpg": "image/jpeg", "webp": "image/webp",
}  # fmt: skip
_NOT_IN_URN = re.compile(r"[^\w.+-]", re.ASCII)


class SpoolFile(Struct, frozen=True):
    """A record's block in a file of the spool."""

    path: Path
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> SpoolFile:
        digest, size = hashlib.sha256(), 0
        for piece in _read(path):
            digest.update(piece)
            size += len(piece)
        return cls(path, size, digest.hexdigest())

    def pieces(self) -> Iterator[bytes]:
        return _read(self.path)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


class SourceFiles(Struct):
    """Writes the media files of one source."""

    visit: Visit
    page: Url
    """URL of the page that shows the media."""
    page_record: str
    records: list[str] = field(default_factory=list)
    """Ids of our own records, in order."""
    files: list[str] = field(default_factory=list)

    def written_earlier(self) -> dict[str, dict[str, Any]]:
        """The files that earlier runs finished: path in the bag -> its tie."""
        work, found = self.visit.work, {}
        for line in self._notes():
            if line.type != "metadata":
                continue
            link = _parse_tie(block_of(work.base / line.file, line.offset, line.length))
            is_ours = link.get("schema") == SCHEMA and link.get("page") == self.page.href
            if is_ours and link.get("path") in work.state.files:
                found[str(link["path"])] = link
        return found

    def unnamed_records(self, outcome: VisitOutcome) -> list[str]:
        """Ids of the records that interrupted runs wrote for this source, and that nothing names yet."""
        named_records = {*outcome.trail.records, *outcome.extra_records}
        for requisite in outcome.requisites:
            named_records |= {*requisite.hops, requisite.record or ""}
        requested = self.visit.work.exchanges.answers_of(self.visit.id)
        derived = [line.id for line in self._notes() if line.type in ("resource", "conversion")]
        return [each for each in (*requested, *derived) if each not in named_records]

    def _notes(self) -> list[RecordLine]:
        own = (f"{layout.ARCHIVE}{self.visit.id}.", f"{layout.ARCHIVE}{self.visit.id}-")
        notes = list(self.visit.work.state.derived)
        return [line for note in notes for line in note.records if line.file.startswith(own)]

    def reuse(self, path: str) -> None:
        """Add a file that was written to this run's files, once."""
        if path not in self.files:
            self.files.append(path)

    def record_stream(
        self, path: Path, *, uri: str, media_type: str, answers: Iterable[Recorded]
    ) -> tuple[str, SpoolFile]:
        """The record with the bytes of a file: the exchange that transferred it whole, else a new `resource`."""
        block, named_records = SpoolFile.of(path), {recorded.answer for recorded in answers}
        for line in self._exchanges(named_records):
            if _payload_digest(line) == block.sha256:
                return line.answer, block
        for joined in self._notes():  # the fetcher has joined the parts already
            if joined.id in named_records and joined.payload_sha256 == block.sha256:
                return joined.id, block
        return self.derive("resource", uri, media_type, block), block

    def _exchanges(self, wanted: set[str]) -> list[Recorded]:
        return list(self.visit.work.exchanges.named(wanted))

    def derive(self, kind: str, uri: str, media_type: str, block: Block, *, refers_to: str | None = None) -> str:
        """Write a derived record and return its id."""
        line = self.visit.derived.write_derived(self.visit.id, kind, uri, media_type, block, refers_to=refers_to)
        self.records.append(line.id)
        return line.id

    def write_file(self, path: str, source: Path | bytes, *, record: str, role: str, **facts: Any) -> FileAdded:
        """Write a file and the `metadata` record that ties it to its record and its page."""
        work = self.visit.work
        work.require_space(source.stat().st_size if isinstance(source, Path) else len(source))
        return self._write_tie(self._add(path, source), record, role, facts)

    def write_payload(self, path: str, recorded: Recorded, *, record: str, limit: int) -> FileAdded:
        """Write the payload of one exchange to a file. Raises `CodingError`."""
        file_added = self.visit.derived.save_payload(self._free_path(path), recorded, limit)
        return self._write_tie(file_added, record, "video", {})

    def _write_tie(self, file_added: FileAdded, record: str, role: str, facts: dict[str, Any]) -> FileAdded:
        link = {
            "schema": SCHEMA,
            "page": self.page.href,
            "page_record": self.page_record,
            "path": file_added.path,
            "size": file_added.size,
            "sha256": file_added.sha256,
            "role": role,
            "record": record,
            **{name: value for name, value in facts.items() if value is not None},
        }
        self.visit.derived.write_statement(self.visit.id, record, link)
        self.reuse(file_added.path)  # two streams of the same bytes are one file
        return file_added

    def _add(self, path: str, source: Path | bytes) -> FileAdded:
        """Add a file; under the next free name where an unfinished run used the name for other bytes."""
        work = self.visit.work
        if path in work.state.files:
            digest = SpoolFile.of(source).sha256 if isinstance(source, Path) else hashlib.sha256(source).hexdigest()
            path = self._free_path(path, digest)
        return work.add_file(path, source)

    def _free_path(self, path: str, digest: str | None = None) -> str:
        """The path, or the next one like it that is free."""
        files, number = self.visit.work.state.files, 1
        stem, dot, ending = path.rpartition(".")
        while path in files and files[path].sha256 != digest:
            number += 1
            path = f"{stem}-{number}{dot}{ending}"
        return path


def _parse_tie(pieces: Iterable[bytes]) -> dict[str, Any]:
    try:
        link = json.loads(b"".join(pieces))
    except ValueError:
        return {}
    return link if isinstance(link, dict) else {}


def _payload_digest(recorded: Recorded) -> str | None:
    """SHA-256 of the payload, where it has no content coding."""
    if recorded.truncated is not None or recorded.header("Content-Encoding") is not None:
        return None
    return recorded.payload_sha256


def type_of(ext: str, *, is_sound: bool = False) -> str:
    """The media type of a file name's suffix; MP4 and WebM may contain sound alone."""
    known = _TYPES.get(ext) or mimetypes.guess_type(f"x.{ext}")[0] or "application/octet-stream"
    return known.replace("video/", "audio/") if is_sound else known


def urn(page: Url, name: str) -> str:
    """A target URI for a joined stream, which has no address of its own."""
    return f"urn:media:{_NOT_IN_URN.sub('_', name)}:{page.href}"


def in_memory(data: bytes) -> Block:
    return Text(data)
