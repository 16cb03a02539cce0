"""Observers of one report in the loopback world: the exact matrix of each scene."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.corroborate import observer
from archive.corroborate.corroborate import corroborate
from archive.corroborate.observer import Observer, address_of, read_observer
from archive.errors import BagUnreadable, UsageProblem
from archive.posix import FilesBelow
from archive.verify.run import verify
from archive_manifests.corroboration import CorroboratedSource, Corroboration, RefusedBag, from_json, to_json
from tests.archive.corroborate.observed_site import HOST, PAGES, make_report, observe, sign

NOW = datetime(2030, 1, 1, tzinfo=UTC)
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_report(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, report: Path) -> Make:
    """Bags by name, mode and key, each made once."""
    folder, made = tmp_path_factory.mktemp("bags"), {}

    def bag(name: str, mode: str = "ok", key: int | None = 0, **settings: object) -> Path:
        if name not in made:
            number = len(made) + 1 if key == 0 else key
            made[name] = observe(report, folder / name, mode, number, **settings)
        return made[name]

    return bag


def corroborated(*bags: Path) -> Corroboration:
    found = corroborate(bags, now=NOW)
    assert from_json(to_json(found)) == found
    return found


def source(found: Corroboration, name: str) -> CorroboratedSource:
    return next(one for one in found.sources if one.address == f"http://{HOST}/{name}")


def matrix(found: Corroboration, name: str) -> dict[tuple[str, str], str]:
    """Pairs by the names of the bags, in the order of the alphabet."""
    bag_of = {one.name: one.bag for one in found.observers}
    pairs = (
        (sorted((bag_of[pair.first], bag_of[pair.second])), str(pair.status)) for pair in source(found, name).pairs
    )
    return {(one, other): status for (one, other), status in pairs}


def what(found: Corroboration, name: str) -> set[str]:
    return {each.what for pair in source(found, name).pairs for each in pair.differences}


def states(found: Corroboration) -> dict[str, tuple[str, int, int]]:
    return {one.address.rpartition("/")[2]: (str(one.state), one.seen, one.independent) for one in found.sources}


AB, AC, BC = ("a", "b"), ("a", "c"), ("b", "c")


def test_three_observers_of_an_unchanged_site_see_the_same_bytes(make: Make) -> None:
    found = corroborated(make("a"), make("b"), make("c"))
    assert found.refused == ()
    assert {name: matrix(found, name) for name in PAGES} == {
        name: {AB: "same-bytes", AC: "same-bytes", BC: "same-bytes"} for name in PAGES
    }
    assert states(found) == dict.fromkeys(PAGES, ("corroborated", 3, 3))
    assert {one.conditions for one in found.observers} == {("connect-to", "added-ca", "no-bracket", "no-round")}


def test_advertisements_clocks_and_counters_are_named_and_contradict_nothing(make: Make) -> None:
    found = corroborated(make("r1", "rotating"), make("r2", "rotating"), make("r3", "rotating"))
    # One second or none lies between the visits, so that a clock may show the same.
    assert set(matrix(found, "story").values()) == {"differs"}
    assert {"advertisement", "counter"} <= what(found, "story") <= {"advertisement", "counter", "date"}
    assert set(matrix(found, "plain").values()) == {"same-bytes"}
    assert states(found)["story"] == ("corroborated", 3, 3)


def test_a_site_that_cloaks_by_its_reader_is_contradicted(make: Make) -> None:
    found = corroborated(make("a"), make("b"), make("cloaked", "cloaking", identify="Second"))
    assert matrix(found, "story") == {
        AB: "same-bytes",
        ("a", "cloaked"): "contradicts",
        ("b", "cloaked"): "contradicts",
    }
    assert what(found, "story") == {"text"}
    assert found.sources[0].address.endswith(("/story", "/moved"))  # contradictions first


@pytest.mark.parametrize(("mode", "difference"), [("closed", "verdict"), ("gone", "verdict")])
def test_a_site_that_refuses_one_of_its_readers_is_contradicted(make: Make, mode: str, difference: str) -> None:
    found = corroborated(make("a"), make("b"), make(mode, mode))
    assert matrix(found, "story") == {AB: "same-bytes", ("a", mode): "contradicts", ("b", mode): "contradicts"}
    assert difference in what(found, "story")


def test_a_source_that_two_saw_gone_is_no_source_that_they_saw_alike(make: Make) -> None:
    found = corroborated(make("removed1", "removed"), make("removed2", "removed"))
    assert states(found)["plain"] == ("seen-gone", 2, 2)
    assert states(found)["story"] == ("corroborated", 2, 2)


def test_an_edit_between_two_captures_is_contradicted_with_both_texts(make: Make) -> None:
    found = corroborated(make("a"), make("edited", "edited"))
    assert matrix(found, "story") == {("a", "edited"): "contradicts"}
    (difference,) = source(found, "story").pairs[0].differences
    texts = {difference.first, difference.second}
    assert {("37 people" in text, "31 people" in text) for text in texts} == {(True, False), (False, True)}
    assert all(one.visited for one in source(found, "story").sightings)


def test_one_forged_bag_is_contradicted_by_each_honest_one(make: Make) -> None:
    found = corroborated(make("a"), make("b"), make("forged", "forged-otherwise"))
    for name in ("story", "photo", "moved"):
        assert matrix(found, name) == {AB: "same-bytes", ("a", "forged"): "contradicts", ("b", "forged"): "contradicts"}
    assert what(found, "photo") == {"media"}
    assert "address" in what(found, "moved")
    assert {name for name, (state, *_) in states(found).items() if state == "contradicted"} == {
        "story",
        "photo",
        "moved",
    }
    assert "connect-to" in next(one for one in found.observers if one.bag == "forged").conditions


def test_the_honest_one_of_three_is_not_outvoted(make: Make) -> None:
    found = corroborated(make("a"), make("f1", "forged"), make("f2", "forged"))
    assert matrix(found, "story") == {
        ("a", "f1"): "contradicts",
        ("a", "f2"): "contradicts",
        ("f1", "f2"): "same-bytes",
    }
    assert states(found)["story"] == ("contradicted", 3, 3)


def test_arabic_that_is_normalised_otherwise_is_the_same_text(make: Make) -> None:
    found = corroborated(make("a"), make("normalised", "normalised"))
    assert matrix(found, "arabic") == {("a", "normalised"): "same-text"}
    assert what(found, "arabic") == {"normalisation"}


def test_a_sentence_that_only_one_page_hides_contradicts(make: Make) -> None:
    found = corroborated(make("a"), make("hidden", "hidden"))
    assert matrix(found, "story") == {("a", "hidden"): "contradicts"}
    assert what(found, "story") == {"hidden-text"}


def test_a_bag_that_does_not_verify_is_no_observer(make: Make, tmp_path: Path) -> None:
    broken = shutil.copytree(make("a"), tmp_path / "broken")
    path = broken / "data/report/sources.toml"
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    found = corroborated(make("a"), make("b"), broken)
    assert [(one.bag, one.reason, one.detail) for one in found.refused] == [
        ("broken", "unsound", "payload-altered data/report/sources.toml")
    ]
    assert [one.bag for one in found.observers if one.bag == "broken"] == []
    with pytest.raises(UsageProblem, match="none of the bags is an observer"):
        corroborate([broken, broken], now=NOW)


def test_a_bag_that_is_replaced_while_it_is_read_is_no_observer(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = shutil.copytree(make("a"), tmp_path / "replaced")

    def open_another(path: Path) -> Bag:
        shutil.rmtree(bag)
        shutil.copytree(make("b", "forged"), bag)
        return open_bag(path)

    monkeypatch.setattr(observer, "open_bag", open_another)
    refused = read_observer(bag, None, NOW)
    assert isinstance(refused, RefusedBag)
    assert (refused.reason, refused.detail) == ("unreadable", "tagmanifest-sha256.txt changed while it was read")


def test_a_record_that_changes_after_the_check_ends_the_comparison(make: Make, tmp_path: Path) -> None:
    opened = read_observer(shutil.copytree(make("a"), tmp_path / "changing"), None, NOW)
    assert isinstance(opened, Observer)
    for warc in (tmp_path / "changing/data/archive").glob("*.warc.gz"):
        warc.write_bytes(b"\x00" * warc.stat().st_size)
    with pytest.raises(BagUnreadable, match=r"changing: changed while it was read \(.*\); run the command again"):
        [opened.evidence(address) for address in opened.entries]


def test_a_bag_of_which_the_ledger_may_not_be_read_is_unreadable(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = observe(report, tmp_path / "R1", round="beacon 7")
    opened = FilesBelow.open

    def refuse(below: FilesBelow, path: str) -> int:
        if path == "data/sources.json":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(below, path)

    monkeypatch.setattr(FilesBelow, "open", refuse)
    refused = read_observer(bag, None, NOW)
    assert isinstance(refused, RefusedBag)
    assert (refused.reason, refused.detail) == ("unreadable", "unreadable data/sources.json")
    assert "log-chain" not in {one.code for one in verify(bag).findings}


def test_a_copy_a_resigned_copy_and_a_second_bag_by_one_key_are_one_observer(
    make: Make, report: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(make("a"), tmp_path / "copy")
    found = corroborated(make("a"), copy)
    assert [(one.bag, one.reason) for one in found.refused] == [("copy", "same-bag")]
    assert states(found)["story"] == ("one-observer", 1, 1)
    resigned = _resealed(make("a"), tmp_path / "resigned")
    sign(resigned, 77)
    found = corroborated(make("a"), resigned)
    (relation,) = found.relations
    assert (str(relation.independence), relation.reasons) == ("not-independent", ("same-records",))
    assert states(found)["story"] == ("one-observer", 2, 1)
    own = observe(report, tmp_path / "own", key=1)
    found = corroborated(make("a"), own)
    assert found.relations[0].reasons == ("same-key",)
    assert states(found)["story"] == ("one-observer", 2, 1)


def _resealed(bag: Path, to: Path) -> Path:
    """The same captures in a bag of another fingerprint, as somebody makes it who has a copy."""
    from msgspec.structs import replace

    from tests.archive.verify.forged_bag import ForgedBag

    forged = ForgedBag.copy_of(bag, to)
    forged.ledger = replace(forged.ledger, report=replace(forged.ledger.report, name="other.txt"))
    forged.seal_over()
    return to


def test_what_is_unknown_is_shown_as_unknown(make: Make) -> None:
    found = corroborated(make("a"), make("u1", key=None), make("u2", key=None))
    assert {str(one.independence) for one in found.relations} == {"unknown"}
    assert states(found)["story"] == ("independence-unknown", 3, 1)


def test_what_one_observer_alone_saw_is_seen_alone(make: Make, tmp_path: Path) -> None:
    fewer = make_report(tmp_path / "fewer", ("story", "plain"))
    found = corroborated(make("a"), observe(fewer, tmp_path / "few", key=50))
    assert matrix(found, "photo") == {("a", "few"): "seen-alone"}
    assert states(found)["photo"] == ("one-observer", 1, 1)
    assert states(found)["plain"] == ("corroborated", 2, 2)


def test_sources_are_matched_by_their_address_and_not_by_their_number() -> None:
    assert address_of("HTTP://Daily.Example:80/a/../story") == "http://daily.example/story"
    assert address_of("http://daily.example/story#part") == "http://daily.example/story#part"


def test_the_order_in_which_bags_are_given_changes_nothing(make: Make) -> None:
    bags = make("a"), make("b"), make("forged", "forged-otherwise")
    assert to_json(corroborated(*bags)) == to_json(corroborated(*reversed(bags)))


def test_another_report_is_no_observation_of_this_one(make: Make, tmp_path: Path) -> None:
    other = make_report(tmp_path / "other", ("story",))
    other.write_text(other.read_text().replace("ab" * 32, "cd" * 32))
    found = corroborated(make("a"), make("b"), observe(other, tmp_path / "o", key=51))
    assert [(one.bag, one.reason) for one in found.refused] == [("o", "other-report")]
