"""Repair of a copy in an object store: only what is wrong is replaced, and what was there is kept under another key."""

from __future__ import annotations

import contextlib
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.errors import RepairRefused
from archive.audit.look import CopyOutcome
from archive.audit.repair import run as repairing
from archive.audit.repair import sources
from archive.audit.repair.build import lost_files
from archive.audit.repair.run import Repaired, plan_repair, repair
from archive.audit.run import run_audit
from archive.audit.selection import ALL, CopySelection
from archive.audit.status import read_history
from archive.bag.interface import Entry
from archive.bag.store import client
from archive.bag.store.client import list_objects, read_range, version_of
from archive.bag.store.place import StorePlace
from archive.trust.custody_log import CustodyLog, parse_log
from archive_manifests import custody
from tests.archive.audit.conftest import Inline
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag, put

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
OLD = "damaged-20261122T100000Z"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


def done(catalogue: CatalogueDatabase, place: str, *sources: Path) -> Repaired:
    return repair(catalogue, plan_repair(catalogue, place, [str(each) for each in sources], NOW), "archivist-2")


def objects(url: str) -> dict[str, bytes]:
    place = StorePlace.parse(url)
    return {path: read_range(place.below(path), 0, size) if size else b"" for path, size in list_objects(place)}


def log_of(s3: S3) -> CustodyLog:
    """The custody log beside the bag `R1`."""
    text = objects(s3.url("bags/R1.seal"))["custody.jsonl"]
    first = custody.parse_line(text.partition(b"\n")[0] + b"\n", 1)
    return parse_log(text, first.prev)


def test_wrong_missing_and_foreign_objects_are_replaced_and_stay_elsewhere(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path
) -> None:
    one, two = make_bag(tmp_path / "one/R1"), make_bag(tmp_path / "two/R1")
    place = s3.upload(one, "bags/R1")
    sound = objects(place)
    add_bags(sqlite, [place], Custody("cloud"), engine)
    s3.put("bags/R1/data/a.txt", b"damaged")
    s3.put("bags/R1/data/foreign.txt", b"foreign")
    s3.delete("bags/R1/bag-info.txt")
    put(one, "data/a.txt", b"damaged as well")
    (two / "bag-info.txt").unlink()
    run_audit(sqlite, CopySelection(ALL), engine)
    untouched = version_of(StorePlace.parse(f"{place}/data/sub/b.bin"))
    made = done(sqlite, place, one, two)
    assert objects(place) == sound
    assert version_of(StorePlace.parse(f"{place}/data/sub/b.bin")) == untouched
    assert objects(f"{place}.{OLD}") == {"data/a.txt": b"damaged", "data/foreign.txt": b"foreign"}
    assert (made.files, made.taken, str(made.old)) == (2, {str(one): 1, str(two): 1}, f"{place}.{OLD}")
    (event,) = log_of(s3).events
    assert (event.type, event.outcome, event.agent) == ("recovery", "pass", "archivist-2")
    assert {name: event.facts[name] for name in ("from-1", "from-2", "old")} == {
        "from-1": "R1: 1 files", "from-2": "R1: 1 files", "old": f"R1.{OLD}",
    }  # fmt: skip
    result = run_audit(sqlite, CopySelection(ALL), engine)
    assert (result.outcomes[CopyOutcome.SOUND], result.new) == (1, ())
    added = add_bags(sqlite, [s3.url("bags")], Custody("cloud"), engine)  # what is kept is no bag of its own
    assert (added.added, added.known) == (0, 1)
    with sqlite.reading() as connection:
        assert check_catalogue(connection)[1] == []


class Killed(BaseException):
    """Ends a repair as SIGKILL does: nothing handles it."""


