from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from lxml import etree
from msgspec.structs import replace

from archive.page.page import render_page
from archive.page.page_content import PageContent
from archive.words import languages, load
from archive_manifests.custody import Event
from archive_manifests.ledger import (
    Conditions,
    Copy,
    Facet,
    Facets,
    Ledger,
    Memento,
    Reading,
    Requisite,
    Status,
    Verdict,
)
from archive_manifests.notes import note
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation, PassedOver
from tests.archive.page.sample_ledger import (
    FACETS,
    HOSTILE,
    STARTED,
    USER_AGENT,
    Pilot,
    every_verdict,
    ledger,
    record,
    source,
)

Page = Any
"""An lxml tree."""


def render(observed: Ledger, **more: Any) -> str:
    return render_page(PageContent(ledger=observed, **{"text": "", "files": {}, **more}))


def tree(page: str) -> Page:
    return etree.HTML(page)


def said(page: Page, path: str) -> str:
    """The text of the one element at `path`, white space folded."""
    (element,) = page.xpath(path)
    return " ".join("".join(element.itertext()).split())


def card(page: Page, source_id: str = "s01", language: str = "en") -> str:
    return said(page, f"//article[@id='{language}-{source_id}']")


def links(page: Page) -> Iterator[str]:
    for attribute in ("href", "src", "srcset", "poster", "action", "data", "xlink:href", "background", "ping", "cite"):
        yield from page.xpath(f"//@*[name()='{attribute}']")


@pytest.fixture(scope="module")
def pilot_page() -> Page:
    return tree(render_page(PageContent(**Pilot().arguments())))


@pytest.mark.parametrize("code", languages())
def test_every_verdict_and_reason_is_reported_in_words(code: str) -> None:
    observed, words = every_verdict(), load(code)
    page = tree(render(observed))
    for entry in observed.sources:
        shown = card(page, entry.id, code)
        assert words.sentence(f"status.{entry.status}.label") in shown
        assert " ".join(words.sentence(f"status.{entry.status}.sentence").split()) in shown
        assert entry.reason is None or words.sentence(f"reason.{entry.status}.{entry.reason}") in shown


def test_the_counts_are_those_of_the_ledger(pilot_page: Page) -> None:
    assert said(pilot_page, "//div[@id='en']//p[@class='lead']") == (
        "The report cites 9 sources, at 12 places. 2 were captured. 1 was captured with gaps. "
        "2 were not captured from the live web; copies from others are in this bag. 4 were not captured."
    )
    assert said(pilot_page, "//div[@id='en']//ul[@class='groups']") == (
        "2 captured 1 captured with gaps 2 copies from others 4 not captured"
    )
    assert said(pilot_page, "//div[@id='ar']//ul[@class='groups']") == (
        "٢ حُفظت ١ حُفظت مع ثغرات ٢ نسخ من آخرين ٤ لم تُحفظ"
    )


def test_nothing_leads_out_of_the_bag_and_every_link_arrives() -> None:
    pilot = Pilot()
    page = tree(render_page(PageContent(**pilot.arguments())))
    ids = page.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    for target in links(page):
        if target.startswith("#"):
            assert target[1:] in ids
        else:
            assert f"data/{unquote(target)}" in pilot.files
    assert len(list(links(page))) > 100


def test_cited_addresses_are_text_and_run_from_left_to_right(pilot_page: Page) -> None:
    for entry in Pilot().ledger().sources:
        for code in languages():
            card = f"//article[@id='{code}-{entry.id}']"
            *readable, shown = pilot_page.xpath(f"{card}//p[@class='cited']//bdi[@class='address']")
            assert (shown.text, shown.get("dir")) == (entry.cited, "ltr")
            assert ["".join(one.itertext()) for one in readable] == ([] if "%D9" not in entry.cited else ["https://www.faselhd.pro/movies/فيلم-cave-2019"])


def test_a_misreading_is_visible_on_the_card_of_a_lost_source() -> None:
    readings = (
        Reading("https://a.example/pa", "uncertain", ("line-break",), requested=True, result="gone (not-found)"),
        Reading("https://a.example/page", "uncertain", ("line-break",)),
    )
    entry = source(1, "https://a.example/pa", Status.GONE, "not-found", readings=readings)
    shown = said(tree(render(ledger((entry,)))), "//article[@id='en-s01']")
    assert "Read from the report as https://a.example/pa: Gone (not-found) Other readings https://a.example/page" in shown
    entry = source(1, "https://a.example/pa", Status.CAPTURED, readings=readings[:1])
    assert "Read from the report" not in said(tree(render(ledger((entry,)))), "//article[@id='en-s01']")


