"""What the ledger says of what a browser rendered, compared with the record of it (`archive.rendering/1`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from archive.capture.browser.rendered_entry import redirected_by_scripts
from archive.capture.browser.rendering import DESCRIPTION_AT_MOST, SCHEMA
from archive.capture.classify import any_quote_found, quotes_of
from archive.capture.visit import VisitOutcome
from archive.verify.files.control_files import ControlFiles
from archive.verify.sources.rendering_description import contradictions
from archive.verify.sources.said import times_requested
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.words.notes import describe, describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Rendering, SourceEntry, Verdict
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)
DESCRIPTION, SCREENSHOT = "render.json", "screenshot.png"
WORDS_AT_MOST = 32 << 20
_AT_MOST = 20
"""Contradictions of one description that are listed."""


class RenderedEntry(Struct, frozen=True):
    """A source's entry, and what its rendering is compared with."""

    control: ControlFiles
    exchanges: StoredExchanges
    entry: SourceEntry
    source: Source
    outcome: VisitOutcome | None
    """What the visit made again gives without scripts; None where the source was not requested."""


def check_rendering(case: RenderedEntry) -> Iterator[Finding]:
    """Compare the rendering, and what follows from it, with its records. Raises `Broken`."""
    rendering = case.entry.rendering
    if rendering is None:
        return
    about = _description(case.exchanges, rendering)
    if about is None:
        size = case.exchanges.records.places[rendering.records[0]].record.block_size
        most = f"a description of up to {DESCRIPTION_AT_MOST:,} bytes, and of what the program lists"
        yield _differs(case, "rendering-contradicted", most, f"{size:,} bytes")
        return
    yield from _check_subject(case, about)
    yield from _check_outputs(case, rendering, about)
    folder = layout.views_of(case.entry.id)
    for expected, found, what in islice(contradictions(about, case.exchanges, case.control, folder), _AT_MOST):
        yield _differs(case, "rendering-contradicted", expected, found, note=what)
    has_picture = any(path.endswith(f"/{SCREENSHOT}") for path in rendering.files)
    if case.entry.facets.appearance.present and not has_picture and not _is_supplied(case.entry):
        yield _differs(case, "facet-contradicted", "no screenshot among the files", "True", note="appearance")
    yield from _check_redirect(case, about)
    if case.outcome is not None and case.entry.status is case.entry.live.status:
        yield from _check_title(case, case.outcome, about)
        yield from _check_quote(case, case.outcome)


def erased_renderings(case: RenderedEntry, *, was_resumed: bool) -> Iterator[Finding]:
    """A page of which a rendering was recorded has one, unless a run was stopped while it was made."""
    if case.entry.rendering is not None or was_resumed:
        return
    for copy in case.entry.copies:
        for name in copy.records:
            for metadata in case.exchanges.metadata_of.get(name, ()):
                about = case.exchanges.records.long_metadata(metadata, DESCRIPTION_AT_MOST) or {}
                if about.get("schema") == SCHEMA and metadata not in case.entry.exchanges:
                    yield _differs(case, "rendering-contradicted", f"a rendering of {about.get('rendered')}", "none")
                    return


def judged_by_rendering(exchanges: StoredExchanges, entry: SourceEntry) -> Verdict | None:
    """The verdict on the rendered document, as the record of the rendering states it; None where it states none."""
    about = _description(exchanges, entry.rendering) if entry.rendering is not None else None
    try:
        return msgspec.convert((about or {}).get("judged"), Verdict)
    except msgspec.ValidationError:
        return None


def _differs(case: RenderedEntry, code: str, expected: object, found: object, **more: object) -> Finding:
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=case.entry.id, **more)


def _description(exchanges: StoredExchanges, rendering: Rendering) -> Mapping[str, Any] | None:
    """What was recorded of how the page was rendered: the first record; empty where it is none.

    None where it is larger than any that is written.
    """
    name = rendering.records[0] if rendering.records else ""
    record = exchanges.records.get(name)
    if record is None or record.type != "metadata":
        return {}
    about = exchanges.records.long_metadata(name, DESCRIPTION_AT_MOST)
    return about if about is None or about.get("schema") == SCHEMA else {}


