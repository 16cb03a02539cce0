"""Instants as the ledger and records state them."""

from __future__ import annotations

from datetime import datetime


def moment_of(text: str | None) -> datetime | None:
    """An instant of the ledger or of a WARC-Date; None where it is none."""
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
