"""Lays a person's own file down beside a source: marked as theirs, never passed off as what was fetched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.fetch.supplied_check import holds_address, require_fit
from archive.fetch.unchanged import identities_of, require_unchanged
from archive.verify.files.control_files import DAMAGED
from archive.verify.foreign.recorded_pages import OTHER_PAGE, fills_gap, judged_note
from archive.verify.foreign.recordings import (
    Recording,
    is_recording_file,
    read_recording,
    responses_notes,
    urls_of,
)
from archive.verify.foreign.saved_page import SavedFrom, page_notes, saved_from
from archive.verify.records.other_reader import warcio_opinion
from archive.workfolder.folder import WorkFolder
from archive_manifests import custody, layout
from archive_manifests.ledger import Copy, Facet, Facets, SourceEntry, Status
from archive_manifests.notes import PERSONS_WORDS_AT_MOST, Note, note
from archive_manifests.sources import SourceManifest, source_id
from archive_manifests.wacz import SUFFIX

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".tif", ".tiff"})
_MEDIA = frozenset({".mp4", ".webm", ".mkv", ".mov", ".m4a", ".mp3", ".ogg", ".wav", ".srt", ".vtt"})
_TEXTS = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".mht", ".txt", ".json", ".csv", ".eml"})
_OFFICE = frozenset({".docx", ".xlsx", ".odt", ".ods", ".zip"})
_SUFFIXES = _PICTURES | _MEDIA | _TEXTS | _OFFICE
_SCREENSHOTS = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"RIFF", ".webp"))
_MOST_CODES = 5
_DAY = len("2026-11-22")
_OF_OTHERS = frozenset({"recording-lacks", OTHER_PAGE})
"""Notes that say that a file is of another address than the source's."""


class Supply(Struct, frozen=True):
    """A file and what its supplier says of it."""

    file: Path
    how: str
    """How it was got, in the supplier's words."""
    by: str | None = None
    """A name or a pseudonym."""
    when: str | None = None
    other_address: bool = False
    """True where the supplier insists that it belongs to the source, although it is of another address."""

    @property
    def note(self) -> Note:
        """What the supplier says, as the copy's first note."""
        return note("supplied", detail=self.how.strip(), name=self.file.name)


Supplies = Mapping[str, Sequence[Supply]]
"""Source -> the files that are supplied for it."""


def stated_supplies(manifest: SourceManifest, folder: Path, now: str) -> Supplies:
    """The files that a source manifest supplies, found below `folder`. Raises `UsageProblem`, before any request.

    A manifest may come from elsewhere: a link in its folder must not bring another file of this machine into a bag.
    """
    found: dict[str, list[Supply]] = {}
    home = folder.resolve()
    for index, source in enumerate(manifest.sources):
        for number, stated in enumerate(source.supplied, 1):
            place = folder.joinpath(*re.split(r"[/\\]", stated.path))
            where = f"source manifest, source {index + 1}, supplied {number}: {stated.path}"
            if not place.is_file():
                raise UsageProblem(f"{where}: no such file beside the source manifest, in {folder}; put it there")
            if not place.resolve().is_relative_to(home):
                raise UsageProblem(f"{where}: a link that leads out of the source manifest's folder; copy the file in")
            given = Supply(place, stated.how, stated.by, stated.when, stated.other_address is True)
            urls = frozenset[str]().union(*(urls_of(text) for text in (source.cited, *source.readings)))
            require_past(given.when, now, f"{where}: when")
            require_short(given.how, f"{where}: how")
            require_short(given.by, f"{where}: by")
            _require_fit(given, urls, where)
            found.setdefault(source_id(index), []).append(given)
    return found


def _require_fit(given: Supply, urls: frozenset[str], where: str) -> None:
    """Raise `UsageProblem` for a file of another address, before anything is requested."""
    try:
        require_fit(given.file, urls, "the source's address", other_address=given.other_address)
    except UsageProblem as error:
        raise UsageProblem(f"{where}: {error}") from error


