"""Custody events: what is read out of them again stands in their codes and facts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archive_manifests.custody import events_of, resumed_of
from tests.archive.page.sample_ledger import ENDED, every_verdict

RESUMED = [("2026-11-22T10:01:00Z", 12), ("2026-11-22T10:02:00Z", 0)]
EVENTS = list(
    events_of(every_verdict(), agent="a", resumed=RESUMED, files=1, records=2, finished=ENDED, nonce="n")
)


def test_when_the_work_was_resumed_is_read_whatever_the_details_say() -> None:
    assert list(resumed_of(EVENTS)) == RESUMED
    assert list(resumed_of(replace(event, detail="another wording") for event in EVENTS)) == RESUMED


@pytest.mark.parametrize("count", ["", "-1", "١٢", "1" * 19, "12 records"])
def test_a_resumed_event_without_a_count_is_passed_over(count: str) -> None:
    assert list(resumed_of(replace(event, facts={"records": count}) for event in EVENTS)) == []
