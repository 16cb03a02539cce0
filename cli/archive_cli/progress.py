"""Progress on stderr: a line for each event; one live display on a terminal."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from archive.progress import Progress
from archive_cli.fetch_output import verdict_of
from archive_cli.output import address_of, catalogue, message, print_line, printable
from archive_manifests.ledger import SourceEntry, Status

if TYPE_CHECKING:
    from rich.console import Console, Group

_SHOWN = 8
_STYLES = {Status.CAPTURED: "green", Status.MEMENTO: "cyan", Status.SUPPLIED: "cyan", Status.PARTIAL: "yellow"}
_UPDATED = frozenset({"pictures"})
"""Stages whose line is replaced, not repeated, on a terminal."""
_LEAST_TO_ESTIMATE = 3
"""Sources that have to be done before the time left is estimated."""


class ProgressTally(Progress):
    """Counts sources, exchanges and bytes. A source that is judged twice counts once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._judged: set[str] = set()
        self._resumed = 0
        self._total = self._exchanges = self._arrived = self._recorded = 0
        self._began = time.monotonic()

    @property
    def count(self) -> str:
        """`3/9`: sources that have a verdict, and all."""
        return f"{len(self._judged)}/{max(self._total, len(self._judged))}"

    def summary(self) -> str:
        """Sources, exchanges, bytes, speed, time gone and, once it can be estimated, time left."""
        elapsed = time.monotonic() - self._began
        octets = max(self._arrived, self._recorded)
        done, words = len(self._judged), catalogue()
        parts = [
            message("progress.sources", n=done, total=max(self._total, done)),
            message("progress.exchanges", n=self._exchanges),
            words.size(octets),
            message("progress.speed", size=words.size(round(octets / max(elapsed, 0.1)))),
            message("progress.seconds", n=round(elapsed)),
        ]
        here = done - self._resumed
        if here >= _LEAST_TO_ESTIMATE and done < self._total:
            parts.append(message("progress.left", n=max(1, round(elapsed / here * (self._total - done)))))
        return " · ".join(parts)

    def began(self, sources: int, judged: Collection[str] = ()) -> None:
        with self._lock:
            self._total = sources
            self._judged.update(judged)
            self._resumed = len(judged)

    def received(self, octets: int) -> None:
        with self._lock:
            self._arrived += octets

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        with self._lock:
            self._exchanges += 1
            self._recorded += size

    def source_judged(self, entry: SourceEntry) -> None:
        with self._lock:
            self._judged.add(entry.id)


def waiting_line(host: str, seconds: float, why: str) -> str:
    """`sn4hr.org: name not found; trying again in 8 s`."""
    words, key = catalogue(), f"cause.{why}"
    cause = words.sentence(key) if words.has(key) else message("progress.status", status=why)
    return message("progress.waiting", host=host, why=cause, n=max(1, round(seconds)))


def stage_line(code: str, facts: dict[str, object]) -> str:
    """A stage in words."""
    return message(f"stage.{code}", **facts)


class LiveProgress(ProgressTally):
    """On a terminal: the sources at work, the exchange of each, hosts that wait, and a line of counts."""

    def __init__(self, console: Console | None = None) -> None:
        from rich.console import Console as RichConsole
        from rich.live import Live

        super().__init__()
        self._console = console or RichConsole(stderr=True)
        self._at: dict[str, str] = {}
        self._waiting: dict[str, tuple[float, str]] = {}
        self._stage = ""
        self._live = Live(console=self._console, get_renderable=self._render, refresh_per_second=4, transient=True)

    def __enter__(self) -> LiveProgress:
        self._live.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._live.stop()

    def source_started(self, source: str, url: str) -> None:
        with self._lock:
            self._at[source] = url

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        super().exchanged(source, method, url, outcome, size)
        with self._lock:
            if source in self._at:
                self._at[source] = f"{outcome}  {url}"

    def waiting(self, host: str, seconds: float, why: str) -> None:
        with self._lock:
            self._waiting[host] = (time.monotonic() + seconds, why)

    def source_judged(self, entry: SourceEntry) -> None:
        from rich.text import Text

        super().source_judged(entry)
        with self._lock:
            self._at.pop(entry.id, None)
            style = _STYLES.get(entry.status, "red")
            address = printable(address_of(entry))
            line = Text.assemble(f"{entry.id}  ", (f"{verdict_of(entry):<26}", style), f"  {address}")
            self._console.print(line, overflow="ellipsis", no_wrap=True)

    def stage(self, code: str, **facts: object) -> None:
        from rich.text import Text

        if code in _UPDATED:
            self._stage = stage_line(code, facts)
        else:
            self._console.print(Text(printable(stage_line(code, facts))))

    def _render(self) -> Group:
        from rich.console import Group as RichGroup
        from rich.table import Table
        from rich.text import Text

        with self._lock:
            now = time.monotonic()
            at_work = list(self._at.items())
            waits = [(host, until - now, why) for host, (until, why) in self._waiting.items() if until > now]
            summary = self.summary()
        table = Table.grid(padding=(0, 1))
        for source, at in at_work[:_SHOWN]:
            table.add_row(source, Text(printable(at), overflow="ellipsis", no_wrap=True))
        if len(at_work) > _SHOWN:
            table.add_row("…", message("progress.more", n=len(at_work) - _SHOWN))
        for host, seconds, why in waits:
            table.add_row("", Text(printable(waiting_line(host, seconds, why)), style="dim"))
        if self._stage:
            table.add_row("", Text(printable(self._stage)))
        return RichGroup(table, Text(summary, style="bold"))


class LineProgress(ProgressTally):
    """One line on stderr for every source; with `verbose`, for every exchange."""

    def __init__(self, *, verbose: bool) -> None:
        super().__init__()
        self._verbose = verbose

    def began(self, sources: int, judged: Collection[str] = ()) -> None:
        super().began(sources, judged)
        self._print(message("fetch.begun", n=sources - len(judged)))

    def source_started(self, source: str, url: str) -> None:
        if self._verbose:
            self._print(f"{source}  {message('progress.requests')}  {url}")

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        super().exchanged(source, method, url, outcome, size)
        if self._verbose:
            self._print(f"{source}  {outcome:<7}{size:>12,}  {method} {url}")

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self._print(waiting_line(host, seconds, why))

    def source_judged(self, entry: SourceEntry) -> None:
        super().source_judged(entry)
        self._print(f"[{self.count}] {entry.id}  {verdict_of(entry)}  {address_of(entry)}")

    def stage(self, code: str, **facts: object) -> None:
        self._print(stage_line(code, facts))

    def _print(self, text: str) -> None:
        with self._lock:
            print_line(text, to_stderr=True)


@contextmanager
def progress_for(*, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """The display that fits: none with `--quiet`, a live one on a terminal, else lines."""
    if quiet:
        yield Progress()
    elif verbose or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield LineProgress(verbose=verbose)
    else:
        with LiveProgress() as live:
            yield live
