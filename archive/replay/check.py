"""Opens every captured page again, from the records alone, and measures what comes of it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive.browser import BrowserBroke, Engine, Refused, find
from archive.browser.draw import Drawn, look
from archive.browser.engine import Running
from archive.browser.page import Opened, View, opened
from archive.errors import ArchiveError
from archive.posix import FilesBelow
from archive.progress import Progress
from archive.replay.records import NOT_HERE, Holding, Shelf, hold
from archive_manifests.ledger import Rendering, Replay, SourceEntry, Status
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
        told = await asyncio.wait_for(tab.evaluate(_COMPARE, [*pictures, WIDTH, TOLERANCE]), _SECONDS)
        return round(float(told))
    finally:
        await asyncio.wait_for(context.close(), 10.0)


_HTML = frozenset({"text/html", "application/xhtml+xml", None})
_LARGEST = 128 << 20
_LISTED = 20
HURRIED = View(load_seconds=30.0, rest_seconds=5.0, scroll_seconds=15.0)
"""Nothing has to come from far."""


class NoBrowser(ArchiveError):
    """There is no browser to look with."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one page came out."""

    source: str
    url: str
    replay: Replay | None
    """None where it could not be opened at all."""
    missing: tuple[str, ...] = ()
    """The first URLs that no record answers, and that one answered at the capture."""
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class ReplayCheck:
    """How the pages of a bag or a work folder came out."""

    path: Path
    name: str
    is_finished: bool
    pages: tuple[Checked, ...]

    @property
    def has_gaps(self) -> bool:
        """True where a page did not open, or misses something that was there at the capture."""
        return any(page.replay is None or page.replay.missing for page in self.pages)


@dataclass(frozen=True, slots=True)
class _Page:
    entry: SourceEntry
    record: RecordLine


def check(path: Path, *, now: str, view: View | None = None, progress: Progress | None = None) -> ReplayCheck:
    """Open every captured page of a bag, or of a held work folder, with the network off.

    Writes nothing; `store` does. Raises `BagUnreadable`, `NoBrowser`.
    """
    holding, progress = hold(path), progress or Progress()
    installed = find()
    if isinstance(installed, str):
        raise NoBrowser(f"{installed}; without one nobody can say whether the pages open")
    agent = holding.looked.ledger.conditions.user_agent
    engine, pages = Engine(installed, user_agent=agent), []
    try:
        for page in _pages(holding):
            progress.source_started(page.entry.id, page.record.uri or "")
            pages.append(_check(engine, holding, page, replace(view or HURRIED, user_agent=agent), now))
    finally:
        engine.close()
    return ReplayCheck(holding.looked.path, holding.looked.name, holding.looked.is_finished, tuple(pages))


def _pages(holding: Holding) -> Iterator[_Page]:
    responses = {record.id: record for record in holding.log if record.type == "response"}
    for entry in holding.looked.ledger.sources:
        if entry.status not in (Status.CAPTURED, Status.PARTIAL):
            continue
        record = page_record(entry, responses)
        if record is not None and record.uri is not None and record.mime in _HTML:
            yield _Page(entry, record)


def _check(engine: Engine, holding: Holding, page: _Page, view: View, now: str) -> Checked:
    url = page.record.uri or ""
    drawn_then = _drawn_then(holding, page.entry.rendering)
    shelf = Shelf(holding)
    try:
        return engine.run(
            lambda running: _open_again(running, shelf, page, drawn_then, view, now), seconds=view.seconds
        )
    except BrowserBroke as error:
        return Checked(page.entry.id, url, None, why_not=str(error))
    finally:
        shelf.close()


@dataclass(frozen=True, slots=True)
class _Then:
    """What is known of the drawing at the capture."""

    picture: bytes | None
    answered: frozenset[str] | None
    """URLs that were answered then; None where nobody knows."""


async def _open_again(
    running: Running, shelf: Shelf, page: _Page, then: _Then, view: View, now: str
) -> Checked:
    url = page.record.uri or ""
    async with opened(running, _address(page), shelf, view) as again:
        await again.settle()
        await again.scroll()
        await again.hold_still()
        drawn = await look(again)
    alike = None
    if then.picture is not None:
        alike = await likeness(running, then.picture, drawn.screenshot) if drawn.screenshot is not None else 0
    requests, missing = _missing(again, then)
    replay = Replay(now, _score(alike, requests, len(missing), drawn), alike, requests, len(missing))
    return Checked(page.entry.id, url, replay, tuple(missing[:_LISTED]))


def _missing(again: Opened, then: _Then) -> tuple[int, list[str]]:
    """How many requests the page made that count, and which of them no record answers."""
    requests, missing = 0, []
    for passed in again.traffic.passed:
        told, url = passed.told, passed.asked.url
        is_missed = isinstance(told, Refused) and told.why == NOT_HERE
        if isinstance(told, Refused) and not is_missed:
            continue
        if is_missed and then.answered is not None and url not in then.answered:
            continue  # it was not there at the capture either: a beacon, a request by chance
        requests += 1
        if is_missed:
            missing.append(url)
    return requests, list(dict.fromkeys(missing))


def _score(alike: int | None, requests: int, missing: int, drawn: Drawn) -> int:
    if drawn.screenshot is None or not requests:
        return 0
    return round((100 if alike is None else alike) * (requests - missing) / requests)


def _address(page: _Page) -> str:
    """As it was opened at the capture: with the cited fragment, where it is the cited page."""
    uri, cited = page.record.uri or "", page.entry.cited.strip()
    _, mark, fragment = cited.partition("#")
    return f"{uri}{mark}{fragment}" if page.entry.request_url == uri else uri


def _drawn_then(holding: Holding, rendering: Rendering | None) -> _Then:
    if rendering is None:
        return _Then(None, None)
    found = {path.rpartition("/")[2]: _read(holding.base, path) for path in rendering.files}
    told = _parsed(found.get("render.json"))
    answered = None
    if told is not None:
        asked = (line for line in told.get("requests", ()) if isinstance(line, dict))
        answered = frozenset(str(line.get("url")) for line in asked if line.get("record") and "failure" not in line)
    return _Then(found.get("screenshot.png"), answered)


def _parsed(data: bytes | None) -> dict[str, Any] | None:
    try:
        told = json.loads(data) if data is not None else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


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
    """Write the scores into the ledger of a held work folder; how many there were. Raises `InUse`, `OSError`.

    A finished bag stays as it is: there the scores are the answer alone.
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
