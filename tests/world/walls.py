"""What stands between a visitor and a page: challenges, logins, consent, parking. Markers as their makers send them."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.world.replies import Reply, Request
from tests.world.site import html, redirect

Headers = tuple[tuple[str, str], ...]
_CLOUDFLARE: Headers = (("Server", "cloudflare"), ("CF-RAY", "65a1b2c3d4e5f678-FRA"))


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind of obstacle: its status, its headers and the page that is shown instead."""

    status: int
    headers: Headers
    page: str

    def reply(self, request: Request) -> Reply:
        text = self.page.replace("{host}", request.host).replace("{target}", request.target)
        return html(text, self.status, self.headers)


_CF_SCRIPT = """<script>(function(){window._cf_chl_opt={cvId:'3',cZone:"{host}",cType:'managed',cRay:'65a1b2c3d4e5f678'};
var s=document.createElement('script');s.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=65a1b2c3d4e5f678';
document.getElementsByTagName('head')[0].appendChild(s);}());</script>"""

_CF_PAGE = f"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><meta name="robots" content="noindex,nofollow">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="390"></head>
<body class="no-js"><div class="main-wrapper"><div class="main-content"><noscript><div class="h2">
<span id="challenge-error-text">Enable JavaScript and cookies to continue</span></div></noscript></div></div>{_CF_SCRIPT}
</body></html>"""

_CF_OLD = """<!DOCTYPE HTML><html lang="en-US"><head><meta charset="UTF-8"><title>Just a moment...</title>
<meta name="robots" content="noindex, nofollow"></head><body><div class="cf-browser-verification cf-im-under-attack">
<h1><span data-translate="checking_browser">Checking your browser before accessing</span> {host}.</h1>
<form class="challenge-form" id="challenge-form" action="{target}&amp;__cf_chl_jschl_tk__=pmd_0" method="POST"></form>
<a href="https://www.cloudflare.com/5xx-error-landing">DDoS protection by Cloudflare</a></div>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/jsch/v1"></script></body></html>"""

_CF_BLOCK = """<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title><meta charset="UTF-8"></head><body>
<div id="cf-wrapper"><div id="cf-error-details" class="cf-error-details-wrapper"><h1>Sorry, you have been blocked</h1>
<h2>You are unable to access {host}</h2><p>error code: 1020</p></div></div></body></html>"""

_SUCURI = """<!DOCTYPE html><html><head><title>Sucuri WebSite Firewall - Access Denied</title></head><body>
<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner (or you manage this site), please whitelist your IP.
<table><tr><td>Block reason:<td>Access from your Country was disabled by the administrator.</table></body></html>"""

_INCAPSULA = """<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">
<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script></head><body style="margin:0px;height:100%">
<iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=9&incident_id=0-0" width="100%">Request unsuccessful. Incapsula incident ID:
 0-0</iframe></body></html>"""

_AKAMAI = """<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>
You don't have permission to access "http&#58;&#47;&#47;{host}&#47;" on this server.<P>
Reference&#32;&#35;18&#46;2d3e1202&#46;1621590000&#46;1a2b3c4d</BODY></HTML>"""

_AWS = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title></title>
<script type="text/javascript">window.awsWafCookieDomainList = [];window.gokuProps = {"key":"AQID","iv":"CgAB","context":"x"};</script>
<script src="https://{host}/challenge.js"></script></head><body><div id="challenge-container"></div>
<noscript><h1>JavaScript is disabled</h1>In order to continue, we need to verify that you're not a robot.</noscript></body></html>"""

_ANUBIS = """<!doctype html><html lang="en"><head><title>Making sure you&#39;re not a bot!</title>
<link rel="stylesheet" href="/.within.website/x/xess/xess.min.css"><meta name="robots" content="noindex,nofollow">
<script id="anubis_challenge" type="application/json">{"rules":{"algorithm":"fast","difficulty":4},"challenge":"0f1e"}</script></head>
<body><main><h1>Making sure you&#39;re not a bot!</h1><p id="status">Loading...</p></main></body></html>"""

_DDOS_GUARD = """<!DOCTYPE html><html><head><title>DDoS-Guard</title><meta charset="utf-8"></head><body>
<h1>Checking your browser before accessing {host}</h1><p id="link-ddg">DDoS protection by
<a href="https://ddos-guard.net">DDoS-Guard</a></p><script src="/.well-known/ddos-guard/js-challenge/index.js"></script></body></html>"""

_LOGIN = """<!DOCTYPE html><html><head><title>Log in</title></head><body><h1>You must log in to continue.</h1>
<form method="post" action="/login/"><input name="email"><input type="password" name="pass"><button>Log In</button></form></body></html>"""

_CONSENT = """<!DOCTYPE html><html><head><title>Before you continue</title></head><body><h1>Before you continue to {host}</h1>
<p>We use cookies and data to deliver and maintain services.</p><form action="/save" method="POST">
<input type="hidden" name="set_eom" value="true"><button>Reject all</button><button>Accept all</button></form></body></html>"""

_PARKED = """<!DOCTYPE html><html data-adblockkey="MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANDrp2lz7AOmADaN8tA50LsWcjLFyQFc_w"><head>
<meta charset="utf-8"><title>{host}</title></head><body><div id="container" style="opacity:0"></div>
<script>window.park = "eyJ1dWlkIjoiMDAwIn0";</script><p>{host} domain is for sale. <a href="https://sedo.example/buy">Buy this domain</a>
</body></html>"""

WALLS: dict[str, Wall] = {
    "challenge-cloudflare": Wall(403, (*_CLOUDFLARE, ("cf-mitigated", "challenge")), _CF_PAGE),
    "challenge-cloudflare-503": Wall(503, _CLOUDFLARE, _CF_OLD),
    "challenge-cloudflare-200": Wall(200, _CLOUDFLARE, _CF_PAGE),
    "blocked-cloudflare": Wall(403, _CLOUDFLARE, _CF_BLOCK),
    "challenge-ddos-guard": Wall(403, (("Server", "ddos-guard"),), _DDOS_GUARD),
    "blocked-sucuri": Wall(403, (("Server", "Sucuri/Cloudproxy"), ("X-Sucuri-ID", "14005")), _SUCURI),
    "challenge-imperva": Wall(
        200, (("X-Iinfo", "7-1234-0 NNNN RT(1621590000000 0) q(0 -1 -1 1) r(0 -1) B15"),), _INCAPSULA
    ),
    "blocked-akamai": Wall(403, (("Server", "AkamaiGHost"),), _AKAMAI),
    "challenge-aws-waf": Wall(202, (("Server", "CloudFront"), ("x-amzn-waf-action", "challenge")), _AWS),
    "challenge-anubis": Wall(200, (("Server", "nginx"),), _ANUBIS),
    "login-200": Wall(200, (("Server", "nginx"),), _LOGIN),
    "login-401": Wall(401, (("WWW-Authenticate", 'Basic realm="members"'),), _LOGIN),
    "consent-200": Wall(200, (("Server", "ESF"),), _CONSENT),
    "parked": Wall(200, (("Server", "openresty"),), _PARKED),
}


def login_redirect(request: Request) -> Reply:
    if request.path == "/login/":
        return WALLS["login-200"].reply(request)
    return redirect(f"{request.scheme}://{request.host}/login/?next=%2F", 302)


REDIRECTS: dict[str, Callable[[Request], Reply]] = {"login-redirect": login_redirect}
