"""Fetches what goes with a film: subtitles, thumbnail, description.

Imports yt-dlp: import this module only where a film is requested.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from archive.http.coding import CodingError
from archive.systems.video.extraction import Lost, extension
from archive.systems.video.files import in_memory, type_of, urn
from archive.systems.video.film import Film
from archive.urls import UrlError, parse
from archive.words.notes import with_text
from archive.workfolder.recorded import Recorded
from archive_manifests.notes import note

DROPPED = frozenset(
    {
        "cookies", "http_headers", "filepath", "filename", "_filename", "requested_downloads", "infojson_filename",
        "_version", "_type", "_has_drm", "epoch", "downloader_options", "proxy", "impersonate", "automatic_captions",
        "heatmap",
    }
)  # fmt: skip
"""Secrets of the session, paths and the state of this machine; and long lists of what was not fetched."""
HIDDEN = "(address of the visitor)"


def describe(info: dict[str, Any], *, hidden: Iterable[str]) -> bytes:
    """A description as JSON text; `hidden` are addresses that servers description back, and places of this machine."""
    text = json.dumps(_kept(info), ensure_ascii=False, indent=1, sort_keys=True, default=str)
    for secret in sorted({word for word in hidden if word}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text.encode("utf-8", "replace") + b"\n"


def _kept(value: Any) -> Any:
    """The value without the keys that are dropped, at any depth. What yt-dlp keeps for itself begins with two lines."""
    if isinstance(value, dict):
        return {
            str(key): _kept(each) for key, each in value.items() if key not in DROPPED and not str(key).startswith("__")
        }
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


SUBTITLES_AT_MOST = 60
DESCRIPTION = "description"
_PICTURES_TRIED = 4
_PICTURE_AT_MOST = 32 << 20
_PICTURES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_DESCRIBED = "application/vnd.youtube-dl_formats+json;charset=utf-8"
"""As others name it: brozzler, pywb."""


def bring_subtitles(film: Film) -> None:
    """Bring in what was written, and of what a machine heard the language that was spoken, not its translations."""
    written = _forms_by_language(film.info.get("subtitles"))
    heard = _forms_by_language(film.info.get("automatic_captions"))
    wanted = [(lang, forms) for lang, forms in written if "live_chat" not in lang]
    wanted += [(f"{lang.removesuffix('-orig')}-auto", forms) for lang, forms in heard if lang.endswith("-orig")]
    for lang, forms in wanted[:SUBTITLES_AT_MOST]:
        form = _best(forms)
        if form is not None:
            _bring_subtitle(film, _clean(lang), form)


def _bring_subtitle(film: Film, lang: str, form: dict[str, Any]) -> None:
    ext, facts = extension(form), {"role": "subtitles", "language": lang, **film.facts}
    path = film.path(f"subtitles.{lang}", ext)
    if isinstance(form.get("data"), str):
        data = form["data"].encode("utf-8", "replace")
        uri = urn(film.source_files.page, f"subtitles-{lang}")
        record = film.source_files.derive("resource", uri, type_of(ext), in_memory(data))
        film.source_files.lay(path, data, record=record, **facts)
        return
    try:
        named = {**form, "format_id": f"subtitles-{lang}", "id": film.info.get("id")}
        stream = film.extraction.fetch(named, subtitle=True)
    except Lost as lost:
        if lost.refused is None:
            film.missing.append(f"subtitles ({lang})")
        else:  # what the server itself has not is its word, not our loss
            film.notes.append(note("subtitles-refused", language=lang, status=lost.refused))
        return
    part = film.hold(stream)
    film.source_files.lay(path, stream.place, record=str(part["record"]), made_of=[part], **facts)
    stream.place.unlink(missing_ok=True)


def bring_picture(film: Film) -> None:
    """Bring in the film's own picture, best first: some of those that are listed are guesses of the extractor's."""
    listed = [each.get("url") for each in reversed(film.info.get("thumbnails") or []) if isinstance(each, dict)]
    addresses = [each for each in dict.fromkeys([film.info.get("thumbnail"), *listed]) if isinstance(each, str)]
    if addresses and not any(_took_picture(film, address) for address in addresses[:_PICTURES_TRIED]):
        film.notes.append(note("film-no-picture"))


def _took_picture(film: Film, address: str) -> bool:
    recorded = _asked(film, address)
    if recorded is None or recorded.status != 200 or recorded.truncated or recorded.media_type not in _PICTURES:
        return False
    try:
        data = b"".join(recorded.decoded(_PICTURE_AT_MOST))
    except CodingError:
        return False
    path = film.path("thumbnail", _PICTURES[recorded.media_type])
    film.source_files.lay(path, data, record=recorded.answer, role="picture", **film.facts)
    return True


def _asked(film: Film, address: str) -> Recorded | None:
    try:
        url = parse(address)
    except UrlError:
        return None
    visit, carrier = film.extraction.visit, film.extraction.carrier
    recorded = visit.fetcher.fetch(url, series=visit.id).result() if url.is_web else None
    if recorded is not None:
        carrier.records += [each for each in (*recorded.earlier, recorded.answer) if each not in carrier.records]
    return recorded


def describe_film(film: Film) -> None:
    """Write the description: last, and by its tie the sign that the film is whole, or of what it lacks."""
    source_files, work = film.source_files, film.extraction.visit.work
    hidden = {echo.address for echo in list(work.state.echoes)} | {str(work.path), str(work.path.parent)}
    description = describe(film.extraction.client.sanitize_info(film.info, remove_private_keys=True), hidden=hidden)
    derived, series = film.extraction.visit.derived, film.extraction.visit.id
    record = derived.write_metadata(series, _DESCRIBED, in_memory(description), source_files.page_record).id
    facts = {"title": film.title, "missing": film.missing, "notes": list(map(with_text, film.notes)), **film.facts}
    source_files.lay(film.path("info", "json"), description, record=record, role=DESCRIPTION, **facts)


def _forms_by_language(listed: object) -> list[tuple[str, object]]:
    return [(str(lang), forms) for lang, forms in listed.items()] if isinstance(listed, dict) else []


def _best(forms: object) -> dict[str, Any] | None:
    listed = [form for form in forms if isinstance(form, dict)] if isinstance(forms, list) else []
    ranked = {"vtt": 0, "srt": 1, "ttml": 2}
    usable = [form for form in listed if form.get("url") or form.get("data")]
    return min(usable, key=lambda form: ranked.get(str(form.get("ext")), 9), default=None)


def _clean(lang: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter == "-") else "-" for letter in lang)[:40]
