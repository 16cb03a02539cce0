"""Moments as the catalogue spells them: UTC, to the second, so that text sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
