"""Compares the contents of a bag with one another: WARCs with their log, the ledger with both, generated files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.bag.derived import part_of
from archive.bag.interface import Bag
from archive.bag.tagfiles import TagFiles
from archive.verify.files.control_files import ControlFiles, is_warc
from archive.verify.files.forked import DIED, ForkedWork, can_fork, is_worth_processes
from archive.verify.files.payload import PayloadRead
from archive.verify.files.structure import is_cut
from archive.verify.result.verification import StageResults
from archive.words import FALLBACK, load
from archive.words.reasons import answer, few, reason
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Kind, Severity, State
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.verify.foreign.supplied_recordings import Recorded
    from archive.verify.seal.origin import Origin


_LOOKED_AT = 5000
"""Names among which a WARC is looked for before anything is read."""


class BagRead(Struct, frozen=True):
    """A bag after its only reading: each file's digests were taken, and its WARCs parsed, in that reading."""

    bag: Bag
    tags: TagFiles
    payload: PayloadRead
    control: ControlFiles

    @property
    def part(self) -> str | None:
        """Which part of a bag this is, where others are to have the rest of it; None for a whole bag.

        The part with the log and the ledger may have some of the WARCs beside them.
        """
        part = part_of(self.tags)
        return None if part is None or part.total == 1 else str(part)


def load_for(listed: Iterable[str]) -> Iterator[None]:
    """Load what `compare_content` needs, for a bag with these files, in steps, while other processes read them."""
    import archive.verify.foreign.supplied_recordings

    yield
    load(FALLBACK)
    yield
    if any(map(is_warc, islice(listed, _LOOKED_AT))):
        import archive.verify.records.warc  # noqa: F401


def compare_content(read: BagRead, results: StageResults, *, is_strict: bool) -> tuple[StageResults, Recorded]:
    """Answer `warc` and `coverage`, and return what was read of supplied recordings. A part is compared with itself."""
    if (part := read.part) is not None:
        apart, no_warc = answer(State.NOT_CHECKED, reason("parts-apart", part=part)), reason("no-warc-in-part")
        return _compare_part(read, results, apart, answer(State.ABSENT, no_warc), is_strict=is_strict), {}
    if is_cut(read.bag):
        unknown = answer(State.NOT_CHECKED, reason("package-cut"))
        return _compare_part(read, results, unknown, unknown, is_strict=is_strict), {}
    begun = _begin(read, results, is_strict=is_strict)
    covered = _check_ledger(read) if begun is not None else None
    results = _compare_warcs(read, results, begun, is_strict=is_strict)
    results, recorded = _compare_recordings(read, results, is_strict=is_strict)
    results = _compare_ledger(read, results, covered)
    results = _compare_supplied(read, results, recorded)
    return _compare_generated(read, results, begun), recorded


def origin_of(read: BagRead) -> Origin | None:
    """Of a disclosure copy: the check that it is a part of the original. None for any other bag."""
    if read.part is not None or not read.control.is_copy:
        return None
    from archive.verify.seal.origin import check_origin

    return check_origin(read.control, read.tags, read.payload.reports)


def _compare_part(
    read: BagRead, results: StageResults, apart: Answer, without: Answer, *, is_strict: bool
) -> StageResults:
    """A part has WARCs without the log that lists their records, or that log without all its WARCs.

    `apart` answers what only the whole bag can, `without` is said of the WARCs where there are none.
    """
    if not read.payload.reports:
        return results.answering({"warc": without, "coverage": apart})
    from archive.verify.records.warc import check_warc

    alone = ControlFiles(contents={}, sizes={})
    results = results.adding(check_warc(alone, read.payload.reports, is_strict=is_strict), "warc")
    is_sound = results.answers["warc"].state is State.PASSED
    more = {"warc": without} if is_sound and without.state is State.NOT_CHECKED else {}  # others lie behind the cut
    return results.answering({"coverage": apart, **more})


def _compare_warcs(read: BagRead, results: StageResults, begun: _Begun | None, *, is_strict: bool) -> StageResults:
    """The WARCs against their log."""
    unread = _unread_warcs(read)
    if not read.payload.reports and not read.control.holds(layout.RECORDS) and not unread:
        return results.answering({"warc": answer(State.ABSENT, reason("no-warc"))})
    apart = begun.warcs.result() if begun is not None else DIED
    found: list[Finding] = _check_warcs(read, is_strict=is_strict) if apart is DIED else apart
    results = results.adding([*found, *_check_seed(read)], "warc")
    is_unread = read.control.holds(layout.RECORDS) and not _was_read(read, layout.RECORDS)
    if unread:
        results = _unread(results, "warc", "unchecked-files", paths=few(unread))
    return _unread(results, "warc", "log-unread") if is_unread else results


def _check_warcs(read: BagRead, *, is_strict: bool) -> list[Finding]:
    from archive.verify.records.warc import check_warc

    return check_warc(read.control, read.payload.reports, is_strict=is_strict)


def _check_seed(read: BagRead) -> Iterator[Finding]:
    """A captured bag has the seed of its disclosure tree; one that the manifests list is reported as any other file."""
    is_listed = layout.SEED in read.tags.table.row_of
    is_made = layout.DISCLOSURE in read.tags.texts or read.control.holds(layout.SOFTWARE)
    is_due = read.control.is_ours and not read.control.is_copy and is_made
    if is_due and not is_listed and not read.control.holds(layout.SEED):
        yield make_finding("disclosure-missing", BagPath(layout.SEED))


