"""A new bag after an older one: what was captured well is carried over byte for byte, the rest is requested again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.fetch.older_bag import ANEW, OlderBag, Predecessor
from archive.workfolder.events import Carried, Judged, RecordsAdded, Resumed
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout
from archive_manifests.errors import StatementError
from archive_manifests.ledger import Conditions, Ledger, SourceEntry
from archive_manifests.source_toml import from_toml
from archive_manifests.sources import Source, SourceManifest


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


def require_same_decisions(predecessor: Predecessor, manifest: SourceManifest) -> None:
    """Refuse to carry over what was captured by other decisions of a person than the new input has.

    A report and the source manifest that was made of it are one input as long as nobody edited the manifest; the places
    of citations are those of the new input. Raises `UsageProblem`.
    """
    try:
        before = from_toml(predecessor.source_manifest.decode("utf-8"))
    except (StatementError, UnicodeDecodeError):
        return  # a bag whose source manifest cannot be read does not verify, which is said
    if _decided(before) != _decided(manifest):
        path = predecessor.path / layout.SOURCE_MANIFEST
        raise UsageProblem(
            f"{predecessor.path}: made of a source manifest that a person edited, which says something else than this "
            f"input does; give that one ({path}), with --report where the report belongs to it; {ANEW}"
        )


def _decided(manifest: SourceManifest) -> tuple[object, ...]:
    """What of a source manifest shapes the entries of a ledger: the sources, in their order, and when the report is of.

    The places at which a source is cited are left out: they follow from the report's text.
    """
    report = manifest.report
    return report.date, report.published, report.access, [replace(each, citations=()) for each in manifest.sources]


def carry_over(
    work: WorkFolder,
    older: OlderBag,
    predecessor: Predecessor,
    sources: Iterable[Source] | None = None,
) -> None:
    """Bring the predecessor's WARCs into a fresh work folder, and the verdicts that need no second look.

    `sources` are those of the new input, which may be the report while the older bag was made of a source manifest
    alone, or the reverse: the citations are as the new one places them. Without them everything is carried over as it
    stands, and no source is requested again, whatever its verdict. Every byte is compared with its stated digest as it
    is copied. What an interrupted run has brought over stays. Raises `UsageProblem` where a file differs.
    """
    everything = sources is None
    cited = {source.cited: source for source in sources or ()}
    log = older.records()
    noted_before = {record.file for record in work.state.records()}
    for path in sorted({record.file for record in log}):
        _copy(work, older, path)
        if path not in noted_before:
            work.record(RecordsAdded([record for record in log if record.file == path]))
    known = {each.time for each in work.state.resumed}
    for time, count in older.resumed():
        if time not in known:  # what the stopped run left behind is taken over too
            work.record(Resumed(time, count))
    for before in predecessor.ledger.sources:
        if before.id in work.state.entries or before.id in work.state.carried:
            continue
        entry = _placed(before, cited.get(before.cited))
        if entry.status.is_gap and not everything:
            work.record(Carried(entry))
        else:
            work.record(Judged(entry))
    for path in _files_of(older, predecessor.ledger, everything=everything):
        _copy(work, older, path)


def _placed(entry: SourceEntry, source: Source | None) -> SourceEntry:
    """The entry with its citations where the new input has them."""
    return entry if source is None else replace(entry, citations=source.citations)


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
