"""A source manifest that a person reviewed, captured with its report: both are in the bag, and `verify` agrees."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.cite import read_report, source_manifest
from archive.errors import UsageProblem
from archive.fetch.fetch import fetch, plan
from archive.verify.run import verify
from archive_manifests.source_toml import to_toml
from archive_manifests.sources import Citation, Source, SourceManifest
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World

TEXT = "See https://sn4hr.org/?p=55768 and sn4hr.org/?p=24105 and https://sn4hr.org/never-asked there.\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    place = tmp_path / "R1.txt"
    place.write_text(TEXT)
    return place


def reviewed(report: Path) -> SourceManifest:
    """One doubt settled, one source left out, one marked, one added."""
    manifest = source_manifest(read_report(report))
    first, second, third = manifest.sources
    assert second.doubts
    added = Source("https://www.coe.int/added", (Citation(found_by="person"),))
    changed = (replace(first, graphic=True), replace(second, reading="https://sn4hr.org/?p=24105"), replace(third, skip=True))
    return replace(manifest, report=replace(manifest.report, published=False), sources=(*changed, added))


def written(report: Path, manifest: SourceManifest) -> Path:
    place = report.with_name("sources.toml")
    place.write_text(to_toml(manifest))
    return place


def test_the_bag_has_the_report_and_what_the_person_decided(world: World, report: Path, tmp_path: Path) -> None:
    manifest = reviewed(report)
    result = fetch(written(report, manifest), tmp_path / "R1", settings_for(world), report=report)
    entries = {entry.cited: entry for entry in result.ledger.sources}
    assert [str(entry.status) for entry in result.ledger.sources] == ["captured", "captured", "not-attempted", "gone"]
    assert entries["https://sn4hr.org/?p=55768"].graphic is True
    assert entries["https://sn4hr.org/?p=55768"].citations[0].offset == TEXT.index("https://")
    assert "https://sn4hr.org/never-asked" not in world.urls()
    assert (result.bag / "data/report/original.txt").read_text() == TEXT
    assert (result.bag / "data/report/sources.toml").read_text() == to_toml(manifest)
    assert [(f.code, f.path) for f in verify(result.bag).findings if f.severity == "error"] == []
    assert fetch(written(report, manifest), tmp_path / "R1", settings_for(world), report=report).was_there


def test_a_person_may_name_the_report_otherwise_than_it_reads(world: World, report: Path, tmp_path: Path) -> None:
    manifest = reviewed(report)
    named = replace(manifest.report, title="What happened", date="2021-05-20", language="fr", publisher="The Centre")
    edited = written(report, replace(manifest, report=named))
    result = fetch(edited, tmp_path / "R1", settings_for(world), report=report)
    assert (result.ledger.report.stated.title, result.ledger.report.stated.date) == ("What happened", "2021-05-20")
    assert [(f.code, f.path) for f in verify(result.bag).findings if f.severity == "error"] == []


def test_the_plan_names_the_hosts_of_what_is_left(world: World, report: Path) -> None:
    found = plan(written(report, reviewed(report)), settings_for(world), report=report)
    assert found.hosts == {"sn4hr.org": 2, "www.coe.int": 1}


@pytest.mark.parametrize("flaw", ["other report", "source dropped", "citation invented", "citation moved", "passed over"])
def test_a_manifest_that_hides_what_is_cited_is_refused(
    world: World, report: Path, tmp_path: Path, flaw: str
) -> None:
    manifest = reviewed(report)
    first, *others = manifest.sources
    changed = {
        "other report": replace(manifest, report=replace(manifest.report, sha256="0" * 64)),
        "source dropped": replace(manifest, sources=tuple(others)),
        "citation invented": replace(
            manifest, sources=(*manifest.sources, Source("https://x.example/", (Citation(line=1),)))
        ),
        "citation moved": replace(manifest, sources=(replace(first, citations=(Citation(line=9),)), *others)),
        "passed over": replace(manifest, passed_over=()),
    }[flaw]
    if flaw == "passed over":
        report.write_text(TEXT + "mail: a@b.example\n")
        changed = replace(reviewed(report), passed_over=())
        assert source_manifest(read_report(report)).passed_over
    with pytest.raises(UsageProblem):
        fetch(written(report, changed), tmp_path / "R1", settings_for(world), report=report)
    assert world.log == [] and not (tmp_path / "R1").exists()


def test_a_report_goes_with_a_manifest_alone(world: World, report: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="--report"):
        fetch(report, tmp_path / "R1", settings_for(world), report=report)
