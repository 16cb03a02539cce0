"""Read a report: which text it holds, which sources it cites, what it is called."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link, PassedOver
from archive.cite.identity import identify
from archive.cite.isolate import extract_isolated
from archive.cite.readers import LARGEST, READERS, kind_of
from archive.cite.scan import text_links
from archive.cite.sentences import between_paragraphs, sentence_at
from archive.cite.text import read_plain, read_table
from archive.cite.unite import unite
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation, Report, Source, SourceManifest

DEFANGED = "the report spells it so that nobody follows it by accident; set skip = false to capture it all the same"


def sources_of(extracted: Extracted, links: Iterable[Link]) -> tuple[Source, ...]:
    """Gather links by their exact target, in the order of first citation. Every place stays a citation."""
    lines = _LineNumbers(extracted.text)
    paragraph = between_paragraphs(extracted.text, wraps=extracted.wraps)
    citations: dict[str, list[Citation]] = {}
    candidates: dict[str, dict[str, None]] = {}
    armed: set[str] = set()
    for link in _in_order(extracted, list(links)):
        citations.setdefault(link.target, []).append(_citation(extracted.text, link, lines, paragraph))
        candidates.setdefault(link.target, {}).update(dict.fromkeys(link.candidates))
        if not link.is_defanged:
            armed.add(link.target)
    return tuple(
        Source(
            cited=target,
            citations=tuple(places),
            candidates=tuple(candidates[target]),
            skip=target not in armed,
            note=None if target in armed else DEFANGED,
        )
        for target, places in citations.items()
    )


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
    return Citation(
        page=link.page,
        line=None if link.offset is None else lines.at(link.offset),
        offset=link.offset,
        length=link.length,
        anchor=" ".join(link.anchor.split()) if link.anchor else None,
        context=context,
        found_by=link.found_by,
    )


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


@dataclass(frozen=True, slots=True)
class CitedReport:
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
    """Link-like things that are no sources."""

    @property
    def links(self) -> int:
        """How many places cite something."""
        return sum(len(source.citations) for source in self.sources)


def read_report(path: Path) -> CitedReport:
    """Read a report of any known format. Raises `ReportUnreadable`, `OSError`."""
    if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device might never end
        raise ReportUnreadable(f"{path.name}: is no file")
    digest, size = _digest(path)
    extracted = _extract(path, size)
    if len(extracted.text) > MAX_TEXT:
        raise ReportUnreadable(f"{path.name}: {len(extracted.text):,} characters of text; {MAX_TEXT:,} are the most")
    links = unite(extracted.links, _within_limit(path, extracted))
    return CitedReport(
        report=identify(path.name, digest, extracted),
        text=extracted.text,
        pages=None if extracted.page_starts is None else len(extracted.page_starts),
        sources=sources_of(extracted, links),
        original_suffix=_suffix(path),
        extractor=extracted.extractor,
        passed_over=extracted.passed_over,
    )


def source_manifest(cited: CitedReport) -> SourceManifest:
    """What is to be captured, as a person may edit it."""
    return SourceManifest(cited.report, cited.sources)


def _digest(path: Path) -> tuple[str, int]:
    """Hex sha256 and size of the file's bytes."""
    computed, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            computed.update(piece)
            size += len(piece)
    return computed.hexdigest(), size


def _extract(path: Path, size: int) -> Extracted:
    with path.open("rb") as stream:
        head = stream.read(1024)
    try:
        kind = kind_of(head, path.suffix.lower())
    except ReportUnreadable as error:
        raise ReportUnreadable(f"{path.name}: {error}") from error
    most = LARGEST[kind]
    if size > most:
        raise ReportUnreadable(f"{path.name}: {size:,} bytes; a report of this kind is read up to {most:,}")
    if kind in READERS:
        return extract_isolated(path, kind)
    read = read_table if kind == "table" else read_plain
    return read(path.read_bytes(), what=path.name)


def _within_limit(path: Path, extracted: Extracted) -> list[Link]:
    found: list[Link] = []
    for link in text_links(extracted) if extracted.has_text_urls else ():
        found.append(link)
        if len(found) + len(extracted.links) > MAX_LINKS:
            raise ReportUnreadable(f"{path.name}: more than {MAX_LINKS:,} links; split it, or give a source manifest")
    return found


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    is_safe = 1 < len(suffix) <= 10 and suffix[1:].isascii() and suffix[1:].isalnum()
    return suffix if is_safe else ".bin"
