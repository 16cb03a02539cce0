"""What a page's programs keep in a store says nothing of the page, but for what a reader may be shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import VISIT, compare, evidence

CONTRADICTS, DIFFERS = PairStatus.CONTRADICTS, PairStatus.DIFFERS
SETTINGS = {f"part_{number}": number for number in range(30)}
SENTENCE = "Some of the parts of this program are loaded later than others"


def store(settings: dict[str, object], **more: object) -> str:
    state = {"widgets": {**SETTINGS, **settings}, **more}
    return f"<script>window.__STORE__={json.dumps(state)}</script>"


def status(one: str, other: str) -> PairStatus:
    return compare(news_page(head=one), news_page(head=other), media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"paletteVersion": 27710}, {"paletteVersion": 27714}), ({"row": "mxcqxupSojM.L"}, {"row": "JH6ZTWEyYHw.L"}),
        ({"lazy": True}, {"lazy": False}), ({"lazy": True}, {}), ({}, {"order": 7}),
        ({"sheet": "/static/css/a1b2c3d4.css"}, {"sheet": "/static/css/99ff00aa.css"}),
    ],
)  # fmt: skip
def test_what_a_store_keeps_for_programs_contradicts_nothing(
    first: dict[str, object], second: dict[str, object]
) -> None:
    assert status(store(first), store(second)) is DIFFERS
    assert status(store(second), store(first)) is DIFFERS


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"deaths": 41}, {"deaths": 14}), ({"note": ""}, {"note": "This report was retracted"}),
        ({"verdict": "proven"}, {"verdict": "open"}), ({"limit": 37}, {"limit": 12}), ({}, {"text": SENTENCE}),
        ({"videoId": "dQw4w9WgXcQ"}, {"videoId": "aB3d5F7h9Jk"}), ({"clip": "/a/1.mp4"}, {"clip": "/a/2.mp4"}),
        ({"loads": "/a.js"}, {"loads": "https://elsewhere.example/a.js"}), ({}, {"rule": "main p{display:none}"}),
        ({}, {"note": "Parts+of+this+are+wrong"}), ({}, {"note": "Parts&#32;of&#32;this&#32;are&#32;wrong"}),
        ({}, {"note": "Parts\u200bof\u200bthis\u200bare\u200bwrong"}), ({}, {"hide": "main p:nth-child(3)"}),
        ({}, {"go": "/search?t=This+was+retracted+by+us"}), ({}, {"Parts of this are wrong": True}),
        ({}, {"list": list("Parts of it are wrong")}), ({}, {"list": [*map(ord, "Parts of it are wrong")]}),
        ({"run": "go()"}, {"run": "document.body.innerHTML=''"}),
    ],
)  # fmt: skip
def test_what_a_reader_may_be_shown_contradicts(first: dict[str, object], second: dict[str, object]) -> None:
    assert status(store(first), store(second)) is CONTRADICTS
    assert status(store(second), store(first)) is CONTRADICTS


def test_what_stands_beside_a_text_of_the_page_is_of_its_subject() -> None:
    title = {"title": "Strike on hospital kills 37"}
    one, other = ({"article": {**title, "place": {"code": code}}} for code in ("H4", "K9"))
    assert status(store({}, **one), store({}, **other)) is CONTRADICTS
    one, other = ({"panel": {"place": {"code": code}}} for code in ("H4", "K9"))
    assert status(store({}, **one), store({}, **other)) is DIFFERS


def test_what_both_pages_load_from_may_hold_another_part_of_a_program() -> None:
    loaded = "<script src=https://parts.example/base.js></script>"
    one, other = store({}) + loaded, store({"part": "https://parts.example/y0/more.js"}) + loaded
    assert status(one, other) is DIFFERS
    assert status(one.replace("parts", "other"), other.replace("base.js", "b.js")) is CONTRADICTS
    assert status(store({}), store({"part": "https://parts.example/y0/more.js"})) is CONTRADICTS


FILLER = "/* " + "a program of some length " * 100 + "*/"


def short(name: str, value: object, more: str = "") -> str:
    return f"<script>{name}({json.dumps(value)});{more}</script>"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (short("parts.add", {"rev": 1005}, FILLER), short("parts.add", {"rev": 1006}, FILLER)),
        (short("parts.add", {"a": 1}, FILLER) + short("parts.add", {"rev": 1005}),
         short("parts.add", {"a": 1}, FILLER) + short("parts.add", {"rev": 1006})),
        (short("(new Parts()).add", {"rev": 1005}, FILLER), short("(new Parts()).add", {"rev": 1006}, FILLER)),
        (f"<script>var keys=[1,2,3];{FILLER}</script>", f"<script>var keys=[1,2,4];{FILLER}</script>"),
        (store({"refs": "preload_{N}_b"}), store({})),
        (store({"form": "l j F"}), store({})),
        (store({"strikes": {"ref": "0rFgR+5"}}), store({"strikes": {"ref": "6v+bCas"}})),
        (store({}, table={"706945948941884926": {"a.js": {"use": "tier"}}}),
         store({}, table={"706945948928085721": {"a.js": {"use": "tier"}}})),
    ],
)  # fmt: skip
def test_what_a_long_script_is_handed_is_its_own(first: str, second: str) -> None:
    assert status(first, second) is not CONTRADICTS
    assert status(second, first) is not CONTRADICTS


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (short("chart.draw", {"dead": 41}), short("chart.draw", {"dead": 14})),
        (short("parts.add", {"a": 1}, FILLER) + short("chart.draw", {"rev": 1005}),
         short("parts.add", {"a": 1}, FILLER) + short("chart.draw", {"rev": 1006})),
        (short("parts.add", {"deaths": 1005}, FILLER), short("parts.add", {"deaths": 1006}, FILLER)),
        (store({"rule": "main p{display:none}"}), store({})),
        (store({"strikes": {"place": "Dana"}}), store({"strikes": {"place": "Idlib"}})),
        (store({}, table={"706945948941884926": {"a": "Ten people were killed"}}),
         store({}, table={"706945948928085721": {"a": "Ten people were killed"}})),
    ],
)  # fmt: skip
def test_what_a_short_script_is_handed_was_written_for_the_page(first: str, second: str) -> None:
    assert status(first, second) is CONTRADICTS
    assert status(second, first) is CONTRADICTS


def test_a_variable_may_be_called_by_what_its_visit_made_up() -> None:
    said = '<script>var block_2_{name} = {{"sort":"latest","unique":"block_2_{name}","film":"{film}"}};</script>'
    one, other = (said.format(name=name, film="c1") for name in ("3998eff89df1d", "3998eff8a0b2c"))
    assert status(one, other) is not CONTRADICTS
    assert status(one, other.replace("c1", "c2")) is CONTRADICTS


def literal(**values: object) -> str:
    """A call with an object as scripts write one: names without quotation marks."""
    said = ",".join(f"{name}:{json.dumps(value)}" for name, value in {**SETTINGS, **values}.items())
    return f"<script>page.arrives({{id:'main',list:[!0,!1,],{said}}});</script>"


def test_a_literal_is_read_as_the_values_that_it_means() -> None:
    assert status(literal(rev=1005, at="h4"), literal(rev=1006, at="k9")) is DIFFERS
    assert status(literal(deaths=41), literal(deaths=14)) is CONTRADICTS
    assert status(literal(note=SENTENCE), literal()) is CONTRADICTS


def test_parts_that_a_server_sends_as_they_are_ready_stand_in_any_order() -> None:
    said = [{"title": f"How many complaints of kind {kind} were there", "rev": kind, **SETTINGS} for kind in (1, 2, 3)]
    one, other = ("".join(short("page.arrives", said[at]) for at in order) for order in ((0, 1, 2), (2, 0, 1)))
    assert status(one, other) is not CONTRADICTS
    assert status(one, other.replace("kind 1 were", "kind 7 were")) is CONTRADICTS


def test_an_object_of_a_list_is_of_the_subject_by_its_own_texts() -> None:
    title = {"title": "Strike on hospital kills 37", "code": "H4"}
    one, other = ({"define": [title, {"rev": rev}]} for rev in ("H4", "K9"))
    assert status(store({}, **one), store({}, **other)) is DIFFERS
    assert status(store({}, **one), store({}, define=[{**title, "code": "K9"}, {"rev": "H4"}])) is CONTRADICTS


def test_an_address_that_both_pages_keep_leads_nowhere_else() -> None:
    link = "https://pixel.example"
    assert status(store({"a": link}), store({"a": link, "b": link})) is DIFFERS
    assert status(store({"a": link}), store({"a": link, "b": f"{link}.net"})) is CONTRADICTS


def test_few_values_were_written_for_the_page() -> None:
    one, other = (f"<script>window.chart={json.dumps({'points': [12, last]})}</script>" for last in (44, 14))
    assert status(one, other) is CONTRADICTS


def rows(*said: object, cut: int = 20, module: int = 4711) -> str:
    """Rows as a server streams them, cut anywhere, in a number of scripts."""
    text = "".join(f"{number:x}:{json.dumps(each)}\n" for number, each in enumerate(said))
    text += f'1f:I[{module},["99","static/chunks/99-0a1b2c.js"],"default"]\n'
    parts = [text[at : at + cut] for at in range(0, len(text), cut)]
    return "".join(f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in parts)


def part_of(build: str) -> str:
    return f"<script src=/_next/static/chunks/main-{build}.js></script>"


ELEMENT = ["$", "p", None, {"className": "lead", "children": "A missile struck the ward."}]


def test_rows_say_the_same_wherever_they_are_cut_and_however_a_build_numbers_them() -> None:
    assert status(rows({"b": "3f2a1c9d"}, ELEMENT), rows({"b": "3f2a1c9d"}, ELEMENT, cut=33)) is DIFFERS
    referring = [["$", "$L7", None, {"children": "$6"}], ["$", "$L1a", None, {"children": "$2b"}]]
    assert status(rows(referring[0], ELEMENT), rows(referring[1], ELEMENT, module=90221)) is PairStatus.SAME_TEXT


def test_the_first_row_names_the_build() -> None:
    assert status(rows({"b": "7HsNq2LkPz"}, ELEMENT), rows({"b": "Bc91Wd0eYt"}, ELEMENT)) is DIFFERS
    assert status(rows({"b": "7HsNq2LkPz"}, ELEMENT), rows({"b": "staged by us"}, ELEMENT)) is CONTRADICTS


@pytest.mark.parametrize("props", [{"className": "lead hidden"}, {"children": "A rocket struck the ward."}])
def test_an_element_in_a_row_is_content(props: dict[str, str]) -> None:
    other = [*ELEMENT[:3], {**ELEMENT[3], **props}]  # type: ignore[dict-item]
    assert status(rows(ELEMENT), rows(other)) is CONTRADICTS


@pytest.mark.parametrize("row", ['HS["/css/other.css","default"]', 'I[4711,["99","https://elsewhere.example/a.js"],"default"]'])
def test_what_a_row_loads_is_content(row: str) -> None:
    loading = f"<script>self.__next_f.push([1,{json.dumps(f'2a:{row}{chr(10)}')}])</script>"
    assert status(rows(ELEMENT), rows(ELEMENT) + loading) is CONTRADICTS
    if "//" in row:
        builds = part_of("3f2a1c9d"), part_of("b8d7e605")
        assert status(rows(ELEMENT) + builds[0], rows(ELEMENT) + loading + builds[1]) is CONTRADICTS


def test_another_build_has_other_elements_and_the_same_text() -> None:
    filler = [["$", "i", None, {"className": f"c{number}"}] for number in range(8)]
    one, other = rows(ELEMENT, *filler) + part_of("3f2a1c9d"), rows(ELEMENT, *filler[2:]) + part_of("b8d7e605")
    assert status(one, other) is DIFFERS
    forged = [*ELEMENT[:3], {"children": "Reports of a strike on a hospital were false."}]
    assert status(one, rows(forged, *filler[2:]) + part_of("b8d7e605")) is CONTRADICTS


@pytest.mark.parametrize(
    ("address", "is_honest"),
    [("/_next/static/chunks/page-99ff00aa.js", True), ("/other/page-99ff00aa.js", False), ("/_next/static/chunks/page.js", False)],
)  # fmt: skip
def test_a_new_part_of_a_program_comes_with_another_build(address: str, *, is_honest: bool) -> None:
    new = f"<script src={address}></script>"
    expected = DIFFERS if is_honest else CONTRADICTS
    gone = "<script src=/_next/static/chunks/list-0a1b2c3d.js></script>"
    assert status(part_of("3f2a1c9d") + gone, part_of("3f2a1c9d") + new) is expected
    assert status(part_of("3f2a1c9d"), part_of("3f2a1c9d") + new) is CONTRADICTS


def parts_at(*names: str, site: str = "https://parts.example") -> str:
    return "".join(f"<script src={site}/rsrc/v3/{name}.js></script>" for name in names)


def test_most_parts_of_a_program_may_come_from_another_site() -> None:
    shared = "base", "menu"
    builds = ("7CD3GmU11zx", "a2LpD3Lm0gA", "list-y0ejsL2w"), ("po82zSduUap", "lSSDYQS1WFp", "maps-z1EgsK9v")
    one, other = (parts_at(*shared, *build) for build in builds)
    assert status(one, other) is DIFFERS
    assert status(one, other + parts_at("evil")) is CONTRADICTS
    assert status(parts_at(*shared, *builds[0]), parts_at(*shared, *builds[0], "page-lSSDYQS1WFp")) is CONTRADICTS
    library = [each.replace("parts.example", "cdn.jsdelivr.net") for each in (one, other)]
    assert status(library[0], library[1]) is CONTRADICTS


def test_the_server_that_sends_a_part_may_stand_in_its_name() -> None:
    one, other = (f"<script src=/js/app.js.{by}.f.4a29bc0688c76c090ab0aa187da8b750.js></script>" for by in "ps")
    assert status(one, other) is not CONTRADICTS
    assert status(one, other.replace("app.js", "map.js")) is CONTRADICTS


def test_a_script_whose_path_is_made_up_for_the_visit_is_a_service() -> None:
    one, other = (f"<script src=/{path}></script>" for path in ("58Zz-dAGUVPS/oH/Jk9S/SVuDDLzEfO/fD9CTkJJ", "fianuBcSso/hd/--/Xh7YwL1J/1QUE9a"))
    assert status(one, other) is DIFFERS
    assert status(one, other.replace("fianuBcSso", "js/evil/page")) is CONTRADICTS
    assert status(one, one + other) is CONTRADICTS


def test_a_build_may_end_its_names_with_eight_letters() -> None:
    one, other = (f"<script src=/_astro/page.{build}.js></script>" for build in ("BAbCopVU", "DyLCbk-v"))
    assert status(one, other) is not CONTRADICTS
    assert status(one, other.replace("page.DyLCbk-v", "evil.DyLCbk-v")) is CONTRADICTS


def test_a_script_with_other_short_names_is_the_same_script() -> None:
    said = "<script>(function({a},{b}){{var {c}=4;{a}.remove();{b}({c},{a})}})(q,r)</script>"
    one, other = said.format(a="t", b="f", c="e"), said.format(a="n", b="k", c="a")
    assert status(one, other) is DIFFERS
    assert status(one, other.replace("n.remove", "k.remove")) is CONTRADICTS


def described(published: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"Report","datePublished":"{published}"}}</script>'


def test_each_server_of_a_site_may_note_the_moment_at_which_it_took_over_a_page() -> None:
    one = described("2021-10-29T14:15:22.915+0000")
    assert status(one, described("2021-10-29T14:15:24.911+0000")) is DIFFERS
    for other in ("2021-10-29T14:15:32.915+0000", "2021-10-29T14:16:22.915+0000", "2021-10-29T14:15:22.915+0100"):
        assert status(one, described(other)) is CONTRADICTS
    assert status(described("2021-10-29T14:15:22Z"), described("2021-10-29T14:15:23Z")) is CONTRADICTS


def test_the_day_of_the_visit_is_no_content() -> None:
    one, other = (f'<script>var site={{"current_date":"{day}"}}</script>' for day in ("2026-11-29", "2026-11-30"))
    pages = [news_page(head=each) for each in (one, other)]
    found = compare_sources(evidence(pages[0], VISIT), evidence(pages[1], VISIT + timedelta(days=1)))
    assert found is not None and found.status is DIFFERS
    assert status(one, other.replace("30", "20")) is CONTRADICTS


def test_a_sentence_with_signs_of_code_is_compared_word_by_word() -> None:
    one, other = (f'<script>var note="The figure (37) is {word};"</script>' for word in ("right", "wrong"))
    assert status(one, other) is CONTRADICTS


def test_paragraphs_of_elements_within_a_line_are_the_main_text() -> None:
    text = "<div class=wrap>" + "".join(
        f"<p><span>Sentence number {number} of the statement of the society about what its members saw</span></p>"
        for number in range(9)
    )
    one = f"<title>Statement</title><body><h1>Statement</h1>{text}</div></body>"
    found = compare(one, one.replace("number 4 of", "number 5 of"))
    assert [each.what for each in found.differences if each.is_substance] == ["text"]
