"""Pictures, films, frames and fonts of two captures: by their digests, and by their places in the page."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archive.corroborate.compare.other_files import Requisites, compare_other_files, compare_sizes, show_the_same
from archive.corroborate.explain.picture_likeness import is_icon
from archive.corroborate.pages.content import MediaPlace
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive.corroborate.pages.slots import ADVERTISEMENT, LAYOUT, NAMED, is_advertising, is_teaser
from archive.corroborate.texts.align import gaps
from archive.corroborate.texts.places import (
    picture_stem,
    place_of_file,
    place_of_frame,
    place_of_link,
    place_of_target,
    place_signed_for,
    without_edition,
)
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
_LARGEST_PLACEHOLDER = 2_000
"""Bytes of what stands where a picture is loaded later; a larger one is a picture."""
_REPEATED = 2
"""Times that both pages show a picture which is one of each entry, such as that of the author: it says nothing new."""


def compare_media(one: SourceEvidence, other: SourceEvidence) -> list[Difference]:
    """Every difference between the media of two captures."""
    found: list[Difference] = []
    pages = one.live.content if one.live else None, other.live.content if other.live else None
    requisites = one.requisites, other.requisites
    if pages[0] is not None and pages[1] is not None:
        found += _placed((pages[0].media, pages[1].media), requisites, "media")
        frames, signed = _signed_alike((one, other), (pages[0].frames, pages[1].frames))
        found += [*signed, *_placed((pages[0].frames, frames), requisites, "frame")]
        found += compare_sizes((pages[0].sizes, pages[1].sizes), requisites)
    placed = {place.url for page in pages if page is not None for place in (*page.media, *page.frames)}
    return found + list(compare_other_files(one, other, placed))


def _signed_alike(
    sources: tuple[SourceEvidence, SourceEvidence], frames: tuple[Sequence[MediaPlace], Sequence[MediaPlace]]
) -> tuple[list[MediaPlace], list[Difference]]:
    """The second page's frames, and those of them that have another address only by what was made up for each visit.

    These get the address that the first page has. What a page in a frame says is compared with the page.
    """
    visits = [each.live.visit for each in sources if each.live is not None]
    pages = [
        [place for place in side if (known := each.requisites.get(place.url)) is None or known.is_page]
        for side, each in zip(frames, sources, strict=True)
    ]
    first = {place_signed_for(place.url, visits[0]): place.url for place in pages[0]}
    signed = {place.url: first.get(place_signed_for(place.url, visits[1]) or "") or place.url for place in pages[1]}
    shown = [Difference(LAYOUT, False, one[:_SHOWN], url[:_SHOWN]) for url, one in signed.items() if url != one]
    return [replace(place, url=signed.get(place.url, place.url)) for place in frames[1]], shown


def _placed(
    places: tuple[Sequence[MediaPlace], Sequence[MediaPlace]], requisites: Requisites, what: str
) -> Iterator[Difference]:
    places = _without_twins(places[0]), _without_twins(places[1])
    keys = [[_key(place, known, what) for place in found] for found, known in zip(places, requisites, strict=True)]
    found = gaps(*keys)
    first = {id(place): (at, place) for at, gap in enumerate(found) for place in places[0][gap.first : gap.first_end]}
    second = {
        id(place): (at, place) for at, gap in enumerate(found) for place in places[1][gap.second : gap.second_end]
    }
    pairs = list(_paired([place for _, place in first.values()], [place for _, place in second.values()], requisites))
    gap_of = {key: at for key, (at, _) in first.items()}, {key: at for key, (at, _) in second.items()}
    moved = _moved(pairs, gap_of, requisites, what)
    repeated = {digest for digest, count in _counted(places, requisites).items() if count >= _REPEATED}
    for one, other in pairs:
        lone = _lone_digest(one, other, requisites)
        if one is not None and id(one) in moved:
            yield _exchanged(one, requisites[0], what)
        elif lone is not None and lone in repeated:
            yield Difference(LAYOUT, False, _shown(one, requisites[0]), _shown(other, requisites[1]))
        else:
            yield from _judged(one, other, requisites, what)


def _lone_digest(one: MediaPlace | None, other: MediaPlace | None, requisites: Requisites) -> str | None:
    """The digest of a picture that one page alone has at a place; None where both have one there."""
    if one is not None and other is not None:
        return None
    return _digest(one, requisites[0]) if one is not None else _digest(other, requisites[1]) if other else None


def _counted(places: tuple[Sequence[MediaPlace], Sequence[MediaPlace]], requisites: Requisites) -> Counter[str]:
    """How often each picture is shown in that page of the two which shows it less often."""
    first, second = (
        Counter(digest for place in side if (digest := _digest(place, known)) is not None and not place.how)
        for side, known in zip(places, requisites, strict=True)
    )
    return first & second


def _without_twins(places: Sequence[MediaPlace]) -> list[MediaPlace]:
    """Pictures without those that stand for one of them where no script runs."""
    shown = {_place(place) for place in places if not place.how}
    return [place for place in places if place.how != "noscript" or _place(place) not in shown]


Pairs = list[tuple[MediaPlace | None, MediaPlace | None]]


def _moved(
    pairs: Pairs, gap_of: tuple[Mapping[int, int], Mapping[int, int]], requisites: Requisites, what: str
) -> set[int]:
    """Pictures that both pages have, in another order: on different sides of one that stands in both."""
    return {
        id(one)
        for one, other in pairs
        if one is not None
        and other is not None
        and gap_of[0][id(one)] != gap_of[1][id(other)]
        and _key(one, requisites[0], what) == _key(other, requisites[1], what)
    }


def _exchanged(place: MediaPlace, known: Mapping[str, RequisiteEvidence], what: str) -> Difference:
    is_beside = _is_of_entry(place) or _is_advertisement(place) or _is_sign(place) or place.is_tiny
    shown = _shown(place, known)
    return Difference(LAYOUT if is_beside else what, not is_beside, shown, shown)


def _key(place: MediaPlace, known: Mapping[str, RequisiteEvidence], what: str) -> tuple[str, bool, frozenset[str], str]:
    one = known.get(place.url)
    digest = None if what == "frame" and (one is None or one.is_page) else _digest(place, known)
    entry = place.entry or place_of_link(place.near_link) if _is_of_entry(place) else ""
    return digest or place.url, bool(place.how), place.looks, entry or _target(place)


def _target(place: MediaPlace) -> str:
    """Where a picture leads, outside of lists and changing places."""
    if not place.link or place.slot is not None or _is_of_entry(place):
        return ""
    target = place_of_target(place.link)
    return without_edition(target) if place.section in _FRAME else target


_FRAME = frozenset(("nav", "header", "footer"))
_FRAMES = frozenset(("iframe", "frame", "object", "embed"))


def _place(place: MediaPlace) -> str:
    return place_of_frame(place.url) if place.tag in _FRAMES else place_of_file(place.url)


def _stem(place: MediaPlace) -> str:
    """The address of a picture without its format: a server sends each browser one that it reads."""
    stem = picture_stem(place.url) if place.tag not in _FRAMES else ""
    return stem if stem != _place(place) else ""


def _are_one_file(one: MediaPlace, other: MediaPlace) -> bool:
    return _place(one) == _place(other) or (_stem(one) != "" and _stem(one) == _stem(other))


def _digest(place: MediaPlace, known: Mapping[str, RequisiteEvidence]) -> str | None:
    if place.url.startswith("data:"):
        return hashlib.sha256(place.url.encode("utf-8", "surrogatepass")).hexdigest()
    one = known.get(place.url)
    return one.sha256 if one is not None else None


def _paired(
    one: list[MediaPlace], other: list[MediaPlace], requisites: Requisites
) -> Iterator[tuple[MediaPlace | None, MediaPlace | None]]:
    """By address, then by digest, then by kind and section in the order of the page."""
    keys = (
        lambda place, known: place.entry or place_of_link(place.near_link) if _is_of_entry(place) else id(place),
        lambda place, known: _place(place),
        lambda place, known: _stem(place) or id(place),
        lambda place, known: _digest(place, known) or id(place),
        lambda place, known: (place.tag, place.slot, place.section, _is_advertisement(place), bool(place.entry)),
    )
    for key in keys:
        waiting: dict[object, deque[int]] = defaultdict(deque)
        for number, place in enumerate(other):
            waiting[key(place, requisites[1])].append(number)
        left, taken = [], set()
        for place in one:
            same = waiting.get(key(place, requisites[0]))
            if same:
                taken.add(same[0])
                yield place, other[same.popleft()]
            else:
                left.append(place)
        one, other = left, [place for number, place in enumerate(other) if number not in taken]
    yield from ((place, None) for place in one)
    yield from ((None, place) for place in other)


def _judged(
    one: MediaPlace | None, other: MediaPlace | None, requisites: Requisites, what: str
) -> Iterator[Difference]:
    there = [place for place in (one, other) if place is not None]
    shown = tuple(_shown(place, known) for place, known in zip((one, other), requisites, strict=True))
    if all(_is_advertisement(place) for place in there):
        yield Difference(ADVERTISEMENT, False, shown[0], shown[1])
    elif (
        _is_replaced(one, other, requisites)
        or _is_other_link(one, other)
        or all(_is_sign(place) or _is_counting(place, requisites) for place in there)
    ):
        yield Difference(LAYOUT, False, shown[0], shown[1])
    elif one is None or other is None:
        yield Difference(what, True, shown[0], shown[1])
    elif bool(one.how) != bool(other.how) and all(place.slot or place.how for place in there):
        yield Difference(LAYOUT, False, _with_how(shown[0], one), _with_how(shown[1], other))  # a box that opened
    elif bool(one.how) != bool(other.how) or one.looks != other.looks:
        yield Difference(what, True, _with_how(shown[0], one), _with_how(shown[1], other))
    else:
        if _target(one) != _target(other):
            yield Difference("link", True, masked(one.link)[:_SHOWN], masked(other.link)[:_SHOWN])
        yield from _of_both(one, other, requisites, what, shown)


def _is_advertisement(place: MediaPlace) -> bool:
    if place.slot == ADVERTISEMENT or is_advertising(place.url):
        return True
    if place.slot != NAMED:
        return False
    return bool(place.near_link) or place.section not in ("article", "main")


def _is_sign(place: MediaPlace) -> bool:
    """True for the signs that the page's frame is drawn with."""
    is_beside = place.section in (*_FRAME, "aside") or place.slot == LAYOUT or place.is_framed or bool(place.how)
    return place.tag == "svg" and is_beside


