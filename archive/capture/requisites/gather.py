"""Gathering references: resolved, without fragment, each once, in the order of the document."""

from __future__ import annotations

import re

from archive.capture.requisites import encoding
from archive.capture.requisites.reading import Reference
from archive.urls import Url, UrlError, parse

MOST_REFERENCES = 50_000
"""Different URLs that are read off one page; a page that names more is not meant to be read."""
LONGEST_URL = 65_536
_KEPT_UNREADABLE = 20
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
            if len(text) > LONGEST_URL:
                raise UrlError(f"a URL of {len(text):,} characters")
            url = parse(self._with_query_escaped(text), (base or self.base).href)
        except UrlError:
            self.unreadable_count += 1
            if len(self.unreadable) < _KEPT_UNREADABLE:
                self.unreadable.append(text[:200])
            return None
        return url if url.is_web and url.host else None

    def _with_query_escaped(self, text: str) -> str:
        if text.isascii():
            return text
        before, mark, query = text.partition("#")[0].partition("?")
        return before + mark + encoding.escape_query(query, self.codec)