def test_a_repair_that_was_killed_before_it_was_entered_is_entered_once(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = make_bag(tmp_path / "R1")
    place = s3.upload(bag, "bags/R1")
    add_bags(sqlite, [place], Custody("cloud"), engine)
    s3.put("bags/R1/data/a.txt", b"damaged")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(repairing, "_enter", killed)
        done(sqlite, place, bag)
    finished = done(sqlite, place, bag)
    assert (str(finished.old), finished.taken) == (f"{place}.{OLD}", {str(bag): 1})
    for _ in range(2):  # once more, as after a kill before the custody log was written
        with pytest.raises(RepairRefused, match="its last repair is entered"):
            done(sqlite, place, bag)
        assert len(log_of(s3).events) == 1
        if _ == 0:
            s3.delete("bags/R1.seal/custody.jsonl")
    with sqlite.reading() as connection:
        types = [entry.type for entry in read_history(connection, place).entries]
        assert (types, check_catalogue(connection)[1]) == (["added", "repair began", "repaired"], [])


def test_a_source_that_does_not_respond_is_given_up_after_three_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bag = make_bag(tmp_path / "R1", {f"data/{number}.txt": b"%d" % number for number in range(6)})
    monkeypatch.setattr(sources, "SLOW", 0.0)
    tried: list[str] = []

    def silent(self: object, entry: Entry) -> Iterator[bytes]:
        tried.append(entry.path)
        raise OSError(5, "no response in time")

    with contextlib.ExitStack() as stack:
        source = sources.open_source(bag, stack)
        assert source is not None
        monkeypatch.setattr(sources.SourceCopy, "_chunks", silent)
        assert not any(source.copy(f"data/{number}.txt", {"sha256": ""}, None) for number in range(6))
        assert (len(tried), source.is_given_up) == (3, True)
        assert "given up: it does not respond" in lost_files(["data/5.txt"], [source])


def test_a_store_that_lists_nothing_any_more_is_given_up_after_three_folders(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        s3.put(f"bags/{number}/R/bagit.txt", b"")
    listed = client.list_level
    listings: list[str] = []

    def silent(place: StorePlace) -> tuple[list[str], list[str]]:
        listings.append(place.key)
        if place.key != "bags":
            raise OSError(5, "no response in time")
        return listed(place)

    monkeypatch.setattr(client, "list_level", silent)
    added = add_bags(sqlite, [s3.url("bags")], Custody("cloud"), engine)
    assert (listings, added.added, added.exit_code) == (["bags", "bags/0", "bags/1", "bags/2"], 0, 3)
    assert "was not listed" in added.unreadable[-1].why


def test_nothing_is_written_where_a_file_is_right_nowhere(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path
) -> None:
    bag = make_bag(tmp_path / "R1")
    place = s3.upload(bag, "bags/R1")
    add_bags(sqlite, [place], Custody("cloud"), engine)
    s3.put("bags/R1/data/a.txt", b"damaged")
    s3.put("bags/R1/data/sub/b.bin", b"damaged")
    put(bag, "data/sub/b.bin", b"damaged elsewhere")
    before = objects(s3.url("bags"))
    with pytest.raises(RepairRefused, match=r"no copy has the right bytes of data/sub/b\.bin"):
        done(sqlite, place, bag)
    assert objects(s3.url("bags")) == before


def test_a_package_in_a_store_is_replaced_whole(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path
) -> None:
    good = tmp_path / "kept.tar"
    with tarfile.open(good, "w") as tar:
        tar.add(make_bag(tmp_path / "R1"), "R1")
    s3.put("bags/R1.tar", good.read_bytes())
    place = s3.url("bags/R1.tar")
    add_bags(sqlite, [place], Custody("cloud"), engine)
    s3.put("bags/R1.tar", b"damaged")
    made = done(sqlite, place, good)
    found = objects(s3.url("bags"))
    assert len(log_of(s3).events) == 1
    assert found.pop("R1.seal/custody.jsonl")
    assert found == {"R1.tar": good.read_bytes(), f"R1.tar.{OLD}": b"damaged"}
    assert str(made.old) == f"{place}.{OLD}"
    s3.delete("bags/R1.tar")
    assert done(sqlite, place, good).old is None
    assert run_audit(sqlite, CopySelection(ALL), engine).outcomes[CopyOutcome.SOUND] == 1


def test_what_somebody_else_writes_meanwhile_is_not_written_over(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = make_bag(tmp_path / "R1")
    place = s3.upload(bag, "bags/R1")
    add_bags(sqlite, [place], Custody("cloud"), engine)
    s3.put("bags/R1/data/a.txt", b"damaged")
    copied = client.move_aside

    def then_written(found: StorePlace, old: StorePlace) -> None:
        copied(found, old)
        s3.put("bags/R1/data/a.txt", b"somebody else's")

    monkeypatch.setattr("archive.audit.repair.in_store.move_aside", then_written)
    with pytest.raises(OSError, match="somebody else wrote to it meanwhile"):
        done(sqlite, place, bag)
    assert objects(place)["data/a.txt"] == b"somebody else's"


def test_a_sound_copy_and_a_web_server_are_not_repaired(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path
) -> None:
    bag = make_bag(tmp_path / "R1")
    place = s3.upload(bag, "bags/R1")
    add_bags(sqlite, [place, str(bag)], Custody("cloud"), engine)
    before = objects(s3.url("bags"))
    for copy, source in ((place, bag), (str(bag), place)):
        with pytest.raises(RepairRefused, match="there is nothing to repair"):
            done(sqlite, copy, source)  # type: ignore[arg-type]
    assert (objects(s3.url("bags")), [each.name for each in tmp_path.iterdir() if "R1" in each.name]) == (before, ["R1"])
