"""No command makes a sound bag of an unsound one: the older bag is verified, and read byte for byte as it states."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.disclose.disclose import DisclosureOrder, disclose
from archive.errors import BagUnreadable, UsageProblem
from archive.fetch.fetch import FetchResult, fetch
from archive.fetch.imported import ImportOrder, import_recordings
from archive.fetch.older_bag import OlderBag
from archive.fetch.supply import Supply, Version, attest, supply
from archive.handover.pack import pack
from archive.handover.pack_order import PackOrder
from archive.verify.run import verify
from archive_manifests.findings import Severity
from archive_manifests.ledger import AcceptedBag
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World

FILE = "s01"
CITED = "https://drive.google.com/file/d/1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6/view"
MEDIA = f"data/media/{FILE}/file.jpg"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("older")
    report = folder / "report.txt"
    report.write_text(f"One source: {CITED} it is.\nAnother: https://www.coe.int/nothing-here\n")
    with World() as world:
        return fetch(report, folder / "R1", settings_for(world)).bag


@pytest.fixture
def older(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / "R1")


def by_attest(bag: Path, **how: bool) -> FetchResult:
    return attest(bag, FILE, "as I saw it", version=Version(**how))


def by_supply(bag: Path, **how: bool) -> FetchResult:
    picture = bag.with_name("picture.png")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n a picture")
    return supply(bag, FILE, Supply(picture, "by hand"), version=Version(**how))


def by_again(bag: Path, **how: bool) -> FetchResult:
    report = bag.with_name("report.txt")
    report.write_bytes((bag / "data/report/original.txt").read_bytes())
    with World() as world:
        return fetch(report, bag, settings_for(world), again=True, **how)


COMMANDS: list[Callable[..., FetchResult]] = [by_attest, by_supply, by_again]


def altered(bag: ForgedBag) -> None:
    bag.write(MEDIA, bag.read(MEDIA)[::-1])


def altered_with_manifests(bag: ForgedBag) -> None:
    altered(bag)
    bag.seal_over()


def other_text(bag: ForgedBag) -> None:
    bag.write("data/report/text.txt", bag.read("data/report/text.txt") + b"more\n")


def other_manifest(bag: ForgedBag) -> None:
    bag.write("data/report/sources.toml", bag.read("data/report/sources.toml") + b"# more\n")


def other_events(bag: ForgedBag) -> None:
    bag.write("data/provenance/events.jsonl", bag.read("data/provenance/events.jsonl") + b"{}\n")


def linked(bag: ForgedBag) -> None:
    secret = bag.path.with_name("secret.jpg")
    secret.write_bytes(bag.read(MEDIA))
    (bag.path / MEDIA).unlink()
    (bag.path / MEDIA).symlink_to(secret)


def linked_report(bag: ForgedBag) -> None:
    secret = bag.path.with_name("secret.txt")
    secret.write_bytes(b"something else of this machine")
    (bag.path / "data/report/extra.txt").symlink_to(secret)


def piped(bag: ForgedBag) -> None:
    (bag.path / MEDIA).unlink()
    os.mkfifo(bag.path / MEDIA)


@pytest.mark.parametrize("make", COMMANDS)
@pytest.mark.parametrize(
    "forge", [altered, altered_with_manifests, other_text, other_manifest, other_events, linked, linked_report, piped]
)
def test_an_unsound_bag_makes_no_new_one(
    older: ForgedBag, forge: Callable[[ForgedBag], None], make: Callable[..., FetchResult]
) -> None:
    forge(older)
    with pytest.raises((UsageProblem, BagUnreadable)):
        make(older.path)
    assert not older.path.with_name("R1-2").exists()


TAKEN = [MEDIA, "data/archive/s01.warc.gz", "data/report/original.txt", "data/report/text.txt"]
TAKEN += ["data/report/sources.toml", "data/sources.json", "data/provenance/records.jsonl", "data/provenance/software.json"]
MADE_ANEW = ["data/index.html", "data/provenance/events.jsonl", "data/indexes/index.cdx", "bag-info.txt"]


@pytest.mark.parametrize("path", TAKEN)
@pytest.mark.parametrize("is_resealed", [False, True])
def test_an_altered_file_is_not_taken_over_even_where_the_older_bag_is_accepted(
    older: ForgedBag, path: str, is_resealed: bool
) -> None:
    older.write(path, older.read(path) + b"x\n")
    if is_resealed:
        older.rewrite_manifests()
    with pytest.raises((UsageProblem, BagUnreadable)) as refused:
        by_attest(older.path, accept_unsound=True)
    assert path.rpartition("/")[2] in str(refused.value)
    assert [place.name for place in older.path.parent.iterdir()] == ["R1"]


@pytest.mark.parametrize("forge", [linked, piped])
def test_no_link_and_no_pipe_is_taken_over_where_the_older_bag_is_accepted(
    older: ForgedBag, forge: Callable[[ForgedBag], None]
) -> None:
    forge(older)
    with pytest.raises(UsageProblem):
        by_supply(older.path, accept_unsound=True)
    assert not older.path.with_name("R1-2").exists()


@pytest.mark.parametrize("path", MADE_ANEW)
def test_an_altered_file_that_is_made_anew_can_be_accepted(older: ForgedBag, path: str) -> None:
    older.write(path, older.read(path) + b"x\n")
    made = ForgedBag(by_attest(older.path, accept_unsound=True).bag)
    assert made.errors() == []
    (stated,) = made.ledger.conditions.accepted_bags
    assert (stated.tagmanifest, "altered" in stated.wrong) == (str(verify(older.path).tagmanifest), True)


def test_a_wacz_of_a_bag_that_rests_on_an_unsound_one_says_so_where_it_is_imported(
    older: ForgedBag, tmp_path: Path
) -> None:
    older.write("README-VERIFY.txt", b"nothing to see here\n")
    bag = by_attest(older.path, accept_unsound=True).bag
    report, into = bag / "data/report/original.txt", tmp_path / "imported"
    for step in ("first", "second"):  # what is imported is packed and imported once more
        packed = pack(bag, PackOrder(tmp_path / step, form="wacz"), datetime(2030, 1, 1, tzinfo=UTC)).places[0]
        assert [one for one in verify(packed).findings if one.severity == "error"] == []
        bag = import_recordings(ImportOrder((packed,), report, into / step)).result.bag
        found = [one.found or "" for one in verify(bag).findings if one.code == "recording-conditions"]
        assert found and all("accepted_bags" in one for one in found)


def test_every_later_bag_says_which_bag_was_accepted_and_what_was_wrong_with_it(older: ForgedBag) -> None:
    older.write("README-VERIFY.txt", b"nothing to see here\n")
    first = str(verify(older.path).tagmanifest)
    for make in COMMANDS:
        with pytest.raises(UsageProblem, match=r"tag-file-altered.*--accept-unsound"):
            make(older.path)
    bag = by_attest(older.path, accept_unsound=True).bag
    copy = older.path.with_name("copy")
    order = DisclosureOrder(bag, copy, frozenset({"s02"}), "safety", accepts_names=True)
    disclose(order, now=datetime(2030, 1, 1, tzinfo=UTC))
    for later in (bag, by_supply(bag).bag, attest(by_attest(bag).bag, FILE, "and again").bag, copy):
        (warned,) = [one for one in verify(later).findings if one.code == "unsound-bag-accepted"]
        assert (warned.severity, warned.found) == (Severity.WARNING, f"{first} (tag-file-altered)")
        assert verify(later).errors == 0


def test_a_bag_that_follows_an_accepted_one_states_it_too(older: ForgedBag) -> None:
    older.write("README-VERIFY.txt", b"nothing to see here\n")
    made = by_again(older.path, accept_unsound=True).bag
    again = ForgedBag(by_again(made).bag)
    validations = [(event.outcome, event.facts["bag"]) for event in again.events() if event.type == "validation"]
    assert validations == [("tag-file-altered", str(verify(older.path).tagmanifest))]


def test_an_acceptance_in_a_bag_that_follows_none_is_contradicted(older: ForgedBag) -> None:
    invented = AcceptedBag("sha256:00", "payload-altered", older.ledger.started)
    older.ledger = replace(older.ledger, conditions=replace(older.ledger.conditions, accepted_bags=(invented,)))
    older.seal_over()
    assert [finding.code for finding in verify(older.path).findings if finding.severity is Severity.ERROR] == [
        "condition-contradicted"
    ]


def test_a_ledger_without_the_acceptance_that_the_events_state_is_contradicted(older: ForgedBag) -> None:
    older.write("README-VERIFY.txt", b"nothing to see here\n")
    made = ForgedBag(by_attest(older.path, accept_unsound=True).bag)
    events = made.read("data/provenance/events.jsonl")
    made.ledger = replace(made.ledger, conditions=replace(made.ledger.conditions, accepted_bags=()))
    made.seal_over()
    made.write("data/provenance/events.jsonl", events)
    made.rewrite_manifests()
    assert "event-contradicted" in {finding.code for finding in verify(made.path).findings}


@pytest.mark.parametrize("make", COMMANDS)
def test_a_sound_bag_makes_a_sound_new_one(older: ForgedBag, make: Callable[..., FetchResult]) -> None:
    assert ForgedBag(make(older.path).bag).errors() == []


def test_a_file_that_changes_after_the_check_is_noticed(older: ForgedBag) -> None:
    with OlderBag(older.path) as opened:
        altered(older)
        with pytest.raises(UsageProblem, match="sha256 stated"):
            opened.read(MEDIA)