def _check_subject(case: RenderedEntry, about: Mapping[str, Any]) -> Iterator[Finding]:
    """It is a rendering of this source, of the response that its live copy ends with."""
    live = next((copy for copy in case.entry.copies if copy.kind == "live"), None)
    expected = case.entry.id, live.records[-1] if live is not None and live.records else None
    found = about.get("source"), about.get("record")
    if expected != found:
        texts = (f"a rendering of {' '.join(map(str, pair))}" for pair in (expected, found))
        yield _differs(case, "rendering-contradicted", *texts)


def _check_outputs(case: RenderedEntry, rendering: Rendering, about: Mapping[str, Any]) -> Iterator[Finding]:
    """Each file is the output of that name, in the order in which they were recorded."""
    stated = about.get("outputs")
    outputs = [each for each in stated if isinstance(each, dict)] if isinstance(stated, list) else []
    folder = layout.views_of(case.entry.id)
    files = tuple(f"{folder}{each.get('file')}" for each in outputs)
    if rendering.files != (*files, f"{folder}{DESCRIPTION}"):
        yield _differs(case, "rendering-contradicted", ", ".join(files), ", ".join(rendering.files), note="files")
    records = tuple(each.get("record") for each in outputs)
    if rendering.records[1:] != records:
        yield _differs(case, "rendering-contradicted", ", ".join(map(str, records)), "other records", note="records")
    for path, each in zip(files, outputs, strict=True):
        there = case.control.sha256.get(path)
        if there is not None and there != each.get("sha256"):
            facts = {"expected": f"sha256:{each.get('sha256')}", "found": f"sha256:{there}", "source": case.entry.id}
            yield make_finding("file-contradicted", BagPath(path), **facts)


def _is_supplied(entry: SourceEntry) -> bool:
    return any(copy.kind == "supplied" and copy.files for copy in entry.copies)


def _check_title(case: RenderedEntry, outcome: VisitOutcome, about: Mapping[str, Any]) -> Iterator[Finding]:
    """The title is the page's own; where it has none, or scripts fill the page, what the browser shows."""
    page = about.get("page")
    rendered = page.get("title") if isinstance(page, dict) else None
    by_scripts = any(note.code == "scripts-drew" for note in case.entry.notes)
    expected = (rendered if by_scripts else outcome.title) or rendered or None
    if case.entry.title != expected:
        yield _differs(case, "title-contradicted", expected, case.entry.title)


def _check_redirect(case: RenderedEntry, about: Mapping[str, Any]) -> Iterator[Finding]:
    """Where scripts led away from the page is noted, as the record of the rendering states it; of one rendering."""
    page = about.get("page")
    address = page.get("url") if isinstance(page, dict) else None
    if case.outcome is None or not isinstance(address, str):
        return
    expected = redirected_by_scripts(case.outcome.trail.final.url.href, address)
    stated = [each for each in case.entry.notes if each.code == "scripts-redirected"]
    is_one_visit = times_requested(case.entry, case.exchanges) < 2
    if (expected is not None and expected not in stated) or (is_one_visit and stated not in ([], [expected])):
        found = "; ".join(map(describe_stated, stated)) or "no such note"
        yield _differs(case, "note-contradicted", describe(expected) if expected else "no such note", found)


def _check_quote(case: RenderedEntry, outcome: VisitOutcome) -> Iterator[Finding]:
    """A quotation counts as found in the response, or in the words that the browser shows."""
    words = _words(case)
    if words is None:
        return
    answers = {outcome.quote_found, any_quote_found(words, quotes_of(case.source))}
    expected = next((answer for answer in ("yes", "no") if answer in answers), "unknown")
    if case.entry.quote_found != expected:
        yield _differs(case, "quote-contradicted", expected, case.entry.quote_found)
    if any(note.code == "scripts-drew" for note in case.entry.notes) and not words.strip():
        yield _differs(case, "note-contradicted", "no words on the rendered page", "scripts-drew")


def _words(case: RenderedEntry) -> str | None:
    """The words of the rendered page, from the record that holds them."""
    rendering = case.entry.rendering
    assert rendering is not None
    for name in rendering.records[1:]:
        record = case.exchanges.records.get(name)
        if record is not None and (record.uri or "").startswith("urn:text:") and record.block_size <= WORDS_AT_MOST:
            return b"".join(case.exchanges.records.block(name)).decode("utf-8", "replace").removesuffix("\n")
    return None
