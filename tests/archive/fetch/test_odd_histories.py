"""Honest bags with an odd history: no warning accuses who collected them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.errors import Interrupted
from archive.fetch import passes
from archive.fetch.fetch import fetch
from archive.fetch.supplied import Supply
from archive.fetch.supply import attest, supply
from archive.verify.run import verify
from archive_manifests.custody import parse_line, resumed_of
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, html, redirect

HOST = "odd.example"
PAGE, GONE = f"https://{HOST}/page", f"https://{HOST}/gone"
OF_THE_WORLD = {"private-trust", "redirected-capture"}
STOPPED = "records-of-stopped-run"
_TEXT = "<p>The families have waited for eleven years, and they have kept every paper that anybody gave them. " * 5


def _leads_on(request: Request) -> Reply:
    if request.target == "/location":
        return redirect("/page", 302)
    refresh = '<meta http-equiv="refresh" content="1; url=/page">'
    return html(f"<!DOCTYPE html><html><head><title>Moved</title>{refresh}</head></html>")


class Odd(Site):
    hosts = (HOST,)

    def pages(self, host: str) -> Mapping[str, Page]:
        page = html(f"<!DOCTYPE html><html><head><title>Page</title></head><body><h1>Page</h1>{_TEXT}</body></html>")
        return {"/page": page, **dict.fromkeys(("/location", "/refresh"), _leads_on)}


@pytest.fixture
def odd() -> Iterator[World]:
    with World([Odd()]) as world:
        yield world


def run(world: World, folder: Path, *cited: str, again: bool = False) -> Path:
    manifest = folder / "sources.toml"
    tables = "".join(f"[[source]]\ncited = {json.dumps(url)}\n" for url in cited)
    manifest.write_text(f'[report]\nid = "T1"\n\n{tables}', encoding="utf-8")
    return fetch(manifest, folder / "T1", settings_for(world), again=again).bag


def codes(bag: Path) -> set[str]:
    return {finding.code for finding in verify(bag).findings} - OF_THE_WORLD


@pytest.fixture
def resumed(odd: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bag whose run was stopped before the first verdict, when its host had been probed."""
    with monkeypatch.context() as patched:
        patched.setattr(passes.Passes, "_record", _stop)
        with pytest.raises(Interrupted):
            run(odd, tmp_path, PAGE, GONE)
    bag = run(odd, tmp_path, PAGE, GONE)
    assert codes(bag) == {STOPPED}
    return bag


def _stop(*_: object) -> None:
    raise Interrupted("stopped")


@pytest.mark.parametrize("way", ["location", "refresh"])
def test_a_page_that_another_source_had_requested_before_is_no_clock_that_was_set(
    way: str, odd: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "SOURCES_AT_ONCE", 1)
    bag = run(odd, tmp_path, PAGE, f"https://{HOST}/{way}")
    assert codes(bag) == set()
    assert len(odd.urls(HOST)) == len(set(odd.urls(HOST)))


def test_what_a_stopped_run_left_behind_is_known_in_the_bags_that_follow(
    odd: World, tmp_path: Path, resumed: Path
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.4\n%%EOF\n")
    supplied = supply(resumed, "s02", Supply(file, "by mail", "a witness")).bag
    attested = attest(supplied, "s02", "We saw it.", by="a witness").bag
    again = run(odd, tmp_path, PAGE, GONE, again=True)
    for bag in (supplied, attested, again):
        assert codes(bag) == {STOPPED}
        events = (bag / "data/provenance/events.jsonl").read_bytes().splitlines(keepends=True)
        assert len(list(resumed_of(parse_line(line, 1) for line in events))) == 1
