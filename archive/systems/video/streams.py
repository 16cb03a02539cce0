"""Fetches the picture and sound streams of a video, as one file where they are one or ffmpeg can merge them."""

from __future__ import annotations

from typing import Any

from archive.net import Failure
from archive.systems.video.extraction import Stream, StreamFailed
from archive.systems.video.fetched_video import FetchedVideo
from archive.systems.video.ffmpeg import Merged, Tool, merge
from archive.systems.video.files import SpoolFile, type_of, urn
from archive.systems.video.recorded_network import OutOfBounds
from archive_manifests.notes import note

_LARGEST = 1 << 60
_OF_THE_VIDEO = ("formats", "requested_formats", "subtitles", "automatic_captions", "thumbnails", "heatmap")
"""Lists that no downloader reads."""
STREAMS_AT_MOST = 2
"""Streams of one video: picture and sound."""
VIDEO, SOUND, PICTURES = "video", "sound", "video without sound"
SMALLER_FORMAT = note("video-smaller")


def fetch_streams(video: FetchedVideo, tool: Tool | None) -> None:
    """Fetch the chosen streams, or reuse those that an interrupted run finished.

    Raises `StreamFailed`, `OutOfBounds`, `NotEnoughSpace`.
    """
    if not _reuse_earlier(video):
        chosen = _chosen(video.info)
        if not chosen:
            video.extraction.log.error("the extractor chose no stream")
            raise StreamFailed
        _require_room(video, chosen)
        _write_streams(video, [video.extraction.fetch(_with_video_facts(video.info, each)) for each in chosen], tool)
    video.has_streams = True


def _chosen(info: dict[str, Any]) -> list[dict[str, Any]]:
    listed = info.get("requested_formats") or [info]
    return [each for each in listed[:STREAMS_AT_MOST] if isinstance(each, dict)] if isinstance(listed, list) else []


def _reuse_earlier(video: FetchedVideo) -> bool:
    ties = {
        path: link
        for path, link in video.source_files.written_earlier().items()
        if link.get("id") == video.info.get("id")
    }
    paths = {str(link["role"]): path for path, link in ties.items()}
    roles = [VIDEO] if VIDEO in paths else [PICTURES, SOUND]
    if not all(role in paths for role in roles):
        return False
    for role in roles:
        video.source_files.reuse(paths[role])
    return True


def _require_room(video: FetchedVideo, chosen: list[dict[str, Any]]) -> None:
    """Refuse streams whose stated size exceeds the limits or the disk. Raises `OutOfBounds`, `NotEnoughSpace`."""
    visit = video.extraction.visit
    stated, most = max(_size(each, "filesize") for each in chosen), visit.settings.max_size
    if stated > most:
        message = f"a stream of the video has {stated:,} bytes, and one body may bring {most:,} (--max-size)"
        raise OutOfBounds(Failure("policy", "limit", message))
    if any(_size(each, "filesize") > most for each in video.info.get("formats") or [] if isinstance(each, dict)):
        video.notes.append(SMALLER_FORMAT)
    # A stream takes four times its size for a while: its exchanges, the spool, a derived record, a file.
    visit.work.require_space(4 * sum(_size(each, "filesize", "filesize_approx") for each in chosen))


def _write_streams(video: FetchedVideo, streams: list[Stream], tool: Tool | None) -> None:
    parts = [video.record_stream(stream) for stream in streams]
    merged = _merged(video, streams, tool)
    if merged is not None and tool is not None:
        _write_merged(video, merged, parts, tool)
    else:
        for stream, part in zip(streams, parts, strict=True):
            _write_stream(video, stream, part, alone=len(streams) == 1)
    for stream in streams:
        stream.path.unlink(missing_ok=True)


def _merged(video: FetchedVideo, streams: list[Stream], tool: Tool | None) -> Merged | None:
    if len(streams) != 2:
        return None
    merged_file = merge(tool, streams[0].path, streams[1].path, video.extraction.spool) if tool else None
    if merged_file is None:
        video.notes.append(note("video-two-files-fault") if tool else note("video-two-files"))
    return merged_file


def _write_merged(video: FetchedVideo, merged: Merged, parts: list[dict[str, Any]], tool: Tool) -> None:
    name = "+".join(str(part["format"]) for part in parts)
    uri, kind, block = urn(video.source_files.page, name), type_of(merged.ext), SpoolFile.of(merged.path)
    record = video.source_files.derive("conversion", uri, kind, block, refers_to=str(parts[0]["record"]))
    made_by = {"program": f"ffmpeg {tool.version}", "command": list(merged.arguments)}
    facts = {"format": name, "made_of": parts, "made_by": made_by, **video.facts}
    video.source_files.write_file(video.path("video", merged.ext), merged.path, record=record, role=VIDEO, **facts)
    merged.path.unlink(missing_ok=True)


def _write_stream(video: FetchedVideo, stream: Stream, part: dict[str, Any], *, alone: bool) -> None:
    role = VIDEO if alone else SOUND if stream.is_sound else PICTURES
    path = video.path("sound" if stream.is_sound else "video", stream.ext)
    facts = {"format": stream.format, "made_of": [part], **video.facts}
    video.source_files.write_file(path, stream.path, record=str(part["record"]), role=role, **facts)


def _size(form: dict[str, Any], *names: str) -> int:
    """The first size stated under one of these names; 0 where none is."""
    stated = (form[name] for name in names if isinstance(form.get(name), int | float))
    return next((int(size) for size in stated if 0 < size < _LARGEST), 0)


def _with_video_facts(info: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """A format as the downloader needs it: with the facts of its video."""
    known = {key: value for key, value in info.items() if key not in _OF_THE_VIDEO}
    return {**known, **form}