def test_what_was_not_taken_for_a_source_is_listed_with_why_and_where() -> None:
    observed = replace(ledger(()), passed_over=(PassedOver("doi", "10.1000/182", 3, 40), PassedOver("gopher", "gopher://x")))
    shown = said(tree(render(observed)), "//section[h2/@id='en-sources']")
    assert "2 places in the report look like an address and are not sources" in shown
    assert "a DOI, not an address 10.1000/182 · page 3 · line 40 of the text gopher: no web address gopher://x" in shown


def test_no_program_no_form_no_frame_no_network() -> None:
    page = render_page(PageContent(**Pilot().arguments()))
    found = {element.tag for element in tree(page).iter(etree.Element)}
    active = "script iframe frame object embed form input button select base link template portal audio"
    assert found & set(active.split()) == set()
    names = set(tree(page).xpath("//@*/.."))
    attributes = {name.lower() for element in names for name in element.attrib}
    assert [name for name in attributes if name.startswith("on") or name in ("style", "http-equiv-refresh")] == []
    assert [meta.get("http-equiv") for meta in tree(page).xpath("//meta[@http-equiv]")] == ["Content-Security-Policy"]
    assert "url(" not in page.partition("<body")[0]
    assert "@import" not in page.partition("<body")[0]


def test_the_policy_stands_first_and_admits_just_our_style() -> None:
    page = render_page(PageContent(**Pilot().arguments()))
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = f'<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    assert head in page[:600]


def test_the_same_facts_give_the_same_page() -> None:
    pilot = Pilot()
    once = render_page(PageContent(**pilot.arguments()))
    pilot.files = dict(sorted(pilot.files.items(), reverse=True))
    assert render_page(PageContent(**pilot.arguments())) == once


def hostile(value: Any, name: str = "") -> Any:
    """A value with every text in it replaced by a hostile one, but for what our own program makes up."""
    if isinstance(value, Mapping):
        return {key: hostile(inside, "facts" if name == "facts" else key) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [hostile(inside, name) for inside in value]
    if isinstance(value, str) and name == "facts":
        return HOSTILE.replace("\ud800", "")
    if isinstance(value, str) and name not in ("id", "status", "exchanges", "records", "schema", "file"):
        return HOSTILE
    return value


def test_hostile_text_anywhere_changes_no_element_of_the_page() -> None:
    pilot = Pilot()
    observed = msgspec.convert(hostile(msgspec.to_builtins(pilot.ledger())), Ledger)
    arguments = {
        "ledger": observed,
        "text": pilot.text.replace("Syrian", HOSTILE),
        "records": [msgspec.convert(hostile(msgspec.to_builtins(line)), RecordLine) for line in pilot.records],
        "events": [msgspec.convert(hostile(msgspec.to_builtins(event)), Event) for event in pilot.events],
        "files": {**pilot.files, f"data/media/s03/{HOSTILE}.mp4": 1, f"data/views/s01/{HOSTILE}.png": 1},
    }
    for language in ("en", HOSTILE):
        page = render_page(PageContent(**arguments, language=language, name=HOSTILE))
        page.encode()
        assert re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u2028]", page) is None
        found = tree(page)
        known = {element.tag for element in tree(render_page(PageContent(**pilot.arguments()))).iter(etree.Element)}
        assert {element.tag for element in found.iter(etree.Element)} <= known
        assert [target for target in links(found) if ":" in target.partition("/")[0]] == []
        assert found.xpath("//@onerror") == []
        assert "<script>alert(1)</script>" in card(found, "s01")


def test_each_citation_is_marked_in_the_text_and_linked_both_ways(pilot_page: Page) -> None:
    pilot = Pilot()
    (text,) = pilot_page.xpath("//div[contains(@class, 'text')][@dir]")
    for jump in text.xpath(".//a[@class='to-card']"):
        jump.text = ""
    assert "".join(text.itertext()) == pilot.text
    marks = text.xpath(".//mark/text()")
    assert marks == [line for line in pilot.text.splitlines() if line.startswith("http")]
    for entry in pilot.ledger().sources:
        for number in range(1, len(entry.citations) + 1):
            (place,) = text.xpath(f".//span[@id='en-at-{entry.id}-{number}']")
            mark = place.xpath("following-sibling::mark")[0]
            assert mark.text == entry.cited
            assert mark.getnext().get("href") == f"#en-{entry.id}"


