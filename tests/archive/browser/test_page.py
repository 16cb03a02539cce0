"""When a page is rendered: at rest, or out of time and said so. The page's side is played, so no load changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from archive.browser.intercept import Traffic
from archive.browser.page import OpenPage, View

HURRIED = View(load_seconds=0.2, rest_seconds=0.1, scroll_seconds=30.0, screens=2, quiet=0.05)


class Played:
    """The tab and the session of a page: it has loaded, grows as it is scrolled, or never responds."""

    def __init__(self, *, grows: bool, responds: bool = True) -> None:
        self._grows, self._responds, self._at = grows, responds, 0.0
        self.sent: list[str] = []

    def is_closed(self) -> bool:
        return False

    async def send(self, method: str, stated: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(method)
        if not self._responds:
            await asyncio.Event().wait()
        known = {"1 + 1": 2, "document.readyState": "complete"}
        value: Any = known.get(stated.get("expression", ""))
        if value is None:
            self._at += 900.0 * self._grows
            value = self._at
        return {"result": {"value": value}}


def ended(page: Played, *, in_flight: int, do: Callable[[OpenPage], Awaitable[None]]) -> OpenPage:
    traffic = Traffic(responder=None, main_frame="f", in_flight=in_flight)  # type: ignore[arg-type]
    opened = OpenPage(page, page, traffic, HURRIED, has_loaded=True)

    async def work() -> None:
        await do(opened)

    asyncio.run(work())
    return opened


def test_a_page_that_is_never_idle_and_grows_for_ever_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.browser.page._LAZY_SECONDS", 0.0)
    waited = OpenPage._until
    monkeypatch.setattr(OpenPage, "_until", lambda self, is_so, seconds: waited(self, is_so, min(seconds, 0.1)))

    async def both(page: OpenPage) -> None:
        await page.settle()
        await page.scroll()

    assert ended(Played(grows=True), in_flight=1, do=both).cut_short == [
        "it still sent requests 0.1 s later",
        "it went on below the 2 screens that were scrolled through",
    ]
    assert ended(Played(grows=False), in_flight=0, do=both).cut_short == []


def test_scripts_that_do_not_end_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = asyncio.wait_for
    monkeypatch.setattr("archive.browser.page.asyncio.wait_for", lambda work, _: patience(work, 0.05))
    spinning = Played(grows=False, responds=False)
    page = ended(spinning, in_flight=0, do=OpenPage.stop_scripts)
    assert page.cut_short == ["its scripts did not end by themselves, and were stopped"]
    assert spinning.sent[1:] == ["Runtime.terminateExecution", "Emulation.setScriptExecutionDisabled"]
