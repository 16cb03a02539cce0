"""A second opinion on a page's addresses: its text in the order of the file, where the geometry shows another one.

Where text is printed over text, or one column over another, no order of places is right, and the file's own may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from msgspec.structs import replace

from archive.cite.extract import Extracted, Link
from archive.cite.scan import text_links
from archive.cite.targets import alike

_DOUBT = "reading-order"
_HYPHENS = str.maketrans({"\r": None, "\x02": "-", "\ufffe": "-"})
"""What PDFium gives in place of a hyphen at the end of a line."""
_GOES_ON = re.compile(r"[\w%][/?=&#%_-][\w%]|[a-z][0-9]+[a-z]|\w\.[a-z]{2,5}\Z")
"""What the rest of an address has, and neither a word nor a note mark."""
_SHARED = 4
"""Characters behind the scheme and `www.` that two readings of one address share, at least."""


def with_stream_order(shown: list[Link], stream: str, page: int, before: Iterable[Link]) -> list[Link]:
    """The links of a page with the readings that its text in the file's order gives, where they differ.

    `stream` is that text; `before` are links of the page before, which may go on in this one. A reading that only ends
    earlier or later than the one by places adds nothing: the places show line ends, the file's order does not.
    """
    links = list(shown)
    known = [reading for link in (*before, *shown) for reading in _readings(link)]
    for other in _in_stream(stream):
        if any(other.target in reading or alike(other.target, reading) for reading in known):
            continue
        number = _nearest(other.target, links)
        if number is None:
            if not any(_is_part(other.target, reading) for reading in known):
                links.append(replace(other, offset=None, length=None, page=page, doubts=(_DOUBT, *other.doubts)))
        elif not _only_ends_elsewhere(other, links[number]):
            links[number] = _with_reading(links[number], other)
    return links


def _in_stream(stream: str) -> Iterator[Link]:
    text = stream.translate(_HYPHENS)
    for link in text_links(Extracted(text, "the file's order")):
        if link.target.isascii() and "://" in link.target:
            yield link


def _readings(link: Link) -> Iterator[str]:
    yield link.target
    yield from link.candidates


def _behind(reading: str) -> str:
    """The reading without its scheme and `www.`."""
    return reading.partition("://")[2].removeprefix("www.")


def _shared(one: str, other: str) -> int:
    """How many characters behind the scheme two readings share from their beginning."""
    pairs = zip(_behind(one), _behind(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _nearest(target: str, links: list[Link]) -> int | None:
    """The number of the link whose reading shares most with `target`."""
    shared = [max(_shared(target, reading) for reading in _readings(link)) for link in links]
    most = max(shared, default=0)
    return shared.index(most) if most >= min(_SHARED, len(_behind(target))) else None


def _is_part(target: str, reading: str) -> bool:
    return _behind(reading).startswith(_behind(target)[:_SHARED])


def _only_ends_elsewhere(other: Link, link: Link) -> bool:
    """True where one of the two is the beginning of the other one, and the rest is no more than a word or a mark."""
    if link.doubts:
        return False
    return any(
        not reading.isascii()
        or reading.startswith(other.target)
        or (other.target.startswith(reading) and not _GOES_ON.search(other.target, len(reading)))
        for reading in _readings(link)
    )


def _with_reading(link: Link, other: Link) -> Link:
    others = [one for one in (other.target, *other.candidates) if one not in _readings(link)]
    return replace(link, candidates=(*link.candidates, *dict.fromkeys(others)), doubts=link.doubts or (_DOUBT,))
