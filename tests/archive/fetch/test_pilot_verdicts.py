"""The pilot's nine sources with everything switched on: each ends as is known of it, with the copies it should have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive_manifests.ledger import SourceEntry
from tests.archive.systems.fetch_sources import Fetched, assert_every_byte_is_stored, assert_every_id_is_there, stored
from tests.note_texts import texts_of
from tests.world import World
from tests.world.pilot import PILOT
from tests.world.sites import brightcove, drive, wayback

REPORT = Path("manifests/examples/R210517/report.txt")


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetched]:
    with World() as world:
        settings = FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0)
        result = fetch(REPORT, tmp_path_factory.mktemp("pilot") / "R210517", settings)
        yield Fetched(world, result.bag, list(result.ledger.sources), stored(result.bag))


@pytest.fixture(scope="module")
def entries(pilot: Fetched) -> dict[str, SourceEntry]:
    return {entry.id: entry for entry in pilot.entries}


def test_each_source_ends_as_is_known_of_it(entries: dict[str, SourceEntry]) -> None:
    ended = {name: (str(entry.status), str(entry.live.status), entry.live.reason) for name, entry in entries.items()}
    captured = ("captured", "captured", None)
    youtube = ended.pop("s03")
    assert ended == {
        **dict.fromkeys(("s01", "s02", "s04", "s06", "s08", "s09"), captured),
        "s05": ("memento", "blocked", "challenge"),
        "s07": ("memento", "gone", "soft-404"),
    }
    # The page is a shell; whether its video comes depends on what is installed.
    assert youtube[0] in ("partial", "captured")


def test_mementos_are_of_their_own_dates_and_the_live_copies_stay(entries: dict[str, SourceEntry]) -> None:
    dated = {name: e.memento and (e.memento.datetime, e.memento.delta_days) for name, e in entries.items() if e.memento}
    assert dated == {"s05": ("2021-04-02T11:20:00Z", -49), "s07": ("2021-06-01T09:30:01Z", 11)}
    for name in dated:
        assert [copy.kind for copy in entries[name].copies] == ["live", "memento"]
    assert {e.memento_lookup for name, e in entries.items() if name not in dated} == {"not-requested"}


def test_short_links_keep_hops_and_posts_their_own_record(pilot: Fetched, entries: dict[str, SourceEntry]) -> None:
    for number in (1, 7):
        entry = entries[f"s{number + 1:02d}"]
        uris = [pilot.record(ident).uri for ident in entry.exchanges]
        assert [uri for uri in uris if "robots" not in uri][:2] == list(PILOT[number].hops)
        assert any("/wp-json/wp/v2/posts/" in uri for uri in uris)
    changed = [note for note in texts_of(entries["s08"].notes) if "after the report of 2021-05-21" in note]
    assert len(changed) == 1


def test_the_file_of_drive_is_here_under_its_own_name(pilot: Fetched, entries: dict[str, SourceEntry]) -> None:
    (live,) = entries["s09"].copies
    assert [(pilot.bag / path).read_bytes() for path in live.files] == [drive.PICTURE]
    assert any(drive.NAME in note for note in texts_of(entries["s09"].notes))


def test_tracking_is_stored_reported_and_compared(entries: dict[str, SourceEntry]) -> None:
    entry = entries["s06"]
    assert entry.cited == entry.request_url == PILOT[5].cited
    assert entry.dedup_key is not None and "fbclid" not in entry.dedup_key
    assert len(entry.notes) == 2


def test_only_cited_hosts_what_they_need_the_archive_and_one_player_are_requested(pilot: Fetched) -> None:
    known = {url for expected in PILOT for url in expected.wanted | expected.extras}
    hosts = {url.split("/")[2] for url in known} | {wayback.HOST, brightcove.PLAYERS}
    # Where videos are fetched at all, the one cited video lies with its player.
    requested = {seen.host for seen in pilot.world.requested() if not seen.host.endswith(".googlevideo.com")}
    assert requested <= hosts
    assert pilot.world.strays == []


def test_every_byte_and_every_record_is_accounted_for(pilot: Fetched) -> None:
    assert_every_byte_is_stored(pilot)
    assert_every_id_is_there(pilot)


def test_no_source_is_requested_of_the_archive_in_a_report_that_is_not_published(tmp_path: Path) -> None:
    from archive.cite import read_report, source_manifest
    from archive_manifests.source_toml import to_toml

    text = to_toml(source_manifest(read_report(REPORT)))
    manifest = tmp_path / "sources.toml"
    manifest.write_text(text.replace("[report]\n", "[report]\npublished = false\n", 1), encoding="utf-8")
    with World() as world:
        settings = FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0)
        result = fetch(manifest, tmp_path / "B", settings)
        assert world.urls(wayback.HOST) == [] and world.urls(brightcove.PLAYERS) == []
    ended = {entry.id: (str(entry.status), entry.memento_lookup) for entry in result.ledger.sources}
    assert (ended["s05"], ended["s07"]) == (("blocked", "not-requested"), ("gone", "not-requested"))
