"""The pictures, films and frames that one element of a page shows, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from archive.capture.requisites.srcset import candidates
from archive.corroborate.pages.attributes import (
    drawing_digest,
    first_picture,
    is_dot,
    is_placeholder,
    joined,
    late_picture,
    own_picture,
)
from archive.corroborate.pages.content import ComparedPage, MediaPlace
from archive.corroborate.pages.elements import FRAMES, MEDIA
from archive.corroborate.pages.pictures import other_pictures
from archive.corroborate.pages.slots import labels_of_slot
from archive.corroborate.pages.state import InheritedState
from archive.corroborate.texts.places import site_of_address

_EMPTY = re.compile(r"about:(?:blank|srcdoc)?(?:[?#]|\Z)|#|\Z", re.IGNORECASE)
_UNSEEN = re.compile(r"[\t\n\r]")
"""Signs that are no part of an address wherever they stand in it. (URL Standard, 4.4)"""
_SCRIPT = re.compile(r"[\x00-\x20]*javascript:(?P<script>.*)", re.IGNORECASE | re.DOTALL)
_SAYS_NOTHING = re.compile(r"\s*(?:void\s*\(?\s*0?\s*\)?|false|undefined|''|\"\"|)\s*;?\s*", re.IGNORECASE)
_WITHIN = frozenset(("image", "foreignobject", "feimage"))
"""Parts of a drawing that bring a picture, or a page, into it."""
_LONGEST_SIGN = 2_000
"""Signs of the paths of a drawing; a longer one may draw words."""


def shown_script(tag: str, attributes: Mapping[str, str]) -> str:
    """The script that stands in the place of a frame's address and gives what it shows; empty where none does."""
    stated = attributes.get("src") or attributes.get("data") or ""
    found = _SCRIPT.match(_UNSEEN.sub("", stated)) if tag in (*FRAMES, "embed", "object") else None
    return found["script"] if found is not None and not _SAYS_NOTHING.fullmatch(found["script"]) else ""


def is_silent_frame(tag: str, attributes: Mapping[str, str], state: InheritedState, base: str) -> bool:
    """True for a page of another site, or none, in a frame that is not seen: it shows nothing and reaches nothing."""
    if not state.is_unseen_frame or attributes.get("srcdoc") or shown_script(tag, attributes):
        return False
    url = own_picture(attributes)
    return _EMPTY.match(url) is not None or site_of_address(joined(base, url)) not in ("", site_of_address(base))


def add_drawing(element: Element, state: InheritedState, content: ComparedPage) -> None:
    """Add a drawing; what is more than a sign is a picture."""
    inner = {each.tag for each in element.iter()}
    paths = sum(len(each.get("d", "")) for each in element.iter("path"))
    is_linked = any(_leads_outside(each) for each in element.iter("use"))
    is_sign = not (inner & _WITHIN or is_linked) and paths <= _LONGEST_SIGN
    tag = "svg" if is_sign else "drawing"
    content.media.append(
        MediaPlace(drawing_digest(element), tag, "", state.slot, state.section, state.hidden_by, looks=state.looks)
    )


def _leads_outside(element: Element) -> bool:
    link = element.get("href") or element.get("xlink:href") or element.get("{http://www.w3.org/1999/xlink}href") or ""
    return bool(link) and not link.startswith("#")


def add_media(
    tag: str, attributes: Mapping[str, str], state: InheritedState, content: ComparedPage, base: str, near: str
) -> None:
    """Add what an element shows; `near` is where the last link before it leads in its changing place."""
    for url in _addresses(tag, attributes, state, base):
        url = _UNSEEN.sub("", url)
        if not (_EMPTY.match(url) or _SCRIPT.match(url)):
            into = content.frames if tag in FRAMES else content.media
            into.append(_place(url, tag, attributes, state, base, near))
    own = own_picture(attributes) or state.picture
    if tag in ("img", "source") and own and attributes.get("srcset") and state.slot is None and not state.is_framed:
        urls = (joined(base, url) for url in candidates(attributes["srcset"]))
        content.sizes += [(joined(base, own), url) for url in urls]


def _addresses(tag: str, attributes: Mapping[str, str], state: InheritedState, base: str) -> list[str]:
    names = MEDIA.get(tag, ()) if tag != "input" or attributes.get("type", "").lower() == "image" else ()
    if tag in FRAMES:
        names = ("src",)
    if tag == "source" and state.picture:
        names = ()
    found = [own_picture(attributes) if name == "src" else attributes.get(name, "").strip() for name in names]
    if tag == "img":
        found += [url for url in (late_picture(attributes), first_picture(attributes)) if url]
    return found + _other_pictures(tag, attributes, state, base)


def _other_pictures(tag: str, attributes: Mapping[str, str], state: InheritedState, base: str) -> list[str]:
    """What `srcset` offers that is not the element's picture in another size or format."""
    if tag not in ("img", "source"):
        return []
    src = own_picture(attributes)
    own = joined(base, src or state.picture) if src or state.picture else ""
    return other_pictures(attributes.get("srcset", ""), own, base)


def _place(
    url: str, tag: str, attributes: Mapping[str, str], state: InheritedState, base: str, near: str
) -> MediaPlace:
    link = joined(base, state.link) if state.link is not None else ""
    return MediaPlace(
        url=url if url.startswith("data:") else joined(base, url),
        tag=tag,
        alt=attributes.get("alt", ""),
        slot=state.slot,
        section=state.section,
        how=_hidden_by(tag, state),
        looks=state.looks,
        is_tiny=(is_dot(attributes) and not state.is_sized) or is_silent_frame(tag, attributes, state, base),
        near_link=link or near,
        labels=labels_of_slot(state.slot_name),
        entry=state.entry,
        reply=state.reply,
        link=link,
        is_framed=state.is_framed and not state.is_main,
        is_placeholder=is_placeholder(url) or url == first_picture(attributes),
    )


def _hidden_by(tag: str, state: InheritedState) -> str:
    """What hides a picture or a frame; the text within a frame is never shown, and the frame is."""
    if tag not in FRAMES or state.how != tag:
        return state.hidden_by
    return "style" if state.is_unseen_frame or state.is_invisible else ""
