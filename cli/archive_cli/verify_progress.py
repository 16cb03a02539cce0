"""Progress of a verification on stderr: one line on a terminal."""

from __future__ import annotations

import os
import sys
import time

import click

from archive.progress import Progress
from archive_cli.output import catalogue, message, printable


class VerifyProgress(Progress):
    """One line on a terminal with the files and bytes read; nothing where stderr is no terminal, or a dumb one.

    It has no thread: `verify` forks processes while it shows.
    """

    def __init__(self, name: str) -> None:
        self._name = printable(name)[:60]
        # A dumb terminal cannot erase a line; NO_COLOR forbids escapes altogether.
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
        self._files = 0
        self._octets = 0
        self._next = time.monotonic() + 0.5

    def files_checked(self, files: int, octets: int) -> None:
        is_worth_a_look = (self._files + files) // 64 > self._files // 64 or octets > 1 << 20
        self._files += files
        self._octets += octets
        if self._is_shown and is_worth_a_look and (now := time.monotonic()) >= self._next:
            self._next = now + 0.2
            read, size_read = message("verify.files", n=self._files), catalogue().size(self._octets)
            line = message("verify.live", name=self._name, files=read, size=size_read)
            click.echo(f"\r\x1b[K{line}", err=True, nl=False)

    def close(self) -> None:
        """Erase the line."""
        if self._is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)
