"""A run that is stated otherwise than its WARCs state it: when it ended, and the round that was known as it began."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive_manifests import records
from tests.archive.verify.forged_bag import LOG, ForgedBag
from tests.archive.verify.test_forged_predecessors import captured

ROUND = "7f" * 32


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return captured(tmp_path_factory.mktemp("daily"))


def _ended(hours: int) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        ended = datetime.fromisoformat(bag.ledger.ended) + timedelta(hours=hours)
        stated = ended.strftime("%Y-%m-%dT%H:%M:%SZ")
        bag.set_events(lambda events: [*events[:-1], replace(events[-1], time=max(stated, events[-1].time))])
        bag.ledger = replace(bag.ledger, ended=stated)

    return forge


def _round_added(bag: ForgedBag) -> None:
    bag.ledger = replace(bag.ledger, conditions=replace(bag.ledger.conditions, round=ROUND))
    bag.write(LOG, "".join(records.chained(bag.records, records.first_prev(None, ROUND))).encode())


def _end_erased(bag: ForgedBag) -> None:
    path = "data/archive/s01.warc.gz"
    lines = [each for each in bag.records if each.file == path]
    (end,) = [each for each in lines if b'"archive.ended/1"' in bag.block_of(each.id)]
    data = bag.read(path)
    bag.write(path, b"".join(data[each.offset : each.offset + each.length] for each in lines if each is not end))
    bag.relog()


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (_ended(0), set()),
        (_ended(2), {("time-contradicted", None)}),
        (_end_erased, {("time-contradicted", None)}),
        (_round_added, {("condition-contradicted", None)}),
    ],
)
def test_what_a_run_stated_in_its_warcs_is_compared(
    sound: Path, tmp_path: Path, forge: Callable[[ForgedBag], None], found: set[tuple[str, str | None]]
) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    forge(bag)
    bag.seal_over()
    assert set(bag.errors()) == found
