"""A new bag after an older one: what was captured well is carried over byte for byte, the rest is requested again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from archive.errors import UsageProblem
from archive.fetch.older_bag import OlderBag, Predecessor
from archive.workfolder.events import Carried, Judged, RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout
from archive_manifests.ledger import Conditions, Ledger


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
    """Read what a successor states of a finished bag of ours. Raises `BagUnreadable`."""
    with OlderBag(path) as older:
        return older.predecessor()


def carry_over(work: WorkFolder, older: OlderBag, predecessor: Predecessor, *, everything: bool = False) -> None:
    """Bring the predecessor's WARCs into a fresh work folder, and the verdicts that need no second look.

    With `everything` no source is requested again, whatever its verdict. Every byte is compared with its stated digest
    as it is copied. What an interrupted run has brought over stays. Raises `UsageProblem` where a file differs.
    """
    log = older.records()
    noted_before = {record.file for record in work.state.records()}
    for path in sorted({record.file for record in log}):
        _copy(work, older, path)
        if path not in noted_before:
            work.record(RecordsAdded([record for record in log if record.file == path]))
    for entry in predecessor.ledger.sources:
        if entry.id in work.state.entries or entry.id in work.state.carried:
            continue
        if entry.status.is_gap and not everything:
            work.record(Carried(entry))
        else:
            work.record(Judged(entry))
    for path in _files_of(older, predecessor.ledger, everything=everything):
        _copy(work, older, path)


def taken_over(older: OlderBag, predecessor: Predecessor, *, everything: bool = False) -> frozenset[str]:
    """The payload files of which a new bag takes bytes or statements; with `everything` of the report's too."""
    files = {*_files_of(older, predecessor.ledger, everything=everything), *(each.file for each in older.records())}
    if everything:
        files |= {*older.files_below(layout.REPORT), layout.REPORT_TEXT, layout.SOURCE_MANIFEST, layout.SOFTWARE}
        files |= {predecessor.ledger.report.path or layout.REPORT_TEXT}
    return frozenset({*files, layout.LEDGER, layout.RECORDS})


def accepts_alike(one: Conditions, other: Conditions) -> bool:
    """True where two works accept the same faults of the same older bags, whenever that was."""
    return [(bag.tagmanifest, bag.wrong) for bag in one.accepted_bags] == [
        (bag.tagmanifest, bag.wrong) for bag in other.accepted_bags
    ]


def state_conditions_of_carried(work: WorkFolder, predecessor: Predecessor) -> None:
    """Where nothing was requested, every capture was made under the conditions of the older bag: state those."""
    begun = work.state.begun
    since = begun.started.removesuffix("Z")
    if not any(record.type == "warcinfo" and record.date >= since for record in work.state.records()):
        carried = replace(predecessor.ledger.conditions, accepted_bags=begun.conditions.accepted_bags)
        work.record(msgspec.structs.replace(begun, conditions=carried))


def copy_report(work: WorkFolder, older: OlderBag) -> None:
    """Copy the report, its text and the source manifest into a new work folder."""
    for path in older.files_below(layout.REPORT):
        _copy(work, older, path)


def _copy(work: WorkFolder, older: OlderBag, path: str) -> None:
    try:
        work.add_file(path, older.chunks(path))
    except UsageProblem:
        (work.base / path).unlink(missing_ok=True)
        raise


def _files_of(older: OlderBag, ledger: Ledger, *, everything: bool) -> list[str]:
    """The files of carried-over copies: supplied files, media, renderings."""
    carried = [entry for entry in ledger.sources if everything or not entry.status.is_gap]
    named = {path for entry in carried for copy in entry.copies for path in copy.files}
    named |= {path for entry in carried if entry.rendering is not None for path in entry.rendering.files}
    return sorted(path for path in named if older.states(path))