def test_a_citation_without_a_place_is_counted() -> None:
    citations = (Citation(page=3), Citation(offset=99), Citation(offset=0, length=4))
    page = tree(render(ledger((source(1, "http://a/", Status.CAPTURED, citations=citations),)), text="0123456789"))
    assert "2 citations have no stated place" in said(page, "//div[@data-language='en'][h2/@id='en-text']")
    assert "page 3" in card(page)
    assert page.xpath("//article[@id='en-s01']//a[starts-with(@href, '#en-at-')]/@href") == ["#en-at-s01-3"]


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"demonstration": True}, "demonstration"),
        ({"connect_to": ("a.example:443:127.0.0.1:8443",)}, "connect_to"),
        ({"added_cas": ("sha256:" + "ab" * 32,)}, "added_cas"),
        ({"accepted_certificates": ("a.example",)}, "accepted_certificates"),
        ({"cookies": True}, "cookies"),
        ({"allow_private": True}, "allow_private"),
    ],
)
def test_a_condition_that_can_make_a_bag_lie_stands_in_the_banner(changed: dict[str, Any], key: str) -> None:
    page = tree(render(ledger((), Conditions(USER_AGENT, **changed))))
    for code in languages():
        observed = [" ".join("".join(item.itertext()).split())
                for item in page.xpath(f"//div[@id='{code}']//section[@class='banner']/ul/li")]  # fmt: skip
        items = [item for value in changed.values() if isinstance(value, tuple) for item in value]
        assert observed == [" ".join(load(code).sentence(f"conditions.{key}").split()) + "".join(items)]


def test_a_proxy_is_reported_by_its_kind() -> None:
    page = tree(render(ledger((), Conditions(USER_AGENT, proxy="socks5"))))
    assert "went through a proxy (socks5)" in said(page, "//div[@id='en']//section[@class='banner']")


def test_usual_conditions_have_no_banner_and_no_demonstration() -> None:
    page = render(every_verdict())
    assert tree(page).xpath("//section[@class='banner']") == []
    assert "DEMONSTRATION" not in page


def test_a_demonstration_says_so_in_its_title_on_the_page_and_on_every_printed_sheet() -> None:
    page = render(ledger((), Conditions(USER_AGENT, demonstration=True)))
    assert tree(page).xpath("//title/text()")[0].startswith("DEMONSTRATION: ")
    assert said(tree(page), "//div[@id='en']//p[@class='demonstration']") == "DEMONSTRATION"
    assert '@top-center { content: "DEMONSTRATION";' in page


def test_what_is_missing_is_reported_by_kind_and_cause_with_counts() -> None:
    parts = (
        *(Requisite(f"https://a/{n}.jpg", "failed", "timeout", "image") for n in range(3)),
        Requisite("https://a/x.css", "error", "http", "style", status=404),
        Requisite("https://a/y.js", "captured", None, "script"),
        Requisite("https://a/z", "not-attempted", "a reason of tomorrow", "hologram"),
    )
    entry = source(1, "https://a/", Status.PARTIAL, "requisites", requisites=parts)
    page = tree(render(ledger((entry,))))
    gaps = page.xpath("//article[@id='en-s01']//details[1]/p")
    assert [" ".join("".join(gap.itertext()).split()) for gap in gaps] == [
        "image × 3: not received (no response in time)",
        "style sheet × 1: the server itself responded with an error (HTTP status 404)",
        "hologram × 1: not requested (reason: a reason of tomorrow)",
    ]
    assert "Parts of the page 6 named, 1 captured" in card(page)
    addresses = page.xpath("//article[@id='en-s01']//ul[@class='addresses']/li/bdi/text()")
    assert addresses == [part.url for part in parts if part.outcome != "captured"]


