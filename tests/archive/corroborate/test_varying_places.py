"""A place in which each of several observers saw something else, and one in which a single one did."""

from __future__ import annotations

from itertools import combinations

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.compare.varying_captures import read_varying
from archive.corroborate.pages.evidence import SourceEvidence
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, compare, evidence

CONTRADICTS, DIFFERS = PairStatus.CONTRADICTS, PairStatus.DIFFERS


def statuses(
    values: list[str], line: str = "<div class=left>Tickets left: {}</div>", *, article: str = "", head: str = ""
) -> list[PairStatus]:
    """What each two of several captures are to each other, seven minutes between one and the next."""
    changed = ARTICLE.replace("</article>", f"{article}</article>")
    seen: list[SourceEvidence] = [
        evidence(
            news_page(line.format(value), head.format(value), changed.replace("@", value)), VISIT + at * LATER, media=MEDIA
        )
        for at, value in enumerate(values)
    ]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    return [each.status for each in found if each is not None]


def test_a_line_that_nobody_saw_alike_varies() -> None:
    assert statuses(["412", "398"]) == [CONTRADICTS]
    assert statuses(["412", "398", "377"]) == [DIFFERS] * 3


def test_two_of_five_that_saw_the_same_by_chance_change_nothing() -> None:
    assert CONTRADICTS not in statuses(["412", "398", "377", "398", "365"])


def test_a_line_that_two_of_four_saw_alike_does_not_vary() -> None:
    assert CONTRADICTS in statuses(["412", "398", "398", "377"])


@pytest.mark.parametrize("forged", [["31"], ["31", "3"]])
def test_what_the_honest_saw_alike_contradicts_what_a_forger_says(forged: list[str]) -> None:
    found = statuses(["37", "37", "37", *forged], "<p>Graves: {}</p>")
    assert found.count(CONTRADICTS) == sum(len({*pair}) > 1 for pair in combinations(["37", "37", "37", *forged], 2))


def test_another_text_in_place_of_another_varies_unless_it_speaks_of_the_page() -> None:
    line = "<div>Next: <b>{}</b></div>"
    assert CONTRADICTS not in statuses(["Old maps", "Rain in May", "A new bridge"], line)
    assert CONTRADICTS in statuses(["Old maps", "Rain in May", "Report on the strike was invented"], line)


def test_nothing_in_a_table_or_in_the_main_text_is_such_a_place() -> None:
    assert statuses(["37", "31", "3"], "<table><tr><td>Graves</td><td>{}</td></tr></table>") == [CONTRADICTS] * 3
    seen = [evidence(news_page(article=ARTICLE.replace("10-20", value))) for value in ("37", "31", "3")]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    assert [each.status for each in found if each is not None] == [CONTRADICTS] * 3


@pytest.mark.parametrize("values", [["41", "44", "47", "52", "60"], ["41", "44", "44", "47", "60"]])
def test_a_number_that_a_class_names_grows_in_the_main_text(values: list[str]) -> None:
    assert CONTRADICTS not in statuses(values, "", article="<div class=share-box>Tally <b class=n>@</b></div>")
    assert CONTRADICTS not in statuses(values, "", article="<div class=meta><i class=ico></i> @</div>")


@pytest.mark.parametrize("values", [["41", "41", "41", "44", "47"], ["47", "44", "41", "39", "38"], ["41", "44", "47"]])
def test_what_half_saw_what_falls_and_what_three_saw_does_not_grow_there(values: list[str]) -> None:
    assert CONTRADICTS in statuses(values, "", article="<div class=share-box>Tally <b class=n>@</b></div>")


@pytest.mark.parametrize("article", ["<p>Killed: @</p>", "<table><tr><td>Tally</td><td>@</td></tr></table>", "<ol><li>@</li></ol>"])
def test_no_other_number_of_the_main_text_varies(article: str) -> None:
    assert CONTRADICTS in statuses(["41", "44", "47", "52", "60"], "", article=article)


@pytest.mark.parametrize("honest", ["<div class=box>Mast: {} hours · 37 graves</div>", "<div class=box>Mast: {} hours <b>37</b></div>"])
def test_what_does_not_vary_beside_what_varies_is_compared(honest: str) -> None:
    values = ["41", "44", "52", "47", "60"]
    assert CONTRADICTS not in statuses(values, honest)
    seen = [evidence(news_page((honest if at < 3 else honest.replace("37", "39")).format(each))) for at, each in enumerate(values)]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = {pair: compare_sources(seen[pair[0]], seen[pair[1]], varying) for pair in combinations(range(5), 2)}
    contradicted = {pair for pair, each in found.items() if each is not None and each.status is CONTRADICTS}
    assert contradicted - {(3, 4)} == {(one, other) for one in range(3) for other in (3, 4)}


