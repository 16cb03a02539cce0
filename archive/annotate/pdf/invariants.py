"""What no version of this program writes behind a report: found whatever the file says of the program that made it."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from archive.annotate.differences import ReportDifference
from archive.annotate.pdf.marks import PREFIX
from archive.annotate.pdf.placement import scale_of
from archive.annotate.pdf.write import BACK
from archive.cite.pdf.catalog import DAMAGE

_CHANGES = {
    "/Annots",
    "/Kids",
    "/K",
    "/Count",
    "/PageLabels",
    "/Outlines",
    "/First",
    "/Last",
    "/Next",
    "/ParentTree",
    "/ParentTreeNextKey",
}
"""What the report's own objects gain or have changed: lists that grow, and what leads to annex and outline entry."""
_GROW = ("/Annots", "/Kids", "/K")
_ACTIVE = {
    "/A",
    "/AA",
    "/JS",
    "/OpenAction",
    "/URI",
    "/EF",
    "/EmbeddedFiles",
    "/RichMediaContent",
    "/OC",
    "/OCProperties",
    "/SMask",
    "/Encrypt",
}
"""What acts, hides or leads out of the document."""
_END = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n\Z")
_TABLE = re.compile(rb"xref\n(?:\d+ \d+\n(?:\d{10} \d{5} n\r\n)+)+trailer\n<<")
_MOST_ROWS = 80_000_000
_NEAR = 12.0
"""Points by which a library may place the same mark otherwise."""
_MARK_SIZE = 60.0
"""Points that no mark exceeds on any side, on office paper."""


def broken_invariants(size: int, original: bytes, found: bytes, citations: int) -> list[ReportDifference]:
    """What makes the bytes behind the first `size` no annex of this program, of any version."""
    try:
        return list(_broken(size, original, found, citations))
    except DAMAGE as error:
        return [ReportDifference("unreadable", found=f"{type(error).__name__}: {str(error)[:120]}")]


def _broken(size: int, original: bytes, found: bytes, citations: int) -> Iterator[ReportDifference]:
    before, after = PdfReader(io.BytesIO(original)), PdfReader(io.BytesIO(found))
    if not _is_one_update(size, before, after, original, found):
        yield ReportDifference("update-differs", found="not one update, and nothing else")
        return
    stated = sorted({number for table in after.xref.values() for number, at in table.items() if at >= size})
    known = {number for table in before.xref.values() for number in table} | set(before.xref_objStm)
    for number in stated:
        value = _object(after, number)
        if number in known and not _is_grown(_object(before, number), value):
            yield ReportDifference("object-changed", f"object {number}")
        elif number not in known and _is_active(value):
            yield ReportDifference("object-added", f"object {number}")
    yield from _annotations(before, after, citations)


def _is_one_update(size: int, before: PdfReader, after: PdfReader, original: bytes, found: bytes) -> bool:
    """True where one update follows the report, names its end and catalogue, frees nothing, and is last. (7.5.6)"""
    end = _END.search(found)
    earlier = re.findall(rb"startxref\s+(\d{1,12})\s+%%EOF", original[-1100:])
    if end is None or not earlier or int(end[1]) < size or found.count(b"startxref\n", size) != 1:
        return False
    section = found[int(end[1]) : end.start()]
    if re.findall(rb"/Prev (\d{1,12})", section) != [earlier[-1]] or b"/XRefStm" in section:
        return False
    roots = [each.trailer.raw_get("/Root") for each in (before, after)]
    if _written(roots[0]) != _written(roots[1]) or not after.xref_objStm.items() <= before.xref_objStm.items():
        return False
    return _TABLE.match(section) is not None or _states_offsets_alone(section)


def _states_offsets_alone(section: bytes) -> bool:
    """True for a cross-reference stream whose rows, of eight bytes each, all name an offset. (7.5.8.3)"""
    start = section.find(b"stream\n")
    if start < 0 or b"/W [ 1 5 2 ]" not in section[:start]:
        return False
    rows = zlib.decompressobj().decompress(section[start + 7 :], _MOST_ROWS)
    return len(rows) % 8 == 0 and set(rows[::8]) == {1}


def _object(reader: PdfReader, number: int) -> Any:
    return reader.get_object(IndirectObject(number, 0, reader))


def _written(value: PdfObject | None) -> bytes:
    out = io.BytesIO()
    if value is not None:
        value.write_to_stream(out)
    return out.getvalue()


