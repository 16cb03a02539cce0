"""The errors of a bag as text, for a command that refuses it."""

from __future__ import annotations

from collections.abc import Iterable

from archive_manifests.finding_codes import CATALOGUE
from archive_manifests.findings import Finding, Severity

MOST = 20
"""Errors that are named one by one."""
_LONGEST = 200


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.severity is Severity.ERROR]


def as_text(errors: list[Finding]) -> str:
    """How many errors there are and what the first ones are, each in a line of its own."""
    count = sum(one.count for one in errors)
    lines = [_line(one) for one in errors[:MOST]]
    left = count - sum(one.count for one in errors[:MOST])
    lines += [f"and {left:,} more"] if left else []
    return f"{count:,} error{'s' if count != 1 else ''}:" + "".join(f"\n  {line}" for line in lines)


def _line(error: Finding) -> str:
    where = f" {error.path.encoded()[:_LONGEST]}" if error.path else ""
    about = "; ".join(text[:_LONGEST] for text in (_compared(error), error.note) if text)
    return f"{error.code}{where}: {CATALOGUE[error.code].says}{f' ({about})' if about else ''}".replace("\n", " ")


def _compared(error: Finding) -> str | None:
    parts = (("expected", error.expected), ("found", error.found))
    return ", ".join(f"{name} {value[:_LONGEST]}" for name, value in parts if value) or None
