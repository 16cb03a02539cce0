"""Stands between the browser and the network: each request is paused, and continues only with our response.

Switched on for the browser as a whole, not for a tab: frames of other hosts in processes of their own, workers of
every kind and windows that pages open are paused too, and the browser keeps its sites apart.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from archive.browser.request import PageRefusal, PageRequest, PageResponse, Responder, read_request

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_NOT_IN_VALUES = re.compile(r"[\r\n\0]")
# The body is decoded and whole; and nothing may make the browser request another URL by itself.
_WITHHELD_FIELDS = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive", "trailer", "upgrade"}
    | {"strict-transport-security", "alt-svc", "nel", "report-to", "reporting-endpoints", "clear-site-data"}
    | {"public-key-pins", "expect-ct", "speculation-rules", "service-worker-allowed"}
)


class Handled(Struct, frozen=True):
    """One request and the response that it got."""

    request: PageRequest
    response: PageResponse | PageRefusal


class Traffic(Struct):
    """The requests of one page."""

    responder: Responder
    main_frame: str
    most: int = 5000
    """Requests of one page; any further one is refused."""
    handled: list[Handled] = field(default_factory=list)
    in_flight: int = 0
    moved: float = 0.0
    """When the last request or response was, on the clock of the event loop."""
    seen: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def respond(self, event: dict[str, Any]) -> PageResponse | PageRefusal:
        """Have a request answered by the responder, and note it."""
        clock = asyncio.get_running_loop().time
        request = read_request(event, main_frame=self.main_frame)
        self.seen += 1
        self.in_flight += 1
        self.moved = clock()
        try:
            is_refused = self.seen > self.most
            response = PageRefusal("the page sends too many requests") if is_refused else await self.responder(request)
        except asyncio.CancelledError:
            response = PageRefusal("the page was closed before a response came", "Aborted", is_withheld=False)
            self.handled.append(Handled(request, response))
            raise
        finally:
            self.in_flight -= 1
            self.moved = clock()
        if self.seen <= self.most + 1:
            # The record holds the body; here it would only fill the memory.
            self.handled.append(Handled(request, _without_body(response)))
        return response


_STAY = PageResponse(204, "No Content")
"""Leaves a page as it is when it navigates to where there is no response. (HTML Standard, section 7.4.2.3.3)"""
_EMPTY = PageResponse(200, "OK", (("Content-Type", "text/html"),))
"""What a frame without a response shows, in place of the browser's own error page."""


def _encoded(load: Callable[[], bytes]) -> str:
    return base64.b64encode(load()).decode("ascii")


def _without_body(response: PageResponse | PageRefusal) -> PageResponse | PageRefusal:
    return replace(response, body=b"", load=None) if isinstance(response, PageResponse) else response


class Interception:
    """Responds to the requests of the browser, for the one page that is open."""

    def __init__(self, session: Any) -> None:
        """`session` is a session of the driver with the browser itself."""
        self._session = session
        self.traffic: Traffic | None = None
        self._room = asyncio.Semaphore(1)
        self.faults: list[BaseException] = []
        """Faults on our own side; the page is given up for them."""

    async def start(self) -> None:
        self._session.on("Fetch.requestPaused", self._paused)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]})

    def _paused(self, event: dict[str, Any]) -> None:
        traffic = self.traffic
        task = asyncio.ensure_future(self._handle(event, traffic))
        if traffic is not None:
            traffic.tasks.add(task)
            task.add_done_callback(traffic.tasks.discard)

    async def _handle(self, event: dict[str, Any], traffic: Traffic | None) -> None:
        url = event["request"]["url"]
        if url.startswith(("data:", "blob:", "about:")):  # within the browser
            await self._send("Fetch.continueRequest", {"requestId": event["requestId"]})
            return
        try:
            response = await traffic.respond(event) if traffic is not None else PageRefusal("no page is open")
        except asyncio.CancelledError:
            raise
        except BaseException as fault:  # noqa: BLE001 -- raised again by whoever has the page rendered
            self.faults.append(fault)
            response = PageRefusal("a fault of the program", "Failed")
        if isinstance(response, PageRefusal) and event["resourceType"] == "Document" and traffic is not None:
            response = _STAY if event.get("frameId") == traffic.main_frame else _EMPTY
        if isinstance(response, PageResponse):
            try:
                await self._fulfil(event, response)
            except OSError as fault:  # the record cannot be read back
                self.faults.append(fault)
                await self._fail(event, "Failed")
        else:
            await self._fail(event, response.error)

    async def _fulfil(self, event: dict[str, Any], response: PageResponse) -> None:
        if response.load is None:
            await self._send_body(event, response, base64.b64encode(response.body).decode("ascii"))
            return
        async with self._room:
            encoded = await asyncio.to_thread(_encoded, response.load)
            await self._send_body(event, response, encoded)

    async def _send_body(self, event: dict[str, Any], response: PageResponse, body: str) -> None:
        stated: dict[str, Any] = {
            "requestId": event["requestId"],
            "responseCode": response.status,
            "responseHeaders": list(_headers(event, response)),
            "body": body,
        }
        if not await self._send("Fetch.fulfillRequest", stated):
            await self._fail(event, "Failed")

    async def _fail(self, event: dict[str, Any], reason: str) -> None:
        await self._send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason})

    async def _send(self, method: str, stated: dict[str, Any]) -> bool:
        try:
            await self._session.send(method, stated)
        except Exception:  # noqa: BLE001 -- the frame has gone, or the browser accepts no such response
            return False
        return True


def _headers(event: dict[str, Any], response: PageResponse) -> Any:
    names = set()
    for name, value in response.headers:
        if _TOKEN.match(name) and name.lower() not in _WITHHELD_FIELDS:
            names.add(name.lower())
            yield {"name": name, "value": _NOT_IN_VALUES.sub(" ", value)}
    origin = next((v for k, v in event["request"].get("headers", {}).items() if k.lower() == "origin"), None)
    if origin and "access-control-allow-origin" not in names:
        # The recorder sends no Origin, so servers do not grant what they would grant a browser.
        yield {"name": "Access-Control-Allow-Origin", "value": origin}
        yield {"name": "Access-Control-Allow-Credentials", "value": "true"}