@pytest.mark.parametrize(("status", "reason"), [(Status.CAPTURED, None), (Status.PARTIAL, "requisites")])
def test_a_captured_page_says_why_its_missing_parts_are_no_gap(status: Status, reason: str | None) -> None:
    parts = (Requisite("https://b/count.js", "failed", "dns", "script", decorative=True),)
    shown = card(tree(render(ledger((source(1, "https://a/", status, reason, requisites=parts),)))))
    assert "script × 1: not received" in shown
    assert ("No gap. Each missing part is one for which" in shown) is (status is Status.CAPTURED)


def test_a_clock_that_differs_is_shown_in_days_and_hours() -> None:
    conditions = Conditions(USER_AGENT, clock=note("clock-behind", seconds=273_605, hosts=3))
    page = tree(render(ledger((), conditions)))
    assert "3 days, 4 hours behind the servers' clocks (median of 3 hosts)" in said(page, "//div[@id='en']")


def test_a_page_that_lacks_very_much_is_still_a_page() -> None:
    parts = tuple(Requisite(f"https://a/{n}.jpg", "failed", "dns", "image") for n in range(5_000))
    entry = source(1, "https://a/", Status.PARTIAL, "requisites", requisites=parts)
    page = tree(render(ledger((entry,))))
    assert "image × 5,000: not received" in card(page)
    assert "4,960 more are listed in sources.json." in card(page)
    assert len(page.xpath("//article[@id='en-s01']//ul[@class='addresses']/li")) == 40


@pytest.mark.parametrize(
    ("graphic", "is_covered"), [(None, True), (True, True), (False, False)]
)
def test_pictures_stay_covered_unless_the_manifest_says_not_graphic(graphic: bool | None, is_covered: bool) -> None:
    files = {"data/views/s01/thumbnail.png": 1}
    entry = source(1, "https://a/", Status.CAPTURED, graphic=graphic)
    page = tree(render(ledger((entry,)), files=files))
    (image,) = page.xpath("//article[@id='en-s01']//img")
    assert image.get("src") == "views/s01/thumbnail.png"
    assert (image.getparent().tag == "details") is is_covered
    assert ("marks this source as graphic" in card(page)) is (graphic is True)


def test_where_there_is_no_picture_a_box_says_why() -> None:
    facets = Facets(Facet(True), Facet(False, note("browser-broke")), Facet(True))
    page = tree(render(ledger((source(1, "https://a/", Status.CAPTURED, facets=facets),))))
    assert said(page, "//article[@id='en-s01']//p[@class='hatched']") == (
        "No picture the browser stopped while it rendered the page, so there is no picture of it"
    )


def test_each_facet_is_present_or_absent_with_its_reason() -> None:
    entry = source(1, "https://a/", Status.CAPTURED, facets=replace(FACETS, media=Facet(False, None)))
    page = tree(render(ledger((entry,))))
    assert said(page, "//article[@id='en-s01']//ul[@class='facets']") == (
        "Source code as sent: present Picture of the whole page: missing "
        "Embedded media: missing (no reason is stated)"
    )


def test_a_picture_of_something_else_does_not_hide_why_there_is_none_of_the_page() -> None:
    dated = note("supplied-added", when="2026-11-23T08:00:00Z")
    copy = Copy("supplied", "https://a/", "2026-11-22T12:00:00Z", files=("data/media/s01/shot.png",), notes=(dated,))
    entry = source(1, "https://a/", Status.CAPTURED, copies=(copy,))
    page = tree(render(ledger((entry,)), files={"data/media/s01/shot.png": 9}))
    assert "Picture of the whole page: missing (no browser took part in the capture" in said(
        page, "//article[@id='en-s01']//ul[@class='facets']"
    )
    (picture,) = page.xpath("//article[@id='en-s01']//div[@class='aside']//img")
    assert picture.get("alt") == "Picture that belongs to the source, s01"
    moments = said(page, "//section[h2[@id='en-timeline']]")
    assert "22 November 2026, 12:00:00 UTC A copy of s01 was taken, as the person states who supplied it" in moments


def test_of_a_supplied_file_whose_time_nobody_stated_only_its_adding_is_said() -> None:
    path, then = "data/media/s01/supplied-01.png", "2026-11-22T12:00:00Z"
    copy = Copy("supplied", "https://a/", then, "collector-7", files=(path,))
    facets = Facets(Facet(True), Facet(True, note("picture-supplied")), Facet(False))
    entry = source(1, "https://a/", Status.SUPPLIED, copies=(copy,), facets=facets)
    added = Event(1, then, "ingestion", "evidence-archive 0", "added", "supplied", ("s01", path))
    page = tree(render(ledger((entry,)), files={path: 9}, events=(added,)))
    assert "UTC A person supplied a copy of s01; when it was taken is not stated" in said(
        page, "//section[h2[@id='en-timeline']]"
    )
    card = said(page, "//article[@id='en-s01']")
    assert "Supplied by collector-7 on 22 November 2026, 12:00:00 UTC; when it was taken is not stated" in card
    assert "Picture of the whole page: not known (a person supplied a picture of it)" in card


