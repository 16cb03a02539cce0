"""What the extractor stated of the videos of a source when it ended (`archive.videos/1`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.systems.video.extractor import SCHEMA
from archive.verify.replayed_visit import StoredExchanges
from archive_manifests.ledger import SourceEntry


def stated_videos(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[Mapping[str, Any]]:
    """What the extractor stated of the videos of a source, in the order of its records (`archive.videos/1`)."""
    pages = dict.fromkeys((*entry.exchanges, *(name for copy in entry.copies for name in copy.records)))
    metadata = dict.fromkeys(each for name in pages for each in exchanges.metadata_of.get(name, ()))
    for about in map(exchanges.records.metadata, metadata):
        if (about.get("schema"), about.get("source")) == (SCHEMA, entry.id):
            yield about
