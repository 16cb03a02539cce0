"""What somebody who mistyped a word may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean fetch?`, or nothing where no known word is near."""
    import difflib

    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.65)
    return f"; did you mean {' or '.join(near)}?" if near else ""
