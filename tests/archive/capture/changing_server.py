"""A server whose answers to one target take turns, and a fetcher that sends requests to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.capture.fetcher import Fetcher
from archive.capture.host_queues import HostQueues
from archive.capture.settings import FetchSettings
from archive.net.router import ConnectTo
from archive.progress import Progress
from tests.archive.net.recorder_setup import SHORT, Rig, rig
from tests.world.faulty import FaultyServer, Step

Script = tuple[Step, ...]


def answer(status: str = "200 OK", body: bytes = b"hello", *fields: str) -> Script:
    """A plain answer."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields))
    return (head.encode("latin-1") + b"\r\n" + body,)


NOT_FOUND = answer("404 Not Found", b"no")


@dataclass(slots=True)
class Turns:
    """Scripts by target, one after the other; the last one stays. What is not named is not found."""

    by_target: Mapping[str, tuple[Script, ...]]
    name: str = "turns"
    eager: bool = False
    script: Script = NOT_FOUND
    times: list[tuple[float, str]] = field(default_factory=list)
    """When each target was requested."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def script_for(self, target: str) -> Script:
        with self._lock:
            turn = sum(1 for _, requested in self.times if requested == target)
            self.times.append((time.monotonic(), target))
        scripts = self.by_target.get(target, (NOT_FOUND,))
        return scripts[min(turn, len(scripts) - 1)]

    def requested(self, target: str) -> list[float]:
        return [when for when, requested in self.times if requested == target]


@dataclass(slots=True)
class Bench:
    """A fetcher, what it writes to, and the server that it sends requests to."""

    fetcher: Fetcher
    rig: Rig
    server: FaultyServer
    turns: Turns

    def url(self, target: str, host: str | None = None) -> Any:
        from archive.urls import parse

        return parse(f"{self.server.scheme}://{host or self.server.host}{target}")

    def fetch(self, target: str, series: str = "s01", **more: Any) -> Any:
        return self.fetcher.fetch(self.url(target), series=series, **more).result(timeout=30)


@contextmanager
def fetching(
    folder: Path,
    by_target: Mapping[str, tuple[Script, ...]],
    *,
    hosts: tuple[str, ...] = (),
    now: Any = time.time,
    limits: Any = SHORT,
    **chosen: Any,
) -> Iterator[Bench]:
    """A fetcher over a server of turns; `hosts` are further names of the same server."""
    turns = Turns(by_target)
    settings = FetchSettings(**{"delay": 0.0, "memento": False, **chosen})
    with FaultyServer(turns) as server:  # type: ignore[arg-type]
        ways = tuple(ConnectTo.parse(f"{host}:80:127.0.0.1:{server.port}") for host in (server.host, *hosts))
        with rig(folder, connect_to=ways, limits=limits) as bench:
            queues = HostQueues(bench.wire.loop, jobs=settings.jobs, per_host=settings.per_host)
            fetcher = Fetcher(bench.wire.loop, bench.recorder, bench.derived, queues, settings, Progress(), now=now)
            yield Bench(fetcher, bench, server, turns)
            queues.close()
            queues.join(5)
