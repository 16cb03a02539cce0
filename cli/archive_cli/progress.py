"""Progress on stderr: a line an event; live on a terminal."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from archive.progress import Progress
from archive_cli.escape import harmless
from archive_cli.spoken import say
from archive_manifests.ledger import SourceEntry


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
        from archive_cli.live import Display

        with Display() as display:
            yield display
