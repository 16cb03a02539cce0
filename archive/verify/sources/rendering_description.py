"""What the record of a rendering says of the exchanges and files behind it, compared with these.

How the browser was set up, which fonts it used and what it was kept from is not provable: nothing else in the bag says
it. That the browser showed this picture is not provable either; `archive replay-check` renders the page again.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from archive.browser.picture_size import picture_size
from archive.urls import UrlError, parse
from archive.verify.files.control_files import ControlFiles
from archive.verify.visits.replayed_visit import StoredExchanges
from archive_manifests.shown import shown

Contradiction = tuple[object, object, str]
"""What is expected, what is stated, and of what."""
_BEGINNINGS = {"screenshot.png": b"\x89PNG\r\n\x1a\n", "thumbnail.jpg": b"\xff\xd8\xff", "page.pdf": b"%PDF-"}
_LONGEST_URL = 4000
"""Characters of an address beyond which the description cuts it."""
_HEAD = 24
"""Bytes of a PNG up to the end of its size. (PNG, section 11.2.2)"""


def contradictions(
    about: Mapping[str, Any], exchanges: StoredExchanges, control: ControlFiles, folder: str
) -> Iterator[Contradiction]:
    """Yield where a description of a rendering (`archive.rendering/1`) differs from records and files."""
    page = exchanges.records.get(str(about.get("record")))
    if page is not None and _bare(page.uri) != _bare(about.get("url")):
        yield page.uri, about.get("url"), "url"
    for line in _objects(about.get("requests")):
        yield from _of_request(line, exchanges)
    for output in _objects(about.get("outputs")):
        yield from _of_output(output, about, exchanges, control, folder)


def _of_request(line: Mapping[str, Any], exchanges: StoredExchanges) -> Iterator[Contradiction]:
    name, stated = line.get("record"), shown(line.get("url"))
    if name is None:
        # The program itself answers whether a script may send a request; a page may be closed before a response comes.
        if line.get("method") != "OPTIONS" and ("status" in line or "failure" not in line):
            yield "a record", "none", f"request of {stated}"
        return
    record = exchanges.records.get(str(name))
    if record is None:
        yield "a record of the source", name, f"request of {stated}"
        return
    if record.type == "metadata":  # nothing came
        if "status" in line:
            yield "no status", line["status"], f"request of {stated}"
        return
    method = exchanges.method_of.get(record.id, "GET")
    found = {"url": _bare(record.uri), "method": method, "status": record.http_status}
    said = {"url": _bare(line.get("url")), "method": line.get("method"), "status": line.get("status")}
    for key, value in found.items():
        if said[key] != value and not (key == "url" and len(str(line.get("url"))) >= _LONGEST_URL):
            yield value, said[key], f"{key} of a request of {stated}"


def _of_output(
    output: Mapping[str, Any],
    about: Mapping[str, Any],
    exchanges: StoredExchanges,
    control: ControlFiles,
    folder: str,
) -> Iterator[Contradiction]:
    file, record = str(output.get("file")), str(output.get("record"))
    size = control.sizes.get(f"{folder}{file}")
    if size is not None and size != output.get("size"):
        yield size, output.get("size"), f"size of {file}"
    beginning = _BEGINNINGS.get(file)
    if beginning is None or exchanges.records.get(record) is None:
        return
    head = _first_bytes(exchanges, record)
    if not head.startswith(beginning):
        yield f"what begins as {file.rpartition('.')[2]} files do", "other bytes", file
    elif file == "screenshot.png":
        expected, found = _stated_size(about), struct.unpack(">II", head[16:_HEAD].ljust(8, b"\0"))
        if expected is not None and expected != found:
            yield f"{expected[0]}x{expected[1]} pixels", f"{found[0]}x{found[1]}", file


def _first_bytes(exchanges: StoredExchanges, record: str) -> bytes:
    head = b""
    with contextlib.closing(exchanges.records.block(record)) as pieces:  # type: ignore[type-var]
        for piece in pieces:
            head += piece[: _HEAD - len(head)]
            if len(head) >= _HEAD:
                break
    return head


def _stated_size(about: Mapping[str, Any]) -> tuple[int, int] | None:
    """The size of the picture of a page of the size that is stated; None where none is."""
    page, view = about.get("page"), about.get("view")
    if not isinstance(page, dict) or not isinstance(view, dict):
        return None
    viewport = view.get("viewport")
    numbers = [page.get("width"), page.get("height"), *(viewport[:1] if isinstance(viewport, list) else [])]
    if len(numbers) != 3 or not all(isinstance(each, int) for each in numbers):
        return None
    return picture_size(*numbers)


def _bare(url: object) -> str | None:
    """An address as it is requested: without fragment and credentials."""
    try:
        return parse(str(url)).without_credentials().href.partition("#")[0]
    except UrlError:
        return None


def _objects(stated: object) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in stated if isinstance(each, dict)) if isinstance(stated, list) else ()
