"""Pages that refuse, for one address or for every address of a host, and pages that only write about refusals."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive.urls import parse
from archive_manifests.ledger import Status
from tests.archive.capture.classify.responses import CITED, FinalResponse, article, page

PROBE = parse("https://snhr.org/blog/2018/04/08/x7f3k9/")


def verdict(answer: FinalResponse, probe: FinalResponse | None = None) -> tuple[str, str | None]:
    found = judge(answer, cited=CITED, probe=probe)
    assert found.detail or found.status is Status.CAPTURED
    return found.status, found.reason


REFUSALS = {
    "F5 ASM": (
        "challenge",
        page(
            "<title>Request Rejected</title>The requested URL was rejected. Please consult with your administrator.<br>"
            "Your support ID is: 1234567890<a href='javascript:history.back();'>[Go Back]</a>"
        ),
    ),
    "a title and a few words": ("challenge", page("<title>Access Denied</title><p>You don't have permission. Reference ID 7f3.</p>")),
    "unusual traffic": ("challenge", page("<title>Sorry...</title><p>Our systems have detected unusual traffic from your computer network.</p>")),
    "status 999": ("challenge", page("<html><script>location.href='/authwall'</script>", status=999)),
    "Azure": ("challenge", page("<title>Service unavailable</title><h2>The request is blocked.</h2> Ref A: 9F31 Ref B: FRA", status=403)),
    "Russia": ("legal", page("<title>Доступ ограничен</title><p>Доступ к информационному ресурсу ограничен на основании Федерального закона № 149-ФЗ</p>")),
    "Turkey": ("legal", page("<p>bu internet sitesi (snhr.org) hakkında 5651 sayılı Kanun uyarınca erişime engellenmiştir.</p>")),
    "Iran": ("legal", page("<html><head><title>M1-6</title></head><body><iframe src='http://10.10.34.34?type=Invalid Site' style='width:100%'></iframe>", status=403)),
    "the Gulf": ("legal", page("<title>محجوب</title><p>عفواً، هذا الموقع محجوب.</p>")),
    "a company's filter": ("forbidden", page("<title>OpenDNS</title><p>This site is blocked due to content filtering. snhr.org</p>")),
    "Squid": ("forbidden", page("<title>ERROR</title><p>Access control configuration prevents your request from being allowed at this time.</p>", status=403)),
    "a hotel": ("captive", page("<title>Welcome</title><form action=/login><p>Please enter your room number and last name</p><input name=room></form>")),
    "a hotel, sent on": (
        "captive",
        page("<title>Welcome</title><p>Hotel</p>", url="http://wifi.hotel.example/?u=1", hops=(CITED,)),
    ),
    "WISPr": ("captive", page("<html><!-- <WISPAccessGatewayParam xmlns:xsi='x'></WISPAccessGatewayParam> --><p>Sign in</p></html>")),
    "status 511": ("captive", page("<title>Network Authentication Required</title><p>Sign in</p>", status=511)),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "answer"), REFUSALS.values(), ids=REFUSALS)
def test_a_page_that_refuses_is_blocked(reason: str, answer: FinalResponse) -> None:
    assert verdict(answer) == ("blocked", reason)


@pytest.mark.parametrize(("reason", "answer"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_that_every_address_gets_is_blocked_and_not_gone(reason: str, answer: FinalResponse) -> None:
    assert verdict(answer, answer) == ("blocked", reason)


EVERYWHERE = {
    "an unknown captcha": ("challenge", "<title>snhr.org</title><p>Show that you are no robot: type the letters</p><img src=c.png>"),
    "an unknown filter": ("forbidden", "<title>Notice</title><p>This content is prohibited by the authority.</p>"),
    "a filter in Arabic": ("forbidden", "<title>تنبيه</title><p>الدخول إلى هذا الموقع ممنوع</p>"),
    "a filter in Chinese": ("forbidden", "<title>提示</title><p>您访问的网站已被屏蔽</p>"),
    "an unknown portal": ("captive", "<title>Welcome to the Grand</title><p>Our wifi is free for guests. Type your voucher.</p>"),
    "a door": ("login", "<title>Intranet</title><p>Welcome</p><form><input type=password></form>"),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "markup"), EVERYWHERE.values(), ids=EVERYWHERE)
def test_any_refusal_that_every_address_gets_is_blocked(reason: str, markup: str) -> None:
    assert verdict(page(markup), page(markup, url=PROBE)) == ("blocked", reason)


APPLICATIONS = {
    "a shell with a menu": "<title>App</title><nav>Home Live Search About</nav><div id=app><p>Loading</p></div><script type=module src=/assets/index-4f2a91bc.js></script>",
    "a shell with a footer": "<title>News</title><div id='root'><div>One moment</div></div><footer>All rights reserved</footer><script src=/static/js/main.9c1f2d3e.js></script>",
}  # fmt: skip


@pytest.mark.parametrize("markup", APPLICATIONS.values(), ids=APPLICATIONS)
def test_an_application_that_gives_every_address_one_shell_is_hollow(markup: str) -> None:
    assert verdict(page(markup), page(markup, url=PROBE)) == ("partial", "hollow")


REAL = {
    "an article about a block": page(article(title="Access denied: how the state blocks our site", body="<p>This site is blocked by order of the ministry.</p>")),
    "a café with wifi": page("<title>Café Douma</title><p>Coffee, sweets and guest wifi. Open every day.</p>"),
    "a short note about a ban": page("<title>Notice</title><p>Our site was blocked in three countries last week.</p>"),
    "a work with that name": page("<title>Access denied</title><p>A video of 2014, 52 minutes, about a border.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("answer", REAL.values(), ids=REAL)
def test_a_page_that_writes_about_refusals_is_captured(answer: FinalResponse) -> None:
    assert verdict(answer) == ("captured", None)


def test_a_short_page_that_has_the_words_of_its_address_is_no_refusal() -> None:
    url = parse("https://news.example.org/2020/site-blocked-by-order-of-court")
    answer = page("<title>Site blocked by order of court</title><p>The site is blocked by order of a court since 2020.</p>", url=url)
    assert judge(answer, cited=url).status is Status.CAPTURED
