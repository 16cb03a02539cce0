"""What the catalogue of a PDF gains: the annex in the page tree, page labels, an outline entry, structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from archive.annotate.pdf.objects import Increment

MOST_NODES = 20_000
"""Nodes of a number tree that are read."""
LABEL = "A-"
"""Before the numbers of the annex's pages."""
Names = dict[str, PdfObject]


def add_pages(increment: Increment, pages: list[IndirectObject]) -> None:
    """Put the annex behind the last page."""
    root = increment.changed(increment.pdf.pages_ref)
    root[NameObject("/Kids")] = ArrayObject([*increment.pdf.get(root["/Kids"]), *pages])
    root[NameObject("/Count")] = NumberObject(len(increment.pdf.pages) + len(pages))


def add_page_labels(increment: Increment) -> None:
    """Number the annex apart: A-1, A-2 …; a report without labels keeps 1, 2 …  (ISO 32000-2, 12.4.2)"""
    catalog = increment.changed(increment.pdf.root_ref)
    count = len(increment.pdf.pages)
    stated = _number_tree(increment, catalog.get("/PageLabels"))
    plain = DictionaryObject({NameObject("/S"): NameObject("/D")})
    ranges = [(at, label) for at, label in stated if at < count] or [(0, plain)]
    own = DictionaryObject({NameObject("/S"): NameObject("/D"), NameObject("/P"): TextStringObject(LABEL)})
    numbers: list[PdfObject] = []
    for at, label in [*ranges, (count, own)]:
        numbers += [NumberObject(at), label]
    tree = DictionaryObject({NameObject("/Nums"): ArrayObject(numbers)})
    catalog[NameObject("/PageLabels")] = increment.add(tree)


def _number_tree(increment: Increment, root: Any) -> list[tuple[int, PdfObject]]:
    """The entries of a number tree, in order. (7.9.7)"""
    found: list[tuple[int, PdfObject]] = []
    waiting, seen = [root], 0
    while waiting and seen < MOST_NODES:
        seen += 1
        node = increment.pdf.get(waiting.pop())
        if not isinstance(node, DictionaryObject):
            continue
        listed = list(increment.pdf.get(node.get("/Nums")) or ())
        found += [(int(increment.pdf.get(at)), value) for at, value in zip(listed[::2], listed[1::2], strict=False)]
        waiting += list(increment.pdf.get(node.get("/Kids")) or ())
    return sorted(found, key=lambda pair: pair[0])


def add_outline(increment: Increment, title: str, page: IndirectObject, top: float) -> None:
    """Add an entry behind the last one of the outline; make an outline where there is none. (12.3.3)"""
    catalog = increment.changed(increment.pdf.root_ref)
    stated = catalog.get("/Outlines")
    item = DictionaryObject({NameObject("/Title"): TextStringObject(title)})
    destination = [page, NameObject("/XYZ"), NumberObject(0), FloatObject(top), NumberObject(0)]
    item[NameObject("/Dest")] = ArrayObject(destination)
    ref = increment.reserve()
    if isinstance(stated, IndirectObject) and isinstance(increment.pdf.get(stated), DictionaryObject):
        outline, outline_ref = increment.changed(stated), stated
    else:
        direct = stated if isinstance(stated, DictionaryObject) else {"/Type": NameObject("/Outlines")}
        outline = DictionaryObject({NameObject(key): value for key, value in direct.items()})
        outline_ref = increment.add(outline)
        catalog[NameObject("/Outlines")] = outline_ref
    item[NameObject("/Parent")] = outline_ref
    last = outline.get("/Last")
    if isinstance(last, IndirectObject):
        increment.changed(last)[NameObject("/Next")] = ref
        item[NameObject("/Prev")] = last
    else:
        outline[NameObject("/First")] = ref
    outline[NameObject("/Last")] = ref
    shown = increment.pdf.get(outline.get("/Count"))
    # A negative count says how many would show if the outline were open: a closed outline stays closed.
    count = int(shown) if isinstance(shown, int) else 0
    outline[NameObject("/Count")] = NumberObject(count - 1 if count < 0 else count + 1)
    increment.put(ref, item)


