"""Instants in their one spelling."""

from __future__ import annotations

from datetime import UTC, datetime

from archive_manifests.moments import iso


def test_an_instant_of_any_year_is_read_back() -> None:
    for year in (1, 526, 1969, 9999):
        time = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert datetime.fromisoformat(iso(time)) == time


def test_a_fraction_of_a_second_is_rounded_up() -> None:
    assert iso(datetime(2026, 11, 22, 10, 0, 0, 1, tzinfo=UTC)) == "2026-11-22T10:00:01Z"
