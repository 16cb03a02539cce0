"""What a disclosure copy is compared by: its part of the ledger, and the payloads of its records, read again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

from archive.bag.interface import Bag, Broken
from archive.disclose.original import PiecesStream
from archive.errors import BagUnreadable, StatementError, WarcError
from archive.warc.reader import read_records
from archive_manifests.disclosed_ledger import disclosed_ledger
from archive_manifests.disclosure_copy import (
    LEAVES,
    PROOFS,
    WITHHELD,
    Proof,
    parse_leaves,
    parse_proofs,
    parse_withheld,
)
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine


def is_copy(bag: Bag) -> bool:
    """True for a bag that says what it withholds."""
    return any(entry.path == WITHHELD for entry in bag.payload_entries())


def ledger_of_copy(bag: Bag) -> Ledger:
    """The ledger with the disclosed sources alone. Raises `BagUnreadable`."""
    if bag.reads_in_order:
        raise BagUnreadable(f"{bag.location}: unpack it first; only a folder, a tar or a zip is compared")
    try:
        return disclosed_ledger(parse_withheld(_whole(bag, WITHHELD)), lambda path: _whole(bag, path))
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}; see: archive verify {bag.location}") from error


def root_of_copy(bag: Bag) -> str:
    """Hex root of the original's tree, as the leaves in the copy give it. Raises `BagUnreadable`."""
    try:
        return parse_leaves(_whole(bag, LEAVES)).root.hex()
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}") from error


def records_of_copy(bag: Bag, wanted: set[str]) -> dict[str, RecordLine]:
    """Lines on some records, as the original's log would have them. Raises `BagUnreadable`."""
    try:
        proofs = parse_proofs(_whole(bag, PROOFS))
        return {proof.ref: _line(bag, proof) for proof in proofs if proof.kind == "record" and proof.ref in wanted}
    except (StatementError, WarcError, Broken) as error:
        raise BagUnreadable(f"{bag.location}: {error}; see: archive verify {bag.location}") from error


def _line(bag: Bag, proof: Proof) -> RecordLine:
    entry = next((entry for entry in bag.payload_entries() if entry.path == proof.path), None)
    if entry is None or proof.offset is None or proof.length is None:
        raise BagUnreadable(f"{bag.location}: holds no {proof.path}, which a proof names")
    pieces = _first(bag.reader().chunks_from(entry, proof.offset), proof.length)
    record = next(iter(read_records(io.BufferedReader(PiecesStream(pieces)), name=proof.path)), None)
    if record is None:
        raise BagUnreadable(f"{bag.location}: {proof.path} has no record at {proof.offset:,}")
    digest = hashlib.sha256()
    for piece in record.payload():
        digest.update(piece)
    place = (proof.path, proof.offset, proof.length, "", record.id, record.type, record.uri, record.date)
    return RecordLine(*place, payload_sha256=digest.hexdigest())


def _first(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return


def _whole(bag: Bag, path: str) -> bytes:
    with bag.open(BagPath(path)) as stream:
        return stream.read()