def _unread_warcs(read: BagRead) -> list[str]:
    """WARCs that are here or listed, and of which no record was read."""
    wrong = (one.path for one in read.payload.findings if one.severity is Severity.ERROR and one.path is not None)
    return sorted({path.text for path in wrong if is_warc(path.text) and path not in read.payload.reports})


def _was_read(read: BagRead, path: str) -> bool:
    """Whether a control file was read, or is so large that it is read in pieces."""
    return read.control.read(BagPath(path)) is not None or BagPath(path) in read.control.too_large


def _unread(results: StageResults, question: str, why: str, **facts: str) -> StageResults:
    """Where nothing was wrong because nothing could be read, the question is not answered."""
    if results.answers[question].state is not State.PASSED:
        return results
    return results.answering({question: answer(State.NOT_CHECKED, reason(why, **facts))})


def _compare_recordings(read: BagRead, results: StageResults, *, is_strict: bool) -> tuple[StageResults, Recorded]:
    """Recordings that other tools made."""
    from archive.verify.foreign.supplied_recordings import check_recordings

    altered = {one.path for one in read.payload.findings if one.kind is Kind.DAMAGE and one.path is not None}
    found, recorded = check_recordings(read.bag, read.tags.table, read.control, altered, is_strict=is_strict)
    return (results.adding(found, "warc") if found else results), recorded


def _compare_ledger(read: BagRead, results: StageResults, covered: list[Finding] | None) -> StageResults:
    """The ledger against the report and the records; `covered` is what comparing them found, where that is done."""
    if not read.control.holds(layout.LEDGER):
        missing = answer(State.NOT_CHECKED, reason("ledger-missing"))
        absent = answer(State.ABSENT, reason("no-ledger"))
        return results.answering({"coverage": missing if read.control.is_ours else absent})
    from archive.verify.coverage import is_ledger

    if not is_ledger(read.control):
        return results.answering({"coverage": answer(State.ABSENT, reason("no-ledger"))})
    results = results.adding(_check_ledger(read) if covered is None else covered, "coverage")
    return results if _was_read(read, layout.LEDGER) else _unread(results, "coverage", "ledger-unread")


def _check_ledger(read: BagRead) -> list[Finding]:
    from archive.verify.coverage import check_coverage

    return check_coverage(read.control, read.payload.reports)


def _compare_supplied(read: BagRead, results: StageResults, recorded: Recorded) -> StageResults:
    """The ledger against the recordings that people supplied."""
    ledger = read.control.ledger
    if ledger is None or not any(copy.kind == "supplied" for entry in ledger.sources for copy in entry.copies):
        return results
    from archive.verify.foreign.supplied_recordings import check_judged, check_saved_pages
    from archive.verify.records.by_version import by_version
    from archive.verify.records.generated import made_by_another
    from archive.verify.statements.supplied import check_supplied_notes, unread_recordings

    damaged = frozenset(
        one.path.text
        for one in results.findings
        if one.path is not None and one.severity is Severity.ERROR and one.kind in (Kind.DAMAGE, Kind.MISSING)
    )
    results = results.adding(unread_recordings(ledger, damaged), "coverage")
    results = results.adding(check_supplied_notes(read.control, read.payload.reports, recorded, damaged), "coverage")
    judged = check_judged(read.bag, read.control, read.payload.reports, recorded, damaged)
    results = results.adding(judged, "coverage")
    saved = check_saved_pages(read.bag, read.control, damaged)
    return results.adding(by_version(saved, made_by_another(read.control)), "coverage")


class _Begun(Struct, frozen=True):
    """What goes on in processes of its own while the ledger is compared with the records."""

    generated: ForkedWork
    """What is made from other files is made again."""
    warcs: ForkedWork


def _begin(read: BagRead, results: StageResults, *, is_strict: bool) -> _Begun | None:
    """Begin what the ledger's comparison need not wait for; None where there is little of it."""
    ledger = read.control.ledger if _has_generated(read, results) and read.control.jobs > 1 else None
    if ledger is None or not read.payload.reports or not is_worth_processes(ledger) or not can_fork():
        return None
    reopen = read.control.reopen
    warcs = ForkedWork(partial(_check_warcs, read, is_strict=is_strict), reopen)
    return _Begun(ForkedWork(partial(_check_generated, read), reopen), warcs)


def _has_generated(read: BagRead, results: StageResults) -> bool:
    """Whether it is a bag of ours without errors so far."""
    is_whole = not any(finding.severity is Severity.ERROR for finding in results.findings)
    return is_whole and read.control.is_ours and read.control.read(layout.LEDGER) is not None


def _check_generated(read: BagRead) -> list[Finding]:
    from archive.verify.records.generated import check_generated

    return check_generated(read.control, read.tags, read.bag.name)


def _compare_generated(read: BagRead, results: StageResults, begun: _Begun | None) -> StageResults:
    """The files of our bags that are made from other files in them; only of a bag without errors so far."""
    if not _has_generated(read, results):
        if begun is not None:
            begun.generated.drop()
        return results
    apart = begun.generated.result() if begun is not None else DIED
    found: list[Finding] = _check_generated(read) if apart is DIED else apart
    questions = [name for name in ("warc", "coverage") if results.answers[name].state is not State.ABSENT]
    return results.adding(found, *questions)
