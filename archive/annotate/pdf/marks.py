"""The mark beside a citation: a link annotation with an appearance of its own, drawn without fonts or colour spaces."""

from __future__ import annotations

import zlib

from msgspec import Struct
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from archive.annotate.entries import AnnexEntry, Sign
from archive.annotate.font import outline
from archive.annotate.pdf.frame import MATRICES
from archive.annotate.pdf.placement import HEIGHT
from archive.cite.extract import Rect

PREFIX = "archive-mark-"
"""Before the number, in the name (/NM) of a mark."""
_SIZE = 6.2
_PAD = 2.6
_PRINTED = 4
"""Annotation flag: shown in print, too. (ISO 32000-2, table 167)"""


def mark_width(label: str) -> float:
    """Points that a mark with this label takes."""
    return round(sum(outline(letter)[1] for letter in label) * _SIZE + 2 * _PAD, 2)


def appearance(entry: AnnexEntry, turn: int) -> StreamObject:
    """What is drawn for a mark: white on dark for a copy, dark on white for one with gaps, dashed for a gap."""
    width = mark_width(entry.label)
    filled = entry.sign is Sign.CAPTURED
    operators = ["q 0.2 0.2 0.2 RG 0.8 w"]
    if entry.sign is Sign.GAP:
        operators.append("[1.6 1.2] 0 d")
    operators.append(f"{'0.2 0.2 0.2' if filled else '1 1 1'} rg 0.4 0.4 {width - 0.8:.2f} {HEIGHT - 0.8:.2f} re B Q")
    operators.append(f"q {'1 1 1' if filled else '0.1 0.1 0.1'} rg {_SIZE} 0 0 {_SIZE} {_PAD} 1.6 cm")
    for letter in entry.label:
        path, advance = outline(letter)
        operators += [path, "f", f"1 0 0 1 {advance:.4f} 0 cm"]
    operators.append("Q")
    form = StreamObject()
    matrix = MATRICES[turn]
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): numbers(0, 0, width, HEIGHT),
            NameObject("/Matrix"): numbers(*matrix, 0, 0),
            NameObject("/Resources"): DictionaryObject(),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
    )
    form._data = zlib.compress("\n".join(operators).encode(), 9)
    return form


class MarkLink(Struct, frozen=True):
    """A link within the document, as an annotation of a page."""

    name: str
    page: IndirectObject
    rect: Rect
    """In the page's own space."""
    to_page: IndirectObject
    to_top: float
    """In the own space of the page that it leads to."""
    to_left: float
    contents: str
    """For readers who cannot see it."""
    form: IndirectObject | None = None
    """Its appearance; None where the page itself shows it."""

    def annotation(self, struct_parent: int | None) -> DictionaryObject:
        """The annotation. (ISO 32000-2, 12.5.6.5)"""
        names = {"/Type": "/Annot", "/Subtype": "/Link", "/H": "/I"}
        annotation = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
        annotation[NameObject("/Rect")] = numbers(*self.rect)
        annotation[NameObject("/F")] = NumberObject(_PRINTED)
        annotation[NameObject("/Border")] = numbers(0, 0, 0)
        annotation[NameObject("/NM")] = TextStringObject(self.name)
        annotation[NameObject("/Contents")] = TextStringObject(self.contents)
        annotation[NameObject("/P")] = self.page
        destination = [self.to_page, NameObject("/XYZ"), FloatObject(self.to_left), FloatObject(self.to_top)]
        annotation[NameObject("/Dest")] = ArrayObject([*destination, NumberObject(0)])
        if self.form is not None:
            annotation[NameObject("/AP")] = DictionaryObject({NameObject("/N"): self.form})
        if struct_parent is not None:
            annotation[NameObject("/StructParent")] = NumberObject(struct_parent)
        return annotation


def numbers(*values: float) -> ArrayObject:
    """An array of numbers, to a hundredth of a point."""
    return ArrayObject(
        NumberObject(int(value)) if value == int(value) else FloatObject(round(value, 2)) for value in values
    )
