"""Challenge walls, each as its maker sends it, and pages that only look like one."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive_manifests.ledger import Status, Verdict
from tests.archive.capture.classify.responses import CITED, HTML, FinalResponse, article, file, page
from tests.note_texts import text_of

CLOUDFLARE = (("Server", "cloudflare"), ("CF-RAY", "7f00aa11bb22cc33-FRA"))


def observed(answer: FinalResponse) -> tuple[str, str | None]:
    verdict = judge(answer, cited=CITED)
    assert verdict.detail is not None or verdict.status is Status.CAPTURED
    return verdict.status, verdict.reason


CHALLENGE_SCRIPT = """<script>(function(){window._cf_chl_opt = {cType: 'managed', cRay: '7f00aa11bb22cc33'};
var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1';}());</script>"""

WALLS = {
    "the documented header alone": page(
        "<p>wait</p>", status=403, headers=(*CLOUDFLARE, ("cf-mitigated", "challenge"))
    ),
    "a managed challenge, status 200": page(
        f"<title>Just a moment...</title><body>{CHALLENGE_SCRIPT}<p>Verifying you are human</p>", headers=CLOUDFLARE
    ),
    "a challenge in another language": page(
        f"<title>لحظة من فضلك…</title><body>{CHALLENGE_SCRIPT}<p>جارٍ التحقق من أنك إنسان</p>",
        status=403,
        headers=CLOUDFLARE,
    ),
    "a title and nothing else": page("<title>Just a moment...</title><body><p>snhr.org</p>", headers=CLOUDFLARE),
    "I am under attack": page(
        "<title>Just a moment...</title><div class='cf-browser-verification cf-im-under-attack'>"
        "<h1>Checking your browser before accessing snhr.org.</h1></div>",
        status=503,
        headers=CLOUDFLARE,
    ),
    "Cloudflare's firewall": page(
        "<title>Attention Required! | Cloudflare</title><div id=cf-error-details><h1>Sorry, you have been blocked</h1></div>",
        status=403,
        headers=CLOUDFLARE,
    ),
    "Cloudflare's firewall, as text": FinalResponse(
        CITED, 403, (("Content-Type", "text/plain"), *CLOUDFLARE), b"error code: 1020", True, None, ()
    ),
    "DDoS-Guard": page(
        "<title>DDoS-Guard</title><h1>Checking your browser before accessing snhr.org</h1>"
        "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>",
        status=403,
        headers=(("Server", "ddos-guard"),),
    ),
    "Sucuri": page(
        "<title>Sucuri WebSite Firewall - Access Denied</title><h1>Access Denied - Sucuri Website Firewall</h1>"
        "<p>Block reason: An attempted SQL injection was detected and blocked.",
        status=403,
        headers=(("X-Sucuri-ID", "11005"),),
    ),
    "Sucuri's script": page(
        "<title>You are being redirected...</title><noscript>Javascript is required.</noscript>"
        "<script>var s={},u,c;sucuri_cloudproxy_js='';S='cz0i';</script>",
        headers=(("Server", "Sucuri/Cloudproxy"),),
    ),
    "Imperva": page(
        "<body><iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=23&incident_id=7-1'>Request unsuccessful. "
        "Incapsula incident ID: 7-1</iframe>",
        headers=(("X-Iinfo", "7-1-0 NNNN"),),
    ),
    "Imperva's bot page": page(
        "<title>Pardon Our Interruption</title><p>As you were browsing something made us think you were a bot."
    ),
    "Akamai": page(
        "<TITLE>Access Denied</TITLE><H1>Access Denied</H1>You don't have permission to access this on this server.<P>"
        "Reference&#32;&#35;18&#46;2d3e1202&#46;1621590000&#46;1a2b3c4d",
        status=403,
        headers=(("Server", "AkamaiGHost"),),
    ),
    "AWS WAF": page(
        "<script>window.gokuProps={'key':'AQ'};</script><div id=challenge-container></div>",
        status=202,
        headers=(("x-amzn-waf-action", "challenge"),),
    ),
    "AWS WAF, captcha": page("<p>Human?</p>", status=405, headers=(("X-Amzn-Waf-Action", "captcha"),)),
    "Anubis": page(
        "<title>Making sure you&#39;re not a bot!</title><script id='anubis_challenge' type=application/json>{}</script>"
        "<h1>Making sure you&#39;re not a bot!</h1><p>Loading...</p>"
    ),
    "DataDome": page(
        "<title>snhr.org</title><script src='https://ct.captcha-delivery.com/c.js'></script><p>Please enable JS</p>",
        status=403,
        headers=(("X-DataDome", "protected"),),
    ),
}


@pytest.mark.parametrize("answer", WALLS.values(), ids=WALLS)
def test_a_wall_is_blocked_whatever_its_status(answer: FinalResponse) -> None:
    assert observed(answer) == ("blocked", "challenge")


ORDINARY = {
    "behind Cloudflare, with its bot script": page(
        article(
            "<script>window.__CF$cv$params={r:'7f'};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';</script>"
        ),
        headers=CLOUDFLARE,
    ),
    "short and behind Cloudflare, with its bot script": page(
        "<title>Statement</title><p>The video was never shown in Syria.</p>"
        "<script>a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';</script>",
        headers=CLOUDFLARE,
    ),
    "an article about Cloudflare": page(
        article(
            "<p>Readers saw “Just a moment...” and “Sorry, you have been blocked”, Cloudflare's “error code: 1020”.</p>",
            title="Just a moment: how Cloudflare's challenge page hides the evidence",
        ),
        headers=CLOUDFLARE,
    ),
    "a short note that quotes a challenge page": page(
        "<title>A note</title><p>Its source holds <code>window._cf_chl_opt</code> and an iframe of _Incapsula_Resource; "
        "it says “Checking your browser before accessing” and “Sorry, you have been blocked”.</p>",
        headers=(*CLOUDFLARE, ("Server", "ddos-guard")),
    ),
    "short, behind Imperva, with its script": page(
        "<title>Statement</title><p>We deny it.</p><script src='/_Incapsula_Resource?SWJIYLWA=719d34d31c8e'></script>",
        headers=(("X-Iinfo", "7-1-0 NNNN"), ("X-CDN", "Imperva")),
    ),
    "long, with a challenge in its scripts": page(
        article("<script>window.gokuProps={};window._cf_chl_opt={}</script><div id=px-captcha></div>")
    ),
    "short, titled like a wall of a service that does not serve it": page("<title>DDoS-Guard</title><p>A company.</p>"),
    "served by DDoS-Guard": page(article(), headers=(("Server", "ddos-guard"),)),
    "served by Sucuri": page(article(), headers=(("Server", "Sucuri/Cloudproxy"), ("X-Sucuri-ID", "11005"))),
    "served by Akamai, about access that was denied": page(
        article(title="Access Denied"), headers=(("Server", "AkamaiGHost"),)
    ),
    "a script that holds a challenge": file(
        b"window._cf_chl_opt={};gokuProps", "application/javascript", url="https://snhr.org/a.js"
    ),
}


@pytest.mark.parametrize("answer", ORDINARY.values(), ids=ORDINARY)
def test_a_page_that_only_looks_like_a_wall_is_captured(answer: FinalResponse) -> None:
    assert judge(answer, cited=answer.url) == Verdict(Status.CAPTURED)


def test_a_limit_of_cloudflare_is_distinguished_from_a_challenge() -> None:
    limited = page("<title>Access denied | snhr.org used Cloudflare to restrict access</title><h1>Error 1015</h1>"
                   "<h2>You are being rate limited</h2>", status=429, headers=CLOUDFLARE)  # fmt: skip
    assert observed(limited) == ("blocked", "rate")


@pytest.mark.parametrize(
    "answer",
    [
        page("<title>Access denied | snhr.org used Cloudflare to restrict access</title><p>Error code 1009</p>",
             status=403, headers=CLOUDFLARE),
        page("<title>Sucuri WebSite Firewall - Access Denied</title><p>Block reason: Access from your Country was "
             "disabled by the administrator.", status=403, headers=(("X-Sucuri-ID", "11005"),)),
        page("<h1>Sorry</h1><p>This programme is not available in your country.", status=403),
        page("<p>عذراً، هذا المحتوى غير متاح في بلدك", status=403),
    ],
)  # fmt: skip
def test_a_wall_round_a_country_is_said_so(answer: FinalResponse) -> None:
    assert observed(answer) == ("blocked", "geo")


def test_a_plain_403_behind_cloudflare_is_the_servers_own() -> None:
    assert observed(page("<title>403 Forbidden</title><h1>Forbidden</h1>", status=403, headers=CLOUDFLARE)) == (
        "blocked", "forbidden",
    )  # fmt: skip


def test_the_detail_names_the_wall_and_what_was_seen() -> None:
    verdict = judge(WALLS["the documented header alone"], cited=CITED)
    assert text_of(verdict.detail) == "a wall of Cloudflare instead of the page: status 403, the header cf-mitigated: challenge"
    assert HTML in WALLS["the documented header alone"].headers
