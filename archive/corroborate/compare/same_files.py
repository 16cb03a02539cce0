"""One picture that two observers got at two addresses made up for their visits: what is said of it is said of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from archive.corroborate.pages.content import ComparedPage
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive.corroborate.texts.places import place_of_file


def with_places_of(page: ComparedPage, sources: tuple[SourceEvidence, SourceEvidence]) -> ComparedPage:
    """The second observer's page, in which a picture of the same bytes has the address that the first one got."""
    renamed = _renamed(sources[0].requisites, sources[1].requisites)
    if not renamed:
        return page
    blocks = [replace(block, owner=renamed[block.owner]) if block.owner in renamed else block for block in page.blocks]
    lowered = {there.lower(): one.lower() for there, one in renamed.items()}
    lowered |= {_path(there): _path(one) for there, one in lowered.items()}  # as a page of the same site writes it
    return replace(page, blocks=blocks, risky=[_with_renamed(style, lowered) for style in page.risky])


def _renamed(one: Mapping[str, RequisiteEvidence], other: Mapping[str, RequisiteEvidence]) -> dict[str, str]:
    """Place of a picture in the second capture -> its place in the first, where only the address differs."""
    places = [_places(found) for found in (one, other)]
    known = [set(found.values()) for found in places]
    return {
        there: places[0][digest]
        for digest, there in places[1].items()
        if digest in places[0] and there not in known[0] and places[0][digest] not in known[1]
    }


def _places(requisites: Mapping[str, RequisiteEvidence]) -> dict[str, str]:
    """Digest -> place, of pictures that lie at one place alone."""
    found: dict[str, set[str]] = {}
    for url, one in requisites.items():
        if one.kind == "image" and one.sha256 is not None:
            found.setdefault(one.sha256, set()).add(place_of_file(url))
    return {digest: next(iter(places)) for digest, places in found.items() if len(places) == 1}


def _with_renamed(style: str, renamed: Mapping[str, str]) -> str:
    """A rule of a style sheet, in which an address stands in `url()`."""
    start, end = style.find("url("), style.find(")")
    if not 0 <= start < end:
        return style
    address = style[start + 4 : end].strip("\"' ")
    match = next((place for place in (address, _bare(address)) if place in renamed), None)
    return style if match is None else f"{style[: start + 4]}{renamed[match]}{style[end:]}"


def _path(place: str) -> str:
    return f"/{place.partition('/')[2]}"


def _bare(address: str) -> str:
    return place_of_file(address if "//" in address[:8] else f"https://{address}")
