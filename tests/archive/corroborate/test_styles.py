"""What a style sheet can do to the main text, by whatever property, medium or selector: and what it may do beside it."""

from __future__ import annotations

import pytest

from archive.corroborate.pages.media_queries import is_everywhere, is_on_screen
from archive.corroborate.pages.selectors import as_named, is_met
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

TEXT = "article p:nth-of-type(2)"
"""A selector of the second paragraph."""


def status(one: str, other: str, **more: object) -> PairStatus:
    return compare(one, other, media=(MEDIA, MEDIA), **more).status  # type: ignore[arg-type]


def styled(sheet: str, page: str | None = None) -> str:
    page = news_page() if page is None else page
    assert "</head>" in page
    return page.replace("</head>", f"<style>{sheet}</style></head>", 1)


ALTERS = (
    "display:none;display:bogus", "display:/**/none", "display:table-column", "display:ruby-text", "visibility:hidden;visibility:x",
    "font:calc(0px)/1 x", "font:1px/1 x", "font-size-adjust:0", "-webkit-filter:opacity(0)", "-webkit-transform:scale(0)",
    "-webkit-clip-path:inset(99%)", "-webkit-text-stroke:9px #fff", "inline-size:0;overflow:hidden", "max-block-size:0;overflow:hidden",
    "position:absolute;inset-inline-start:-9999px", "position:absolute;top:-399px", "position:absolute", "margin-left:-399px",
    "margin-block-start:-9999px", "padding-left:9999px", "offset-path:path('M9999 9999')", "outline:20px solid #fff;outline-offset:-20px",
    "text-decoration:underline;text-underline-offset:-.5em", "text-decoration:underline 2em", "overflow:clip;height:10px",
    "overflow:auto;max-height:1.2em", "white-space:nowrap;overflow:hidden", "contain:size;overflow:hidden", "word-spacing:-99em",
    "width:.5ch;overflow:hidden", "hyphenate-character:'FAKE'", "text-emphasis:'x'", "text-overflow:'FAKE'", "font-feature-settings:'ss01'",
    "aspect-ratio:999;width:100%;overflow:hidden", "all:revert", "interactivity:inert", "order:1", "-webkit-line-clamp:1", "shape-outside:circle()",
    "vertical-align:super", "mask-size:0", "of-a-later-standard:1",
)  # fmt: skip


@pytest.mark.parametrize("declared", ALTERS)
def test_what_is_not_known_to_be_harmless_is_compared(declared: str) -> None:
    assert status(news_page(), styled(f"{TEXT}{{{declared}}}")) is PairStatus.CONTRADICTS


HARMLESS = (
    "padding:4px 9px", "transition:color 1s", "cursor:help", "font-weight:500", "border:1px solid #ccc;border-radius:4px", "user-select:none",
    "text-align:justify", "margin:-8px 0 12px", "max-width:680px", "box-shadow:0 2px 6px rgba(0,0,0,.2)", "line-height:1.5", "scroll-margin-top:9px",
    "page-break-inside:avoid", "hyphens:auto", "outline:2px solid", "vertical-align:middle", "position:relative", "text-wrap:pretty",
)  # fmt: skip


@pytest.mark.parametrize("declared", HARMLESS)
def test_what_alters_no_text_is_no_difference(declared: str) -> None:
    assert status(news_page(), styled(f"{TEXT}{{{declared}}}")) is PairStatus.SAME_TEXT


MEDIA_QUERIES = (
    "not (hover:none)", "not all and (monochrome)", "(min-width:1281px)", "(max-width:700px)", "print", "not print", "(width > 1300px)",
    "only screen and (max-width:480px)", "(orientation:portrait)", "not (prefers-color-scheme:dark)", "(prefers-color-scheme:dark)",
)  # fmt: skip


@pytest.mark.parametrize("query", MEDIA_QUERIES)
def test_a_text_that_some_readers_are_not_shown_contradicts(query: str) -> None:
    assert status(news_page(), styled(f"@media {query}{{{TEXT}{{display:none}}}}")) is PairStatus.CONTRADICTS
    other = news_page(head=f"<style media='{query}'>{TEXT}{{display:none}}</style>")
    assert status(news_page(), other) is PairStatus.CONTRADICTS
    beside = styled(f"@media {query}{{.menu{{display:none}}}}")
    assert status(news_page(), beside) is not PairStatus.CONTRADICTS


def test_a_query_is_judged_as_a_screen_with_a_mouse_judges_it() -> None:
    there = ("screen", "not print", "(min-width:600px) and (max-width:1400px)", "(width >= 80em)", "(hover)", "print, screen")
    assert all(map(is_on_screen, there))
    assert not any(map(is_on_screen, ("print", "not screen", "(max-width:700px)", "(hover:none)", "(width < 50em)", "speech")))
    assert all(map(is_everywhere, ("", "all", "screen", "only screen", "print, screen")))
    assert not any(map(is_everywhere, ("print", "(min-width:1px)", "not print")))


