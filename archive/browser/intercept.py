"""Stands between the browser and the network: each request is paused, and goes on only with our answer.

Switched on for the browser as a whole, not for a tab: frames of other hosts in processes of their own, workers of
every kind and windows that pages open are paused too, and the browser keeps its sites apart.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from archive.browser.asked import Answer, Answers, Asked, Refused, asked

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
_NOT_IN_VALUES = re.compile(r"[\r\n\0]")
# The body is decoded and whole; and nothing may make the browser ask elsewhere, or for another URL, by itself.
_KEPT_BACK = frozenset(
    {"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive", "trailer", "upgrade"}
    | {"strict-transport-security", "alt-svc", "nel", "report-to", "reporting-endpoints", "clear-site-data"}
    | {"public-key-pins", "expect-ct", "speculation-rules", "service-worker-allowed"}
)


@dataclass(frozen=True, slots=True)
class Passed:
    """One request and what became of it."""

    asked: Asked
    told: Answer | Refused


@dataclass(slots=True)
class Traffic:
    """The requests of one page."""

    answers: Answers
    main_frame: str
    most: int = 5000
    """Requests of one page; whatever it asks beyond that is refused."""
    passed: list[Passed] = field(default_factory=list)
    in_flight: int = 0
    moved: float = 0.0
    """When something was asked or answered last, on the loop's clock."""
    seen: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def told(self, event: dict[str, Any]) -> Answer | Refused:
        """Have a request answered, and remember it."""
        clock = asyncio.get_running_loop().time
        question = asked(event, main_frame=self.main_frame)
        self.seen += 1
        self.in_flight += 1
        self.moved = clock()
        try:
            told = Refused("the page asks too often") if self.seen > self.most else await self.answers(question)
        except asyncio.CancelledError:
            told = Refused("the page was closed before an answer came", "Aborted", is_withheld=False)
            self.passed.append(Passed(question, told))
            raise
        finally:
            self.in_flight -= 1
            self.moved = clock()
        if self.seen <= self.most + 1:
            # The record holds the body; here it would only fill the memory.
            self.passed.append(Passed(question, _without_body(told)))
        return told


_STAY = Answer(204, "No Content")
"""What leaves a page as it is that wants to go where it gets no answer. (HTML Standard, 7.4.2.3.3)"""
_EMPTY = Answer(200, "OK", (("Content-Type", "text/html"),))
"""What a frame shows that gets no answer, in place of the browser's own words about it."""


def _encoded(load: Callable[[], bytes]) -> str:
    return base64.b64encode(load()).decode("ascii")


def _without_body(told: Answer | Refused) -> Answer | Refused:
    return replace(told, body=b"", load=None) if isinstance(told, Answer) else told


class Interception:
    """Answers what the browser asks, for the one page that is open."""

    def __init__(self, session: Any) -> None:
        """`session` is a session of the driver with the browser itself."""
        self._session = session
        self.traffic: Traffic | None = None
        self._room = asyncio.Semaphore(1)
        self.faults: list[BaseException] = []
        """What went wrong on our own side; the page is given up for it."""

    async def start(self) -> None:
        self._session.on("Fetch.requestPaused", self._paused)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Request"}]})

    def _paused(self, event: dict[str, Any]) -> None:
        traffic = self.traffic
        task = asyncio.ensure_future(self._deal_with(event, traffic))
        if traffic is not None:
            traffic.tasks.add(task)
            task.add_done_callback(traffic.tasks.discard)

    async def _deal_with(self, event: dict[str, Any], traffic: Traffic | None) -> None:
        url = event["request"]["url"]
        if url.startswith(("data:", "blob:", "about:")):  # within the browser
            await self._send("Fetch.continueRequest", {"requestId": event["requestId"]})
            return
        try:
            told = await traffic.told(event) if traffic is not None else Refused("no page is open")
        except asyncio.CancelledError:
            raise
        except BaseException as fault:  # noqa: BLE001 -- raised again by whoever has the page drawn
            self.faults.append(fault)
            told = Refused("a fault of the program", "Failed")
        if isinstance(told, Refused) and event["resourceType"] == "Document" and traffic is not None:
            told = _STAY if event.get("frameId") == traffic.main_frame else _EMPTY
        if isinstance(told, Answer):
            try:
                await self._fulfil(event, told)
            except OSError as fault:  # the record cannot be read back
                self.faults.append(fault)
                await self._fail(event, "Failed")
        else:
            await self._fail(event, told.error)

    async def _fulfil(self, event: dict[str, Any], answer: Answer) -> None:
        if answer.load is None:
            await self._hand_over(event, answer, base64.b64encode(answer.body).decode("ascii"))
            return
        async with self._room:
            encoded = await asyncio.to_thread(_encoded, answer.load)
            await self._hand_over(event, answer, encoded)

    async def _hand_over(self, event: dict[str, Any], answer: Answer, body: str) -> None:
        stated: dict[str, Any] = {
            "requestId": event["requestId"],
            "responseCode": answer.status,
            "responseHeaders": list(_headers(event, answer)),
            "body": body,
        }
        if not await self._send("Fetch.fulfillRequest", stated):
            await self._fail(event, "Failed")

    async def _fail(self, event: dict[str, Any], reason: str) -> None:
        await self._send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason})

    async def _send(self, method: str, stated: dict[str, Any]) -> bool:
        try:
            await self._session.send(method, stated)
        except Exception:  # noqa: BLE001 -- the frame that asked has gone, or the browser takes no such answer
            return False
        return True


def _headers(event: dict[str, Any], answer: Answer) -> Any:
    names = set()
    for name, value in answer.headers:
        if _TOKEN.match(name) and name.lower() not in _KEPT_BACK:
            names.add(name.lower())
            yield {"name": name, "value": _NOT_IN_VALUES.sub(" ", value)}
    origin = next((v for k, v in event["request"].get("headers", {}).items() if k.lower() == "origin"), None)
    if origin and "access-control-allow-origin" not in names:
        # The recorder asks without Origin, so that servers do not grant what they would grant a browser.
        yield {"name": "Access-Control-Allow-Origin", "value": origin}
        yield {"name": "Access-Control-Allow-Credentials", "value": "true"}
