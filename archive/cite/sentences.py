"""The sentence round a place in a text."""

from __future__ import annotations

import re
from itertools import pairwise

REACH = 200
"""Characters looked at on either side; a context holds no more than both, so that it shows the address."""

_END = re.compile(r"[.!?؟。][\"'”’»)\]]*(?=\s)")
LINES = re.compile(r"[\n\f]")
"""Between paragraphs where each line is one."""
EMPTY_LINE = re.compile(r"\n[ \t]*\n|\f")
_TWO_EMPTY_LINES = re.compile(r"\n[ \t]*\n[ \t]*\n|\f")
_BARE_LINK_LINE = re.compile(r"(?:https?|ftp)://\S+|www\.\S+", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nos|Art|vol|p|pp|para|paras|al|cf|e\.g|i\.e|vs|[A-Z]|(?:[A-Z]\.)+[A-Z])\Z"
)


def is_double_spaced(text: str) -> bool:
    """True where an extractor left an empty line after most lines, so that empty lines part no paragraphs."""
    lines = [line.strip() for line in text[:200_000].split("\n")]
    followed = [not after for line, after in pairwise(lines) if line]
    return len(followed) > 20 and sum(followed) > 0.6 * len(followed)


def between_paragraphs(text: str, *, wraps: bool) -> re.Pattern[str]:
    """What parts the paragraphs of this text; `wraps` as in `Extracted`."""
    if not wraps:
        return LINES
    return _TWO_EMPTY_LINES if is_double_spaced(text) else EMPTY_LINE


def sentence_at(text: str, start: int, end: int, paragraph: re.Pattern[str]) -> str | None:
    """The sentence that holds `text[start:end]`, its white space folded; None where there are no words round it.

    A list of bare URLs, as extractors put it at the end of a page, shows nothing: which words
    carried the link is lost, and the line above it is not the context.
    """
    before, after = _around(text, start, end)
    before = paragraph.split(before)[-1]
    after = paragraph.split(after)[0]
    before, after = _within_list(before, after)
    ends = [match.end() for match in _END.finditer(before) if not _is_abbreviation(before, match.start())]
    before = before[ends[-1] :] if ends else before
    closing = next((m for m in _END.finditer(after) if not _is_abbreviation(after, m.start())), None)
    after = after[: closing.end()] if closing else after
    if not re.search(r"\w", before + after):
        return None
    return " ".join((before + text[start:end] + after).split())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The text on both sides, no word cut in two."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    before, after = text[low:start], text[end:high]
    if low > 0 and not text[low - 1].isspace():
        before = before[len(before.split(maxsplit=1)[0]) :] if before.split(maxsplit=1)[1:] else before
    if high < len(text) and not text[high].isspace():
        after = after[: -len(after.rsplit(maxsplit=1)[-1])] if after.rsplit(maxsplit=1)[1:] else after
    return before, after


def _within_list(before: str, after: str) -> tuple[str, str]:
    """Cut both sides at neighbouring lines that are nothing but a URL, and where the link's own line is one."""
    alone = not before.rpartition("\n")[2].strip() and not after.partition("\n")[0].strip()
    if alone:
        return "", ""
    above = before.split("\n")
    for index in range(len(above) - 2, -1, -1):
        if _BARE_LINK_LINE.fullmatch(above[index].strip()):
            above = above[index + 1 :]
            break
    below = after.split("\n")
    for index in range(1, len(below)):
        if _BARE_LINK_LINE.fullmatch(below[index].strip()):
            below = below[:index]
            break
    return "\n".join(above), "\n".join(below)


def _is_abbreviation(text: str, dot: int) -> bool:
    return text[dot] == "." and bool(_ABBREVIATION.search(text[max(0, dot - 12) : dot]))
