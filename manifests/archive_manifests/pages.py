"""The list of pages (`data/pages/pages.jsonl`): one a source of which the bag holds a page. (WACZ 1.1.1)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.errors import StatementError
from archive_manifests.ledger import Ledger, SourceEntry, Status
from archive_manifests.records import RecordLine


class Heading(Struct, frozen=True):
    """The first line: what the lines after it are."""

    format: str = "json-pages-1.0"
    id: str = "pages"
    title: str = "All Pages"


class Page(Struct, frozen=True):
    """One page that a replay tool offers to open."""

    id: str
    """The source's id: the same bag always has the same pages."""
    url: str
    """The URL of the record that answers, after all redirects, so that replay finds it in the index."""
    ts: str
    title: str


_SHOWN = (Status.CAPTURED, Status.PARTIAL, Status.MEMENTO)


def pages_jsonl(ledger: Ledger, records: Iterable[RecordLine]) -> str:
    """The list of pages of a bag, in the order of its sources."""
    by_id = {record.id: record for record in records if record.type == "response"}
    lines = [canonical.line(Heading())]
    for entry in ledger.sources:
        answer = page_record(entry, by_id)
        if answer is not None and answer.uri is not None:
            title = entry.title or entry.cited
            lines.append(canonical.line(Page(id=entry.id, url=answer.uri, ts=answer.date, title=title)))
    return "".join(lines)


def page_record(entry: SourceEntry, responses: Mapping[str, RecordLine]) -> RecordLine | None:
    """The record that holds a source's page, among a bag's `responses` by id; None where it holds none.

    The first exchange at the final URL with the final status: what comes after it are repeats.
    """
    if entry.status not in _SHOWN:
        return None
    answers = [responses[name] for name in _answers(entry) if name in responses]
    final = [answer for answer in answers if answer.uri == entry.final_url]
    agreeing = [answer for answer in final if answer.http_status == entry.http_status]
    return next(iter(agreeing or final or answers[-1:]), None)


def _answers(entry: SourceEntry) -> tuple[str, ...]:
    """Ids of the records that may hold the page, in order: of the copy that the verdict rests on."""
    mementos = [copy for copy in entry.copies if copy.kind == str(Status.MEMENTO)]
    if entry.status is Status.MEMENTO and mementos:
        return tuple(record for copy in mementos for record in copy.records)
    return entry.exchanges or tuple(record for copy in entry.copies for record in copy.records)


def parse_pages(text: str | bytes) -> tuple[Heading, tuple[Page, ...]]:
    """Read a list of pages. Raises `StatementError`."""
    lines = (text.encode() if isinstance(text, str) else text).split(b"\n")
    if lines.pop():
        raise StatementError(f"pages.jsonl line {len(lines) + 1}: no LF at its end", line=len(lines) + 1)
    if not lines:
        raise StatementError("pages.jsonl line 1: no heading", line=1)
    heading = canonical.parse(lines[0], Heading, what="pages.jsonl", at_line=1)
    return heading, tuple(_parse_pages(lines[1:]))


def _parse_pages(lines: list[bytes]) -> Iterator[Page]:
    for number, line in enumerate(lines, start=2):
        yield canonical.parse(line, Page, what="pages.jsonl", at_line=number)
