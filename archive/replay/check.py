"""Opens every captured page from its records alone, and scores how alike it is to its picture of the capture."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.browser import BrowserEngine, BrowserError, PageRefusal, find
from archive.browser.engine import Running
from archive.browser.page import OpenPage, View, open_page
from archive.browser.render import RenderedPage, render_picture
from archive.errors import ArchiveError
from archive.posix import FilesBelow
from archive.progress import Progress
from archive.replay.records import Captures, NoRecord, RecordedResponses, open_captures
from archive.words.notes import describe
from archive_manifests.ledger import Rendering, Replay, SourceEntry, Status
from archive_manifests.notes import Note
from archive_manifests.pages import page_record
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

WIDTH = 160
"""Pixels to which both are shrunk: an eighth of the page, so that a line moved by a pixel is the same line."""
TOLERANCE = 28
"""Of 255, in the channel that differs most."""
_SECONDS = 60.0

_COMPARE = """
async ([first, second, width, tolerance]) => {
  const shrunk = async data => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const height = Math.max(1, Math.round(picture.height * width / picture.width));
    const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, width, height);
    return {height, data: context.getImageData(0, 0, width, height).data};
  };
  const a = await shrunk(first), b = await shrunk(second);
  const paper = picture => {
    const counts = new Map();
    for (let i = 0; i < picture.data.length; i += 4) {
      const colour = (picture.data[i] >> 3) << 10 | (picture.data[i + 1] >> 3) << 5 | picture.data[i + 2] >> 3;
      counts.set(colour, (counts.get(colour) || 0) + 1);
    }
    const most = [...counts.entries()].reduce((x, y) => y[1] > x[1] ? y : x)[0];
    return [(most >> 10 & 31) * 8 + 4, (most >> 5 & 31) * 8 + 4, (most & 31) * 8 + 4];
  };
  const papers = [paper(a), paper(b)];
  const apart = (x, i, y, j) => Math.max(...[0, 1, 2].map(channel => Math.abs(x[i + channel] - y[j + channel])));
  let drawn = 0, same = 0;
  const tall = Math.max(a.height, b.height), both = Math.min(a.height, b.height);
  for (let y = 0; y < tall; y++) for (let x = 0; x < width; x++) {
    const i = 4 * (y * width + x);
    const inA = y < a.height && apart(a.data, i, papers[0], 0) > tolerance;
    const inB = y < b.height && apart(b.data, i, papers[1], 0) > tolerance;
    if (!inA && !inB) continue;
    drawn += 1;
    if (y < both && apart(a.data, i, b.data, i) <= tolerance) same += 1;
  }
  const grounds = apart(papers[0], 0, papers[1], 0) <= tolerance ? 1 : 0;
  return drawn ? 100 * (0.95 * same / drawn + 0.05 * grounds) : 100 * grounds;
}
"""


async def likeness(running: Running, first: bytes, second: bytes) -> int:
    """How alike two PNGs are, from 0 to 100."""
    context = await running.browser.new_context(service_workers="block")
    try:
        tab = await context.new_page()
        pictures = [base64.b64encode(each).decode("ascii") for each in (first, second)]
        score = await asyncio.wait_for(tab.evaluate(_COMPARE, [*pictures, WIDTH, TOLERANCE]), _SECONDS)
        return round(float(score))
    finally:
        await asyncio.wait_for(context.close(), 10.0)


_HTML = frozenset({"text/html", "application/xhtml+xml", None})
_LARGEST = 128 << 20
_LISTED = 20
_PICTURE = "screenshot.png"
SHORT_WAITS = View(load_seconds=30.0, rest_seconds=5.0, scroll_seconds=15.0)
"""Nothing comes over a network."""


class NoBrowser(ArchiveError):
    """There is no browser to look with."""


class PageScore(Struct, frozen=True):
    """How the replay of one page ended."""

    source: str
    url: str
    replay: Replay | None
    """None where it could not be opened at all."""
    missing: tuple[str, ...] = ()
    """The first URLs that have no record, and had a response at the capture."""
    why_not: str | None = None


class ReplayCheck(Struct, frozen=True):
    """How the replay of a bag or a work folder ended."""

    path: Path
    name: str
    is_finished: bool
    pages: tuple[PageScore, ...]

    @property
    def has_gaps(self) -> bool:
        """True where a page did not open, or misses something that was there at the capture."""
        return any(page.replay is None or page.replay.missing for page in self.pages)


class _CheckedPage(Struct, frozen=True):
    entry: SourceEntry
    record: RecordLine


Pictured = Callable[[str, bytes], None]
"""Gets the id of a source, and the PNG of its page as it opened."""


def check(
    path: Path,
    *,
    now: str,
    view: View | None = None,
    progress: Progress | None = None,
    pictured: Pictured = lambda _, __: None,
) -> ReplayCheck:
    """Open every captured page of a bag, or of a work folder, with the network off.

    Writes nothing; `store` does. Raises `BagUnreadable`, `NoBrowser`.
    """
    captures, progress = open_captures(path), progress or Progress()
    installed = find()
    if isinstance(installed, Note):
        raise NoBrowser(f"{describe(installed)}; without one the program cannot test whether the pages open")
    agent = captures.contents.ledger.conditions.user_agent
    engine, pages = BrowserEngine(installed, user_agent=agent), []
    try:
        for page in _pages(captures):
            progress.source_started(page.entry.id, page.record.uri or "")
            score, picture = _check(engine, captures, page, replace(view or SHORT_WAITS, user_agent=agent), now)
            pages.append(score)
            if picture is not None:
                pictured(page.entry.id, picture)
    finally:
        engine.close()
    return ReplayCheck(captures.contents.path, captures.contents.name, captures.contents.is_finished, tuple(pages))


def _pages(captures: Captures) -> Iterator[_CheckedPage]:
    responses = {record.id: record for record in captures.log if record.type == "response"}
    for entry in captures.contents.ledger.sources:
        if entry.status not in (Status.CAPTURED, Status.PARTIAL):
            continue
        record = page_record(entry, responses)
        if record is not None and record.uri is not None and record.mime in _HTML:
            yield _CheckedPage(entry, record)


def _check(
    engine: BrowserEngine, captures: Captures, page: _CheckedPage, view: View, now: str
) -> tuple[PageScore, bytes | None]:
    """The score, and the picture of the page as it opened."""
    url = page.record.uri or ""
    at_capture = _at_capture(captures, page.entry.rendering)
    responses = RecordedResponses(captures)
    try:
        return engine.run(
            lambda running: _open_again(running, responses, page, at_capture, view, now), seconds=view.seconds
        )
    except BrowserError as error:
        return PageScore(page.entry.id, url, None, why_not=str(error)), None
    finally:
        responses.close()


class _AtCapture(Struct, frozen=True):
    """What is known of the rendering at the capture."""

    picture: bytes | None
    answered: frozenset[str] | None
    """URLs that had a response then; None where that is not known."""


async def _open_again(
    running: Running, responses: RecordedResponses, page: _CheckedPage, then: _AtCapture, view: View, now: str
) -> tuple[PageScore, bytes | None]:
    url = page.record.uri or ""
    async with open_page(running, _address(page), responses, view) as again:
        await again.settle()
        await again.scroll()
        await again.stop_scripts()
        drawn = await render_picture(again)
    alike = None
    if then.picture is not None:
        alike = await likeness(running, then.picture, drawn.screenshot) if drawn.screenshot is not None else 0
    requests, missing = _missing(again, then)
    replay = Replay(now, _score(alike, requests, len(missing), drawn), alike, requests, len(missing))
    return PageScore(page.entry.id, url, replay, tuple(missing[:_LISTED])), drawn.screenshot


def _missing(again: OpenPage, then: _AtCapture) -> tuple[int, list[str]]:
    """How many requests of the page count, and which of them have no record."""
    requests, missing = 0, []
    for passed in again.traffic.handled:
        response, url = passed.response, passed.request.url
        is_missed = isinstance(response, NoRecord)
        if isinstance(response, PageRefusal) and not is_missed:
            continue
        if is_missed and then.answered is not None and url not in then.answered:
            continue  # it had no response at the capture either: a beacon, a random request
        requests += 1
        if is_missed:
            missing.append(url)
    return requests, list(dict.fromkeys(missing))


def _score(alike: int | None, requests: int, missing: int, drawn: RenderedPage) -> int:
    if drawn.screenshot is None or not requests:
        return 0
    return round((100 if alike is None else alike) * (requests - missing) / requests)


def _address(page: _CheckedPage) -> str:
    """The address as the capture opened it: with the cited fragment, where it is the cited page."""
    uri, cited = page.record.uri or "", page.entry.cited.strip()
    _, mark, fragment = cited.partition("#")
    return f"{uri}{mark}{fragment}" if page.entry.request_url == uri else uri


def _at_capture(captures: Captures, rendering: Rendering | None) -> _AtCapture:
    if rendering is None:
        return _AtCapture(None, None)
    found = {path.rpartition("/")[2]: _read(captures.base, path) for path in rendering.files}
    stated = _parsed(found.get("render.json"))
    answered = None
    if stated is not None:
        requests = (line for line in stated.get("requests", ()) if isinstance(line, dict))
        answered = frozenset(str(line.get("url")) for line in requests if line.get("record") and "failure" not in line)
    return _AtCapture(found.get(_PICTURE), answered)


def picture_at_capture(base: Path, rendering: Rendering | None) -> bytes | None:
    """The picture of a page that was made at the capture; None where there is none, or it cannot be read."""
    paths = rendering.files if rendering is not None else ()
    return next((_read(base, path) for path in paths if path.rpartition("/")[2] == _PICTURE), None)


def _parsed(data: bytes | None) -> dict[str, Any] | None:
    try:
        document = json.loads(data) if data is not None else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _read(base: Path, path: str) -> bytes | None:
    """A file of a rendering; None where it is not there, or is no file of reasonable size."""
    if not BagPath(path).is_inside:
        return None
    try:
        with FilesBelow(os.fspath(base)) as below, open(below.open(path), "rb") as file:  # noqa: PTH123 -- a descriptor
            data = file.read(_LARGEST + 1)
    except OSError:
        return None
    return data if len(data) <= _LARGEST else None


def store(checked: ReplayCheck) -> int:
    """Write the scores into the ledger of a work folder; return how many. Raises `InUse`, `OSError`.

    A finished bag never changes: there the scores are only returned.
    """
    from archive.workfolder import folder as works
    from archive.workfolder.events import Judged

    if checked.is_finished:
        return 0
    stored, work = 0, works.reopen(checked.path, now=None)
    try:
        for page in checked.pages:
            entry = work.state.entries.get(page.source)
            if entry is None or entry.rendering is None or page.replay is None:
                continue
            entry = replace(entry, rendering=replace(entry.rendering, replay=page.replay))
            work.record(Judged(entry))
            stored += 1
        work.sync()
    finally:
        work.close()
    return stored