def is_supplied(entry: SourceEntry, given: Supply, work: WorkFolder) -> bool:
    """True where the entry has this file already, bytes and statements: the same command was run again."""
    there = [
        copy
        for copy in entry.copies
        if (copy.kind, copy.holder, copy.notes[:1]) == ("supplied", given.by, (given.note,)) and copy.files
        if given.when in (None, copy.taken)
    ]
    stored = [added for copy in there if (added := work.state.files.get(copy.files[0])) is not None]
    return bool(stored) and _digest_of(given.file) in {added.sha256 for added in stored}


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def require_short(words: str | None, what: str) -> None:
    """Raise `UsageProblem` for more words of a person than a note may have."""
    if words is not None and len(words) > PERSONS_WORDS_AT_MOST:
        most = f"{PERSONS_WORDS_AT_MOST:,} are the most"
        raise UsageProblem(f"{what}: {len(words):,} characters, where {most}; supply a longer text as a file")


def require_past(when: str | None, now: str, what: str) -> None:
    """Raise `UsageProblem` for a day or an instant that is still to come."""
    if when is None:
        return
    is_day, today = len(when) == _DAY, now[:_DAY]
    # Half a day ahead of UTC somebody's tomorrow has begun.
    latest = (datetime.fromisoformat(now) + timedelta(hours=14)).date().isoformat() if is_day else now
    if when > latest:
        text = f"{what}: {when} is still to come; the clock here shows {today if is_day else now}"
        raise UsageProblem(f"{text}. Say when the file was obtained, or correct the clock")


def require_supply(entry: SourceEntry, given: Supply) -> Recording | None:
    """The recording, if the file is one. Raises `UsageProblem` for an empty file, and for one of another address."""
    where = f"{entry.id}, {entry.cited}"
    urls = frozenset[str]().union(*_addresses_of(entry).values())
    return require_fit(given.file, urls, where, other_address=given.other_address)


def with_supplied(
    work: WorkFolder,
    entry: SourceEntry,
    given: Supply,
    now: str,
    *,
    stored: StoredRecording | None = None,
    read: Recording | None = None,
    address: str | None = None,
) -> SourceEntry:
    """The entry with a copy that a person supplies; a gap becomes `supplied`, any other verdict stays.

    A recording is read first: what it holds of the source, and who signed it, is noted. `stored` is one that another
    source has already, `read` one that was read; `address` is the reading of the source that the file is of, the
    likeliest that it holds where None.
    """
    number = 1 + sum(copy.kind == "supplied" for copy in entry.copies)
    stem = f"{layout.media_of(entry.id)}supplied-{number:02d}"
    before = identities_of([given.file])
    notes, files = [given.note], list[str]()
    if stored is not None or is_recording_file(given.file):
        stored = stored or store_recording(work, stem, read or read_recording(given.file))
        files.append(stored.path)
        address = address or _address_in(entry, stored.recording)
        found, derived = _of_recording(work, stored, stem, _urls_of(entry, address), urls_of(entry.cited))
        notes += found
        files += derived
    else:
        suffix = given.file.suffix.lower()
        files.append(f"{stem}{suffix if suffix in _SUFFIXES else '.bin'}")
        work.require_space(given.file.stat().st_size)
        work.add_file(files[0], given.file)
        saved = saved_from(given.file)
        address = address or _address_in(entry, saved)
        notes += page_notes(saved, _urls_of(entry, address))
    require_unchanged(before)
    if given.other_address and any(one.code in _OF_OTHERS for one in notes):
        notes.append(note("other-address-accepted"))
    if given.when is not None:
        notes.append(note(custody.ADDED, when=now))
    copy = Copy(
        kind="supplied",
        url=address,
        taken=given.when or now,
        holder=given.by,
        files=tuple(files),
        notes=tuple(notes),
    )
    facets = entry.facets
    if any(Path(path).suffix in _PICTURES for path in files) and not facets.appearance.present:
        facets = Facets(facets.source_code, Facet(True, note("picture-supplied")), facets.media)
    status = Status.SUPPLIED if entry.status.is_gap and fills_gap(copy) else entry.status
    reason = None if status is Status.SUPPLIED else entry.reason
    return replace(entry, status=status, reason=reason, copies=(*entry.copies, copy), facets=facets)


class StoredRecording(Struct, frozen=True):
    """A recording that lies in the work folder, read."""

    path: str
    """In the bag."""
    recording: Recording
    other_opinion: str | None
    """What warcio says against it."""

    @property
    def is_damaged(self) -> bool:
        return self.path.endswith(DAMAGED)


