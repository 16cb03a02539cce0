"""A report that cites very many sources has one page for each, and a list that leads to them."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from msgspec.structs import replace

from archive.fetch.fetch import fetch
from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.page.source_pages import render_source_pages
from archive.replay.contents import find_page
from archive.verify.run import verify
from archive_manifests import layout
from archive_manifests.ledger import Ledger, Requisite, Status
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.page.sample_ledger import HOSTILE, ledger, record, source
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World

MANY = layout.MOST_ON_ONE_PAGE + 1


def large(**changes: Any) -> tuple[Ledger, list[RecordLine], dict[str, int]]:
    """A ledger of one source more than one page has, its records and its files."""
    answers, sources = [], []
    for number in range(1, MANY + 1):
        answers.append(record(number, f"https://example.org/{number}", 200, source_id=f"s{number:02d}"))
        cited = (Citation(page=number, line=1, offset=number * 10, length=5),)
        missing = tuple(Requisite(f"https://example.org/{n}.png", "failed", "dns", "image") for n in range(3))
        entry = source(number, f"https://example.org/{number}", Status.CAPTURED, citations=cited, requisites=missing)
        sources.append(replace(entry, exchanges=(answers[-1].id,), **changes))
    files = {f"data/views/s{number:02d}/thumbnail.png": 10 for number in range(1, MANY + 1)}
    files |= {f"data/media/s{number:02d}/paper.pdf": 10 for number in range(1, MANY + 1)}
    return ledger(tuple(sources)), answers, files


def pages_of(stated: Ledger, records: list[RecordLine], files: dict[str, int]) -> dict[str, str]:
    """Every page by its path."""
    text = "x" * 10_000
    content = PageContent(ledger=stated, text=text, records=records, files=files)
    made = dict(render_source_pages(content))
    made[layout.PAGE] = render_page(content)
    return made


def test_every_link_of_every_page_arrives() -> None:
    stated, records, files = large()
    made = pages_of(stated, records, files)
    trees = {path: html.fromstring(text) for path, text in made.items() if path.endswith(".html")}
    anchors = {path: set(tree.xpath("//@id")) for path, tree in trees.items()}
    followed = set()
    for path, tree in trees.items():
        for link in tree.xpath("//@href | //@src"):
            target, _, fragment = link.partition("#")
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert place in made or place in files, (path, link)
            assert not fragment or fragment in anchors[place] or fragment.startswith("sign-"), (path, link)
            followed.add(place)
    assert followed == set(made) | set(files)


def test_the_list_has_a_line_for_each_source_and_each_page_its_card() -> None:
    stated, records, files = large()
    made = pages_of(stated, records, files)
    index = html.fromstring(made[layout.PAGE])
    assert index.xpath("//article") == []
    shown = [row.get("id") for row in index.xpath("//table[@class='list']//tr[@id]")]
    assert shown == [f"en-s{number:02d}" for number in range(1, MANY + 1)]
    assert len(made) == MANY + 2
    for number in (1, 100, MANY):
        card = html.fromstring(made[f"data/sources/s{number:02d}.html"]).xpath("//article")
        assert [each.get("id") for each in card] == [f"en-s{number:02d}"]
        assert f"https://example.org/{number}" in card[0].text_content()


def test_a_report_that_fits_on_one_page_has_no_other() -> None:
    stated, records, files = large()
    fits = replace(stated, sources=stated.sources[:-1])
    content = PageContent(ledger=fits, records=records, files=files)
    assert list(render_source_pages(content)) == []
    made = render_page(content)
    assert len(html.fromstring(made).xpath("//article")) == layout.MOST_ON_ONE_PAGE


def test_hostile_text_changes_no_element_of_a_source_page() -> None:
    def elements(title: str) -> list[list[str]]:
        stated, records, files = large(title=title)
        made = pages_of(stated, records, files)
        return [[each.tag for each in html.fromstring(made[path]).iter()] for path in sorted(made) if "s07" in path]

    hostile, plain = elements(HOSTILE), elements("A title")
    assert [tag for tag in hostile[0] if tag != "span"] == [tag for tag in plain[0] if tag != "span"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag of two sources, made as if one page had one at most."""
    folder = tmp_path_factory.mktemp("many")
    report = folder / "report.txt"
    report.write_text("See https://sn4hr.org/?p=24105 and https://sn4hr.org/blog/2021/03/17/55989/ too.\n")
    with pytest.MonkeyPatch.context() as patch, World() as world:
        patch.setattr(layout, "MOST_ON_ONE_PAGE", 1)
        return fetch(report, folder / "R1", settings_for(world, media=False)).bag


@pytest.fixture
def bag(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ForgedBag:
    monkeypatch.setattr(layout, "MOST_ON_ONE_PAGE", 1)
    return ForgedBag(Path(shutil.copytree(many, tmp_path / "R1")))


def errors(bag: Path) -> list[tuple[str, str]]:
    found = verify(bag, jobs=1).findings
    return sorted((each.code, str(each.path)) for each in found if each.severity == "error")


def test_a_finished_bag_has_the_pages_and_verifies(bag: ForgedBag) -> None:
    assert errors(bag.path) == []
    names = sorted(path.name for path in (bag.path / "data/sources").iterdir())
    assert names == ["page.css", "s01.html", "s02.html"]
    assert find_page(bag.path) == bag.path.resolve() / "data/index.html"


@pytest.mark.parametrize("name", ["s02.html", "page.css"])
def test_an_altered_page_of_a_source_is_found(bag: ForgedBag, name: str) -> None:
    page = bag.path / "data/sources" / name
    page.write_text(page.read_text().replace("a", "b", 1))
    bag.seal_over()
    assert errors(bag.path) == [("generated-differs", f"data/sources/{name}")]


def test_a_page_of_a_source_that_is_missing_is_found(bag: ForgedBag) -> None:
    (bag.path / "data/sources/s01.html").unlink()
    bag.seal_over()
    assert ("web-archive-part-missing", "data/sources/s01.html") in errors(bag.path)


def test_a_page_of_no_source_is_found(bag: ForgedBag) -> None:
    bag.write("data/sources/s03.html", b"<p>Look here</p>")
    bag.seal_over()
    assert ("file-unexplained", "data/sources/s03.html") in errors(bag.path)


def test_a_page_of_a_source_with_a_program_is_not_opened(bag: ForgedBag) -> None:
    (bag.path / "data/sources/s01.html").write_text("<script>alert(1)</script>")
    bag.seal_over()
    with pytest.raises(Exception, match=r"s01\.html: not a page of this program"):
        find_page(bag.path)
