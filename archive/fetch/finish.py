"""Finishes a work folder: writes what is generated, then the tag files, then renames it into a bag.

A function of the work folder and a clock: the same folder and the same moment give the same bag, byte for byte.
Every digest was computed as its bytes were written; the finished folder is then read once, to verify it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive import posix
from archive.capture.warcinfo import RUNTIME, fields_of, object_in, runtime
from archive.errors import AlreadyThere, NotSound, UsageProblem
from archive.fetch.final_check import FinalCheck
from archive.fetch.older_bag import ANEW
from archive.fetch.privacy_check import LeakCheck, secrets_of_machine
from archive.fetch.records_pass import RecordsPass, named_by
from archive.page.bag_info import info_fields
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.page.readme import readme_verify
from archive.page.source_pages import render_source_pages
from archive.version import AGENT, PRODUCT, SOFTWARE_SCHEMA, __version__
from archive.warc.reader import block_of
from archive.words.notes import describe
from archive.workfolder.events import FileAdded
from archive.workfolder.files import write_file
from archive.workfolder.folder import JOURNAL, WorkFolder, clear_away
from archive_manifests import canonical, custody, disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.custody import Event
from archive_manifests.datapackage import datapackage_json, title_of
from archive_manifests.fixity import BAG_ALGORITHMS, Fixity
from archive_manifests.ledger import Ledger, notes_of
from archive_manifests.moments import instant
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.premis import premis_lines
from archive_manifests.records import RecordLine
from archive_manifests.tags import DECLARATION, Oxum, format_bag_info

INDEX_PAGE = layout.PAGE
PREMIS = layout.PREMIS
BLOCK = 1 << 18
"""Characters of a long text that are encoded, looked through and written at once."""


class FinishedBag(Struct, frozen=True):
    """A bag, and the digest by which it can be recognised."""

    path: Path
    tagmanifest: Fixity
    """Of `tagmanifest-sha256.txt`: a copy of it elsewhere distinguishes this bag from any other."""
    ledger: Ledger


def finish(
    work: WorkFolder, bag: Path, now: datetime, *, check: bool = True, final_check: FinalCheck | None = None
) -> FinishedBag:
    """Make the bag, and verify it before it gets its name, unless `check` is False: by `final_check`, or here.

    Raises `UsageProblem` where sources lack their verdict, `AlreadyThere`, `NotSound`, `OSError`.
    """
    if work.state.ended is None:
        raise UsageProblem(f"{work.path}: not every source has its verdict yet; run fetch again to go on")
    if bag.exists():
        raise AlreadyThere(f"{bag}: something is there already; move it away or choose another name")
    if instant(now) < instant(datetime.fromisoformat(work.state.ended)):
        raise UsageProblem(
            f"{work.path}: would be finished at {instant(now)}, before its captures ended at {work.state.ended}; "
            "set the clock right, or SOURCE_DATE_EPOCH to a later moment"
        )
    work.require_space()
    work.stop_writing()
    work.remove_unnamed()
    _remove_empty_folders(work)
    ledger = work.state.ledger()
    files, gathered = _Files(work), RecordsPass(_seed(work), named_by(ledger))
    _write_generated(files, work, ledger, gathered, bag.name, now)
    _write_commitment(files, ledger, gathered)
    tagmanifest = _write_tag_files(files, ledger, bag.name, now)
    work.close()
    posix.sync_files(work.base, files.written)
    # Last and at once, when all else is on the disk itself: with it the folder calls itself a bag. (RFC 8493, 2.1.1)
    write_file(work.path, "declaration", DECLARATION)
    (work.path / "declaration").replace(work.base / layout.DECLARATION)
    posix.sync_folder(work.base)
    if check:
        _require_sound(work, final_check or FinalCheck(forks=False))
    work.base.rename(bag)
    posix.sync_folder(bag.parent)
    clear_away(work.path)
    return FinishedBag(bag, tagmanifest, ledger)


def _remove_empty_folders(work: WorkFolder) -> None:
    for folder, _, _ in os.walk(work.base, topdown=False):
        if next(Path(folder).iterdir(), None) is None:
            Path(folder).rmdir()  # of files that could not be written; no manifest would list it


def _require_sound(work: WorkFolder, final_check: FinalCheck) -> None:
    """Verify the finished folder by the code that everybody runs. Raises `NotSound`; the folder is no bag then."""
    work.state.read_records_from(work.path / JOURNAL)  # no longer held in memory: verifying needs it
    errors = final_check.errors_of(work.base)
    if errors is not None:
        (work.base / layout.DECLARATION).unlink()
        _refuse_inherited(work, errors)
        raise NotSound(
            f"{work.path}: what was to be finished does not verify ({errors}): this is a fault of this "
            "program, not of yours. The work folder stays; please report the codes. `archive finish --no-check` makes "
            "a bag to look at: it will not verify, so do not sign it"
        )


def _refuse_inherited(work: WorkFolder, errors: str) -> None:
    """Raise `UsageProblem` where the faults come of an older bag that was accepted with faults of its own."""
    begun = work.state.begun
    older = next((bag for bag in begun.conditions.accepted_bags if bag.tagmanifest == begun.predecessor), None)
    if older is not None:
        raise UsageProblem(
            f"{work.path}: what was taken over from a bag that does not verify ({older.wrong}) makes one that does not "
            f"verify either ({errors}), so --accept-unsound cannot make it; move this folder away; {ANEW}"
        )


class _Files:
    """The files of the bag to be, with their digests."""

    def __init__(self, work: WorkFolder) -> None:
        self.base = work.base
        self.filed = dict(work.state.files)
        self.written: list[str] = []
        """What was written here, and is not on the disk yet."""
        self._leaks = LeakCheck(secrets_of_machine(work.path.parent), lambda: _known_words(work))

    def write(self, path: str, text: str | Iterable[str]) -> None:
        """Write a text, or the lines of one that may be long, once nothing telling was found in it."""
        self.filed[path] = write_file(self.base, path, self._checked(path, text), is_synced=False)
        self.written.append(path)

    def _checked(self, path: str, text: str | Iterable[str]) -> Iterator[bytes]:
        for block in [text.encode()] if isinstance(text, str) else _blocks(text):
            self._leaks.require_none(path, block)
            yield block

    def payload(self) -> list[FileAdded]:
        return [filed for path, filed in sorted(self.filed.items()) if path.startswith(layout.PAYLOAD)]

    def sizes(self) -> dict[str, int]:
        """The octets of each file of the payload so far."""
        return {filed.path: filed.size for filed in self.payload()}

    def tags(self) -> list[FileAdded]:
        return [filed for path, filed in sorted(self.filed.items()) if not path.startswith(layout.PAYLOAD)]


def _write_generated(
    files: _Files, work: WorkFolder, ledger: Ledger, gathered: RecordsPass, name: str, now: datetime
) -> None:
    """What is generated from the ledger and the records log, and checked by generating it again."""
    log = work.state.records()
    text = _report_text(work)
    files.write(layout.SEED, disclosure.format_seeds([_seed(work), *map(bytes.fromhex, work.state.begun.older_seeds)]))
    files.write(layout.LEDGER, ledgers.to_json(ledger))
    files.write(layout.RECORDS, records.chained(gathered.over(log), work.state.first_prev))
    files.write(layout.INDEX, gathered.sorted_index())
    shown = gathered.shown
    files.write(layout.PAGES, pages_jsonl(ledger, shown))
    files.write(layout.DATA_PACKAGE, _datapackage(files, ledger, now))
    events = list(_events(work, ledger, len(log), now))
    chained = list(custody.chained(events))
    files.write(layout.EVENTS, "".join(chained))
    events = [custody.parse_line(line.encode(), number) for number, line in enumerate(chained, start=1)]
    files.write(layout.SOFTWARE, canonical.document(_software(work, gathered.warcinfos)))
    content = PageContent(
        ledger=ledger, text=text, records=shown, events=events, files=files.sizes(), name=name
    )
    for path, page in render_source_pages(content):
        files.write(path, page)
    stated = [(filed.path, filed.size, filed.sha256, filed.sha512) for filed in files.payload()]
    files.write(PREMIS, premis_lines(ledger, events, stated, name=name))
    files.write(INDEX_PAGE, render_page(replace(content, files=files.sizes())))


def _blocks(lines: Iterable[str]) -> Iterator[bytes]:
    """Whole lines, many at a time."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size > BLOCK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _known_words(work: WorkFolder) -> Iterator[str]:
    """What came from outside, where a word that is also this machine's name may stand by right."""
    manifest = work.base / layout.SOURCE_MANIFEST
    yield _report_text(work) or ""
    yield manifest.read_text("utf-8") if manifest.is_file() else ""
    for entry in work.state.entries.values():
        # Titles, redirects and requisites are the servers' words, in our files.
        yield from (entry.title or "", entry.final_url or "", *map(describe, notes_of(entry)))
        yield from (each.url for each in entry.requisites)
    yield from (record.uri or "" for record in work.state.records())
    yield from (work.state.begun.report.name or "", *work.state.begun.conditions.connect_to)


