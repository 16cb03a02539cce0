"""What differs between two pages: each change alone, and whether it contradicts."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import compare, page

STORY = "<article><h1>Attack on the market</h1><p>On 21 May 2021 at 10:30 shells killed 37 people in the market of the town.</p></article>"


def said(one: str, other: str, **more: object) -> tuple[str, list[str]]:
    found = compare(one, other, **more)  # type: ignore[arg-type]
    return str(found.status), sorted({each.what for each in found.differences})


VOLATILE = {
    "advertisement": ("<div class='ad'>Buy shoes today</div>", "<div class='ad'>Holidays by the sea</div>", ["advertisement"]),
    "advertisement by a link": (
        "<a href='https://ads.example/click?id=1'>Shoes</a>", "<a href='https://ads.example/click?id=2'>Holidays</a>", ["advertisement"],
    ),
    "advertisement that is not filled": ("<div id='ad-top'><a href='/x'>Shoes</a></div>", "<div id='ad-top'></div>", ["advertisement"]),
    "counter": ("<p>1,204 views</p>", "<p>1,377 views</p>", ["counter"]),
    "counter by its label": ("<span class='view-count'>12</span>", "<span class='view-count'>15</span>", ["counter"]),
    "counter in Arabic": ("<p>عدد الزيارات: 120 زيارة</p>", "<p>عدد الزيارات: 133 زيارة</p>", ["counter"]),
    "clock": ("<p>Sunday, 29 November 2026, 10:00:00</p>", "<p>Sunday, 29 November 2026, 10:07:01</p>", ["date"]),
    "clock of another zone": ("<p>Now: 12:00</p>", "<p>Now: 12:07</p>", ["date"]),
    "clock in Arabic": ("<p>الآن: 29 تشرين الثاني 2026، 13:00</p>", "<p>الآن: 29 تشرين الثاني 2026، 13:07</p>", ["date"]),
    "age": ("<p>Updated 3 minutes ago</p>", "<p>Updated 10 minutes ago</p>", ["date"]),
    "generated": ("<p>Generated in 0.12 seconds</p>", "<p>Generated in 0.31 seconds</p>", ["counter"]),
    "identifier": ("<p>Request ID: 8f3a9c2e11</p>", "<p>Request ID: 77ab00c1ff</p>", ["token"]),
    "reader's address": ("<p>Your IP: 198.51.100.7</p>", "<p>Your IP: 203.0.113.9</p>", ["token"]),
    "browser": ("<p>You use Chrome/120.0.1</p>", "<p>You use Chrome/131.0.9</p>", ["layout"]),
    "consent": ("<div id='cookie-banner'>We use cookies. <a href='/c'>More</a></div>", "", ["layout"]),
    "teasers": (
        "<aside class='related'><a href='/a'>Sport today</a></aside>", "<aside class='related'><a href='/b'>Weather</a></aside>", ["layout"],
    ),
    "nonce": ("<script nonce='a'>var n='8f3a9c2e11aa';</script>", "<script nonce='b'>var n='77ab00c1ffbb';</script>", []),
    "csrf": ("<form><input type='hidden' value='8f3a'></form>", "<form><input type='hidden' value='77ab'></form>", []),
    "comment": ("<!-- made at 10:00 -->", "<!-- made at 10:07 -->", []),
    "tracker": ("<img src='/pixel.gif?1' width=1 height=1>", "<img src='/pixel.gif?2' width=1 height=1>", ["layout"]),
}  # fmt: skip


@pytest.mark.parametrize("name", VOLATILE)
def test_what_changes_with_every_visit_is_named_and_contradicts_nothing(name: str) -> None:
    one, other, expected = VOLATILE[name]
    status, what = said(page(STORY + one), page(STORY + other))
    assert what == expected
    assert status == (PairStatus.DIFFERS if expected else PairStatus.SAME_TEXT)


def changed(old: str, new: str) -> str:
    assert old in STORY
    return STORY.replace(old, new)


SUBSTANCE = {
    "number": (STORY, changed("37 people", "73 people"), ["text"]),
    "word": (STORY, changed("shells", "rockets"), ["text"]),
    "negation": (STORY, changed("killed", "did not kill"), ["text"]),
    "day": (STORY, changed("21 May", "22 May"), ["text"]),
    "hour": (STORY, changed("10:30", "11:30"), ["text"]),
    "letters that look alike": (STORY, changed("market of", "m\u0430rket of"), ["text"]),
    "direction": (STORY, changed("37", "\u202e73\u202c"), ["text"]),
    "superscript": (page("<p>102 dead</p>"), page("<p>10² dead</p>"), ["text"]),
    "title": (page(STORY), page(STORY, "<title>Other news</title>"), ["title"]),
    "paragraph more": (STORY, STORY + "<p>The ministry denies it.</p>", ["text"]),
    "paragraph less": (STORY + "<p>A second shell fell.</p>", STORY, ["text"]),
    "paragraph hidden": (STORY, changed("<p>On", "<p style='display:none'>On"), ["hidden-text", "text"]),
    "hidden sentence": (STORY, STORY + "<p hidden>Nobody died.</p>", ["hidden-text"]),
    "hidden by a class": (
        f"<style>.x{{color:red}}</style>{STORY}", f"<style>.x{{color:red}} article p{{visibility:hidden}}</style>{STORY}", ["hidden-text", "text"],
    ),
    "white on white": (STORY, changed("<p>On", "<p style='color:#fff'>On"), ["hidden-text", "style", "text"]),
    "no size": (STORY, changed("<p>On", "<p style='font-size:0'>On"), ["hidden-text", "style", "text"]),
    "off the screen": (STORY, changed("<p>On", "<p style='position:absolute;left:-9999px'>On"), ["hidden-text", "style", "text"]),
    "added by a style sheet": (STORY, "<style>p::after{content:' according to the rebels'}</style>" + STORY, ["style"]),
    "a rule that is not evaluated": (STORY, "<style>h1 ~ p{display:none}</style>" + STORY, ["style"]),
    "alternative text": (STORY + "<img src=a.png alt='A soldier'>", STORY + "<img src=a.png alt='A rebel'>", ["hidden-text"]),
    "description": (page(STORY, "<meta name=description content='37 dead'>"), page(STORY, "<meta name=description content='3 dead'>"), ["hidden-text"]),
    "order": (STORY + "<p>First.</p><p>Second.</p>", STORY + "<p>Second.</p><p>First.</p>", ["order"]),
    "link": (STORY + "<p><a href='/proof'>Proof</a></p>", STORY + "<p><a href='/other'>Proof</a></p>", ["link"]),
    "picture": (STORY + "<img src=a.png>", STORY + "<img src=b.png>", ["media"]),
    "picture in the page": (
        STORY + "<img src='data:image/png;base64,AAAA'>", STORY + "<img src='data:image/png;base64,AAAB'>", ["media"],
    ),
    "script that writes": (STORY, STORY + "<script>document.body.innerHTML=document.body.innerHTML.replace('37','3')</script>", ["script"]),
    "script that says": (STORY, STORY + "<script>show('nobody was killed there')</script>", ["script"]),
    "casualties beside a counter's word": (page("<p>37 dead, 5 shares</p>"), page("<p>73 dead, 5 shares</p>"), ["text"]),
    "advertisement about the page": (
        STORY + "<div class='ad'>Buy shoes</div>", STORY + "<div class='ad'>The market people were not killed by shells</div>", ["text"],
    ),
    "text dressed as an advertisement": (STORY, STORY + "<div class='ad'>The ministry denies everything</div>", ["text"]),
    "counter that is no number": ("<p>12 views</p>", "<p>many views</p>", ["text"]),
    "time that no visit explains": ("<p>Now: 10:00</p>", "<p>Now: 15:00</p>", ["text"]),
    "Arabic passive": ("<p>قَتَلَ الجندي</p>", "<p>قُتِلَ الجندي</p>", ["text"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SUBSTANCE)
def test_whatever_is_not_explained_contradicts(name: str) -> None:
    one, other, expected = SUBSTANCE[name]
    assert said(one, other) == (PairStatus.CONTRADICTS, expected)
    assert said(other, one) == (PairStatus.CONTRADICTS, expected)


SHOWN = "Attack on the market\nOn 21 May 2021 at 10:30 shells killed 37 people in the market of the town."
RENDERED = {
    "counter": (f"{SHOWN}\n12 views", f"{SHOWN}\n15 views", "differs", ["counter"]),
    "consent": (SHOWN, f"{SHOWN}\nThis site uses cookies.", "differs", ["layout"]),
    "sentence that a script brings": (SHOWN, f"{SHOWN}\nOfficials deny it.", "contradicts", ["rendered-text"]),
    "sentence that a script hides": (SHOWN, "Attack on the market", "contradicts", ["rendered-text"]),
    "number that a script changes": (SHOWN, SHOWN.replace("37", "3"), "contradicts", ["rendered-text"]),
    "one browser only": (SHOWN, "", "same-bytes", []),
}


@pytest.mark.parametrize("name", RENDERED)
def test_what_only_a_browser_showed_is_compared_too(name: str) -> None:
    one, other, status, expected = RENDERED[name]
    assert said(page(STORY), page(STORY), rendered=(one, other)) == (status, expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caf\u00e9", "cafe\u0301"),
        ("\u0645\u062d\u0645\u062f", "\u0645\u062d\u0640\u0640\u0645\u062f"),  # tatweel
        ("\u0642\u064f\u062a\u0650\u0644\u064e", "\u0642\u062a\u0644"),  # signs on letters, or none
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u062e\u0648\u0627\u0647\u0645"),  # ZWNJ
        ("\ufefb", "\u0644\u0627"),  # a presentation form
        ("\u0623", "\u0627\u0654"),  # composed hamza
        ("a\u00a0b", "a b"),
    ],
)
def test_texts_that_only_their_encoding_makes_different_are_the_same(one: str, other: str) -> None:
    status, what = said(page(f"<p>{one} x</p>"), page(f"<p>{other} x</p>"))
    assert (status, set(what) - {"normalisation"}) == (PairStatus.SAME_TEXT, set())


def test_the_same_bytes_are_the_same() -> None:
    assert said(page(STORY), page(STORY)) == (PairStatus.SAME_BYTES, [])
