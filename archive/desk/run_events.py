"""What a run reports, as lines of JSON that outlive it, and the state that follows from them."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct, field

from archive.progress import Progress
from archive_manifests.ledger import SourceEntry

_SECONDS = 0.25
"""At most one line about bytes, and one about each source's exchanges, in this time."""


class EventLog(Progress):
    """Appends what happens to a file. Many exchanges in a short time become one line."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._octets = 0
        self._said: dict[str, float] = {}
        self._counts: dict[str, list[int]] = {}

    def write(self, kind: str, **facts: object) -> None:
        line = msgspec.json.encode({"kind": kind, "at": round(time.time(), 2), **facts}) + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def end(self, how: str, **facts: object) -> None:
        """The run ended: `held`, `finished`, `interrupted`, `no-network`, `refused`, `fault`."""
        self.write("bytes", octets=self._octets)
        self.write("ended", how=how, **facts)

    def began(self, sources: int, judged: Collection[str] = ()) -> None:
        self.write("began", sources=sources)

    def source_started(self, source: str, url: str) -> None:
        self.write("source", source=source, url=url)

    def received(self, octets: int) -> None:
        with self._lock:
            self._octets += octets
        if self._is_due("bytes"):
            self.write("bytes", octets=self._octets)

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        with self._lock:
            counts = self._counts.setdefault(source, [0, 0])
            counts[0] += 1
            counts[1] += size
        if self._is_due(source):
            self.write("exchange", source=source, url=url, outcome=outcome, exchanges=counts[0], octets=counts[1])

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self.write("waiting", host=host, seconds=round(seconds, 1), why=why)

    def source_judged(self, entry: SourceEntry) -> None:
        counts = self._counts.get(entry.id, [0, 0])
        facts = {"status": str(entry.status), "reason": entry.reason}
        self.write("judged", source=entry.id, exchanges=counts[0], octets=counts[1], **facts)

    def stage(self, code: str, **facts: object) -> None:
        self.write("stage", code=code, facts={name: _plain(value) for name, value in facts.items()})

    def _is_due(self, what: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._said.get(what, 0.0) < _SECONDS:
                return False
            self._said[what] = now
            return True


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) else str(value)


class SourceProgress(Struct):
    """How far the capture of one source is."""

    url: str = ""
    """What was requested last."""
    status: str | None = None
    """The verdict; None while it has none."""
    reason: str | None = None
    exchanges: int = 0
    octets: int = 0
    is_at_work: bool = False


class RunState(Struct):
    """A run, folded from its events. A run that is resumed begins again, and keeps the verdicts that there are."""

    sources: dict[str, SourceProgress] = field(default_factory=dict)
    octets: int = 0
    earlier_octets: int = 0
    """Of the runs before this one."""
    waits: dict[str, tuple[float, str]] = field(default_factory=dict)
    """Host -> until when (seconds since 1970) it is left alone, and why."""
    stage: tuple[str, dict[str, Any]] | None = None
    ended: str | None = None
    said: str = ""
    """What the run said of how it ended."""
    bag: str | None = None
    runs: int = 0

    def apply(self, event: dict[str, Any]) -> None:
        """Fold one event in. An unknown one changes nothing."""
        match event.get("kind"):
            case "started":
                self._start()
            case "source":
                self._source(event).is_at_work, self._source(event).url = True, ""
            case "exchange":
                self._count(event).url = str(event.get("url", ""))
            case "judged":
                one = self._count(event)
                one.is_at_work, one.status, one.reason = False, event.get("status"), event.get("reason")
            case "bytes":
                self.octets = int(_number(event.get("octets"), self.octets))
            case "waiting":
                until = _number(event.get("at"), 0) + _number(event.get("seconds"), 0)
                self.waits[str(event.get("host"))] = until, str(event.get("why"))
            case "stage":
                facts = event.get("facts")
                self.stage = str(event.get("code")), facts if isinstance(facts, dict) else {}
            case "ended":
                self._end(event)

    def _start(self) -> None:
        self.runs += 1
        self.ended, self.said, self.stage = None, "", None
        self.earlier_octets += self.octets
        self.octets = 0
        self.waits.clear()
        for one in self.sources.values():
            one.is_at_work = False

    def _end(self, event: dict[str, Any]) -> None:
        self.ended, self.said = str(event.get("how")), str(event.get("said") or "")
        self.bag = event.get("bag")
        self.waits.clear()
        for one in self.sources.values():
            one.is_at_work = False

    def _source(self, event: dict[str, Any]) -> SourceProgress:
        return self.sources.setdefault(str(event.get("source")), SourceProgress())

    def _count(self, event: dict[str, Any]) -> SourceProgress:
        one = self._source(event)
        one.exchanges = int(_number(event.get("exchanges"), one.exchanges))
        one.octets = int(_number(event.get("octets"), one.octets))
        return one


def _number(value: object, otherwise: float) -> float:
    """A number as an event states it. The file outlives the run, so what is in it is not taken for granted."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def fold(lines: Iterable[bytes]) -> RunState:
    state = RunState()
    for line in lines:
        event = parse_event(line)
        if event is not None:
            state.apply(event)
    return state


def parse_event(line: bytes) -> dict[str, Any] | None:
    """One line; None for one that was cut off."""
    try:
        event = msgspec.json.decode(line)
    except msgspec.MsgspecError:
        return None
    return event if isinstance(event, dict) else None
