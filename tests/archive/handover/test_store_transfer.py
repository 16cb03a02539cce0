"""Packages go to a store and come back; nothing there is written over, nothing stays beside the bag."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.bag.store.client import list_objects
from archive.bag.store.place import StorePlace
from archive.verify.run import verify
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag
from tests.cli.invoke import answer, run


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


def keys(s3: S3) -> list[str]:
    return sorted(key for key, _ in list_objects(StorePlace.parse(f"s3://{s3.bucket}")))


def test_a_bag_is_packed_into_a_store_and_received_from_it(s3: S3, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "sent/R1")
    packed = answer("pack", bag, "-o", s3.url("outbox"), "--by", "collector-7")
    assert packed["places"][0] == s3.url("outbox/R1.tar")
    assert {"outbox/R1.tar", "outbox/R1.tar.sha256", "outbox/R1.transfer.json"} <= set(keys(s3))
    assert sorted(place.name for place in bag.parent.iterdir() if place.name.startswith(".")) == []
    assert verify(s3.url("outbox/R1.tar"), jobs=1).is_valid
    received = answer("receive", s3.url("outbox/R1.tar"), "--into", tmp_path / "store")
    assert received["package"] == s3.url("outbox/R1.tar")
    assert verify(tmp_path / "store/R1", jobs=1).is_valid
    assert sorted(place.name for place in (tmp_path / "store").iterdir()) == ["R1", "R1.seal"]


def test_a_package_that_is_there_stays_as_it_is(s3: S3, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    s3.put("outbox/R1.tar.sha256", b"of somebody else")
    done = run("pack", bag, "-o", s3.url("outbox"))
    assert (done.exit_code, "there already" in done.stderr) == (2, True)
    assert keys(s3) == ["outbox/R1.tar.sha256"]


def test_a_package_that_is_not_what_its_checksum_says_is_refused(s3: S3, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "sent/R1")
    answer("pack", bag, "-o", s3.url("outbox"))
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(bag, "R1")
    s3.put("outbox/R1.tar", (tmp_path / "other.tar").read_bytes())
    refused = answer("receive", s3.url("outbox/R1.tar"), "--into", tmp_path / "store", code=1)
    assert [one["code"] for one in refused["findings"]][:1] == ["package-differs"]
    assert not (tmp_path / "store").exists()


def test_a_web_server_takes_no_packages(tmp_path: Path) -> None:
    done = run("pack", make_bag(tmp_path / "R1"), "-o", "https://127.0.0.1:9/outbox")
    assert (done.exit_code, "takes no uploads" in done.stderr) == (2, True)
