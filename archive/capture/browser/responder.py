"""Responds to a browser's requests for a source: from the records, else by a request through the recorder."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, wait

from msgspec import Struct, field
from msgspec.structs import replace

from archive.browser import PageRefusal, PageRequest, PageResponse
from archive.capture.fetcher import Fetcher
from archive.http.coding import CodingFault
from archive.net import ExchangeLimits, Request
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

MAX_BODY_TO_BROWSER = 16 << 20
"""Largest body in bytes that the browser gets; larger ones are in the records only."""
_SMALL_BODY = 1 << 20
MAX_SCRIPT_REQUESTS = 400
"""Requests of the scripts of one page that are sent."""
MAX_NAVIGATIONS = 3
MAX_REQUEST_BODY = 1 << 20
SCRIPT_LIMITS = ExchangeLimits(head=30.0, stall=30.0, whole=90.0, body_size=64 << 20)
"""Shorter than for the page's own requisites, because scripts request endless streams."""

_BROWSER_FIELDS = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "dnt", "host", "if-modified-since"}
    | {"if-none-match", "origin", "pragma", "priority", "purpose", "range", "referer", "upgrade-insecure-requests"}
    | {"user-agent", "cookie", "content-length", "save-data", "te", "x-client-data"}
)
"""Fields that a browser adds by itself; the recorder sends its own."""
_ERRORS = {
    "dns": "NameNotResolved",
    "connect": "ConnectionRefused",
    "timeout": "TimedOut",
    "reset": "ConnectionReset",
    "empty": "ConnectionClosed",
    "private-address": "AddressUnreachable",
}


class BrowserExchange(Struct):
    """One request of the browser with the exchange that answered it."""

    page_request: PageRequest
    url: Url
    recorded: Recorded


