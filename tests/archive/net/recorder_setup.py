"""The recorder on a bench: a real wire, a real WARC, and two readers that are not ours to look into it with."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc import warc as fastwarc
from warcio.archiveiterator import ArchiveIterator

from archive.capture.derived_records import DerivedRecords
from archive.capture.recorder import Recorder
from archive.net import ClientSettings, Exchange, ExchangeLimits, HttpClient, Request
from archive.urls import parse
from archive.warc.writer import WarcWriter
from archive.workfolder import folder as works
from archive.workfolder.events import Begun
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Conditions, ReportEntry
from archive_manifests.sources import Report

SHORT = ExchangeLimits(
    resolve=2.0, connect=2.0, handshake=1.2, head=1.2, stall=1.6, slowest=64.0, window=1.5, whole=20.0,
    body_size=1 << 20,
)  # fmt: skip
"""Patience for tests: a server that stalls is given up within two seconds."""


def begun() -> Begun:
    """A first journal line that says as little as it can."""
    report = ReportEntry(Report(id="R1", title="A report"), None, None, None, None)
    return Begun(1, "0" * 64, {}, "2026-11-22T10:00:00Z", report, Conditions(user_agent="none"), "5e" * 32)


@dataclass(slots=True)
class Rig:
    """A recorder with its wire, its writer and its work folder."""

    wire: HttpClient
    recorder: Recorder
    derived: DerivedRecords
    writer: WarcWriter
    work: WorkFolder
    exchanges: list[Exchange] = field(default_factory=list)

    def get(self, url: str, series: str = "s01", **more: Any) -> Recorded:
        return self.carry(Request(parse(url), **more), series=series)

    def carry(self, request: Request, *, series: str = "s01", **more: Any) -> Recorded:
        return self.wire.loop.run(self.recorder.carry(request, series=series, **more))

    @property
    def base(self) -> Path:
        return self.work.base

    def warcs(self) -> list[Path]:
        return sorted((self.base / "data/archive").glob("*.warc.gz"))

    def records(self) -> list[Stored]:
        """Every record of every file, in order."""
        return [record for warc in self.warcs() for record in stored(warc)]


@contextmanager
def rig(folder: Path, *, limits: ExchangeLimits = SHORT, roll_at: int = 1_000_000_000, **wired: Any) -> Iterator[Rig]:
    """A recorder that writes below `folder`; `wired` goes into the wire's settings."""
    numbers = itertools.count(1)

    def new_id() -> str:
        return f"urn:uuid:00000000-0000-4000-8000-{next(numbers):012d}"

    def now() -> datetime:
        return datetime.now(UTC)

    work = works.create(folder / "W.part", begun())
    wire = HttpClient(ClientSettings(limits=limits, spool=work.spool, **wired), now=now)
    writer = WarcWriter(work.base, new_id=new_id, about=[("software", "a test")], roll_at=roll_at)
    try:
        derived = DerivedRecords(writer, work, new_id=new_id, now=now)
        yield Rig(wire, Recorder(wire, writer, work, new_id=new_id, now=now), derived, writer, work)
    finally:
        wire.close()
        writer.close()
        work.close()


@dataclass(frozen=True, slots=True)
class Stored:
    """One record, as warcio and fastwarc both read it."""

    type: str
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    @property
    def id(self) -> str:
        """With its angle brackets, as references name it."""
        return self.all("WARC-Record-ID")[0]

    @property
    def name(self) -> str:
        return self.id.strip("<>")

    @property
    def observed(self) -> dict[str, Any]:
        """What a metadata record states."""
        found: dict[str, Any] = json.loads(self.block)
        return found


def stored(warc: Path) -> list[Stored]:
    """The records of a file by warcio, its HTTP parsing off, once fastwarc has read the same."""
    with warc.open("rb") as stream:
        ours = [
            Stored(record.rec_type, tuple(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(stream, no_record_parse=True)
        ]
    with warc.open("rb") as stream:
        seen = fastwarc.ArchiveIterator(stream, parse_http=False)
        others = [(record.record_id, record.reader.read()) for record in seen]
    assert [(record_id.strip("<>"), block) for record_id, block in others] == [(one.name, one.block) for one in ours]
    return ours
