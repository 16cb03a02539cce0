"""Reading an HTML page: in one pass over its tags, in bounded time and memory, whatever it is made of.

libxml2's tree stops at a depth of 2,048 and Lexbor's takes half a minute for 100,000 nested elements; the events
of libxml2's tokenizer (HTML5's own since 2.14) know no depth.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from archive.capture.requisites import encoding
from archive.capture.requisites.css import gather_css
from archive.capture.requisites.elements import Attributes, Elements
from archive.capture.requisites.prose import Prose
from archive.capture.requisites.reading import MOST_REFERENCES, Gatherer, PageReading
from archive.urls import Url

MOST_BYTES = 16 << 20
"""Of one page: more is not written by people."""
_CHUNK = 8192
_DEEPEST = 1000  # an end tag without a start costs libxml2 its depth: 512 is where browsers stop
_MOST_LEVELS = 3
_LONGEST_TITLE = 2000
_CLOSED_AT_ONCE = re.compile(r"<(script|style|iframe|title|textarea|noscript|a|div|p|span)(\s[^<>]*)?/>")
_RAW = frozenset(("style", "title", "noscript"))


def read_html(body: bytes, *, url: Url, charset: str | None) -> PageReading:
    """Read the page at `url`; `charset` is the one that its Content-Type states.

    Never raises for what the page holds: what could not be read is said in `broken` and `unreadable`.
    """
    codec = encoding.of_html(body, charset)
    page = _HtmlEvents(Gatherer(url, codec))
    page.read(_as_html(encoding.pieces(memoryview(body)[:MOST_BYTES], codec)))
    if len(body) > MOST_BYTES:
        page.broken.append(f"only the first {MOST_BYTES:,} of {len(body):,} bytes were read")
    if page.gatherer.overflowed:
        page.broken.append(f"it names more than {MOST_REFERENCES:,} different URLs; the others were not read")
    reading = page.reading()
    page.forget()
    return reading


def _as_html(pieces: Iterator[str]) -> Iterator[str]:
    """XHTML closes scripts at once, `<script/>`, where HTML would take the rest of the page for the script."""
    first = next(pieces, "")
    if first.lstrip()[:5] == "<?xml":
        yield _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", first + "".join(pieces))
    else:
        yield first
        yield from pieces


class _HtmlEvents:
    """Receives the events of libxml2's tokenizer."""

    def __init__(self, gatherer: Gatherer, level: int = 0) -> None:
        self.gatherer = gatherer
        self.elements = Elements(gatherer)
        self.prose = Prose()
        self.broken: list[str] = []
        self.title: str | None = None
        self.noscript: list[str] = []
        self._level = level
        self._depth = 0
        self._in_svg = 0
        self._raw: list[tuple[str, list[str]]] = []
        self._language: str | None = None
        self._body_class = ""

    def read(self, pieces: Iterable[str]) -> None:
        """Feed the whole page; where it nests too deep, go on with a fresh parser at the next tag."""
        parser = self._parser()
        for chunk in _chunks(pieces):
            try:
                parser.feed(chunk)
            except etree.LxmlError as error:
                self._note(f"its markup could not be read whole: {str(error)[:200]}")
                parser = self._parser()
            if self._depth > _DEEPEST:
                self._note(f"its elements nest more than {_DEEPEST:,} deep")
                self._close(parser)
                parser = self._parser()
        self._close(parser)

    def reading(self) -> PageReading:
        elements, gatherer = self.elements, self.gatherer
        requisites = gatherer.found()
        return PageReading(
            url=gatherer.page,
            base=gatherer.base,
            charset=gatherer.codec,
            requisites=requisites,
            documents=gatherer.documents(),
            frames=tuple(reference for reference in requisites if reference.kind == "frame"),
            refresh=elements.refresh,
            title=" ".join((self.title or "").split()),
            text=self.prose.text(),
            language=self._language,
            canonical=elements.canonical,
            api_links=tuple(elements.api_links),
            scripts=elements.scripts,
            passwords=elements.passwords,
            images=elements.images,
            shell=self.prose.shell,
            noscript=" ".join(" ".join(self.noscript).split())[:_LONGEST_TITLE],
            body_class=self._body_class,
            robots=elements.robots,
            unreadable=tuple(gatherer.unreadable),
            unreadable_count=gatherer.unreadable_count,
            broken=tuple(self.broken),
        )

    def forget(self) -> None:
        """Drop what was read: lxml's parser and its target refer to one another, and wait for a collection of both."""
        vars(self).clear()

    # What libxml2 calls.

    def start(self, tag: str, attributes: Attributes) -> None:
        self._depth += 1
        self.prose.start(tag, attributes.get("id") if attributes else None, self._depth)
        self.elements.start(tag, attributes)
        if tag in _RAW:
            self._raw.append((tag, []))
        elif tag == "script":
            self._raw.append(("json" if "ld+json" in attributes.get("type", "") else "script", []))
        elif tag == "svg":
            self._in_svg += 1
        elif tag == "iframe" and attributes.get("srcdoc"):
            self._read_inside(attributes["srcdoc"])
        elif tag == "html":
            self._language = attributes.get("lang") or attributes.get("xml:lang") or self._language
        elif tag == "body":
            self._body_class = self._body_class or attributes.get("class", "")[:1000]

    # lxml asks for it at each page, and finding it out takes longer than reading a small one.
    start.__signature__ = inspect.signature(start)  # type: ignore[attr-defined]

    def data(self, text: str) -> None:
        if self._raw:
            self._raw[-1][1].append(text)
        self.prose.data(text)

    def end(self, tag: str) -> None:
        self.elements.end(tag)
        self.prose.end(tag, self._depth)
        self._depth -= 1
        if tag == "svg":
            self._in_svg = max(0, self._in_svg - 1)
        elif tag in _RAW or tag == "script":
            self._end_raw()

    def close(self) -> None:
        self._depth = 0

    def _end_raw(self) -> None:
        if not self._raw:
            return
        what, parts = self._raw.pop()
        text = "".join(parts)
        if what == "style":
            gather_css(text, self.gatherer, "style")
        elif what == "json":
            self.elements.linked_data(text)
        elif what == "title" and not self._in_svg and self.title is None:
            self.title = text[:_LONGEST_TITLE]
        elif what == "noscript":
            self._end_noscript(text)

    def _end_noscript(self, text: str) -> None:
        if "<" in text:  # Jetpack leaves an entity-escaped copy of the picture here
            self._read_inside(text)
        elif text.strip():
            self.noscript.append(text[:_LONGEST_TITLE])

    def _read_inside(self, text: str) -> None:
        """Read markup that stands in an attribute or as text, under the same base."""
        if self._level >= _MOST_LEVELS:
            self._note("its frames nest too deep")
            return
        inner = _HtmlEvents(self.gatherer, self._level + 1)
        inner.elements.never_base()
        inner.read((text,))
        self.elements.images += inner.elements.images
        self.elements.scripts += inner.elements.scripts
        self.broken.extend(note for note in inner.broken if note not in self.broken)
        inner.forget()

    def _note(self, note: str) -> None:
        if note not in self.broken:
            self.broken.append(note)

    def _parser(self) -> Any:
        target: Any = self
        return etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)

    def _close(self, parser: Any) -> None:
        with contextlib.suppress(etree.LxmlError):  # "no element found": there was none
            parser.close()
        self._depth = 0
        self._raw.clear()


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """A few KiB of UTF-8 at a time, cut before a `<` where there is one, so that no tag is cut.

    Without NUL, which is no character of a page's text (HTML Standard, 13.2.6.4.7), and of which the parser makes an
    event each: a small coded body may hold millions of them.
    """
    pending = b""
    for piece in pieces:
        pending += piece.replace("\0", "").encode("utf-8", "replace")
        at = 0
        while len(pending) - at > _CHUNK:
            cut = pending.rfind(b"<", at + 1, at + _CHUNK)
            end = cut if cut > at else at + _CHUNK
            yield pending[at:end]
            at = end
        pending = pending[at:]
    if pending:
        yield pending
