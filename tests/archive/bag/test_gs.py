"""Google Cloud Storage, read as any other store. Writing is not tested: no emulator has the interface for it."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("obstore", reason="the extra [stores] is not installed")

from archive.bag.store.client import list_level, list_objects, read_range, size_of
from archive.bag.store.place import StorePlace
from archive.verify.run import verify
from tests.archive.bag.gs_server import GoogleStore, serving
from tests.archive.verify.sample_bags import make_bag, observed


@pytest.fixture(scope="module")
def store() -> Iterator[GoogleStore]:
    with pytest.MonkeyPatch.context() as monkeypatch, serving(monkeypatch) as server:
        yield server


def test_objects_are_listed_and_read_in_parts(store: GoogleStore) -> None:
    store.put("one/صورة 1.bin", b"first bytes")
    place = StorePlace.parse(store.url("one/صورة 1.bin"))
    assert (size_of(place), read_range(place, 6, 5)) == (11, b"bytes")
    assert list_level(StorePlace.parse(store.url("one"))) == ([], ["صورة 1.bin"])
    assert list(list_objects(StorePlace.parse(store.url("one")))) == [("صورة 1.bin", 11)]
    with pytest.raises(FileNotFoundError):
        size_of(StorePlace.parse(store.url("none")))


def test_a_bag_and_a_package_are_verified_and_audited(store: GoogleStore, tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="the extra [audit] is not installed")
    from archive.audit.add import add_bags
    from archive.audit.catalogue.copies import Custody
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.run import run_audit
    from archive.audit.selection import ALL, CopySelection
    from tests.archive.audit.conftest import Inline

    bag = make_bag(tmp_path / "R1")
    with tarfile.open(tmp_path / "R2.tar", "w") as tar:
        tar.add(bag, "R2")
    place = store.upload(bag, "bags/R1")
    store.put("bags/R2.tar", (tmp_path / "R2.tar").read_bytes())
    assert observed(verify(place)) == observed(verify(bag))
    assert observed(verify(store.url("bags/R2.tar"))) == observed(verify(tmp_path / "R2.tar"))
    with open_catalogue(str(tmp_path / "audit.sqlite3")) as catalogue, Inline() as engine:
        added = add_bags(catalogue, [store.url("bags")], Custody("cloud"), engine)
        assert (added.added, added.exit_code) == (2, 0)
        store.put("bags/R1/data/a.txt", b"damaged")
        (look,) = run_audit(catalogue, CopySelection(ALL), engine).new
        assert {one.code for one in look.problems} == {"payload-altered", "oxum-differs"}
