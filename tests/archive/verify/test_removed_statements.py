"""What was removed from a bag is missed: submissions whose records are there, a report that was read, recorded fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, html, json

HOST = "www.daily.org"


class Daily(Site):
    """One page."""

    hosts = (HOST,)

    def reply(self, request: Request) -> Reply | Answer:
        if request.target != "/page":
            return super().reply(request)
        return html("<!DOCTYPE html><title>Market hit</title><h1>Market hit</h1><p>Nine died in the market.")


class Wayback(Site):
    """Saves what is submitted to it."""

    hosts = ("web.archive.org",)

    def reply(self, request: Request) -> Reply | Answer:
        if request.method == "POST":
            return json('{"job_id": "spn2-1"}')
        return json('{"status": "success", "timestamp": "20261130104500", "original_url": "https://www.daily.org/page"}')


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("submitted")
    (folder / "report.txt").write_text(f"See https://{HOST}/page for it.\n")
    with World([Daily(), Wayback()]) as world:
        settings = FetchSettings(
            connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, submit=True, memento=False
        )
        fetch(folder / "report.txt", folder / "B", settings)
    (entry,) = ForgedBag(folder / "B").ledger.sources
    assert [each.outcome for each in entry.submissions] == ["saved"]
    return folder / "B"


def _unchanged(_: ForgedBag) -> None: ...


def _submission_removed(bag: ForgedBag) -> None:
    bag.set_source("s01", submissions=())


def _submission_called_refused(bag: ForgedBag) -> None:
    (submission,) = bag.entry("s01").submissions
    bag.set_source("s01", submissions=(replace(submission, outcome="refused"),))


def _submission_twice(bag: ForgedBag) -> None:
    bag.set_source("s01", submissions=bag.entry("s01").submissions * 2)


def _request_of_submission_not_listed(bag: ForgedBag) -> None:
    (submission,) = bag.entry("s01").submissions
    bag.set_source("s01", submissions=(replace(submission, records=submission.records[-1:]),))


def _report_removed(bag: ForgedBag) -> None:
    for name in ("original.txt", "text.txt"):
        (bag.path / "data/report" / name).unlink()
    bag.ledger = replace(bag.ledger, report=replace(bag.ledger.report, path=None, size=None))


def _field_removed(name: str) -> Callable[[ForgedBag], None]:
    def forge(bag: ForgedBag) -> None:
        infos = [each.id for each in bag.records if each.type == "warcinfo"]
        line = re.compile(name.encode() + rb": [^\r]*\r\n")
        bag.set_blocks({each: line.sub(b"", bag.block_of(each)) for each in infos})

    return forge


SOFTWARE, MANIFEST, LEDGER = "data/provenance/software.json", "data/report/sources.toml", "data/sources.json"
WARC = "data/archive/s01.warc.gz"
SUBMISSION = {("verdict-contradicted", LEDGER), ("note-contradicted", LEDGER)}


@pytest.mark.parametrize(
    ("forge", "found"),
    [
        (_unchanged, set()),
        (_submission_removed, SUBMISSION),
        (_submission_called_refused, SUBMISSION),
        (_submission_twice, {("verdict-contradicted", LEDGER)}),
        (_request_of_submission_not_listed, {("verdict-contradicted", LEDGER)}),
        (_report_removed, {("report-missing", "data/report/text.txt")}),
        (_field_removed("runtime"), {("software-contradicted", SOFTWARE)}),
        (_field_removed("report-text-by"), {("software-contradicted", SOFTWARE)}),
        (_field_removed("source-manifest"), {("manifest-contradicted", MANIFEST)}),
        (_field_removed("conditions"), {("condition-contradicted", LEDGER), ("condition-contradicted", WARC)}),
    ],
)
def test_what_was_removed_is_missed(
    sound: Path, tmp_path: Path, forge: Callable[[ForgedBag], None], found: set[tuple[str, str]]
) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    forge(bag)
    bag.seal_over()
    errors = [each for each in bag.verified().findings if each.severity == "error"]
    assert {(each.code, str(each.path)) for each in errors} == found