@pytest.mark.parametrize(
    ("live", "says"),
    [
        (Verdict(Status.GONE, "not-found"), "The source was not at its address on the live web. A copy"),
        (Verdict(Status.BLOCKED, "challenge"), "The program did not get the source from the live web. A copy"),
        (Verdict(Status.NOT_ATTEMPTED, "skipped"), "The live web was not asked for the source. A copy"),
    ],
)
def test_of_a_copy_from_elsewhere_the_card_says_of_the_live_web_what_the_record_shows(live: Verdict, says: str) -> None:
    page = tree(render(ledger((source(1, "https://a/", Status.MEMENTO, live=live),))))
    assert says in said(page, "//article[@id='en-s01']")


def test_a_new_address_that_gave_nothing_is_no_copy_in_the_bag() -> None:
    copy = Copy("successor", "https://b/", "2026-11-22T12:00:00Z", status=Status.GONE)
    card = said(tree(render(ledger((source(1, "https://a/", Status.GONE, copies=(copy,)),)))), "//article[@id='en-s01']")
    assert "Also requested A new address of the same thing, https:" in card
    assert "Copy in this bag" not in card


def test_a_record_of_the_programs_own_making_is_no_failed_exchange() -> None:
    lines = [record(1, "https://a/", 200), record(2, "https://a/b", None)]
    made = replace(record(3, "urn:media:https://a/", None), type="resource")
    entry = source(1, "https://a/", Status.CAPTURED, exchanges=tuple(line.id for line in (*lines, made)))
    page = tree(render(ledger((entry,)), records=[*lines, made]))
    cells = ["".join(cell.itertext()) for cell in page.xpath("//article[@id='en-s01']//table//tr/td[2]")]
    assert cells == ["200", "failed", "made here"]


def test_videos_can_be_played_in_the_page_and_load_only_when_requested() -> None:
    files = {"data/media/s01/video.mp4": 12_000_000, "data/media/s01/renderer.mp3": 1, "data/media/s01/evil.svg": 1}
    page = tree(render(ledger((source(1, "https://a/", Status.CAPTURED),)), files=files))
    (video,) = page.xpath("//article[@id='en-s01']//video")
    assert (video.get("src"), video.get("preload"), video.get("autoplay")) == ("media/s01/video.mp4", "none", None)
    assert video.getparent().tag == "details"
    assert page.xpath("//article[@id='en-s01']//audio/@src") == ["media/s01/renderer.mp3"]
    assert "data/media/s01/evil.svg 1 B (not linked: it could contain a program" in card(page)


def test_a_memento_is_reported_with_its_age_and_holder() -> None:
    url = "https://web.archive.org/web/20210402112000id_/http://a/"
    entry = source(
        1,
        "http://a/",
        Status.MEMENTO,
        live=Verdict(Status.UNREACHABLE, "dns"),
        memento=Memento(url, "2021-04-02T11:20:00Z", -49, False),
        memento_lookup="found",
        copies=(Copy("memento", url, STARTED, "web.archive.org"),),
    )
    shown = card(tree(render(ledger((entry,)))))
    assert "That archive captured it on 2 April 2021, 11:20:00 UTC, 49 days before the report." in shown
    assert "The live web Not reachable: The name of the host could not be found." in shown
    assert "From another archive (web.archive.org), fetched 22 November 2026, 10:00:00 UTC" in shown
    late = replace(entry, memento=Memento(url, "2021-06-02T11:20:00Z", 12, True))
    assert "12 days AFTER the report: it may show what" in card(tree(render(ledger((late,)))))
    undated = replace(entry, memento=Memento(url, "2021-06-02T11:20:00Z", None, False))
    assert "UTC. The report's date is not known." in card(tree(render(ledger((undated,)))))


