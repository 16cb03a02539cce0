"""What a provider says it read counts as its word, and never as a full read."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.instants import moment_of, text_of
from archive.audit.policy import Interval, set_interval
from archive.audit.provider_report import take_report
from archive.errors import UsageProblem
from tests.archive.audit.conftest import Inline
from tests.archive.bag.s3_server import S3, serving
from tests.archive.verify.sample_bags import make_bag

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=40)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    with serving(monkeypatch) as server:
        yield server


@pytest.fixture
def bag(catalogue: CatalogueDatabase, engine: Inline, s3: S3, tmp_path: Path) -> dict[str, bytes]:
    """The objects of the one copy, by key."""
    place = make_bag(tmp_path / "R 1")
    add_bags(catalogue, [s3.upload(place, "cloud/R 1")], Custody(), engine, now=lambda: NOW)
    with catalogue.writing() as connection:
        set_interval(connection, "*", "*", Interval(30, 90))
    return {f"cloud/R 1/{each.relative_to(place).as_posix()}": each.read_bytes() for each in place.rglob("*") if each.is_file()}


def report(place: Path, bucket: str, objects: Mapping[str, bytes], **changes: str) -> Path:
    with place.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for key, data in objects.items():
            said = {"checksum_base64": base64.b64encode(hashlib.sha256(data).digest()).decode(), "etag": "x"}
            said |= {"checksumAlgorithm": "SHA256", "checksumType": "FULL_OBJECT"} | changes
            writer.writerow([bucket, key.replace(" ", "+"), "", "succeeded", "", "200", json.dumps(said)])
    return place


def due(catalogue: CatalogueDatabase) -> datetime:
    with catalogue.reading() as connection:
        return moment_of(connection.execute(select(bag_copy.c.next_due_at)).scalars().one())


def test_a_confirmed_copy_is_due_later_and_its_full_read_when_it_was(
    catalogue: CatalogueDatabase, bag: dict[str, bytes], s3: S3, tmp_path: Path
) -> None:
    taken = take_report(catalogue, report(tmp_path / "r.csv", s3.bucket, bag), "archivist-2", lambda: LATER)
    assert (taken.outcomes, taken.exit_code) == ({"sound": 1, "differs": 0, "incomplete": 0}, 0)
    assert LATER + timedelta(days=26) < due(catalogue) <= LATER + timedelta(days=30)
    take_report(catalogue, report(tmp_path / "r.csv", s3.bucket, bag), None, lambda: NOW + timedelta(days=80))
    assert NOW + timedelta(days=80) < due(catalogue) <= NOW + timedelta(days=90)
    with catalogue.reading() as connection:
        (first, _) = connection.execute(select(events).where(events.c.type == "provider report")).mappings()
        assert (first["method"], first["outcome"], first["operator"]) == ("provider-report", "sound", "archivist-2")
        assert connection.execute(select(bag_copy.c.last_read_at)).scalar() == text_of(NOW)


def test_what_differs_or_is_missing_is_due_for_a_full_read_now(
    catalogue: CatalogueDatabase, bag: dict[str, bytes], s3: S3, tmp_path: Path
) -> None:
    other = bag | {"cloud/R 1/data/a.txt": b"altered"}
    taken = take_report(catalogue, report(tmp_path / "r.csv", s3.bucket, other), None, lambda: LATER)
    assert (taken.outcomes["differs"], taken.due, taken.exit_code, due(catalogue)) == (1, (s3.url("cloud/R 1"),), 1, LATER)
    del other["cloud/R 1/data/a.txt"]
    taken = take_report(catalogue, report(tmp_path / "r.csv", s3.bucket, other), None, lambda: LATER)
    assert (taken.outcomes["incomplete"], taken.exit_code) == (1, 3)
    assert take_report(catalogue, report(tmp_path / "r.csv", "elsewhere", bag)).outcomes["sound"] == 0


@pytest.mark.parametrize("changes", [{"checksumType": "COMPOSITE"}, {"checksumAlgorithm": "CRC64NVME"}, {"checksum_base64": "?"}])
def test_a_checksum_of_checksums_proves_nothing(
    catalogue: CatalogueDatabase, bag: dict[str, bytes], s3: S3, tmp_path: Path, changes: dict[str, str]
) -> None:
    taken = take_report(catalogue, report(tmp_path / "r.csv", s3.bucket, bag, **changes), None, lambda: LATER)
    assert (taken.outcomes["sound"], taken.unusable, taken.exit_code) == (0, len(bag), 3)


def test_another_file_is_refused(catalogue: CatalogueDatabase, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageProblem, match="line 1: expected 7 columns"):
        take_report(catalogue, tmp_path / "r.csv")
