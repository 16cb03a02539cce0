"""Writes a rendering: files for people, the same bytes as WARC records, and a description of how they were made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.browser import BrowserEngine, PageRefusal, PageRequest, PageResponse
from archive.browser.intercept import Handled
from archive.browser.page import OpenPage
from archive.browser.render import RenderedPage
from archive.capture.browser.responder import BrowserResponder
from archive.capture.derived_records import DerivedRecords
from archive.warc.new_record import Text
from archive.workfolder.events import FileAdded
from archive.workfolder.folder import WorkFolder
from archive_manifests import canonical, layout
from archive_manifests.ledger import Rendering

SCHEMA = "archive.rendering/1"
BROKE_SCHEMA = "archive.browser-broke/1"
"""Of a metadata record about a page: a browser broke as it rendered the page, and why."""
_MAX_LISTED_REQUESTS = 5000
DESCRIPTION_AT_MOST = 48 << 20
"""Bytes of a description: more than that many lists of long addresses come to. `verify` reads no longer one."""


class RenderingKind(Struct, frozen=True):
    """One kind of output."""

    file: str
    type: str
    urn: str
    """Prefix of the page's URL in the record's target, as browsertrix writes it."""


SCREENSHOT = RenderingKind("screenshot.png", "image/png", "urn:fullPage:")
PRINT = RenderingKind("page.pdf", "application/pdf", "urn:pdf:")
THUMBNAIL = RenderingKind("thumbnail.jpg", "image/jpeg", "urn:thumbnail:")
WORDS = RenderingKind("text.txt", "text/plain; charset=utf-8", "urn:text:")


class FileBlock(Struct, frozen=True):
    """A record's block in a file of the bag."""

    path: Path
    file_added: FileAdded

    @property
    def size(self) -> int:
        return self.file_added.size

    @property
    def sha256(self) -> str:
        return self.file_added.sha256

    def pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                yield piece


class RenderedSource(Struct, frozen=True):
    """The page of a source that was rendered from the records."""

    source: str
    url: str
    record: str
    """Id of the record that holds the page."""


def write_rendering(
    work: WorkFolder,
    derived: DerivedRecords,
    subject: RenderedSource,
    rendered: RenderedPage,
    description: dict[str, Any],
    *,
    now: str,
    browser: str,
) -> Rendering:
    """Write the files and records of a rendering; `description` says how it was made. Raises `OSError`."""
    folder = layout.views_of(subject.source).rstrip("/")
    for path in [path for path in work.state.files if path.startswith(f"{folder}/")]:
        work.remove_file(path)
    files, records, outputs = [], [], []
    for kind, content in _outputs(rendered):
        file_added = work.add_file(f"{folder}/{kind.file}", content)
        block = FileBlock(work.base / file_added.path, file_added)
        uri = f"{kind.urn}{subject.url}"
        record = derived.write_derived(subject.source, "resource", uri, kind.type, block)
        files.append(file_added.path)
        records.append(record.id)
        outputs.append({"file": kind.file, "record": record.id, "size": file_added.size, "sha256": file_added.sha256})
    document = description_document({**description, "outputs": outputs})
    files.append(work.add_file(f"{folder}/render.json", document).path)
    # A resource must not refer to another record; this one ties all of them. (WARC 1.1, sections 5.8 and 6.4)
    tying_record = derived.write_metadata(subject.source, "application/json", Text(document), subject.record)
    return Rendering(now, browser, tuple(files), (tying_record.id, *records))


def description_document(description: dict[str, Any]) -> bytes:
    """A description as its record and file have it; where it would be too long, with as many requests as fit."""
    document = canonical.document(description).encode()
    while len(document) > DESCRIPTION_AT_MOST and (description["withheld"] or description["requests"]):
        longer = max(("withheld", "requests"), key=lambda name: len(description[name]))
        description = {**description, longer: description[longer][: len(description[longer]) // 2]}
        document = canonical.document(description).encode()
    return document


def _outputs(rendered: RenderedPage) -> Iterator[tuple[RenderingKind, bytes | Path]]:
    if rendered.screenshot is not None:
        yield SCREENSHOT, rendered.screenshot
    if rendered.thumbnail is not None:
        yield THUMBNAIL, rendered.thumbnail
    if rendered.print is not None:
        yield PRINT, rendered.print
    yield WORDS, f"{rendered.words}\n".encode("utf-8", "replace")


def broke(subject: RenderedSource, why: str) -> dict[str, Any]:
    """What is recorded where a browser broke, and so rendered nothing: the only proof that there was one."""
    return {"schema": BROKE_SCHEMA, "source": subject.source, "url": subject.url, "detail": why}


def render_document(
    subject: RenderedSource,
    engine: BrowserEngine,
    version: str,
    page: OpenPage,
    rendered: RenderedPage,
    responder: BrowserResponder,
    now: str,
) -> dict[str, Any]:
    """`render.json` without its outputs: enough to render the page again, and to see what differed."""
    view = page.view
    handled = page.traffic.handled
    return {
        "schema": SCHEMA,
        "source": subject.source,
        "url": subject.url,
        "record": subject.record,
        "rendered": now,
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
            "title": rendered.title,
            "url": rendered.url,
            "width": rendered.width,
            "height": rendered.height,
            "rendered_height": rendered.rendered_height,
            "screens_scrolled": page.screens,
            "cut_short": page.cut_short,
            "left_out": rendered.left_out,
        },
        "fonts": rendered.fonts,
        "requests": [_request(each, responder) for each in handled if _was_answered(each)][:_MAX_LISTED_REQUESTS],
        "withheld": [
            *(_withheld(each.request, each.response) for each in handled if isinstance(each.response, PageRefusal)
              and each.response.is_withheld),
            *({"url": url[:4000], "kind": kind, "why": why} for url, kind, why in page.withheld),
        ][:_MAX_LISTED_REQUESTS],
    }  # fmt: skip


def _withheld(request: PageRequest, refusal: PageRefusal) -> dict[str, Any]:
    return {"url": request.url[:4000], "method": request.method, "kind": request.kind, "why": refusal.why}


def _was_answered(handled: Handled) -> bool:
    return isinstance(handled.response, PageResponse) or not handled.response.is_withheld


def _request(handled: Handled, responder: BrowserResponder) -> dict[str, Any]:
    response, request = handled.response, handled.request
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
    if request.url not in responder.known:
        line["requested_by"] = "scripts"
    return line
