"""The page of a corroboration: what rests on one observer stands on its first screen, and large ones are split."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from archive.corroborate.check_pages import check_pages
from archive.corroborate.countersign import write_corroboration
from archive.corroborate.page import SPLIT, render_corroboration, render_source_pages
from archive_cli.commands.corroborate import _print_counts
from archive_manifests.corroboration import (
    SCHEMA,
    ArchiveEvidence,
    CorroboratedSource,
    Corroboration,
    Difference,
    Independence,
    ObserverFacts,
    Pair,
    PairStatus,
    Relation,
    ReportFacts,
    Sighting,
    SourceState,
    sorted_sources,
)

REPORT = ReportFacts("R1", "ab" * 32, "Attacks on hospitals")
STATES = (SourceState.CORROBORATED, SourceState.ONE_OBSERVER, SourceState.CONTRADICTED, SourceState.NOT_SEEN)


def observer(name: str) -> ObserverFacts:
    return ObserverFacts(
        name, f"bag-{name}", f"sha256:{'0' * 63}{name[-1]}", REPORT, (f"SHA256:{name}",), (), "2026-11-29T10:00:00Z",
        "2026-11-29T10:30:00Z", None, None, (), None, ("no-bracket",), None,
    )  # fmt: skip


def source(number: int) -> CorroboratedSource:
    state, address = STATES[number % 4], f"https://news.example/{number}"
    is_seen = state is not SourceState.NOT_SEEN
    seen = [
        Sighting(
            name,
            f"s{number:04d}",
            address,
            "captured" if is_seen else "unreachable",
            None if is_seen else "timeout",
            is_seen,
        )
        for name in ("o1", "o2")
    ]
    change = Difference("text", True, "<b>37</b> people", "31 people")
    is_contradicted = state is SourceState.CONTRADICTED
    status = PairStatus.CONTRADICTS if is_contradicted else PairStatus.SAME_TEXT
    pair = Pair("o1", "o2", status, Independence.INDEPENDENT, ("different-keys",), (change,) if is_contradicted else ())
    return CorroboratedSource(
        address, state, 2 * is_seen, is_seen * 2, tuple(seen), (pair,) * is_seen, ArchiveEvidence("none")
    )


def document(size: int) -> Corroboration:
    return Corroboration(
        SCHEMA, "x", REPORT, (observer("o1"), observer("o2")), (), (), sorted_sources(source(number) for number in range(size))
    )  # fmt: skip


def first_screen(text: str) -> list[tuple[str, list[str]]]:
    """Of the first language: each state in the order of the page, with the numbers that stand beside it."""
    standing = lxml_html.fromstring(text).xpath("//ul[@class='standing']")[0]
    return [(row.xpath("string(./b)"), [plain(a) for a in row.xpath("./*[self::ol or self::p]//a")]) for row in standing]


def plain(element: lxml_html.HtmlElement) -> str:
    return str(element.text_content()).translate({0x2068: None, 0x2069: None, 0x200B: None}).strip()


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
def test_the_sources_that_rest_on_one_observer_stand_first_after_the_contradictions(language: str) -> None:
    rows = first_screen(render_corroboration(document(20), language))
    assert [numbers[:5] for _, numbers in rows[:2]] == [
        ["s0002", "s0006", "s0010", rows[0][1][-1]], ["s0001", "s0005", "s0009", "s0013", "s0017"],
    ]  # fmt: skip


def test_many_contradictions_do_not_push_the_others_off_the_first_screen() -> None:
    rows = first_screen(render_corroboration(document(1200)))
    assert [numbers[-1] for _, numbers in rows] == ["and 297 more", "and 295 more", "and 292 more", "and 292 more"]
    assert [len(numbers) for _, numbers in rows] == [4, 6, 9, 9]


@pytest.mark.parametrize("size", [24, SPLIT + 4])
def test_what_the_first_screen_has_no_room_for_stands_in_a_list_that_it_links(size: int) -> None:
    page = lxml_html.fromstring(render_corroboration(document(size)))
    (link,) = page.xpath("//ul[@class='standing']/li[2]/p[@class='more']/a/@href")[:1]
    listed = page.xpath(f"//*[@id='{link[1:]}']/following-sibling::ul[1]/li")
    assert [plain(row).split()[0] for row in listed] == [f"s{number:04d}" for number in range(1, size, 4)]


def test_a_source_is_named_by_its_title_or_its_address() -> None:
    found = document(8)
    titled = found.sources[2]
    sightings = tuple(replace(one, title="Strike on hospital <b>kills</b> 37") for one in titled.sightings)
    sources = tuple(replace(one, sightings=sightings) if one is titled else one for one in found.sources)
    page = lxml_html.fromstring(render_corroboration(replace(found, sources=sources)))
    rows = page.xpath("//ul[@class='standing']")[0].xpath("./li[2]/ol/li")
    assert [plain(row) for row in rows] == ["s0001 Strike on hospital <b>kills</b> 37", "s0005 news.example/5"]


def whole(size: int) -> Corroboration:
    """Three observers: two with one log of records, the third unsigned and led to another server."""
    one, two, three = observer("o1"), observer("o2"), observer("o3")
    three = replace(three, keys=(), conditions=("connect-to", "unsigned"))
    relations = (
        Relation("o1", "o2", Independence.NOT_INDEPENDENT, ("same-records",)),
        Relation("o1", "o3", Independence.UNKNOWN, ("unsigned",)),
        Relation("o2", "o3", Independence.UNKNOWN, ("unsigned",)),
    )
    return replace(document(size), observers=(one, two, three), relations=relations)


def test_the_first_screen_says_who_the_observers_are_and_what_is_not_known() -> None:
    page = lxml_html.fromstring(render_corroboration(whole(8)))
    assert plain(page.xpath("//p[@class='who']")[0]).split(". ") == [
        "2 different keys signed these bags; whether these are 2 people is not known",
        "1 bag is not signed: anybody may have made it", "Not independent, so one observer: o1 – o2",
        "o3: connections were led to other addresses than the names lead to", "The observers",
    ]  # fmt: skip
    assert page.xpath("//p[@class='who']/a/@href")[0] == "#en-observers"


def test_who_signed_by_the_readers_list_stands_on_the_first_screen_escaped() -> None:
    found = whole(4)
    named = replace(found.observers[0], signers=("anna <b>",))
    text = render_corroboration(replace(found, observers=(named, *found.observers[1:])))
    assert "they are signed by: anna <b>." in plain(lxml_html.fromstring(text).xpath("//p[@class='who']")[0])


def seen_by(found: CorroboratedSource) -> str:
    one = replace(document(1), sources=(found,))
    return plain(lxml_html.fromstring(render_corroboration(one)).xpath("//article[1]/table/preceding::p[1] | //article[1]/p[not(@class) and not(@dir)]")[0])


def test_a_card_says_who_saw_the_source_who_saw_it_gone_and_whose_keys_differ() -> None:
    seen = source(STATES.index(SourceState.CORROBORATED))
    first, second = seen.sightings
    assert seen_by(seen) == "2 of 2 observers saw it. 2 of these bags are signed by different keys."
    gone = replace(second, status="gone", reason="not-found")
    assert seen_by(replace(seen, sightings=(first, gone))) == (
        "1 of 2 observers saw it. 1 of 2 observers saw that it is gone or closed. "
        "2 of these bags are signed by different keys."
    )
    assert seen_by(replace(seen, independent=1)) == "2 of 2 observers saw it."
    unseen = replace(second, status="blocked", is_seen=False)
    assert seen_by(replace(seen, seen=0, independent=0, sightings=(unseen,))) == "0 of 2 observers saw it."


def test_a_whole_of_pairs_that_are_alike_is_shown_once() -> None:
    """Five observers of which one forged make ten pairs and two things to read."""
    found = whole(4)
    contradicted = found.sources[0]
    others = [replace(contradicted.pairs[0], first=name, second="o3") for name in ("o1", "o2")]
    pairs = (*others, replace(others[0], status=PairStatus.SAME_TEXT, differences=(), second="o2"))
    sources = (replace(contradicted, pairs=pairs), *found.sources[1:])
    page = lxml_html.fromstring(render_corroboration(replace(found, sources=sources)))
    details = page.xpath("//article[contains(@class, 'corroborated-card')]")[0].xpath("./details")[0]
    assert [plain(one).split(":")[0] for one in details.xpath("./p[not(contains(@class, 'what'))]")] == [
        "o1, o2 – o3", "o1 – o2"
    ]  # fmt: skip
    assert [plain(one) for one in details.xpath(".//dt")] == ["o1, o2", "o3"]


def test_every_table_says_what_its_columns_are() -> None:
    page = lxml_html.fromstring(render_corroboration(whole(4)))
    tables = page.xpath("//table")
    assert tables and all(table.xpath("./thead//th[@scope='col']") for table in tables)
    assert all(row.xpath("./th[@scope='row']") for table in tables for row in table.xpath("./tbody/tr"))
    assert [plain(one) for one in page.xpath("//dd") if not plain(one)] == []


def test_an_address_without_a_title_is_named_by_its_letters() -> None:
    found = document(4)
    alone = next(one for one in found.sources if one.state is SourceState.ONE_OBSERVER)
    encoded = "https://news.example/%D9%82%D8%B5%D9%81"
    sources = tuple(replace(one, address=encoded) if one is alone else one for one in found.sources)
    page = lxml_html.fromstring(render_corroboration(replace(found, sources=sources)))
    assert plain(page.xpath("//ul[@class='standing']")[0].xpath("./li[2]/ol/li")[0]) == "s0001 news.example/قصف"
    card = next(one for one in page.xpath("//article") if encoded in plain(one))
    assert [plain(one) for one in card.xpath("./p[@class='cited']")] == ["https://news.example/قصف", encoded]


def test_a_source_is_not_named_by_what_a_wall_calls_itself() -> None:
    found = document(8)
    source = found.sources[2]
    shown = replace(source.sightings[0], title="Strike on hospital", status="captured", is_seen=True)
    wall = replace(shown, title="Just a moment...", status="blocked", is_seen=False)
    for sightings, name in (((wall, shown), "s0001 Strike on hospital"), ((wall,), "s0001 news.example/1")):
        sources = tuple(replace(one, sightings=sightings) if one is source else one for one in found.sources)
        page = lxml_html.fromstring(render_corroboration(replace(found, sources=sources)))
        assert plain(page.xpath("//ul[@class='standing']")[0].xpath("./li[2]/ol/li")[0]) == name


def test_each_link_to_a_source_leads_to_its_card() -> None:
    text = render_corroboration(document(SPLIT))
    ids, links = set(re.findall(r' id="([^"]+)"', text)), re.findall(r'href="#([^"]+)"', text)
    assert len(ids) > SPLIT and set(links) <= ids
    assert list(render_source_pages(document(SPLIT))) == []
    assert "<b>37</b> people" not in text and "&lt;b&gt;37" in text


def test_more_sources_have_a_page_each(tmp_path: Path) -> None:
    made = document(SPLIT + 1)
    folder = write_corroboration(made, tmp_path / "c", "ar").folder
    index = (folder / "index.html").read_text()
    links = {link.partition("#")[0] for link in re.findall(r'href="(sources/[^"]+)"', index)}
    assert links == {f"sources/{path.name}" for path in (folder / "sources").iterdir()}
    assert len(links) == SPLIT + 1
    page = (folder / "sources/0001.html").read_text()
    assert made.sources[0].address in lxml_html.fromstring(page).text_content().replace("\u200b", "").replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert "31 people" in page and 'href="../index.html#ar"' in page
    assert "31 people" not in index
    assert list(check_pages(folder, made)) == []
    (folder / "sources/0001.html").write_text(page.replace("31 people", "13 people"))
    (folder / "sources/0002.html").unlink()
    (found,) = check_pages(folder, made)
    assert (found.code, str(found.path)) == ("corroboration-page", "c/sources/0001.html")


def test_a_source_of_which_one_observer_lacks_a_part_says_so() -> None:
    """Seen alike is not seen whole: the count and the card say what rests on one observer."""
    found = document(4)
    whole = next(one for one in found.sources if one.state is SourceState.CORROBORATED)
    lacking = Difference("missing", False, "https://news.example/a.jpg", "")
    pair = replace(whole.pairs[0], status=PairStatus.DIFFERS, differences=(lacking,))
    partial = replace(whole, pairs=(pair,))
    sentence = "for that part there is one observer alone"
    assert sentence not in render_corroboration(found)
    sources = tuple(partial if one is whole else one for one in found.sources)
    assert render_corroboration(replace(found, sources=sources)).count(sentence) == 2


def test_pictures_that_were_compared_by_their_bytes_alone_are_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(4)
    whole = found.sources[0]
    pair = replace(whole.pairs[0], differences=(Difference("media", True, "a.jpg", "b.jpg"),))
    pictured = replace(found, sources=(replace(whole, pairs=(pair,)), *found.sources[1:]))
    said = []
    for is_installed, shown in ((True, pictured), (False, found), (False, pictured)):
        monkeypatch.setattr("archive.corroborate.explain.picture_likeness.can_decode", lambda found=is_installed: found)
        _print_counts(shown)
        said.append("evidence-archive[annotate]" in capsys.readouterr().err)
    assert said == [False, False, True]


def test_counts_that_changed_are_one_block_with_the_text_of_each_observer() -> None:
    found = document(4)
    views = {"o1": "1,204 views", "o2": "1,211 views", "o3": "1,218 views"}
    pairs = tuple(
        Pair(
            one, other, PairStatus.DIFFERS, Independence.INDEPENDENT, ("different-keys",),
            (Difference("counter", False, views[one], views[other]),),
        )
        for one, other in (("o1", "o2"), ("o1", "o3"), ("o2", "o3"))
    )  # fmt: skip
    changed = replace(found.sources[-1], state=SourceState.CORROBORATED, pairs=pairs)
    observers = (*found.observers, observer("o3"))
    page = lxml_html.fromstring(render_corroboration(replace(found, observers=observers, sources=(changed,))))
    (block,) = page.xpath("(//article)[1]//dl[@class='texts']")
    rows = [(plain(row.xpath("./dt")[0]), plain(row.xpath("./dd")[0])) for row in block.xpath("./div")]
    assert rows == list(views.items())
    assert "o1 – o2 – o3" in plain(page.xpath("(//article)[1]//details/p")[0])


def test_a_heading_of_a_card_does_not_end_a_printed_page() -> None:
    text = render_corroboration(document(4))
    assert ".corroborated-card > p" in text[text.index(".corroborated-card > h3") :].partition("break-after: avoid")[0]
