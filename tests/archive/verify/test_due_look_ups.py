"""A look-up in other archives that was due, and that is erased with all its records, is missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.verify.sources.mementos import check_lookup_was_made
from archive.words.notes import with_text
from archive_manifests.ledger import Conditions, Ledger, SourceEntry, Status
from archive_manifests.notes import note
from archive_manifests.sources import Source
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, json

HOST, ARCHIVE = "www.daily.org", "data/archive/s01.warc.gz"
LOST = f"https://{HOST}/lost"


class Daily(Site):
    """Has no page any more."""

    hosts = (HOST,)


class Wayback(Site):
    """Has no copy of anything."""

    hosts = ("web.archive.org",)

    def reply(self, request: Request) -> Reply | Answer:
        return json("[]") if "/cdx/" in request.target else super().reply(request)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("looked-up")
    (folder / "report.txt").write_text(f"See {LOST} for it.\n")
    with World([Daily(), Wayback()]) as world:
        settings = FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0)
        fetch(folder / "report.txt", folder / "B", settings)
    (entry,) = ForgedBag(folder / "B").ledger.sources
    assert (entry.status, entry.memento_lookup) == (Status.GONE, "none")
    return folder / "B"


def _erase_look_up(bag: ForgedBag) -> None:
    """Take out what the archive answered, what is recorded of it, and what the ledger says of it."""
    others = [each for each in bag.records if "web.archive.org" not in (each.uri or "")]
    others = [each for each in others if each.type != "metadata" or b"web.archive.org" not in bag.block_of(each.id)]
    bag.write(ARCHIVE, b"".join(bag.read(ARCHIVE)[each.offset : each.offset + each.length] for each in others))
    bag.relog()
    left, entry = {each.id for each in others}, bag.entry("s01")
    notes = tuple(each for each in entry.notes if not each.code.startswith("memento"))
    exchanges = tuple(each for each in entry.exchanges if each in left)
    bag.set_source("s01", memento_lookup="not-requested", notes=notes, exchanges=exchanges)
    unknown = with_text(note("clock-unknown"))  # the clock was measured at two hosts
    bag.ledger = replace(bag.ledger, conditions=replace(bag.ledger.conditions, clock=unknown))


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_look_up_that_was_due_is_missed(sound: Path, tmp_path: Path, *, is_erased: bool) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    if is_erased:
        _erase_look_up(bag)
    bag.seal_over()
    assert bag.errors() == ([("memento-contradicted", "s01")] if is_erased else [])


def _missed(entry: SourceEntry, ledger: Ledger, cited: str = LOST) -> bool:
    return bool([*check_lookup_was_made(entry, Source(cited, ()), ledger)])


def test_no_look_up_is_missed_that_was_not_due(sound: Path) -> None:
    ledger = ForgedBag(sound).ledger
    entry = replace(ledger.sources[0], memento_lookup="not-requested")

    def under(**changes: object) -> Ledger:
        conditions: Conditions = replace(ledger.conditions, **changes)  # type: ignore[arg-type]
        return replace(ledger, conditions=conditions)

    assert _missed(entry, ledger)
    assert _missed(replace(entry, status=Status.SUPPLIED), ledger)
    assert not _missed(entry, ledger, cited="https://wiki.internal/page")
    assert not _missed(entry, under(memento_policy=note("memento-policy-off")))
    assert not _missed(entry, under(memento_policy=note("memento-policy-unpublished")))
    assert not _missed(entry, under(third_parties=False))
    assert not _missed(replace(entry, notes=(note("fault-elsewhere", detail="E: e"),)), ledger)
    served = replace(entry, status=Status.CAPTURED, live=replace(entry.live, status=Status.CAPTURED))
    assert not _missed(served, ledger)
    assert _missed(served, under(memento_policy=note("memento-policy-every", hosts="web.archive.org")))
