"""What metadata about the pages of a source state: the extractor when it ended, and that a browser broke."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.capture.browser.rendering import BROKE_SCHEMA
from archive.systems.video.extractor import SCHEMA
from archive.systems.video.served import UNWRITTEN_SCHEMA
from archive.verify.visits.replayed_visit import StoredExchanges
from archive_manifests.ledger import SourceEntry


def stated_videos(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[Mapping[str, Any]]:
    """What the extractor stated of the videos of a source, in the order of its records (`archive.videos/1`)."""
    return _stated(exchanges, entry, SCHEMA)


def broken_browsers(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[str]:
    """Why browsers broke as they rendered the page of a source (`archive.browser-broke/1`)."""
    return (str(about.get("detail")) for about in _stated(exchanges, entry, BROKE_SCHEMA))


def unwritten_media(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[str]:
    """The addresses of media that a page serves itself and of which no file was written (`archive.unwritten/1`)."""
    for about in _stated(exchanges, entry, UNWRITTEN_SCHEMA):
        named = about.get("unwritten")
        yield from map(str, named if isinstance(named, list) else ())


def _stated(exchanges: StoredExchanges, entry: SourceEntry, schema: str) -> Iterator[Mapping[str, Any]]:
    pages = dict.fromkeys((*entry.exchanges, *(name for copy in entry.copies for name in copy.records)))
    metadata = dict.fromkeys(each for name in pages for each in exchanges.metadata_of.get(name, ()))
    for about in map(exchanges.records.metadata, metadata):
        if (about.get("schema"), about.get("source")) == (schema, entry.id):
            yield about