STATES = (
    "body:hover article p", "html:hover article p", "p:target", "article:not(:focus) p", "article p:not(.cookie)", ".cookie-x,article p",
    "article p:not(#sp)", "article p:read-only", "article p:not(:is(:where(.ads)))", "figure+p", ".byline~p",
)  # fmt: skip


@pytest.mark.parametrize("selector", STATES)
def test_a_rule_is_of_the_text_whatever_its_selector_looks_like(selector: str) -> None:
    assert status(news_page(), styled(f"{selector}{{display:none}}")) is PairStatus.CONTRADICTS
    assert status(news_page(), styled(f"{selector}{{clip-path:inset(0 0 0 99%)}}")) is PairStatus.CONTRADICTS


def test_a_name_with_signs_in_it_is_a_name() -> None:
    names = frozenset((as_named(".", "md:text"), as_named(".", "2xl"), as_named("#", "a/b")))
    assert is_met(r".md\:text p", names)
    assert is_met(r".\32 xl", names)
    assert is_met(r"#a\/b:not(:is(:where(:is(.other))))", names)
    assert not is_met(r".lg\:text p", names)
    page = news_page(article=ARTICLE.replace("<article>", "<article class=md:text>"))
    assert status(page, styled(r".md\:text{order:2}", page)) is PairStatus.CONTRADICTS


def test_an_attribute_that_a_site_names_is_known_by_its_name_and_another_may_be_any() -> None:
    page = news_page(article=ARTICLE.replace("<article>", "<article data-Story=1>"))
    for selector in ("[data-story] p", "[DATA-STORY='2'] p", '[title="].none"] p', "[data-story], [data-chart]"):
        assert status(page, styled(f"{selector}{{order:2}}", page)) is PairStatus.CONTRADICTS
    assert status(page, styled("[data-chart] p, [data-story] [data-chart]{order:2}", page)) is PairStatus.DIFFERS


INK = ":root{{--line:{0};--ink:{0}}}"
READ_APART = (
    "", "[data-chart] line{stroke:var(--line)}.chart{color:var( --ink )}", ".chart{--own:var(--ink)}.chart b{color:var(--own)}",
    "article{padding:var(--ink)}",
)  # fmt: skip
READ = (
    "article{color:var(--ink)}", "p{color:var(--none,var(--ink))}", ".chart,body{--own:var(--line)}p{background:var(--own)}",
    "@keyframes x{to{color:var(--ink)}}p{animation:x 1s}",
)  # fmt: skip


def test_a_custom_property_is_compared_where_the_text_can_have_it() -> None:
    for sheet in READ_APART:
        pages = (styled(INK.format(color) + sheet) for color in ("#000", "#fff"))
        assert status(*pages) is PairStatus.DIFFERS, sheet
    for sheet in READ:
        pages = (styled(INK.format(color) + sheet) for color in ("#000", "#fff"))
        assert status(*pages) is PairStatus.CONTRADICTS, sheet
    article = ARTICLE.replace("<p>", "<p style='color:var(--ink)'>", 1)
    assert status(*(styled(INK.format(color), news_page(article=article)) for color in ("#000", "#fff"))) is PairStatus.CONTRADICTS


def test_a_custom_property_may_be_read_by_a_sheet_that_is_not_there() -> None:
    link = "<link rel=stylesheet href=/other.css>"
    pages = [styled(INK.format(color), news_page(head=link)) for color in ("#000", "#fff")]
    assert status(*pages) is PairStatus.CONTRADICTS
    read = [page.replace("</style>", ".chart{color:var(--line)}.chart b{color:var(--ink)}</style>") for page in pages]
    assert status(*read) is PairStatus.DIFFERS
    sheets = {"https://news.example/other.css": "p{margin:0}"}
    assert status(*pages, sheets=(sheets, sheets)) is PairStatus.DIFFERS


def test_style_sheets_that_are_not_there_are_counted_by_their_site() -> None:
    links = ["".join(f"<link rel=stylesheet crossorigin href=/r/{name}>" for name in names) for names in (
        ("aQ-x9z1.br.css", "bR-y8w2.br.css"), ("cS-m7v3.gz.css", "dT-n6u4.gz.css"),
    )]  # fmt: skip
    assert status(*(news_page(head=link) for link in links)) is PairStatus.DIFFERS
    assert status(news_page(head=links[0]), news_page(head=links[1] + links[1].replace("n6u4", "k1"))) is PairStatus.CONTRADICTS


