"""PDF: its text by the places of its glyphs, and its links with the words printed under them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from archive.cite.broken import JoinedUrl, join
from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link, PassedOver
from archive.cite.flow import clean
from archive.cite.links import TextUrl, broken_start, find_urls, has_host, has_last_word, trimmed
from archive.cite.next_line import Following, is_next_item
from archive.cite.pdf.catalog import Catalog
from archive.cite.pdf.glyphs import Document, GlyphPage
from archive.cite.pdf.hidden import cut_words, hidden_end
from archive.cite.pdf.layout_process import LayoutProcess, PageLayout, Stated
from archive.cite.pdf.lines import Layout, Line, continuations, lay_out
from archive.cite.pdf.margins import mark_page_numbers, mark_running_lines, note_line
from archive.cite.pdf.stream_order import with_stream_order
from archive.cite.pdf.stretches import Stretch, stretches_under
from archive.cite.sentences import EMPTY_LINE, sentence_at
from archive.cite.targets import NoSource, source_target
from archive.cite.unite import unite
from archive.errors import ReportUnreadable

_WINDOW = 2
"""Pages before and after one that are compared with it for running headers."""


class _Text(Struct):
    """The text of the report under construction."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    starts: list[int] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise ReportUnreadable(f"more than {MAX_TEXT:,} characters of text")

    def start_page(self) -> None:
        """Begin a page; a form feed stands after each but the last."""
        if self.starts:
            self.write("\n\f")
        self.starts.append(self.length)


_MOVED_SLASH = re.compile(r"(?:\A|\s)[.,]?/\Z")
"""The end of an address, shown before it: so a line from right to left has it."""
_STRAY_SLASH = re.compile(r"(?<![\w/])/(?![\w/])")
"""A slash among Arabic words that belongs to none: some files misplace the end of an address."""
_LINKS_BEFORE = 20
"""Links of the page before that may go on in one."""


