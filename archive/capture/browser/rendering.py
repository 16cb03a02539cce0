"""Lays down what was drawn: files for people, the same as WARC records, and how it was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.browser import BrowserEngine, PageRefusal, PageRequest, PageResponse
from archive.browser.intercept import Handled
from archive.browser.page import OpenPage
from archive.browser.render import RenderedPage
from archive.capture.browser.answers import Answering
from archive.capture.recorder import Recorder
from archive.warc.new_record import Text
from archive.workfolder.events import FileAdded
from archive.workfolder.folder import WorkFolder
from archive_manifests import canonical, layout
from archive_manifests.ledger import Rendering

SCHEMA = "archive.rendering/1"
_LISTED = 5000


@dataclass(frozen=True, slots=True)
class RenderingKind:
    """One kind of output."""

    file: str
    type: str
    urn: str
    """What comes before the page's URL in the record's target: the names that browsertrix's records made known."""


SCREENSHOT = RenderingKind("screenshot.png", "image/png", "urn:fullPage:")
PRINT = RenderingKind("page.pdf", "application/pdf", "urn:pdf:")
THUMBNAIL = RenderingKind("thumbnail.jpg", "image/jpeg", "urn:thumbnail:")
WORDS = RenderingKind("text.txt", "text/plain; charset=utf-8", "urn:text:")


@dataclass(frozen=True, slots=True)
class FileBlock:
    """A block that lies in a file of the bag."""

    place: Path
    filed: FileAdded

    @property
    def size(self) -> int:
        return self.filed.size

    @property
    def sha256(self) -> str:
        return self.filed.sha256

    def pieces(self) -> Iterator[bytes]:
        with self.place.open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece


@dataclass(frozen=True, slots=True)
class Subject:
    """What was drawn: a source's page, as the records hold it."""

    source: str
    url: str
    record: str
    """Id of the record that holds the page."""


def lay_down(
    work: WorkFolder,
    recorder: Recorder,
    subject: Subject,
    drawn: RenderedPage,
    made: dict[str, Any],
    *,
    now: str,
    browser: str,
) -> Rendering:
    """Write files and records of a drawing; `made` says how it was made. Raises `OSError`."""
    folder = layout.views_of(subject.source).rstrip("/")
    for path in [path for path in work.state.files if path.startswith(f"{folder}/")]:
        work.remove_file(path)
    files, records, outputs = [], [], []
    for kind, content in _outputs(drawn):
        filed = work.add_file(f"{folder}/{kind.file}", content)
        block = FileBlock(work.base / filed.path, filed)
        uri = f"{kind.urn}{subject.url}"
        record = recorder.derive(subject.source, "resource", uri, kind.type, block)
        files.append(filed.path)
        records.append(record.id)
        outputs.append({"file": kind.file, "record": record.id, "size": filed.size, "sha256": filed.sha256})
    document = canonical.document({**made, "outputs": outputs}).encode()
    files.append(work.add_file(f"{folder}/render.json", document).path)
    # A resource must not refer to another record; this one ties all of them. (WARC 1.1, sections 5.8 and 6.4)
    tie = recorder.derive_metadata(subject.source, "application/json", Text(document), subject.record)
    return Rendering(now, browser, tuple(files), (tie.id, *records))


def _outputs(drawn: RenderedPage) -> Iterator[tuple[RenderingKind, bytes | Path]]:
    if drawn.screenshot is not None:
        yield SCREENSHOT, drawn.screenshot
    if drawn.thumbnail is not None:
        yield THUMBNAIL, drawn.thumbnail
    if drawn.print is not None:
        yield PRINT, drawn.print
    yield WORDS, f"{drawn.words}\n".encode("utf-8", "replace")


def how_made(
    subject: Subject,
    engine: BrowserEngine,
    version: str,
    page: OpenPage,
    drawn: RenderedPage,
    answering: Answering,
    now: str,
) -> dict[str, Any]:
    """What `render.json` says beside the outputs: enough to draw the page again, and to know what is not as it was."""
    view = page.view
    passed = page.traffic.handled
    return {
        "schema": SCHEMA,
        "source": subject.source,
        "url": subject.url,
        "record": subject.record,
        "drawn": now,
        "browser": {
            "name": "Chromium",
            "version": version,
            "driver": engine.driver,
            "flags": engine.arguments,
            "sandbox": engine.installed.has_sandbox,
        },
        "view": {
            "viewport": [view.width, view.height],
            "locale": view.locale,
            "timezone": view.timezone,
            "user_agent": view.user_agent,
            "color_scheme": view.color_scheme,
            "reduced_motion": view.reduced_motion,
        },
        "page": {
            "title": drawn.title,
            "url": drawn.url,
            "width": drawn.width,
            "height": drawn.height,
            "drawn_height": drawn.rendered_height,
            "screens_scrolled": page.screens,
            "cut_short": page.cut_short,
            "left_out": drawn.left_out,
        },
        "fonts": drawn.fonts,
        "requests": [_request(each, answering) for each in passed if _was_answered(each)][:_LISTED],
        "withheld": [
            *(_withheld(each.request, each.response) for each in passed if isinstance(each.response, PageRefusal)
              and each.response.is_withheld),
            *({"url": url[:4000], "kind": kind, "why": why} for url, kind, why in page.withheld),
        ][:_LISTED],
    }  # fmt: skip


def _withheld(request: PageRequest, refusal: PageRefusal) -> dict[str, Any]:
    return {"url": request.url[:4000], "method": request.method, "kind": request.kind, "why": refusal.why}


def _was_answered(passed: Handled) -> bool:
    return isinstance(passed.response, PageResponse) or not passed.response.is_withheld


def _request(passed: Handled, answering: Answering) -> dict[str, Any]:
    response, request = passed.response, passed.request
    line: dict[str, Any] = {
        "url": request.url[:4000],
        "method": request.method,
        "kind": request.kind,
        "record": response.record,
    }
    if isinstance(response, PageResponse):
        line["status"] = response.status
        if response.note is not None:
            line["note"] = response.note
    else:
        line["failure"] = response.why
    if request.url not in answering.known:
        line["asked_by"] = "scripts"
    return line
