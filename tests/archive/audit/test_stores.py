"""Copies in an object store: added, audited, found damaged or gone; a store that is off is not ten thousand losses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.engine.processes import Processes
from archive.audit.look import CopyOutcome
from archive.audit.run import AuditLimits, run_audit
from archive.audit.selection import ALL, CopySelection
from tests.archive.audit.conftest import Inline
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag
from tests.cli.invoke import answer


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


@pytest.fixture
def store(s3: S3, tmp_path: Path) -> str:
    """Three bags and a package below a prefix, and something that is no bag."""
    for number in range(3):
        bag = make_bag(tmp_path / f"made/b{number}", {"data/a.txt": b"%d\n" % number, "data/b.txt": b"both\n"})
        s3.upload(bag, f"bags/sub/b{number}")
    s3.put("bags/readme.txt", b"no bag")
    return s3.url("bags")


def test_bags_of_a_store_are_found_and_audited(sqlite: CatalogueDatabase, engine: Inline, s3: S3, store: str) -> None:
    added = add_bags(sqlite, [store], Custody("cloud"), engine)
    assert (added.added, added.exit_code) == (3, 0)
    with sqlite.reading() as connection:
        urls = connection.execute(select(bag_copy.c.url).order_by(bag_copy.c.url)).scalars()
        assert list(urls) == [f"{store}/sub/b{number}" for number in range(3)]
    assert run_audit(sqlite, CopySelection(ALL), engine).outcomes[CopyOutcome.SOUND] == 3
    s3.put("bags/sub/b0/data/a.txt", b"9\n")
    s3.put("bags/sub/b1/data/new.txt", b"new\n")
    for name in ("data/a.txt", "data/b.txt", "bagit.txt", "bag-info.txt"):
        s3.delete(f"bags/sub/b2/{name}")
    for name in ("manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"):
        s3.delete(f"bags/sub/b2/{name}")
    found = run_audit(sqlite, CopySelection(ALL), engine).new
    assert sorted(sorted(each.code for each in one.problems) for one in found) == [
        ["bag-gone"], ["oxum-differs", "payload-unlisted"], ["payload-altered"],
    ]  # fmt: skip


def test_a_store_that_is_off_leaves_the_other_custodian_alone(
    sqlite: CatalogueDatabase, engine: Inline, s3: S3, store: str, tmp_path: Path
) -> None:
    add_bags(sqlite, [store], Custody("cloud"), engine)
    add_bags(sqlite, [str(tmp_path / "made")], Custody("here"), engine)
    s3.stop()
    result = run_audit(sqlite, CopySelection(ALL), engine, limits=AuditLimits(stop_after=1))
    assert result.outcomes[CopyOutcome.SOUND] == 3
    assert result.outcomes[CopyOutcome.UNREADABLE] + result.left == 3
    assert (result.new, list(result.offline), result.exit_code) == ((), [f"s3://{s3.bucket}"], 3)


def test_workers_in_other_processes_read_the_store_too(sqlite: CatalogueDatabase, s3: S3, store: str) -> None:
    with Processes(1) as engine:
        assert add_bags(sqlite, [store], Custody("cloud"), engine).outcomes[CopyOutcome.SOUND] == 3
        assert run_audit(sqlite, CopySelection(ALL), engine).outcomes[CopyOutcome.SOUND] == 3


def test_verify_takes_the_url_of_a_store(s3: S3, store: str) -> None:
    found = answer("verify", f"{store}/sub/b0", "--quiet")
    assert (found["bag"], found["outcome"]) == (f"{store}/sub/b0", "intact")
    s3.put("bags/sub/b0/data/a.txt", b"9\n")
    assert answer("verify", f"{store}/sub/b0", "--quiet", code=1)["outcome"] == "damaged"
