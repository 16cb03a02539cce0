"""The disclosure commitment of a bag of ours, computed again from its records, files and ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain

from msgspec import to_builtins

from archive.bag.interface import Broken
from archive.bag.tagfiles import TagFiles
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.warc_log import LOG
from archive_manifests import disclosure, records
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.layout import DISCLOSURE, ENDED, SEED
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.shown import shown


def check_disclosure(control: ControlFiles, tags: TagFiles, ledger: Ledger) -> Iterator[Finding]:
    """Compare `disclosure.txt` with the tree over what the bag holds; a bag without it can never disclose a part."""
    seed, stated = control.read(BagPath(SEED)), tags.texts.get(DISCLOSURE)
    if seed is None or stated is None:
        path = BagPath(SEED) if seed is None else BagPath(DISCLOSURE)
        yield make_finding("disclosure-missing", path)
        return
    try:
        key = disclosure.parse_seed(seed)
        disclosure.parse_commitment(stated)
        of_records = [disclosure.record_leaf(key, line) for line in _records(control)]
        others = chain(disclosure.file_items(_payload(tags)), disclosure.ledger_items(ledger))
        made = disclosure.format_commitment(disclosure.commit(key, others, of_records)).encode()
    except (StatementError, Broken) as error:
        yield make_finding("disclosure-differs", BagPath(DISCLOSURE), note=str(error))
        return
    if made != stated:
        yield make_finding("disclosure-differs", BagPath(DISCLOSURE), expected=_root(made), found=_root(stated))
    yield from _check_stamped(control, key, of_records)


def _check_stamped(control: ControlFiles, seed: bytes, of_records: list[bytes]) -> Iterator[Finding]:
    """Compare the root that the run's closing timestamp covers with the tree over the records alone."""
    try:
        stated = json.loads(control.read(BagPath(ENDED)) or b"{}").get("disclosure")
    except (ValueError, AttributeError, RecursionError):
        return  # what cannot be read is reported where the timestamp is judged
    if stated is None:
        return  # a run of an earlier version
    made = to_builtins(disclosure.commit(seed, (), of_records))
    if stated != made:
        expected = f"sha256:{made['root']} over {made['size']} leaves"
        yield make_finding("disclosure-differs", BagPath(ENDED), expected=expected, found=shown(stated))


def _root(text: bytes) -> str:
    commitment = disclosure.parse_commitment(text)
    return f"sha256:{commitment.root} over {commitment.size} leaves"


def _records(control: ControlFiles) -> Iterator[RecordLine]:
    """Every line of the records log, from memory or read again. Raises `Broken`, `StatementError`."""
    again = control.lines(LOG)
    lines = (control.read(LOG) or b"").splitlines(keepends=True) if again is None else again
    for number, line in enumerate(lines, start=1):
        yield records.parse_line(line, number)


def _payload(tags: TagFiles) -> Iterator[tuple[str, str]]:
    """Path and hex sha256 of every payload file, as the manifest states them; the files were compared with it."""
    column = tags.table.column("sha256")
    for path, row in tags.table.row_of.items():
        yield path, tags.table.digest(column, row).hex()
