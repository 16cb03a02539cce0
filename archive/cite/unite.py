"""Links that a format marks up and URLs that stand in the text, united: one place, one citation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from msgspec.structs import replace

from archive.cite.extract import Link
from archive.cite.redirect_wrappers import wrapped_target
from archive.cite.targets import alike


def unite(marked: Iterable[Link], in_text: Iterable[Link]) -> list[Link]:
    """All links, those at one place made one.

    A link confirms the reading that it leads to. Where the printed address and the link's target are two different
    things, the printed one is cited, since a reader sees it, the target is a candidate, and the source is uncertain.
    """
    shown = sorted((link for link in in_text if link.offset is not None), key=lambda link: link.offset or 0)
    starts = [link.offset or 0 for link in shown]
    merged: dict[int, Link] = {}
    united: list[Link] = []
    for link in marked:
        match = _same_place(link, shown, starts, merged) if link.length else _same_page(link, shown, merged)
        if match is None:
            united.append(_alone(link))
        elif match not in merged:
            merged[match] = _merged(link, shown[match])
        elif link.target not in (merged[match].target, *merged[match].candidates):
            united.append(_alone(link))  # else a second rectangle of the same link
    return united + [merged.get(index, link) for index, link in enumerate(shown)]


def _alone(link: Link) -> Link:
    """A link on words; through a redirect service, where it leads is another reading."""
    wrapped = wrapped_target(link.target)
    if wrapped is None:
        return link
    return replace(link, candidates=(wrapped, *link.candidates), doubts=(*link.doubts, "redirect-wrapper"))


def _same_place(link: Link, shown: list[Link], starts: list[int], merged: dict[int, Link]) -> int | None:
    """The URL in the text that `link` is on: the same one, or one that fills most of it."""
    assert link.offset is not None and link.length is not None
    end = link.offset + link.length
    index = max(bisect_left(starts, link.offset) - 1, 0)
    while index < len(shown) and starts[index] < end:
        seen = shown[index]
        over = min(end, starts[index] + (seen.length or 0)) - max(link.offset, starts[index])
        fills = over > 0.7 * link.length or over > 0.7 * (seen.length or 0) > 0.3 * link.length
        if over > 0 and (fills or _names(seen, link.target)):
            return index
        index += 1
    return None


def _same_page(link: Link, shown: list[Link], merged: dict[int, Link]) -> int | None:
    """The first URL on the link's page that names the same, for a link whose place in the text is not known."""
    for index, seen in enumerate(shown):
        is_one = _names(seen, link.target) or ("shortened" in seen.doubts and _is_shortened(seen, link.target))
        if index not in merged and seen.page == link.page and is_one:
            return index
    return None


def _names(seen: Link, target: str) -> bool:
    return any(alike(reading, target) for reading in (seen.target, *seen.candidates))


def _merged(link: Link, seen: Link) -> Link:
    """One link of the two: which reading the target confirms, and whether it contradicts what is printed."""
    target, doubts = link.target, tuple(doubt for doubt in seen.doubts if doubt in _STAY)
    readings = (seen.target, *seen.candidates)
    wrapped = wrapped_target(link.target)
    if wrapped is not None and any(alike(wrapped, reading) for reading in readings):
        target, doubts = seen.target, (*doubts, "redirect-wrapper")
    elif _ends_early(link, seen):
        target, doubts = seen.target, (*seen.doubts, "link-ends-early")
    elif "shortened" in seen.doubts and not _is_shortened(seen, link.target):
        doubts = (*doubts, "link-differs")
    elif not any(_same(reading, link.target) for reading in readings) and not _is_shortened(seen, link.target):
        target, doubts = seen.target, (*seen.doubts, "link-differs")
    others = dict.fromkeys([link.target, *link.candidates, *readings])
    others.pop(target, None)
    return replace(
        seen,
        target=target,
        found_by="both",
        anchor=seen.anchor if seen.target == target else (seen.anchor or seen.target),
        candidates=tuple(other for other in others if target != link.target or not _is_spelling(other, seen, target)),
        doubts=tuple(dict.fromkeys(doubts)),
        context=link.context,
    )


_STAY = ("redirect-wrapper",)
"""Doubts that a link does not settle."""


def _same(reading: str, target: str) -> bool:
    """True where the two differ in nothing but white space, or in what a reader would not notice."""
    return "".join(reading.split()) == "".join(target.split()) or alike(reading, target)


def _is_spelling(other: str, seen: Link, target: str) -> bool:
    """True for the printed spelling of the target itself, which is no reading of its own."""
    return other == seen.target and alike(other, target)


def _ends_early(link: Link, seen: Link) -> bool:
    """True where a program made a link of the first line alone of an address that continues in the next."""
    if link.target == seen.target or link.target not in seen.candidates or not seen.target.startswith(link.target):
        return False
    covered = (link.offset or 0) + (link.length or 0)
    return link.length is not None and covered < (seen.offset or 0) + (seen.length or 0)


def _is_shortened(seen: Link, target: str) -> bool:
    """True where the printed address is the beginning of the target, cut by who printed it."""
    printed = seen.target.rstrip(".…")
    return len(printed) > 10 and any(target.startswith(prefix + printed) for prefix in ("", "https://", "http://"))
