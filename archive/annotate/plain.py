"""Markdown and plain text: the annex is appended, in the file's own encoding and line ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.pdf.source import NotExtendable
from archive.annotate.spliced import Spliced
from archive.cite.encoding import decode
from archive.errors import ReportUnreadable

RULE = "=" * 72


def annotate_text(report: Path, facts: AnnexFacts, text: str) -> Spliced:
    """The report, then the annex. Raises `NotExtendable`."""
    original = report.read_bytes()
    try:
        known, encoding = decode(original, what=report.name)
    except ReportUnreadable as error:
        raise NotExtendable("unreadable") from error
    ends = "\r\n" if b"\r\n" in original or b"\r\0\n\0" in original else "\n"
    is_markdown = report.suffix.lower() in (".md", ".markdown")
    added = "\n".join(_annex(facts, is_markdown, ends_open=not known.endswith("\n")))
    codec = "utf-8" if encoding == "ascii" else encoding
    content = original + added.replace("\n", ends).encode(codec, "backslashreplace")
    return Spliced(content, "annex", frozenset())


def annex_text(facts: AnnexFacts, why: str) -> str:
    """The annex as a text of its own."""
    about = facts.words.sentence(
        "annex.apart",
        name=facts.report_name,
        digest=facts.report_sha256,
        why=facts.words.sentence(f"annex_apart.{why}"),
    )
    return "\n".join([facts.words.sentence("annex.heading"), "", about, *_body(facts), ""])


def _annex(facts: AnnexFacts, is_markdown: bool, ends_open: bool) -> Iterator[str]:
    words = facts.words
    if ends_open:
        yield ""
    yield from ("", "---" if is_markdown else RULE, "")
    heading = words.sentence("annex.heading")
    yield f"## {heading}" if is_markdown else heading
    yield ""
    yield words.sentence("annex.added_before", octets=facts.report_size, digest=facts.report_sha256)
    yield from _body(facts, is_markdown)
    yield ""


def _body(facts: AnnexFacts, is_markdown: bool = False) -> Iterator[str]:
    words = facts.words
    yield ""
    yield from facts.about_bag()
    yield ""
    for example, meaning in facts.legend:
        yield f"- `{example}` {meaning}" if is_markdown else f"    {example}  {meaning}"
    for entry in facts.entries:
        yield ""
        name = f"{entry.label}  {words.sentence('annex.entry', id=entry.id)}: {entry.verdict}"
        yield f"### {name}" if is_markdown else name
        if is_markdown:
            yield ""
        for label, value, _ in (*rows_of(facts, entry), *cited_on(facts, entry)):
            # Code spans: no address of the annex is a link, and no text of a page is markup. (CommonMark 0.31, 6.1)
            yield f"- {label}: {_code(value)}" if is_markdown else f"    {label}: {value}"


def _code(value: str) -> str:
    fence = "`" * (1 + max((len(run) for run in _runs(value)), default=0))
    return f"{fence} {value} {fence}" if "`" in value else f"`{value}`"


def _runs(value: str) -> Iterator[str]:
    run = ""
    for letter in f"{value} ":
        if letter == "`":
            run += letter
        elif run:
            yield run
            run = ""


def rows_of(facts: AnnexFacts, entry: AnnexEntry) -> Iterator[tuple[str, str, bool]]:
    """What the annex says of one source: label, value on one line, and whether the value reads left to right."""
    words = facts.words
    rows: list[tuple[str, str | None, bool]] = [
        ("annex.cited", entry.cited, True),
        ("annex.readings", words.sentence("annex.uncertain", why=entry.doubts) if entry.doubts else None, False),
        ("annex.verdict", entry.why, False),
        (entry.time_key, entry.time, False),
        ("annex.public_copy", " · ".join(entry.public_copy) if entry.public_copy else None, True),
        ("annex.in_bag", " · ".join(entry.places), True),
        ("annex.leaf", entry.evidence.leaf, True),
        ("annex.digest", entry.evidence.sha256 if facts.shows_digests else None, True),
    ]
    for key, value, is_left_to_right in rows:
        if value:
            yield words.sentence(key), " ".join(value.split()), is_left_to_right


def cited_on(facts: AnnexFacts, entry: AnnexEntry) -> Iterator[tuple[str, str, bool]]:
    """The row for where the report cites it, as in `rows_of`."""
    places = ", ".join(dict.fromkeys(_places(facts, entry)))
    if places:
        yield facts.words.sentence("annex.cited_on"), places, False


def _places(facts: AnnexFacts, entry: AnnexEntry) -> Iterator[str]:
    for citation in entry.citations:
        if citation.page is not None:
            yield facts.words.sentence("annex.page", n=citation.page)
        elif citation.line is not None:
            yield facts.words.sentence("annex.cited_line", n=citation.line)
