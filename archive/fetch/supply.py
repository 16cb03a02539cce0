"""A person's own file, or a person's word, as part of a package: stored apart from what was fetched, and marked so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import BagUnreadable, UsageProblem
from archive.fetch.again import accepts_alike, carry_over, copy_report, successor_path, taken_over
from archive.fetch.fetch import FetchResult, work_path
from archive.fetch.finish import finish
from archive.fetch.older_bag import OlderBag, require_sound
from archive.fetch.run_clock import RunClock
from archive.fetch.supplied import Supply, is_supplied, require_past, require_short, require_supply, with_supplied
from archive.fetch.unchanged import identities_of, require_unchanged
from archive.verify.foreign.recordings import Recording
from archive.verify.sources.decided_reading import DECIDED, href, is_ambiguous, verdict_of
from archive.workfolder import folder as works
from archive.workfolder.bag_name import require_name
from archive.workfolder.discarding import discarding
from archive.workfolder.events import Begun, Ended, Judged
from archive.workfolder.folder import WorkFolder
from archive_manifests.ledger import Reading, SourceEntry
from archive_manifests.notes import Note, note

__all__ = ["Supply", "Version", "attest", "supply"]

_DAY = len("2026-11-22")


class Version(Struct, frozen=True):
    """How a further version of a finished bag is made."""

    check: bool = True
    """Verify it before it gets its name."""
    accept_unsound: bool = False
    """Make it of a bag that does not verify too; it then says so."""


def supply(
    bag: Path, source: str, given: Supply, *, run_clock: RunClock | None = None, version: Version | None = None
) -> FetchResult:
    """Add a person's file to a source of a held work folder; on a finished bag, make version 2.

    A held work folder that has the file already, with the same statements, stays as it is: the command was run again.
    Raises `UsageProblem` for an unknown source, an empty `how` or file, a file of another address; `BagUnreadable`,
    `FileChanged`, `OSError`.
    """
    if not given.how.strip():
        raise UsageProblem("--how: say how the file was got; without that nobody can weigh it")
    if not given.file.is_file():
        raise UsageProblem(f"{given.file}: no such file")
    run_clock = run_clock or RunClock()
    require_past(given.when, run_clock.instant(), "--when")
    require_short(given.how, "--how")
    require_short(given.by, "--by")
    before = identities_of([given.file])

    read: list[Recording | None] = []

    def check(entry: SourceEntry) -> None:
        read.append(require_supply(entry, given))

    def change(work: WorkFolder, entry: SourceEntry, now: str) -> SourceEntry:
        supplied = with_supplied(work, entry, given, now, read=read[-1])
        require_unchanged(before)
        return supplied

    def is_done(work: WorkFolder, entry: SourceEntry, _: str) -> bool:
        return is_supplied(entry, given, work)

    return _changed(bag, source, EntryChange(check, change, is_done), run_clock, version or Version())


def attest(
    bag: Path,
    source: str,
    words: str,
    *,
    by: str | None = None,
    reading: str | None = None,
    run_clock: RunClock | None = None,
    version: Version | None = None,
) -> FetchResult:
    """Note that a person looked at a source, and what they say; it never changes a byte.

    `reading` decides for one of several readings that respond: its address, or its number in the ledger, from 1. The
    source then has the verdict on that reading. Nothing else changes a verdict. The same words by the same person on
    the same day are noted once in a held work folder: the command was run again. Raises `UsageProblem`.
    """
    if not words.strip():
        raise UsageProblem("--note: say what was seen")
    if reading is not None and not by:
        raise UsageProblem("--reading: a decision needs --by, a name or a pseudonym")
    require_short(words, "--note")
    require_short(by, "--by")
    said = " ".join(words.split())

    def check(entry: SourceEntry) -> None:
        if reading is not None:
            _chosen(entry, reading)

    def seen(entry: SourceEntry, now: str) -> Note:
        if reading is not None:
            return note(DECIDED, url=_chosen(entry, reading).url, who=by or "", when=now, detail=said)
        if by:
            return note("attested", who=by, when=now, detail=said)
        return note("attested-unnamed", when=now, detail=said)

    def change(_: WorkFolder, entry: SourceEntry, now: str) -> SourceEntry:
        noted = replace(entry, notes=(*entry.notes, seen(entry, now)))
        return noted if reading is None else _as_decided(noted, _chosen(entry, reading))

    def is_done(_: WorkFolder, entry: SourceEntry, now: str) -> bool:
        return _of_one_day(seen(entry, now)) in map(_of_one_day, entry.notes)

    return _changed(bag, source, EntryChange(check, change, is_done), run_clock or RunClock(), version or Version())


def _of_one_day(stated: Note) -> tuple[str, dict[str, object]]:
    """A note, but for the hour."""
    return stated.code, {**stated.facts, "when": str(stated.facts.get("when"))[:_DAY]}


def _chosen(entry: SourceEntry, reading: str) -> Reading:
    """The reading of that number or address. Raises `UsageProblem` where there is nothing to decide, or none of it."""
    if not is_ambiguous(entry):
        raise UsageProblem(f"{entry.id}: there is nothing to decide; only one reading of it responds")
    ways = "; ".join(f"{number} {each.url}" for number, each in enumerate(entry.readings, 1) if verdict_of(entry, each))
    numbered = dict(enumerate(entry.readings, 1))
    chosen = numbered.get(int(reading)) if reading.isascii() and reading.isdecimal() else None
    if chosen is None and (wanted := href(reading)) is not None:
        chosen = next((each for each in entry.readings if href(each.url) == wanted), None)
    if chosen is None:
        raise UsageProblem(f"{entry.id}: {reading} is none of its readings; those that respond are: {ways}")
    if verdict_of(entry, chosen) is None:
        raise UsageProblem(f"{entry.id}: nothing of {chosen.url} is stored; those that respond are: {ways}")
    return chosen


def _as_decided(entry: SourceEntry, chosen: Reading) -> SourceEntry:
    """The entry with the verdict on the reading that a person decided for."""
    verdict = verdict_of(entry, chosen)
    assert verdict is not None
    return replace(entry, status=verdict.status, reason=verdict.reason, detail=verdict.detail)


class EntryChange(Struct, frozen=True):
    """What becomes of a source's entry."""

    check: Callable[[SourceEntry], None]
    """Raises `UsageProblem` where the change is refused, before anything is written."""
    apply: Callable[[WorkFolder, SourceEntry, str], SourceEntry]
    """The new entry, at an instant."""
    is_done: Callable[[WorkFolder, SourceEntry, str], bool]
    """True where the entry has it already: the command was killed once that was recorded, and is run again."""


