"""Bounds of a whole run: reaching one is recorded and called by its name, and everything else continues."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bagit
import pytest

from archive.fetch.fetch import FetchResult, fetch
from archive_manifests.ledger import SourceEntry
from tests.archive.fetch.test_pilot import responses, settings_for
from tests.archive.net.recorder_setup import stored
from tests.world import World, media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, file, html

HOSTS = ("one.example", "two.example")
WORDS = "<p>" + "What is said here is said in words enough to be taken for a page. " * 12
PICTURES = 8


class Gallery(Site):
    """On each host a page with pictures; a page that recovers; a video."""

    hosts = HOSTS

    def __init__(self) -> None:
        super().__init__()
        self.requested: dict[str, int] = {}

    def pages(self, host: str) -> Mapping[str, Page]:
        images = "".join(f'<img src="/p{n}.jpg" alt="">' for n in range(PICTURES))
        picture = media_bytes.jpeg("gallery")
        return {
            "/page": html(f"<!DOCTYPE html><title>Page of {host}</title>{WORDS}{images}"),
            "/recovers": self._recovers,
            "/video": file(bytes(range(256)) * 4000, "video/mp4"),
            **{f"/p{n}.jpg": file(picture, "image/jpeg") for n in range(PICTURES)},
        }

    def _recovers(self, request: Request) -> Reply:
        turn = self.requested[request.url] = self.requested.get(request.url, 0) + 1
        if turn <= 2:
            return html("<title>Busy</title>Busy", 503)
        return html(f"<!DOCTYPE html><title>Well again</title>{WORDS}")


def run(folder: Path, *cited: str, **chosen: Any) -> tuple[World, FetchResult, dict[str, SourceEntry]]:
    lines = "".join(f'\n[[source]]\ncited = "https://{url}"\n' for url in cited)
    (folder / "sources.toml").write_text(f'[report]\nid = "T"\ntitle = "T"\n{lines}')
    with World([Gallery()]) as world:
        result = fetch(folder / "sources.toml", folder / "B", settings_for(world, jobs=1, **chosen))
        bagit.Bag(str(result.bag)).validate()
        return world, result, {entry.cited.removeprefix("https://"): entry for entry in result.ledger.sources}


def verdict(entry: SourceEntry) -> tuple[str, str | None]:
    return str(entry.status), entry.reason


def failures(result: FetchResult) -> list[str]:
    """What the metadata records say of requests that were not made."""
    records = [record for warc in sorted((result.bag / "data/archive").iterdir()) for record in stored(warc)]
    observed = [record.observed for record in records if record.type == "metadata" and "failure" in record.observed]
    return [each["failure"]["message"] for each in observed if each["failure"] and each["failure"]["stage"] == "policy"]


def test_a_page_with_more_requisites_than_are_allowed_says_so(tmp_path: Path) -> None:
    world, _, entries = run(tmp_path, "one.example/page", "two.example/page", requisites=3)
    for entry in entries.values():
        outcomes = [(each.outcome, each.reason) for each in entry.requisites]
        assert outcomes.count(("captured", None)) == 3
        assert outcomes.count(("not-attempted", "limit")) == len(outcomes) - 3 >= PICTURES - 3
        assert verdict(entry) == ("partial", "policy")
    assert sum("/p" in url and url.endswith("jpg") for url in world.urls()) <= 6


def test_a_body_over_the_size_limit_is_cut_stored_and_requested_once(tmp_path: Path) -> None:
    world, result, entries = run(tmp_path, "one.example/video", "two.example/page", max_size=200_000)
    assert verdict(entries["one.example/video"]) == ("partial", "truncated")
    assert verdict(entries["two.example/page"]) == ("captured", None)
    (block,) = responses(result.bag)["https://one.example/video"]
    assert world.requested("one.example")[-1].sent.startswith(block) and 200_000 < len(block) < 400_000
    assert world.count("one.example", "/video") == 1


def test_a_spent_run_continues_to_the_end_and_says_what_it_left(tmp_path: Path) -> None:
    _, result, entries = run(tmp_path, "one.example/video", "two.example/page", "one.example/page", max_total=300_000)
    # Which of them got something first is chance; none of them got all.
    assert {verdict(entry) for entry in entries.values()} <= {
        ("partial", "truncated"), ("partial", "policy"), ("not-attempted", "limit"),
    }  # fmt: skip
    assert "the run's limit on bytes in all is reached (--max-total)" in failures(result)


def test_a_source_that_brings_too_much_is_stopped_and_the_next_is_not(tmp_path: Path) -> None:
    _, result, entries = run(tmp_path, "one.example/page", "two.example/recovers", source_size=1500, tries=3)
    outcomes = [(each.outcome, each.reason) for each in entries["one.example/page"].requisites]
    assert ("captured", None) in outcomes and ("not-attempted", "limit") in outcomes
    assert verdict(entries["one.example/page"]) == ("partial", "policy")
    assert verdict(entries["two.example/recovers"]) == ("captured", None)
    assert "the source has brought 1,500 bytes, the most it may" in failures(result)


@pytest.mark.parametrize("bound", ["source_seconds", "run_seconds"])
def test_a_source_or_a_run_that_takes_too_long_is_stopped(tmp_path: Path, bound: str) -> None:
    _, result, entries = run(tmp_path, "one.example/page", "two.example/page", delay=0.5, **{bound: 0.6})
    assert any(verdict(entry) in (("partial", "policy"), ("not-attempted", "limit")) for entry in entries.values())
    assert any("has taken 0.6 s, the most it may" in message for message in failures(result))


def test_what_failed_is_requested_once_more_before_the_verdict_is_final(tmp_path: Path) -> None:
    world, result, entries = run(tmp_path, "one.example/recovers", tries=2)
    entry = entries["one.example/recovers"]
    assert verdict(entry) == ("captured", None)
    assert world.count("one.example", "/recovers") == 3
    blocks = responses(result.bag)["https://one.example/recovers"]
    assert [block[9:12] for block in blocks] == [b"503", b"503", b"200"]
    answers = [r.name for w in (result.bag / "data/archive").iterdir() for r in stored(w) if r.type == "response"]
    assert set(entry.exchanges) <= set(answers) and len(entry.exchanges) >= 3