class PdfReading:
    """One PDF on its way through the pages: each is laid out once, and read when the next is laid out, too."""

    def __init__(self, document: Document, catalog: Catalog, second: LayoutProcess | None = None) -> None:
        self._document, self._catalog, self._second = document, catalog, second
        self._text = _Text()
        self._links: list[Link] = []
        self._passed: list[PassedOver] = list(catalog.passed_over)
        self._pictures = 0
        self._stated: dict[int, Stated] = {}

    def read(self) -> Extracted:
        window: list[Layout] = []
        for number in range(1, self._document.pages + _WINDOW + 1):
            if number <= self._document.pages:
                window.append(self._laid_out(number))
            current = number - _WINDOW
            if current >= 1:
                self._read_page(current, window)
                window = [layout for layout in window if layout.number > current - _WINDOW]
        text = "".join(self._text.pieces)
        starts = self._text.starts
        return Extracted(
            text=text,
            extractor=f"{self._document.reader}, {self._catalog.reader}",
            links=tuple(self._with_contexts(text)),
            page_starts=tuple(starts),
            title=self._catalog.title_if_in(text[: starts[1]] if len(starts) > 1 else text),
            passed_over=tuple(self._passed),
            has_text_urls=False,
            pictures=self._pictures,
        )

    def _glyphs(self, number: int) -> GlyphPage | None:
        return self._document.page(number, [rect for each in self._stated_of(number).links for rect in each.rects])

    def _stated_of(self, number: int) -> Stated:
        """What the file states of a page, read once."""
        if number not in self._stated:
            notes, passed = self._catalog.notes(number), list[PassedOver]()
            self._stated[number] = Stated(notes, self._catalog.annotations(number, passed), passed)
        return self._stated[number]

    def _laid_out(self, number: int) -> Layout:
        page = self._second.page(number) if self._second is not None else None
        page = page or self.lay_out(number)
        self._stated[number] = page.stated
        self._passed += page.passed_over
        self._pictures += page.pictures
        return page.layout

    def lay_out(self, number: int) -> PageLayout:
        """The page of that number on its own."""
        stated, page = self._stated_of(number), self._glyphs(number)
        del self._stated[number]
        if page is None:
            return PageLayout(Layout(number), stated, 0, [_unreadable(number, "PDFium cannot load it")])
        layout = lay_out(page, number)
        mark_page_numbers(layout.lines)
        passed = [_unreadable(number, "it holds more glyphs than are read")] if page.is_cut else []
        if page.pictures and not layout.lines:
            passed.append(PassedOver("page-without-text", "", number))
        return PageLayout(layout, stated, page.pictures, passed)

    def _read_page(self, number: int, window: list[Layout]) -> None:
        layout = next(one for one in window if one.number == number)
        notes = (text for note in self._stated_of(number).notes for text in note.split("\n"))
        layout.lines += [note_line(number, text) for text in notes if text.strip()]
        others = [one for one in window if one.number != number]
        mark_running_lines(layout, others)
        after = next((one for one in window if one.number == number + 1), None)
        if after is not None:
            mark_running_lines(after, [one for one in window if one.number != number + 1])
        self._write(layout)
        shown = with_stream_order(self._addresses(layout, after), layout.stream, number, self._links[-_LINKS_BEFORE:])
        self._pass_over_cut_words(layout, shown)
        united = unite(self._marked(layout), shown)
        targets = {link.target for link in united}
        # Only the file's order has these, so that they have no place among the lines.
        self._links += united + [link for link in shown if link.offset is None and link.target not in targets]
        if len(self._links) > MAX_LINKS:
            raise ReportUnreadable(f"more than {MAX_LINKS:,} links; split it, or give a source manifest")

    def _pass_over_cut_words(self, layout: Layout, shown: list[Link]) -> None:
        """Note what is left of an address whose beginning a cell or the page's edge hides."""
        spans = [(link.offset, link.offset + (link.length or 0)) for link in shown if link.offset is not None]
        for line, start, word in cut_words(layout.lines, layout.cuts):
            place = line.offset + start
            if not any(first < place + len(word) and place < end for first, end in spans):
                self._passed.append(PassedOver("broken-address", clean(word[:200]), layout.number))

    def _marked(self, layout: Layout) -> Iterator[Link]:
        """Yield the page's link annotations, with the words under them."""
        stated = self._stated_of(layout.number)
        del self._stated[layout.number]
        self._passed += stated.passed_over
        for annotation in stated.links:
            try:
                target, candidates = source_target(annotation.target, self._catalog.base)
            except NoSource as none:
                if none.kind != "internal":
                    self._passed.append(PassedOver(none.kind, clean(annotation.target[:200]), layout.number))
                continue
            yield _with_words(
                Link(target, None, None, "annotation", page=layout.number, candidates=candidates),
                stretches_under(layout.lines, annotation.rects),
                layout,
            )

    def _write(self, layout: Layout) -> None:
        self._text.start_page()
        for index, line in enumerate(layout.lines):
            line.offset = self._text.length
            is_last = index == len(layout.lines) - 1
            self._text.write(line.text + ("" if is_last else "\n\n" if line.paragraph_ends else "\n"))

    def _addresses(self, layout: Layout, after: Layout | None) -> list[Link]:
        """The addresses that the page shows, each followed over its lines."""
        covered = {id(line): len(line.text) for line in layout.lines if line.is_taken}
        shown: list[tuple[int, int, Link]] = []
        for line in layout.lines:
            for found in _found_in(line, layout, after):
                if found.start < covered.get(id(line), 0):
                    continue  # inside the continuation of the one before
                chain: list[Line] = []
                joined = join(found, _followings(line, layout, after, chain))
                if not joined.url:
                    continue
                over = chain[: joined.lines]
                for other in over:
                    covered[id(other)] = joined.end if other is over[-1] else len(other.text)
                    other.is_taken = other.is_taken or other.page != line.page
                shown.append((id(line), found.start, _shown(layout, line, found, joined, over)))
        # What was read first may be the inner part of an address that begins in a line further down the list.
        return [link for line_id, start, link in shown if start >= covered.get(line_id, 0)]

    def _with_contexts(self, text: str) -> Iterator[Link]:
        for link in self._links:
            if link.offset is None or link.length is None:
                yield link
                continue
            end = link.offset + link.length
            yield replace(link, context=sentence_at(text, link.offset, end, EMPTY_LINE))


def _unreadable(number: int, why: str) -> PassedOver:
    return PassedOver("unreadable-page", why, number)


def _found_in(line: Line, layout: Layout, after: Layout | None) -> Iterator[TextUrl]:
    """Yield the addresses that begin in the line; one may show only with the line that follows."""
    end = 0
    for found in find_urls(line.scanned):
        end = found.end
        yield found
    if not has_last_word(line.text, end):
        return
    following = next(continuations(line, layout, after), None)
    if following is not None and (broken := broken_start(line.scanned, following[1].scanned)) is not None:
        yield broken


