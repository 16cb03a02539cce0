"""Login and consent, parked domains."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive.urls import parse
from archive_manifests.ledger import Status, Verdict
from tests.archive.capture.classify.responses import CITED, FinalResponse, article, page

LOGIN_FORM = "<form method=post action=/login/><input name=email><input type=password name=pass></form>"


@pytest.mark.parametrize(
    ("cited", "answer"),
    [
        ("https://drive.google.com/file/d/1o-KAW/view",
         page("<title>Sign in - Google Accounts</title><h1>Sign in</h1><input type=email>",
              url="https://accounts.google.com/ServiceLogin?continue=https://drive.google.com/file/d/1o-KAW/view",
              hops=("https://drive.google.com/file/d/1o-KAW/view",))),
        ("https://www.facebook.com/groups/1/posts/2",
         page(f"<title>Log in to Facebook | Facebook</title><p>You must log in to continue.{LOGIN_FORM}",
              url="https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com%2Fgroups",
              hops=("https://www.facebook.com/groups/1/posts/2",))),
        ("https://www.instagram.com/p/abc/",
         page("<title>Instagram</title><div id=react-root></div><script></script>",
              url="https://www.instagram.com/accounts/login/?next=/p/abc/", hops=("https://www.instagram.com/p/abc/",))),
        ("https://forum.example.org/viewtopic.php?t=9",
         page(f"<title>منتدى • تسجيل الدخول</title><p>يجب تسجيل الدخول لمشاهدة هذا الموضوع{LOGIN_FORM}",
              url="https://forum.example.org/viewtopic.php?t=9")),
        ("https://www.facebook.com/x", page(f"<title>Log in</title><h1>You must log in to continue.</h1>{LOGIN_FORM}",
                                            url="https://www.facebook.com/x")),
    ],
)  # fmt: skip
def test_a_login_page_in_the_sources_place_is_blocked(cited: str, answer: FinalResponse) -> None:
    verdict = judge(answer, cited=parse(cited))
    assert (verdict.status, verdict.reason) == ("blocked", "login")
    assert verdict.detail


@pytest.mark.parametrize("status", [401, 407])
def test_a_server_that_requests_a_password_is_a_login(status: int) -> None:
    verdict = judge(page("<h1>Unauthorized</h1>", status=status), cited=CITED)
    assert (verdict.status, verdict.reason) == ("blocked", "login")


def test_a_page_with_a_login_box_is_captured() -> None:
    answer = page(article(f"<aside>Members: {LOGIN_FORM} Log in</aside>"))
    assert judge(answer, cited=CITED) == Verdict(Status.CAPTURED)


def test_a_short_page_with_a_login_box_is_captured() -> None:
    answer = page(f"<title>Statement of 8 April</title><p>We saw the helicopters.</p>{LOGIN_FORM}")
    assert judge(answer, cited=CITED) == Verdict(Status.CAPTURED)


def test_a_long_page_that_speaks_of_logging_in_is_captured() -> None:
    answer = page(article(f"<p>“You must log in to continue”, it said. {LOGIN_FORM}", title="Log in"))
    assert judge(answer, cited=CITED) == Verdict(Status.CAPTURED)


def test_an_article_that_moved_to_a_path_for_logging_in_is_captured() -> None:
    cited = parse("https://snhr.org/safety/passwords/")
    moved = page(article(title="Safer passwords"), url="https://snhr.org/safety/login/", hops=(cited,))
    assert judge(moved, cited=cited).status is Status.CAPTURED


@pytest.mark.parametrize(
    ("path", "says", "status"),
    [
        ("login/", "You must log in to continue.", "blocked"),
        ("login/", "يجب تسجيل الدخول", "blocked"),
        ("login/?next=%2Fposts%2F2", "Welcome.", "blocked"),
        ("login.php?return=/posts/2&x=1", "Welcome.", "blocked"),
        ("login/", "Welcome.", "captured"),
        ("login/?ref=menu", "Welcome.", "captured"),
    ],
)
def test_a_cited_address_for_logging_in_is_a_wall_where_something_stands_behind_it(
    path: str, says: str, status: str
) -> None:
    cited = parse(f"https://example.org/{path}")
    answer = page(f"<title>Log in to Example</title><h1>{says}</h1>{LOGIN_FORM}", url=cited)
    assert judge(answer, cited=cited).status == status


def test_a_cited_address_for_logging_in_with_an_article_beside_the_form_is_captured() -> None:
    cited = parse("https://example.org/login/")
    answer = page(article(f"<p>You must log in to continue.{LOGIN_FORM}", title="Log in"), url=cited)
    assert judge(answer, cited=cited) == Verdict(Status.CAPTURED)


def test_an_article_about_logging_in_is_captured_after_a_redirect() -> None:
    moved = page(
        article(title="Log in and be watched"),
        url="https://snhr.org/login-data-sold/",
        hops=("http://snhr.org/login-data-sold/",),
    )
    assert judge(moved, cited=parse("http://snhr.org/login-data-sold/")).status is Status.CAPTURED


@pytest.mark.parametrize(
    "answer",
    [
        page("<title>Before you continue to YouTube</title><p>We use cookies and data to deliver services</p>",
             url="https://consent.youtube.com/m?continue=https://www.youtube.com/watch?v=1&gl=DE",
             hops=("https://www.youtube.com/watch?v=1",)),
        page("<title>قبل المتابعة إلى YouTube</title><p>نستخدم ملفات تعريف الارتباط والبيانات", url="https://www.youtube.com/watch?v=1"),
        page("<title>Before you continue</title><p>We use cookies</p>", url="https://www.youtube.com/watch?v=1"),
        page("<title>Tumblr</title><p>Hello", url="https://www.tumblr.com/privacy/consent?redirect=x", hops=("https://a.tumblr.com/",)),
        page("<title>Datenschutz</title><p>Hallo", url="https://www.example.de/zustimmung?url=/artikel", hops=(CITED,)),
        page("<title>Wall</title><p>Hello", url="https://cookies.example.org/?next=x", hops=(CITED,)),
        page("<title>One moment</title><p>We and our partners use cookies. Accept all. Reject all.",
             url="https://gate.example.org/v2?returnUrl=https%3A%2F%2Fsnhr.org%2Fblog", hops=(CITED,)),
    ],
)  # fmt: skip
def test_a_page_that_requests_consent_is_blocked(answer: FinalResponse) -> None:
    verdict = judge(answer, cited=answer.first_url)
    assert (verdict.status, verdict.reason) == ("blocked", "consent")
    assert verdict.detail


def test_an_article_whose_title_begins_like_a_consent_page_is_captured() -> None:
    answer = page(
        article(title="Before you continue to look away: Douma, five years on", footer="This site uses cookies")
    )
    assert judge(answer, cited=CITED) == Verdict(Status.CAPTURED)


PARKED = {
    "an advertisement feed": page(
        "<html data-adblockkey='MFww'><title>faselhd.pro</title><script>window.park = 'eyJ1dWlk';</script>",
        url="https://faselhd.pro/movies/film-cave-2019",
    ),
    "sent on to a market": page(
        "<title>Buy</title><p>Make an offer", url="https://www.hugedomains.com/domain_profile.cfm?d=faselhd.pro",
        hops=("https://faselhd.pro/movies/film-cave-2019",),
    ),
    "sent on to parking": page(
        "<title>x</title><p>Related links", url="http://ww1.sedoparking.com/?domain=faselhd.pro",
        hops=("https://faselhd.pro/movies/film-cave-2019",),
    ),
    "a sale in words": page(
        "<title>faselhd.pro</title><h1>The domain faselhd.pro is for sale</h1><p>Inquire now",
        url="https://faselhd.pro/movies/film-cave-2019",
    ),
    "a landing script": page(
        "<script>window.onload=function(){window.location.href='/lander'}</script>",
        url="https://faselhd.pro/movies/film-cave-2019",
    ),
    "a host that shut the account": page(
        "<title>Account Suspended</title><h1>Account Suspended</h1><p>This Account has been suspended. Contact your hosting "
        "provider for more information.", url="https://faselhd.pro/movies/film-cave-2019",
    ),
    "a new server": page(
        "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><p>Further configuration is required.",
        url="https://faselhd.pro/movies/film-cave-2019",
    ),
}  # fmt: skip


@pytest.mark.parametrize("answer", PARKED.values(), ids=PARKED)
def test_a_parked_domain_is_gone(answer: FinalResponse) -> None:
    verdict = judge(answer, cited=parse("https://faselhd.pro/movies/film-cave-2019"))
    assert (verdict.status, verdict.reason) == ("gone", "parked")
    assert verdict.detail


def test_an_article_about_a_domain_for_sale_is_captured() -> None:
    answer = page(
        "<title>Opposition site silenced</title><p>The domain of the Douma media office is for sale: “Buy this domain”, "
        "says its page, and its account was suspended. We keep copies.</p>"
    )
    assert judge(answer, cited=CITED) == Verdict(Status.CAPTURED)
