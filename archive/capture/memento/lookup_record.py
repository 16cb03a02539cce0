"""Describes a look-up: in a `metadata` record that ties it to the cited URL, and in notes for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from archive.capture.memento.cdx import CdxRow, end_of_day
from archive.capture.memento.open_capture import OpenedMemento
from archive.capture.memento.wayback import RULE, Lookup
from archive.words.notes import with_text
from archive_manifests.ledger import SourceEntry
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note

FAR = 30
"""Days between copy and report beyond which a note states the copy's age."""
_ROWS_LISTED = 50


def record_of(lookup: Lookup, cited: str, entry: SourceEntry, report_date: str | None) -> dict[str, Any]:
    """The look-up as the block of a `metadata` record; it claims nothing about the cited server."""
    best = lookup.best
    block: dict[str, Any] = {
        "schema": "archive.memento/1",
        "original": cited,
        "archive": lookup.archive,
        "archive_host": lookup.host,
        "outcome": lookup.outcome,
        "because": {
            "live_status": str(entry.live.status),
            "live_reason": entry.live.reason,
            "live_attempt": live_attempt(entry),
        },
        "rule": RULE,
        "report_date": report_date,
        "looked_for": instant(lookup.target),
        "index_answers": [recorded.answer for recorded in lookup.requests],
    }
    if best is not None and best.memento is not None:
        block |= {
            "memento": best.memento.url.href,
            "memento_datetime": instant(best.memento.moment),
            "found_as": with_text(lookup.form.label) if lookup.form else None,
            "index_row": dict(zip(lookup.fields, best.row.values, strict=True)),
            "delta_days": delta_days(best.memento.moment, report_date),
            "after_report": is_after(best.memento.moment, report_date),
        }
    block["passed_over"] = [_passed_over(opened) for opened in lookup.passed_over if opened is not best]
    block["listed"] = [list(row.values) for row in lookup.listed[:_ROWS_LISTED]]
    if lookup.problems:
        block["problems"] = list(map(with_text, lookup.problems))
    return block


def _passed_over(opened: OpenedMemento) -> dict[str, Any]:
    why = with_text(opened.verdict.detail) if opened.verdict.detail is not None else None
    return {"memento": opened.row.memento.url.href, "because": why, "records": list(opened.records)}


def live_attempt(entry: SourceEntry) -> str | None:
    """Id of the record of the failed live attempt."""
    for copy in entry.copies:
        if copy.kind == "live" and copy.records:
            return copy.records[-1]
    return entry.exchanges[-1] if entry.exchanges else None


def delta_days(moment: datetime, report_date: str | None) -> int | None:
    """Days from the report's date, negative before it; None where the report states none."""
    day = end_of_day(report_date)
    return (moment.date() - day.date()).days if day is not None else None


def is_after(moment: datetime, report_date: str | None) -> bool:
    day = end_of_day(report_date)
    return day is not None and moment > day


def age(moment: datetime, report_date: str | None) -> Note:
    """How far in time a copy is from the report."""
    delta = delta_days(moment, report_date)
    if delta is None:
        return note("undated")
    if delta == 0:
        return note("same-day")
    return note("days-after", n=delta) if delta > 0 else note("days-before", n=-delta)


def notes_on(lookup: Lookup, report_date: str | None) -> Iterator[Note]:
    """Notes on the look-up for a person."""
    best = lookup.best
    if best is not None and best.memento is not None:
        delta = delta_days(best.memento.moment, report_date)
        if delta is not None and abs(delta) > FAR:
            yield note("memento-far", age=age(best.memento.moment, report_date))
        if lookup.form is not None and lookup.form.label.code != "form-cited":
            yield note("memento-other-form", url=lookup.form.url.href, form=lookup.form.label)
        changed = _changed_later(lookup, best.row, report_date)
        if changed is not None:
            yield note("memento-changed", when=instant(changed.moment))
    for opened in lookup.passed_over:
        if opened is not best and opened.verdict.detail is not None:
            yield note("memento-passed-over", when=instant(opened.row.moment), why=opened.verdict.detail)
    for problem in dict.fromkeys(lookup.problems):
        yield note("memento-problem", why=problem)


def _changed_later(lookup: Lookup, row: CdxRow, report_date: str | None) -> CdxRow | None:
    """The earliest listed copy after the report whose content differs from that of a copy before it."""
    later = [each for each in lookup.listed if each.status == 200 and is_after(each.moment, report_date)]
    if is_after(row.moment, report_date) or row.status != 200 or not later:
        return None
    first = min(later, key=lambda each: each.moment)
    return first if first.digest != row.digest and first.memento.original.href == row.memento.original.href else None