def test_a_supplied_file_is_reported_with_who_and_how() -> None:
    notes = (note("supplied", detail="saved by hand", name="p.jpg"), note("supplied-added", when=STARTED))
    copy = Copy("supplied", None, "2021-05-20", "the desk", files=("data/media/s01/p.jpg",), notes=notes)
    entry = source(1, "http://a/", Status.SUPPLIED, copies=(copy,), graphic=False)
    page = tree(render(ledger((entry,)), files={"data/media/s01/p.jpg": 5}))
    assert "Supplied by the desk; taken, as they state: 20 May 2021. supplied: saved by hand; its name was p.jpg" in card(page)
    assert "added to the bag on 22 November 2026, 10:00:00 UTC" in card(page)
    assert page.xpath("//article[@id='en-s01']//div[@class='aside']/img/@src") == ["media/s01/p.jpg"]
    undated = replace(copy, taken=STARTED, notes=notes[:1])
    shown = card(tree(render(ledger((replace(entry, copies=(undated,)),)))))
    assert "Supplied by the desk on 22 November 2026, 10:00:00 UTC; when it was taken is not stated" in shown


def test_exchanges_are_listed_with_hops_and_their_place_in_the_warc() -> None:
    records = [record(1, "http://a/", 301), record(2, "https://a/", 200)]
    entry = source(1, "http://a/", Status.CAPTURED, exchanges=tuple(line.id for line in records))
    page = tree(render(ledger((entry,)), records=records, files={"data/archive/s01.warc.gz": 9_000}))
    assert "Response http 200 after 1 redirect" in card(page)
    rows = page.xpath("//article[@id='en-s01']//tbody/tr")
    assert [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows] == [
        ["2026-11-22 10:00:01", "301", "http://a/", "s01.warc.gz @ 4211"],
        ["2026-11-22 10:00:02", "200", "https://a/", "s01.warc.gz @ 8422"],
    ]
    assert "archive/s01.warc.gz" in page.xpath("//article[@id='en-s01']//a/@href")


def test_a_file_that_is_not_in_the_bag_is_never_linked() -> None:
    copy = Copy("supplied", None, STARTED, files=("data/media/s01/p.jpg",))
    entry = source(1, "http://a/", Status.SUPPLIED, copies=(copy,))
    page = tree(render(ledger((entry,))))
    assert [target for target in links(page) if not target.startswith("#")] == []


def test_a_bag_without_its_report_says_so() -> None:
    observed = every_verdict()
    observed = replace(observed, report=replace(observed.report, path=None, name=None, size=None, pages=None))
    page = tree(render(observed, text=None))
    assert "own file is not in this bag" in said(page, "//section[h2/@id='en-report']")
    assert "The report's text is not in this bag." in said(page, "//div[h2/@id='en-text']")


def test_a_report_without_sources_says_so() -> None:
    page = tree(render(ledger(())))
    assert said(page, "//div[@id='en']//p[@class='lead']") == "No source was found in this report."
    assert "No source was found" in said(page, "//section[h2/@id='en-sources']")


@pytest.mark.parametrize("first", ["en", "ar"])
def test_the_requested_language_stands_first_and_the_other_follows(first: str) -> None:
    page = tree(render(every_verdict(), language=first))
    faces = page.xpath("//div[@class='face']")
    assert [face.get("id") for face in faces] == [first, *(code for code in languages() if code != first)]
    assert [face.get("dir") for face in faces] == [load(face.get("id")).direction for face in faces]
    root = page if page.tag == "html" else page.getroottree().getroot()
    assert (root.get("lang"), root.get("dir")) == (first, load(first).direction)


def test_custody_is_reported_and_where_to_look_for_what_came_after() -> None:
    events = [Event(1, STARTED, "ingestion", "evidence-archive 0.1.0", "the bag was finished", "finished")]
    shown = said(tree(render(every_verdict(), events=events, name="R210517-2")), "//section[h2/@id='en-custody']")
    assert "2026-11-22 10:00:00 Ingestion evidence-archive 0.1.0 The bag was finished; nothing in it changes" in shown
    assert "in the folder R210517-2.seal: signatures" in shown


