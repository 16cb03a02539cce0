"""Takes in what a provider says it read: S3 Batch Operations' report on checksums computed from the stored objects.

It is the custodian's word, so its method is `provider-report`, never `full-read`; the policy asks for full reads
all the same. (Amazon S3 User Guide, "Checking object integrity for data at rest")
"""

from __future__ import annotations

import base64
import binascii
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_plus

import msgspec
from msgspec import Struct
from sqlalchemy import select

from archive.audit.catalogue import runs
from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import record_reports
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.runs import AuditRun
from archive.audit.catalogue.schema import bag_copy
from archive.audit.content import summed
from archive.audit.instants import text_of
from archive.audit.policy import read_policy
from archive.errors import UsageProblem
from archive_manifests.plain_text import plain_reason

METHOD = "provider-report"

REPORTED = "provider report"
"""The type of its events: a fixity check is what we read ourselves."""

SAME, DIFFERS, INCOMPLETE = "sound", "differs", "incomplete"

COLUMNS = 7
"""Bucket, key, version, task status, error code, HTTP status, result message."""

Clock = Callable[[], datetime]


class ReportTaken(Struct, frozen=True):
    """What a report said about the copies that it covers."""

    run_id: str
    outcomes: dict[str, int]
    due: tuple[str, ...]
    """Places of copies that the report does not confirm: they are due for a full read now."""
    unusable: int
    """Rows without a SHA-256 of a whole object: a checksum of checksums is comparable with nothing."""

    @property
    def exit_code(self) -> int:
        return 1 if self.outcomes[DIFFERS] else 3 if self.outcomes[INCOMPLETE] or self.unusable else 0


def take_report(
    catalogue: CatalogueDatabase, report: Path, by: str | None = None, now: Clock = lambda: datetime.now(UTC)
) -> ReportTaken:
    """Compare a completion report (CSV) with the copies in its buckets. Raises `UsageProblem`.

    A copy is confirmed where the digests of all its objects sum up to what it was when it was last verified.
    """
    digests, unusable = _read(report)
    at = text_of(now())
    with catalogue.coordinator(), catalogue.writing() as connection:
        columns = (bag_copy.c.copy_id, bag_copy.c.url, bag_copy.c.content_digest, bag_copy.c.files)
        live = bag_copy.c.retired_at.is_(None)
        copies = connection.execute(select(*columns).where(live, bag_copy.c.url.like("s3://%"))).all()
        judged = [(row.copy_id, row.url, outcome) for row in copies if (outcome := _outcome(row, digests))]
        words = runs.selector_text(report=report.name, rows=sum(map(len, digests.values())))
        run = AuditRun(runs.new_id(now()), "report", runs.OPEN, at, words, None, len(copies), None, len(judged))
        runs.begin(connection, run, METHOD, by, now())
        made = [
            FixityEvent(at, REPORTED, run.run_id, copy_id, outcome=outcome, method=METHOD, operator=by)
            for copy_id, _, outcome in judged
        ]
        seqs = append(connection, made)
        rows = [(copy_id, outcome == SAME, seq) for (copy_id, _, outcome), seq in zip(judged, seqs, strict=True)]
        record_reports(connection, rows, at, read_policy(connection))
        counts = Counter({SAME: 0, DIFFERS: 0, INCOMPLETE: 0}) + Counter(outcome for _, _, outcome in judged)
        outcomes = {name: counts[name] for name in (SAME, DIFFERS, INCOMPLETE)}
        runs.end(connection, run, runs.ENDED, outcomes, now())
    due = tuple(url for _, url, outcome in judged if outcome != SAME)
    return ReportTaken(run.run_id, outcomes, due, unusable)


def _outcome(row: object, digests: dict[str, dict[str, str]]) -> str | None:
    """What the report says about one copy; None where it says nothing."""
    url, content, files = row.url, row.content_digest, row.files  # type: ignore[attr-defined]
    bucket, _, key = url.removeprefix("s3://").partition("/")
    of_bucket = digests.get(bucket, {})
    if key in of_bucket:
        return SAME if content == f"sha256:{of_bucket[key]}" else DIFFERS
    below = {name[len(key) + 1 :]: digest for name, digest in of_bucket.items() if name.startswith(f"{key}/")}
    if not below:
        return None
    if content is None or not content.startswith("sha256:") or len(below) < files:
        return INCOMPLETE
    return SAME if summed("sha256", {name.encode(): digest for name, digest in below.items()}) == content else DIFFERS


def _read(report: Path) -> tuple[dict[str, dict[str, str]], int]:
    """Bucket -> key -> hex sha256, and how many rows said nothing that can be used."""
    digests: dict[str, dict[str, str]] = {}
    unusable = 0
    for number, row in _rows(report):
        if len(row) < COLUMNS:
            expected = f"expected {COLUMNS} columns of a completion report"
            raise UsageProblem(f"{report} line {number}: {expected}, found {len(row)}")
        digest = _digest(row[6]) if row[3].lower() == "succeeded" else None
        if digest is None:
            unusable += 1
        else:
            digests.setdefault(row[0], {})[unquote_plus(row[1])] = digest
    return digests, unusable


def _rows(report: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with report.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream)
            for row in reader:
                if row and row[0].lower() != "bucket":
                    yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageProblem(f"{report}: not a completion report in CSV: {plain_reason(error)}") from error


def _digest(message: str) -> str | None:
    """The hex sha256 of a whole object in a result message; None for any other checksum."""
    try:
        said = msgspec.json.decode(message)
        is_whole = said["checksumAlgorithm"] == "SHA256" and said["checksumType"] == "FULL_OBJECT"
        raw = base64.b64decode(said["checksum_base64"], validate=True)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, binascii.Error):
        return None
    return raw.hex() if is_whole and len(raw) == 32 else None
