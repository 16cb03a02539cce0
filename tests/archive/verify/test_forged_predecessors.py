"""An invented older bag excuses nothing: what the WARCs state of the source manifest and of the run is compared."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.fetch.supply import attest
from archive.words.notes import with_text
from archive_manifests import disclosure, layout
from archive_manifests.notes import note
from archive_manifests.source_toml import from_toml, to_toml
from archive_manifests.sources import SourceManifest
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, html

HOST = "www.daily.org"
SOURCES = ("market", "bridge")


class Daily(Site):
    """Two pages, the second of which comes at the second try."""

    hosts = (HOST,)

    def __init__(self) -> None:
        super().__init__()
        self.is_first = True

    def reply(self, request: Request) -> Reply | Answer:
        if request.target == "/bridge" and self.is_first:
            self.is_first = False
            return html("<!DOCTYPE html><title>Busy</title><h1>Busy</h1>", status=503)
        if request.target.strip("/") in SOURCES:
            return html(f"<!DOCTYPE html><title>Hit</title><h1>Hit</h1><p>The {request.target.strip('/')} was hit.")
        return super().reply(request)


def captured(folder: Path) -> Path:
    (folder / "report.txt").write_text("".join(f"See https://{HOST}/{each} for it.\n" for each in SOURCES))
    with World([Daily()]) as world:
        settings = FetchSettings(
            connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False
        )
        fetch(folder / "report.txt", folder / "B", settings)
    return folder / "B"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return captured(tmp_path_factory.mktemp("daily"))


def _follow(bag: ForgedBag, *, is_noted: bool = True, started: str | None = None) -> None:
    """State an older bag, and a person's note from after the run."""
    bag.ledger = replace(bag.ledger, predecessor=f"sha256:{'0' * 64}", started=started or bag.ledger.started)
    if is_noted:
        seen = with_text(note("attested", who="collector-7", when=bag.ledger.ended, detail="seen"))
        bag.set_source("s01", notes=(*bag.entry("s01").notes, seen))


def _other_publisher(bag: ForgedBag) -> None:
    stated = replace(bag.ledger.report.stated, publisher="United Nations")
    bag.ledger = replace(bag.ledger, report=replace(bag.ledger.report, stated=stated))
    bag.write(layout.SOURCE_MANIFEST, to_toml(replace(_manifest(bag), report=stated)).encode())


def _manifest(bag: ForgedBag) -> SourceManifest:
    return from_toml(bag.read(layout.SOURCE_MANIFEST).decode())


def _other_seeds(bag: ForgedBag) -> None:
    seeds = [secrets.token_bytes(32), disclosure.parse_seed(bag.read(layout.SEED))]
    bag.write(layout.SEED, disclosure.format_seeds(seeds).encode())
    nonce = {"nonce": disclosure.nonce_of(seeds[0])}
    bag.set_events(lambda events: [replace(events[0], facts=nonce), *events[1:]])


def _noted_alone(bag: ForgedBag) -> None:
    """What a person may do: a bag that follows another, and whose seeds are there."""
    _other_seeds(bag)
    _follow(bag)


def _publisher_under_an_older_bag(bag: ForgedBag) -> None:
    _other_publisher(bag)
    _follow(bag)


def _publisher_with_seeds_of_an_older_bag(bag: ForgedBag) -> None:
    _other_seeds(bag)
    _publisher_under_an_older_bag(bag)


def _publisher_with_another_seed_alone(bag: ForgedBag) -> None:
    _other_seeds(bag)
    bag.write(layout.SEED, bag.read(layout.SEED)[:65])
    _publisher_under_an_older_bag(bag)


def _publisher_in_a_later_run(bag: ForgedBag) -> None:
    _other_publisher(bag)
    later = (datetime.fromisoformat(bag.ledger.ended) + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    bag.set_events(lambda events: [*events[:-1], replace(events[-1], time=later)])
    _follow(bag, is_noted=False, started=later)
    bag.ledger = replace(bag.ledger, ended=later)


def _an_attempt_hidden(bag: ForgedBag) -> None:
    _follow(bag)
    (busy,) = [each.id for each in bag.records if each.http_status == 503 and each.type == "response"]
    bag.set_source("s02", exchanges=tuple(each for each in bag.entry("s02").exchanges if each != busy))
    bag.set_copy("s02", "live", records=tuple(each for each in bag.copy("s02", "live").records if each != busy))


MANIFEST, REPORT = ("manifest-contradicted", None), ("report-altered", None)


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (_noted_alone, set()),
        (_publisher_under_an_older_bag, {MANIFEST, REPORT}),
        (_publisher_with_seeds_of_an_older_bag, {MANIFEST, REPORT}),
        (_publisher_with_another_seed_alone, {MANIFEST, REPORT}),
        (_publisher_in_a_later_run, {REPORT}),
    ],
)
def test_an_invented_older_bag_excuses_nothing(
    sound: Path, tmp_path: Path, forge: Callable[[ForgedBag], None], found: set[tuple[str, str | None]]
) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    forge(bag)
    bag.seal_over()
    assert set(bag.errors()) == found


def test_an_attempt_hidden_under_an_older_bag_is_an_error(sound: Path, tmp_path: Path) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    _an_attempt_hidden(bag)
    bag.seal_over()
    # Where the attempt had the connection that the others were sent over, that is found too.
    assert set(bag.errors()) - {("exchange-contradicted", "s02")} == {("record-unexplained", "s02")}


def test_a_note_on_a_finished_bag_takes_its_seed_over(sound: Path, tmp_path: Path) -> None:
    first = ForgedBag.copy_of(sound, tmp_path / "B")
    second = ForgedBag(attest(first.path, "s01", "seen", by="collector-7").bag)
    third = ForgedBag(attest(second.path, "s02", "seen", by="collector-7").bag)
    seeds = [disclosure.parse_seeds(each.read(layout.SEED)) for each in (first, second, third)]
    assert [len(each) for each in seeds] == [1, 2, 3]
    assert seeds[2][1:] == seeds[1]
    assert third.errors() == []
    third.write(layout.SEED, disclosure.format_seeds(seeds[2][:1]).encode())
    third.seal_over()
    assert ("manifest-contradicted", None) in third.errors()
