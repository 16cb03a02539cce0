"""A second process that lays out most pages of a long PDF, where there are two processors: half of what reading takes.

It is confined as the first one is, and ends with it. Without it, or where it breaks, the first lays out every page.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from msgspec import Struct, field

from archive import posix
from archive.cite.extract import PassedOver
from archive.cite.pdf.annotations import PdfAnnotation
from archive.cite.pdf.lines import Layout

FEWEST_PAGES = 24
"""Fewer are laid out before a second process is of use."""
_OWN = 3
"""Every third page is the first process's own: it also looks for addresses in all of them."""
_PATIENCE = 1.0
"""Seconds for it to end."""
_PIPE = 1 << 20
"""Bytes of layouts that wait to be read: about twenty pages."""


class Stated(Struct, frozen=True):
    """What the file states of one page beside its text."""

    notes: list[str]
    links: list[PdfAnnotation]
    passed_over: list[PassedOver]
    """Actions that are no links to addresses."""


class PageLayout(Struct, frozen=True):
    """One page as it is laid out, before any other page is looked at."""

    layout: Layout
    stated: Stated
    pictures: int = 0
    passed_over: list[PassedOver] = field(default_factory=list)
    """Why the page or a part of it was not read."""


LayoutSource = tuple[int, Callable[[int], PageLayout]]
"""How many pages a PDF has, and what lays out the page of a number."""


class OwnPosition(io.RawIOBase):
    """A file that two processes have open: each reads it at a position of its own."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor, self._at = descriptor, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


class LayoutProcess:
    """The second process, as the first one sees it."""

    def __init__(self, process: int, go: BinaryIO, layouts: BinaryIO) -> None:
        self._process, self._go, self._layouts = process, go, layouts
        self._is_working = False

    def begin(self, pages: int) -> None:
        """Have it lay out its share of the pages, where there are enough."""
        if pages >= FEWEST_PAGES:
            with contextlib.suppress(OSError):
                self._go.write(b"\n")
                self._is_working = True

    def page(self, number: int) -> PageLayout | None:
        """The page of that number, in order; None where the caller lays it out."""
        if not self._is_working or number % _OWN == 0:
            return None
        try:
            # From a process of this same code that is confined alike: it could do no more here than there.
            page: PageLayout | None = pickle.load(self._layouts)  # noqa: S301 -- see above
        except Exception:  # noqa: BLE001 -- it ended, or what it sent is broken: the caller goes on alone
            self._is_working = False
            return None
        return page

    def close(self) -> None:
        """Let it end; one that a hostile page holds up is killed when this process ends."""
        self._go.close()
        self._layouts.close()
        ends = time.monotonic() + _PATIENCE
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(self._process, os.WNOHANG) == (0, 0) and time.monotonic() < ends:
                time.sleep(0.002)


def start_layout_process(opened: Callable[[], LayoutSource], confine: Callable[[], None]) -> LayoutProcess | None:
    """Fork the second process, which waits until it is of use; None where there is one processor, or no Linux.

    There `confine` is called before `opened`, which opens the PDF.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return None
    begun, go = os.pipe()
    layouts, laid_out = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            posix.end_with_parent()
            for each in (go, layouts, 1):
                os.close(each)
            if os.read(begun, 1):
                confine()
                _serve(*opened(), laid_out)
        finally:
            os._exit(0)
    os.close(begun)
    os.close(laid_out)
    posix.widen_pipe(layouts, _PIPE)
    return LayoutProcess(process, os.fdopen(go, "wb", buffering=0), os.fdopen(layouts, "rb"))


def _serve(pages: int, lay_out: Callable[[int], PageLayout], laid_out: int) -> None:
    """Send the layout of each page but the first process's own, or None where that has to lay it out as well."""
    for number in range(1, pages + 1):
        if number % _OWN:
            data = _pickled(lay_out, number)
            while data:
                data = data[os.write(laid_out, data) :]


def _pickled(lay_out: Callable[[int], PageLayout], number: int) -> memoryview:
    try:
        return memoryview(pickle.dumps(lay_out(number), pickle.HIGHEST_PROTOCOL))
    except Exception:  # noqa: BLE001 -- the first process meets the same error, and reports it
        return memoryview(pickle.dumps(None))
