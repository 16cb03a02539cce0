"""Answers what a browser asks for a source: from the records where they hold it, else by asking, recorded, for it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace

from archive.browser import PageRefusal, PageRequest, PageResponse
from archive.capture.fetcher import Fetcher
from archive.capture.recorded import Recorded
from archive.net import ExchangeLimits, Request
from archive.urls import Url, UrlError, parse
from archive_manifests.exchanges import Purpose

HELD_BACK_OVER = 16 << 20
"""Bytes of one answer that go through the memory to the browser; of more, the records alone know."""
_LIGHT = 1 << 20
MOST_NEW = 400
"""Requests that the scripts of one page may have sent."""
MOST_NAVIGATIONS = 3
BODY_AT_MOST = 1 << 20
PATIENCE = ExchangeLimits(head=30.0, stall=30.0, whole=90.0, body_size=64 << 20)
"""Scripts request streams without end; what the page names itself was requested with the usual patience before."""

_PLAIN = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "dnt", "host", "if-modified-since"}
    | {"if-none-match", "origin", "pragma", "priority", "purpose", "range", "referer", "upgrade-insecure-requests"}
    | {"user-agent", "cookie", "content-length", "save-data", "te", "x-client-data"}
)
"""Fields that a browser sends of its own accord: the recorder says for itself what it is."""
_ERRORS = {
    "dns": "NameNotResolved",
    "connect": "ConnectionRefused",
    "timeout": "TimedOut",
    "reset": "ConnectionReset",
    "empty": "ConnectionClosed",
    "private-address": "AddressUnreachable",
}


@dataclass(slots=True)
class Brought:
    """One exchange that the browser's asking came to."""

    page_request: PageRequest
    url: Url
    recorded: Recorded


@dataclass(slots=True)
class Answering:
    """Answers for one page. What it brought is in `brought`, in the order of answers."""

    fetcher: Fetcher
    series: str
    known: frozenset[str]
    """URLs that the records of the source hold."""
    media: bool = True
    brought: list[Brought] = field(default_factory=list)
    is_at_rest: bool = False
    """True once the page is being drawn: scripts that never end have nothing more recorded."""
    pending: list[tuple[PageRequest, Url, Future[Recorded]]] = field(default_factory=list)
    """Asked for, and not there when the page was closed."""
    _sent: dict[tuple[str, str, bytes], Future[Recorded]] = field(default_factory=dict)
    _new: set[str] = field(default_factory=set)
    _navigations: int = 0

    async def __call__(self, page_request: PageRequest) -> PageResponse | PageRefusal:
        if page_request.method == "OPTIONS" and page_request.header("Access-Control-Request-Method"):
            return preflight(page_request)
        why = self._why_not(page_request)
        if why is not None:
            return PageRefusal(why)
        try:
            url = parse(page_request.url).without_credentials()
        except UrlError:
            return PageRefusal("not a URL", "Failed")
        future = self._future(page_request, url)
        if future is None:
            return PageRefusal(f"a page may have {MOST_NEW} requests of its scripts sent")
        waiting = page_request, url, future
        self.pending.append(waiting)
        # Shielded: others may wait for the same answer.
        recorded = await asyncio.shield(asyncio.wrap_future(future))
        self.pending.remove(waiting)
        self.brought.append(Brought(page_request, url, recorded))
        return await asyncio.to_thread(to_response, recorded)

    def late(self, seconds: float) -> None:
        """Take in what was under way when the page was closed; what was not even begun is not requested any more."""
        left, self.pending = self.pending, []
        begun = []
        for page_request, url, future in left:
            if future.cancel():
                self.fetcher.forget(url)
            else:
                begun.append((page_request, url, future))
        wait([future for _, _, future in begun], seconds)
        for page_request, url, future in begun:
            if future.done():
                self.brought.append(Brought(page_request, url, future.result()))
            else:
                self.pending.append((page_request, url, future))

    def _why_not(self, page_request: PageRequest) -> str | None:
        """Why a request is not sent; None where it is."""
        if not page_request.url.startswith(("http://", "https://")):
            return "only http and https are requested"
        if page_request.kind in ("Ping", "CSPViolationReport") or "ping-to" in {
            name.lower() for name, _ in page_request.headers
        }:
            return "a beacon: it informs others of the reader and brings nothing"
        if page_request.kind == "EventSource" or "text/event-stream" in page_request.header("Accept"):
            return "a stream of events has no end"
        if (
            "prefetch" in (page_request.header("Sec-Purpose") or page_request.header("Purpose"))
            or page_request.kind == "Prefetch"
        ):
            return "requested in case it is wanted later"
        if page_request.kind == "Media" and not self.media and page_request.url not in self.known:
            return "media are left out"
        if self.is_at_rest and page_request.url not in self.known:
            return "requested while the page was rendered"
        return self._why_not_sent(page_request)

    def _why_not_sent(self, page_request: PageRequest) -> str | None:
        if page_request.kind == "Document" and page_request.method != "GET":
            return "a form that the page sends by itself"
        if page_request.method not in ("GET", "HEAD", "POST"):
            return f"{page_request.method} changes things at the server"
        if page_request.body is None or len(page_request.body) > BODY_AT_MOST:
            return "it carries more than a question"
        if page_request.is_main:
            self._navigations += 1
            if self._navigations > MOST_NAVIGATIONS + 20 * (page_request.url in self.known):
                return "the page sends its reader on and on"
        return None

    def _future(self, page_request: PageRequest, url: Url) -> Future[Recorded] | None:
        """The exchange that answers; None where the page has had its share."""
        own = _own_fields(page_request)
        is_plain = page_request.method == "GET" and not own
        if url.href not in self.known:
            self._new.add(f"{page_request.method} {url.href}")
            if len(self._new) > MOST_NEW:
                return None
        if is_plain:
            accept = (("Accept", page_request.header("Accept") or "*/*"),)
            return self.fetcher.fetch(url, series=self.series, headers=accept, limits=PATIENCE)
        key = (page_request.method, url.href, page_request.body or b"")
        if key not in self._sent:
            request = Request(url, page_request.method, own, page_request.body or b"", PATIENCE)
            note: dict[str, str] = {"purpose": Purpose.PAGE_SCRIPT}
            self._sent[key] = self.fetcher.send(request, series=self.series, note=note)
        return self._sent[key]


