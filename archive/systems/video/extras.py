"""Fetches subtitles, thumbnail and description of a video."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from archive.http.coding import CodingError
from archive.systems.video.extraction import StreamFailed, extension
from archive.systems.video.fetched_video import FetchedVideo
from archive.systems.video.files import in_memory, type_of, urn
from archive.systems.video.recorded_network import NOTE
from archive.urls import UrlError, parse
from archive.words.notes import with_text
from archive.workfolder.recorded import Recorded
from archive_manifests.notes import note

DROPPED = frozenset(
    {
        "cookies", "http_headers", "filepath", "filename", "_filename", "requested_downloads", "infojson_filename",
        "_version", "_type", "_has_drm", "epoch", "downloader_options", "proxy", "impersonate", "automatic_captions",
        "heatmap", "requested_formats", "requested_subtitles", "requested_entries", "entries", "original_url",
        "playlist_autonumber",
    }
)  # fmt: skip
"""Fields with secrets of the session, paths and state of this machine, or long lists of what was not fetched.

Those that repeat others, too. (yt_dlp/YoutubeDL.py, sanitize_info)
"""
HIDDEN = "(address of the visitor)"


def describe(info: dict[str, Any], *, hidden: Iterable[str]) -> bytes:
    """A description as JSON text without `hidden`: addresses that servers echo, and paths of this machine."""
    text = json.dumps(_without_secrets(info), ensure_ascii=False, indent=1, sort_keys=True, default=str)
    for secret in sorted({word for word in hidden if word}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text.encode("utf-8", "replace") + b"\n"


def _without_secrets(value: Any) -> Any:
    """The value without the dropped keys, at any depth. Keys internal to yt-dlp begin with two underscores."""
    if isinstance(value, dict):
        return {
            str(key): _without_secrets(each)
            for key, each in value.items()
            if each is not None and key not in DROPPED and not str(key).startswith("__")
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


SUBTITLES_AT_MOST = 60
DESCRIPTION = "description"
_PICTURES_TRIED = 4
_PICTURE_AT_MOST = 32 << 20
_PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_DESCRIPTION_TYPE = "application/vnd.youtube-dl_formats+json;charset=utf-8"
"""The type that brozzler and pywb use."""


def fetch_subtitles(video: FetchedVideo) -> None:
    """Fetch written subtitles, and automatic ones in the spoken language only, without translations."""
    written = _forms_by_language(video.info.get("subtitles"))
    automatic = _forms_by_language(video.info.get("automatic_captions"))
    wanted = [(lang, forms) for lang, forms in written if "live_chat" not in lang]
    wanted += [(f"{lang.removesuffix('-orig')}-auto", forms) for lang, forms in automatic if lang.endswith("-orig")]
    for lang, forms in wanted[:SUBTITLES_AT_MOST]:
        form = _best(forms)
        if form is not None:
            _fetch_subtitle(video, _clean(lang), form)


def _fetch_subtitle(video: FetchedVideo, lang: str, form: dict[str, Any]) -> None:
    ext, facts = extension(form), {"role": "subtitles", "language": lang, **video.facts}
    path = video.path(f"subtitles.{lang}", ext)
    if isinstance(form.get("data"), str):
        data = form["data"].encode("utf-8", "replace")
        uri = urn(video.source_files.page, f"subtitles-{lang}")
        record = video.source_files.derive("resource", uri, type_of(ext), in_memory(data))
        video.source_files.write_file(path, data, record=record, **facts)
        return
    try:
        numbered = {**form, "format_id": f"subtitles-{lang}", "id": video.info.get("id")}
        stream = video.extraction.fetch(numbered, subtitle=True)
    except StreamFailed as lost:
        if lost.refused is None:
            video.missing.append(f"subtitles ({lang})")
        else:  # the server itself has none: nothing is lost
            video.notes.append(note("subtitles-refused", language=lang, status=lost.refused))
        return
    part = video.record_stream(stream)
    video.source_files.write_file(path, stream.path, record=str(part["record"]), made_of=[part], **facts)
    stream.path.unlink(missing_ok=True)


def fetch_thumbnail(video: FetchedVideo) -> None:
    """Fetch the thumbnail, the best first: the extractor guesses some of the listed addresses."""
    listed = [each.get("url") for each in reversed(video.info.get("thumbnails") or []) if isinstance(each, dict)]
    addresses = [each for each in dict.fromkeys([video.info.get("thumbnail"), *listed]) if isinstance(each, str)]
    if addresses and not any(_fetch_thumbnail_from(video, address) for address in addresses[:_PICTURES_TRIED]):
        video.notes.append(note("video-no-picture"))


def _fetch_thumbnail_from(video: FetchedVideo, address: str) -> bool:
    recorded = _fetch(video, address)
    if recorded is None or recorded.status != 200 or recorded.truncated or recorded.media_type not in _PICTURES:
        return False
    try:
        data = b"".join(recorded.decoded(_PICTURE_AT_MOST))
    except CodingError:
        return False
    path = video.path("thumbnail", _PICTURES[recorded.media_type])
    video.source_files.write_file(path, data, record=recorded.answer, role="picture", **video.facts)
    return True


def _fetch(video: FetchedVideo, address: str) -> Recorded | None:
    try:
        url = parse(address)
    except UrlError:
        return None
    visit, network = video.extraction.visit, video.extraction.network
    recorded = visit.fetcher.fetch(url, series=visit.id, note=NOTE).result() if url.is_web else None
    if recorded is not None:
        network.records += [each for each in (*recorded.earlier, recorded.answer) if each not in network.records]
    return recorded


def write_description(video: FetchedVideo) -> None:
    """Write the description, last: its tie states that the video is finished, and what is missing of it."""
    source_files, work = video.source_files, video.extraction.visit.work
    hidden = {echo.address for echo in list(work.state.echoes)} | {str(work.path), str(work.path.parent)}
    description = describe(video.info, hidden=hidden)
    derived, series = video.extraction.visit.derived, video.extraction.visit.id
    record = derived.write_metadata(series, _DESCRIPTION_TYPE, in_memory(description), source_files.page_record).id
    facts = {"title": video.title, "missing": video.missing, "notes": list(map(with_text, video.notes)), **video.facts}
    source_files.write_file(video.path("info", "json"), description, record=record, role=DESCRIPTION, **facts)


def _forms_by_language(listed: object) -> list[tuple[str, object]]:
    return [(str(lang), forms) for lang, forms in listed.items()] if isinstance(listed, dict) else []


def _best(forms: object) -> dict[str, Any] | None:
    listed = [form for form in forms if isinstance(form, dict)] if isinstance(forms, list) else []
    ranked = {"vtt": 0, "srt": 1, "ttml": 2}
    usable = [form for form in listed if form.get("url") or form.get("data")]
    return min(usable, key=lambda form: ranked.get(str(form.get("ext")), 9), default=None)


def _clean(lang: str) -> str:
    """A language as part of a file's name; names that differ in case alone would be one file on some disks."""
    allowed = (letter if letter.isascii() and (letter.isalnum() or letter == "-") else "-" for letter in lang.lower())
    return "".join(allowed)[:40]
