"""Videos that a page serves itself: requisites, which are written as files beside the records too."""

from __future__ import annotations

from collections.abc import Iterator

from archive.capture.redirects import location
from archive.capture.visit import Visit, VisitOutcome
from archive.errors import NotEnoughSpace
from archive.http.coding import CodingError
from archive.systems.video.files import SourceFiles, type_of
from archive.systems.video.players import EmbeddedPlayer
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests import layout
from archive_manifests.ledger import Requisite
from archive_manifests.notes import note

UNWRITTEN_SCHEMA = "archive.unwritten/1"
"""Of a metadata record about a page: the media that it serves itself and of which there is no file."""
FILES_AT_MOST = 40
_PLAYLISTS = {
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
    "application/dash+xml", "application/vnd.ms-sstr+xml",
}  # fmt: skip
"""HLS, DASH, Smooth Streaming."""
_ENDINGS = (".m3u8", ".mpd", ".ism/manifest")
_FILE_TYPES = ("video/", "audio/")
_HOPS = 10


def playlists(visit: Visit, outcome: VisitOutcome) -> list[EmbeddedPlayer]:
    """The playlists among a page's media, which list the pieces of a video."""
    found = []
    for requisite, recorded in _media(visit, outcome):
        if recorded.media_type in _PLAYLISTS or recorded.url.path.lower().endswith(_ENDINGS):
            found.append(EmbeddedPlayer("manifest", requisite.url, recorded.url))
    return found


def write_served_files(visit: Visit, outcome: VisitOutcome) -> None:
    """Write media with one response as files, beside the records that are the evidence.

    That a response has no file, for want of room or because its coding is broken, is recorded.
    """
    source_files = SourceFiles(visit, outcome.trail.final.url, outcome.trail.final.answer)
    earlier_files, unwritten = source_files.written_earlier(), []
    for number, requisite, recorded in served_media(visit, outcome):
        ending = recorded.media_type.partition("/")[2]
        known = next((path for path, link in earlier_files.items() if link.get("record") == requisite.record), None)
        if known is not None:
            source_files.reuse(known)
            continue
        try:
            visit.work.require_space(recorded.size)
            path = f"{layout.media_of(visit.id)}file-{number}.{_suffix(recorded.url, ending)}"
            source_files.write_payload(path, recorded, record=recorded.answer, limit=visit.settings.max_size)
        except (CodingError, NotEnoughSpace):
            unwritten.append(requisite.url)
            outcome.notes.append(note("url-only-in-records", url=requisite.url))
    if unwritten:
        stated = {"schema": UNWRITTEN_SCHEMA, "source": visit.id, "unwritten": unwritten}
        visit.derived.write_statement(visit.id, outcome.trail.final.answer, stated)
    outcome.extra_records += [each for each in source_files.records if each not in outcome.extra_records]
    outcome.files += source_files.files


def served_media(visit: Visit, outcome: VisitOutcome) -> Iterator[tuple[int, Requisite, Recorded]]:
    """The media of a page that are written as files: each with its number among the media, and its response."""
    for number, (requisite, recorded) in enumerate(_media(visit, outcome)[:FILES_AT_MOST], start=1):
        is_file = recorded.media_type.startswith(_FILE_TYPES) and recorded.media_type not in _PLAYLISTS
        if is_file and requisite.record:
            yield number, requisite, recorded


def _media(visit: Visit, outcome: VisitOutcome) -> list[tuple[Requisite, Recorded]]:
    """The captured media among the requisites with their responses; sends no new request."""
    found = []
    for requisite in outcome.requisites:
        if requisite.kind == "media" and requisite.outcome == "captured":
            recorded = _answer(visit, requisite.url)
            if recorded is not None and recorded.answer == requisite.record:
                found.append((requisite, recorded))
    return found


def _answer(visit: Visit, address: str) -> Recorded | None:
    try:
        url: Url | None = parse(address)
    except UrlError:
        return None
    for _ in range(_HOPS):
        if url is None:
            return None
        recorded = visit.fetcher.fetch(url, series=visit.id).result()
        url = location(recorded)
        if url is None:
            return recorded
    return None


def _suffix(url: Url, subtype: str) -> str:
    last = url.path.rpartition(".")[2].lower()
    if type_of(last).startswith(_FILE_TYPES):
        return last
    return {"mpeg": "mp3", "quicktime": "mov", "x-m4a": "m4a", "mp2t": "ts"}.get(
        subtype, "mp4" if not subtype.isalnum() else subtype
    )
