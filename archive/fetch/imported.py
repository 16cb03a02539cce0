"""`import`: a bag of a report and of recordings that other tools made of what it cites. No network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.capture.settings import FetchSettings
from archive.errors import AlreadyThere, UsageProblem
from archive.fetch.clockwork import Clockwork
from archive.fetch.fetch import FetchResult, work_path
from archive.fetch.finish import finish
from archive.fetch.input import FetchInput, conditions, read_order
from archive.fetch.source import unvisited
from archive.fetch.supplied import StoredRecording, Supply, store_recording, with_supplied
from archive.progress import Progress
from archive.verify.recordings import Recording, is_recording, read_recording, urls_of
from archive.workfolder import folder as works
from archive.workfolder.events import Begun, Ended, Judged
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.notes import note
from archive_manifests.source_toml import to_toml
from archive_manifests.sources import Source, source_id

HOW = "recorded with another tool"
_SKIPPED = Verdict(Status.NOT_ATTEMPTED, "skipped", note("skipped"))


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to become a bag."""

    recordings: tuple[Path, ...]
    report: Path
    bag: Path | None = None
    how: str = HOW
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of it."""

    result: FetchResult
    covered: dict[str, tuple[str, ...]]
    """Source -> the names of the recordings that hold it."""
    uncovered: tuple[str, ...]
    """Sources that no recording holds."""
    unused: dict[str, str]
    """Recordings that were left out, by name, with why."""


def import_recordings(
    order: ImportOrder, *, clockwork: Clockwork | None = None, progress: Progress | None = None
) -> Imported:
    """Make a bag of a report and recordings: each goes to the sources whose address it holds.

    Raises `UsageProblem` where no recording holds any cited address, `AlreadyThere`, `ReportUnreadable`, `OSError`.
    """
    clockwork, progress = clockwork or Clockwork(), progress or Progress()
    _require_files(order.recordings)
    read = _without_requests(read_order(order.report))
    bag = Path(order.bag if order.bag is not None else read.name).absolute()
    for place in (bag, work_path(bag)):
        if place.exists():
            raise AlreadyThere(f"{place}: there already; choose another name with -o, or move it away")
    recordings = {path: read_recording(path) for path in order.recordings}
    sources = [(source_id(index), source) for index, source in enumerate(read.manifest.sources)]
    holders = {ident: _holders(source, recordings) for ident, source in sources}
    unused = _unused(recordings, {path for paths in holders.values() for path in paths})
    if len(unused) == len(recordings):
        reasons = "; ".join(f"{name}: {why}" for name, why in unused.items())
        name = order.report.name
        raise UsageProblem(f"no recording holds an address that {name} cites, so there is no bag: {reasons}")
    progress.began(len(sources))
    work = works.create(work_path(bag), _begun(read, clockwork))
    try:
        for path, content in read.files:
            work.add_file(path, content)
        _record_sources(work, sources, holders, order, clockwork, progress)
        work.record(Ended(clockwork.instant(), "unknown"))
        finished = finish(work, bag, clockwork.bagged())
    finally:
        work.close()
    return Imported(
        FetchResult(finished.path, finished.ledger, finished.tagmanifest),
        {ident: tuple(path.name for path in paths) for ident, paths in holders.items() if paths},
        tuple(ident for ident, paths in holders.items() if not paths),
        unused,
    )


def _require_files(recordings: Sequence[Path]) -> None:
    for path in recordings:
        if not path.is_file():
            raise UsageProblem(f"{path}: no such file")
        if not is_recording(path.name):
            raise UsageProblem(f"{path}: not a .warc, .warc.gz or .wacz; `archive supply` adds other files")


def _without_requests(order: FetchInput) -> FetchInput:
    """The order with every source to be skipped: nothing is requested, and the source manifest in the bag says so."""
    manifest = replace(order.manifest, sources=tuple(replace(one, skip=True) for one in order.manifest.sources))
    text = to_toml(manifest).encode()
    files = tuple((path, text if path == layout.SOURCE_MANIFEST else content) for path, content in order.files)
    return replace(order, manifest=manifest, files=files)


def _begun(order: FetchInput, clockwork: Clockwork) -> Begun:
    settings = FetchSettings(third_parties=False, memento=False, media=False)
    return Begun(
        format=1,
        input_sha256=order.input_sha256,
        options=settings.as_options(),
        started=clockwork.instant(),
        report=order.report,
        conditions=conditions(settings, order.manifest),
        seed=clockwork.new_seed().hex(),
        extractor=order.extractor,
        predecessor=None,
    )


def _holders(source: Source, recordings: dict[Path, Recording]) -> list[Path]:
    """The recordings that hold a response for a source's address, an error of the server's not counted."""
    urls = urls_of(source.cited)
    return [
        path
        for path, recording in recordings.items()
        if not recording.damage
        and any(one.http_status is None or one.http_status < 400 for one in recording.responses(urls))
    ]


def _unused(recordings: dict[Path, Recording], used: set[Path]) -> dict[str, str]:
    """Recordings that go to no source, with why."""
    found = {}
    for path, recording in recordings.items():
        if recording.damage:
            found[path.name] = f"damaged: {recording.damage[0].code}"
        elif path not in used:
            found[path.name] = "holds none of the cited addresses"
    return found


def _record_sources(
    work: WorkFolder,
    sources: Sequence[tuple[str, Source]],
    holders: dict[str, list[Path]],
    order: ImportOrder,
    clockwork: Clockwork,
    progress: Progress,
) -> None:
    """Bring every source to its entry; a recording that several sources share is stored with the first."""
    stored: dict[Path, StoredRecording] = {}
    for ident, source in sources:
        entry: SourceEntry = unvisited(ident, source, _SKIPPED)
        for number, path in enumerate(holders[ident], start=1):
            if path not in stored:
                stem = f"{layout.media_of(ident)}supplied-{number:02d}"
                stored[path] = store_recording(work, stem, path)
            given = Supply(path, order.how, order.by, _first_date(stored[path], source))
            entry = with_supplied(work, entry, given, clockwork.instant(), stored=stored[path])
        work.record(Judged(entry))
        progress.source_judged(entry)


def _first_date(stored: StoredRecording, source: Source) -> str | None:
    """When the source was first recorded, in whole seconds as the ledger writes instants."""
    found = stored.recording.responses(urls_of(source.cited))
    return f"{found[0].date[:19]}Z" if found and len(found[0].date) >= len("2026-11-22T10:00:00Z") else None
