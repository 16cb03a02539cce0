"""A new bag after an older one: what was captured well is carried over byte for byte, the rest is asked for again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive.errors import BagUnreadable, UsageProblem
from archive.workfolder.events import Carried, Judged, RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout, records
from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity
from archive_manifests.ledger import Ledger, from_json
from archive_manifests.records import RecordLine


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A finished bag that a new one follows."""

    path: Path
    ledger: Ledger
    tagmanifest: Fixity
    source_manifest: bytes


def latest(bag: Path) -> Predecessor | None:
    """The last finished bag of this name: NAME, NAME-2, NAME-3… Raises `BagUnreadable`."""
    found, number = None, 1
    while (path := _numbered(bag, number)).exists():
        found, number = path, number + 1
    return open_predecessor(found) if found is not None else None


def successor_path(bag: Path) -> Path:
    """Where the next bag of this name goes."""
    number = 2
    while (path := _numbered(bag, number)).exists():
        number += 1
    return path


def _numbered(bag: Path, number: int) -> Path:
    return bag if number == 1 else bag.with_name(f"{bag.name}-{number}")


def open_predecessor(path: Path) -> Predecessor:
    """Read what a successor needs of a finished bag of ours. Raises `BagUnreadable`."""
    try:
        ledger = from_json((path / layout.LEDGER).read_bytes())
        manifest = (path / layout.SOURCE_MANIFEST).read_bytes()
        tagmanifest = (path / layout.TAG_MANIFEST).read_bytes()
    except (OSError, StatementError) as error:
        lacks = f"no {Path(error.filename).name}" if isinstance(error, FileNotFoundError) else str(error)
        raise BagUnreadable(f"{path}: not a finished bag of ours ({lacks}); `archive fetch` makes one") from error
    return Predecessor(path, ledger, Fixity("sha256", hashlib.sha256(tagmanifest).hexdigest()), manifest)


def carry_over(work: WorkFolder, predecessor: Predecessor, *, everything: bool = False) -> None:
    """Bring the predecessor's WARCs into a fresh work folder, and the verdicts that need no second look.

    With `everything` no source is asked for again, whatever its verdict.
    Every file is compared with its stated digest as it is copied. What an interrupted run has brought over stays.
    Raises `UsageProblem` where a file differs.
    """
    stated = _stated_digests(predecessor.path)
    log = _records(predecessor.path)
    noted_before = {record.file for record in work.state.records()}
    for path in sorted({record.file for record in log}):
        filed = work.add_file(path, predecessor.path / path)
        if filed.sha256 != stated.get(path):
            raise UsageProblem(
                f"{predecessor.path / path}: sha256 stated {stated.get(path)}, found {filed.sha256}; "
                "the older bag is damaged: nothing is carried over from it (fetch with --again --all)"
            )
        if path not in noted_before:
            work.record(RecordsAdded([record for record in log if record.file == path]))
    for entry in predecessor.ledger.sources:
        if entry.id in work.state.entries or entry.id in work.state.carried:
            continue
        if entry.status.is_gap and not everything:
            work.record(Carried(entry))
        else:
            work.record(Judged(entry))
    for path in _files_of(predecessor, everything=everything):
        work.add_file(path, predecessor.path / path)


def _files_of(predecessor: Predecessor, *, everything: bool) -> list[str]:
    """Files that carried-over copies lie in: supplied files, media, renderings."""
    kept = [entry for entry in predecessor.ledger.sources if everything or not entry.status.is_gap]
    named = {path for entry in kept for copy in entry.copies for path in copy.files}
    named |= {path for entry in kept if entry.rendering is not None for path in entry.rendering.files}
    return sorted(path for path in named if (predecessor.path / path).is_file())


def _stated_digests(bag: Path) -> dict[str, str]:
    lines = (bag / layout.PAYLOAD_MANIFEST).read_text("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _records(bag: Path) -> list[RecordLine]:
    with (bag / layout.RECORDS).open("rb") as file:
        return [records.parse_line(line, number) for number, line in enumerate(file, start=1)]
