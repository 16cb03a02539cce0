"""Login walls of Facebook, Instagram, X, LinkedIn and TikTok that come with status 200 at the post's own address."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive.urls import parse
from archive_manifests.ledger import Status, Verdict
from tests.archive.capture.classify.responses import article, page

FACEBOOK = "https://www.facebook.com/groups/5/posts/7"
INSTAGRAM = "https://www.instagram.com/p/CBA123/"
X = "https://x.com/snhr/status/1392569874563211264"
LINKEDIN = "https://www.linkedin.com/posts/snhr_activity-1"
TIKTOK = "https://www.tiktok.com/@snhr/video/7123456789"
FORM = "<form id=login_form action=/login/device-based/regular/login/><input name=email><input type=password name=pass></form>"
FOOTER = "<footer>English (UK) العربية Türkçe Français Deutsch Español Sign Up Log In Messenger Facebook Lite Video Places Games Marketplace Meta Pay Threads Privacy Policy Terms Help Contact Uploading and Non-Users Meta © 2026</footer>"
LOADER = '<script type="application/json">{"expectedPreloaders":[{"queryName":"useCometLogInFormQuery"}],"login_data":{}}</script>'

WALLS = {
    "Facebook, a form": (FACEBOOK, f"<title>Facebook</title><div>Log in to Facebook{FORM}</div>{FOOTER}"),
    "Facebook, by script": (FACEBOOK, f"<title>Facebook</title><div id=mount_0_0></div>{LOADER}"),
    "Facebook, by script, without a title": (FACEBOOK, f"<html id=facebook><body>{LOADER}<div></div>"),
    "Facebook, its canonical address": (FACEBOOK, "<title>SNHR</title><link rel=canonical href=https://www.facebook.com/login/web/><div></div><script></script>"),
    "Facebook, in words": (FACEBOOK, f"<title>Log in or sign up to view</title><div>See posts, photos and more on Facebook.</div>{FOOTER}"),
    "Facebook, in Arabic": (FACEBOOK, f"<title>فيسبوك - تسجيل الدخول</title><div>تسجيل الدخول إلى فيسبوك</div>{FORM}"),
    "Instagram": (INSTAGRAM, "<title>Instagram</title><div id=splash-screen></div><script>{\"entrypoint\":\"PolarisLoginPage.entrypoint\"}</script>"),
    "Instagram, by its title": (INSTAGRAM, "<title>Login • Instagram</title><div id=react-root></div><script></script>"),
    "X": (X, "<title>Log in to X / X</title><div id=react-root></div><script src=/main.js></script>"),
    "X, a link": (X, "<title>X</title><h1>Happening now</h1><a href='/i/flow/signup'>Create account</a><a href='/login'>Sign in</a>"),
    "LinkedIn": (LINKEDIN, "<title>Sign Up | LinkedIn</title><h1>Join LinkedIn</h1><form class='authwall-join-form'><input type=password></form>"),
    "LinkedIn, by its title": (LINKEDIN, "<title>LinkedIn Login, Sign in | LinkedIn</title><h1>Sign in</h1><form><input name=session_password></form>"),
    "TikTok": (TIKTOK, "<title>Log in | TikTok</title><div id=app></div><script></script>"),
    "TikTok, a box": (TIKTOK, "<title>TikTok - Make Your Day</title><div id='loginModal'>Log in to TikTok Use QR code</div><script></script>"),
}  # fmt: skip


@pytest.mark.parametrize(("cited", "markup"), WALLS.values(), ids=WALLS)
def test_a_wall_with_status_200_is_blocked_as_a_login(cited: str, markup: str) -> None:
    verdict = judge(page(markup, url=cited), cited=parse(cited))
    assert (verdict.status, verdict.reason) == ("blocked", "login")
    assert verdict.detail is not None and verdict.detail.code == "login-page"


@pytest.mark.parametrize("cited", ["https://snhr.org/posts/2", "https://notfacebook.com/posts/2"])
def test_the_same_page_of_another_site_is_not(cited: str) -> None:
    assert judge(page(WALLS["Facebook, by script"][1], url=cited), cited=parse(cited)).status is not Status.BLOCKED


def test_a_link_of_a_newspaper_that_leads_to_a_wall_is_blocked() -> None:
    cited = "https://news.example.org/go/1"
    answer = page(WALLS["Facebook, by script"][1], url=FACEBOOK, hops=(cited,))
    assert judge(answer, cited=parse(cited)).reason == "login"


def test_the_copy_of_an_archive_that_shows_a_wall_is_one() -> None:
    copy = page(WALLS["Facebook, a form"][1], url=f"https://web.archive.org/web/20210501id_/{FACEBOOK}")
    assert judge(copy, cited=parse(FACEBOOK)).reason == "login"


@pytest.mark.parametrize(
    "markup",
    [
        f"<title>Facebook</title><div>12 May 2021</div><div class='_5pbx userContent'>They are free.</div>{FORM}",
        f"<title>SNHR - They are free. | Facebook</title><p>They are free. See more of SNHR on Facebook. Log In or Create new account.</p>{FORM}",
        f"<title>Facebook</title>{article()}{FORM}",
    ],
    ids=["a post under the bare name", "a post under its title", "a page of text"],
)
def test_a_post_that_guests_see_beside_a_login_form_is_captured(markup: str) -> None:
    assert judge(page(markup, url=FACEBOOK), cited=parse(FACEBOOK)) == Verdict(Status.CAPTURED)


def test_a_post_in_the_data_of_a_page_that_scripts_fill_is_hollow_and_no_wall() -> None:
    data = '<script type="application/json">{"creation_story":{"message":{"text":"They are free."}}}</script>'
    verdict = judge(page(f"<title>Facebook</title><div></div>{LOADER}{data}", url=FACEBOOK), cited=parse(FACEBOOK))
    assert (verdict.status, verdict.reason) == ("partial", "hollow")


def test_a_removed_post_beside_a_login_form_is_not_said_to_need_an_account() -> None:
    answer = page(f"<title>Facebook</title><h1>This content isn't available right now</h1>{FORM}", url=FACEBOOK)
    assert judge(answer, cited=parse(FACEBOOK)).reason != "login"


def test_the_front_page_of_a_site_is_what_was_cited() -> None:
    front = "https://www.facebook.com/"
    answer = page(f"<title>Facebook</title><h1>Facebook helps you connect.</h1>{FORM}", url=front)
    assert judge(answer, cited=parse(front)).status is not Status.BLOCKED
