"""What reading a WARC found: its records, and its faults as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from isal import isal_zlib

from archive.warc.digest import DigestVerdict
from archive.warc.references import ReferenceCollector, References, joined_references
from archive.warc.sent_fields import Sent
from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.findings import Kind
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

PAYLOAD_IS_BLOCK = frozenset({"resource", "conversion"})
"""Types of records whose payload is their block. (WARC 1.1, sections 6.4 and 6.7)"""


class ScannedRecord(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True, gc=False):
    """One record as it is in the file. A struct and no dataclass: a bag has hundreds of thousands of them."""

    offset: int
    """Bytes from the start of the file to the stored member, or to the record in a plain file."""
    length: int
    """Bytes of the stored member; 0 where it holds other records too."""
    sha256: str
    """Hex digest of the stored member; empty where it holds other records too, or where the block digest is none
    in SHA-256: only our own bags state it elsewhere, and theirs are."""
    id: str
    """Without angle brackets; empty where the field is missing."""
    type: str
    date: str
    uri: str | None = None
    content_type: str | None = None
    block_size: int = 0
    block: DigestVerdict = DigestVerdict.ABSENT
    payload: DigestVerdict = DigestVerdict.ABSENT
    payload_sha256: str | None = None
    """Hex digest of the payload, where the block is HTTP and its digests are SHA-256, as ours are."""
    http_status: int | None = None
    """Of the final answer, after any 1xx."""
    mime: str | None = None
    """The answer's media type as stated, parameters cut off, lower case."""
    method: str | None = None
    """A request's."""
    truncated: str | None = None
    is_whole: bool | None = None
    """Whether as much came as the HTTP message says itself; None where it does not say."""
    concurrent: tuple[str, ...] = ()
    refers_to: str | None = None
    warcinfo: str | None = None
    ended: str | None = None
    """When the exchange of a response of ours had ended."""
    address: str | None = None
    """Of the peer, as a record of ours states it."""
    security: str | None = None
    """What secured the connection of a response of ours, as it states that."""
    sent: Sent | None = None
    """What the head of a request of ours says of how it was sent; None where it has no end."""