@pytest.mark.parametrize(("last", "count"), [("10:31", 0), ("12:31", 4)])
def test_a_clock_does_not_vary_with_a_counter_in_its_line(last: str, count: int) -> None:
    line = "<div class=info><i>Entered 19.01.2022 - 10:05</i> <i>Changed 19.01.2022 - {}</i> <b class=views>{} views</b></div>"
    said = [line.format(*each) for each in (("10:31", 8214), ("10:31", 8219), ("10:31", 8230), ("10:31", 8244), (last, 8261))]
    assert statuses(said, "{}").count(CONTRADICTS) == count


def test_a_line_put_beside_what_varies_is_compared() -> None:
    line = "<footer><p>Zeta {}</p>@</footer>"
    for added, expected in (("", DIFFERS), ("<p>Watched by the state</p>", CONTRADICTS)):
        pages = [news_page(line.format(each).replace("@", added if at == 4 else "")) for at, each in enumerate(["a1", "b2", "c3", "d4", "e5"])]
        seen = [evidence(each) for each in pages]
        varying = read_varying([each.live for each in seen if each.live is not None])
        found = compare_sources(seen[0], seen[4], varying)
        assert found is not None and found.status is expected


STATE = "<script>window.app={{\"took\":{0},\"toll\":37,\"key\":\"{0}b\"}};tick({0});</script>"


def test_values_of_programs_vary_as_texts_do() -> None:
    assert CONTRADICTS in statuses(["41", "44"], "", head=STATE)
    assert CONTRADICTS not in statuses(["41", "44", "52", "47", "60"], "", head=STATE)
    assert CONTRADICTS in statuses(["41", "44", "41", "41", "60"], "", head=STATE)
    linked = '<script type="application/ld+json">{{"@type":"NewsArticle","deaths":{}}}</script>'
    assert CONTRADICTS in statuses(["41", "44", "52", "47", "60"], "", head=linked)


RELATED = "<div class=rail><ul><li><a href=/n/{0}>Number {0} of the old maps</a></li><li><a href=/n/9>{1}</a></li></ul></div>"


def test_another_text_of_one_link_is_an_edit_whatever_rotates_beside_it() -> None:
    said = ["Rain in the north", "Rain in the north", "Rain in the north", "Hail in the south", "Rain in the north"]
    seen = [evidence(news_page(RELATED.format(at, text))) for at, text in enumerate(said)]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(seen[at], seen[3], varying) for at in (0, 1, 2, 4)]
    assert [each.status for each in found if each is not None] == [CONTRADICTS] * 4
    others = compare_sources(seen[0], seen[4], varying)
    assert others is not None and others.status is DIFFERS


RAIL = "<p><a href={}>{}</a></p>"
ROTATING = ((1, 2), (3, 4), (1, 5), (6, 2), (5, 3))
"""Which other pages each capture offers within the article."""


def offering(last: str, before: str = "<h3>Read also</h3>", said: str = "Number {0} of the old maps") -> list[PairStatus]:
    """Captures of an article that offers other pages; the last one has `last` among them."""
    rows = ["".join(RAIL.format(f"/n/{at}", said.format(at)) for at in row) for row in ROTATING]
    parts = [f"<div>{before}{row}{last if at == 4 else RAIL.format('/n/9', 'Snow closes schools')}</div>" for at, row in enumerate(rows)]
    return captures(parts)


def captures(parts: list[str]) -> list[PairStatus]:
    seen = [
        evidence(news_page(article=ARTICLE.replace("<p>The operation", f"{part}<p>The operation")), VISIT + at * LATER, media=MEDIA)
        for at, part in enumerate(parts)
    ]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    return [each.status for each in found if each is not None]


def test_an_article_offers_other_pages_at_each_visit() -> None:
    assert CONTRADICTS not in offering(RAIL.format("/n/9", "Snow closes schools"))
    assert CONTRADICTS not in captures([f"<p><b>Baca juga: <a href=/n/{at}>Polisi tangkap pelaku {at}</a></b></p>" for at in range(5)])


@pytest.mark.parametrize(
    "last",
    [
        RAIL.format("/n/9", "Snow closes roads"), RAIL.format("https://other.example/9", "Snow closes schools"),
        RAIL.format("/n/8", "Photographs were staged"), "<p>Snow closes schools</p>", "<p>Nobody lived there, as <a href=/n/8>we</a> said</p>",
    ],
)  # fmt: skip
def test_what_is_no_other_offer_contradicts_there(last: str) -> None:
    assert offering(last).count(CONTRADICTS) == 4


