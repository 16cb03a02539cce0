"""Two sources that lead to one page: what describes the withheld one's capture does not go along with the other's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.disclose.disclose import DisclosureOrder, NamesFound, disclose
from archive.fetch.fetch import fetch
from archive.fetch.imported import ImportOrder, import_recordings
from archive.verify.run import verify
from archive.warc.reader import read_records
from archive_manifests.disclosure_copy import PROOFS
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.warc.warc_bytes import record, zipped
from tests.world import World, video_bytes
from tests.world.site import Page, Site, file, html, redirect

PAGE, SHORT = "https://film.example/v/page.html", "https://short.example/x9Qz"
WORDS = "<p>" + "The market was hit twice. " * 40


class VideoSite(Site):
    """A page with a film, and a short address that leads to it."""

    hosts = ("film.example", "short.example")

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == "short.example":
            return {"/x9Qz": redirect(PAGE)}
        video = file(video_bytes.sounding("market", 30), "video/mp4")
        return {
            "/v/page.html": html(f"<title>Film</title><video src=/v/market.mp4></video>{WORDS}"),
            "/v/market.mp4": video,
            "/links.html": html(f"<title>Links</title><a href={SHORT}>the film</a>{WORDS}"),
        }


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    (folder / "report.txt").write_text(f"A report.\nOne: {PAGE} and two: {SHORT} it is.\n")
    with World([VideoSite()]) as world:
        return fetch(folder / "report.txt", folder / "R1", settings_for(world, media=True)).bag


@pytest.mark.parametrize(("withheld", "shown"), [("s01", "s02"), ("s02", "s01")])
def test_no_record_describes_the_capture_that_is_withheld(bag: Path, tmp_path: Path, withheld: str, shown: str) -> None:
    order = DisclosureOrder(bag, tmp_path / "copy", frozenset({withheld}), "safety", accepts_names=True)
    copy = disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC)).path
    assert verify(copy, jobs=1).errors == 0
    refs = {json.loads(line)["ref"] for line in (copy / PROOFS).read_bytes().splitlines()}
    log = [json.loads(line) for line in (bag / "data/provenance/records.jsonl").read_bytes().splitlines()]
    hidden = [line for line in log if line["id"] not in refs]
    described = b"".join(blocks_of_metadata(copy))
    assert any(line["type"] == "metadata" for line in hidden)
    assert b"data/media/" + withheld.encode() not in described
    assert [line["id"] for line in hidden if line["id"].encode() in described] == []
    assert f"data/media/{shown}/".encode() in described


def test_a_page_that_names_what_is_withheld_stops_the_copy_whatever_its_sentence_may_say(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(f"One: https://film.example/links.html and two: {SHORT} it is.\n")
    with World([VideoSite()]) as world:
        bag = fetch(tmp_path / "report.txt", tmp_path / "R1", settings_for(world, media=False)).bag
    order = DisclosureOrder(bag, tmp_path / "copy", frozenset({"s02"}), "safety", accepts_sentences=True)
    with pytest.raises(NamesFound, match="--accept-names") as stopped:
        disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC))
    assert {hit.place for hit in stopped.value.hits} == {
        "data/archive/s01.warc.gz (response of https://film.example/links.html)",
        "data/sources.json (conditions)",  # the addresses of the loopback internet
    }


def blocks_of_metadata(copy: Path) -> Iterator[bytes]:
    for place in (copy / "data/archive").iterdir():
        with place.open("rb") as stream:
            yield from (b"".join(record.block()) for record in read_records(stream) if record.type == "metadata")


@pytest.mark.parametrize("withheld", ["s01", "s02"])
def test_a_recording_that_a_disclosed_source_needs_goes_along_whatever_folder_it_is_in(
    tmp_path: Path, withheld: str
) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A page</title>hello"
    urls = ("https://one.example/a", "https://two.example/b")
    crawl, report = tmp_path / "crawl.warc.gz", tmp_path / "report.txt"
    crawl.write_bytes(zipped([record("response", n, block, WARC_Target_URI=url) for n, url in enumerate(urls)]))
    report.write_text("A report.\n\n" + "\n\n\n".join(urls) + "\n")
    bag = import_recordings(ImportOrder((crawl,), report, tmp_path / "R1")).result.bag
    order = DisclosureOrder(bag, tmp_path / "copy", frozenset({withheld}), "safety", accepts_names=True)
    copy = disclose(order, now=datetime(2026, 11, 30, tzinfo=UTC)).path
    assert verify(copy, jobs=1).errors == 0
    assert [place.read_bytes() for place in copy.rglob("*.warc.gz")] == [crawl.read_bytes()]