def test_in_a_page_of_before_the_standards_the_case_of_a_class_is_no_difference() -> None:
    page = news_page(article=ARTICLE.replace("<article>", "<article class=story>")).replace("<!DOCTYPE html>", "")
    assert status(page, styled(".STORY{display:none}", page)) is PairStatus.CONTRADICTS
    assert status(page, styled(".STORY{clip-path:inset(0 0 0 99%)}", page)) is PairStatus.CONTRADICTS
    standard = f"<!DOCTYPE html>{page}"
    sheet = ".STORY{display:none}"
    assert status(styled(sheet, standard), styled(sheet, page)) is PairStatus.CONTRADICTS


def test_a_rule_that_was_given_another_class_of_a_build_contradicts() -> None:
    page = news_page(article=ARTICLE.replace("<article>", "<article class=Story1>"))
    one, other = (styled(f".{name}{{clip-path:inset(0 0 0 99%)}}", page) for name in ("Note2", "Story1"))
    assert status(one, other) is PairStatus.CONTRADICTS


PARTS = {
    "first letter": ("td::first-letter{font:0/0 a}", ""),
    "first line": ("article p::first-line{font:0/0 a}", ""),
    "text before that is taken away": ("h1::before{display:none}", "h1::before{content:'DENIED BY ALL: '}"),
    "text before that is too small": ("h1::before{font:0/0 a}", "h1::before{content:'DENIED BY ALL: '}"),
    "end of an animation": ("@keyframes f{to{opacity:0}}", "article{animation:f 1s forwards}"),
    "signs of a list": ("@counter-style c{system:fixed;symbols:'7' '8'}", "ol{list-style:c}"),
    "value of a property": ("@property --v{syntax:'*';inherits:true;initial-value:0}", "article{opacity:var(--v)}"),
    "style before a change": ("@starting-style{article{opacity:0}}", ""),
    "namespace": ("@namespace url(x);article p{color:red}", "article p{color:red}"),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_elements_and_statements_of_sheets_are_compared(name: str) -> None:
    sheet, known = PARTS[name]
    assert status(styled(known), styled(sheet, styled(known))) is PairStatus.CONTRADICTS


def test_an_animation_that_moves_nothing_of_the_text_may_differ() -> None:
    sheets = (".spinner{animation:turn 1s}@keyframes turn{to{opacity:1}}", ".spinner{animation:turn 1s}@keyframes turn{to{opacity:.5}}")
    assert status(*map(styled, sheets)) is PairStatus.DIFFERS


IMPORTS = (
    "@import 'data:text/css,article p{display:none}';", "@import url(data:text/css,article%20p%7Bdisplay:none%7D);",
    "@import 'https://evil.example/x.css';", "@import/**/'https://evil.example/x.css';", "@\\69mport 'https://evil.example/x.css';",
    "@import 'https://evil.example/x.css' (min-width:1300px);",
)  # fmt: skip


@pytest.mark.parametrize("statement", IMPORTS)
@pytest.mark.parametrize("is_captured", [True, False])
def test_an_imported_sheet_is_found_however_it_is_written(statement: str, is_captured: bool) -> None:
    sheets = {"https://evil.example/x.css": "article p{display:none}"} if is_captured else {}
    assert status(news_page(), styled(statement), sheets=({}, sheets)) is PairStatus.CONTRADICTS


COVERS = {
    "box": "position:absolute;background:#fff;width:700px;height:300px;top:300px;left:0",
    "box that is moved back": "margin-top:-300px;height:300px;background:#fff;position:relative",
    "box that stays": "position:sticky;top:0;background:white;height:90vh",
    "box over the window": "position:fixed;top:0;left:0;right:0;bottom:0;background:#fff",
    "box by one property": "position:fixed;inset:0;background:#fff",
    "shadow": "position:relative;box-shadow:0 0 0 999px #fff",
    "outline": "outline:999px solid #fff",
    "border": "position:absolute;border:300px solid #fff;top:0",
}


@pytest.mark.parametrize("name", COVERS)
def test_a_box_that_lies_over_the_text_contradicts_wherever_it_stands(name: str) -> None:
    style = COVERS[name]
    sheet = f"<style>.q{{{style}}}</style>"
    pages = (
        news_page(article=ARTICLE.replace("<table>", f"<div style='{style}'></div><table>")),
        news_page(article=ARTICLE.replace("<table>", "<div class=q></div><table>"), head=sheet),
        news_page(f"<div style='{style}'></div>"),
        news_page("<div class=q></div>", head=sheet),
        news_page(f"<div class=adsbygoogle><div style='{style}'></div></div>"),
        news_page(head=f"<style>nav::after{{content:'';{style}}}</style>"),
    )
    assert [status(news_page(), page) for page in pages] == [PairStatus.CONTRADICTS] * len(pages)


def test_a_small_box_over_a_number_of_the_text_contradicts() -> None:
    box = "<span style='position:absolute;left:3px;top:9px;width:20px;height:16px;background:#fff'></span>"
    assert status(news_page(), news_page(article=ARTICLE.replace("<td>37", f"<td>{box}37"))) is PairStatus.CONTRADICTS


BESIDE = {
    "request over the page": "<div class=cookie-bar style='position:fixed;bottom:0;left:0;right:0;background:#fff'><p>We use cookies.</p><button>Accept</button><button>Reject</button></div>",
    "bar of an advertisement": "<div class='adsbygoogle bar'></div><style>.bar{position:fixed;bottom:0;width:728px;height:90px;background:#fff}</style>",
    "button of a window for questions": "<div class=ask></div><style>.ask{position:fixed;right:20px;bottom:20px;width:56px;height:56px;background:#06f}</style>",
    "light behind a dialog": "<div class=backdrop style='position:fixed;inset:0;background:rgba(0,0,0,.4)'></div>",
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_box_that_covers_no_text_may_stand_in_one_page_alone(name: str) -> None:
    assert status(news_page(), news_page(BESIDE[name])) is not PairStatus.CONTRADICTS


NOTE = "<article><div class=note>This article was withdrawn by the editors</div>"
SHEET = "<style>.note{display:none}</style>"
HIDING = news_page(article=ARTICLE.replace("<article>", NOTE), head=SHEET)
SHOWING = {
    "sheet of another type": "<style type=x>.note{display:none}</style>",
    "sheet where no script runs": f"<noscript>{SHEET}</noscript>",
    "sheet in a template": f"<template>{SHEET}</template>",
    "sheet of another set": "<style title=x>.note{display:none}</style>",
    "sheet for the dark": "<style>@media (prefers-color-scheme:dark){.note{display:none}}</style>",
    "sheet for what no browser has": "<style>@supports (foo:bar){.note{display:none}}</style>",
    "sheet for wide boxes": "<style>@container (min-width:99999px){.note{display:none}}</style>",
    "sheet with a property for all": f"{SHEET}<style>.note{{all:revert!important}}</style>",
    "sheet with a value that no browser has": "<style>.note{display:none none}</style>",
}


@pytest.mark.parametrize("name", SHOWING)
def test_a_hidden_text_that_a_browser_shows_contradicts(name: str) -> None:
    assert status(HIDING, HIDING.replace(SHEET, SHOWING[name])) is PairStatus.CONTRADICTS


DISPLAYED = {
    "closed dialog": ("<dialog>This article was withdrawn</dialog>", "dialog{display:block}"),
    "box that opens": ("<div popover>This article was withdrawn</div>", "[popover]{display:block}"),
    "script": ("<script type=text/plain>Nobody died there that day</script>", "script{display:block}"),
    "comment of a sheet": ("<style>/* Nobody died there that day */</style>", "style{display:block}"),
    "second title": ("<title>Nobody died there that day</title>", "title{display:block}"),
    "details": ("<details><summary>More</summary>Nobody died there</details>", "details::details-content{content-visibility:visible}"),
}


@pytest.mark.parametrize("name", DISPLAYED)
def test_what_no_browser_shows_by_itself_is_text_where_a_sheet_displays_it(name: str) -> None:
    body, sheet = DISPLAYED[name]
    assert status(news_page(body), styled(sheet, news_page(body))) is PairStatus.CONTRADICTS


INHERITED = {
    "visibility": "<div style='visibility:hidden'><p style='visibility:inherit'>The operation",
    "visibility that is unset": "<div style='visibility:hidden'><p style='visibility:unset'>The operation",
    "size": "<div style='font-size:0'><p style='font-size:1em'>The operation",
    "colour": "<div style='color:#fff;background:#fff'><p style='color:inherit'>The operation",
}


@pytest.mark.parametrize("name", INHERITED)
def test_a_text_that_inherits_that_it_is_hidden_is_hidden(name: str) -> None:
    page = news_page(article=ARTICLE.replace("<p>The operation", INHERITED[name]))
    found = compare(news_page(), page, media=(MEDIA, MEDIA))
    assert "hidden-text" in {each.what for each in found.differences}


def test_rules_beyond_those_that_are_listed_are_compared_by_their_digest() -> None:
    many = "".join(f".a{{order:{number}}}" for number in range(2, 20_100))
    assert status(styled(many), styled(many)) is PairStatus.SAME_BYTES
    assert status(styled(many), styled(f"{many}article p{{-webkit-box-ordinal-group:2}}")) is PairStatus.CONTRADICTS
