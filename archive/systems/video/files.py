"""Stores a film: as files that anybody can open, and as records that state where their bytes come from.

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
_UNFIT = re.compile(r"[^\w.+-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The block of a record that is a file of the spool."""

    place: Path
    size: int
    sha256: str

    @classmethod
    def of(cls, place: Path) -> OnDisk:
        digest, size = hashlib.sha256(), 0
        for piece in _read(place):
            digest.update(piece)
            size += len(piece)
        return cls(place, size, digest.hexdigest())

    def pieces(self) -> Iterator[bytes]:
        return _read(self.place)


def _read(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


@dataclass(slots=True)
class SourceFiles:
    """Lays down what belongs to one source."""

    visit: Visit
    page: Url
    """Of the page that shows it."""
    page_record: str
    records: list[str] = field(default_factory=list)
    """Ids of our own records, in order."""
    files: list[str] = field(default_factory=list)

    def earlier(self) -> dict[str, dict[str, Any]]:
        """What earlier runs laid down whole: path in the bag -> its tie."""
        work, found = self.visit.work, {}
        for line in self._notes():
            if line.type != "metadata":
                continue
            link = _link_of(block_of(work.base / line.file, line.offset, line.length))
            is_ours = link.get("schema") == SCHEMA and link.get("page") == self.page.href
            if is_ours and link.get("path") in work.state.files:
                found[str(link["path"])] = link
        return found

    def left_over(self, outcome: VisitOutcome) -> list[str]:
        """Ids of what runs that did not get to their end asked for on behalf of this source, and nothing names yet."""
        named = {*outcome.trail.records, *outcome.extra_records}
        for requisite in outcome.requisites:
            named |= {*requisite.hops, requisite.record or ""}
        exchanges = list(self.visit.work.state.exchanges)
        requested = [line.answer for line in exchanges if line.series == self.visit.id]
        derived = [line.id for line in self._notes() if line.type in ("resource", "conversion")]
        return [each for each in (*requested, *derived) if each not in named]

    def _notes(self) -> list[RecordLine]:
        series = re.compile(rf"{layout.ARCHIVE}{re.escape(self.visit.id)}(?:-\d+)?\.warc\.gz\Z")
        notes = list(self.visit.work.state.derived)
        return [line for note in notes for line in note.records if series.match(line.file)]

    def take(self, path: str) -> None:
        """A file that an earlier run laid down is this run's too."""
        self.files.append(path)

    def hold(self, place: Path, *, uri: str, media_type: str, answers: Iterable[Recorded]) -> tuple[str, OnDisk]:
        """The record that holds what is in a file: the exchange that brought it whole, else a `resource` of ours."""
        block, named = OnDisk.of(place), {recorded.answer for recorded in answers}
        for line in self._exchanges(named):
            if _payload_digest(line) == block.sha256:
                return line.answer, block
        for joined in self._notes():  # the fetcher has put together what came in parts itself
            if joined.id in named and joined.payload_sha256 == block.sha256:
                return joined.id, block
        return self.derive("resource", uri, media_type, block), block

    def _exchanges(self, wanted: set[str]) -> list[Recorded]:
        return [line for line in list(self.visit.work.state.exchanges) if line.answer in wanted]

    def derive(self, kind: str, uri: str, media_type: str, block: Block, *, refers_to: str | None = None) -> str:
        """Write a record of our own and answer its id."""
        line = self.visit.derived.write_derived(self.visit.id, kind, uri, media_type, block, refers_to=refers_to)
        self.records.append(line.id)
        return line.id

    def lay(self, path: str, source: Path | bytes, *, record: str, role: str, **facts: Any) -> FileAdded:
        """Lay down a file and tie it to its record and its page."""
        work = self.visit.work
        work.require_space(source.stat().st_size if isinstance(source, Path) else len(source))
        return self._tie(self._add(path, source), record, role, facts)

    def pour(self, path: str, recorded: Recorded, *, record: str, limit: int) -> FileAdded:
        """Lay down what one exchange holds. Raises `CodingError`."""
        filed = self.visit.derived.save_payload(self._free(path), recorded, limit)
        return self._tie(filed, record, "film", {})

    def _tie(self, filed: FileAdded, record: str, role: str, facts: dict[str, Any]) -> FileAdded:
        link = {
            "schema": SCHEMA,
            "page": self.page.href,
            "page_record": self.page_record,
            "path": filed.path,
            "size": filed.size,
            "sha256": filed.sha256,
            "role": role,
            "record": record,
            **{name: value for name, value in facts.items() if value is not None},
        }
        self.visit.derived.write_statement(self.visit.id, record, link)
        self.files.append(filed.path)
        return filed

    def _add(self, path: str, source: Path | bytes) -> FileAdded:
        """A name that an unfinished run took for other bytes stays taken; this run's get the next."""
        work = self.visit.work
        if path in work.state.files:
            digest = OnDisk.of(source).sha256 if isinstance(source, Path) else hashlib.sha256(source).hexdigest()
            path = self._free(path, digest)
        return work.add_file(path, source)

    def _free(self, path: str, digest: str | None = None) -> str:
        """A path, or the next like it that nothing else lies at."""
        filed, number = self.visit.work.state.files, 1
        stem, dot, ending = path.rpartition(".")
        while path in filed and filed[path].sha256 != digest:
            number += 1
            path = f"{stem}-{number}{dot}{ending}"
        return path


def _link_of(pieces: Iterable[bytes]) -> dict[str, Any]:
    try:
        link = json.loads(b"".join(pieces))
    except ValueError:
        return {}
    return link if isinstance(link, dict) else {}


def _payload_digest(recorded: Recorded) -> str | None:
    """Of the payload, where it is the content itself, with no coding to undo."""
    if recorded.truncated is not None or recorded.header("Content-Encoding") is not None:
        return None
    return recorded.payload_sha256


def type_of(ext: str, *, is_sound: bool = False) -> str:
    """The media type of what has such an ending; MP4 and WebM hold sound alone as well."""
    known = _TYPES.get(ext) or mimetypes.guess_type(f"x.{ext}")[0] or "application/octet-stream"
    return known.replace("video/", "audio/") if is_sound else known


def urn(page: Url, name: str) -> str:
    """A name for what was put together and has no address of its own."""
    return f"urn:media:{_UNFIT.sub('_', name)}:{page.href}"


def in_memory(data: bytes) -> Block:
    return Text(data)
