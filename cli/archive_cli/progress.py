"""Progress on stderr: a line an event; live on a terminal."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import click
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from archive.progress import Progress
from archive_cli.output import harmless, say
from archive_manifests.ledger import SourceEntry, Status

_SHOWN = 8
_STYLES = {Status.CAPTURED: "green", Status.MEMENTO: "cyan", Status.SUPPLIED: "cyan", Status.PARTIAL: "yellow"}


class Display(Progress):
    """Sources in hand, the exchange each is at, bytes received, time gone."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._lock = threading.Lock()
        self._at: dict[str, str] = {}
        self._resting: dict[str, tuple[float, str]] = {}
        self._total = self._done = self._exchanges = self._received = 0
        self._began = time.monotonic()
        self._live = Live(console=self._console, get_renderable=self._drawn, refresh_per_second=4, transient=True)

    def __enter__(self) -> Display:
        self._live.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._live.stop()

    def began(self, sources: int) -> None:
        self._total = sources

    def source_started(self, source: str, url: str) -> None:
        with self._lock:
            self._at[source] = url

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        with self._lock:
            self._exchanges += 1
            self._received += size
            if source in self._at:
                self._at[source] = f"{outcome}  {url}"

    def waiting(self, host: str, seconds: float, why: str) -> None:
        with self._lock:
            self._resting[host] = (time.monotonic() + seconds, why)

    def source_judged(self, entry: SourceEntry) -> None:
        with self._lock:
            self._at.pop(entry.id, None)
            self._done += 1
            verdict = str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"
            line = Text.assemble(
                f"{entry.id}  ", (f"{verdict:<26}", _STYLES.get(entry.status, "red")), f"  {harmless(entry.cited)}"
            )
            self._console.print(line, overflow="ellipsis", no_wrap=True)

    def said(self, text: str) -> None:
        self._console.print(Text(harmless(text)))

    def _drawn(self) -> Group:
        with self._lock:
            now = time.monotonic()
            hands = list(self._at.items())
            resting = {host: until - now for host, (until, _) in self._resting.items() if until > now}
            told = (
                f"{self._done} of {self._total} sources · {self._exchanges:,} exchanges · "
                f"{self._received / 1e6:,.1f} MB · {now - self._began:,.0f} s"
            )
        table = Table.grid(padding=(0, 1))
        for source, at in hands[:_SHOWN]:
            table.add_row(source, Text(harmless(at), overflow="ellipsis", no_wrap=True))
        if len(hands) > _SHOWN:
            table.add_row("…", f"and {len(hands) - _SHOWN} more")
        for host, seconds in resting.items():
            table.add_row("", Text(f"{harmless(host)} rests for {seconds:.0f} s more", style="dim"))
        return Group(table, Text(told, style="bold"))


class Lines(Progress):
    """One line on stderr for every source, and for every exchange where that is asked for."""

    def __init__(self, *, verbose: bool) -> None:
        self._verbose = verbose
        self._lock = threading.Lock()
        self._total = 0
        self._done = 0

    def began(self, sources: int) -> None:
        self._total = sources
        self._say(say("fetch.begun", n=sources))

    def source_started(self, source: str, url: str) -> None:
        if self._verbose:
            self._say(f"{source}  asks   {url}")

    def exchanged(self, source: str, method: str, url: str, outcome: str, size: int) -> None:
        if self._verbose:
            self._say(f"{source}  {outcome:<7}{size:>12,}  {method} {url}")

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self._say(say("fetch.rests", host=host, n=round(seconds), why=why))

    def source_judged(self, entry: SourceEntry) -> None:
        verdict = str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"
        with self._lock:
            self._done += 1
            self._write(f"[{self._done}/{self._total}] {entry.id}  {verdict}  {entry.cited}")

    def said(self, text: str) -> None:
        self._say(text)

    def _say(self, text: str) -> None:
        with self._lock:
            self._write(text)

    def _write(self, text: str) -> None:
        click.echo(harmless(text), err=True)


@contextmanager
def progress_for(*, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """The display that fits: none where it is not wanted, lines off a terminal, live on one."""
    if quiet:
        yield Progress()
    elif verbose or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield Lines(verbose=verbose)
    else:

        with Display() as display:
            yield display
