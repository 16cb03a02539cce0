"""One page from its address to the moment when it is rendered: loaded, scrolled, quiet, or out of time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from msgspec import Struct, field

from archive.browser.engine import Running
from archive.browser.intercept import Traffic
from archive.browser.isolation import INIT_SCRIPT
from archive.browser.request import Responder

Result = TypeVar("Result")


class View(Struct, frozen=True):
    """The viewport, the same for everybody, and the time limits."""

    user_agent: str | None = None
    width: int = 1280
    height: int = 900
    locale: str = "en-US"
    timezone: str = "UTC"
    color_scheme: str = "light"
    reduced_motion: str = "reduce"
    load_seconds: float = 60.0
    """Until the page has loaded."""
    rest_seconds: float = 15.0
    """After that, until it sends no more requests."""
    scroll_seconds: float = 30.0
    screens: int = 20
    quiet: float = 0.6
    """Seconds without a request that count as quiet."""

    @property
    def seconds(self) -> float:
        """The limit for all of it, rendering included."""
        return self.load_seconds + 2 * self.rest_seconds + self.scroll_seconds + 150.0


class OpenPage(Struct):
    """A page that is open."""

    tab: Any
    session: Any
    traffic: Traffic
    view: View
    withheld: list[tuple[str, str, str]] = field(default_factory=list)
    """URL, kind and reason of what is no request, such as a WebSocket."""
    cut_short: list[str] = field(default_factory=list)
    """What did not end by itself."""
    screens: int = 0
    has_loaded: bool = False
    is_stuck: bool = False
    """True once it did not respond: its scripts keep the processor busy."""
    status: int | None = None

    async def settle(self) -> None:
        """Wait until the page has loaded and sends no more requests, up to the limits."""
        view = self.view
        if not await self._has_arrived(view.load_seconds):
            self.cut_short.append(f"it had not loaded after {view.load_seconds:g} s")
        if not await self._until(self._is_quiet, view.rest_seconds):
            self.cut_short.append(f"it still sent requests {view.rest_seconds:g} s later")

    async def scroll(self) -> None:
        """Scroll down screen by screen, so that lazy content is requested, and back to the top."""
        clock, view = asyncio.get_running_loop().time, self.view
        ends, before = clock() + view.scroll_seconds, -1.0
        while self.screens < view.screens and clock() < ends:
            at = await self.evaluate(_DOWN, 4.0)
            if not isinstance(at, int | float):
                self.is_stuck = True
                return
            if at == before:
                break
            before, self.screens = float(at), self.screens + 1
            await asyncio.sleep(_LAZY_SECONDS)
            await self._until(self._is_quiet, 2.0)
        else:
            self.cut_short.append(f"it went on below the {self.screens} screens that were scrolled through")
        await self.evaluate("window.scrollTo(0, 0)", 4.0)
        await self._until(self._is_quiet, view.rest_seconds)

    async def stop_scripts(self) -> None:
        """Stop scripts that run without end, so that the page can be rendered."""
        if not self.is_stuck and await self.evaluate("1 + 1", 4.0) == 2:
            return
        self.cut_short.append("its scripts did not end by themselves, and were stopped")
        for method, stated in (("Runtime.terminateExecution", {}), ("Emulation.setScriptExecutionDisabled", _OFF)):
            await self.within(self.session.send(method, stated), 5.0)

    async def evaluate(self, expression: str, seconds: float) -> Any:
        """The value of an expression in the page; None where there is none in time."""
        answered = await self.within(
            self.session.send("Runtime.evaluate", {"expression": expression, "returnByValue": True}), seconds
        )
        return (answered or {}).get("result", {}).get("value")

    async def within(self, work: Awaitable[Result], seconds: float) -> Result | None:
        """The result of something that the page may delay; None where it does not end in time."""
        try:
            return await asyncio.wait_for(work, seconds)
        except TimeoutError:
            return None
        except Exception as error:
            if self.tab.is_closed() or "Target crashed" in str(error) or "has been closed" in str(error):
                raise
            return None

    async def _has_arrived(self, seconds: float) -> bool:
        """Wait until it has loaded; there is no event for that where a navigation of its own led nowhere meanwhile."""
        clock = asyncio.get_running_loop().time
        ends = clock() + seconds
        while clock() < ends:
            await self._until(lambda: self.has_loaded or self._is_quiet(_QUIET_INSTEAD), ends - clock())
            if self.has_loaded or await self.evaluate("document.readyState", 4.0) in ("interactive", "complete"):
                return True
            await asyncio.sleep(0.5)
        return False

    def _is_quiet(self, seconds: float | None = None) -> bool:
        now = asyncio.get_running_loop().time()
        wanted = self.view.quiet if seconds is None else seconds
        return self.traffic.in_flight == 0 and now - self.traffic.moved >= wanted

    async def _until(self, is_so: Any, seconds: float) -> bool:
        clock = asyncio.get_running_loop().time
        ends = clock() + seconds
        while not is_so():
            if clock() >= ends:
                return False
            await asyncio.sleep(0.05)
        return True


_LAZY_SECONDS = 0.25
"""Seconds for lazy content to start its requests."""
_QUIET_INSTEAD = 2.0
_DOWN = "window.scrollBy(0, window.innerHeight); document.scrollingElement ? document.scrollingElement.scrollTop : 0"
_OFF = {"value": True}


@asynccontextmanager
async def open_page(running: Running, url: str, responder: Responder, view: View) -> AsyncIterator[OpenPage]:
    """Open a page in a context of its own, which stores nothing; `responder` responds to every request."""
    context = await running.browser.new_context(
        viewport={"width": view.width, "height": view.height},
        user_agent=view.user_agent,
        locale=view.locale,
        timezone_id=view.timezone,
        color_scheme=view.color_scheme,
        reduced_motion=view.reduced_motion,
        accept_downloads=False,
        service_workers="block",
    )
    page: OpenPage | None = None
    try:
        await context.add_init_script(INIT_SCRIPT)
        tab = await context.new_page()
        session = await context.new_cdp_session(tab)
        tree = await session.send("Page.getFrameTree")
        traffic = Traffic(responder, tree["frameTree"]["frame"]["id"])
        page = OpenPage(tab, session, traffic, view)
        _listen(context, page)
        running.interception.traffic = traffic
        going = asyncio.ensure_future(_go(page, url))
        try:
            yield page
        finally:
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
    finally:
        running.interception.traffic = None
        await _leave(context, page)
        _raise_faults(running)


async def _go(page: OpenPage, url: str) -> None:
    with contextlib.suppress(Exception):  # the requests and the rendering show what became of it
        milliseconds = 1000 * page.view.load_seconds
        response = await page.tab.goto(url, wait_until="commit", timeout=milliseconds)
        page.status = response.status if response is not None else None


async def _leave(context: Any, page: OpenPage | None) -> None:
    """Close the page; pending requests are cancelled."""
    if page is not None:
        for task in list(page.traffic.tasks):
            task.cancel()
        await asyncio.gather(*page.traffic.tasks, return_exceptions=True)
    with contextlib.suppress(Exception):
        await asyncio.wait_for(context.close(), 10.0)


def _raise_faults(running: Running) -> None:
    faults, running.interception.faults = running.interception.faults, []
    if faults:
        raise faults[0]


def _listen(context: Any, page: OpenPage) -> None:
    """Note what is no request, and close windows that the page opens."""

    def loaded(_: Any) -> None:
        page.has_loaded = True

    def shut(other: Any) -> None:
        if other is not page.tab:
            page.withheld.append((other.url, "window", "windows that pages open are closed"))
            asyncio.ensure_future(page.within(other.close(), 5.0))  # noqa: RUF006 -- the context ends with it

    page.tab.on("load", loaded)
    page.tab.on("websocket", lambda socket: page.withheld.append((socket.url, "WebSocket", "reaches nothing")))
    page.tab.on("download", lambda file: page.withheld.append((file.url, "download", "downloads are not accepted")))
    context.on("page", shut)
