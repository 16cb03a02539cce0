"""One film: its description, the paths of its files, what of it is missing.

Imports yt-dlp: import this module only where a film is requested.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from archive.systems.video.extraction import EXTRACTOR, Extraction, Stream
from archive.systems.video.files import SourceFiles, type_of, urn
from archive.urls import UrlError, parse
from archive_manifests import layout
from archive_manifests.notes import Note


@dataclass(slots=True)
class Film:
    """One film of those that a player shows."""

    info: dict[str, Any]
    """As the extractor describes it."""
    extraction: Extraction
    source_files: SourceFiles
    suffix: str = ""
    """Tells the files of a source's second film from those of its first."""
    missing: list[str] = field(default_factory=list)
    """What of it did not come, in plain words."""
    notes: list[Note] = field(default_factory=list)
    is_here: bool = False
    """Its pictures and sound have come, whatever else did not."""

    @property
    def title(self) -> str | None:
        return str(self.info["title"])[:500] if self.info.get("title") else None

    @property
    def facts(self) -> dict[str, Any]:
        """What each tie says of where a file came from."""
        site = self.info.get("extractor_key")
        address, ident = self.extraction.player.address, self.info.get("id")
        return {"asked": address, "extractor": EXTRACTOR, "site": site, "id": ident}

    def path(self, stem: str, ext: str) -> str:
        """Where a file goes: `data/media/s03/subtitles.ar.vtt`, a second film's `subtitles-2.ar.vtt`."""
        head, dot, tail = stem.partition(".")
        return f"{layout.media_of(self.source_files.visit.id)}{head}{self.suffix}{dot}{tail}.{ext}"

    def hold(self, stream: Stream) -> dict[str, Any]:
        """Have a stream in a record, and say which, and what it is made of."""
        uri = urn(self.source_files.page, stream.format)
        if not stream.in_pieces:  # a playlist's address is not that of what its pieces make together
            uri = _address(stream.url) or uri
        kind = type_of(stream.ext, is_sound=stream.is_sound)
        record, block = self.source_files.hold(stream.place, uri=uri, media_type=kind, answers=stream.answers)
        exchanges = [answer.answer for answer in stream.answers]
        known = {"format": stream.format, "record": record, "sha256": block.sha256, "size": block.size}
        return {**known, "exchanges": exchanges}


def _address(text: str) -> str | None:
    """The address that a stream was asked for at, as the records of its exchanges have it."""
    try:
        return parse(text).href
    except UrlError:
        return None
