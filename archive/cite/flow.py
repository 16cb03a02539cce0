"""Builds a report's text piece by piece and remembers which stretch of it carries which link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link, PassedOver
from archive.cite.targets import NoSource, source_target
from archive.errors import ReportUnreadable

_SHOWN_OF_PASSED = 200
_MARK = re.compile(r"[(\[]?(?:[0-9]{1,4}|[ivxlc]{1,5}|[A-Za-z]|[*†‡§¶#]{1,3})[)\]]?(?:[,;–-] ?[0-9]{1,4})*[.,]?")


def clean(text: str) -> str:
    """Text that UTF-8 can write: surrogate pairs joined, lone ones and NUL replaced, line ends as LF."""
    if re.search("[\ud800-\udfff]", text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


class Flow:
    """A text under construction."""

    def __init__(self, base: str | None = None) -> None:
        self.base = base
        """What relative targets are resolved against."""
        self._pieces: list[str] = []
        self._length = 0
        self._ends = "\n"
        self._links: list[Link] = []
        self._passed: list[PassedOver] = []
        self._marks: list[tuple[int, int]] = []
        self._breaks: list[int] = []
        self.pictures = 0
        """Pictures so far; what stands in them is not read."""

    @property
    def length(self) -> int:
        return self._length

    def write(self, text: str) -> None:
        """Add text as it is."""
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._ends = text[-1]
        if self._length > MAX_TEXT:
            raise ReportUnreadable(f"more than {MAX_TEXT:,} characters of text")

    def write_folded(self, text: str) -> None:
        """Add text whose white space means no more than one space."""
        folded = re.sub(r"[ \t\n\r\f]+", " ", text)
        if folded[:1] == " " and self._ends in " \n":
            folded = folded[1:]
        self.write(folded)

    def write_break(self) -> None:
        """End a line within a paragraph: an address may go on in the next."""
        self._breaks.append(self._length)
        self.write("\n")

    def write_mark(self, text: str) -> None:
        """Add a note mark."""
        start = self._length
        self.write(text)
        self._marks.append((start, self._length))

    def raise_since(self, start: int) -> None:
        """What was written since `start` stands raised: a note mark, unless it is too long for one."""
        if _MARK.fullmatch("".join(self._pieces_from(start)).strip()):
            self._marks.append((start, self._length))

    def end_line(self) -> None:
        """Start a new line, unless one has just begun."""
        if self._ends != "\n":
            self.write("\n")

    def link(self, target: str, start: int, *, found_by: str = "markup") -> None:
        """Note a link that the text written since `start` carries."""
        try:
            cited, candidates = source_target(target, self.base)
        except NoSource as none:
            self.pass_over(none.kind, target)
            return
        words = "".join(self._pieces_from(start))
        start += len(words) - len(words.lstrip())
        words = words.strip()
        link = Link(cited, start, len(words), found_by, anchor=words or None, candidates=candidates)
        if link not in self._links[-1:]:  # Word keeps some links both as element and as field
            self._links.append(link)
        if len(self._links) > MAX_LINKS:
            raise ReportUnreadable(f"more than {MAX_LINKS:,} links; split it, or give a source manifest")

    def include(self, other: Extracted) -> None:
        """Add a document that stands within this one, with its links."""
        start = self._length
        self.write(other.text)
        for link in other.links:
            self._links.append(link if link.offset is None else replace(link, offset=start + link.offset))
        self._marks += [(start + at, start + end) for at, end in other.marks]
        self._breaks += [start + at for at in other.breaks]
        self._passed += other.passed_over
        self.pictures += other.pictures

    def pass_over(self, kind: str, target: str) -> None:
        """Note something link-like that is no source; links inside the document are not worth a note."""
        if kind != "internal" and len(self._passed) < MAX_LINKS:
            self._passed.append(PassedOver(kind, clean(target[:_SHOWN_OF_PASSED])))

    def _pieces_from(self, start: int) -> Iterable[str]:
        at = self._length
        tail: list[str] = []
        for piece in reversed(self._pieces):
            if at <= start:
                break
            at -= len(piece)
            tail.append(piece[start - at :] if at < start else piece)
        return reversed(tail)

    def extracted(
        self, extractor: str, *, title: str | None = None, day: str | None = None, language: str | None = None
    ) -> Extracted:
        """What was built."""
        return Extracted(
            text="".join(self._pieces),
            extractor=extractor,
            links=tuple(self._links),
            title=one_line(title),
            date=day,
            language=language,
            passed_over=tuple(self._passed),
            wraps=False,
            marks=tuple(self._marks),
            breaks=tuple(self._breaks),
            pictures=self.pictures,
        )


def one_line(words: str | None) -> str | None:
    return " ".join(clean(words).split())[:500] or None if words else None