def _followings(line: Line, layout: Layout, after: Layout | None, chain: list[Line]) -> Iterator[Following]:
    """Yield the lines that carry on `line`, and note them in `chain`."""
    current = line
    while True:
        here = layout if current.page == layout.number else after
        following = next(continuations(current, here, after if here is layout else None), None) if here else None
        if following is None or following[1] in chain:
            return
        kind, other = following
        chain.append(other)
        width = max(current.right - current.left, 1.0) / max(len(current.text), 1)
        left, right = _column(current, here or layout)
        free = current.left - left if current.is_right_to_left else right - current.right
        is_filled = (
            kind == "line"
            and len(current.text) > 12
            and " " not in current.text.strip() + other.text.strip()
            and abs((other.right - other.left) - (current.right - current.left)) < 3 * width
        )
        is_item = is_next_item(current.text, other.text)
        yield Following(
            other.scanned,
            kind,
            free / width,
            is_exact=True,
            is_filled=is_filled,
            is_next_item=is_item,
            is_right_to_left=other.is_right_to_left,
        )
        current = other


def _column(line: Line, layout: Layout) -> tuple[float, float]:
    """The edges of the column that the line stands in: of its block, or as lines that begin at its place show them."""
    left, right = line.column
    if line.block_lines > 2:
        return left, right
    alike = [
        other
        for other in layout.lines
        if other.turn == line.turn
        and other.has_size_of(line)
        and not other.is_running
        and abs((other.right - line.right) if line.is_right_to_left else (other.left - line.left)) < 3
    ]
    return min([left, *(other.left for other in alike)]), max([right, *(other.right for other in alike)])


def _shown(layout: Layout, line: Line, found: TextUrl, joined: JoinedUrl, over: list[Line]) -> Link:
    """An address that the page shows, at its place in the text."""
    last = over[-1] if over else line
    doubts, others = list(joined.doubts), list(joined.candidates)
    if mark := _mark_behind(last, joined.end):
        doubts.append("mark-behind")
        others.append(joined.url + mark)
    url = joined.url
    if otherwise := _otherwise(line, found):
        doubts.append("reading-order")
        others += [other + url[len(found.url) :] for other in otherwise] if url.startswith(found.url) else otherwise
    rest = f"{'' if over else line.text[: found.start]} {last.text[joined.end :]}"
    is_moved = _STRAY_SLASH.search(rest) if last.is_right_to_left else _MOVED_SLASH.search(line.text, 0, found.start)
    if is_moved and not url.endswith("/"):
        doubts.append("reading-order")
        others.append(f"{url}/")
    hidden = hidden_end(last, 0 if over else found.start, joined.end, layout.cuts)
    if hidden is not None:
        doubts.append("cut-off")
    if hidden and has_host(seen := trimmed(url[:-hidden])):
        others.insert(0, url)
        url = seen
    start = line.offset + found.start
    end = line.offset + (len(line.text.rstrip()) if over else joined.end)
    order = layout.lines.index(line)
    if over and layout.lines[order + 1 : order + 1 + len(over)] == over:
        end = last.offset + joined.end
    shown = _between(layout, start, end)
    return Link(
        url,
        start,
        end - start,
        "text",
        page=layout.number,
        anchor=shown if "".join(shown.split()) != url else None,
        candidates=tuple(dict.fromkeys(others)),
        doubts=tuple(dict.fromkeys(doubts)),
        is_defanged=found.is_defanged,
    )


def _otherwise(line: Line, found: TextUrl) -> list[str]:
    """The same address as it reads in the other orders of the line, where it differs."""
    others: list[str] = []
    for text in line.otherwise:
        same = [one.url for one in find_urls(text) if _host_of(one.url) == _host_of(found.url)]
        if same and found.url not in same:
            others += same
    return others


def _host_of(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


def _mark_behind(line: Line, end: int) -> str:
    """The note mark that stands right behind the character before `end`."""
    stop = end
    while stop in line.marks:
        stop += 1
    return line.text[end:stop]


def _between(layout: Layout, start: int, end: int) -> str:
    """The report's text from `start` to `end`, which are on this page."""
    pieces = [
        line.text[max(start - line.offset, 0) : max(end - line.offset, 0)]
        for line in layout.lines
        if line.offset < end and line.offset + len(line.text) > start
    ]
    return "\n".join(pieces)


def _with_words(link: Link, stretches: list[Stretch], layout: Layout) -> Link:
    """The link at the words under it, as far as they stand together in the text."""
    if not stretches:
        return link
    last = stretches[0]
    for stretch in stretches[1:]:
        if stretch.order != last.order + 1:
            break
        last = stretch
    start = stretches[0].start
    return replace(link, offset=start, length=last.end - start, anchor=_between(layout, start, last.end))