class Fault(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One thing that is wrong with the file or a record."""

    code: str
    """`warc-gzip`, `warc-length`…: a row of the catalogue."""
    offset: int
    """Where in the stored file: the start of the record or member, or of the bytes that belong to none."""
    record: str | None = None
    """The record's id, where it was read."""
    uri: str | None = None
    expected: str | None = None
    found: str | None = None
    note: str | None = None


class WarcReport(msgspec.Struct, frozen=True):
    """All that reading one file found. It travels between processes, so its records stay packed until first use."""

    path: BagPath
    size: int
    """Bytes of the stored file."""
    count: int
    """Records read."""
    packed: bytes
    faults: tuple[Fault, ...]
    is_gzip: bool
    begin: int | None = 0
    """Of a part: where its first member is; None where it has none."""
    end: int | None = None
    """Of a part: where its last member ends; None where it was not read so far."""
    unlisted: dict[str, int] = {}
    """How many faults of a code there are more than `faults` lists."""
    references: References | None = None
    """What the records say of each other; None where nobody collected it."""

    def records(self) -> Iterator[ScannedRecord]:
        """The records, in file order."""
        decoder = msgspec.msgpack.Decoder(list[ScannedRecord])
        at = 0
        while at < len(self.packed):
            size = int.from_bytes(self.packed[at : at + 4], "big")
            yield from decoder.decode(isal_zlib.decompress(memoryview(self.packed)[at + 4 : at + 4 + size]))
            at += 4 + size


def joined(parts: Sequence[WarcReport], size: int) -> WarcReport | None:
    """The report on a file of `size` bytes that was read in parts; None where they do not fit together.

    Each part found its first member by looking for one. Where the part before it, walking member by member, came to
    the same place, the whole is what one walk would have found; otherwise only that walk can tell.
    """
    at = 0
    for part in parts:
        if part.begin is None:
            continue
        if part.begin != at or part.end is None:
            return None
        at = part.end
    if at != size:
        return None
    faults = tuple(fault for part in parts for fault in part.faults)[: Collected.FAULTS + 1]
    count = sum(part.count for part in parts)
    if not count and not faults:
        return None
    return WarcReport(
        path=parts[0].path,
        size=size,
        count=count,
        packed=b"".join(part.packed for part in parts),
        faults=faults,
        is_gzip=parts[0].is_gzip,
        end=size,
        unlisted=_total(part.unlisted for part in parts),
        references=joined_references([part.references for part in parts if part.count]),
    )


def _total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


class Collected:
    """Gathers records and faults while a file is read, within bounds."""

    FAULTS = 1000
    OF_ONE_CODE = 100
    """Faults of one code that are listed where they break a rule and no digest: a writer's habit is in every record."""
    _BATCH = 1000

    def __init__(self) -> None:
        self.count = 0
        self.faults: list[Fault] = []
        self._batch: list[ScannedRecord] = []
        self._packed = bytearray()
        self._references = ReferenceCollector()
        self.unlisted: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()
        self._encode = msgspec.msgpack.Encoder().encode

    def add(self, record: ScannedRecord) -> None:
        self.count += 1
        self._batch.append(record)
        if len(self._batch) >= self._BATCH:
            self._pack()

    def fault(self, fault: Fault) -> None:
        """Keep a fault; of more than anyone reads, only that there are more."""
        self._listed[fault.code] += 1
        if self._listed[fault.code] > self.OF_ONE_CODE and CATALOGUE[fault.code].kind is not Kind.DAMAGE:
            self.unlisted[fault.code] += 1
        elif len(self.faults) < self.FAULTS:
            self.faults.append(fault)
        elif len(self.faults) == self.FAULTS:
            self.faults.append(Fault("warc-limit", fault.offset, note="there are more faults; they are not listed"))

    def packed(self) -> bytes:
        self._pack()
        return bytes(self._packed)

    def references(self) -> References:
        self._pack()
        return self._references.collected()

    def _pack(self) -> None:
        if self._batch:
            # A third of the size, at a hundredth of what reading the records cost: a bag may have half a million.
            encoded = isal_zlib.compress(self._encode(self._batch), 1)
            self._packed += len(encoded).to_bytes(4, "big") + encoded
            self._references.add(self._batch)
            self._batch.clear()


OnRecord = Callable[[ScannedRecord], object]
"""Gets a record that was read."""


class Announced(Collected):
    """The same, for one who wants to have each record at once."""

    def __init__(self, on_record: OnRecord) -> None:
        super().__init__()
        self._on_record = on_record

    def add(self, record: ScannedRecord) -> None:
        super().add(record)
        self._on_record(record)


def record_lines(report: WarcReport) -> Iterator[RecordLine]:
    """The lines of a records log about one WARC, in file order.

    The digest of the stored member is empty where the records' own digests are none in SHA-256, and length and digest
    where a member holds several records: such a file can be indexed, and cannot be logged.
    """
    for record in report.records():
        is_answer = record.type == "response"
        yield RecordLine(
            file=report.path.text,
            offset=record.offset,
            length=record.length,
            sha256=record.sha256,
            id=record.id,
            type=record.type,
            uri=record.uri,
            date=record.date,
            http_status=record.http_status,
            mime=record.mime if is_answer else record.content_type if record.type == "resource" else None,
            payload_sha256=record.payload_sha256 if is_answer else None,
            truncated=record.truncated,
        )


def index_of(reports: Iterable[WarcReport]) -> str:
    """The index of WARCs that nobody has logged, such as those that a person supplied."""
    from archive_manifests.cdxj import index_cdx  # not for every bag with WARCs

    return index_cdx(line for report in reports for line in record_lines(report))
