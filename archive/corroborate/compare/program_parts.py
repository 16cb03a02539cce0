"""Addresses of scripts and style sheets of two pages: those of one alone, and those that are parts of another build."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from archive.corroborate.pages.content import ComparedPage
from archive.corroborate.pages.slots import LAYOUT, is_advertising
from archive.corroborate.texts.machine import is_code, is_random
from archive.corroborate.texts.places import is_of_build, is_service_address, place_of_program, site_of_address
from archive_manifests.corroboration import Difference

_SHOWN = 400
_MOST_PARTS = 5
"""By how many the parts of two builds of one program may differ in number."""


def is_other_build(one: ComparedPage, other: ComparedPage, sites: Set[str]) -> bool:
    """True for pages whose programs are two builds: each links parts of them, on `sites`, that the other does not."""
    sides = [{url for url in (*page.linked, *page.all_sheets) if _is_built(url)} for page in (one, other)]
    alone = sides[0] - sides[1], sides[1] - sides[0]
    folders = [{_folder(url) for url in side if site_of_address(url) in sites} for side in alone]
    return not folders[0].isdisjoint(folders[1])


def compare_addresses(
    one: Iterable[str],
    other: Iterable[str],
    known: tuple[Mapping[str, str], Mapping[str, str]],
    sites: Set[str] = frozenset(),
) -> list[Difference]:
    """Scripts that one page alone links, and whose text is not there to be read; `sites` are those of its program.

    Of a program that each page has in another build, what it is cut into differs too.
    """
    places = [
        {
            place_of_program(url): url
            for url in urls
            if url not in there and not is_advertising(url) and not is_service_address(url)
        }
        for urls, there in zip((one, other), known, strict=True)
    ]
    read = [set(map(place_of_program, there)) for there in known]
    alone = [
        [url for place, url in sorted(places[at].items()) if place not in places[1 - at] and place not in read[1 - at]]
        for at in (0, 1)
    ]
    parts = _parts_of_builds(alone, sites)
    found: list[Difference] = []
    for at, side in enumerate(alone):
        for url in side:
            shown = (url[:_SHOWN], "") if at == 0 else ("", url[:_SHOWN])
            found.append(Difference(LAYOUT if url in parts else "script", url not in parts, *shown))
    return found


def compare_sheets(one: ComparedPage, other: ComparedPage, sites: Set[str]) -> Iterator[Difference]:
    """Style sheets that are not there to be read: as many of each site in both, or parts of two builds."""
    places = [{place_of_program(url): url for url in page.sheets} for page in (one, other)]
    unread = [Counter(map(place_of_program, page.sheets)) for page in (one, other)]
    linked = [Counter(map(place_of_program, page.all_sheets)) for page in (one, other)]
    alone = [unread[0] - unread[1], unread[1] - unread[0]]
    read = [{place for place in alone[at] if linked[0][place] == linked[1][place]} for at in (0, 1)]
    yield from (Difference("missing", False, place[:_SHOWN], "") for place in sorted(read[0] | read[1]))
    for at in (0, 1):
        alone[at] = Counter({place: count for place, count in alone[at].items() if place not in read[at]})
    is_alike = _by_site(alone[0]) == _by_site(alone[1])
    parts = _parts_of_builds([[places[at][place] for place in alone[at]] for at in (0, 1)], sites)
    for at, side in enumerate(alone):
        for place in sorted(side):
            sides = ("", place[:_SHOWN]) if at else (place[:_SHOWN], "")
            is_known = is_alike or places[at][place] in parts
            yield Difference("missing" if is_known else "style", not is_known, *sides)


def _by_site(places: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for place, count in places.items():
        found[site_of_address(f"https://{place}")] += count
    return found


def _parts_of_builds(alone: Sequence[Sequence[str]], sites: Set[str]) -> set[str]:
    """Of what one page alone loads, the parts of two builds of one program: about as many, in one folder."""
    parts = [[url for url in side if site_of_address(url) in sites and _is_built(url)] for side in alone]
    if abs(len(parts[0]) - len(parts[1])) > _MOST_PARTS:
        return set()
    folders = set(map(_folder, parts[0])) & set(map(_folder, parts[1]))
    return {url for side in parts for url in side if _folder(url) in folders}


def _is_built(url: str) -> bool:
    """True for a file with the digest of a build in its name, or in that of its folder."""
    *folders, name = url.partition("?")[0].split("/")[3:] or [""]
    is_digest_alone = place_of_program(url).rpartition("/")[2] in _ENDINGS or is_code(name.partition(".")[0])
    return is_digest_alone or is_of_build(url) or any(map(is_random, folders)) or _is_made_up(url)


_ENDINGS = frozenset(("js", "mjs", "css"))


def _folder(url: str) -> str:
    """Where the builds of a program are kept: its site and the first two names of its path."""
    if _is_made_up(url):
        return site_of_address(url)
    return "/".join(place_of_program(url).split("/")[:3])


def _is_made_up(url: str) -> bool:
    """True for a path without any word, of several names: the script of a service that looks out for programs."""
    names = url.partition("?")[0].split("/")[3:]
    return len(names) >= _FEWEST_MADE and any(map(is_code, names)) and not any(map(_WORD.search, names))


_FEWEST_MADE = 4
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Z]?[a-z]{3,}(?![A-Za-z0-9])|\.\w{2,4}\Z")
