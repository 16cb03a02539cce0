"""The events of a work folder: what the journal states line by line, and what its state is folded from."""

from __future__ import annotations

import msgspec

from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Conditions, ReportEntry, SourceEntry
from archive_manifests.notes import Note, note
from archive_manifests.records import RecordLine
from archive_manifests.sources import PassedOver


class Begun(msgspec.Struct, frozen=True, tag="begun", tag_field="kind"):
    """The first event: what this work folder was made for."""

    format: int
    input_sha256: str
    """Of the report, or of the source manifest."""
    options: dict[str, str | int | float | bool | list[str] | None]
    """Whatever changes what is captured; a run with other options is refused."""
    started: str
    report: ReportEntry
    conditions: Conditions
    seed: str
    """64 hex digits, drawn at random when the work begins: every salt of the disclosure commitment follows from it."""
    extractor: str | None = None
    """What made `text.txt` of the report's file."""
    predecessor: str | None = None
    older_seeds: tuple[str, ...] = ()
    """The seeds of the bags whose WARCs are taken over: what those state of the source manifest is salted by them."""
    passed_over: tuple[PassedOver, ...] = ()
    """What looks like an address in the report, or may hide one, and is no source."""


class Resumed(msgspec.Struct, frozen=True, tag="resumed", tag_field="kind"):
    """A later run resumed the work."""

    time: str
    retained_records: int


class FileAdded(msgspec.Struct, frozen=True, tag="file-added", tag_field="kind"):
    """A payload file is complete."""

    path: str
    size: int
    sha256: str
    sha512: str


class FileRemoved(msgspec.Struct, frozen=True, tag="file-removed", tag_field="kind"):
    """A payload file is removed, because another one replaces it."""

    path: str


class RecordsAdded(msgspec.Struct, frozen=True, tag="records-added", tag_field="kind"):
    """WARC records were written: those of one exchange, or derived ones (`resource`, `conversion`, `metadata`)."""

    records: list[RecordLine]
    joins: list[str] = []
    """The responses whose bodies the `resource` puts together, in order."""
    exchange: Recorded | None = None
    """The exchange that the records hold."""


class AddressEchoed(msgspec.Struct, frozen=True, tag="address-echoed", tag_field="kind"):
    """A response contains its reader's address. It stays in the work folder: a bag must not point at it."""

    source: str
    url: str
    address: str


class Judged(msgspec.Struct, frozen=True, tag="judged", tag_field="kind"):
    """A source has its verdict, in place of any earlier one."""

    entry: SourceEntry


class Withdrawn(msgspec.Struct, frozen=True, tag="withdrawn", tag_field="kind"):
    """A source's verdict no longer counts: the source is captured again."""

    source: str


class Carried(msgspec.Struct, frozen=True, tag="carried", tag_field="kind"):
    """The entry that an older bag has for a source that is captured again."""

    entry: SourceEntry


class Ended(msgspec.Struct, frozen=True, tag="ended", tag_field="kind"):
    """Every source has its verdict; only finishing is left."""

    time: str
    clock: Note = msgspec.field(default_factory=lambda: note("clock-unknown"))
    """The clock's offset, as measured over the run."""


Event = Begun | Resumed | FileAdded | FileRemoved | RecordsAdded | AddressEchoed | Judged | Withdrawn | Carried | Ended
