"""What two responses state in their heads, refusals that only words state, scripts of services, pictures, feeds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.pages.evidence import CopyEvidence, RequisiteEvidence, SourceEvidence, read_text
from archive.corroborate.pages.feeds import feed_as_data
from archive_manifests.corroboration import PairStatus
from archive_manifests.ledger import Status
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, URL, VISIT, entry, evidence
from tests.archive.corroborate.test_picture_likeness import encoded, photo


def compared(one: SourceEvidence, other: SourceEvidence) -> tuple[str, list[tuple[str, bool]]]:
    """Status, and each kind of difference with whether it is substance."""
    assert other.live is not None
    found = compare_sources(one, replace(other, live=replace(other.live, visit=VISIT + LATER)))
    assert found is not None
    return str(found.status), [(each.what, each.is_substance) for each in found.differences]


def with_headers(**headers: str) -> SourceEvidence:
    found = evidence(news_page(), media=MEDIA)
    assert found.live is not None
    return replace(
        found,
        live=replace(found.live, headers={name.replace("_", "-"): text for name, text in headers.items()}),
    )


FORGED_HEADS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "type": ({"content_type": "text/html"}, {"content_type": "text/plain"}),
    "name of the file": (
        {"content_disposition": 'attachment; filename="toll-37.pdf"'}, {"content_disposition": 'attachment; filename="toll-31.pdf"'},
    ),
    "coded name": (
        {"content_disposition": "attachment; filename=a.pdf; filename*=UTF-8''dead%2037.pdf"},
        {"content_disposition": "attachment; filename=a.pdf; filename*=UTF-8''dead%2031.pdf"},
    ),
    "shown or handed over": ({"content_disposition": "inline; filename=a.pdf"}, {"content_disposition": "attachment; filename=a.pdf"}),
    "age": ({"last_modified": "Fri, 21 May 2021 10:30:00 GMT"}, {"last_modified": "Tue, 21 May 2019 10:30:00 GMT"}),
    "age that became new": ({"last_modified": "Fri, 21 May 2021 10:30:00 GMT"}, {"last_modified": "Sun, 29 Nov 2026 10:06:00 GMT"}),
    "another place": ({"location": "/a"}, {"location": "/b"}),
    "a place": ({}, {"location": "https://other.example/"}),
    "leads away": ({}, {"refresh": "5; url=https://other.example/"}),
    "language": ({"content_language": "en"}, {"content_language": "ar"}),
    "another page's copy": ({}, {"link": '<https://other.example/a>; rel="canonical"'}),
    "whose copy": ({"link": "</a>; rel=canonical"}, {"link": '</x>; rel=author, </b>; title="x"; rel=canonical'}),
    "a file written anew": (
        {"content_type": "application/pdf", "last_modified": "Fri, 21 May 2021 10:30:00 GMT"},
        {"content_type": "application/pdf", "last_modified": "Sun, 29 Nov 2026 10:03:00 GMT"},
    ),
    "a page written anew, and older at the later visit": (
        {"content_type": "text/html", "last_modified": "Sun, 29 Nov 2026 09:58:00 GMT"},
        {"content_type": "text/html", "last_modified": "Fri, 21 May 2021 10:30:00 GMT"},
    ),
    "another moment": ({}, {"memento_datetime": "Fri, 21 May 2021 10:30:00 GMT"}),
    "for robots": ({"x_robots_tag": "index"}, {"x_robots_tag": "noindex"}),
}  # fmt: skip
HONEST_HEADS: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "charset": ({"content_type": "text/html; charset=utf-8"}, {"content_type": "text/html;charset=UTF-8"}, "same-bytes"),
    "made for each visit": (
        {"last_modified": "Sun, 29 Nov 2026 10:00:00 GMT"}, {"last_modified": "Sun, 29 Nov 2026 10:07:00 GMT"}, "differs",
    ),
    "made anew in a cache": (
        {"last_modified": "Sat, 28 Nov 2026 18:00:00 GMT"}, {"last_modified": "Sun, 29 Nov 2026 10:05:00 GMT"}, "differs",
    ),
    "a page written anew between the visits": (
        {"content_type": "text/html", "last_modified": "Fri, 21 May 2021 10:30:00 GMT"},
        {"content_type": "text/html", "last_modified": "Sun, 29 Nov 2026 10:03:00 GMT"}, "differs",
    ),
    "a feed written anew between the visits": (
        {"content_type": "application/rss+xml", "last_modified": "Fri, 21 May 2021 10:30:00 GMT"},
        {"content_type": "application/rss+xml", "last_modified": "Sun, 29 Nov 2026 10:03:00 GMT"}, "differs",
    ),
    "not sent by one server": ({"last_modified": "Fri, 21 May 2021 10:30:00 GMT"}, {}, "differs"),
    "country of a language": ({"content_language": "en-GB"}, {"content_language": "en"}, "same-bytes"),
    "its own address": ({}, {"link": f'<{URL}>; rel="canonical", </wp-json/>; rel="https://api.w.org/"'}, "differs"),
    "other links": ({}, {"link": "</s.css>; rel=preload; as=style"}, "same-bytes"),
    "nothing but inline": ({"content_disposition": "inline"}, {}, "same-bytes"),
    "xhtml": ({"content_type": "text/html"}, {"content_type": "application/xhtml+xml"}, "differs"),
    "another policy": (
        {"content_security_policy": "script-src 'self'"}, {"content_security_policy": "script-src 'none'"}, "differs",
    ),
    "policy for one response": (
        {"content_security_policy": "script-src 'nonce-8f3a=='"}, {"content_security_policy": "script-src 'nonce-77ab=='"}, "same-bytes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED_HEADS)
def test_a_head_that_states_something_else_contradicts(name: str) -> None:
    one, other = (with_headers(**headers) for headers in FORGED_HEADS[name])
    assert compared(one, other) == ("contradicts", [("header", True)])
    assert compared(other, one)[0] == "contradicts"


def test_a_style_sheet_that_only_the_head_of_one_response_names_contradicts() -> None:
    one, other = with_headers(link='</app.3f2a1c9b.css>; rel="preload stylesheet"'), with_headers(link="</x.js>; rel=preload")
    assert compared(one, other) == ("contradicts", [("style", True)])
    assert compared(one, with_headers(link="</app.77ab20de.css>; rel=stylesheet; as=style"))[0] == "same-bytes"


@pytest.mark.parametrize("name", HONEST_HEADS)
def test_a_head_of_another_visit_does_not(name: str) -> None:
    first, second, status = HONEST_HEADS[name]
    assert compared(with_headers(**first), with_headers(**second))[0] == status


def test_another_way_to_the_same_address_differs_and_is_shown() -> None:
    one, other = evidence(news_page(), media=MEDIA), evidence(news_page(), media=MEDIA)
    assert one.live is not None and other.live is not None
    old = ((301, "http://news.example/a"), (302, "https://news.example/a"))
    ways = [replace(one, live=replace(one.live, hops=hops)) for hops in (old, ((302, old[0][1]), old[1]), old[:1])]
    said = [compare_sources(ways[0], each) for each in ways]
    assert [found and str(found.status) for found in said] == ["same-bytes", "differs", "differs"]
    assert said[1] is not None and said[2] is not None
    assert [(each.what, each.first, each.second) for each in (*said[1].differences, *said[2].differences)] == [
        ("layout", "301 http://news.example/a → 302 https://news.example/a", "302 http://news.example/a → 302 https://news.example/a"),
        ("layout", "301 http://news.example/a → 302 https://news.example/a", "301 http://news.example/a"),
    ]  # fmt: skip


SIGNED = "https://doc-0{}-sheets.googleusercontent.com/pub/{}/{}/118312/*/e@2PACX?output={}"


@pytest.mark.parametrize(
    ("second", "made", "is_hop", "substance"),
    [
        (("9s", "j5b9f1kq8ru6dnv0s2x7", "csv"), LATER, True, False),
        (("9s", "j5b9f1kq8ru6dnv0s2x7", "tsv"), LATER, True, True),
        (("9s", "j5b9f1kq8ru6dnv0s2x7", "csv"), LATER - timedelta(days=40), True, True),  # signed for no visit
        (("9s", "j5b9f1kq8ru6dnv0s2x7", "csv"), LATER, False, True),  # nobody was sent there
    ],
)
def test_a_delivery_address_that_is_signed_for_the_visit_is_its_own(
    second: tuple[str, str, str], made: timedelta, is_hop: bool, substance: bool
) -> None:
    hops = ((307, "https://docs.google.com/spreadsheets/d/e/2PACX/pub?output=csv"),) if is_hop else ()
    sides = []
    for (host, token, kind), visit, at in (
        (("4a", "70cmver1f290kjsnpar5", "csv"), VISIT, VISIT), (second, VISIT + LATER, VISIT + made),
    ):  # fmt: skip
        url = SIGNED.format(host, token, int(at.timestamp() * 1000), kind)
        one = evidence(news_page(), visit)
        assert one.live is not None
        sides.append(replace(one, entry=structs.replace(one.entry, final_url=url), live=replace(one.live, hops=hops)))
    found = compare_sources(*sides)
    assert found is not None
    assert [(each.what, each.is_substance) for each in found.differences] == [
        ("address" if substance else "layout", substance)
    ]


def gone(html: str, status: int) -> SourceEvidence:
    return evidence(html, source=structs.replace(entry(Status.GONE, "not-found"), http_status=status))


NOT_FOUND = "<title>Not found</title><h1>This post is not available</h1><p>It may have been removed by its author.</p>"


def test_a_refusal_that_only_words_state_is_compared_as_a_page() -> None:
    other = NOT_FOUND.replace("by its author", "because the ministry denied that 37 were killed in the hospital")
    assert compared(gone(NOT_FOUND, 200), gone(other, 200)) == ("contradicts", [("text", True)])
    assert compared(gone(NOT_FOUND, 404), gone(other, 404)) == ("contradicts", [("text", True)])
    numbered, elsewhere = NOT_FOUND.replace("author", "author (ref. 8f3a19)"), NOT_FOUND.replace("This post is", "Nothing is")
    assert compared(gone(NOT_FOUND, 404), gone(NOT_FOUND, 410)) == ("differs", [("header", False)])
    assert compared(gone(NOT_FOUND, 404), gone(numbered, 404)) == ("differs", [("layout", False)])
    found = compared(gone(NOT_FOUND, 404), gone(elsewhere.replace("by its author", "from our servers long ago"), 404))
    assert found == ("differs", [("layout", False), ("layout", False)])


REMOVED = "<title>Gone</title><h1>Removed</h1><p>This report was removed on 25 March 2024 by decision 27-31-2024 of the office.</p>"
REQUEST = "<p>Number of the request: {}</p><h3>Latest</h3><p><a href='/a'>The harbour opens again</a></p><p>{}</p>"


@pytest.mark.parametrize(
    ("second", "substance"),
    [
        (REMOVED + REQUEST.format("8f3a19c2b7d1", "On 3 May 2024 the first ship came in from the sea."), False),
        (REMOVED.replace("27-31", "27-13") + REQUEST.format("8f3a19c2b7d1", ""), True),
        (REMOVED.replace("25 March", "20 March") + REQUEST.format("8f3a19c2b7d1", ""), True),
        ("<title>404</title><h1>404 Not Found</h1><hr>nginx", True),
        (REMOVED.replace("<h1>Removed", "<h1>Not found") + REQUEST.format("8f3a19c2b7d1", ""), True),
    ],
    ids=["list", "number", "day", "no reason", "heading"],
)
def test_a_page_that_is_gone_says_why_and_when(second: str, substance: bool) -> None:
    one = gone(REMOVED + REQUEST.format("41c09e77a1f3", "On 2 May 2024 the last ship left the old harbour."), 410)
    found = compare_sources(one, gone(second, 410))
    assert found is not None
    assert found.differences and any(each.is_substance for each in found.differences) is substance


def test_another_status_of_a_page_contradicts() -> None:
    pages = [evidence(news_page(), media=MEDIA, source=structs.replace(entry(), http_status=code)) for code in (200, 203, 206)]
    assert compared(pages[0], pages[1]) == ("contradicts", [("header", True)])
    assert compared(pages[0], pages[2]) == ("same-bytes", [])
    false = NOT_FOUND.replace("by its author", "by its author, because it was false")
    assert compared(gone(NOT_FOUND, 410), gone(false, 410)) == ("contradicts", [("text", True)])


def with_script(text: str | None, url: str = "https://www.googletagmanager.com/gtm.js?id=GTM-1") -> SourceEvidence:
    found = evidence(news_page(), media=MEDIA)
    if text is None:
        return found
    data = text.encode()
    script = RequisiteEvidence("script", "captured", hashlib.sha256(data).hexdigest(), load=lambda: data)
    return replace(found, requisites={**found.requisites, url: script})


COUNTS = "(function(){var v=[{'function':'__html','id':7}];window.dataLayer.push({event:'gtm.js'})})();"
WRITES = (
    "document.querySelector('h1').textContent='The ministry denies it';",
    "document.body.innerHTML='<p>Nobody died</p>';",
    "var v=['A gas leak killed patients in the hospital'];",
    "document.title='لم يمت أحد';",
    "document.write('<b>Toll: 12</b>');",
)


@pytest.mark.parametrize("writes", WRITES)
@pytest.mark.parametrize("one", [COUNTS, None])
def test_a_script_of_a_service_that_writes_text_contradicts(writes: str, one: str | None) -> None:
    assert compared(with_script(one), with_script(COUNTS + writes)) == ("contradicts", [("script", True)])


def test_another_version_of_a_script_of_a_service_differs() -> None:
    other = COUNTS.replace("7", "8") + "a.src='https://tags.example/x.js';b.textContent='x';"
    assert compared(with_script(COUNTS), with_script(other)) == ("differs", [("layout", False)])
    assert compared(with_script(COUNTS), with_script(None)) == ("differs", [("missing", False)])


def picture(content: bytes, media_type: str = "image/jpeg") -> SourceEvidence:
    digest = hashlib.sha256(content).hexdigest()
    copy = CopyEvidence(URL, VISIT, media_type, digest, body_sha256=digest, load=lambda: content)
    return SourceEvidence(entry(), replace(copy, headers={"content-type": media_type}))


def test_a_cited_picture_that_was_encoded_anew_differs() -> None:
    assert compared(picture(encoded(photo())), picture(encoded(photo(), quality=60))) == ("differs", [("layout", False)])
    webp = picture(encoded(photo(), "WEBP", 60), "image/webp")
    assert compared(picture(encoded(photo())), webp) == ("differs", [("layout", False), ("layout", False)])
    assert compared(picture(encoded(photo())), picture(encoded(photo("31")))) == ("contradicts", [("file", True)])


def taken(when: str) -> bytes:
    import io

    from PIL import Image

    stream, exif = io.BytesIO(), Image.Exif()
    exif[306] = when
    photo().save(stream, "JPEG", quality=85, exif=exif)
    return stream.getvalue()


def test_a_picture_that_states_another_time_contradicts() -> None:
    one, other = picture(taken("2021:05:21 10:30:00")), picture(taken("2019:05:21 10:30:00"))
    assert compared(one, other) == ("contradicts", [("file", True)])


RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Monitors</title><lastBuildDate>Sun, 29 Nov 2026 10:00:00 +0000'
    "</lastBuildDate><item><title>Strike kills 37</title><guid>a1</guid><pubDate>Fri, 21 May 2021 10:30:00 +0000</pubDate></item></channel></rss>"
)  # fmt: skip
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Monitors</title><updated>2026-11-29T10:00:00Z</updated><entry><title>Strike kills 37'
    "</title><id>a1</id><updated>2021-05-21T10:30:00Z</updated></entry></feed>"
)  # fmt: skip


def feed(text: str) -> SourceEvidence:
    read = feed_as_data(text.encode())
    assert read is not None
    content = ComparedPage(blocks=[TextBlock(read)], is_data=True)
    copy = CopyEvidence(URL, VISIT, "application/xml", hashlib.sha256(text.encode()).hexdigest(), content)
    return SourceEvidence(entry(), copy)


def data(value: Any) -> SourceEvidence:
    content = ComparedPage(blocks=[TextBlock(json.dumps(value))], is_data=True)
    return SourceEvidence(entry(), CopyEvidence(URL, VISIT, "application/json", str(value), content))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (RSS, lambda text: text.replace("2026 10:00:00", "2026 10:06:00")),
        (ATOM, lambda text: text.replace("2026-11-29T10:00:00", "2026-11-29T10:06:00")),
    ],
)
def test_a_feed_that_is_made_anew_differs(text: str, changed: Callable[[str], str]) -> None:
    assert compared(feed(text), feed(changed(text))) == ("differs", [("date", False)])
    for before, after in (("37", "31"), ("2021 10", "2020 10"), ("2021-05", "2020-05"), ("a1", "a2")):
        if before in text:
            assert compared(feed(text), feed(text.replace(before, after)))[0] == "contradicts"


ANSWER = (
    '<?xml version="1.0"?><OAI-PMH xmlns:dc="http://purl.org/dc/elements/1.1/"><responseDate>2026-11-29T10:00:04Z</responseDate>'
    "<request verb='GetRecord'>https://news.example/oai</request><record><datestamp>2021-05-21</datestamp><dc:title>Order 114</dc:title>"
    "<dc:date>2012-04-03T10:00:00Z</dc:date></record></OAI-PMH>"
)  # fmt: skip
LATER_ANSWER = ANSWER.replace("10:00:04", "10:07:02")


def answer(text: str) -> SourceEvidence:
    copy = CopyEvidence(URL, VISIT, "text/xml", hashlib.sha256(text.encode()).hexdigest(), read_text(text, "text/xml"))
    return SourceEvidence(entry(), copy)


def test_an_answer_of_xml_states_when_it_was_given() -> None:
    assert compared(answer(ANSWER), answer(LATER_ANSWER)) == ("differs", [("date", False)])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-29T10:07:02Z", "2021-05-21T10:07:02Z"),
        ("2021-05-21", "2021-05-22"),
        ("2012-04-03T", "2012-04-13T"),
        ("Order 114", "Order 141"),
        ("<record>", "<record><!-- forged -->"),
        ("responseDate", "strikeDate"),
    ],
)
def test_what_else_an_answer_of_xml_states_is_content(before: str, after: str) -> None:
    assert compared(answer(ANSWER), answer(LATER_ANSWER.replace(before, after)))[0] == "contradicts"


def test_a_moment_of_something_else_is_content_in_xml() -> None:
    one, other = (text.replace("responseDate", "strikeDate") for text in (ANSWER, LATER_ANSWER))
    assert compared(answer(one), answer(other))[0] == "contradicts"


def test_data_state_when_they_were_made() -> None:
    one, other = {"generated": "2026-11-29T10:00:01Z", "dead": 37}, {"generated": "2026-11-29T10:07:02Z", "dead": 37}
    assert compared(data(one), data(other)) == ("differs", [("date", False)])
    assert compared(data(one), data({**other, "dead": 31}))[0] == "contradicts"
    assert compared(data(one), data({**one, "generated": "2021-05-21T10:00:00Z"}))[0] == "contradicts"


def test_what_is_no_feed_is_no_data() -> None:
    assert feed_as_data(b"<page>Strike</page>") is None
    assert feed_as_data(b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>') is None
    assert feed_as_data(b"not xml") is None


def test_equal_captures_are_the_same_bytes() -> None:
    assert compared(with_headers(), with_headers()) == (str(PairStatus.SAME_BYTES), [])


@pytest.mark.parametrize("end", ["37 dead", "31 dead"])
def test_a_page_that_is_larger_than_what_is_compared_is_not_called_the_same(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.corroborate.pages.tree.MOST_ELEMENTS", 40)
    one = evidence(news_page("<br>" * 50 + "<p>37 dead</p>"), media=MEDIA)
    other = evidence(news_page("<br>" * 50 + f"<p class=x>{end}</p>"), media=MEDIA)
    assert compared(one, other) == ("differs", [("not-compared", False)])
    assert compared(one, one) == ("same-bytes", [])


def test_a_long_script_is_not_called_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pages.script_data", "compare.script_statements", "pages.evidence", "pages.read_page"):
        monkeypatch.setattr(f"archive.corroborate.{module}.LONGEST_SCRIPT", 20)
    one, other = (replace(evidence(news_page()), scripts={URL: f"var a = 1;{' ' * 20}b = {value}"}) for value in "12")
    assert compared(one, other) == ("differs", [("not-compared", False)])