class Structure:
    """The structure tree of a tagged report, to which marks and annex are added. (14.7 and 14.8)"""

    def __init__(self, increment: Increment) -> None:
        self._increment = increment
        catalog = increment.pdf.root
        stated = catalog.get("/StructTreeRoot")
        self.exists = isinstance(stated, IndirectObject) and isinstance(increment.pdf.get(stated), DictionaryObject)
        self._parents: list[tuple[int, PdfObject]] = []
        if self.exists:
            assert isinstance(stated, IndirectObject)
            self._ref = stated
            root = increment.pdf.get(stated)
            known = _number_tree(increment, root.get("/ParentTree"))
            follows = increment.pdf.get(root.get("/ParentTreeNextKey"))
            self._next = max([int(follows) if isinstance(follows, int) else 0, *(key + 1 for key, _ in known)])
            self._known = known
            self._section = increment.reserve()
            self._kids: list[PdfObject] = []

    def key(self) -> int | None:
        """The next free key of the parent tree; None where the report is not tagged."""
        if not self.exists:
            return None
        self._next += 1
        return self._next - 1

    def add_link(self, key: int | None, annotation: IndirectObject, page: IndirectObject, alternative: str) -> None:
        """A structure element for a link."""
        if key is None:
            return
        reference = DictionaryObject({NameObject("/Type"): NameObject("/OBJR"), NameObject("/Obj"): annotation})
        reference[NameObject("/Pg")] = page
        element = self._element("/Link", reference)
        element[NameObject("/Alt")] = TextStringObject(alternative)
        self._enter(key, element)

    def add_page(self, key: int | None, page: IndirectObject) -> None:
        """A structure element for the marked content of an annex page, which is number 0 there."""
        if key is None:
            return
        element = self._element("/P", NumberObject(0))
        element[NameObject("/Pg")] = page
        ref = self._increment.add(element)
        self._kids.append(ref)
        self._parents.append((key, ArrayObject([ref])))

    def _element(self, kind: str, kid: PdfObject) -> DictionaryObject:
        element = DictionaryObject({NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject(kind)})
        element[NameObject("/P")] = self._section
        element[NameObject("/K")] = kid
        return element

    def _enter(self, key: int, element: DictionaryObject) -> None:
        ref = self._increment.add(element)
        self._kids.append(ref)
        self._parents.append((key, ref))

    def finish(self) -> None:
        """State the section with all that was added."""
        if not self.exists:
            return
        root = self._increment.changed(self._ref)
        get = self._increment.pdf.get
        first = get(root.get("/K"))
        above, above_ref = root, self._ref
        stated = root.get("/K")
        if isinstance(stated, ArrayObject) and len(stated) == 1:
            stated = stated[0]
        if isinstance(stated, IndirectObject) and isinstance(get(stated), DictionaryObject):
            above, above_ref = self._increment.changed(stated), stated
            first = get(above.get("/K"))
        kids = [above.raw_get("/K")] if first is not None and not isinstance(first, ArrayObject) else list(first or ())
        above[NameObject("/K")] = ArrayObject([*kids, self._section])
        section = DictionaryObject(
            {NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/Sect")}
        )
        section[NameObject("/P")] = above_ref
        section[NameObject("/K")] = ArrayObject(self._kids)
        self._increment.put(self._section, section)
        entries = sorted([*self._known, *self._parents], key=lambda pair: pair[0])
        tree = DictionaryObject({NameObject("/Nums"): ArrayObject(_flat(entries))})
        root[NameObject("/ParentTree")] = self._increment.add(tree)
        root[NameObject("/ParentTreeNextKey")] = NumberObject(self._next)


def _flat(entries: Iterable[tuple[int, PdfObject]]) -> Iterator[PdfObject]:
    for key, value in entries:
        yield NumberObject(key)
        yield value
