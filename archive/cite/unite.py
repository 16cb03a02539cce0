"""Links that a format marks up and URLs that stand in the text, united: one place, one citation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from archive.cite.extract import Link
from archive.cite.targets import alike


def unite(marked: Iterable[Link], in_text: Iterable[Link]) -> list[Link]:
    """All links, those at one place made one.

    Where a marked-up target and the URL that a reader sees differ, the target is cited and the URL
    seen is a candidate: either may be the wrong one. (typst #6503: hyphens lost in annotations)
    """
    shown = sorted((link for link in in_text if link.offset is not None), key=lambda link: link.offset or 0)
    starts = [link.offset or 0 for link in shown]
    taken: set[int] = set()
    united: list[Link] = []
    for link in marked:
        match = _same_place(link, shown, starts, taken) if link.length else _same_page(link, shown, taken)
        if match is None:
            united.append(link)
        else:
            taken.add(match)
            united.append(_merged(link, shown[match]))
    return united + [link for index, link in enumerate(shown) if index not in taken]


def _same_place(link: Link, shown: list[Link], starts: list[int], taken: set[int]) -> int | None:
    """The URL in the text that `link` lies on: the same one, or one that fills most of it."""
    assert link.offset is not None and link.length is not None
    end = link.offset + link.length
    index = max(bisect_left(starts, link.offset) - 1, 0)
    while index < len(shown) and starts[index] < end:
        seen = shown[index]
        over = min(end, starts[index] + (seen.length or 0)) - max(link.offset, starts[index])
        fills = over > 0.7 * link.length or over > 0.7 * (seen.length or 0) > 0.3 * link.length
        if over > 0 and index not in taken and (fills or alike(seen.target, link.target)):
            return index
        index += 1
    return None


def _same_page(link: Link, shown: list[Link], taken: set[int]) -> int | None:
    """The first URL on the link's page that names the same, for a link whose place in the text is not known."""
    for index, seen in enumerate(shown):
        if index not in taken and seen.page == link.page and _names(seen, link.target):
            return index
    return None


def _names(seen: Link, target: str) -> bool:
    return any(alike(reading, target) for reading in (seen.target, *seen.candidates))


def _merged(link: Link, seen: Link) -> Link:
    others = dict.fromkeys([*link.candidates, seen.target, *seen.candidates])
    others.pop(link.target, None)
    candidates = tuple(other for other in others if not (other == seen.target and alike(other, link.target)))
    is_same = seen.target == link.target
    return replace(
        seen,
        target=link.target,
        found_by="both",
        anchor=seen.anchor if is_same else (seen.anchor or seen.target),
        candidates=candidates,
        context=link.context,
    )
