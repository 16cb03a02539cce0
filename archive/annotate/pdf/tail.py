"""The tail of an incremental update: changed and new objects, a cross-reference section, a trailer.

The section is of the same kind as the last one of the original, and the trailer carries what that one stated:
readers of old files know no cross-reference streams. (ISO 32000-2, 7.5.6 and 7.5.8)
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping
from itertools import groupby

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from archive.annotate.pdf.source import ReportPdf

Key = tuple[int, int]
"""Number and generation of an object."""


def write_tail(pdf: ReportPdf, objects: Mapping[Key, PdfObject], ends_with_newline: bool, comment: str = "") -> bytes:
    """The bytes to add to the file; they begin with a comment. The same objects give the same bytes."""
    out = io.BytesIO()
    out.write(b"" if ends_with_newline else b"\n")
    if comment:
        out.write(b"%" + comment.encode("ascii", "replace") + b"\n")
    offsets: dict[Key, int] = {}
    for number, generation in sorted(objects):
        offsets[number, generation] = pdf.size + out.tell()
        out.write(b"%d %d obj\n" % (number, generation))
        objects[number, generation].write_to_stream(out)
        out.write(b"\nendobj\n")
    size = max(pdf.next_number, 1 + max(number for number, _ in objects))
    start = pdf.size + out.tell()
    trailer = _trailer(pdf, size, hashlib.sha256(out.getvalue()).digest()[:16])
    if pdf.has_xref_table:
        out.write(_table(offsets))
        out.write(b"trailer\n")
        trailer.write_to_stream(out)
        out.write(b"\n")
    else:
        trailer[NameObject("/Size")] = NumberObject(size + 1)
        out.write(b"%d 0 obj\n" % size)
        _stream({**offsets, (size, 0): start}, trailer).write_to_stream(out)
        out.write(b"\nendobj\n")
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _trailer(pdf: ReportPdf, size: int, second: bytes) -> DictionaryObject:
    """What the last trailer stated, with the new size and a second identifier of its own. (14.4)"""
    trailer = DictionaryObject({NameObject("/Size"): NumberObject(size), NameObject("/Root"): pdf.root_ref})
    if "/Info" in pdf.trailer:
        trailer[NameObject("/Info")] = pdf.trailer.raw_get("/Info")
    first = pdf.get(pdf.trailer.get("/ID"))
    if isinstance(first, ArrayObject) and len(first) == 2:
        original = pdf.get(first[0])
        trailer[NameObject("/ID")] = ArrayObject([ByteStringObject(_octets(original)), ByteStringObject(second)])
    trailer[NameObject("/Prev")] = NumberObject(pdf.startxref)
    return trailer


def _octets(text: PdfObject) -> bytes:
    original = getattr(text, "original_bytes", text)
    return original if isinstance(original, bytes) else str(text).encode("latin-1", "replace")


def _runs(keys: Mapping[Key, int]) -> list[list[Key]]:
    """Keys in stretches of consecutive numbers."""
    ordered = sorted(keys)
    return [[key for _, key in run] for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1][0] - pair[0])]


def _table(offsets: Mapping[Key, int]) -> bytes:
    lines = [b"xref\n"]
    for run in _runs(offsets):
        lines.append(b"%d %d\n" % (run[0][0], len(run)))
        lines += [b"%010d %05d n\r\n" % (offsets[key], key[1]) for key in run]
    return b"".join(lines)


def _stream(offsets: Mapping[Key, int], trailer: DictionaryObject) -> StreamObject:
    runs = _runs(offsets)
    rows = b"".join(
        b"\x01" + offsets[key].to_bytes(5, "big") + key[1].to_bytes(2, "big") for run in runs for key in run
    )
    stream = StreamObject()
    stream.update(trailer)
    stream[NameObject("/Type")] = NameObject("/XRef")
    stream[NameObject("/W")] = ArrayObject([NumberObject(1), NumberObject(5), NumberObject(2)])
    index = [number for run in runs for number in (run[0][0], len(run))]
    stream[NameObject("/Index")] = ArrayObject(map(NumberObject, index))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream._data = zlib.compress(rows, 9)
    return stream
