"""The path of a cited URL to the socket is short enough to be followed by a reader of the code."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import FrameType

import pytest

import archive
from archive.capture.fetcher import Fetcher
from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.net.connection import Connection
from archive.net.exchange import Exchange
from tests.world.faulty import Case, FaultyServer

MOST_FRAMES = 20
LIBRARY = str(Path(archive.__file__).parent)


def frames(frame: FrameType | None) -> list[str]:
    """The library's own frames from this one outwards, the outermost first."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename.startswith(LIBRARY):
            found.append(f"{Path(frame.f_code.co_filename).relative_to(LIBRARY)}:{frame.f_code.co_name}")
        frame = frame.f_back
    return found[::-1]


def test_a_cited_url_reaches_the_socket_in_twenty_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three threads have a part: the run's, the source's, the network's."""
    requested: list[list[str]] = []
    sent: list[list[str]] = []
    real_fetch, real_carry = Fetcher.fetch, Connection.carry

    def watched_fetch(self: Fetcher, *given: object, **named: object) -> object:
        main = sys._current_frames()[threads[0]]
        path = [each for each in frames(main) if not each.startswith("net/")]
        if "fetch/passes.py:_load_finishing" in path:  # what it does while it waits leads to no socket
            path = path[: path.index("fetch/passes.py:_load_finishing")]
        requested.append([*path, *frames(sys._getframe().f_back), "capture/fetcher.py:fetch"])
        return real_fetch(self, *given, **named)  # type: ignore[arg-type]

    async def watched_carry(self: Connection, exchange: Exchange, request: bytes) -> None:
        if request.startswith(b"GET /page "):
            sent.append([*frames(sys._getframe().f_back), "net/connection.py:carry"])
        await real_carry(self, exchange, request)

    threads = [threading.get_ident()]
    monkeypatch.setattr(Fetcher, "fetch", watched_fetch)
    monkeypatch.setattr(Connection, "carry", watched_carry)
    page = Case("page", (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 16\r\n\r\n<p>A cited page.",))
    with FaultyServer(page) as server:
        report = tmp_path / "report.txt"
        report.write_text(f"Cited: http://{server.host}/page\n")
        settings = FetchSettings(delay=0.0, memento=False, connect_to=tuple(server.connect_to))
        fetch(report, tmp_path / "B", settings, hold=True)

    path = [*requested[0], *(frame for frame in sent[0] if not frame.startswith("net/event_loop"))]
    assert path[0] == "fetch/fetch.py:fetch" and path[-1] == "net/connection.py:carry", path
    assert len(path) <= MOST_FRAMES, path
