"""Files of two captures that stand at no place of their pages: what styles and scripts bring, and what lies beside."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from archive.corroborate.explain.picture_likeness import is_other_picture, is_same_picture
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence
from archive.corroborate.pages.file_digest import PDF, file_digest
from archive.corroborate.pages.playlists import is_same_playlist
from archive.corroborate.pages.slots import ADVERTISEMENT, LAYOUT, is_advertising
from archive.corroborate.texts.places import place_of_program
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_SHOWN = 300
_UNPLACED = {"image": "media", "media": "media", "font": "font", "document": "file"}

Requisites = tuple[Mapping[str, RequisiteEvidence], Mapping[str, RequisiteEvidence]]


def compare_other_files(one: SourceEvidence, other: SourceEvidence, placed: Collection[str]) -> Iterator[Difference]:
    """Every difference between the files at none of the addresses in `placed`, which stand in one of the pages."""
    requisites = one.requisites, other.requisites
    yield from _unplaced(requisites, placed, _visits(one, other))
    yield from _built_fonts(requisites)
    yield from _files(one, other)


def compare_copied_media(one: SourceEvidence, other: SourceEvidence) -> list[Difference]:
    """The media of copies that the source's own page does not name: those of another archive's page."""
    return list(_unplaced((one.requisites, other.requisites), set(), _visits(one, other)))


def compare_sizes(
    sizes: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]], requisites: Requisites
) -> Iterator[Difference]:
    """Other sizes of a picture that one page alone offers, and that show another picture."""
    for at, known in enumerate(requisites):
        there = {url for _, url in sizes[1 - at]} | requisites[1 - at].keys()
        for own, url in dict.fromkeys(sizes[at]):
            pair = known.get(own), known.get(url)
            contents = [one.load() if one is not None and one.load is not None else None for one in pair]
            if url in there or own == url or contents[0] is None or contents[1] is None:
                continue
            if is_other_picture(contents[0], contents[1]):
                shown = f"{url[:_SHOWN]} sha256:{pair[1].sha256}" if pair[1] is not None else ""
                yield Difference("media", True, shown if at == 0 else "", "" if at == 0 else shown)


def show_the_same(one: RequisiteEvidence | None, other: RequisiteEvidence | None, is_one_file: bool) -> bool:
    """True for one picture in two encodings; `is_one_file` where the addresses name two sizes of one."""
    if one is None or other is None or one.load is None or other.load is None:
        return False
    if is_same_playlist(one.playlist, other.playlist):
        return True
    contents = one.load(), other.load()
    return (
        contents[0] is not None
        and contents[1] is not None
        and is_same_picture(contents[0], contents[1], may_be_resized=is_one_file)
    )


def _visits(one: SourceEvidence, other: SourceEvidence) -> Visits | None:
    return (one.live.visit, other.live.visit) if one.live is not None and other.live is not None else None


def _unplaced(requisites: Requisites, placed: Collection[str], visits: Visits | None) -> Iterator[Difference]:
    """What style sheets and scripts bring: at one address, other bytes."""
    for url in sorted(requisites[0].keys() & requisites[1].keys() - placed):
        one, other = requisites[0][url], requisites[1][url]
        shown = tuple(
            f"{url[:_SHOWN]} {f'sha256:{each.sha256}' if each.sha256 else each.outcome}" for each in (one, other)
        )
        if one.sha256 == other.sha256:
            continue
        if one.sha256 is None or other.sha256 is None:
            yield Difference("missing", False, shown[0], shown[1])
        elif is_advertising(url):
            yield Difference(ADVERTISEMENT, False, shown[0], shown[1])
        elif (one.kind == "image" or one.playlist is not None) and show_the_same(one, other, is_one_file=False):
            yield Difference(LAYOUT, False, shown[0], shown[1])
        elif _are_one_document(one, other, visits):
            yield Difference("date", False, shown[0], shown[1])
        elif one.kind in _UNPLACED and not (one.is_decorative or other.is_decorative):
            yield Difference(_UNPLACED[one.kind], one.kind != "font", shown[0], shown[1])
        elif one.kind != "script":  # those are read
            yield Difference(LAYOUT, False, shown[0], shown[1])


def _are_one_document(one: RequisiteEvidence, other: RequisiteEvidence, visits: Visits | None) -> bool:
    """True for a document that its program wrote for each of the two visits."""
    if one.kind != "document" or visits is None or one.load is None or other.load is None:
        return False
    bodies = one.load(), other.load()
    if not all(body is not None and body.startswith(b"%PDF-") for body in bodies):
        return False
    digests = [file_digest(body or b"", PDF, visit) for body, visit in zip(bodies, visits, strict=True)]
    return digests[0] == digests[1]


def _built_fonts(requisites: Requisites) -> Iterator[Difference]:
    """One font whose build has another digest in its name. Whether it draws the same signs is not read: it is shown."""
    alone = [
        {place_of_program(url): one for url, one in side.items() if one.kind == "font" and url not in there}
        for side, there in (requisites, requisites[::-1])
    ]
    for place in sorted(alone[0].keys() & alone[1].keys()):
        digests = alone[0][place].sha256, alone[1][place].sha256
        if digests[0] != digests[1] and None not in digests:
            yield Difference("font", False, f"{place[:_SHOWN]} sha256:{digests[0]}", f"{place} sha256:{digests[1]}")


def _renamed(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> dict[str, str]:
    """Films of the same bytes that each observer's program named otherwise: the first one's name -> the second's."""
    there = {digest: name for name, digest in sorted(other.items()) if digest is not None and name not in one}
    alone = ((name, digest) for name, digest in sorted(one.items()) if name not in other)
    return {name: there.pop(digest) for name, digest in alone if digest is not None and digest in there}


def _files(one: SourceEvidence, other: SourceEvidence) -> Iterator[Difference]:
    """Films and files beside the page, by their names."""
    renamed = _renamed(one.files, other.files)
    for first, second in renamed.items():
        yield Difference(LAYOUT, False, first[:_SHOWN], second[:_SHOWN])
    for name in sorted((one.files.keys() | other.files.keys()) - renamed.keys() - set(renamed.values())):
        digests = one.files.get(name), other.files.get(name)
        if digests[0] == digests[1] and digests[0] is not None:
            continue
        shown = tuple(f"{name[:_SHOWN]} sha256:{digest}" if digest else "" for digest in digests)
        is_missing = None in digests
        yield Difference("missing" if is_missing else "media", not is_missing, shown[0], shown[1])