def _report_text(work: WorkFolder) -> str | None:
    place = work.base / layout.REPORT_TEXT
    return place.read_text("utf-8") if place.is_file() else None


def _datapackage(files: _Files, ledger: Ledger, now: datetime) -> str:
    """Lists just what makes the unpacked WACZ. (WACZ 1.1.1, section 5.2)"""
    within = [filed for filed in files.payload() if filed.path.split("/")[1] in ("archive", "indexes", "pages")]
    resources = [
        (filed.path.rpartition("/")[2].lower(), filed.path.removeprefix(layout.PAYLOAD), filed.size, filed.sha256)
        for filed in within
    ]
    return datapackage_json(title_of(ledger), _instant(now), AGENT, resources)


def _events(work: WorkFolder, ledger: Ledger, count: int, now: datetime) -> Iterable[Event]:
    state = work.state
    return custody.events_of(
        ledger,
        agent=AGENT,
        nonce=disclosure.nonce_of(_seed(work)),
        resumed=sorted((resumed.time, resumed.retained_records) for resumed in state.resumed),
        files=len(state.files),
        records=count,
        finished=_instant(now),
    )


def _software(work: WorkFolder, warcinfos: Iterable[RecordLine]) -> dict[str, object]:
    """What made the bag: the program that finishes it, and what ran the one that captured."""
    return {
        "schema": SOFTWARE_SCHEMA,
        "product": PRODUCT,
        "version": __version__,
        **_runtime_of(work, warcinfos),
        "report_text_by": work.state.begun.extractor,
    }


