"""What somebody who mistyped a word may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean fetch?`, or nothing where no known word is near."""
    import difflib

    from archive_cli.spoken import say

    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.65)
    if not near:
        return ""
    told = say("error.or", first=near[0], second=near[1]) if len(near) == 2 else near[0]
    return say("error.mean", near=told)
