"""What is said of a look-up: in a `metadata` record that ties it to the cited URL, and in sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from archive.capture.memento.cdx import Row, end_of_day
from archive.capture.memento.open_capture import Opened
from archive.capture.memento.wayback import RULE, Lookup
from archive_manifests.ledger import SourceEntry
from archive_manifests.moments import instant

FAR = 30
"""Days from the report's date beyond which a copy's age is pointed out."""
_ROWS_TOLD = 50


def record_of(lookup: Lookup, cited: str, entry: SourceEntry, report_date: str | None) -> dict[str, Any]:
    """The look-up as the block of a `metadata` record: nothing in it is claimed about the cited server."""
    best = lookup.best
    told: dict[str, Any] = {
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
        "index_answers": [recorded.answer for recorded in lookup.asked],
    }
    if best is not None and best.held is not None:
        told |= {
            "memento": best.held.url.href,
            "memento_datetime": instant(best.held.moment),
            "found_as": lookup.form.label if lookup.form else None,
            "index_row": dict(zip(lookup.fields, best.row.values, strict=True)),
            "delta_days": delta_days(best.held.moment, report_date),
            "after_report": is_after(best.held.moment, report_date),
        }
    told["passed_over"] = [_passed_over(opened) for opened in lookup.passed_over if opened is not best]
    told["listed"] = [list(row.values) for row in lookup.listed[:_ROWS_TOLD]]
    if lookup.troubles:
        told["troubles"] = lookup.troubles
    return told


def _passed_over(opened: Opened) -> dict[str, Any]:
    return {"memento": opened.row.held.url.href, "because": opened.verdict.detail, "records": list(opened.records)}


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


def age(moment: datetime, report_date: str | None) -> str:
    """How far a copy is from the report, in words."""
    delta = delta_days(moment, report_date)
    if delta is None:
        return "the report states no date"
    if delta == 0:
        return "on the day of the report"
    return f"{abs(delta)} {'day' if abs(delta) == 1 else 'days'} {'AFTER' if delta > 0 else 'before'} the report"


def notes_on(lookup: Lookup, report_date: str | None) -> Iterator[str]:
    """Sentences for a person."""
    best = lookup.best
    if best is not None and best.held is not None:
        delta = delta_days(best.held.moment, report_date)
        if delta is not None and abs(delta) > FAR:
            yield f"the archive's copy is far from the report's date: {age(best.held.moment, report_date)}"
        if lookup.form is not None and lookup.form.label != "as cited":
            yield f"the archive holds it under another address, {lookup.form.url}: {lookup.form.label}"
        changed = _changed_later(lookup, best.row, report_date)
        if changed is not None:
            yield f"the archive's index shows another content on {instant(changed.moment)}, after the report"
    for opened in lookup.passed_over:
        if opened is not best:
            yield f"a copy of {instant(opened.row.moment)} was passed over: {opened.verdict.detail}"
    for trouble in dict.fromkeys(lookup.troubles):
        yield f"while looking for a copy: {trouble}"


def _changed_later(lookup: Lookup, row: Row, report_date: str | None) -> Row | None:
    """The earliest listed copy after the report whose content differs from that of a copy before it."""
    later = [each for each in lookup.listed if each.status == 200 and is_after(each.moment, report_date)]
    if is_after(row.moment, report_date) or row.status != 200 or not later:
        return None
    first = min(later, key=lambda each: each.moment)
    return first if first.digest != row.digest and first.held.original.href == row.held.original.href else None
