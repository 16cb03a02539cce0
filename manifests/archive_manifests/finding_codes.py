"""The closed catalogue of findings: what each code means, its kind, its severity, the question that it belongs to."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from archive_manifests.finding_tables.coverage import COVERAGE
from archive_manifests.finding_tables.fixity import FIXITY
from archive_manifests.finding_tables.handover import HANDOVER
from archive_manifests.finding_tables.origin import ORIGIN
from archive_manifests.finding_tables.row import Table
from archive_manifests.finding_tables.structure import STRUCTURE
from archive_manifests.finding_tables.wacz import WACZ
from archive_manifests.finding_tables.warc import WARC
from archive_manifests.finding_tables.when import WHEN
from archive_manifests.finding_tables.who import WHO
from archive_manifests.findings import Finding, Kind, Severity
from archive_manifests.paths import BagPath


class CodeRow(Struct, frozen=True):
    """One code of the catalogue."""

    severity: Severity
    question: str
    says: str
    """One plain sentence, for people."""
    rule: str | None = None
    kind: Kind = Kind.NONCONFORMANCE


STRICT_IN_OURS = frozenset(
    {"warc-not-per-record", "warc-reference", "warc-truncated-unmarked", "warc-field-form", "warc-payload-framing"}
    | {"warc-extension-repeated", "warc-type-unknown", "warc-date-form", "warc-digest-unknown"}
)
"""Warnings that are errors in a bag of ours: the standard only advises, or others err, but we never write that."""


def _rows(question: str, table: Table) -> dict[str, CodeRow]:
    return {
        code: CodeRow(severity, question, says, f"RFC 8493 {rule}" if rule[:1].isdigit() else rule or None, kind)
        for code, (severity, kind, rule, says) in table.items()
    }


CATALOGUE: dict[str, CodeRow] = (
    _rows("structure", STRUCTURE)
    | _rows("fixity", FIXITY)
    | _rows("warc", WARC)
    | _rows("coverage", COVERAGE)
    | _rows("who", WHO)
    | _rows("when", WHEN)
    | {code: row for question, table in WACZ.items() for code, row in _rows(question, table).items()}
    | _rows("origin", ORIGIN)
    | {
        code: CodeRow(severity, question, says, None, kind)
        for code, (question, severity, kind, says) in HANDOVER.items()
    }
)
"""Code -> what it means. A code that is not here is a fault in the program."""


def make_finding(code: str, path: BagPath | None = None, **facts: Any) -> Finding:
    """Make a finding from its row of the catalogue. `facts` are fields of `Finding`; they win over the row's."""
    row = CATALOGUE[code]
    stated: dict[str, Any] = {"rule": row.rule, "severity": row.severity, "question": row.question, "kind": row.kind}
    return Finding(code=code, path=path, **(stated | facts))
