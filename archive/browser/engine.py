"""One Chromium for a run, driven by a thread of its own; other threads submit work and wait."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from importlib import metadata
from typing import Any, TypeVar

from msgspec import Struct

from archive.browser.installed import Installed
from archive.browser.intercept import Interception
from archive.browser.isolation import OMITTED_SWITCHES, arguments

Result = TypeVar("Result")

PAGES_PER_BROWSER = 50
"""Pages after which a new browser is started: what pages leave behind in it does not add up."""
_TO_START = 60.0
_TO_CLOSE = 10.0


class BrowserError(Exception):
    """The browser could not be started, crashed, or did not end in time. Never leaves the library."""


class Running(Struct):
    """A running browser, and the interception that responds to its requests."""

    browser: Any
    interception: Interception
    version: str
    pages: int = 0


Work = Callable[[Running], Coroutine[Any, Any, Result]]


class BrowserEngine:
    """Starts the browser when it is needed, and again where it crashed."""

    def __init__(self, installed: Installed, *, user_agent: str | None = None) -> None:
        self.installed = installed
        self.user_agent = user_agent
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
        self._thread.start()
        self._driver: Any = None
        self._running: Running | None = None

    @property
    def driver(self) -> str:
        return f"playwright {metadata.version('playwright')}"

    @property
    def arguments(self) -> list[str]:
        """What the browser is started with."""
        return arguments(self.user_agent)

    def run(self, work: Work[Result], *, seconds: float) -> Result:
        """Run work with the browser. Raises `BrowserError`, and what `work` itself raises."""
        future = asyncio.run_coroutine_threadsafe(self._guarded(work, seconds), self._loop)
        return self._wait(future)

    def close(self) -> None:
        """End the browser and delete everything that it wrote."""
        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(3 * _TO_CLOSE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_TO_CLOSE)

    def _wait(self, future: Future[Result]) -> Result:
        """Wait in short steps: on Windows a long wait cannot be interrupted."""
        try:
            while not future.done():
                with contextlib.suppress(TimeoutError):
                    return future.result(0.2)
                if not self._thread.is_alive():
                    raise BrowserError("the thread that drives the browser ended")
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    async def _guarded(self, work: Work[Result], seconds: float) -> Result:
        try:
            running = await asyncio.wait_for(self._ready(), _TO_START)
        except Exception as error:
            await self._discard()
            raise BrowserError(_why_not_started(error)) from error
        running.pages += 1
        try:
            return await asyncio.wait_for(work(running), seconds)
        except TimeoutError as error:
            await self._discard()
            raise BrowserError(f"the browser did not come to an end in {seconds:g} s") from error
        except Exception as error:
            if not is_drivers(error):
                raise
            await self._discard()
            raise BrowserError(f"the browser broke off: {_first_line(error)}") from error

    async def _ready(self) -> Running:
        running = self._running
        if running is not None and (running.pages >= PAGES_PER_BROWSER or not running.browser.is_connected()):
            await self._discard()
            running = None
        if running is None:
            running = self._running = await self._start()
        return running

    async def _start(self) -> Running:
        from playwright.async_api import async_playwright

        if self._driver is None:
            self._driver = await async_playwright().start()
        browser = await self._driver.chromium.launch(
            executable_path=str(self.installed.chromium),
            args=self.arguments,
            ignore_default_args=list(OMITTED_SWITCHES),
            chromium_sandbox=self.installed.has_sandbox,
        )
        interception = Interception(await browser.new_browser_cdp_session())
        await interception.start()
        return Running(browser, interception, browser.version)

    async def _discard(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await _within(running.browser.close(), _TO_CLOSE)

    async def _stop(self) -> None:
        await self._discard()
        if self._driver is not None:
            await _within(self._driver.stop(), _TO_CLOSE)
            self._driver = None


def is_drivers(error: BaseException) -> bool:
    """True for what the driver raises of a page or a browser."""
    return type(error).__module__.split(".")[0] == "playwright"


async def _within(work: Awaitable[Any], seconds: float) -> None:
    with contextlib.suppress(Exception):
        await asyncio.wait_for(work, seconds)


def _why_not_started(error: BaseException) -> str:
    if "no usable sandbox" in str(error).lower():
        return "Chromium finds no sandbox that this system lets it use, and is not started without one"
    return f"the browser did not start: {_first_line(error) or type(error).__name__}"


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0][:300]
