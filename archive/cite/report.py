"""Read a report: which text it holds, which sources it cites, what it is called."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link
from archive.cite.hashed_stream import HashedStream
from archive.cite.identity import identify
from archive.cite.isolate import extract_isolated
from archive.cite.overlooked import overlooked
from archive.cite.readers import LARGEST, READERS, kind_of
from archive.cite.scan import text_links
from archive.cite.sentences import between_paragraphs, sentence_at
from archive.cite.text import read_plain, read_table
from archive.cite.unite import unite
from archive.errors import NothingCited, ReportUnreadable
from archive_manifests.errors import SentenceKey
from archive_manifests.readings import NOTHING
from archive_manifests.sources import Citation, PassedOver, Report, Source, SourceManifest

DEFANGED = "the report spells it so that nobody follows it by accident; set skip = false to capture it all the same"

_AROUND = 80
"""Characters on both sides of an uncertain address that stands in no sentence."""


def sources_of(extracted: Extracted, links: Iterable[Link]) -> tuple[Source, ...]:
    """Gather links by their exact target, in the order of first citation. Every place stays a citation."""
    lines = _LineNumbers(extracted.text)
    paragraph = between_paragraphs(extracted.text, wraps=extracted.wraps)
    gathered: dict[str, _Citations] = {}
    for link in _in_order(extracted, list(links)):
        source = gathered.setdefault(link.target, _Citations())
        source.citations.append(_citation(extracted.text, link, lines, paragraph))
        source.candidates.update(dict.fromkeys(link.candidates))
        source.doubts.update(dict.fromkeys(link.doubts))
        source.is_armed |= not link.is_defanged
    return tuple(
        Source(
            cited=target,
            citations=tuple(source.citations),
            candidates=tuple(candidate for candidate in source.candidates if candidate != target),
            doubts=tuple(source.doubts),
            skip=not source.is_armed,
            note=None if source.is_armed else DEFANGED,
        )
        for target, source in gathered.items()
    )


class _Citations(Struct):
    """What all places say that cite one target."""

    citations: list[Citation] = field(default_factory=list)
    candidates: dict[str, None] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)
    is_armed: bool = False
    """Some place spells it so that it can be followed."""


def _in_order(extracted: Extracted, links: list[Link]) -> list[Link]:
    """By place in the text; one whose place is not known follows the one before it on its page."""
    starts = extracted.page_starts or (0,)
    last: dict[int, int] = {}
    places: list[int] = []
    for link in links:
        page = link.page or 1
        place = link.offset if link.offset is not None else last.get(page, starts[min(page, len(starts)) - 1])
        places.append(place)
        last[page] = place
    return [link for _, link in sorted(zip(places, links, strict=True), key=lambda pair: pair[0])]


def _citation(text: str, link: Link, lines: _LineNumbers, paragraph: re.Pattern[str]) -> Citation:
    context = link.context
    if context is None and link.offset is not None and link.length is not None:
        context = sentence_at(text, link.offset, link.offset + link.length, paragraph)
    if context is None and link.doubts and link.offset is not None and link.length is not None:
        context = _around(text, link.offset, link.offset + link.length)
    return Citation(
        page=link.page,
        line=None if link.offset is None else lines.at(link.offset),
        offset=link.offset,
        length=link.length,
        anchor=" ".join(link.anchor.split()) if link.anchor else None,
        context=context,
        found_by=link.found_by,
    )


def _around(text: str, start: int, end: int) -> str:
    """The whole words on both sides of a place."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, after = text[first:start], text[end:last]
    if first and not text[first - 1].isspace():
        before = before.partition(" ")[2] if " " in before else ""
    if last < len(text) and not text[last].isspace():
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{text[start:end]}{after}".split())


class _LineNumbers:
    """Counts lines, from 1, for offsets that mostly grow."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset, self._line = 0, 1

    def at(self, offset: int) -> int:
        if offset < self._offset:
            self._offset, self._line = 0, 1
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line


class CitedReport(Struct, frozen=True):
    """A report's file, read."""

    report: Report
    text: str
    """What `data/report/text.txt` holds, in UTF-8. Lines end in LF; offsets count its code points."""
    pages: int | None
    """None where neither format nor layout shows pages."""
    sources: tuple[Source, ...]
    """Each once, in the order of first citation, with all its citations."""
    original_suffix: str
    """`.txt`, `.pdf`…, lower case; `.bin` where the file's name has none that is safe."""
    extractor: str
    """What made the text of the file, with its version."""
    passed_over: tuple[PassedOver, ...] = ()
    """What looks like an address, or may hide one, and is no source."""
    nothing: str | None = None
    """Why the report cites nothing: `empty`, `scan`, `no-text`, `no-address`, `no-pdf`; None where it cites some."""

    @property
    def links(self) -> int:
        """How many places cite something."""
        return sum(len(source.citations) for source in self.sources)


def read_report(path: Path) -> CitedReport:
    """Read a report of any known format. Raises `ReportUnreadable`, `OSError`."""
    if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device might never end
        raise ReportUnreadable(f"{path.name}: is no file")
    with path.open("rb") as stream, path.open("rb") as again:
        return _read(HashedStream(stream), path.name, file=again)


