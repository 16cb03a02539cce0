"""Files beside the records: each is what its record holds, and each is named by the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import WarcError
from archive.http.coding import CodingError
from archive.verify.files.control_files import ControlFiles, is_warc
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.warc.digest import DigestVerdict
from archive.workfolder.events import FileAdded
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Ledger, Rendering, SourceEntry
from archive_manifests.paths import BagPath

_ANY_SIZE = 1 << 60
"""Bytes: how much of a content is read is bounded by the size of its file."""


class FilesOfSource(Struct, frozen=True):
    """The files of one source, and what proves them."""

    control: ControlFiles
    exchanges: StoredExchanges
    entry: SourceEntry
    derived: Mapping[str, FileAdded]
    """What the visit, made again, lays down."""
    ties: list[dict[str, Any]]
    """The `archive.media/1` metadata that ties files to records."""
    was_repeated: bool
    """The source was captured more than once, or the run stopped and resumed: files were written and replaced."""
    lost: Container[str] = ()
    """Records that could not be read: what was made of them is not compared."""


def check_files(files: FilesOfSource) -> Iterator[Finding]:
    """Compare each file of a source with the record that holds what it was made of."""
    ties = {str(tie.get("path")): tie for tie in files.ties}
    for copy in files.entry.copies:
        if copy.kind == "supplied":
            continue  # a person's word, and the manifest's
        for path in copy.files:
            yield from _check_file(files, path, ties.get(path), files.derived.get(path))
    if files.entry.rendering is not None:
        yield from _check_rendering(files)
    yield from _check_unlisted(files, ties)


def _check_unlisted(files: FilesOfSource, ties: Mapping[str, dict[str, Any]]) -> Iterator[Finding]:
    """Each file that was written beside its record is listed. Of several attempts the files of the last one stay."""
    listed = {path for copy in files.entry.copies for path in copy.files}
    for path in sorted({*ties, *files.derived} - listed):
        if layout.source_of(path) == files.entry.id:
            found = _finding(files, "file-unlisted", path, found="not listed")
            yield replace(found, severity=Severity.WARNING) if files.was_repeated else found


def _check_file(
    files: FilesOfSource, path: str, tie: dict[str, Any] | None, derived: FileAdded | None
) -> Iterator[Finding]:
    stated = files.control.sha256.get(path)
    if stated is None:
        return  # not there, which is a finding of its own
    if tie is not None:
        expected = str(tie.get("sha256"))
        record = str(tie.get("record"))
        if record in files.lost:
            return
        if files.exchanges.records.get(record) is None:
            yield _finding(files, "file-unexplained", path, expected=f"the record {record}", found="no such record")
            return
        if expected == stated and tie.get("size") != files.control.sizes[path]:
            facts = {"expected": f"{tie.get('size')} bytes", "found": f"{files.control.sizes[path]} bytes"}
            yield _finding(files, "file-contradicted", path, **facts)
        if expected == stated:
            try:
                expected = _digest_in_record(files, record, path) or stated
            except CodingError as error:
                # No version makes a file of a response whose content coding it cannot undo.
                yield _finding(files, "file-contradicted", path, expected="content that can be read", found=str(error))
                return
    elif derived is not None:
        expected = derived.sha256
    else:
        yield _finding(files, "file-unexplained", path, expected="a record that holds it", found="none")
        return
    if expected != stated:
        facts = {"expected": f"sha256:{expected}", "found": f"sha256:{stated}"}
        yield _finding(files, "file-contradicted", path, **facts)


def _digest_in_record(files: FilesOfSource, name: str, path: str) -> str | None:
    """SHA-256 of what a record holds for a file: its block, or a response's payload with the content coding undone.

    None where the record is damaged or cannot be read, which is found elsewhere. Nothing is read again where the
    payload is the file. Raises `Broken`; `CodingError` where the content coding cannot be undone.
    """
    record, stated = files.exchanges.records.get(name), files.control.sha256[path]
    if record is None or DigestVerdict.BAD in (record.block, record.payload):
        return None
    if record.payload_sha256 == stated:
        return stated
    if record.payload_sha256 is not None and record.type != "response":
        return record.payload_sha256
    try:
        if record.type == "response":
            answer = files.exchanges.get(name)
            pieces = answer.decoded(_ANY_SIZE) if answer is not None else None
        else:
            pieces = files.exchanges.records.block(name)
        return _sha256(_up_to(pieces, files.control.sizes[path])) if pieces is not None else None
    except WarcError:
        return None


def _check_rendering(files: FilesOfSource) -> Iterator[Finding]:
    """Each file of a rendering is the block of one of its records; `render.json` is the metadata's."""
    rendering = files.entry.rendering
    assert rendering is not None
    known = set()
    for name in rendering.records:
        record = files.exchanges.records.get(name)
        if record is not None:
            known.add(_digest_of(files, name))
    for path in rendering.files:
        stated = files.control.sha256.get(path)
        if stated is not None and stated not in known:
            yield _finding(files, "file-contradicted", path, expected="the block of a record of the rendering")
        elif stated is not None and path.endswith("/render.json"):
            yield from _check_how_made(files, rendering, path)


def _check_how_made(files: FilesOfSource, rendering: Rendering, path: str) -> Iterator[Finding]:
    """`render.json` states when and with what the page was rendered."""
    try:
        made = json.loads(files.control.read(path) or b"")
        browser = f"{made['browser']['name']} {made['browser']['version']}"
        found = (made["rendered"], browser)
    except (ValueError, KeyError, TypeError, RecursionError):
        found = ("", "")
    if found != (rendering.rendered, rendering.browser):
        facts = {"expected": " with ".join(map(str, found)), "found": f"{rendering.rendered} with {rendering.browser}"}
        yield _finding(files, "file-contradicted", path, **facts)


def _digest_of(files: FilesOfSource, name: str) -> str:
    return _sha256(files.exchanges.records.block(name))


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _up_to(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield pieces until they are more than a file of this size: then they are not that file, however long they are."""
    for piece in pieces:
        yield piece
        size -= len(piece)
        if size < 0:
            return


def _finding(files: FilesOfSource, code: str, path: str, **facts: str) -> Finding:
    return make_finding(code, BagPath(path), source=files.entry.id, **facts)


def check_stray_files(control: ControlFiles, ledger: Ledger) -> Iterator[Finding]:
    """Every payload file is one that our bags have, or one that the ledger names."""
    named = {path for entry in ledger.sources for copy in entry.copies for path in copy.files}
    named |= {path for entry in ledger.sources if entry.rendering is not None for path in entry.rendering.files}
    named |= {ledger.report.path} if ledger.report.path is not None else set()
    sources = {entry.id for entry in ledger.sources}
    named |= set(layout.source_pages(sources))
    for path in control.sizes:
        if path not in named and not _is_expected(control, path):
            source = layout.source_of(path)
            facts = {"source": source} if source in sources else {}
            yield make_finding("file-unexplained", BagPath(path), found="no statement names it", **facts)


def _is_expected(control: ControlFiles, path: str) -> bool:
    """True for what bags of ours have beside the files of sources: WARCs, timestamps of a run that was stamped."""
    if path.startswith(layout.ARCHIVE):
        return layout.is_expected(path) and is_warc(path)
    for stamped in (layout.BEGUN, layout.ENDED):
        if path.startswith(stamped.removesuffix("json")[:-1] + "-"):
            return layout.is_expected(path) and control.holds(stamped)
    return layout.is_expected(path)
