"""The report for programs: one JSON object, and a text file for Prometheus' node exporter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from archive.audit.instants import moment_of
from archive.audit.report.gather import AuditReport

_PREFIX = "archive_audit"


def as_object(report: AuditReport) -> dict[str, Any]:
    """`archive.audit-report/1`."""
    document = to_builtins(report)
    chain = {
        "events": report.events, "head": report.head, "faults": document["faults"],
        "last_sealed": report.head_statement,
    }  # fmt: skip
    not_checked = {"number": report.not_checked_number, "copies": document["not_checked"]}
    return {
        "schema": "archive.audit-report/1",
        "at": report.at,
        "software": report.software,
        "copies": report.status.copies,
        "bags": report.status.bags,
        "outcomes": report.status.outcomes,
        "strata": document["status"]["strata"],
        "new": document["alarms"],
        "not_checked": not_checked,
        "confirmed_by_custodian_only": report.by_word,
        "claims_at_risk": document["claims"],
        "bags_without_sound_copy": document["bags"],
        "bags_by_sound_copies": {str(number): bags for number, bags in report.sound_copies.items()},
        "corroboration": document["corroboration"],
        "overdue": report.status.overdue,
        "deadlines": document["status"]["deadlines"],
        "last_run": document["last_run"],
        "recent": list(report.recent),
        "chain": chain,
    }


def as_json(report: AuditReport) -> str:
    return json.dumps(as_object(report), indent=1, ensure_ascii=True) + "\n"


def as_prometheus(report: AuditReport) -> str:
    """The text exposition format. Alert on `archive_audit_new_copies > 0`."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: AuditReport) -> Iterator[str]:
    status = report.status
    yield from _head("copies", "Copies by custodian, class and last outcome")
    for stratum in status.strata:
        for outcome, number in sorted(stratum.outcomes.items()):
            labels = {"custodian": stratum.custodian, "class": stratum.storage_class, "outcome": outcome}
            yield f"{_PREFIX}_copies{_labels(labels)} {number}"
    states = report.corroboration.states
    single = (
        ("new_copies", "Copies with something new wrong", status.alarming),
        ("overdue_copies", "Copies that should have been looked at by now", status.overdue),
        ("not_checked_copies", "Copies unreadable, left or overdue", report.not_checked_number),
        ("stated_copies", "Copies with a custodian's word since the last reading", report.by_word),
        ("claims_at_risk", "Citations without a sound copy", len(report.claims)),
        ("claims_contradicted", "Sources of a report that observers contradict", states.get("contradicted", 0)),
        ("bags_without_sound_copy", "Bags without a sound copy", len(report.bags)),
        ("chain_faults", "Events of the catalogue that were tampered with", len(report.faults)),
        ("events", "Events of the catalogue", report.events),
        ("report_timestamp_seconds", "When this file was written", int(moment_of(report.at).timestamp())),
    )
    for name, text, value in single:
        yield from _head(name, text)
        yield f"{_PREFIX}_{name} {value}"
    if report.last_run and report.last_run.ended_at:
        yield from _head("last_run_timestamp_seconds", "When the last audit ended")
        yield f"{_PREFIX}_last_run_timestamp_seconds {int(moment_of(report.last_run.ended_at).timestamp())}"


def _head(name: str, text: str) -> Iterator[str]:
    yield f"# HELP {_PREFIX}_{name} {text}"
    yield f"# TYPE {_PREFIX}_{name} gauge"


def _labels(labels: dict[str, str]) -> str:
    """Labels, escaped. (Prometheus, exposition formats: text-based format)"""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
