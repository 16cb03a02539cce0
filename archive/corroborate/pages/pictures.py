"""The picture of an element: one address, whatever sizes and formats of it `srcset` and `picture` offer beside it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from archive.capture.requisites.srcset import candidates
from archive.corroborate.pages.attributes import joined, own_picture
from archive.corroborate.texts.places import picture_stem


def picture_in(element: Element) -> str:
    """The address of the `img` in a `picture`."""
    return next((own_picture(each.attrib) for each in element.iter("img")), "")


def other_pictures(srcset: str, own: str, base: str) -> list[str]:
    """The candidates of a `srcset` that are not `own` in another size or format."""
    widths = _widths(srcset)
    offered = [joined(base, candidate) for candidate in candidates(srcset)] if srcset else []
    if not own and offered:
        return [offered[0], *other_pictures(srcset, offered[0], base)] if len(offered) > 1 else offered
    widths += [""] * len(offered)
    stems = {picture_stem(own, width) for width in ("", *widths)}
    return [
        url
        for url, width in zip(offered, widths, strict=False)
        if url != own and picture_stem(url) not in stems and picture_stem(url, width) not in stems
    ]


def _widths(srcset: str) -> list[str]:
    """Of each candidate its width in pixels as `srcset` states it: a number in its name that is the same is no name."""
    found = []
    for part in srcset.split(","):
        words = part.split()
        stated = words[-1] if len(words) > 1 else ""
        found.append(stated[:-1] if stated.endswith("w") and stated[:-1].isdigit() else "")
    return found
