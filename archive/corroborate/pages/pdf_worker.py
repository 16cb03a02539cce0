"""The process that reads two PDFs of other bytes side by side: what their pages show, and what else they hold.

A server that stamps each download with its time or address changes one line, its font, and when the file was made.
So both are rendered, and where lines of text differ their boxes are left out of the comparison: everything outside of
them has to be the same, pixel by pixel. What no page shows, such as attachments, scripts, forms and links, is compared
object by object. (ISO 32000-2, 7.3)
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from archive.cite.page_picture import Box, PictureLine, around
from archive.cite.pdf.glyphs import Document
from archive.cite.pdf.picture import Pixels, page_lines, page_pixels
from archive.cite.worker import confine_this_process
from archive.corroborate.pages.file_digest import without_making
from archive.corroborate.pages.pdf_pair import PdfPair, PdfReply
from archive.corroborate.texts.align import gaps
from archive.errors import ReportUnreadable

_MOST_PAGES = 400
_MOST_COVERED = 0.05
"""The part of a page that lines which differ may take: a stamp is a line or two."""
_NEAR = 4
"""Pixels by which a line may lie elsewhere where its words are others, and by which signs reach out of its box."""
_BY_ITSELF = frozenset(("/Font", "/Length", "/Filter", "/DecodeParms"))
"""What is compared as pages show it, or is a matter of how the file is written."""
_OF_PAGE = frozenset(("/Contents",))
"""The same of a page; of a note on it, this is what the note says. (ISO 32000-2, tables 31 and 166)"""
_TIMES = frozenset(("/CreationDate", "/ModDate", "/LastModified"))
_FORM = "/Form"
_MOST_OBJECTS = 500_000


def main() -> None:
    """Compare the two files on stdin; the command line says where the second begins, and when each was sent."""
    at = int(sys.argv[1])
    visits = datetime.fromisoformat(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    both = sys.stdin.buffer.read()
    confine_this_process()
    try:
        reply = PdfReply(pair=_pair((both[:at], both[at:]), visits))
    except Exception:  # noqa: BLE001 -- a reader may fail on hostile input in any way: then nothing is known
        reply = PdfReply()
    sys.stdout.buffer.write(msgspec.json.encode(reply))
    sys.stdout.buffer.flush()


def _pair(bodies: tuple[bytes, bytes], visits: tuple[datetime, datetime]) -> PdfPair:
    one, other = (Document(io.BytesIO(body)) for body in bodies)
    pages = [[page_lines(document, number) for number in _numbers(document)] for document in (one, other)]
    is_same = one.pages == other.pages <= _MOST_PAGES
    is_same = is_same and all(
        _is_same_page((one, other), number, lines) for number, lines in enumerate(zip(*pages, strict=True), 1)
    )
    is_same = is_same and _contents(bodies[0], visits[0]) == _contents(bodies[1], visits[1])
    first, second = (tuple(line.text for lines in found for line in lines) for found in pages)
    return PdfPair((first, second), is_same)


def _numbers(document: Document) -> range:
    return range(1, min(document.pages, _MOST_PAGES) + 1)


def _is_same_page(
    documents: tuple[Document, Document], number: int, lines: tuple[Sequence[PictureLine], Sequence[PictureLine]]
) -> bool:
    """True where two pages show the same pixels but for lines that differ, each in the place of the other."""
    pixels = [page_pixels(document, number) for document in documents]
    if (pixels[0].width, pixels[0].height) != (pixels[1].width, pixels[1].height):
        return False
    boxes = _boxes(lines)
    if boxes is None or sum(box[2] * box[3] for box in boxes) > _MOST_COVERED * pixels[0].width * pixels[0].height:
        return False
    rows = [_without(each, boxes) for each in pixels]
    return rows[0] == rows[1]


def _boxes(lines: tuple[Sequence[PictureLine], Sequence[PictureLine]]) -> list[Box] | None:
    """The boxes around pairs of lines that differ, each in the other's place; None where a line has no match there."""
    found: list[Box] = []
    for gap in gaps(*([line.text for line in side] for side in lines)):
        first, second = lines[0][gap.first : gap.first_end], lines[1][gap.second : gap.second_end]
        if len(first) != len(second):
            return None
        for one, other in zip(first, second, strict=True):
            boxes = around(one.boxes), around(other.boxes)
            if any(abs(boxes[0][side] - boxes[1][side]) > _NEAR for side in (1, 3)):
                return None
            found.append(around(boxes))
    return found


def _without(pixels: Pixels, boxes: Sequence[Box]) -> bytearray:
    """The pixels outside of the boxes; those within are white."""
    rows = bytearray(pixels.rows)
    for left, top, width, height in boxes:
        start, end = max(0, int(left) - _NEAR), min(pixels.width, int(left + width) + _NEAR)
        for row in range(max(0, int(top) - _NEAR), min(pixels.height, int(top + height) + _NEAR)):
            at = row * pixels.stride
            rows[at + 3 * start : at + 3 * end] = b"\xff" * 3 * max(0, end - start)
    return rows


def _contents(body: bytes, visit: datetime) -> str:
    """The digest of all that no page shows, whatever order and numbers the objects have in the file."""
    reader = PdfReader(io.BytesIO(body))
    digest = hashlib.sha256()
    seen: dict[int, int] = {}
    waiting: list[Any] = [reader.trailer["/Root"], reader.trailer.get("/Info")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                digest.update(b"R%d " % seen[value.idnum])
                continue
            seen[value.idnum] = len(seen)
            if len(seen) > _MOST_OBJECTS:
                raise ReportUnreadable(f"has more than {_MOST_OBJECTS:,} objects")
            value = value.get_object()
        if isinstance(value, StreamObject) and value.get("/Subtype") != _FORM:
            digest.update(b"S%s " % hashlib.sha256(without_making(value.get_data(), visit)).digest())
        if isinstance(value, DictionaryObject):
            names = sorted(value.keys() - _BY_ITSELF - (_OF_PAGE if value.get("/Type") == "/Page" else frozenset()))
            digest.update(" ".join(("D", *names)).encode("utf-8", "surrogatepass"))
            waiting += [_stated(name, value.raw_get(name), visit) for name in names]
        elif isinstance(value, ArrayObject):
            digest.update(b"A%d " % len(value))
            waiting += list(value)
        else:
            digest.update(repr(value).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _stated(name: str, value: Any, visit: datetime) -> Any:
    """The value of a name; of a time at which the file was made for the visit, none."""
    if name not in _TIMES:
        return value
    said = f"/CreationDate ({value.get_object()})".encode("utf-8", "surrogatepass")
    return None if without_making(said, visit) != said else value
