"""Where the provenance files of a bag lie."""

from __future__ import annotations

BEGUN = "data/provenance/time/begun.json"
"""What was stamped before the first exchange."""
ENDED = "data/provenance/time/ended.json"
"""What was stamped after the last: the head of the records log."""


def stamp_path(stamped: str, number: int, suffix: str) -> str:
    """Where the timestamp query (`tsq`) or reply (`tsr`) of the authority at `number`, from 1, lies."""
    return f"{stamped.removesuffix('.json')}-{number:02d}.{suffix}"
