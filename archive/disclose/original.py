"""The bag that a copy is made from: verified, opened once, and read by record."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import suppress

from msgspec import Struct

from archive.bag.interface import Bag, Broken, Entry, Reader
from archive.capture.warcinfo import SOURCE_MANIFEST, fields_of
from archive.errors import ArchiveError, BagUnreadable, StatementError, WarcError
from archive.http.coding import CodingError, decoded
from archive.http.head import Head, parse_head
from archive.warc.header import bare
from archive.warc.reader import Record, read_records
from archive_manifests import disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.disclosure import Commitment, Item, Tree
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.payload import manifest_name, parse_manifest
from archive_manifests.records import RecordLine

HEAD_AT_MOST = 1 << 16
"""Bytes of a block in which the HTTP head is looked for."""
_ENDED = layout.ENDED.removesuffix(".json")
DECODED_AT_MOST = 1 << 30
"""Bytes of a decoded body that are searched."""


class NotDisclosable(ArchiveError):
    """No copy can be made of this bag, or not this copy; nothing was written."""

    exit_code = 1


class Original(Struct, frozen=True):
    """What a copy needs to know of the bag."""

    bag: Bag
    ledger: Ledger
    log: tuple[RecordLine, ...]
    seed: bytes
    stated: dict[str, str]
    """Hex sha256 of each payload file, by path."""
    entries: dict[str, Entry]
    tree: Tree
    reader: Reader
    """One for all parts: each reader of a folder keeps a descriptor open."""

    def items(self) -> Iterator[Item]:
        return disclosure.items_of(self.log, self.stated.items(), self.ledger)

    def run_stamps(self) -> tuple[str, ...]:
        """The files of the run's closing timestamp; none where the run was not stamped."""
        return tuple(path for path in sorted(self.stated) if path.startswith(_ENDED))

    def record_tree(self) -> Tree:
        """The tree over the records alone, as the closing timestamp covers it."""
        return disclosure.tree_of(self.seed, disclosure.record_items(self.log))

    def member(self, line: RecordLine) -> Iterator[bytes]:
        """Yield the stored bytes of a record. Raises `NotDisclosable`."""
        left = line.length
        try:
            for chunk in self.reader.chunks_from(self.entries[line.file], line.offset):
                yield chunk[:left]
                left -= len(chunk[:left])
                if not left:
                    return
        except Broken as broken:
            raise NotDisclosable(f"{line.file}: {broken.note}; no copy was made") from broken

    def record(self, line: RecordLine) -> Record:
        """A record, to be read once. Raises `WarcError`."""
        stream = io.BufferedReader(PiecesStream(self.member(line)))
        record = next(iter(read_records(stream, name=line.file)), None)
        if record is None:
            raise WarcError(f"{line.file}: no record at {line.offset:,}")
        return record

    def ties(self) -> dict[str, tuple[str, ...]]:
        """The ids that each record refers to by its header. (WARC 1.1, sections 5.7 and 5.13)"""
        found = {}
        for line in self.log:
            header = self.record(line).header
            refers = header.get("warc-refers-to")
            found[line.id] = tuple(map(bare, (*header.concurrent, *([refers] if refers else []))))
        return found

    def confirms_guesses(self, line: RecordLine) -> bool:
        """True of a warcinfo with the digest of the source manifest, which lists every source: of earlier versions."""
        return fields_of(b"".join(self.record(line).block())).get(SOURCE_MANIFEST, "").startswith("sha256:")

    def texts(self, line: RecordLine) -> Iterator[Iterable[bytes]]:
        """Everything readable of a record: its header, its block, and the body with its codings undone."""
        record = self.record(line)
        yield ["\n".join(f"{name}: {value}" for name, value in record.header.fields.items()).encode()]
        yield record.block()
        if line.type == "response":
            yield self.body(line)

    def body(self, line: RecordLine) -> Iterator[bytes]:
        """The payload of a record, transfer coding and content coding undone, as far as it can be decoded."""
        head = self._head(line) if line.type == "response" else None
        coding = (head.get("Content-Encoding") or "") if head is not None else ""
        with suppress(CodingError, WarcError):
            payload = self.record(line).payload()
            yield from decoded(payload, coding, DECODED_AT_MOST) if coding else payload

    def content_type(self, line: RecordLine) -> str | None:
        """The content type that the server, or this program, states of a record's payload."""
        if line.type != "response":
            return self.record(line).content_type
        head = self._head(line)
        return head.get("Content-Type") if head is not None else None

    def _head(self, line: RecordLine) -> Head | None:
        start = bytearray()
        for piece in self.record(line).block():
            start += piece
            if len(start) >= HEAD_AT_MOST:
                break
        end = start.find(b"\r\n\r\n")
        return parse_head(bytes(start[: end + 4])) if end >= 0 else None

    def file(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a payload file. Raises `NotDisclosable`."""
        try:
            yield from self.reader.chunks(self.entries[path])
        except Broken as broken:
            raise NotDisclosable(f"{path}: {broken.note}; no copy was made") from broken


def read_original(bag: Bag) -> Original:
    """Read what a copy needs. Raises `NotDisclosable` for a bag without a disclosure commitment."""
    if bag.reads_in_order:
        raise NotDisclosable(f"{bag.location}: unpack it first; a copy is made from a folder, a tar or a zip")
    try:
        ledger = ledgers.from_json(_whole(bag, layout.LEDGER))
        lines = _whole(bag, layout.RECORDS).splitlines(keepends=True)
        log = tuple(records.parse_line(line, number) for number, line in enumerate(lines, start=1))
        seed = disclosure.parse_seed(_whole(bag, layout.SEED))
        commitment = disclosure.parse_commitment(_whole(bag, layout.DISCLOSURE))
        listed = parse_manifest(_whole(bag, manifest_name("sha256")), "sha256")
    except (BagUnreadable, StatementError) as error:
        raise NotDisclosable(
            f"{bag.location}: {error}; only a bag of this program with a disclosure commitment can be disclosed in part"
        ) from error
    stated = {path.text: digest for path, digest in listed.entries.items()}
    entries = {entry.path: entry for entry in bag.payload_entries()}
    tree = disclosure.tree_of(seed, disclosure.items_of(log, stated.items(), ledger))
    if Commitment(disclosure.SCHEME, tree.root.hex(), len(tree.levels[0])) != commitment:
        raise NotDisclosable(f"{bag.location}: the disclosure commitment is not over what the bag holds")
    return Original(bag, ledger, log, seed, stated, entries, tree, bag.reader())


def _whole(bag: Bag, path: str) -> bytes:
    with bag.open(BagPath(path)) as stream:
        return stream.read()


class PiecesStream(io.RawIOBase):
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
