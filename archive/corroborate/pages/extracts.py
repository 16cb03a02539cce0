"""What an extractor read of a film's page: who put it there, when, and what the page says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from archive.corroborate.texts.folding import composed
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_STATED = (
    "id", "title", "description", "uploader", "uploader_id", "channel", "channel_id", "creator", "upload_date",
    "timestamp", "release_date", "release_timestamp", "duration", "webpage_url", "tags", "categories", "chapters",
    "location", "language", "availability", "live_status", "age_limit",
)  # fmt: skip
"""What does not change from visit to visit: addresses of streams, numbers of readers and comments are left out."""
_SHOWN = 300


def statements_of(name: str, content: bytes) -> dict[str, str]:
    """The statements of one `info.json`, by its name and theirs; none of one that cannot be read."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {
        f"{name} {key}": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
        for key in _STATED
        if (value := read.get(key)) is not None
    }


def compare_extracts(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Difference]:
    """Statements that both have and that differ; a file that only one observer has is missing, and said elsewhere."""
    for name in sorted(one.keys() & other.keys()):
        if composed(one[name]) != composed(other[name]):
            first, second = (f"{name}: {masked(each[name])}"[:_SHOWN] for each in (one, other))
            yield Difference("extract", True, first, second)
