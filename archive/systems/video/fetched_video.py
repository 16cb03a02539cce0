"""One fetched video: its description, the paths of its files, what is missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from archive.systems.video.extraction import Extraction, Stream
from archive.systems.video.files import SourceFiles, type_of, urn
from archive.urls import UrlError, parse
from archive_manifests import layout
from archive_manifests.notes import Note


class FetchedVideo(Struct):
    """One video of a player, while its files are fetched."""

    info: dict[str, Any]
    """The extractor's description."""
    extraction: Extraction
    source_files: SourceFiles
    suffix: str = ""
    """`-2` in the names of a source's second video; empty for the first."""
    missing: list[str] = field(default_factory=list)
    """The parts that were not fetched, in plain words."""
    notes: list[Note] = field(default_factory=list)
    has_streams: bool = False
    """True once picture and sound are fetched."""

    @property
    def title(self) -> str | None:
        return str(self.info["title"])[:500] if self.info.get("title") else None

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of each tie on the file's origin."""
        site = self.info.get("extractor_key")
        address, ident = self.extraction.player.address, self.info.get("id")
        return {"player": address, "extractor": f"yt-dlp {self.extraction.version}", "site": site, "id": ident}

    def path(self, stem: str, ext: str) -> str:
        """The path of a file: `data/media/s03/subtitles.ar.vtt`, for a second video `subtitles-2.ar.vtt`."""
        head, dot, tail = stem.partition(".")
        return f"{layout.media_of(self.source_files.visit.id)}{head}{self.suffix}{dot}{tail}.{ext}"

    def record_stream(self, stream: Stream) -> dict[str, Any]:
        """Make sure that a record has the stream; returns its facts and the ids of its exchanges."""
        uri = urn(self.source_files.page, stream.format)
        if not stream.in_pieces:  # a playlist's address is not the address of the joined pieces
            uri = _address(stream.url) or uri
        kind = type_of(stream.ext, is_sound=stream.is_sound)
        record, block = self.source_files.record_stream(stream.path, uri=uri, media_type=kind, answers=stream.answers)
        exchanges = [answer.answer for answer in stream.answers]
        known = {"format": stream.format, "record": record, "sha256": block.sha256, "size": block.size}
        return {**known, "exchanges": exchanges}


def _address(text: str) -> str | None:
    """The address of a stream as in the records of its exchanges."""
    try:
        return parse(text).href
    except UrlError:
        return None
