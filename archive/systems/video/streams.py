"""Fetches the pictures and the sound of a film, as one file where they are one or can be merged.

Imports yt-dlp: import this module only where a film is requested.
"""

from __future__ import annotations

from typing import Any

from archive.net import Failure
from archive.systems.video.extraction import Lost, Stream
from archive.systems.video.ffmpeg import Merged, Tool, merge
from archive.systems.video.files import OnDisk, type_of, urn
from archive.systems.video.film import Film
from archive.systems.video.handler import OutOfBounds
from archive_manifests.notes import note

_LARGEST = 1 << 60
FILM, SOUND, PICTURES = "film", "sound", "pictures without sound"
LESSER = note("film-smaller")


def bring_streams(film: Film, tool: Tool | None) -> None:
    """Bring in the chosen streams, or take those that an interrupted run brought in whole.

    Raises `Lost`, `OutOfBounds`, `NotEnoughSpace`.
    """
    if not _take_earlier(film):
        chosen = [each for each in film.info.get("requested_formats") or [film.info] if isinstance(each, dict)]
        if not chosen:
            film.extraction.log.error("the extractor chose no stream")
            raise Lost
        _require_room(film, chosen)
        _lay(film, [film.extraction.fetch(_with(film.info, each)) for each in chosen], tool)
    film.is_here = True


def _take_earlier(film: Film) -> bool:
    ties = {path: link for path, link in film.source_files.earlier().items() if link.get("id") == film.info.get("id")}
    paths = {str(link["role"]): path for path, link in ties.items()}
    roles = [FILM] if FILM in paths else [PICTURES, SOUND]
    if not all(role in paths for role in roles):
        return False
    for role in roles:
        film.source_files.take(paths[role])
    return True


def _require_room(film: Film, chosen: list[dict[str, Any]]) -> None:
    """Nothing is begun that is known to be too large for our bounds, or for the disk. Raises `NotEnoughSpace`."""
    visit = film.extraction.visit
    stated, most = max(_size(each, "filesize") for each in chosen), visit.settings.max_size
    if stated > most:
        message = f"a stream of the film has {stated:,} bytes, and one body may bring {most:,} (--max-size)"
        raise OutOfBounds(Failure("policy", "limit", message))
    if any(_size(each, "filesize") > most for each in film.info.get("formats") or [] if isinstance(each, dict)):
        film.notes.append(LESSER)
    # In its exchanges, in the spool, as a record of ours, as a file: a stream is here four times for a while.
    visit.work.require_space(4 * sum(_size(each, "filesize", "filesize_approx") for each in chosen))


def _lay(film: Film, streams: list[Stream], tool: Tool | None) -> None:
    parts = [film.hold(stream) for stream in streams]
    merged = _merged(film, streams, tool)
    if merged is not None and tool is not None:
        _lay_merged(film, merged, parts, tool)
    else:
        for stream, part in zip(streams, parts, strict=True):
            _lay_stream(film, stream, part, alone=len(streams) == 1)
    for stream in streams:
        stream.place.unlink(missing_ok=True)


def _merged(film: Film, streams: list[Stream], tool: Tool | None) -> Merged | None:
    if len(streams) != 2:
        return None
    made = merge(tool, streams[0].place, streams[1].place, film.extraction.spool) if tool else None
    if made is None:
        film.notes.append(note("film-two-files-fault") if tool else note("film-two-files"))
    return made


def _lay_merged(film: Film, merged: Merged, parts: list[dict[str, Any]], tool: Tool) -> None:
    name = "+".join(str(part["format"]) for part in parts)
    uri, kind, block = urn(film.source_files.page, name), type_of(merged.ext), OnDisk.of(merged.place)
    record = film.source_files.derive("conversion", uri, kind, block, refers_to=str(parts[0]["record"]))
    made = {"program": f"ffmpeg {tool.version}", "command": list(merged.how)}
    facts = {"format": name, "made_of": parts, "made_by": made, **film.facts}
    film.source_files.lay(film.path("video", merged.ext), merged.place, record=record, role=FILM, **facts)
    merged.place.unlink(missing_ok=True)


def _lay_stream(film: Film, stream: Stream, part: dict[str, Any], *, alone: bool) -> None:
    role = FILM if alone else SOUND if stream.is_sound else PICTURES
    path = film.path("sound" if stream.is_sound else "video", stream.ext)
    facts = {"format": stream.format, "made_of": [part], **film.facts}
    film.source_files.lay(path, stream.place, record=str(part["record"]), role=role, **facts)


def _size(form: dict[str, Any], *names: str) -> int:
    """The first size that is stated under one of these names; 0 where none is."""
    stated = (form[name] for name in names if isinstance(form.get(name), int | float))
    return next((int(size) for size in stated if 0 < size < _LARGEST), 0)


def _with(info: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """A form as the downloader wants it: what is known of the film beside what is known of the form."""
    known = {key: value for key, value in info.items() if key not in ("formats", "requested_formats", "subtitles")}
    return {**known, **form}
