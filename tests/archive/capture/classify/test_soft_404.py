"""Soft 404s, redirects that end elsewhere, the wrong kind, and pages with nothing in them."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge, probe_url, wants_probe
from archive.capture.classify.beginnings import starts_as_page
from archive.urls import parse
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note
from tests.archive.capture.classify.responses import CITED, FinalResponse, article, file, page
from tests.note_texts import text_of

CAPTURED = Verdict(Status.CAPTURED)
PROBE = parse("https://snhr.org/blog/2018/04/08/x7f3k9/")
HARD_404 = page("<title>Not found</title><h1>Not found</h1>", url=PROBE, status=404)


def missing(token: str, *, title: str = "Page not found | UN Web TV", status: int = 200, url: object = CITED) -> FinalResponse:
    """An excuse that is never twice quite the same."""
    return page(
        f"<title>{title}</title><nav>Home Live Schedule Search</nav><h1>{title}</h1>"
        f"<p>The requested page could not be found. Reference {token}.</p><footer>United Nations</footer>",
        url=url,  # type: ignore[arg-type]
        status=status,
    )


def observed(verdict: Verdict) -> tuple[str, str | None]:
    assert verdict.detail or verdict.status is Status.CAPTURED
    return verdict.status, verdict.reason


def test_an_excuse_that_an_invented_address_gets_too_is_a_soft_404() -> None:
    answer, probe = missing("9a0b1c2d3e4f"), missing("0f1e2d3c4b5a", url=PROBE)
    assert wants_probe(answer)
    verdict = judge(answer, cited=CITED, probe=probe)
    assert observed(verdict) == ("gone", "soft-404")
    assert text_of(verdict.detail) == (
        "status 200, but an invented address gets the same; its title is “Page not found | UN Web TV”"
    )


def test_an_excuse_needs_no_probe_where_title_and_text_agree() -> None:
    assert observed(judge(missing("1"), cited=CITED)) == ("gone", "soft-404")


@pytest.mark.parametrize(
    "title",
    ["404", "404 Not Found", "Oops! Page not found", "الصفحة غير موجودة – الشبكة السورية", "عذراً، الصفحة غير موجودة",
     "Seite nicht gefunden", "404: Page not found · SNHR", "Страница не найдена"],
)  # fmt: skip
def test_excuses_are_known_in_the_languages_of_our_sources(title: str) -> None:
    answer = page(f"<title>{title}</title><body class='error404'><p>…</p>")
    assert observed(judge(answer, cited=CITED)) == ("gone", "soft-404")


def test_a_catch_all_page_without_an_excuse_is_a_soft_404() -> None:
    videos = "<title>أفلام ومسلسلات</title><h1>أحدث الأفلام</h1><p>مشاهدة وتحميل مباشر أونلاين بجودة عالية على سيرفرات متعددة</p>"
    answer = page(videos)
    assert wants_probe(answer)
    assert observed(judge(answer, cited=CITED, probe=page(videos, url=PROBE))) == ("gone", "soft-404")


def test_the_sites_own_404_under_another_status_is_a_soft_404() -> None:
    assert observed(judge(missing("1"), cited=CITED, probe=missing("2", url=PROBE, status=404))) == ("gone", "soft-404")


def test_an_error_page_that_everything_is_sent_to_is_a_soft_404() -> None:
    answer = page("<title>SNHR</title><p>Try our search", url="https://snhr.org/404.html", hops=(CITED,))
    probe = page("", url=PROBE, status=302, headers=(("Location", "/404.html"),))
    assert wants_probe(answer)
    assert observed(judge(answer, cited=CITED, probe=probe)) == ("gone", "soft-404")


REAL = {
    "an article whose footer offers help": page(article(footer="Page not found? Contact us. Error 404? Tell us.")),
    "an article about missing pages": page(article(title="Page not found: how Facebook deletes the evidence of Douma")),
    "an article named after the error": page(article(title="404 Not Found: the archive that vanished")),
    "a short page": page("<title>Correction</title><p>The date in our report of 8 April is wrong: it was 7 April.</p>"),
    "a short page about removal": page("<title>Notice</title><p>The video has been removed by its maker.</p>"),
    "an Arabic page": page(
        "<html dir=rtl lang=ar><title>بيان</title><p>تدين الشبكة السورية لحقوق الإنسان الهجوم على مدينة دوما</p>"
    ),
    "a page that is one picture": page("<title>Poster</title><img src=poster.jpg>"),
}


@pytest.mark.parametrize("answer", REAL.values(), ids=REAL)
@pytest.mark.parametrize("probe", [None, HARD_404], ids=["unprobed", "probed"])
def test_a_real_page_is_captured(answer: FinalResponse, probe: FinalResponse | None) -> None:
    assert judge(answer, cited=CITED, probe=probe) == CAPTURED


def test_a_real_page_of_a_site_that_answers_everything_with_200_is_captured() -> None:
    navigation = "<nav>" + " ".join(f"<a href=/c{n}>Section {n} of the site</a>" for n in range(300)) + "</nav>"
    answer = page(f"<title>Three prisoners freed</title>{navigation}<p>Three prisoners came home today.</p>")
    probe = page(f"<title>Search</title>{navigation}<p>No results.</p>", url=PROBE)
    assert judge(answer, cited=CITED, probe=probe) == CAPTURED


def test_words_of_excuse_in_a_long_page_are_no_sign() -> None:
    navigation = "<nav>" + " ".join(f"<a href=/c{n}>Section {n} of the site</a>" for n in range(300)) + "</nav>"
    footer = "<footer>Page not found? Tell us.</footer>"
    answer = page(f"<title>Three prisoners freed</title>{navigation}<p>Three prisoners came home today.</p>{footer}")
    probe = page(f"<title>Search</title>{navigation}<p>No results.</p>{footer}", url=PROBE)
    assert judge(answer, cited=CITED, probe=probe) == CAPTURED


def test_a_work_named_after_the_error_is_captured_where_the_server_knows_how_to_say_404() -> None:
    answer = page("<title>404 Not Found</title><p>“404 Not Found”, 2014, oil on canvas, by an artist of Douma.</p>")
    assert wants_probe(answer)
    assert judge(answer, cited=CITED, probe=HARD_404) == CAPTURED


def test_a_page_that_names_its_own_address_needs_no_probe() -> None:
    assert not wants_probe(page(article(head=f"<link rel=canonical href='{CITED}'>")))


def test_a_page_that_uses_the_words_of_its_address_needs_no_probe() -> None:
    url = "https://www.coe.int/en/web/portal/-/syrian-doctor-receives-wallenberg-prize?fbclid=1"
    assert not wants_probe(page(article(title="Syrian doctor receives Raoul Wallenberg Prize"), url=url))
    assert wants_probe(page(article(title="News"), url=url))


@pytest.mark.parametrize(
    ("url", "probe"),
    [
        ("https://snhr.org/blog/2018/04/08/51899/", "https://snhr.org/blog/2018/04/08/{digits}/"),
        ("https://snhr.org/news/53633/the-video", "https://snhr.org/news/{digits}/q8w7e6"),
        ("https://snhr.org/wp-content/uploads/report.pdf", "https://snhr.org/wp-content/uploads/q8w7e6.pdf"),
        ("https://snhr.org/about", "https://snhr.org/q8w7e6"),
        ("https://snhr.org/", "https://snhr.org/q8w7e6"),
        ("https://snhr.org/?p=24105", "https://snhr.org/?p={digits}"),
        ("https://f.org/showthread.php?lang=ar&t=12&page=2", "https://f.org/showthread.php?lang=ar&t={digits}&page=2"),
        ("https://snhr.org/film?utm_source=x", "https://snhr.org/q8w7e6"),
    ],
)
def test_a_probe_has_the_shape_of_what_it_stands_for(url: str, probe: str) -> None:
    digits = probe_url(parse("https://snhr.org/1"), "Q8-w7.e6").path.strip("/")
    assert digits.isdigit()
    assert probe_url(parse(url), "Q8-w7.e6").href == probe.format(digits=digits)


@pytest.mark.parametrize(
    ("cited", "final"),
    [
        ("https://snhr.org/blog/2018/04/08/51899/", "https://snhr.org/"),
        ("https://snhr.org/blog/2018/04/08/51899/", "https://snhr.org/ar/"),
        ("https://snhr.org/?p=24105", "https://snhr.org/"),
        ("http://webtv.un.org/Microsoft.XMLDOM/watch/x/6245250053001/?term=&lan=original", "https://webtv.un.org/en"),
        ("https://sn4hr.org/blog/2018/04/08/51899/", "https://snhr.org/index.php"),
        ("https://www.coe.int/en/web/portal/-/syrian-doctor", "https://www.coe.int/en/web/portal/home"),
    ],
)
def test_a_deep_link_that_ends_at_a_home_page_is_gone(cited: str, final: str) -> None:
    answer = page(article(title="Home"), url=final, hops=(cited,))
    assert observed(judge(answer, cited=parse(cited))) == ("gone", "redirected-home")


@pytest.mark.parametrize(
    ("cited", "final"),
    [
        ("http://snhr.org/", "https://snhr.org/"),
        ("https://snhr.org/", "https://snhr.org/en/"),
        ("https://snhr.org/index.php", "https://snhr.org/"),
        ("https://snhr.org/?fbclid=IwAR1", "https://snhr.org/"),
        ("https://bit.ly/3xYz", "https://snhr.org/"),
        ("https://www.un.org/thecavefilm", "https://www.thecavefilm.com/"),
        ("https://snhr.org/old", "https://snhr.org/?p=24105"),
        ("http://snhr.org/blog/2018/04/08/51899", "https://snhr.org/blog/2018/04/08/51899/"),
    ],
)
def test_a_redirect_that_keeps_the_thing_is_captured(cited: str, final: str) -> None:
    answer = page(article(), url=final, hops=(cited,))
    assert observed(judge(answer, cited=parse(cited))) == ("captured", None)


@pytest.mark.parametrize(
    ("cited", "final", "extra"),
    [
        ("https://sn4hr.org/?p=24105", "https://sn4hr.org/blog/2021/05/10/56247/", ""),
        ("https://sn4hr.org/blog/2018/04/08/51899/", "https://sn4hr.org/blog/2018/04/08/51900/", ""),
        (
            "https://sn4hr.org/?p=24105",
            "https://sn4hr.org/sara-khaled/",
            "<link rel=shortlink href='https://sn4hr.org/?p=9'>",
        ),
        ("https://x.org/2018/04/08/douma/", "https://x.org/2020/01/02/douma-revisited/", ""),
    ],
)
def test_a_redirect_to_another_post_is_gone(cited: str, final: str, extra: str) -> None:
    answer = page(article(head=extra), url=final, hops=(cited,))
    assert observed(judge(answer, cited=parse(cited))) == ("gone", "other-post")


@pytest.mark.parametrize(
    ("cited", "final", "extra"),
    [
        ("https://sn4hr.org/?p=24105", "https://snhr.org/blog/2016/06/01/24105/", ""),
        (
            "https://sn4hr.org/?p=24105",
            "https://sn4hr.org/sara/",
            "<link rel=shortlink href='https://sn4hr.org/?p=24105'>",
        ),
        ("https://x.org/2018/04/08/douma/", "https://x.org/2018/04/08/douma-attack/", ""),
        ("https://x.org/2018/04/08/douma/", "https://x.org/2018/04/09/douma/", ""),
        ("https://x.org/2018/04/08/%d8%af/", "https://x.org/2018/04/09/%D8%AF/", ""),
        ("https://x.org/thread.php?p=2", "https://x.org/2018/04/09/555/", ""),
        ("https://x.org/2018/04/douma/", "https://x.org/2018/04/08/douma-attack/", ""),
    ],
)
def test_a_redirect_to_the_same_post_is_captured(cited: str, final: str, extra: str) -> None:
    answer = page(article(head=extra), url=final, hops=(cited,))
    assert observed(judge(answer, cited=parse(cited))) == ("captured", None)


REPORT = parse("https://snhr.org/wp-content/uploads/2021/05/R210517E.pdf")


def test_a_page_where_a_pdf_was_due_is_gone() -> None:
    answer = page(article(title="Our reports"), url=REPORT)
    assert wants_probe(answer)
    verdict = judge(answer, cited=REPORT)
    assert verdict == Verdict(Status.GONE, "soft-404", note("page-for-file", due="PDF"))


def test_a_viewer_of_the_pdf_that_was_due_is_partial() -> None:
    answer = page("<title>Viewer</title><embed src='/raw/R210517E.pdf' type=application/pdf>", url=REPORT)
    assert observed(judge(answer, cited=REPORT)) == ("partial", "media")


@pytest.mark.parametrize("media_type", ["application/pdf", "text/html", "application/octet-stream"])
def test_a_pdf_is_captured_whatever_it_is_called(media_type: str) -> None:
    assert judge(file(b"\r\n%PDF-1.7\n%\xe2\xe3", media_type, url=REPORT), cited=REPORT) == CAPTURED


def test_a_wikis_page_about_a_file_is_captured() -> None:
    url = parse("https://commons.wikimedia.org/wiki/File:Douma.jpg")
    assert judge(page(article(title="File:Douma.jpg"), url=url), cited=url) == CAPTURED


@pytest.mark.parametrize("answer", [page("", status=200), page("", status=204), page(" \r\n\t ")])
def test_an_answer_without_content_is_empty(answer: FinalResponse) -> None:
    assert observed(judge(answer, cited=CITED)) == ("unreachable", "empty")


HOLLOW = {
    "an application's root": page("<title>App</title><div id=root></div><script src=a.js></script>"),
    "a root with a spinner": page("<title>App</title><nav>Menu</nav><div id=__next><p>Loading…</p></div><script src=a.js></script>"),
    "an appeal to switch scripts on": page(
        "<title>App</title><p>News</p><noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>"
    ),
    "only scripts": page("<title>x</title><script>document.write('')</script><script src=b.js></script>"),
    "bytes that are no text": page("\0" * 70_000),
    "nothing at all": page("<html><head><title>x</title></head><body><div></div></body></html>"),
}  # fmt: skip


@pytest.mark.parametrize("answer", HOLLOW.values(), ids=HOLLOW)
@pytest.mark.parametrize("probed", [False, True])
def test_a_page_that_only_scripts_would_fill_is_hollow(answer: FinalResponse, probed: bool) -> None:
    verdict = judge(answer, cited=CITED, probe=answer if probed else None)
    assert observed(verdict) == ("partial", "hollow")


def test_a_page_of_control_characters_alone_is_hollow() -> None:
    assert observed(judge(page("<p>\x01\x02 \ufffd</p>"), cited=CITED)) == ("partial", "hollow")


FULL = {
    "text in the root": page(
        f"<div id=root>{article()}</div><noscript>Please enable JavaScript</noscript><script src=a.js></script>"
    ),
    "comments need scripts": page(
        "<p>The video was never shown.</p><noscript>Please enable JavaScript to view the comments.</noscript><script></script>"
    ),
    "a short page with a counter": page("<p>The video was never shown.</p><script src=analytics.js></script>"),
    "a frameset": page("<frameset><frame src=a.html></frameset>"),
}


@pytest.mark.parametrize("answer", FULL.values(), ids=FULL)
def test_a_page_with_something_to_see_is_not_hollow(answer: FinalResponse) -> None:
    assert judge(answer, cited=CITED) == CAPTURED


def test_a_page_that_broke_off_is_partial() -> None:
    assert observed(judge(page(article(), complete=False), cited=CITED)) == ("partial", "truncated")


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (404, (), ("gone", "not-found")),
        (410, (), ("gone", "not-found")),
        (403, (), ("blocked", "forbidden")),
        (451, (), ("blocked", "legal")),
        (429, (), ("blocked", "rate")),
        (503, (("Retry-After", "120"),), ("blocked", "rate")),
        (503, (), ("unreachable", "server-error")),
        (500, (), ("unreachable", "server-error")),
        (522, (("Server", "cloudflare"),), ("unreachable", "server-error")),
        (400, (), ("unreachable", "client-error")),
        (418, (), ("unreachable", "client-error")),
        (408, (), ("unreachable", "timeout")),
        (302, (("Location", "http://[::1"),), ("unreachable", "redirect-invalid")),
        (304, (), ("unreachable", "empty")),
    ],
)
def test_a_status_is_taken_at_its_word(
    status: int, headers: tuple[tuple[str, str], ...], expected: tuple[str, str]
) -> None:
    assert observed(judge(page("<title>Error</title><p>Error", status=status, headers=headers), cited=CITED)) == expected


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 306, 307, 308])
def test_a_redirect_to_nowhere_with_a_page_is_the_page_that_browsers_show(status: int) -> None:
    assert observed(judge(page(article(), status=status), cited=CITED)) == ("captured", None)


@pytest.mark.parametrize(
    "markup",
    [
        "",
        " \n ",
        "<title>302 Found</title><h1>Found</h1><p>The document has moved <a href=''>here</a>.",
        "<title>Object moved</title><h2>Object moved to <a href=''>here</a>.</h2>",
        "<h1>Redirecting…</h1>",
        "<title>301 Moved Permanently</title><hr>nginx",
    ],
)
def test_a_redirect_to_nowhere_with_a_note_about_itself_is_invalid(markup: str) -> None:
    assert observed(judge(page(markup, status=302), cited=CITED)) == ("unreachable", "redirect-invalid")


def test_a_wall_that_comes_with_a_redirect_to_nowhere_is_a_wall() -> None:
    answer = page("<title>Log in</title><p>You must log in to continue.<form><input type=password></form>", status=302)
    assert observed(judge(answer, cited=CITED)) == ("blocked", "login")


SIGN_IN = "<!doctype html><title>Sign in</title><h1>Sign in</h1><p>Please sign in to continue</p><form><input type=password></form>"


@pytest.mark.parametrize("media_type", ["application/pdf", "application/octet-stream", "text/html"])
def test_a_sign_in_page_sent_as_a_file_is_blocked(media_type: str) -> None:
    attached = ("Content-Disposition", 'attachment; filename="R210517E.pdf"')
    url = parse("https://files.example.org/download?id=7")
    answer = FinalResponse(url, 200, (("Content-Type", media_type), attached), SIGN_IN.encode(), True, None, ())
    if media_type == "text/html":
        answer = page(SIGN_IN, url=url, headers=(attached,))
    assert observed(judge(answer, cited=url)) == ("blocked", "login")


@pytest.mark.parametrize("disposition", ['attachment; filename="R210517E.pdf"', "attachment; filename*=UTF-8''R210517E.pdf"])
def test_a_page_that_the_server_names_a_pdf_is_gone(disposition: str) -> None:
    url = parse("https://files.example.org/download?id=7")
    headers = (("Content-Type", "application/pdf"), ("Content-Disposition", disposition))
    answer = FinalResponse(url, 200, headers, article(title="Our reports").encode(), True, None, ())
    assert observed(judge(answer, cited=url)) == ("gone", "soft-404")


DRIVE = "https://files.example.org/download?id=7"
DISGUISES = {
    "blanks": b" \r\n" * 4000 + SIGN_IN.encode(),
    "comments": b"<!-- x -->" * 500 + SIGN_IN.encode(),
    "UTF-16 with a mark": SIGN_IN.encode("utf-16"),
    "UTF-16 without": SIGN_IN.encode("utf-16-be"),
    "UTF-16 after blanks": ("\n " * 900 + SIGN_IN).encode("utf-16-le"),
    "a mark of UTF-8": b"\xef\xbb\xbf\n" + SIGN_IN.encode(),
    "XML": b'<?xml version="1.0"?>\n' + SIGN_IN.encode(),
    "a PDF's mark in a comment": b"<!-- %PDF-1.7 -->" + SIGN_IN.encode(),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("disposition", ['attachment; filename="x.pdf"', "attachment", "inline", None])
def test_a_sign_in_page_in_any_disguise_is_blocked(disguise: str, disposition: str | None) -> None:
    for media_type in ("application/pdf", "application/octet-stream", "application/zip"):
        headers = [("Content-Type", media_type), *([("Content-Disposition", disposition)] if disposition else [])]
        answer = FinalResponse(parse(DRIVE), 200, tuple(headers), DISGUISES[disguise], True, None, ())
        assert observed(judge(answer, cited=parse(DRIVE))) == ("blocked", "login")


JPEG, PDF, DOCX, MP4 = b"\xff\xd8\xff\xe0 picture", b"%PDF-1.7\n", b"PK\x03\x04 document", b"\0\0\0\x18ftypisom film"


@pytest.mark.parametrize(
    ("name", "media_type", "body", "code"),
    [
        ("x.pdf", "application/pdf", PDF, None),
        ("x.png", "image/png", JPEG, None),
        ("x.docx", "application/octet-stream", DOCX, None),
        ("x.mov", "video/quicktime", MP4, None),
        ("x.csv", "text/csv", b"a,b\n", None),
        ("x.pdf", "application/pdf", b"anything else", "kind-unknown"),
        ("x.docx", "application/octet-stream", b"\0" * 90, "kind-unknown"),
        ("x.mp4", "video/mp4", b"\x01\x02" * 90, "kind-unknown"),
        ("x", "image/jpeg", b"not a picture", "kind-unknown"),
        ("x", "application/pdf", JPEG, "kind-differs"),
        ("x.jpg", "image/jpeg", PDF, "kind-differs"),
        ("x.pdf", "application/pdf", b"\x1f\x8b packed", "kind-differs"),
    ],
)
def test_a_file_begins_as_its_name_and_type_promise(name: str, media_type: str, body: bytes, code: str | None) -> None:
    headers = (("Content-Type", media_type), ("Content-Disposition", f'attachment; filename="{name}"'))
    verdict = judge(FinalResponse(parse(DRIVE), 200, headers, body, True, None, ()), cited=parse(DRIVE))
    assert verdict.detail is None if code is None else verdict.detail is not None and verdict.detail.code == code
    assert observed(verdict) == (("captured", None) if code is None else ("partial", "media"))


def test_looking_at_how_a_page_begins_takes_linear_time() -> None:
    for piece in (b"<!--", b"<!---->", b"<?xml", b" ", b"\0", b"<!-- -->\n"):
        assert not starts_as_page(piece * ((1 << 20) // len(piece)))
