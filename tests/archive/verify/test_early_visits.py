"""Visits that were made again before there was a bag: used where the bag states what they were made of, else not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from archive.verify.files.growing_warcs import GrowingWarcs
from archive.verify.run import verify
from archive.verify.sources import check as source_check
from archive.verify.visits import early_visits
from archive.verify.visits.early_visits import EarlyVisits
from archive.verify.visits.replayed_visit import StoredExchanges, StoredSource
from archive_manifests import layout
from archive_manifests.notes import note
from archive_manifests.source_toml import from_toml
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.sample_bags import observed
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, file, html

HOST = "pictures.example"
PAGE = "<!DOCTYPE html><title>Market hit</title><h1>Market hit</h1><img src=/one.jpg><img src=/two.jpg>"


class Pictures(Site):
    """A page of two pictures."""

    hosts = (HOST,)

    def reply(self, request: Request) -> Reply | Answer:
        if request.target == "/page":
            return html(PAGE)
        if request.target in ("/one.jpg", "/two.jpg"):
            return file(b"\xff\xd8\xff\xe0 a picture" + request.target.encode(), "image/jpeg")
        return super().reply(request)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with World([Pictures()]) as world:
        return fetched(world, tmp_path_factory.mktemp("early"), f"https://{HOST}/page", memento=False).bag


@pytest.fixture
def forged(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / sound.name)


def early(bag: ForgedBag) -> GrowingWarcs:
    """The WARCs of a bag, and the visits of its sources, as they are before it is changed."""
    visits = EarlyVisits(bag.path)
    growing = GrowingWarcs(bag.path, visits)
    growing.read_on()
    visits.begin(bag.ledger.report, bag.ledger.conditions, from_toml(bag.read(layout.SOURCE_MANIFEST).decode()))
    for entry in bag.ledger.sources:
        visits.judge(entry)
    while visits.make_one():
        pass
    return growing


def never(*_: object, **__: object) -> None:
    raise AssertionError("made again")


def test_a_bag_that_states_what_they_were_made_of_needs_no_other(
    forged: ForgedBag, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, growing = verify(forged.path), early(forged)
    monkeypatch.setattr(source_check, "replay_visit", never)
    found = verify(forged.path, growing=growing)
    assert (observed(found), found.answers) == (observed(expected), expected.answers)
    assert verify(forged.path).errors  # where each visit has to be made


def lose_a_picture(bag: ForgedBag) -> None:
    picture = next(each for each in bag.entry("s01").requisites if each.url.endswith("/one.jpg"))
    assert picture.record is not None
    bag.set_blocks({picture.record: bag.block_of(picture.record).replace(b"200 OK", b"404 No")})


def rename_the_page(bag: ForgedBag) -> None:
    answer = bag.copy("s01", "live").records[-1]
    bag.set_blocks({answer: bag.block_of(answer).replace(b"<title>Market hit", b"<title>Nothing at")})


def retitle(bag: ForgedBag) -> None:
    bag.set_source("s01", title="Something else")


def drop_a_picture(bag: ForgedBag) -> None:
    bag.set_source("s01", requisites=bag.entry("s01").requisites[:1])


@pytest.mark.parametrize("change", [lose_a_picture, rename_the_page, retitle, drop_a_picture])
def test_what_is_forged_after_them_is_found_as_without_them(
    forged: ForgedBag, change: Callable[[ForgedBag], None]
) -> None:
    growing = early(forged)
    change(forged)
    forged.seal_over()
    expected = verify(forged.path)
    assert expected.errors
    assert observed(verify(forged.path, growing=growing)) == observed(expected)


def exchanges(stored: StoredSource, **changes: Any) -> StoredExchanges:
    """The same exchanges, but for `places`, `metadata_of` or `method_of`."""
    now = stored.exchanges
    records = replace(now.records, places=changes.pop("places", now.records.places))
    return replace(now, records=records, **changes)


def moved(stored: StoredSource) -> StoredExchanges:
    places = dict(stored.exchanges.records.places)
    name = next(iter(places))
    places[name] = replace(places[name], record=msgspec.structs.replace(places[name].record, sha256="0" * 64))
    return exchanges(stored, places=places)


def described(stored: StoredSource) -> StoredExchanges:
    return exchanges(stored, metadata_of=dict.fromkeys(stored.exchanges.metadata_of, ("urn:uuid:other",)))


def posted(stored: StoredSource) -> StoredExchanges:
    return exchanges(stored, method_of={stored.entry.exchanges[0]: "POST"})


CHANGES: dict[str, Callable[[StoredSource], StoredSource]] = {
    "entry": lambda stored: replace(stored, entry=replace(stored.entry, title="Something else")),
    "source": lambda stored: replace(stored, source=replace(stored.source, media=True)),
    "report": lambda stored: replace(stored, report=replace(stored.report, date="1999-01-01")),
    "conditions": lambda stored: replace(stored, conditions=replace(stored.conditions, media="none")),
    "probes": lambda stored: replace(stored, probes=("urn:uuid:other",)),
    "videos": lambda stored: replace(stored, videos=None),
    "a record": lambda stored: replace(stored, exchanges=moved(stored)),
    "metadata": lambda stored: replace(stored, exchanges=described(stored)),
    "a method": lambda stored: replace(stored, exchanges=posted(stored)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_visit_is_not_used_where_one_thing_differs(
    forged: ForgedBag, change: Callable[[StoredSource], StoredSource]
) -> None:
    visits = early(forged).visits
    assert visits is not None
    stored = visits._made["s01"].stored
    url = visits._made["s01"].derived.url
    clock = replace(stored.conditions, clock=note("clock-unknown"))
    assert visits.find(replace(stored, conditions=clock), url) is visits._made["s01"].derived
    assert visits.find(change(stored), url) is None


@pytest.mark.parametrize("bound", ["MOST_RECORDS", "MOST_SOURCES", "MOST_PARTS", "MOST_TEXT"])
def test_beyond_each_bound_nothing_is_held(forged: ForgedBag, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(early_visits, bound, 0)
    visits = early(forged).visits
    assert visits is not None
    assert (visits._places, visits._metadata_of, visits._waiting, visits._made) == ({}, {}, {}, {})


def test_a_source_whose_records_are_not_all_here_is_left(forged: ForgedBag) -> None:
    visits = EarlyVisits(forged.path)
    visits.begin(
        forged.ledger.report, forged.ledger.conditions, from_toml(forged.read(layout.SOURCE_MANIFEST).decode())
    )
    visits.judge(forged.entry("s01"))
    assert not visits.make_one()
    assert visits._made == {}
