"""What is read off a page: its requisites, its documents, and what the classifier needs to judge it."""

from __future__ import annotations

import re

from msgspec import Struct

from archive.capture.requisites import encoding
from archive.urls import Url, UrlError, parse_stated

KINDS = ("image", "style", "script", "font", "frame", "media", "icon", "document", "data", "other")
"""The kinds of `Reference`, as the ledger's requisites name them. Subtitles (`<track>`) and manifests are `data`."""


class Reference(Struct, frozen=True):
    """One thing that a page or a style sheet names."""

    url: Url
    """Absolute, http or https, without fragment."""
    kind: str
    """One of `KINDS`."""
    how: str
    """Where it is named: `img srcset`, `style url()`, `css @import`, `meta og:image`, `a href`…"""


class Refresh(Struct, frozen=True):
    """Where a page says that the reader is to be sent, and when."""

    delay: float
    """Seconds."""
    url: Url


class ApiLink(Struct, frozen=True):
    """Another address of the same thing, as the page or a `Link` header states it."""

    rel: str
    """`https://api.w.org/`, `shortlink`, `json` (WordPress's post), `oembed`."""
    url: Url


class PageReading(Struct, frozen=True):
    """What a static reader sees in one HTML page."""

    url: Url
    base: Url
    """What relative URLs are resolved against: the first `<base href>`, or the page's own URL."""
    charset: str
    """The Python codec that the page was read with."""
    requisites: tuple[Reference, ...] = ()
    """What the page needs to be seen, frames included, each URL once, in document order."""
    documents: tuple[Reference, ...] = ()
    """Documents of the same site that the page links, and pictures behind its pictures."""
    frames: tuple[Reference, ...] = ()
    """Those of `requisites` that are pages themselves, to be read in turn."""
    refresh: Refresh | None = None
    title: str = ""
    text: str = ""
    """What a reader can see: no scripts, styles, templates, or what stands in for scripts."""
    language: str | None = None
    canonical: Url | None = None
    api_links: tuple[ApiLink, ...] = ()
    scripts: int = 0
    passwords: int = 0
    """Fields for a password."""
    images: int = 0
    """Pictures, videos, objects and frames in the body, whether or not they can be fetched."""
    shell: str | None = None
    """The empty element that a script was to fill (`#root`, `<app-root>`), where there is one."""
    noscript: str = ""
    """What the page says to readers without scripts."""
    body_class: str = ""
    robots: str = ""
    """The content of `<meta name=robots>`."""
    unreadable: tuple[str, ...] = ()
    """What stood where a URL should stand and is none, the first of them as written."""
    unreadable_count: int = 0
    broken: tuple[str, ...] = ()
    """Why the page could not be read whole, in plain words; what was read before stands."""


MOST_REFERENCES = 50_000
"""Different URLs that are read off one page; a page that names more is not meant to be read."""
_MAX_UNREADABLE = 20
_SPACE = "".join(map(chr, range(0x21)))  # C0 controls and space (URL Standard, 4.4, step 1)
_NOT_FETCHED = re.compile(
    r"(?:data|blob|javascript|about|mailto|tel|sms|cid|chrome|moz-icon|resource|android-app|ios-app|whatsapp|tg):", re.I
)


class Gatherer:
    """Collects the references of one page, in its encoding and under its base."""

    def __init__(self, url: Url, codec: str) -> None:
        self.page = url
        self.base = url
        self.codec = codec
        self.unreadable: list[str] = []
        self.unreadable_count = 0
        self.overflowed = False
        self._found: dict[str, Reference] = {}
        self._documents: dict[str, Reference] = {}
        self._resolved: dict[str, Url | None] = {}

    def found(self) -> tuple[Reference, ...]:
        return tuple(self._found.values())

    def documents(self) -> tuple[Reference, ...]:
        """The documents that are not needed anyhow."""
        return tuple(document for href, document in self._documents.items() if href not in self._found)

    def add(self, text: str | None, kind: str, how: str) -> Url | None:
        """Note a reference. Returns its URL, or None where there is nothing to fetch."""
        url = self.resolve(text)
        if url is None or url.href == self.page.href:
            return None
        self._found.setdefault(url.href, Reference(url, kind, how))
        return url

    def add_document(self, url: Url, how: str) -> None:
        if url.href != self.page.href:
            self._documents.setdefault(url.href, Reference(url, "document", how))

    def resolve(self, text: str | None) -> Url | None:
        """The web URL that `text` stands for here, or None; what is no URL at all is counted."""
        text = text.strip(_SPACE) if text else ""
        if not text or text[0] == "#" or _NOT_FETCHED.match(text):
            return None
        if text not in self._resolved:
            if len(self._resolved) >= MOST_REFERENCES:
                self.overflowed = True
                return None
            self._resolved[text] = self._parsed(text)
        return self._resolved[text]

    def set_base(self, text: str) -> None:
        """Take a `<base href>`; one that is no web URL leaves the base as it was. (HTML Standard, 4.2.3)"""
        url = self._parsed(text.strip(_SPACE), self.page) if text.strip(_SPACE) else None
        if url is not None:
            self.base = url
            self._resolved.clear()

    def _parsed(self, text: str, base: Url | None = None) -> Url | None:
        try:
            url = parse_stated(self._with_query_escaped(text), (base or self.base).href)
        except UrlError:
            self.unreadable_count += 1
            if len(self.unreadable) < _MAX_UNREADABLE:
                self.unreadable.append(text[:200])
            return None
        return url if url.is_web and url.host else None

    def _with_query_escaped(self, text: str) -> str:
        if text.isascii():
            return text
        before, mark, query = text.partition("#")[0].partition("?")
        return before + mark + encoding.escape_query(query, self.codec)