def store_recording(work: WorkFolder, stem: str, recording: Recording) -> StoredRecording:
    """Lay a recording down that was read, once warcio read it too; one that is damaged under a name that says so.

    Whatever lies in a bag as a WARC or WACZ is checked by `verify` for ever: a damaged one would make it fail for ever.
    """
    file = recording.path
    is_wacz = file.suffix.lower() == SUFFIX
    other = None if is_wacz else warcio_opinion(file)
    suffix = SUFFIX if is_wacz else ".warc.gz" if _is_gzip(file) else ".warc"
    path = f"{stem}{suffix}{DAMAGED if recording.damage else ''}"
    work.require_space(file.stat().st_size)
    work.add_file(path, file)
    return StoredRecording(path, recording, other)


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _of_recording(
    work: WorkFolder, stored: StoredRecording, stem: str, urls: frozenset[str], printed: frozenset[str]
) -> tuple[list[Note], list[str]]:
    """What a recording shows of a source: notes, and files that are taken out of it.

    `urls` are the addresses that it is looked for under, `printed` those that the report prints.
    """
    recording = stored.recording
    if stored.is_damaged:
        codes = ", ".join(dict.fromkeys(finding.code for finding in recording.damage[:_MOST_CODES]))
        return [note("recording-damaged", codes=codes)], []
    notes, files = [*responses_notes(recording.responses(urls), urls, printed)], list[str]()
    judged = judged_note(recording, urls)
    if judged is not None:
        notes.append(judged)
    page = recording.page(urls)
    if page is not None and page.title:
        notes.append(note("recording-title", detail=" ".join(page.title.split())[:200]))
    for suffix, content in _taken_out(recording, urls):
        files.append(f"{stem}{suffix}")
        work.add_file(files[-1], content)
    if files:
        notes.append(note("recording-extracts"))
    return [*notes, *_about(stored)], files


def _taken_out(recording: Recording, urls: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    view = recording.view(urls)
    suffix = next((ending for mark, ending in _SCREENSHOTS if (view or b"").startswith(mark)), None)
    if view is not None and suffix is not None:
        yield f"-view{suffix}", view
    text = recording.text(urls)
    if text:
        yield "-text.txt", text.encode("utf-8", "replace")


def _about(stored: StoredRecording) -> Iterator[Note]:
    """Who signed the recording, what it needs, and what is odd about it."""
    recording = stored.recording
    if recording.conditions:
        yield note("recording-conditions", codes=", ".join(recording.conditions))
    if recording.check is not None and recording.check.signature.signer is not None:
        signature = recording.check.signature
        yield note("recording-signed", detail=signature.who.why or "")
        if signature.when.why and signature.stamp is not None:
            yield note("recording-timestamped", detail=signature.when.why)
    for needed in recording.check.requires if recording.check else ():
        yield note("recording-needs", name=needed.filename[:200])
    codes = list(dict.fromkeys(finding.code for finding in recording.findings))
    if codes:
        yield note("recording-habits", codes=", ".join(codes[:_MOST_CODES]))
    if stored.other_opinion is not None:
        yield note("recording-warcio", detail=stored.other_opinion)


def _addresses_of(entry: SourceEntry) -> dict[str, frozenset[str]]:
    """The ways to read the source, likeliest first, each with the URLs under which a recording may hold it."""
    others = (entry.request_url, *(reading.url for reading in entry.readings))
    return {entry.cited: urls_of(entry.cited, entry.final_url)} | {
        text: urls_of(text) for text in others if text is not None and text != entry.cited
    }


def _address_in(entry: SourceEntry, read: Recording | SavedFrom | None) -> str:
    """The likeliest reading of the source that a file is of; what the report prints where it is of none."""
    holding = (text for text, urls in _addresses_of(entry).items() if holds_address(read, urls))
    return next(holding, entry.cited)


def _urls_of(entry: SourceEntry, address: str) -> frozenset[str]:
    """The URLs under which a recording may hold the source, read so."""
    return urls_of(entry.cited, entry.final_url) if address == entry.cited else urls_of(address)
