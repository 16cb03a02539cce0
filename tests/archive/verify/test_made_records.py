"""Files that records are tied to: of one source, and of several that show the same file, which is stored with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.newspaper import HOST, Press, article, stream
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.site import file
from tests.world.sites import telegram

POST = f"{telegram.HOST}/{telegram.CHANNEL}/{telegram.POST}"


def errors(bag: ForgedBag) -> list[tuple[str, str | None]]:
    return [(each.code, each.source) for each in bag.verified().findings if each.severity == "error"]


def test_a_file_that_is_shown_beside_a_page_without_a_response_agrees_with_its_records(tmp_path: Path) -> None:
    with World() as world:
        made = fetched(world, tmp_path, f"https://www.{POST}", memento=False, tries=1)
    assert (made.entry.final_url, made.copy("live").files) == (None, ("data/media/s01/file-1.mp4",))
    assert errors(ForgedBag(made.bag)) == []


@pytest.mark.parametrize("source", ["s01", "s02"])
def test_a_file_that_two_sources_show_is_of_a_page_of_each(source: str, tmp_path: Path) -> None:
    pages = {"/served": article('<video src="/clip.mp4"></video>'), "/clip.mp4": file(stream(), "video/mp4")}
    cited = [f"https://{HOST}/served", f"https://{HOST}/served#a"]
    with World([Press(pages)]) as world:
        bag = ForgedBag(fetched(world, tmp_path, *cited, memento=False, tries=1).bag)
    assert errors(bag) == []
    (record,) = [each for each in bag.records if f"/{source}.warc" in each.file and is_tie(bag, each.id)]
    block = bag.block_of(record.id)
    bag.set_blocks({record.id: block.replace(b'"page": "https://press.example/', b'"page": "https://sn4hr.org/')})
    bag.seal_over()
    assert errors(bag) == [("derivation-contradicted", source)]


def is_tie(bag: ForgedBag, name: str) -> bool:
    try:
        return bool(json.loads(bag.block_of(name)).get("schema") == "archive.media/1")
    except ValueError:
        return False