def _is_grown(before: Any, after: Any) -> bool:
    """True where an object of the report differs in what an annex needs alone, and its lists begin as they did."""
    if not isinstance(after, DictionaryObject) or not isinstance(before, DictionaryObject):
        return False
    if isinstance(after, StreamObject) or isinstance(before, StreamObject):
        return False
    if set(before) - set(after) or (set(after) - set(before)) - _CHANGES:
        return False
    if any(_written(before.raw_get(key)) != _written(after.raw_get(key)) for key in set(before) - _CHANGES):
        return False
    return all(_begins(before[key], after[key]) for key in _GROW if key in before)


def _begins(before: Any, after: Any) -> bool:
    first, second = (list(each) if isinstance(each, ArrayObject) else [each] for each in (before, after))
    return [*map(_written, first)] == [*map(_written, second[: len(first)])] or _written(after) == _written(before)


def _is_active(value: Any) -> bool:
    return isinstance(value, DictionaryObject) and (bool(_ACTIVE & set(value)) or value.get("/Subtype") == "/Image")


def _annotations(before: PdfReader, after: PdfReader, citations: int) -> Iterator[ReportDifference]:
    """Yield every added annotation that is no mark, and marks beyond one for each citation."""
    report = {page.indirect_reference.idnum for page in before.pages if page.indirect_reference is not None}
    names: set[str] = set()
    marks = 0
    for index, page in enumerate(after.pages):
        is_report = page.indirect_reference is not None and page.indirect_reference.idnum in report
        own = len(_listed(before.pages[index])) if is_report and index < len(before.pages) else 0
        for annotation in _listed(page)[own:]:
            name = str(annotation.get("/NM", ""))
            if name in names or not _is_mark(annotation, name, is_report, report, _largest_mark(page)):
                yield ReportDifference("mark-forged", name[:60] or f"page {index + 1}")
            names.add(name)
            marks += is_report
    if marks > citations:
        yield ReportDifference("mark-forged", "", f"{citations}", f"{marks}")


def _listed(page: Any) -> list[Any]:
    listed: Any = page.get("/Annots")
    listed = listed.get_object() if isinstance(listed, IndirectObject) else listed
    return [one.get_object() for one in listed or ()]


def _largest_mark(page: Any) -> float:
    """Points that no mark exceeds on any side: more on a poster."""
    box = page.cropbox
    return _MARK_SIZE * scale_of(float(box.width), float(box.height))


def _is_mark(annotation: Any, name: str, is_report: bool, report: set[int], most: float) -> bool:
    """True for a small visible link: from the report to the annex, or from the annex to the report."""
    if annotation.get("/Subtype") != "/Link" or annotation.get("/F") != 4 or _ACTIVE & set(annotation):
        return False
    listed = annotation.get("/Dest")
    target = next(iter(listed), None) if isinstance(listed, ArrayObject) else None  # iteration gives references
    if not isinstance(target, IndirectObject) or (target.idnum in report) == is_report:
        return False
    if not is_report:
        return name.startswith(BACK) and "/AP" not in annotation
    left, bottom, right, top = (float(each) for each in annotation["/Rect"])
    return name.startswith(PREFIX) and 0 < right - left <= most and 0 < top - bottom <= most


def says_otherwise(expected: bytes, found: bytes) -> bool:
    """True where two PDFs, of which only the making differs, have other words on some page, or other marks."""
    try:
        ours, theirs = (PdfReader(io.BytesIO(each)) for each in (expected, found))
        if len(ours.pages) != len(theirs.pages):
            return True
        return any(_page_differs(*pages, ours, theirs) for pages in zip(ours.pages, theirs.pages, strict=True))
    except DAMAGE:
        return True


def _page_differs(one: Any, other: Any, ours: PdfReader, theirs: PdfReader) -> bool:
    words = ["".join(page.extract_text().split()) for page in (one, other)]
    first, second = _links(one, ours), _links(other, theirs)
    if words[0] != words[1] or first.keys() != second.keys():
        return True
    return any(first[name][0] != second[name][0] or not _is_near(first[name][1], second[name][1]) for name in first)


def _links(page: Any, reader: PdfReader) -> dict[str, tuple[tuple[str, int | None], list[float]]]:
    """Name of each of our links -> what it says, the page it leads to, and its places."""
    found = {}
    for link in _listed(page):
        if (name := str(link.get("/NM", ""))).startswith((PREFIX, BACK)):
            target, _, left, top, *_ = iter(link["/Dest"])
            number = reader.get_page_number(target.get_object())
            found[name] = (str(link.get("/Contents")), number), [*map(float, link["/Rect"]), float(left), float(top)]
    return found


def _is_near(one: list[float], other: list[float]) -> bool:
    return all(abs(first - second) <= _NEAR for first, second in zip(one, other, strict=True))
