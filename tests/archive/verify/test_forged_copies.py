"""Copies beside the page itself, each forged alone: embeds, successors, mementos by TimeMap, and readings of the print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive_manifests.ledger import Copy, Facet, Status
from archive_manifests.notes import note
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.site import html
from tests.world.sites import snhr, telegram, vault

EMBEDDED, ELSEWHERE = "s01", "s02"
MESSAGE = f"https://{telegram.HOST}/{telegram.CHANNEL}/{telegram.POST}"
LOST = "https://sn4hr.org/nothing/here/"
NEW = snhr.POSTS[3].url
_AS_IT_WAS = "<title>As it was</title><h1>As it was</h1><p>" + "The page as it was kept. " * 40


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A post with its embed, and a page that is gone, of which another archive has a copy; both with a new address."""
    folder = tmp_path_factory.mktemp("copies")
    with World() as world:
        site = vault.Vault(vault.Copy("20210402112000", LOST, html(_AS_IT_WAS)))
        site.mode = "opaque"
        world.sites[vault.HOST] = site
        made = fetched(world, folder, MESSAGE, LOST, source=f'successor = "{NEW}"', timemaps=(vault.LINK,), tries=1)
    return made.bag


def _set(bag: ForgedBag, source: str, place: Callable[[Copy], bool], **changes: Any) -> None:
    entry = bag.entry(source)
    copies = tuple(replace(copy, **changes) if place(copy) else copy for copy in entry.copies)
    assert copies != entry.copies
    bag.set_source(source, copies=copies)


def _embed(copy: Copy) -> bool:
    return any(each.code == "post-embedded" for each in copy.notes)


def _successor(copy: Copy) -> bool:
    return copy.url == NEW


def _foreign(bag: ForgedBag, source: str) -> None:
    """Another source's response among the records of the page's own copy."""
    others = [line.id for line in bag.records if line.type == "response" and line.id not in bag.entry(source).exchanges]
    _set(bag, source, lambda copy: copy.kind == "live", records=(others[0], *bag.copy(source, "live").records))


def _swap_first(bag: ForgedBag, source: str, place: Callable[[Copy], bool]) -> None:
    """Another exchange of the same source in the place of the first record of a copy."""
    entry = bag.entry(source)
    copy = next(each for each in entry.copies if place(each))
    on_the_way = {line.uri for line in bag.records if line.id in copy.records or str(line.uri).endswith("/robots.txt")}
    other = next(
        line.id
        for line in bag.records
        if line.type == "response" and line.id in entry.exchanges and line.uri not in on_the_way
    )
    first = (other,) if len(copy.records) > 1 else (other, *copy.records[:1])
    _set(bag, source, place, records=(*first, *copy.records[1:]))


FORGERIES: dict[str, tuple[str, str, Callable[[ForgedBag], object]]] = {
    "an embed called no embed": (EMBEDDED, "verdict-contradicted", lambda bag: _set(bag, EMBEDDED, _embed, notes=())),
    "an embed of another verdict": (
        *(EMBEDDED, "verdict-contradicted"),
        lambda bag: _set(bag, EMBEDDED, _embed, status=Status.PARTIAL),
    ),
    "a successor called the page": (
        *(ELSEWHERE, "verdict-contradicted"),
        lambda bag: _set(bag, ELSEWHERE, _successor, kind="live"),
    ),
    "a successor of another verdict": (
        *(ELSEWHERE, "verdict-contradicted"),
        lambda bag: _set(bag, ELSEWHERE, _successor, status=Status.GONE),
    ),
    "a successor that nobody named": (
        *(ELSEWHERE, "verdict-contradicted"),
        lambda bag: _set(bag, ELSEWHERE, _successor, notes=()),
    ),
    "a record of another source": (ELSEWHERE, "verdict-contradicted", lambda bag: _foreign(bag, ELSEWHERE)),
    "another record of the page": (
        *(EMBEDDED, "address-contradicted"),
        lambda bag: _swap_first(bag, EMBEDDED, lambda copy: not _embed(copy)),
    ),
    "another record of an embed": (
        *(EMBEDDED, "verdict-contradicted"),
        lambda bag: _swap_first(bag, EMBEDDED, _embed),
    ),
    "another record of a successor": (
        *(ELSEWHERE, "verdict-contradicted"),
        lambda bag: _swap_first(bag, ELSEWHERE, _successor),
    ),
    "no record of an embed but another": (
        *(EMBEDDED, "verdict-contradicted"),
        lambda bag: _set(bag, EMBEDDED, _embed, records=bag.copy(EMBEDDED, "live").records[:1]),
    ),
    "a title of a copy by TimeMap": (
        *(ELSEWHERE, "memento-contradicted"),
        lambda bag: bag.set_source(ELSEWHERE, title="As it never was"),
    ),
    "a quotation in a copy by TimeMap": (
        *(ELSEWHERE, "memento-contradicted"),
        lambda bag: bag.set_source(ELSEWHERE, quote_found="yes"),
    ),
    "media in a copy by TimeMap": (
        *(ELSEWHERE, "memento-contradicted"),
        lambda bag: bag.set_source(ELSEWHERE, facets=replace(bag.entry(ELSEWHERE).facets, media=Facet(True))),
    ),
    "a note that no look-up gave": (
        *(ELSEWHERE, "memento-contradicted"),
        lambda bag: bag.set_source(
            ELSEWHERE, notes=(*bag.entry(ELSEWHERE).notes, note("memento-far", age=note("days-before", n=12)))
        ),
    ),
    "a note without its look-up's problem": (
        *(ELSEWHERE, "memento-contradicted"),
        lambda bag: bag.set_source(
            ELSEWHERE, notes=tuple(n for n in bag.entry(ELSEWHERE).notes if not n.code.startswith("memento-"))
        ),
    ),
    "a note twice": (
        *(ELSEWHERE, "note-contradicted"),
        lambda bag: bag.set_source(ELSEWHERE, notes=bag.entry(ELSEWHERE).notes * 2),
    ),
}


def test_the_bag_that_is_forged_is_sound_before(sound: Path) -> None:
    bag = ForgedBag(sound)
    assert [str(copy.kind) for copy in bag.entry(ELSEWHERE).copies] == ["live", "successor", "successor", "memento"]
    assert bag.errors() == []


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_copy_is_found_and_its_source_named(name: str, sound: Path, tmp_path: Path) -> None:
    source, code, forge = FORGERIES[name]
    bag = ForgedBag.copy_of(sound, tmp_path / sound.name)
    forge(bag)
    bag.seal_over()
    assert (code, source) in bag.errors()
