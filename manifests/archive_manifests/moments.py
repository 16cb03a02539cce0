"""Days and moments as people write them, and the one spelling that a bag has of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def instant(time: datetime) -> str:
    """UTC to the second, the fraction cut off: when something happened, as our clock showed it."""
    time = time.astimezone(UTC)
    return f"{time.year:04d}-{time:%m-%dT%H:%M:%SZ}"  # strftime(3) writes the year 1 as `1`


def iso(time: datetime) -> str:
    """UTC to the second, rounded up: what is proven 'not later than' must not be shown earlier than it is."""
    time = time.astimezone(UTC)
    if time.microsecond:
        time = time.replace(microsecond=0) + timedelta(seconds=1)
    return instant(time)


def moment(text: str) -> str:
    """A day, or a moment with its zone: `2026-11-22`, `2026-11-22T10:00:00Z`. Raises `ValueError`."""
    text = text.strip()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time; write 2026-11-22, or 2026-11-22T10:00:00Z") from None
    if len(text) == len("2026-11-22"):
        return read.date().isoformat()
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no zone; end it with Z for UTC, or with +02:00 and the like")
    return read.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