class BrowserResponder(Struct):
    """Responds to the requests of one page; `exchanges` has the exchanges in the order of responses."""

    fetcher: Fetcher
    series: str
    known: frozenset[str]
    """URLs whose responses the records of the source hold."""
    media: bool = True
    exchanges: list[BrowserExchange] = field(default_factory=list)
    is_settled: bool = False
    """True once rendering begins: later requests of scripts are refused."""
    pending: list[tuple[PageRequest, Url, Future[Recorded]]] = field(default_factory=list)
    """Requests without a response when the page was closed."""
    _sent: dict[tuple[str, str, bytes], Future[Recorded]] = field(default_factory=dict)
    _script_requests: set[str] = field(default_factory=set)
    _navigations: int = 0

    async def __call__(self, page_request: PageRequest) -> PageResponse | PageRefusal:
        if page_request.method == "OPTIONS" and page_request.header("Access-Control-Request-Method"):
            return preflight(page_request)
        why = self._refusal_reason(page_request)
        if why is not None:
            return PageRefusal(why)
        try:
            url = parse(page_request.url).without_credentials()
        except UrlError:
            return PageRefusal("not a URL", "Failed")
        future = self._future(page_request, url)
        if future is None:
            return PageRefusal(f"a page may have {MAX_SCRIPT_REQUESTS} requests of its scripts sent")
        waiting = page_request, url, future
        self.pending.append(waiting)
        # Shielded: other requests may wait for the same exchange.
        recorded = await asyncio.shield(asyncio.wrap_future(future))
        self.pending.remove(waiting)
        self.exchanges.append(BrowserExchange(page_request, url, recorded))
        return await asyncio.to_thread(to_response, recorded)

    def collect_late(self, seconds: float) -> None:
        """Wait for exchanges that were under way when the page was closed, and cancel those not begun."""
        left, self.pending = self.pending, []
        begun = []
        for page_request, url, future in left:
            if not future.cancel():
                begun.append((page_request, url, future))
        wait([future for _, _, future in begun], seconds)
        for page_request, url, future in begun:
            if future.done():
                self.exchanges.append(BrowserExchange(page_request, url, future.result()))
            else:
                self.pending.append((page_request, url, future))

    def _refusal_reason(self, page_request: PageRequest) -> str | None:
        """Why a request is not sent; None where it is."""
        if not page_request.url.startswith(("http://", "https://")):
            return "only http and https are requested"
        if page_request.kind in ("Ping", "CSPViolationReport") or "ping-to" in {
            name.lower() for name, _ in page_request.headers
        }:
            return "a beacon: it reports on the reader and returns nothing"
        if page_request.kind == "EventSource" or "text/event-stream" in page_request.header("Accept"):
            return "a stream of events has no end"
        if (
            "prefetch" in (page_request.header("Sec-Purpose") or page_request.header("Purpose"))
            or page_request.kind == "Prefetch"
        ):
            return "a prefetch, which rendering does not need"
        if page_request.kind == "Media" and not self.media and page_request.url not in self.known:
            return "media are left out"
        if self.is_settled and page_request.url not in self.known:
            return "requested while the page was rendered"
        return self._unsent_reason(page_request)

    def _unsent_reason(self, page_request: PageRequest) -> str | None:
        if page_request.kind == "Document" and page_request.method != "GET":
            return "a form that the page sends by itself"
        if page_request.method not in ("GET", "HEAD", "POST"):
            return f"{page_request.method} changes things at the server"
        if page_request.body is None or len(page_request.body) > MAX_REQUEST_BODY:
            return "its body is too large for a query"
        if page_request.is_main:
            self._navigations += 1
            if self._navigations > MAX_NAVIGATIONS + 20 * (page_request.url in self.known):
                return "the page navigates without end"
        return None

    def _future(self, page_request: PageRequest, url: Url) -> Future[Recorded] | None:
        """The exchange for a request; None where the page has used up its requests."""
        own = _script_fields(page_request)
        is_plain = page_request.method == "GET" and not own
        if url.href not in self.known:
            self._script_requests.add(f"{page_request.method} {url.href}")
            if len(self._script_requests) > MAX_SCRIPT_REQUESTS:
                return None
        if is_plain:
            accept = (("Accept", page_request.header("Accept") or "*/*"),)
            return self.fetcher.fetch(url, series=self.series, headers=accept, limits=SCRIPT_LIMITS)
        key = (page_request.method, url.href, page_request.body or b"")
        if key not in self._sent:
            request = Request(url, page_request.method, own, page_request.body or b"", SCRIPT_LIMITS)
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
    head, note = recorded.head, _empty_body_reason(recorded)
    answer = PageResponse(head.status, head.reason, tuple(head.fields), record=recorded.answer, note=note)
    if note is not None:
        return answer
    if (recorded.header("Content-Encoding") or "identity").strip().lower() == "identity":
        if recorded.size <= _SMALL_BODY:
            return replace(answer, body=b"".join(recorded.payload()))
        return replace(answer, load=lambda: b"".join(recorded.payload()))
    body = recorded.content(MAX_BODY_TO_BROWSER + 1)
    if len(body) <= _SMALL_BODY:
        return replace(answer, body=body)
    if len(body) > MAX_BODY_TO_BROWSER:
        return replace(answer, note=f"over {MAX_BODY_TO_BROWSER:,} bytes when unpacked: the browser got an empty body")
    return replace(answer, load=lambda: recorded.content(MAX_BODY_TO_BROWSER))


def _empty_body_reason(recorded: Recorded) -> str | None:
    if recorded.coding_fault in (CodingFault.FALSE, CodingFault.UNREAD):
        coding = (recorded.header("Content-Encoding") or "").strip().lower()
        return f"its coding {coding} cannot be undone here: the browser got an empty body"
    if recorded.size > MAX_BODY_TO_BROWSER:
        return f"{recorded.size:,} bytes are too many: the browser got an empty body"
    return None


def _script_fields(page_request: PageRequest) -> tuple[tuple[str, str], ...]:
    """The fields that a script set itself; with `Accept` and `Origin` for a POST, which servers require."""
    own = [
        (name, value)
        for name, value in page_request.headers
        if name.lower() not in _BROWSER_FIELDS and not name.lower().startswith(("sec-", "proxy-", ":"))
    ]
    if page_request.method != "GET":
        own += [(name, value) for name, value in page_request.headers if name.lower() in ("accept", "origin")]
    return tuple(own)


def preflight(page_request: PageRequest) -> PageResponse:
    """Grant a cross-origin request without asking the server: the recorder needs no preflight. (Fetch Standard, 4.8)"""
    granted = (
        ("Access-Control-Allow-Origin", page_request.header("Origin") or "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", page_request.header("Access-Control-Request-Method")),
        ("Access-Control-Allow-Headers", page_request.header("Access-Control-Request-Headers") or "*"),
    )
    return PageResponse(204, "No Content", granted, note="a preflight, answered here")
