"""One picture that two observers got at two addresses made up for their visits: what is said of it is said of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from archive.corroborate.pages.content import BACKGROUND, ComparedPage, TextBlock
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive.corroborate.texts.places import place_of_file, without_format


def with_places_of(page: ComparedPage, sources: tuple[SourceEvidence, SourceEvidence]) -> ComparedPage:
    """The second observer's page, in which a picture of the same bytes has the address that the first one got."""
    renamed = _renamed(sources[0].requisites, sources[1].requisites)
    if not renamed:
        return page
    lowered = {there.lower(): one.lower() for there, one in renamed.items()}
    lowered |= _renamed(sources[0].requisites, sources[1].requisites, str.lower)  # as styles are read
    lowered |= {_path(there): _path(one) for there, one in lowered.items()}  # as a page of the same site writes it
    owners = {without_format(there): without_format(one) for there, one in renamed.items()}
    blocks = [_with_place(block, renamed, lowered, owners) for block in page.blocks]
    return replace(page, blocks=blocks, risky=[_with_renamed(style, lowered) for style in page.risky])


def _with_place(
    block: TextBlock, renamed: Mapping[str, str], lowered: Mapping[str, str], owners: Mapping[str, str]
) -> TextBlock:
    """A text that a picture owns or lies on, or the head's statement of a picture's address."""
    if any("url(" in style for style in block.looks):
        block = replace(block, looks=frozenset(_with_renamed(style, lowered) for style in block.looks))
    if block.owner in owners:
        return replace(block, owner=owners[block.owner])
    if (block.kind == "meta" or block.how == BACKGROUND) and block.text in renamed:
        return replace(block, text=renamed[block.text])
    return block


def _renamed(
    one: Mapping[str, RequisiteEvidence],
    other: Mapping[str, RequisiteEvidence],
    written: Callable[[str], str] = str,
) -> dict[str, str]:
    """Place of a picture in the second capture -> its place in the first, where only the address differs.

    `written` is how the addresses are written of which these are the places.
    """
    places = _places(one, written), _places(other, written)
    known = [{place for found in side.values() for place in found} for side in places]
    renamed: dict[str, str] = {}
    for digest in places[0].keys() & places[1].keys():
        first = [place for place in places[0][digest] if place not in known[1]]
        second = [place for place in places[1][digest] if place not in known[0]]
        if len(first) == len(second):  # one picture at several addresses: in the order of the page
            renamed |= zip(second, first, strict=True)
    return renamed


def _places(
    requisites: Mapping[str, RequisiteEvidence], written: Callable[[str], str]
) -> dict[str, dict[str, None]]:
    """Digest -> places of its pictures, in the order of the page."""
    found: dict[str, dict[str, None]] = {}
    for url, one in requisites.items():
        if one.kind == "image" and one.sha256 is not None:
            found.setdefault(one.sha256, {})[place_of_file(written(url))] = None
    return found


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
