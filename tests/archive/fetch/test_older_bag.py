"""No command makes a sound bag of an unsound one: the older bag is verified, and read byte for byte as it states."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import ArchiveError, BagUnreadable, NotSound, UsageProblem
from archive.fetch.fetch import FetchResult, fetch
from archive.fetch.older_bag import OlderBag
from archive.fetch.supply import Supply, Version, attest, supply
from archive_manifests import custody
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
    report.write_text(f"One source: {CITED} it is.\n")
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


@pytest.mark.parametrize("make", [by_attest, by_supply])
@pytest.mark.parametrize("forge", [altered, altered_with_manifests, linked, piped])
def test_what_was_altered_is_not_taken_over_even_where_the_older_bag_is_accepted(
    older: ForgedBag, forge: Callable[[ForgedBag], None], make: Callable[..., FetchResult]
) -> None:
    forge(older)
    with pytest.raises(ArchiveError) as refused:
        make(older.path, accept_unsound=True)
    assert isinstance(refused.value, UsageProblem | NotSound)
    assert not older.path.with_name("R1-2").exists()


@pytest.mark.parametrize("make", COMMANDS)
def test_a_new_bag_of_an_accepted_one_says_what_was_wrong_with_it(
    older: ForgedBag, make: Callable[..., FetchResult]
) -> None:
    older.write("README-VERIFY.txt", b"nothing to see here\n")
    with pytest.raises(UsageProblem, match=r"tag-file-altered.*--accept-unsound"):
        make(older.path)
    made = ForgedBag(make(older.path, accept_unsound=True).bag)
    assert made.errors() == []
    assert custody.accepted_of(made.events()) == "tag-file-altered"


@pytest.mark.parametrize("make", COMMANDS)
def test_a_sound_bag_makes_a_sound_new_one(older: ForgedBag, make: Callable[..., FetchResult]) -> None:
    assert ForgedBag(make(older.path).bag).errors() == []


def test_a_file_that_changes_after_the_check_is_noticed(older: ForgedBag) -> None:
    with OlderBag(older.path) as opened:
        altered(older)
        with pytest.raises(UsageProblem, match="sha256 stated"):
            opened.read(MEDIA)
