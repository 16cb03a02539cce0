"""One page from its address to the moment when it is drawn: loaded, scrolled through, at rest, or out of time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from archive.browser.asked import Answers
from archive.browser.engine import Running
from archive.browser.intercept import Traffic
from archive.browser.walls import AT_THE_START

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at, the same for everybody, and how long."""

    user_agent: str | None = None
    width: int = 1280
    height: int = 900
    locale: str = "en-US"
    timezone: str = "UTC"
    color_scheme: str = "light"
    reduced_motion: str = "reduce"
    load_seconds: float = 60.0
    """Until the page says that it has loaded."""
    rest_seconds: float = 15.0
    """After that, until it asks for nothing more."""
    scroll_seconds: float = 30.0
    screens: int = 20
    quiet: float = 0.6
    """Seconds without a request that count as rest."""

    @property
    def seconds(self) -> float:
        """All of it, drawing included: whatever takes longer is given up."""
        return self.load_seconds + 2 * self.rest_seconds + self.scroll_seconds + 150.0


@dataclass(slots=True)
class Opened:
    """A page that is open."""

    tab: Any
    session: Any
    traffic: Traffic
    view: View
    withheld: list[tuple[str, str, str]] = field(default_factory=list)
    """URL, kind, why: of what is no request, such as a WebSocket."""
    cut_short: list[str] = field(default_factory=list)
    """What did not come to an end by itself."""
    screens: int = 0
    has_loaded: bool = False
    is_stuck: bool = False
    """True once it did not answer: its scripts keep the processor."""
    status: int | None = None

    async def settle(self) -> None:
        """Wait until the page has loaded and asks for nothing more, as long as it may take."""
        view = self.view
        if not await self._is_there(view.load_seconds):
            self.cut_short.append(f"it had not loaded after {view.load_seconds:g} s")
        if not await self._until(self._is_quiet, view.rest_seconds):
            self.cut_short.append(f"it still asked for more {view.rest_seconds:g} s later")

    async def scroll(self) -> None:
        """Go down screen by screen, so that what waits to be seen is asked for, and back to the top."""
        clock, view = asyncio.get_running_loop().time, self.view
        ends, before = clock() + view.scroll_seconds, -1.0
        while self.screens < view.screens and clock() < ends:
            at = await self.say(_DOWN, 4.0)
            if not isinstance(at, int | float):
                self.is_stuck = True
                return
            if at == before:
                break
            before, self.screens = float(at), self.screens + 1
            await asyncio.sleep(_A_LOOK)
            await self._until(self._is_quiet, 2.0)
        else:
            self.cut_short.append(f"it went on below the {self.screens} screens that were scrolled through")
        await self.say("window.scrollTo(0, 0)", 4.0)
        await self._until(self._is_quiet, view.rest_seconds)

    async def hold_still(self) -> None:
        """End scripts that run without end, so that the page can be drawn."""
        if not self.is_stuck and await self.say("1 + 1", 4.0) == 2:
            return
        self.cut_short.append("its scripts did not end by themselves, and were stopped")
        for method, stated in (("Runtime.terminateExecution", {}), ("Emulation.setScriptExecutionDisabled", _OFF)):
            await self.within(self.session.send(method, stated), 5.0)

    async def say(self, expression: str, seconds: float) -> Any:
        """What an expression comes to in the page; None where it does not come to anything in time."""
        answered = await self.within(
            self.session.send("Runtime.evaluate", {"expression": expression, "returnByValue": True}), seconds
        )
        return (answered or {}).get("result", {}).get("value")

    async def within(self, work: Awaitable[Result], seconds: float) -> Result | None:
        """What comes of something that the page may keep from ending; None where it does not."""
        try:
            return await asyncio.wait_for(work, seconds)
        except TimeoutError:
            return None
        except Exception as error:
            if self.tab.is_closed() or "Target crashed" in str(error) or "has been closed" in str(error):
                raise
            return None

    async def _is_there(self, seconds: float) -> bool:
        """Wait until it has loaded; it never says so where a navigation of its own led nowhere meanwhile."""
        clock = asyncio.get_running_loop().time
        ends = clock() + seconds
        while clock() < ends:
            await self._until(lambda: self.has_loaded or self._is_quiet(_QUIET_INSTEAD), ends - clock())
            if self.has_loaded or await self.say("document.readyState", 4.0) in ("interactive", "complete"):
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


_A_LOOK = 0.25
"""Seconds for what comes into sight to notice that it does."""
_QUIET_INSTEAD = 2.0
_DOWN = "window.scrollBy(0, window.innerHeight); document.scrollingElement ? document.scrollingElement.scrollTop : 0"
_OFF = {"value": True}


@asynccontextmanager
async def opened(running: Running, url: str, answers: Answers, view: View) -> AsyncIterator[Opened]:
    """Open a page in a context of its own, which keeps nothing, with every request answered by `answers`."""
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
    page: Opened | None = None
    try:
        await context.add_init_script(AT_THE_START)
        tab = await context.new_page()
        session = await context.new_cdp_session(tab)
        tree = await session.send("Page.getFrameTree")
        traffic = Traffic(answers, tree["frameTree"]["frame"]["id"])
        page = Opened(tab, session, traffic, view)
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


async def _go(page: Opened, url: str) -> None:
    with contextlib.suppress(Exception):  # what became of it is seen by what was asked and drawn
        milliseconds = 1000 * page.view.load_seconds
        response = await page.tab.goto(url, wait_until="commit", timeout=milliseconds)
        page.status = response.status if response is not None else None


async def _leave(context: Any, page: Opened | None) -> None:
    """Close the page; requests that nobody waits for any more are given up."""
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


def _listen(context: Any, page: Opened) -> None:
    """Note what is no request, and shut windows that the page opens."""

    def loaded(_: Any) -> None:
        page.has_loaded = True

    def shut(other: Any) -> None:
        if other is not page.tab:
            page.withheld.append((other.url, "window", "windows that pages open are shut"))
            asyncio.ensure_future(page.within(other.close(), 5.0))  # noqa: RUF006 -- the context ends with it

    page.tab.on("load", loaded)
    page.tab.on("websocket", lambda socket: page.withheld.append((socket.url, "WebSocket", "reaches nothing")))
    page.tab.on("download", lambda file: page.withheld.append((file.url, "download", "downloads are not taken")))
    context.on("page", shut)
