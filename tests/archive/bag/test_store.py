"""Bags in an object store are read where they are: nothing is copied, nothing is written over."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.bag.store.client import create, list_level, list_objects, read_range
from archive.bag.store.file import StoreFile
from archive.bag.store.place import StorePlace
from archive.errors import AlreadyThere, BagUnreadable, UsageProblem
from archive.verify.run import verify
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import findings_of, make_bag, observed


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


def packed(bag: Path) -> dict[str, bytes]:
    """The bag as each kind of package."""
    found = {}
    for name, mode in (("R1.tar", "w"), ("R1.tar.gz", "w:gz")):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
            tar.add(bag, "R1")
        found[name] = out.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for place in sorted(bag.rglob("*")):
            if place.is_file():
                made.write(place, f"R1/{place.relative_to(bag).as_posix()}")
    return found | {"R1.zip": out.getvalue()}


def test_a_bag_in_a_store_is_verified_like_one_on_disk(s3: S3, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    url = s3.upload(bag, "some/R1")
    there, here = verify(url, jobs=1), verify(bag, jobs=1)
    assert (there.findings, there.answers) == (here.findings, here.answers) == ((), here.answers)
    assert (there.files, there.octets, there.tagmanifest) == (here.files, here.octets, here.tagmanifest)
    assert str(there.bag) == url


def test_a_changed_a_missing_and_an_added_object_are_found(s3: S3, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    url = s3.upload(bag, "R1")
    s3.put("R1/data/a.txt", b"two\n")
    s3.delete("R1/data/sub/b.bin")
    s3.put("R1/data/new.txt", b"new\n")
    (bag / "data/a.txt").write_bytes(b"two\n")
    (bag / "data/sub/b.bin").unlink()
    (bag / "data/new.txt").write_bytes(b"new\n")
    assert observed(verify(url, jobs=1)) == findings_of(bag) != []


@pytest.mark.parametrize("name", ["R1.tar", "R1.tar.gz", "R1.zip"])
def test_a_package_in_a_store_is_read_by_ranges(s3: S3, tmp_path: Path, name: str) -> None:
    data = packed(make_bag(tmp_path / "R1"))[name]
    s3.put(name, data)
    assert observed(verify(s3.url(name), jobs=1)) == []
    s3.put(name, data[: len(data) // 2])
    assert observed(verify(s3.url(name), jobs=1)) != []


def test_a_listing_of_a_zip_reads_little_of_it(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.bag.open import open_bag

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr("R1/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        made.writestr("R1/data/large.bin", b"\0" * (3 << 20))
    s3.put("R1.zip", out.getvalue())
    read: list[int] = []

    def counted(place: StorePlace, start: int, length: int) -> bytes:
        read.append(length)
        return read_range(place, start, length)

    monkeypatch.setattr("archive.bag.store.file.read_range", counted)
    with open_bag(s3.url("R1.zip")) as bag:
        assert [entry.path for entry in bag.payload_entries()] == ["data/large.bin"]
    assert sum(read) < 400_000


def test_the_seal_beside_a_bag_in_a_store_is_read_too(s3: S3, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from archive.seal.sealing import SealOrder, seal_bag
    from archive.ssh.keys import load_private, write_new_key

    bag = make_bag(tmp_path / "R1")
    write_new_key(tmp_path / "key", None)
    signer = load_private((tmp_path / "key").read_bytes(), None, "key")
    seal_bag(bag, tmp_path / "R1.seal", SealOrder(signers=(signer,)), None, None, datetime.now(UTC))
    url = s3.upload(bag, "R1")
    assert verify(url, jobs=1).answers["who"].state == "absent"
    s3.upload(tmp_path / "R1.seal", "R1.seal")
    assert verify(url, jobs=1).answers["who"] == verify(bag, jobs=1).answers["who"]


def test_nothing_is_written_over(s3: S3) -> None:
    place = StorePlace.parse(s3.url("out/a.txt"))
    create(place, b"first", 5)
    with pytest.raises(AlreadyThere, match="there already"):
        create(place, b"second", 6)
    large = io.BytesIO(b"x" * 10)
    with pytest.raises(AlreadyThere, match="there already"):
        create(place, large, 1 << 30)
    assert read_range(place, 0, 5) == b"first"


def test_a_large_object_is_written_in_parts(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.bag.store.client.SINGLE_PUT", 1 << 20)
    data = bytes(range(256)) * (20 << 12)
    place = StorePlace.parse(s3.url("large.bin"))
    create(place, io.BytesIO(data), len(data))
    file = StoreFile(place)
    assert (file.size, file.read() == data) == (len(data), True)
    file.seek(-5, io.SEEK_END)
    assert (file.read(), file.read(1)) == (data[-5:], b"")
    file.seek(1000)
    assert file.read(3) == data[1000:1003]


def test_folders_and_objects_are_listed(s3: S3, tmp_path: Path) -> None:
    for key in ("a/1.txt", "a/b/2.txt", "ab/3.txt", "4.txt"):
        s3.put(key, b"x")
    assert list_level(StorePlace.parse(f"s3://{s3.bucket}")) == (["a", "ab"], ["4.txt"])
    assert list_level(StorePlace.parse(s3.url("a"))) == (["b"], ["1.txt"])
    assert sorted(list_objects(StorePlace.parse(s3.url("a")))) == [("1.txt", 1), ("b/2.txt", 1)]


def test_what_is_not_there_and_a_store_that_is_off_are_distinguished(s3: S3) -> None:
    with pytest.raises(BagUnreadable, match="no such object"):
        verify(s3.url("nothing"))
    with pytest.raises(BagUnreadable, match="no such object"):
        verify(s3.url("nothing.tar"))
    s3.stop()
    with pytest.raises(BagUnreadable) as caught:
        verify(s3.url("R1.tar"))
    assert "no such object" not in str(caught.value)
    assert "Signature" not in str(caught.value)


def test_a_store_that_accepts_and_says_nothing_is_given_up(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    from datetime import timedelta

    from archive.bag.store import client

    monkeypatch.setattr(client, "STALL", timedelta(seconds=0.3))
    monkeypatch.setattr(client, "RETRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        client.connect.cache_clear()
        with pytest.raises(BagUnreadable):
            verify(s3.url("R1.tar"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("s3://key:secret@bucket/x", "credentials come from"),
        ("https://example.org/x.tar?X-Amz-Signature=abc", "credentials come from"),
        ("http://example.org/x.tar", "use https"),
        ("s3:///x", "not a place in a store"),
    ],
)
def test_urls_that_hold_secrets_or_lead_astray_are_refused(url: str, message: str) -> None:
    with pytest.raises(UsageProblem, match=message) as caught:
        verify(url)
    assert "secret" not in str(caught.value)
    assert "abc" not in str(caught.value)