def _runtime_of(work: WorkFolder, warcinfos: Iterable[RecordLine]) -> dict[str, object]:
    """What ran the captures, as a WARC states it: a held folder may be finished after Python was updated."""
    here, stated = runtime(), None
    for record in warcinfos:
        block = b"".join(block_of(work.base / record.file, record.offset, record.length))
        stated = object_in(fields_of(block), RUNTIME) or stated
        if stated == here:
            break
    return stated or here


def _seed(work: WorkFolder) -> bytes:
    return bytes.fromhex(work.state.begun.seed)


def _write_commitment(files: _Files, ledger: Ledger, gathered: RecordsPass) -> None:
    """Write `disclosure.txt`: the root over every record, payload file and part of the ledger."""
    stated = [(filed.path, filed.sha256) for filed in files.payload()]
    items = disclosure.items_of((), stated, ledger)
    commitment = disclosure.commit(gathered.seed, items, leaves=gathered.leaves)
    files.write(layout.DISCLOSURE, disclosure.format_commitment(commitment))


def _write_tag_files(files: _Files, ledger: Ledger, name: str, now: datetime) -> Fixity:
    """Tag files, manifests, tag manifests: all but `bagit.txt`, which they state and which makes a folder a bag."""
    payload = files.payload()
    manifests = {
        algorithm: format_manifest({BagPath(filed.path): getattr(filed, algorithm) for filed in payload})
        for algorithm in BAG_ALGORITHMS
    }
    for algorithm, text in manifests.items():
        files.write(manifest_name(algorithm), text)
    oxum = Oxum(sum(filed.size for filed in payload), len(payload))
    identity = files.filed[manifest_name("sha256")].sha256
    files.write(layout.BAG_INFO, format_bag_info(info_fields(ledger, oxum, identity, now.date().isoformat())))
    files.write(layout.README, readme_verify(name, demonstration=ledger.conditions.demonstration))
    declaration = DECLARATION.encode()
    digests = (hashlib.new(algorithm, declaration).hexdigest() for algorithm in BAG_ALGORITHMS)
    stated = [*files.tags(), FileAdded(layout.DECLARATION, len(declaration), *digests)]
    for algorithm in BAG_ALGORITHMS:
        entries = {BagPath(filed.path): getattr(filed, algorithm) for filed in stated}
        files.write(manifest_name(algorithm, tag=True), format_manifest(entries))
    return Fixity("sha256", files.filed[manifest_name("sha256", tag=True)].sha256)


def _instant(now: datetime) -> str:
    return instant(now)
