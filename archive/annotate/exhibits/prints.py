"""What is shown of a source on paper: the print that the bag has, else its picture, else a slip sheet that says why."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.exhibits.cited_file import PDF, CitedFile
from archive.annotate.opened import OpenedBag
from archive.annotate.pdf.sheets import Sheets
from archive.annotate.pdf.source import NotExtendable, ReportPdf
from archive.annotate.plain import cited_on, rows_of
from archive_manifests import layout
from archive_manifests.ledger import SourceEntry

LARGEST_PRINT = 256 << 20
"""Bytes of a print that is stamped."""
_MOST_PIXELS = 120_000_000
_ENDINGS = (".gif", ".jpeg", ".jpg", ".png", ".webp")
_PICTURES = ("screenshot.png", "screenshot.jpg", "thumbnail.png", "thumbnail.jpg")


class Print(Struct, frozen=True):
    """The pages of one exhibit, not yet stamped."""

    kind: str
    """`print`, `picture` or `slip-sheet`."""
    content: bytes
    """A PDF."""
    pages: int
    what: str
    """The digest of the file that is shown, or the reason why none is."""


def print_of(
    opened: OpenedBag, facts: AnnexFacts, entry: SourceEntry, shown: AnnexEntry, file: CitedFile | None
) -> Print:
    """The pages for one source; `file` is what it is itself, where it is no page."""
    made = _print_of_file(facts, file) if file is not None else None
    if isinstance(made, Print):
        return made
    why = made or "no-rendering"
    for path in _prints(opened, entry):
        content = _whole(opened, path)
        try:
            if content is not None:
                return Print("print", content, len(ReportPdf(io.BytesIO(content)).pages), opened.source.files[path])
            why = "too-large"
        except NotExtendable as refused:
            why = refused.code
    for path in _pictures(opened, entry):
        content = _whole(opened, path)
        pages = content and _picture_pages(content, facts)
        if pages:
            return Print("picture", *pages, opened.source.files[path])
        why = "too-large"
    return _slip_sheet(facts, shown, why)


def _print_of_file(facts: AnnexFacts, file: CitedFile) -> Print | str:
    """The pages of a cited PDF or picture; why it cannot be stamped, or `file` for one that is not for paper."""
    if file.media_type != PDF and not file.media_type.startswith("image/"):
        return "file"
    content = _bounded(file.pieces())
    if content is None:
        return "too-large"
    digest = hashlib.sha256(content).hexdigest()
    if file.media_type != PDF:
        pages = _picture_pages(content, facts)
        return Print("picture", *pages, digest) if pages else "file"
    try:
        return Print("print", content, len(ReportPdf(io.BytesIO(content)).pages), digest)
    except NotExtendable as refused:
        return refused.code


def _bounded(pieces: Iterable[bytes]) -> bytes | None:
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > LARGEST_PRINT:
            return None
    return bytes(found)


def _prints(opened: OpenedBag, entry: SourceEntry) -> list[str]:
    folder = layout.views_of(entry.id)
    rendered = sorted(path for path in opened.entries if path.startswith(folder) and path.endswith(".pdf"))
    return rendered or [path for path in _own_files(opened, entry) if path.lower().endswith(".pdf")]


def _pictures(opened: OpenedBag, entry: SourceEntry) -> list[str]:
    """What shows the page, or the cited picture itself; never a picture of a film within the page."""
    folder = layout.views_of(entry.id)
    rendered = [path for name in _PICTURES if (path := f"{folder}{name}") in opened.entries]
    own = [path for path in _own_files(opened, entry) if path.lower().endswith(_ENDINGS)]
    return rendered or own[:1]


def _own_files(opened: OpenedBag, entry: SourceEntry) -> list[str]:
    """The files that are the source: what a person supplied, or what its page is only about (`file.pdf`)."""
    paths = [
        path
        for copy in entry.copies
        for path in copy.files
        if copy.kind == "supplied" or PurePosixPath(path).stem == "file"
    ]
    return [path for path in dict.fromkeys(paths) if path in opened.entries]


def _whole(opened: OpenedBag, path: str) -> bytes | None:
    if opened.entries[path].size > LARGEST_PRINT:
        return None
    return b"".join(opened.chunks(path))


def _picture_pages(content: bytes, facts: AnnexFacts) -> tuple[bytes, int] | None:
    """A picture over as many pages as its height takes; None where it is none, or too large."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            whole = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    sheets = Sheets(facts.words, margin=36)
    width, height = sheets.right - sheets.margin, sheets.bottom - sheets.margin
    step = max(int(whole.width * height / width), 1)
    for top in range(0, whole.height, step):
        part = whole.crop((0, top, whole.width, min(top + step, whole.height)))
        sheets.start_page()
        sheets.picture(part, sheets.margin, sheets.margin, width, width * part.height / part.width)
    return sheets.content(), sheets.pages


def _slip_sheet(facts: AnnexFacts, shown: AnnexEntry, why: str) -> Print:
    """One page that stands for what cannot be printed."""
    words = facts.words
    sheets = Sheets(words)
    sheets.start_page()
    sheets.y += 120
    sheets.paragraph(words.sentence("exhibit.slip_sheet"), 18)
    sheets.y += 8
    key = f"exhibit.why_{why}"
    sheets.paragraph(words.sentence(key if words.has(key) else "exhibit.why_other"), 11)
    sheets.y += 14
    if facts.caution:
        sheets.paragraph(facts.caution, 10)
        sheets.y += 8
    for label, value, is_left_to_right in (*rows_of(facts, shown), *cited_on(facts, shown)):
        sheets.paragraph(label, 8, is_grey=True)
        sheets.paragraph(value, 10, ltr=is_left_to_right)
        sheets.y += 4
    return Print("slip-sheet", sheets.content(), sheets.pages, f"{why}:{shown.sign}:{shown.why}")
