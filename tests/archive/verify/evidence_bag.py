"""The evidence part of a small sound bag of ours, as files, so that a test can break one thing in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from archive.verify.coverage import check_coverage
from archive.verify.files.control_files import ControlFiles, is_control_file, is_warc
from archive.verify.records.warc import check_warc
from archive.warc.report import WarcReport
from archive.warc.scan import WarcScan
from archive.words.notes import with_text
from archive_manifests import custody, records
from archive_manifests import ledger as ledgers
from archive_manifests.cdxj import index_cdx
from archive_manifests.custody import Event
from archive_manifests.datapackage import datapackage_json, title_of
from archive_manifests.findings import Finding
from archive_manifests.ledger import (
    Conditions,
    Copy,
    Facet,
    Facets,
    Ledger,
    ReportEntry,
    Requisite,
    SourceEntry,
    Status,
    Verdict,
)
from archive_manifests.notes import note
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation, Report
from tests.archive.warc.warc_bytes import member, record, sha256, uuid

AT = "2026-11-22T10:00:00Z"
TEXT = "تقرير\nSee https://sn4hr.org/a and\nhttps://sn4hr.\norg/b for more\n"
ORIGINAL = b"the report"

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
IMAGE = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\npng"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno"
CHALLENGE = b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nwait"

CONDITIONS = Conditions(
    user_agent="Mozilla/5.0",
    memento_policy=with_text(note("memento-policy-none")),
    clock=with_text(note("clock-unknown")),
)

Files = dict[str, bytes]


def requested(number: int, url: str, answer: int) -> tuple[str, bytes, str]:
    host = url.split("/")[2]
    block = f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    return url, record("request", number, block, WARC_Target_URI=url, WARC_Concurrent_To=f"<{uuid(answer)}>"), "request"


def got(number: int, url: str, block: bytes) -> tuple[str, bytes, str]:
    body = block.partition(b"\r\n\r\n")[2]
    digest = f"sha256:{sha256(body)}"
    return url, record("response", number, block, WARC_Target_URI=url, WARC_Payload_Digest=digest), "response"


A, B, PNG, GONE = (f"https://sn4hr.org/{name}" for name in ("a", "b", "a.png", "gone.css"))
STORED = {
    "data/archive/s01.warc.gz": [
        ("", record("warcinfo", 0, b"software: evidence-archive\r\n"), "warcinfo"),
        requested(1, A, 2), got(2, A, PAGE),
        requested(3, PNG, 4), got(4, PNG, IMAGE),
        requested(5, GONE, 6), got(6, GONE, MISSING),
    ],
    "data/archive/s02.warc.gz": [
        ("", record("warcinfo", 10, b"software: evidence-archive\r\n"), "warcinfo"),
        requested(11, B, 12), got(12, B, CHALLENGE),
    ],
}  # fmt: skip
"""File -> URL, record and type of each of its records."""


def warcs() -> Files:
    return {path: b"".join(member(stored) for _, stored, _ in listed) for path, listed in STORED.items()}


def log_of(files: Files) -> list[RecordLine]:
    """What a recorder would have logged of the WARCs among these files."""
    lines = []
    for path in sorted(path for path in files if is_warc(path)):
        for each in scanned(path, files[path]).records():
            payload = each.payload_sha256 if each.type == "response" else None
            lines.append(
                RecordLine(
                    *(path, each.offset, each.length, each.sha256, each.id, each.type, each.uri, each.date),
                    *(each.http_status, each.mime, payload),
                )
            )
    return lines


def ledger() -> Ledger:
    facet = Facet(present=True)
    plain = SourceEntry(
        id="s01",
        cited=A,
        citations=(Citation(page=1, line=2, offset=TEXT.index(A), length=len(A)),),
        status=Status.CAPTURED,
        reason=None,
        detail=None,
        live=Verdict(Status.CAPTURED),
        copies=(Copy("live", A, AT, records=(uuid(2),)),),
        final_url=A,
        http_status=200,
        started=AT,
        ended=AT,
        exchanges=(uuid(2),),
        requisites=(
            Requisite(PNG, "captured", None, "image", A, uuid(4)),
            Requisite(GONE, "error", "http", "style", A, uuid(6), status=404),
        ),
        facets=Facets(facet, facet, facet),
    )
    blocked = replace(
        plain,
        id="s02",
        cited=B,
        citations=(Citation(page=2, line=3, offset=TEXT.index("https://sn4hr.\n"), length=len(B) + 1),),
        status=Status.BLOCKED,
        reason="challenge",
        live=Verdict(Status.BLOCKED, "challenge"),
        copies=(),
        final_url=B,
        http_status=403,
        exchanges=(uuid(12),),
        requisites=(),
    )
    stated = Report(id="R1", title="A report", date="2026-11-01", sha256=sha256(ORIGINAL))
    entry = ReportEntry(stated, "data/report/original.txt", "report.txt", len(ORIGINAL), 2)
    return Ledger(ledgers.SCHEMA, entry, CONDITIONS, AT, AT, (plain, blocked))


def events() -> list[Event]:
    return [Event(0, AT, kind, "evidence-archive 0.1.0", "", "done") for kind in ("capture", "ingestion")]


def make(observed: Ledger | None = None, stored: Files | None = None, log: list[RecordLine] | None = None) -> Files:
    """Every file of the evidence part, sound where nothing else is handed in."""
    observed = observed or ledger()
    files = stored or warcs()
    log = log_of(files) if log is None else log
    files |= {
        "data/report/original.txt": ORIGINAL,
        "data/report/text.txt": TEXT.encode(),
        "data/sources.json": ledgers.to_json(observed).encode(),
        "data/provenance/records.jsonl": "".join(records.chained(log)).encode(),
        "data/provenance/events.jsonl": "".join(custody.chained(events())).encode(),
        "data/indexes/index.cdx": index_cdx(log).encode(),
        "data/pages/pages.jsonl": pages_jsonl(observed, log).encode(),
    }
    return files | {"data/datapackage.json": package(files, observed).encode()}


def package(files: Files, observed: Ledger) -> str:
    within = [path for path in files if re.match("data/(archive|indexes|pages)/", path)]
    resources = [
        (path.rpartition("/")[2], path.removeprefix("data/"), len(files[path]), sha256(files[path])) for path in within
    ]
    return datapackage_json(title_of(observed), AT, "evidence-archive 0.1.0", resources)


def with_ledger(change: Callable[[Ledger], Ledger]) -> Files:
    return make(change(ledger()))


def with_source(index: int, **changes: object) -> Files:
    """A bag whose ledger says something else of one source."""

    def changed(observed: Ledger) -> Ledger:
        sources = list(observed.sources)
        sources[index] = replace(sources[index], **changes)  # type: ignore[arg-type]
        return replace(observed, sources=tuple(sources))

    return with_ledger(changed)


def scanned(path: str, data: bytes) -> WarcReport:
    reading = WarcScan(BagPath(path))
    reading.feed(data)
    return reading.close()


def retained(files: Files, *, is_ours: bool = True, too_large: Iterable[str] = ()) -> ControlFiles:
    """What the one read of such a bag leaves behind."""
    left = {BagPath(path) for path in too_large}
    return ControlFiles(
        contents={BagPath(p): d for p, d in files.items() if is_control_file(p) and BagPath(p) not in left},
        sizes={path: len(data) for path, data in files.items()},
        is_ours=is_ours,
        sha256={path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
        too_large=frozenset(left),
    )


def reports(files: Files) -> dict[BagPath, WarcReport]:
    return {BagPath(path): scanned(path, data) for path, data in files.items() if is_warc(path)}


def warc_findings(files: Files, *, is_strict: bool = False, **how: bool) -> list[Finding]:
    return check_warc(retained(files, **how), reports(files), is_strict=is_strict)


def coverage_findings(files: Files, **how: bool) -> list[Finding]:
    return check_coverage(retained(files, **how), reports(files))


def observed(findings: Iterable[Finding]) -> list[str]:
    """Every finding as `code path`, warnings in parentheses, in order of their names."""
    lines = []
    for finding in findings:
        line = f"{finding.code} {(finding.path or '')!s}".replace("data/", "", 1)
        lines.append(f"({line})" if finding.severity == "warning" else line)
    return sorted(lines)
