"""What an annex has to say, however a version words it: addresses and leaves in order, digests, where marks lead."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader

from archive.annotate.differences import ReportDifference
from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.pdf.marks import PREFIX
from archive.cite.pdf.catalog import DAMAGE

_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64,}")


def contradicted_facts(
    original: bytes | None, expected: bytes, found: bytes, facts: AnnexFacts
) -> list[ReportDifference]:
    """Facts that the annex of `found` lacks, has in another order, or has too many of; `expected` is ours.

    `original` is the report before them, None for an annex that is a file of its own.
    """
    try:
        pages = len(PdfReader(io.BytesIO(original)).pages) if original is not None else 0
        ours, theirs = (PdfReader(io.BytesIO(content)) for content in (expected, found))
        return [*_in_words(_words(ours, pages), _words(theirs, pages), facts), *_in_marks(ours, theirs, pages, facts)]
    except DAMAGE as error:
        return [ReportDifference("unreadable", found=f"{type(error).__name__}: {str(error)[:120]}")]


def _words(reader: PdfReader, first: int) -> str:
    return "".join(_solid(page.extract_text()) for page in reader.pages[first:])


def _solid(text: str) -> str:
    return "".join(text.split())


def _in_words(ours: str, theirs: str, facts: AnnexFacts) -> Iterator[ReportDifference]:
    entries = facts.entries
    chains = (
        [entry.cited for entry in entries],
        [entry.evidence.leaf for entry in entries if entry.evidence.leaf],
        [entry.evidence.sha256 for entry in entries if facts.shows_digests and entry.evidence.sha256],
        [entry.public_copy[0] for entry in entries if entry.public_copy],
    )
    single = ([facts.fingerprint], [facts.report_sha256])
    for chain in (*chains, *single):
        yield from _missing(ours, theirs, chain)
    known = {found[0] for found in _HASH.finditer(ours)}
    for run in _HASH.finditer(theirs):
        if not any(each[:64] in run[0] for each in known):
            yield ReportDifference("annex-changed", expected="no such hash", found=run[0][:64])


def _missing(ours: str, theirs: str, chain: Iterable[str]) -> Iterator[ReportDifference]:
    """What ours has in this order and theirs has not. One with an escape in ours is passed over."""
    at_ours = at_theirs = 0
    for token in map(_solid, chain):
        place = ours.find(token, at_ours)
        if place < 0:
            continue
        at_ours = place + len(token)
        there = theirs.find(token, at_theirs)
        if there < 0:
            yield ReportDifference("annex-changed", expected=token[:120], found="not there, or in another order")
        else:
            at_theirs = there + len(token)


def _in_marks(ours: PdfReader, theirs: PdfReader, pages: int, facts: AnnexFacts) -> Iterator[ReportDifference]:
    """Each mark leads to a page of the annex that has the address which is cited there, and names its source."""
    cited = [entry for entry in facts.entries for _ in entry.citations]
    one, other = _targets(ours, pages), _targets(theirs, pages)
    for name, (contents, text) in one.items():
        number = int(name.removeprefix(PREFIX))
        if name not in other or not 0 < number <= len(cited):
            continue  # another version may place more marks, or fewer
        entry = cited[number - 1]
        if _names(entry, contents, text) and not _names(entry, *other[name]):
            yield ReportDifference("mark-misleads", name, expected=f"{entry.id} {entry.cited}"[:120])


def _names(entry: AnnexEntry, contents: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(entry.id)}\b", contents) is not None and _solid(entry.cited) in text


def _targets(reader: PdfReader, pages: int) -> dict[str, tuple[str, str]]:
    """Name of each mark -> what it says to who cannot see it, and the words of the page that it leads to."""
    texts: dict[int, str] = {}
    found = {}
    for page in reader.pages[:pages]:
        listed: Any = page.get("/Annots")
        for reference in (listed.get_object() if listed is not None else None) or ():
            link = reference.get_object()
            name = str(link.get("/NM", "")) if link is not None else ""
            if re.fullmatch(rf"{PREFIX}[0-9]{{1,7}}", name) and "/Dest" in link:
                number = reader.get_page_number(next(iter(link["/Dest"])).get_object())
                if number is not None and number not in texts:
                    texts[number] = _solid(reader.pages[number].extract_text())
                found[name] = str(link.get("/Contents")), texts.get(number if number is not None else -1, "")
    return found