def read_report_stream(stream: BinaryIO, name: str) -> CitedReport:
    """Read a report from an open stream: a file, or a member of a package that cannot seek.

    `name` is the file's own name, which the report's id may come from: `verify` gives the one in the ledger, reads
    the report in the bag a second time, and compares. Raises `ReportUnreadable`, `OSError`.
    """
    return _read(HashedStream(stream), name)


def _read(source: HashedStream, name: str, *, file: BinaryIO | None = None) -> CitedReport:
    """Read the report in `source`; `file` is the same as an open file, where there is one: it need not be copied."""
    extracted = _extract(source, name, file)
    if len(extracted.text) > MAX_TEXT:
        raise ReportUnreadable(f"{name}: {len(extracted.text):,} characters of text; {MAX_TEXT:,} are the most")
    links = unite(extracted.links, _within_limit(name, extracted))
    suffix, other = _suffix(name, extracted), _suffix(name)
    misnamed = (PassedOver("misnamed", f"{other}: {suffix}"),) if suffix != other else ()
    passed_over = (*misnamed, *extracted.passed_over, *overlooked(extracted, links))
    return CitedReport(
        report=identify(name, source.sha256(), extracted),
        text=extracted.text,
        pages=None if extracted.page_starts is None else len(extracted.page_starts),
        sources=sources_of(extracted, links),
        original_suffix=suffix,
        extractor=extracted.extractor,
        passed_over=passed_over,
        nothing=None if links else _why_nothing(source.size, name, extracted),
    )


def _why_nothing(size: int, name: str, extracted: Extracted) -> str:
    if size == 0:
        return "empty"
    if _suffix(name) == ".pdf" and extracted.page_starts is None:
        return "no-pdf"
    if extracted.text.strip():
        return "no-address"
    return "scan" if extracted.pictures else "no-text"


def source_manifest(cited: CitedReport) -> SourceManifest:
    """What is to be captured, as a person may edit it. Paths on the author's machine are left out."""
    passed_over = [replace(one, target="") if one.kind == "file" else one for one in cited.passed_over]
    return SourceManifest(cited.report, cited.sources, tuple(passed_over))


def require_sources(cited: CitedReport, name: str) -> None:
    """Raise `NothingCited`, which says why, where the report cites nothing."""
    if cited.nothing is not None:
        why = SentenceKey(f"nothing.{cited.nothing}")
        text = f"{name}: nothing to capture: {NOTHING[cited.nothing]}"
        raise NothingCited(text).worded("nothing-cited", name=name, why=why)


def _extract(source: HashedStream, name: str, file: BinaryIO | None) -> Extracted:
    suffix = PurePath(name).suffix.lower()
    try:
        kind = kind_of(source.head(), suffix)
    except ReportUnreadable as error:
        raise ReportUnreadable(f"{name}: {error}") from error
    most = LARGEST[kind]
    if kind in READERS:
        if file is not None:
            source.sha256()  # all of it is counted before the reader starts
            _require_size(source, name, most)
        extracted = extract_isolated(file or source, kind, name, most=most)
    else:
        read = read_table if kind == "table" else read_plain
        try:
            extracted = read(_all(source, most), what=name)
        except ReportUnreadable as error:
            if suffix != ".pdf":
                raise
            text = f"{name}: {NOTHING['no-pdf']}"
            raise ReportUnreadable(text).worded("no-pdf", name=name, why=SentenceKey("nothing.no-pdf")) from error
    _require_size(source, name, most)
    return extracted


def _require_size(source: HashedStream, name: str, most: int) -> None:
    if source.size > most:
        raise ReportUnreadable(f"{name}: larger than {most:,} bytes, the most that is read of a report of this kind")


def _all(source: HashedStream, most: int) -> bytes:
    pieces: list[bytes] = []
    while source.size <= most and (piece := source.read()):
        pieces.append(piece)
    return b"".join(pieces)


def _within_limit(name: str, extracted: Extracted) -> list[Link]:
    found: list[Link] = []
    for link in text_links(extracted) if extracted.has_text_urls else ():
        found.append(link)
        if len(found) + len(extracted.links) > MAX_LINKS:
            raise ReportUnreadable(f"{name}: more than {MAX_LINKS:,} links; split it, or give a source manifest")
    return found


_OFFICE = {"DOCX": ".docx", "ODT": ".odt"}
"""First word of an extractor -> the suffix of what it reads."""
_OTHER_FORMATS = frozenset({".pdf", ".docx", ".odt", ".doc", ".html", ".htm", ".md", ".csv", ".txt", ".rtf"})


def _suffix(name: str, extracted: Extracted | None = None) -> str:
    """The suffix of the name, or of the format where the name has another format's."""
    suffix = PurePath(name).suffix.lower()
    if extracted is not None and suffix in _OTHER_FORMATS:
        if (found := _OFFICE.get(extracted.extractor.partition(",")[0])) and not suffix.startswith(found):
            return found
        if extracted.extractor.startswith(("PDFium", "pypdf")):
            return ".pdf"
    is_safe = 1 < len(suffix) <= 10 and suffix[1:].isascii() and suffix[1:].isalnum()
    return suffix if is_safe else ".bin"
