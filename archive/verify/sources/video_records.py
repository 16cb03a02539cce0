"""Responses that a video extractor received: a stream, subtitles or a picture has its file, or a note says why not."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archive.verify.visits.replayed_visit import Derived, StoredExchanges
from archive.warc.report import ScannedRecord
from archive_manifests import layout
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, records_of
from archive_manifests.notes import Note, read_note
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 160
_OF_VIDEO = ("video/", "audio/", "text/vtt", "application/x-subrip", "application/ttml")
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
_PLAYLISTS = frozenset({"audio/mpegurl", "audio/x-mpegurl"})
_GOOD = (200, 206)
_FIRST_ERROR = 400
_MISSING = frozenset({
    "video-missing", "videos-missing", "video-streams", "video-not-yet", "video-protected", "video-did-not-come",
    "video-bound", "video-room", "video-fault", "video-none", "video-incomplete", "video-at-player", "video-requested",
})  # fmt: skip
"""Codes of notes that say that something of a video was not fetched, or has no file."""


def is_missing_stated(entry: SourceEntry, videos: Sequence[Mapping[str, Any]] | None) -> bool:
    """True where the extractor stated that something of a video is missing; `videos` is what it stated.

    Where an earlier version recorded nothing of that (None), the entry says it.
    """
    if videos is not None:
        return any(about.get("missing") or any(note.code in _MISSING for note in _notes_in(about)) for about in videos)
    stated = (*entry.notes, entry.detail, entry.live.detail)
    return any(note.code in _MISSING for note in stated if isinstance(note, Note))


def _notes_in(about: Mapping[str, Any]) -> Iterator[Note]:
    stated = about.get("notes")
    return filter(None, map(read_note, stated if isinstance(stated, list) else ()))


def was_tried_again(entry: SourceEntry, exchanges: StoredExchanges) -> bool:
    """True where something that the page needs was requested again: a second pass may have fetched its videos again."""
    for requisite in entry.requisites:
        for name in requisite.hops:
            record = exchanges.records.get(name)
            address = record.uri if record is not None and record.uri else exchanges.about(name).get("url")
            status = record.http_status if record is not None else None
            if address == requisite.url and name != requisite.record and (status is None or status >= _FIRST_ERROR):
                return True
    return False


def is_made_for_video(record: ScannedRecord) -> bool:
    """True of a derived record that holds a stream or subtitles, by its type."""
    return (record.content_type or "").startswith(_OF_VIDEO)


def is_of_video(record: ScannedRecord) -> bool:
    """True of a response with a stream, subtitles or a picture."""
    kind = record.mime or ""
    is_media = kind.startswith(_OF_VIDEO) and kind not in _PLAYLISTS
    return record.type == "response" and record.http_status in _GOOD and (is_media or kind in _PICTURES)


def check_extracted(
    entry: SourceEntry,
    exchanges: StoredExchanges,
    ties: list[dict[str, Any]],
    videos: Sequence[Mapping[str, Any]] | None,
    is_left_behind: Callable[[ScannedRecord], bool],
) -> Iterator[Finding]:
    """What a video extractor received for a source, and no file of any source was made of, is named.

    A site's page may be requested as the extractor looks for its video: then what has its address has a file too.
    """
    is_missing = is_missing_stated(entry, videos)
    yield from _check_finished(entry, ties, is_missing=is_missing)
    names = [name for name in dict.fromkeys(records_of(entry)) if _is_extracted(exchanges, name)]
    if not names or is_missing:
        return
    used = {name for tie in ties for name in _made_of(tie)}
    known = {record.uri for name in used if (record := exchanges.records.get(name)) is not None}
    left = [record for name in names if (record := exchanges.records.get(name)) is not None]
    left = [each for each in left if is_of_video(each) and each.id not in used and each.uri not in known]
    left = [each for each in left if not is_left_behind(each)]
    if left:
        found = f"{len(left):,} responses, such as {left[0].mime} from {left[0].uri}"
        facts = {"expected": "a file of each, or a note of what is missing", "found": found[:_SHOWN]}
        yield make_finding("media-unexplained", LEDGER, **facts, source=entry.id, record=left[0].id)


def check_stated_files(
    entry: SourceEntry,
    visits: Iterable[Derived],
    ties: list[dict[str, Any]],
    unwritten: Container[str],
    *,
    was_repeated: bool,
) -> Iterator[Finding]:
    """Each file that the extractor stated is listed, and each medium that a page serves itself has its file.

    `visits` are those made again of what a reader is shown; `unwritten` are the media of which no file was written.
    Whatever else of the source is missing, or was requested again (`was_repeated`), these are here: then a file that a
    record ties to another need not be.
    """
    listed = {path for copy in entry.copies for path in copy.files}
    tied = {str(tie.get("path")) for tie in ties}
    filed = {str(tie.get("record")) for tie in ties if tie.get("path") in listed}
    for visit in visits:
        if not visit.is_with_videos:
            continue
        stated = [*visit.outcome.files, *(path for copy in visit.outcome.copies for path in copy.files)]
        for path in sorted({*stated} - listed - (frozenset() if was_repeated else tied)):
            yield make_finding("file-unlisted", BagPath(path), source=entry.id, found="not listed")
        for each in visit.served:
            if each.record not in filed and each.url not in unwritten:
                facts = {"expected": "a file of it", "found": f"none of {each.url}"[:_SHOWN], "record": each.record}
                yield make_finding("media-unexplained", LEDGER, **facts, source=entry.id)


def check_stated(
    entry: SourceEntry, exchanges: StoredExchanges, videos: Sequence[Mapping[str, Any]] | None
) -> Iterator[Finding]:
    """Where an extractor sent requests for a source, it stated what came of them, whatever became of the page."""
    if videos is None or videos or entry.live.reason == "fault":
        return
    name = next((each for each in dict.fromkeys(records_of(entry)) if _is_extracted(exchanges, each)), None)
    if name is not None:
        facts = {"expected": "what the extractor stated when it ended", "found": "none", "record": name}
        yield make_finding("media-unexplained", LEDGER, **facts, source=entry.id)


def _check_finished(entry: SourceEntry, ties: list[dict[str, Any]], *, is_missing: bool) -> Iterator[Finding]:
    """Of a video of which files are here the description is here too: it is written last.

    A stream that several sources show is tied to the files of each of them.
    """
    own = [tie for tie in ties if layout.source_of(str(tie.get("path"))) == entry.id]
    players = {str(tie["player"]) for tie in own if tie.get("player")}
    described = {str(tie.get("player")) for tie in own if tie.get("role") == "description"}
    for player in sorted(players - described if not is_missing else ()):
        facts = {"expected": "the description of the video", "found": "none", "note": player[:_SHOWN]}
        yield make_finding("media-unexplained", LEDGER, **facts, source=entry.id)


def _is_extracted(exchanges: StoredExchanges, name: str) -> bool:
    note = exchanges.about(name).get("note")
    return isinstance(note, dict) and note.get("purpose") == Purpose.VIDEO_EXTRACTOR


def _made_of(tie: dict[str, Any]) -> Iterator[str]:
    """The records of which a file was made."""
    yield str(tie.get("record"))
    parts = tie.get("made_of")
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            yield str(part.get("record"))
            named = part.get("exchanges")
            yield from map(str, named if isinstance(named, list) else ())
