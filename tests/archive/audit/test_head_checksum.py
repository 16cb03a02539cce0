"""What S3 states about its objects without reading them: requested with signed HEAD requests, and entered as its word."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.head_checksum import compared
from archive.audit.s3_heads import S3Heads, StatedChecksum, head_client, read_statement
from archive.errors import UsageProblem
from tests.archive.audit.conftest import Inline
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag
from tests.cli.invoke import answer, run

ALL = ("audit", "run", "--all", "--method", "head-checksum")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


@pytest.fixture
def named(sqlite: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path) -> list[str]:
    """The catalogue's option; two bags that were written with checksums, one that was not, one on a disk."""
    for name in ("R 1", "صور", "plain"):
        bag = make_bag(tmp_path / f"made/{name}", {"data/a+b.txt": b"a\n", "data/b.txt": b"both\n"})
        s3.upload(bag, f"cloud/{name}", with_checksum=name != "plain")
    add_bags(sqlite, [s3.url("cloud")], Custody("cloud"), engine)
    add_bags(sqlite, [str(tmp_path / "made/plain")], Custody("us"), engine)
    return ["--catalogue", sqlite.name]


def test_a_store_confirms_what_it_has_checksums_of_and_is_not_taken_for_a_reading(
    sqlite: CatalogueDatabase, s3: S3, named: list[str], tmp_path: Path
) -> None:
    with sqlite.reading() as connection:
        read = dict(connection.execute(select(bag_copy.c.url, bag_copy.c.last_read_at)).all())
    first = answer(*ALL, *named, code=3)
    assert first["outcomes"] == {"sound": 2, "differs": 0, "no-checksum": 1, "unreadable": 0}
    assert [(one["place"], one["why"]) for one in first["not_confirmed"]] == [
        (s3.url("cloud/plain"), "the store states no SHA-256 of 8 of 8 objects")
    ]
    assert (first["method"], first["elsewhere"], first["left"]) == ("head-checksum", 1, 0)
    run("audit", "report", "--json", tmp_path / "r.json", "--html", tmp_path / "r.html", *named)
    assert '"confirmed_by_custodian_only": 2' in (tmp_path / "r.json").read_text()
    assert "weaker than a reading" in (tmp_path / "r.html").read_text()
    s3.put("cloud/R 1/data/b.txt", b"BOTH\n")
    s3.put("cloud/صور/data/new.txt", b"new", with_checksum=True)
    second = run(*ALL, *named)
    assert second.exit_code == 1
    assert f"DIFFERS  {s3.url('cloud/صور')}  its objects are not those that were verified" in second.stdout
    assert f"NO CHECKSUM  {s3.url('cloud/R 1')}" in second.stdout
    assert "a statement is weaker than a reading" in second.stdout
    assert "Next: archive audit run --due --catalogue" in second.stdout + second.stderr
    with sqlite.reading() as connection:
        assert read == dict(connection.execute(select(bag_copy.c.url, bag_copy.c.last_read_at)).all())
        methods = select(events.c.method).where(events.c.type == "store statement").distinct()
        assert connection.execute(methods).scalars().all() == ["head-checksum"]
        assert check_catalogue(connection)[1] == []


def test_a_store_that_is_off_is_left_after_a_few_copies(s3: S3, named: list[str]) -> None:
    s3.stop()
    found = answer(*ALL, "--stop-after", "1", *named, code=3)
    assert (found["outcomes"]["unreadable"], found["left"], found["outcomes"]["differs"]) == (1, 2, 0)


@pytest.mark.parametrize(("content", "stated", "outcome"), [
    ("sha256:aa", {"": StatedChecksum("aa")}, "sound"),
    ("sha256:aa", {"": StatedChecksum("bb")}, "differs"),
    ("sha256:aa", {}, "differs"),
    ("sha256:aa", {"": StatedChecksum(None, ("crc64nvme",))}, "no-checksum"),
    ("sha512:aa", {"": StatedChecksum("aa")}, "no-checksum"),
    (None, {"": StatedChecksum("aa")}, "no-checksum"),
])  # fmt: skip
def test_what_is_stated_is_compared(content: str | None, stated: dict[str, StatedChecksum], outcome: str) -> None:
    assert compared(content, stated, is_whole=True)[0] == outcome


def test_only_a_checksum_of_the_whole_object_is_one() -> None:
    whole = base64.b64encode(hashlib.sha256(b"a").digest()).decode()
    digest = hashlib.sha256(b"a").hexdigest()
    assert read_statement({"x-amz-checksum-sha256": whole, "etag": "x"}) == StatedChecksum(digest)
    composite = {"x-amz-checksum-sha256": whole, "x-amz-checksum-type": "COMPOSITE"}
    assert read_statement(composite) == StatedChecksum(None, ("sha256",))
    assert read_statement({"x-amz-checksum-sha256": f"{whole}-3"}) == StatedChecksum(None, ("sha256",))
    crc = {"x-amz-checksum-crc64nvme": "AAAAAAAAAAA=", "x-amz-checksum-type": "FULL_OBJECT"}
    assert read_statement(crc) == StatedChecksum(None, ("crc64nvme",))


def test_without_keys_in_the_environment_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(UsageProblem, match="aws configure export-credentials"):
        S3Heads(head_client())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://store.example")
    with pytest.raises(UsageProblem, match="expected https://"):
        S3Heads(head_client())
