"""How a proven time is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def iso(time: datetime) -> str:
    """UTC to the second, rounded up: what is proven 'not later than' must not be told as earlier than it is."""
    time = time.astimezone(UTC)
    if time.microsecond:
        time = time.replace(microsecond=0) + timedelta(seconds=1)
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
