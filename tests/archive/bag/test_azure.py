"""Azure Blob Storage: the same reading and conditional writing as in S3, against Microsoft's own emulator."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("obstore", reason="the extra [stores] is not installed")

from archive.bag.store.client import (
    create,
    list_level,
    list_objects,
    move_aside,
    read_range,
    replace_object,
    size_of,
    version_of,
)
from archive.bag.store.place import StorePlace
from archive.errors import AlreadyThere
from archive.verify.run import verify
from tests.archive.bag.azure_server import azurite
from tests.archive.verify.sample_bags import make_bag, observed


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as monkeypatch, azurite(monkeypatch, "bags") as url:
        yield url


def upload(folder: Path, url: str) -> str:
    for place in sorted(folder.rglob("*")):
        if place.is_file():
            data = place.read_bytes()
            create(StorePlace.parse(f"{url}/{place.relative_to(folder).as_posix()}"), data, len(data))
    return url


def test_objects_are_written_on_a_condition_and_read_in_parts(store: str) -> None:
    place = StorePlace.parse(f"{store}/one/صورة.bin")
    create(place, b"first bytes", 11)
    assert (size_of(place), read_range(place, 6, 5)) == (11, b"bytes")
    with pytest.raises(AlreadyThere):
        create(place, b"others", 6)
    version = version_of(place)
    replace_object(place, io.BytesIO(b"second"), 6, version)
    with pytest.raises(OSError, match="somebody else wrote to it meanwhile"):
        replace_object(place, io.BytesIO(b"third"), 5, version)
    move_aside(place, StorePlace.parse(f"{store}/two/old"))
    assert read_range(place, 0, 6) == b"second"
    assert list_level(StorePlace.parse(f"{store}/one")) == ([], ["صورة.bin"])
    assert list(list_objects(StorePlace.parse(f"{store}/two"))) == [("old", 6)]
    with pytest.raises(FileNotFoundError):
        size_of(StorePlace.parse(f"{store}/none"))


def test_a_bag_is_verified_audited_and_repaired(store: str, tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="the extra [audit] is not installed")
    from archive.audit.add import add_bags
    from archive.audit.catalogue.copies import Custody
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.repair.run import plan_repair, repair
    from archive.audit.run import run_audit
    from archive.audit.selection import ALL, CopySelection
    from tests.archive.audit.conftest import Inline

    bag = make_bag(tmp_path / "R1")
    place = upload(bag, f"{store}/bags/R1")
    assert observed(verify(place)) == observed(verify(bag))
    with open_catalogue(str(tmp_path / "audit.sqlite3")) as catalogue, Inline() as engine:
        assert add_bags(catalogue, [f"{store}/bags"], Custody("cloud"), engine).exit_code == 0
        damaged = StorePlace.parse(f"{place}/data/a.txt")
        replace_object(damaged, io.BytesIO(b"damaged"), 7, version_of(damaged))
        (look,) = run_audit(catalogue, CopySelection(ALL), engine).new
        assert {one.code for one in look.problems} == {"payload-altered", "oxum-differs"}
        repair(catalogue, plan_repair(catalogue, place, [str(bag)], datetime.now(UTC)))
        assert run_audit(catalogue, CopySelection(ALL), engine).new == ()
