"""`import`: a bag of a report and of recordings that other tools made of what it cites. No network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.other_formats import HEAD, advice_on_conversion
from archive.capture.settings import NO_REQUESTS
from archive.errors import AlreadyThere, BagUnsupported, UsageProblem
from archive.fetch.fetch import FetchResult, work_folder, work_path, write_report
from archive.fetch.finish import finish
from archive.fetch.input import FetchInput, read_order
from archive.fetch.readings import with_readings
from archive.fetch.run_clock import RunClock
from archive.fetch.source import unvisited
from archive.fetch.supplied import StoredRecording, Supply, store_recording, with_supplied
from archive.fetch.supplied_check import error_for, holds_address, only_error, require_content, require_readable
from archive.fetch.unchanged import identities_of, require_unchanged
from archive.progress import Progress
from archive.verify.foreign.recorded_pages import CODE, REDIRECT, fills_gap
from archive.verify.foreign.recordings import Recording, is_recording_file, read_recording, urls_of
from archive.verify.foreign.saved_page import SavedFrom, saved_from
from archive.warc.header import is_sound_date
from archive.workfolder.bag_name import require_name
from archive.workfolder.discarding import discarding
from archive.workfolder.events import Ended, Judged
from archive.workfolder.folder import WorkFolder
from archive_manifests import custody, layout
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.source_toml import to_toml
from archive_manifests.sources import Source, source_id

HOW = "recorded with another tool"
_LEAP = "60"
_SECONDS = len("2026-11-22T10:00:00Z")
_SKIPPED = Verdict(Status.NOT_ATTEMPTED, "skipped", note(custody.FROM_RECORDINGS))


class ImportOrder(Struct, frozen=True):
    """What is to become a bag."""

    recordings: tuple[Path, ...]
    report: Path
    bag: Path | None = None
    how: str = HOW
    by: str | None = None


class Imported(Struct, frozen=True):
    """What became of it."""

    result: FetchResult
    covered: dict[str, tuple[str, ...]]
    """Source -> the names of the recordings that hold it."""
    uncovered: tuple[str, ...]
    """Sources of which no recording holds any response."""
    refused: dict[str, tuple[str, int]]
    """Sources of which the recordings hold only errors of the server: the first such recording, and its status."""
    unused: dict[str, str]
    """Recordings that were left out, by name, with why."""

    @property
    def doubtful(self) -> dict[str, tuple[str, str]]:
        """Sources of which no recording holds more than an error page or a wall, with status and reason of those."""
        judged = self._noted(CODE)
        return {ident: (str(seen.facts["verdict"]), str(seen.facts["reason"])) for ident, seen in judged.items()}

    @property
    def redirected(self) -> dict[str, str]:
        """Sources of which the recordings hold only redirects, with an address to which those lead."""
        doubtful = self.doubtful
        found = self._noted(REDIRECT)
        return {ident: str(seen.facts["url"]) for ident, seen in found.items() if ident not in doubtful}

    def _noted(self, code: str) -> dict[str, Note]:
        """Sources that no recording covers, with the first note of this code on what the recordings hold of each."""
        gaps = [entry for entry in self.result.ledger.sources if not any(map(fills_gap, entry.copies))]
        notes = [(entry.id, one) for entry in reversed(gaps) for copy in reversed(entry.copies) for one in copy.notes]
        return {ident: one for ident, one in notes if one.code == code}


def import_recordings(
    order: ImportOrder, *, run_clock: RunClock | None = None, progress: Progress | None = None
) -> Imported:
    """Make a bag of a report and recordings: each goes to the sources whose address it holds.

    Raises `UsageProblem` where no recording holds any cited address, `AlreadyThere`, `ReportUnreadable`, `FileChanged`,
    `OSError`.
    """
    run_clock, progress = run_clock or RunClock(), progress or Progress()
    _require_files(order.recordings)
    given = identities_of(order.recordings)
    read = _without_requests(read_order(order.report))
    bag = require_name(Path(order.bag if order.bag is not None else read.name).absolute())
    if bag.exists():
        raise AlreadyThere(f"{bag}: there already; choose another name with -o, or move it away")
    recordings, unread = _read_all(order.recordings)
    sources = [(source_id(index), source) for index, source in enumerate(read.manifest.sources)]
    holders = {ident: _holders(source, recordings, holds_address) for ident, source in sources}
    errors = {ident: _errors_of(source, recordings) for ident, source in sources}
    unused = unread | _unused(recordings, {path for paths in holders.values() for path in paths}, errors)
    if len(unused) == len(order.recordings):
        reasons = "; ".join(f"{name}: {why}" for name, why in unused.items())
        name = order.report.name
        raise UsageProblem(f"no sound recording holds an address that {name} cites, so there is no bag: {reasons}")
    progress.began(len(sources))
    with discarding(work_path(bag)):
        work = work_folder(bag, read, NO_REQUESTS, run_clock)
        try:
            _begin_again(work)
            write_report(work, read)
            used = _with_errors(sources, holders, recordings)
            _record_sources(work, sources, used, recordings, order, run_clock, progress)
            require_unchanged(given)
            work.record(Ended(run_clock.instant()))
            finished = finish(work, bag, run_clock.bagged())
        finally:
            work.close()
    return Imported(
        FetchResult(finished.path, finished.ledger, finished.tagmanifest),
        {ident: tuple(path.name for path in paths) for ident, paths in holders.items() if paths},
        tuple(ident for ident, paths in holders.items() if not paths and not errors[ident]),
        {ident: next(iter(found.items())) for ident, found in errors.items() if found and not holders[ident]},
        unused,
    )


def _begin_again(work: WorkFolder) -> None:
    """Take out what a stopped import has laid down: its recordings may have been others. Raises `AlreadyThere`."""
    if work.state.ended is not None or len(work.exchanges):
        raise AlreadyThere(
            f"{work.path}: holds finished work; `archive finish {work.path}` makes the bag of it, or choose another "
            "name with -o"
        )
    for path in list(work.state.files):
        work.remove_file(path)


def _require_files(recordings: Sequence[Path]) -> None:
    for path in recordings:
        if not path.is_file():
            raise UsageProblem(f"{path}: no such file")
        require_content(path)
        require_readable(path)
        if not is_recording_file(path) and saved_from(path) is None:
            with path.open("rb") as file:
                advice = advice_on_conversion(file.read(HEAD), path.name.lower())
            if advice is not None:
                raise UsageProblem(f"{path}: {advice}")
            raise UsageProblem(
                f"{path}: neither a .warc, .warc.gz or .wacz, nor a page saved as one file that names its address "
                "(SingleFile, MHTML); `archive supply BAG SOURCE FILE --how TEXT` adds other files to a bag"
            )


_Read = Recording | SavedFrom
"""A recording that was read, or what a page saved as one file says of itself."""


def _read_all(paths: Sequence[Path]) -> tuple[dict[Path, _Read], dict[str, str]]:
    """Read every file; of those that cannot be read, by name, why not."""
    read: dict[Path, _Read] = {}
    unread: dict[str, str] = {}
    for path in paths:
        try:
            found = read_recording(path) if is_recording_file(path) else saved_from(path)
        except BagUnsupported as error:
            unread[path.name] = error.why
        else:
            assert found is not None
            read[path] = found
    return read, unread


def _without_requests(order: FetchInput) -> FetchInput:
    """The order with every source to be skipped: nothing is requested, and the source manifest in the bag says so."""
    manifest = replace(order.manifest, sources=tuple(replace(one, skip=True) for one in order.manifest.sources))
    text = to_toml(manifest).encode()
    files = tuple((path, text if path == layout.SOURCE_MANIFEST else content) for path, content in order.files)
    return replace(order, manifest=manifest, files=files)


def _holders(
    source: Source, recordings: dict[Path, _Read], holds: Callable[[_Read, frozenset[str]], bool]
) -> dict[Path, str]:
    """The files that hold a source, each with the reading of it: those of which `holds` is true for its addresses.

    The reading that a person stated comes first, then the printed address, then its other readings.
    """
    texts = dict.fromkeys((*source.readings[:1], source.cited, *source.readings[1:]))
    found = {path: [text for text in texts if holds(read, urls_of(text))] for path, read in recordings.items()}
    return {path: held[0] for path, held in found.items() if held}


def _with_errors(
    sources: Sequence[tuple[str, Source]], holders: dict[str, dict[Path, str]], recordings: dict[Path, _Read]
) -> dict[str, dict[Path, str]]:
    """The files of each source; of one without any, those of other sources in which a server refuses it."""
    used = {path for paths in holders.values() for path in paths}
    stored = {path: read for path, read in recordings.items() if path in used}
    return {ident: holders[ident] or _holders(source, stored, _refuses) for ident, source in sources}


def _refuses(read: _Read, urls: frozenset[str]) -> bool:
    return error_for(read, urls) is not None


def _errors_of(source: Source, recordings: dict[Path, _Read]) -> dict[str, int]:
    """The names of the recordings in which a server answers a source with errors alone, each with the first status."""
    urls = frozenset[str]().union(*(urls_of(text) for text in (source.cited, *source.readings)))
    found = ((path.name, error_for(read, urls)) for path, read in recordings.items())
    return {name: status for name, status in found if status is not None}


def _unused(
    recordings: dict[Path, _Read], used: set[Path], errors: dict[str, dict[str, int]]
) -> dict[str, str]:
    """Recordings that go to no source, with why."""
    found = {}
    for path, recording in recordings.items():
        if isinstance(recording, SavedFrom):
            if path not in used:
                found[path.name] = f"says that it was saved from {recording.url[:300]}, which is not cited"
        elif recording.damage:
            code = recording.damage[0].code
            found[path.name] = f"damaged: {code}; save or get it again (`archive help {code}`)"
        elif path not in used:
            there = "holds none of the cited addresses" if recording.records else "holds no response of any server"
            refused = {ident: of[path.name] for ident, of in errors.items() if path.name in of}
            if refused:
                there = f"{only_error(next(iter(refused.values())))}, for {', '.join(refused)}"
            found[path.name] = there
    return found


def _record_sources(
    work: WorkFolder,
    sources: Sequence[tuple[str, Source]],
    holders: dict[str, dict[Path, str]],
    recordings: dict[Path, _Read],
    order: ImportOrder,
    run_clock: RunClock,
    progress: Progress,
) -> None:
    """Bring every source to its entry; a recording that several sources share is stored with the first."""
    stored: dict[Path, StoredRecording] = {}
    for ident, source in sources:
        entry: SourceEntry = with_readings(unvisited(ident, source, _SKIPPED), source, {})
        for number, (path, address) in enumerate(holders[ident].items(), start=1):
            read, when = recordings[path], None
            if isinstance(read, Recording):
                if path not in stored:
                    stored[path] = store_recording(work, f"{layout.media_of(ident)}supplied-{number:02d}", read)
                when = _first_date(read, address)
            given = Supply(path, order.how, order.by, when)
            entry = with_supplied(work, entry, given, run_clock.instant(), stored=stored.get(path), address=address)
        work.record(Judged(entry))
        progress.source_judged(entry)


def _first_date(recording: Recording, address: str) -> str | None:
    """When the source was first recorded, in whole seconds as the ledger writes instants.

    None where no record has a date to the second in UTC: half a date, or one of another zone, is not repaired.
    """
    dates = (one.date for one in recording.responses(urls_of(address)))
    sound = (date for date in dates if len(date) >= _SECONDS and is_sound_date(date))
    return next((f"{date[:19]}Z" for date in sound if date[17:19] != _LEAP), None)
