"""`--again`: a new bag that follows an older one."""

from __future__ import annotations

import json
from pathlib import Path

import bagit
import pytest
from msgspec.structs import replace

from archive.cite import read_report, source_manifest
from archive.errors import AlreadyThere, UsageProblem
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.ledger import Status
from archive_manifests.source_toml import to_toml
from tests.archive.fetch.test_pilot import REPORT, settings_for
from tests.world import World


def test_only_what_was_not_captured_is_requested_again(world: World, tmp_path: Path) -> None:
    first = fetch(REPORT, tmp_path / "B", settings_for(world))
    good = {entry.id for entry in first.ledger.sources if not entry.status.is_gap}
    gaps = {entry.cited for entry in first.ledger.sources if entry.status.is_gap}
    before = len(world.log)
    second = fetch(REPORT, tmp_path / "B", settings_for(world), again=True)
    requested = {seen.url for seen in world.log[before:]}
    assert second.bag == tmp_path / "B-2"
    assert second.ledger.predecessor == str(first.tagmanifest)
    assert gaps <= requested
    assert not requested & {entry.cited for entry in first.ledger.sources if entry.id in good}
    for warc in sorted((first.bag / "data/archive").iterdir()):
        assert (second.bag / "data/archive" / warc.name).read_bytes() == warc.read_bytes()
    assert f"Previous-Bag-Tagmanifest: {first.tagmanifest}" in (second.bag / "bag-info.txt").read_text()
    bagit.Bag(str(second.bag)).validate()


def test_what_has_come_back_is_captured_and_the_earlier_failure_stays_listed(world: World, tmp_path: Path) -> None:
    world.set_mode("www.faselhd.pro", "challenge")
    first = fetch(REPORT, tmp_path / "B", settings_for(world))
    failed = next(entry for entry in first.ledger.sources if entry.id == "s05")
    world.set_mode("www.faselhd.pro", "ok")
    second = fetch(REPORT, tmp_path / "B", settings_for(world), again=True)
    entry = next(entry for entry in second.ledger.sources if entry.id == "s05")
    assert (failed.status, failed.http_status) == (Status.BLOCKED, 403)
    # The page is here now; the video it plays is left out by policy.
    assert (entry.status, entry.http_status) == (Status.PARTIAL, 200)
    assert entry.exchanges[: len(failed.exchanges)] == failed.exchanges
    lines = (second.bag / "data/provenance/records.jsonl").read_text().splitlines()
    there = {json.loads(line)["id"] for line in lines}
    assert set(entry.exchanges) <= there


def test_all_requests_everything_again(world: World, tmp_path: Path) -> None:
    first = fetch(REPORT, tmp_path / "B", settings_for(world))
    before = len(world.log)
    second = fetch(REPORT, tmp_path / "B", settings_for(world), again=True, everything=True)
    requested = {seen.url for seen in world.log[before:]}
    assert {entry.cited for entry in second.ledger.sources} <= requested
    assert second.ledger.predecessor == str(first.tagmanifest)


def test_a_damaged_older_bag_is_not_carried_over(world: World, tmp_path: Path) -> None:
    first = fetch(REPORT, tmp_path / "B", settings_for(world))
    warc = first.bag / "data/archive/s01.warc.gz"
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 1
    warc.write_bytes(data)
    with pytest.raises(UsageProblem, match=r"does not verify \(.*payload-altered"):
        fetch(REPORT, tmp_path / "B", settings_for(world), again=True)
    assert not (tmp_path / "B-2").exists()


def test_another_report_cannot_follow_a_bag(world: World, tmp_path: Path) -> None:
    fetch(REPORT, tmp_path / "B", settings_for(world))
    other = tmp_path / "other.txt"
    other.write_text("See https://sn4hr.org/?p=24105 for more.")
    with pytest.raises(AlreadyThere, match="a bag of another input"):
        fetch(other, tmp_path / "B", settings_for(world), again=True)


def test_the_report_follows_its_source_manifest_and_the_reverse(world: World, tmp_path: Path) -> None:
    report = tmp_path / "R1.txt"
    report.write_text("See https://sn4hr.org/?p=24105 and https://sn4hr.org/never for more.\n")
    manifest = tmp_path / "sources.toml"
    manifest.write_text(to_toml(source_manifest(read_report(report))))
    fetch(manifest, tmp_path / "B", settings_for(world))
    with_report = fetch(report, tmp_path / "B", settings_for(world), again=True)
    without = fetch(manifest, tmp_path / "B", settings_for(world), again=True)
    placed = [[entry.citations[0].offset for entry in one.ledger.sources] for one in (with_report, without)]
    assert placed == [[4, 35], [None, None]]
    for bag in (with_report.bag, without.bag):
        assert [(found.code, found.path) for found in verify(bag).findings if found.severity == "error"] == []


def test_the_report_does_not_follow_a_bag_of_an_edited_source_manifest(world: World, tmp_path: Path) -> None:
    report = tmp_path / "R1.txt"
    report.write_text("See https://sn4hr.org/?p=24105 and https://sn4hr.org/never for more.\n")
    read = source_manifest(read_report(report))
    manifest = tmp_path / "sources.toml"
    manifest.write_text(to_toml(replace(read, sources=(replace(read.sources[0], graphic=True), read.sources[1]))))
    fetch(manifest, tmp_path / "B", settings_for(world))
    with pytest.raises(UsageProblem, match=r"made of a source manifest that a person edited"):
        fetch(report, tmp_path / "B", settings_for(world), again=True)
    assert not (tmp_path / "B-2.part").exists()
    assert fetch(manifest, tmp_path / "B", settings_for(world), report=report, again=True).bag == tmp_path / "B-2"