def _is_of_entry(place: MediaPlace) -> bool:
    """True for the picture of an entry in a list of other pages."""
    is_list = (place.slot == LAYOUT and is_teaser(place.labels)) or (place.slot is None and place.section == "aside")
    return bool(place.entry) or (is_list and bool(place.near_link))


def _is_mute(place: MediaPlace, requisites: Requisites) -> bool:
    """True for a frame, whose text is compared by itself, and for a picture that is too small to say anything."""
    one = requisites[0].get(place.url) or requisites[1].get(place.url)
    content = one.load() if one is not None and one.load is not None else None
    return place.tag in _FRAMES or (content is not None and is_icon(content))


def _is_replaced(one: MediaPlace | None, other: MediaPlace | None, requisites: Requisites) -> bool:
    """True for the picture of an entry in a list of other pages, if another entry stands there."""
    there = [place for place in (one, other) if place is not None]
    if all(place.entry for place in there):
        return len(there) == 1 or there[0].entry != there[1].entry
    if not all(
        place.near_link
        and ((place.slot == LAYOUT and is_teaser(place.labels)) or (place.slot is None and place.section == "aside"))
        for place in there
    ):
        is_lone = len(there) == 1 and there[0].slot == LAYOUT and not is_teaser(there[0].labels)
        return is_lone and _is_mute(there[0], requisites)
    return len(there) == 1 or place_of_link(there[0].near_link) != place_of_link(there[1].near_link)