def to_response(recorded: Recorded) -> PageResponse | PageRefusal:
    """The response that the browser gets for a recorded exchange."""
    if recorded.head is None:
        failure = recorded.failure
        why = failure.message if failure is not None else "no answer"
        error = _ERRORS.get(failure.reason, "Failed") if failure is not None else "Failed"
        return PageRefusal(why, error, recorded.answer, is_withheld=False)
    head, note = recorded.head, _why_held_back(recorded)
    answer = PageResponse(head.status, head.reason, tuple(head.fields), record=recorded.answer, note=note)
    if note is not None:
        return answer
    if (recorded.header("Content-Encoding") or "identity").strip().lower() == "identity":
        if recorded.size <= _LIGHT:
            return replace(answer, body=b"".join(recorded.payload()))
        return replace(answer, load=lambda: b"".join(recorded.payload()))
    body = recorded.content(HELD_BACK_OVER + 1)
    if len(body) <= _LIGHT:
        return replace(answer, body=body)
    if len(body) > HELD_BACK_OVER:
        return replace(answer, note=f"over {HELD_BACK_OVER:,} bytes when unpacked: the browser got an empty body")
    return replace(answer, load=lambda: recorded.content(HELD_BACK_OVER))


def _why_held_back(recorded: Recorded) -> str | None:
    coding = (recorded.header("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        return f"its coding {coding} cannot be undone here: the browser got an empty body"
    if recorded.size > HELD_BACK_OVER:
        return f"{recorded.size:,} bytes are held back: the browser got an empty body"
    return None


def _own_fields(page_request: PageRequest) -> tuple[tuple[str, str], ...]:
    """The fields that a script set itself; a POST also says where it comes from, as servers want it to."""
    own = [
        (name, value)
        for name, value in page_request.headers
        if name.lower() not in _PLAIN and not name.lower().startswith(("sec-", "proxy-", ":"))
    ]
    if page_request.method != "GET":
        own += [(name, value) for name, value in page_request.headers if name.lower() in ("accept", "origin")]
    return tuple(own)


def preflight(page_request: PageRequest) -> PageResponse:
    """Grant what a script wants to ask another host: the recorder asks without such ceremony. (Fetch Standard, 4.8)"""
    granted = (
        ("Access-Control-Allow-Origin", page_request.header("Origin") or "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", page_request.header("Access-Control-Request-Method")),
        ("Access-Control-Allow-Headers", page_request.header("Access-Control-Request-Headers") or "*"),
    )
    return PageResponse(204, "No Content", granted, note="a preflight, answered here")
