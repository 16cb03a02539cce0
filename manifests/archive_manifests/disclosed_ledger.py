"""The ledger of a disclosure copy, read from its parts in `data/ledger/`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from archive_manifests import canonical
from archive_manifests.disclosure_copy import Withheld, ledger_path
from archive_manifests.errors import StatementError
from archive_manifests.ledger import Conditions, Ledger, ReportEntry, SourceEntry
from archive_manifests.plain_text import plain_reason
from archive_manifests.sources import Report

HALVES = ("citations", "capture")
"""The kinds of the two parts of a source's entry."""
CONDITIONS = ledger_path("conditions", "")
REPORT = ledger_path("report", "")

NO_REPORT = ReportEntry(Report("unnamed-report"), path=None, name=None, size=None, pages=None)
"""What a copy says of the report where its maker left the report's head out: no title, no digest, no size."""
_IDENT = re.compile(r"s[0-9]{2,9}")


class ConditionsPart(Struct, frozen=True):
    """The head of the ledger without the report: how and when the captures were made."""

    schema: str
    conditions: Conditions
    started: str
    ended: str
    predecessor: str | None = None


def parse_conditions(content: bytes) -> ConditionsPart:
    """Read `data/ledger/conditions.json`. Raises `StatementError`."""
    return canonical.parse(content, ConditionsPart, what="conditions.json")


def parse_entry(citations: bytes, capture: bytes) -> SourceEntry:
    """Put the two halves of a source's entry together. Raises `StatementError`."""
    fields: dict[str, Any] = {}
    try:
        for half in (citations, capture):
            fields |= msgspec.json.decode(half, type=dict[str, Any])
        return msgspec.convert(fields, SourceEntry)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise StatementError(f"entry of a source: {plain_reason(error)}") from error


def disclosed_ledger(withheld: Withheld, read: Callable[[str], bytes]) -> Ledger:
    """The ledger with the disclosed sources alone; `read` returns the bytes of a payload path, none where it is not.

    Raises `StatementError`, and what `read` raises.
    """
    head = parse_conditions(read(CONDITIONS))
    stated = read(REPORT)
    report = canonical.parse(stated, ReportEntry, what="report.json") if stated else NO_REPORT
    strange = next((ident for ident in withheld.disclosed if _IDENT.fullmatch(ident) is None), None)
    if strange is not None:
        raise StatementError(f"withheld.json: {strange[:40]!r} in disclosed; expected ids of sources such as s01")
    sources = [parse_entry(*(read(ledger_path(kind, ident)) for kind in HALVES)) for ident in withheld.disclosed]
    return Ledger(head.schema, report, head.conditions, head.started, head.ended, tuple(sources), head.predecessor)