def _is_other_link(one: MediaPlace | None, other: MediaPlace | None) -> bool:
    """True for a linked picture in the frame in whose place another stands, which leads to another site or page."""
    there = [place for place in (one, other) if place is not None and (place.is_framed or place.section in _FRAME)]
    if len(there) < 2 or not all(place.link for place in there) or _place(there[0]) == _place(there[1]):
        return False
    return place_of_link(there[0].link) != place_of_link(there[1].link)


def _with_how(shown: str, place: MediaPlace) -> str:
    said = [*([f"hidden: {place.how}"] if place.how else []), *sorted(place.looks)]
    return f"{shown} ({'; '.join(said)})" if said else shown


def _of_both(
    one: MediaPlace, other: MediaPlace, requisites: Requisites, what: str, shown: tuple[str, ...]
) -> Iterator[Difference]:
    digests = _digest(one, requisites[0]), _digest(other, requisites[1])
    if digests[0] is not None and digests[0] == digests[1]:
        if what == "frame" and _place(one) != _place(other):
            yield Difference(what, True, shown[0], shown[1])  # what stands there is another's page
        return
    if what == "frame" and not _is_file(one, other, requisites):
        if _place(one) != _place(other):
            yield Difference(what, True, shown[0], shown[1])
    elif digests[0] is not None and digests[1] is not None:
        is_same = show_the_same(requisites[0].get(one.url), requisites[1].get(other.url), _are_one_file(one, other))
        yield Difference(LAYOUT if is_same else what, not is_same, shown[0], shown[1])
    elif _are_one_file(one, other):
        if digests != (None, None):
            yield Difference("missing", False, shown[0], shown[1])
        elif one.url != other.url:
            yield Difference(LAYOUT, False, shown[0], shown[1])
    else:
        yield Difference(what, True, shown[0], shown[1])


def _is_file(one: MediaPlace, other: MediaPlace, requisites: Requisites) -> bool:
    """True for a frame that shows a file; the text of a page in a frame is compared with that of the page."""
    known = requisites[0].get(one.url), requisites[1].get(other.url)
    return all(each is not None and each.sha256 is not None and not each.is_page for each in known)


def _is_counting(place: MediaPlace, requisites: Requisites) -> bool:
    """A dot that is counted, what a service for readers' numbers sends, or what a picture is put in place of."""
    one = requisites[0].get(place.url) or requisites[1].get(place.url)
    if place.is_placeholder:
        content = one.load() if one is not None and one.load is not None else None
        return content is None or len(content) <= _LARGEST_PLACEHOLDER
    return place.is_tiny or (one is not None and one.is_decorative)


def _shown(place: MediaPlace | None, known: Mapping[str, RequisiteEvidence]) -> str:
    if place is None:
        return ""
    digest = _digest(place, known)
    return f"{place.url[:_SHOWN]}{f' sha256:{digest}' if digest else ''}"


