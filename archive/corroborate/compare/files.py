"""Two copies of a file that is no page: equal bytes, one picture encoded anew, a PDF stamped for each visit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from archive.corroborate.explain.picture_likeness import is_same_picture
from archive.corroborate.pages.evidence import CopyEvidence
from archive.corroborate.pages.file_digest import PDF
from archive.corroborate.pages.pdf_pair import PdfPair, read_pdf_pair
from archive.corroborate.texts.align import gaps
from archive.corroborate.texts.stamps import is_stamp
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_SHOWN = 400


def compare_files(one: CopyEvidence, other: CopyEvidence) -> list[Difference]:
    """What two copies of a file differ in; of a PDF also the lines of text."""
    if one.payload_sha256 is not None and one.payload_sha256 == other.payload_sha256:
        return []
    first, second = (
        f"{each.media_type or 'a file'} sha256:{each.payload_sha256 or 'not stated'}" for each in (one, other)
    )
    if one.is_cut or other.is_cut:
        return [Difference("truncated", False, first, second)]
    if one.body_sha256 is not None and one.body_sha256 == other.body_sha256:
        return [Difference("date", False, first, second)]
    bodies = [each.load() if each.load is not None else None for each in (one, other)]
    if bodies[0] is None or bodies[1] is None:
        return [Difference("file", True, first, second)]
    if all(each.media_type.startswith("image/") for each in (one, other)):
        is_same = is_same_picture(bodies[0], bodies[1], may_be_resized=False)
        return [Difference("layout" if is_same else "file", not is_same, first, second)]
    visits = one.visit, other.visit
    pair = read_pdf_pair(bodies[0], bodies[1], visits) if one.media_type == other.media_type == PDF else None
    lines = list(_of_lines(pair, visits)) if pair is not None else []
    is_same = pair is not None and pair.is_same_beside and not any(each.is_substance for each in lines)
    return [Difference("layout" if is_same else "file", not is_same, first, second), *lines]


def _of_lines(pair: PdfPair, visits: Visits) -> Iterator[Difference]:
    """The lines in which two PDFs differ, each with what stands in its place."""
    for gap in gaps(*pair.lines):
        sides = pair.lines[0][gap.first : gap.first_end], pair.lines[1][gap.second : gap.second_end]
        for first, second in zip_longest(*sides, fillvalue=""):
            is_of_visit = is_stamp(first, second, visits)
            yield Difference("date" if is_of_visit else "text", not is_of_visit, first[:_SHOWN], second[:_SHOWN])