def test_an_offer_that_most_saw_alike_is_none_that_rotates() -> None:
    parts = [RAIL.format(*each) for each in 3 * [("/n/1", "Order of the day")] + [("/n/2", "Snow closes schools"), ("/n/3", "Bees move")]]
    assert captures(parts).count(CONTRADICTS) == 7


APPEAL = "<div class=box><p>{}</p><a class=button href=/give>Give</a> <a class=button href=/not>Not now</a></div>"
APPEALS = ["We answer to nobody but you", "Facts cost money", "Only readers keep us in print"]


@pytest.mark.parametrize(("last", "is_seen"), [("Our lights stay on by you", False), ("We made up the strike on the hospital", True)])
def test_an_appeal_that_rotates_may_speak_for_its_site(last: str, is_seen: bool) -> None:
    assert (CONTRADICTS in statuses([*APPEALS, last], APPEAL)) is is_seen


COMMENTS = "<section id=comments><h2>Comments</h2><ul><li class=comment id=c1><b>Ann</b><p>{}</p></li></ul></section>"


@pytest.mark.parametrize(
    ("line", "article", "values"),
    [
        (COMMENTS, "", ["I saw the aircraft.", "I saw no aircraft.", "I heard the aircraft."]),
        ("<p class=byline>By Dana, {}</p>", "", ["21 May 2021 10:30", "22 May 2021 10:30", "21 May 2021 10:31"]),
        ("<div class=info>{}</div>", "", ["21 May 2021", "22 May 2021", "23 May 2021"]),
        ("", "<div class=meta><i class=ico></i> @</div>", ["41", "44", "47"]),
    ],
)
def test_two_who_forge_differently_make_no_content_vary(line: str, article: str, values: list[str]) -> None:
    assert statuses(values, line, article=article) == [CONTRADICTS] * 3


def test_a_list_of_which_each_entry_is_its_own_number_is_compared() -> None:
    pages = "<ul class=pages><li><a href=/list/1>1</a></li><li><a href=/list/2>2</a></li><li><a href=/list/3>3</a></li></ul>"
    page = news_page(pages)
    found = compare(page, page.replace("killing 37", "killing 31").replace("/list/3>3", "/list/9>9"))
    assert "text" in {each.what for each in found.differences if each.is_substance}


REPLY = "<div class=comment id=c{0}><p><a class=by-statshound href=/user/statshound>{1}</a> {2} points <time datetime=2026-11-0{0}T10:00:00Z>3 weeks ago</time></p><div>{3}</div></div>"
SAID = "We knew this street well and miss everybody there"


def test_who_wrote_a_reply_varies_with_no_visit() -> None:
    for author, text in (("citypress", SAID), ("statshound", SAID.replace("miss", "paid")), ("statshound", SAID)):
        rows = [*[("statshound", SAID)] * 4, (author, text)]
        more = [REPLY.format(at, "statshound", 20 + at, f"Thanks for report {at}") for at in range(3, 6)]  # each visit sees others
        pages = [
            news_page(f"<div class=comments>{REPLY.format(1, who, 140 + at, said)}{''.join(more[: 2 if at else 1])}</div>")
            for at, (who, said) in enumerate(rows)
        ]
        seen = [evidence(each, VISIT + at * LATER, media=MEDIA) for at, each in enumerate(pages)]
        varying = read_varying([each.live for each in seen if each.live is not None])
        found = [compare_sources(seen[at], seen[4], varying) for at in range(4)]
        expected = DIFFERS if rows[4] == rows[0] else CONTRADICTS
        assert [each.status for each in found if each is not None] == [expected] * 4


@pytest.mark.parametrize("honest", ["https://cdn.example/v/88.mp4?rt={}", "/v/88.mp4?rt={}"])
@pytest.mark.parametrize("forged", ["https://other.example/v/88.mp4?rt={}", "/v/11.mp4?rt={}"])
def test_an_address_that_each_visit_signs_leads_where_it_leads_for_the_others(honest: str, forged: str) -> None:
    state = '<script>window.app={{"film":{{"source":"{}"}}}};</script>'
    made = ["d86157412ef3581f", "b105fc172e19ad05", "7498526128a20fca"]
    signed = [honest.format(each) for each in made]
    assert CONTRADICTS not in statuses(signed, "", head=state)
    assert statuses([*signed[:2], forged.format(made[2])], "", head=state) == [DIFFERS, CONTRADICTS, CONTRADICTS]
