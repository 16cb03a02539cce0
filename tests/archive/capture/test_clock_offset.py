"""The collector's clock against the servers': a median of several hosts, and nothing from one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from archive.capture.clock_offset import ClockCheck
from archive_manifests.notes import note

STARTED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def response(host: str, seconds: float) -> SimpleNamespace:
    """A response of a server whose clock is `seconds` ahead of the collector's."""
    fields = {"Date": format_datetime(STARTED + timedelta(seconds=seconds), usegmt=True)}
    return SimpleNamespace(
        header=fields.get, is_fresh=True, started=STARTED.isoformat(), url=SimpleNamespace(host=host)
    )


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ([], note("clock-unknown")),
        ([90], note("clock-unknown")),
        ([90, 90, -7000], note("clock-behind", seconds=90, hosts=3)),
        ([-61, -61], note("clock-ahead", seconds=60, hosts=2)),
    ],
)
def test_the_offset_is_the_median_of_at_least_two_hosts(offsets: list[float], expected: object) -> None:
    check = ClockCheck()
    for number, seconds in enumerate(offsets):
        check.observe(response(f"h{number}.example", seconds))  # type: ignore[arg-type]
    assert check.statement() == expected
