"""Addresses of the scripts that two pages link: those of one alone, and whether the site's program is another build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archive.corroborate.pages.content import ComparedPage
from archive.corroborate.pages.slots import LAYOUT, is_advertising
from archive.corroborate.texts.machine import is_random
from archive.corroborate.texts.places import is_of_build, is_service_address, place_of_program, site_of_address
from archive_manifests.corroboration import Difference

_SHOWN = 300
_MOST_PARTS = 5
"""By how many the parts of two builds of one program may differ in number."""


def is_other_build(one: ComparedPage, other: ComparedPage) -> bool:
    """True for pages of one site whose programs are two builds: each links parts of them that the other does not."""
    sides = [{url for url in (*page.linked, *page.all_sheets) if _is_built(url)} for page in (one, other)]
    sites = [site_of_address(page.url) for page in (one, other)]
    alone = sides[0] - sides[1], sides[1] - sides[0]
    folders = [
        {_folder(url) for url in side if site_of_address(url) == site} for side, site in zip(alone, sites, strict=True)
    ]
    return not folders[0].isdisjoint(folders[1])


def compare_addresses(
    one: Iterable[str], other: Iterable[str], known: tuple[Mapping[str, str], Mapping[str, str]], site: str = ""
) -> list[Difference]:
    """Scripts that one page alone links, and whose text is not there to be read; `site` is that of the pages.

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
    read = [{place_of_program(url) for url in there} for there in known]
    alone = [
        [url for place, url in sorted(places[at].items()) if place not in places[1 - at] and place not in read[1 - at]]
        for at in (0, 1)
    ]
    parts = [[url for url in side if site_of_address(url) == site and _is_built(url)] for side in alone]
    folders = {_folder(url) for url in parts[0]} & {_folder(url) for url in parts[1]}
    are_builds = abs(len(parts[0]) - len(parts[1])) <= _MOST_PARTS
    found: list[Difference] = []
    for at, side in enumerate(alone):
        for url in side:
            is_part = are_builds and url in parts[at] and _folder(url) in folders
            shown = (url[:_SHOWN], "") if at == 0 else ("", url[:_SHOWN])
            found.append(Difference(LAYOUT if is_part else "script", not is_part, *shown))
    return found


def _is_built(url: str) -> bool:
    """True for a file with the digest of a build in its name, or in that of its folder."""
    return is_of_build(url) or any(map(is_random, url.split("/")[3:-1]))


def _folder(url: str) -> str:
    """Where the builds of a program are kept: its site and the first two names of its path."""
    return "/".join(place_of_program(url).split("/")[:3])