def test_details_of_events_are_found_by_code_and_not_by_their_text() -> None:
    resumed = Event(1, STARTED, "creation", "evidence-archive 0.1.0", "any text", "resumed", facts={"records": "1234"})
    uncounted = Event(2, STARTED, "creation", "evidence-archive 0.1.0", "no count", "resumed")
    other = Event(3, STARTED, "validation", "evidence-archive 0.1.0", "another type", "finished")
    shown = said(tree(render(every_verdict(), events=[resumed, uncounted, other])), "//section[h2/@id='en-custody']")
    assert "The work resumed; records stored until then: 1,234 resumed" in shown
    assert "no count resumed" in shown
    assert "another type finished" in shown


def test_a_capture_among_the_events_is_reported_with_its_verdict() -> None:
    events = [Event(1, STARTED, "capture", "evidence-archive 0.1.0", "source s01 was…", "partial (hollow)", ("s01",))]
    shown = said(tree(render(every_verdict(), events=events)), "//section[h2/@id='ar-custody']")
    assert "حُفظ المصدر s01 بقدر الإمكان حُفظ مع ثغرات" in shown


def test_very_many_rules_are_folded_away_after_the_first() -> None:
    rules = tuple(f"host{n}.example:443:127.0.0.1:8443" for n in range(111))
    page = tree(render(ledger((), Conditions(USER_AGENT, connect_to=rules))))
    (banner,) = page.xpath("//div[@id='en']//section[@class='banner']")
    assert banner.xpath("./ul/li/ul/li//code/text()") == list(rules[:5])
    assert banner.xpath("./ul/li/details/summary/text()") == ["and 106 more"]
    assert banner.xpath("./ul/li/details//code/text()") == list(rules[5:])


def test_what_the_program_itself_writes_is_reported_in_arabic_too() -> None:
    no_browser = Facet(False, note("no-browser"))
    facets = Facets(Facet(False, note("source-is", verdict="gone")), no_browser, Facet(True))
    entry = source(1, "https://a/", Status.GONE, "not-found", facets=facets)
    conditions = Conditions(USER_AGENT, robots="not obeyed", memento_policy=note("memento-policy-off"))
    page = tree(render(ledger((entry,), conditions)))
    assert "المصدر: زال" in card(page, language="ar")
    assert "لم يشارك متصفح في الالتقاط" in card(page, language="ar")
    observed = said(page, "//section[h2/@id='ar-conditions']")
    assert "لم يُمتثل له" in observed
    assert "لم يُسأل أي أرشيف آخر: أوقف المستخدم ذلك" in observed


def test_a_large_report_gives_a_page_that_opens() -> None:
    text = "The regime’s services هددت العائلات.\n" * 30_000
    sources = tuple(
        source(
            n,
            f"https://example.org/{n}",
            Status.PARTIAL,
            "requisites",
            citations=(Citation(page=n, line=n, offset=n * 5_000, length=30, context="c" * 400),),
            requisites=tuple(Requisite(f"https://a/{n}/{p}.jpg", "failed", "dns", "image") for p in range(40)),
        )
        for n in range(1, 201)
    )
    page = render(ledger(sources), text=text)
    assert len(page) < 4_000_000 + len(text)
    assert len(tree(page).xpath("//article")) == 200
    assert len(tree(page).xpath("//mark")) == 200


def test_media_of_a_page_that_is_not_there_are_not_called_missing() -> None:
    gone = Facet(False, note("source-is", verdict="gone"))
    facets = Facets(gone, gone, Facet(False, note("no-media-requested")))
    page = tree(render(ledger((source(1, "https://a/", Status.GONE, "not-found", facets=facets),))))
    assert "media files that were requested" not in said(page, "//article[@id='en-s01']")


@pytest.mark.parametrize(
    ("status", "captured", "is_said"),
    [
        (Status.CAPTURED, "https://a/?p=24105", True),
        (Status.PARTIAL, "https://a/?p=24105", True),
        (Status.CAPTURED, "https://a/?p=99", False),
        (Status.GONE, "https://a/?p=24105", False),
    ],
)
def test_a_card_says_that_another_reading_was_captured(status: Status, captured: str, is_said: bool) -> None:
    readings = tuple(
        Reading(url, "uncertain", ("link-differs",), True, "gone (not-found)")
        for url in ("https://a/?p=99", "https://a/?p=24105")
    )
    entry = source(1, "https://a/?p=99", status, readings=readings, request_url=captured)
    why = said(tree(render(ledger((entry,)))), "//article[@id='en-s01']//p[@class='why']")
    assert ("another reading than the printed address: https://a/?p=24105" in why) is is_said