def _changed(bag: Path, source: str, change: EntryChange, run_clock: RunClock, version: Version) -> FetchResult:
    bag = require_name(bag.absolute())
    part = bag if bag.name.endswith(".part") else work_path(bag)
    if part.is_dir():
        work = works.reopen(part, now=None)
        try:
            _require_source(source, set(work.state.entries))
            entry = work.state.entries[source]
            change.check(entry)
            if not change.is_done(work, entry, run_clock.instant()):
                work.remove_unnamed()
                _apply(work, source, change, run_clock)
            return FetchResult(work.path, work.state.ledger(), None)
        finally:
            work.close()
    if not bag.is_dir():
        text = f"{bag}: neither a bag nor a held work folder ({part.name}) is there"
        raise BagUnreadable(text).worded("no-bag-or-work", path=str(bag), part=part.name)
    with OlderBag(bag) as older:
        return _second_version(older, source, change, run_clock, version)


def _second_version(
    older: OlderBag, source: str, change: EntryChange, run_clock: RunClock, version: Version
) -> FetchResult:
    """A finished bag never changes: what is added makes the next one, which names it."""
    before, target = older.predecessor(), successor_path(older.path)
    entries = {entry.id: entry for entry in before.ledger.sources}
    _require_source(source, set(entries))
    change.check(entries[source])
    taken, now = taken_over(older, before, everything=True), run_clock.instant()
    accepted = require_sound(before, taken, now, accept_unsound=version.accept_unsound)
    stated = before.ledger.report.stated
    begun = Begun(
        seed=run_clock.new_seed().hex(),
        format=1,
        input_sha256=stated.sha256 or "",
        options={},
        started=before.ledger.started,
        report=before.ledger.report,
        conditions=replace(before.ledger.conditions, accepted_bags=accepted),
        extractor=older.extractor(),
        passed_over=before.ledger.passed_over,
        predecessor=str(before.tagmanifest),
        older_seeds=tuple(seed.hex() for seed in before.seeds),
    )
    with discarding(work_path(target)):
        work = _work_folder(work_path(target), begun)
        try:
            copy_report(work, older)
            carry_over(work, older, before)
            _apply(work, source, change, run_clock)
            # Last: what is killed before is no work that `finish` makes a bag of.
            work.record(Ended(before.ledger.ended, before.ledger.conditions.clock))
            finished = finish(work, target, run_clock.bagged(), check=version.check)
        finally:
            work.close()
    return FetchResult(finished.path, finished.ledger, finished.tagmanifest)


def _work_folder(part: Path, begun: Begun) -> WorkFolder:
    """The work folder of the next version; what a killed command left of one is begun anew. Raises `UsageProblem`."""
    there = works.peek(part)
    if there is None:
        return works.create(part, begun)
    if there.predecessor != begun.predecessor or there.options or not accepts_alike(there.conditions, begun.conditions):
        raise UsageProblem(f"{part}: something else was begun here; finish it (`archive finish`), or move it away")
    return works.create(part, begun)


def _apply(work: WorkFolder, source: str, change: EntryChange, run_clock: RunClock) -> None:
    changed = change.apply(work, work.state.entries[source], run_clock.instant())
    work.record(Judged(changed))
    work.sync()


def _require_source(source: str, known: set[str]) -> None:
    if source not in known:
        raise UsageProblem(f"no source {source!r} here; there are {', '.join(sorted(known)) or 'none'}")
