"""What a system module gets, and what it gives back.

A system knows what one kind of site needs beyond a plain page: which further URLs hold the thing itself, how its own
refusals read, what of it is media. It sees the network only through its `Visit`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct, field

from archive.capture.derived_records import DerivedRecords
from archive.capture.fetcher import PAGE, Fetcher
from archive.capture.redirects import Trail, follow, location
from archive.capture.requisites.reading import PageReading
from archive.capture.settings import FetchSettings
from archive.cite.defanged import is_defanged
from archive.net import Request
from archive.urls import Url, UrlError, parse_stated
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Facet, Requisite, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.sources import Report, Source

_ZONE = re.compile(r"\A(?:https?:)?//(?:[^/?#@]*@)?(\[[0-9a-f:.]+%[^\]/?#]*\])", re.IGNORECASE)
"""An IPv6 address with a zone id: one machine's own name for a network that it is attached to. (RFC 6874)"""
_MAX_ADDRESS = 100


def web_readings(source: Source) -> list[Url]:
    """The web URLs that the cited string may stand for, likeliest first."""
    urls: dict[str, Url] = {}
    for text in source.readings:
        try:
            url = parse_stated(text.strip())
        except UrlError:
            continue
        if url.is_web and url.host:
            urls.setdefault(url.href, url.without_credentials())
    return list(urls.values())


def verdict_of_policy(source: Source) -> Verdict | None:
    """The verdict on a source that our own policy keeps from being requested; None for one that is requested."""
    if source.skip:
        return Verdict(Status.NOT_ATTEMPTED, "skipped", note("defanged" if is_defanged(source.cited) else "skipped"))
    if web_readings(source):
        return None
    cited = source.cited.strip()
    zoned = _ZONE.search(cited)
    if zoned is not None:
        return Verdict(Status.NOT_ATTEMPTED, "private-address", note("zone-address", address=zoned[1][:_MAX_ADDRESS]))
    try:
        scheme = parse_stated(cited).scheme
    except UrlError:
        return Verdict(Status.NOT_ATTEMPTED, "invalid-address", note("not-a-url"))
    return Verdict(Status.NOT_ATTEMPTED, "scheme", note("not-web", scheme=scheme))


class VisitOutcome(Struct):
    """What a system made of a source on the live web."""

    verdict: Verdict
    trail: Trail
    reading: PageReading | None = None
    """The final answer, read, where it is a page."""
    requisites: list[Requisite] = field(default_factory=list)
    extra_records: list[str] = field(default_factory=list)
    """Ids of records that belong to the source beyond the trail and the requisites: probes, API answers."""
    title: str | None = None
    text: str = ""
    """The visible text, for quotes."""
    quote_found: str = "unknown"
    media: Facet = field(default_factory=lambda: Facet(False, note("no-media-requested")))
    copies: list[Copy] = field(default_factory=list)
    """Further copies, such as a successor's."""
    files: list[str] = field(default_factory=list)
    """Paths in the bag of files laid down beside the records."""
    notes: list[Note] = field(default_factory=list)
    players: list[Url] = field(default_factory=list)
    """Addresses of players that answer, and may show what the page itself no longer does."""


class CaptureContext(Struct, frozen=True):
    """What the visits of one run share."""

    report: Report
    settings: FetchSettings
    fetcher: Fetcher
    derived: DerivedRecords
    work: WorkFolder
    new_token: Callable[[], str]
    """Random text for the classifier's probe."""


class Visit(Struct, frozen=True):
    """The capture of one source: its requests, its records, its files."""

    id: str
    """`s01`: also the series of WARC files that its records go to."""
    source: Source
    url: Url
    context: CaptureContext

    @property
    def report(self) -> Report:
        return self.context.report

    @property
    def settings(self) -> FetchSettings:
        return self.context.settings

    @property
    def fetcher(self) -> Fetcher:
        return self.context.fetcher

    @property
    def derived(self) -> DerivedRecords:
        return self.context.derived

    @property
    def work(self) -> WorkFolder:
        return self.context.work

    @property
    def may_inform_third_parties(self) -> bool:
        """True where hosts that the report does not cite may learn what it cites."""
        return self.settings.third_parties and self.report.published is not False

    def fetch_page(self, url: Url, *, headers: tuple[tuple[str, str], ...] = ()) -> Recorded:
        """Ask for a page, once in a bag, and wait for its answer."""
        return self.fetcher.fetch(url, series=self.id, kind=PAGE, headers=headers).result()

    def follow(self, url: Url, *, onward: Callable[[Recorded], Url | None] = location) -> Trail:
        """Ask for a page and go where its answers lead."""
        limit = self.settings.redirects
        return follow(
            url, self.fetch_page, limit=limit, onward=onward, fetch_with_cookies=self._fetch_page_with_cookies
        )

    def _fetch_page_with_cookies(self, url: Url, cookies: str) -> Recorded:
        return self.fetcher.fetch(url, series=self.id, kind=PAGE, cookies=cookies).result()

    def send(self, request: Request, note: dict[str, str] | None = None) -> Recorded:
        """Carry out a request that stands for itself: a POST, a probe."""
        return self.fetcher.send(request, series=self.id, note=note, kind=PAGE).result()


class System(Protocol):
    """One kind of site."""

    name: str

    def claims(self, url: Url) -> bool:
        """Say whether this system knows what such a URL needs."""

    def capture(self, visit: Visit) -> VisitOutcome:
        """Capture the source. Raises nothing that a server can cause."""

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        """Other addresses of the same thing, each with what it is: an archive may hold it under one of them."""
        return []


__all__ = ["CaptureContext", "PageReading", "System", "Visit", "VisitOutcome"]
