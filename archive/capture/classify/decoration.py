"""Which requisites belong to the page, and which are decoration by a third party.

A script that counts readers, a button to share, a font: without them the page shows what it says. Where only such
things are missing, the capture of the page is whole; they are listed all the same.
"""

from __future__ import annotations

import re

from archive.urls import Url, UrlError, parse

_ALWAYS = frozenset({"icon"})
_FROM_OTHERS = frozenset({"icon", "font", "script", "data", "other"})
"""Kinds that are decoration where another site serves them."""
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "govt", "mil", "ne", "net", "or", "org"})
"""Names below a country's domain under which sites are registered: `bbc.co.uk`."""

_SERVICES = frozenset(
    (
        "2mdn.net", "33across.com", "3lift.com", "adform.net", "adition.com", "adnxs.com", "adobedtm.com",
        "adroll.com", "adsafeprotected.com", "adsrvr.org", "addthis.com", "addtoany.com", "amazon-adsystem.com",
        "appsflyer.com", "bat.bing.com", "bidswitch.net", "bluekai.com", "bootstrapcdn.com", "branch.io",
        "casalemedia.com", "cdnjs.cloudflare.com", "chartbeat.com", "chartbeat.net", "clarity.ms",
        "cloudflareinsights.com", "connect.facebook.net", "consensu.org", "cookiebot.com", "cookielaw.org",
        "counter.yadro.ru", "cpx.to", "crazyegg.com", "criteo.com", "criteo.net", "crwdcntrl.net", "demdex.net",
        "disqus.com", "disquscdn.com", "doubleclick.net", "doubleverify.com", "exelator.com", "eyeota.net",
        "fontawesome.com", "fonts.bunny.net", "fonts.googleapis.com", "fonts.gstatic.com", "fullstory.com",
        "go-mpulse.net", "google-analytics.com", "googleadservices.com", "googlesyndication.com",
        "googletagmanager.com", "googletagservices.com", "gravatar.com", "gumgum.com", "hcaptcha.com",
        "heapanalytics.com", "hotjar.com", "hotjar.io", "hs-analytics.net", "hs-scripts.com", "id5-sync.com",
        "indexww.com", "intercom.io", "intercomcdn.com", "jsdelivr.net", "krxd.net", "licdn.com", "linkedin.com",
        "liveinternet.ru", "mathtag.com", "matomo.cloud", "mc.yandex.ru", "media.net", "mixpanel.com", "moatads.com",
        "mxpnl.com", "newrelic.com", "nr-data.net", "omtrdc.net", "onesignal.com", "onetrust.com", "openx.net",
        "optimizely.com", "outbrain.com", "parsely.com", "permutive.com", "piano.io", "pingdom.net", "pixel.wp.com",
        "platform.twitter.com", "platform.x.com", "pubmatic.com", "pusher.com", "quantcast.com", "quantcount.com",
        "quantserve.com", "recaptcha.net", "rlcdn.com", "rubiconproject.com", "s.w.org", "scorecardresearch.com",
        "segment.com", "segment.io", "sentry.io", "sentry-cdn.com", "sharethis.com", "sharethrough.com",
        "smartadserver.com", "spotxchange.com", "statcounter.com", "static.ads-twitter.com", "stats.wp.com",
        "syndication.twitter.com", "t.co", "taboola.com", "tapad.com", "tawk.to", "teads.tv", "tinypass.com",
        "top-fwz1.mail.ru", "trustarc.com", "typekit.net", "unpkg.com", "use.typekit.net", "usercentrics.eu",
        "userway.org", "w55c.net", "webtrends.com", "widgets.wp.com", "yieldmo.com", "zdassets.com", "zopim.com",
    )
)  # fmt: skip
"""Services for counting, advertising, sharing, consent, fonts and libraries."""
_BEACON = re.compile(
    r"/(?:pixel|beacon|collect|track(?:er|ing)?|counter|hit|impression|analytics|piwik|matomo|b/ss|tr)(?:[./?]|\Z)"
    r"|[/_.-](?:1x1|spacer|blank|transparent|clear)\.(?:gif|png)",
    re.IGNORECASE,
)
"""Tracking pixels: pictures that are fetched to be counted."""


def is_decoration(address: str, kind: str, page: Url) -> bool:
    """True for a requisite that the page's content does not need."""
    if kind in _ALWAYS:
        return True
    if address.startswith(f"{page.origin}/"):
        return False  # as nearly all are: to read each address anew takes longer than all else here
    try:
        url = parse(address)
    except UrlError:
        return False
    if kind == "media" or site_of(url.host) == site_of(page.host):
        return False
    if kind in _FROM_OTHERS or is_service(url.host):
        return True
    return kind == "image" and _BEACON.search(url.target[:2000]) is not None


def is_service(host: str) -> bool:
    """True for hosts that serve pages of other sites, but none of their content."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in _SERVICES for at in range(len(labels) - 1))


def site_of(host: str) -> str:
    """The part of a host's name that one owner registers; an estimate where a country has rules of its own."""
    labels = host.split(".")
    if host.startswith("[") or labels[-1].isdigit():
        return host
    is_nested = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if is_nested else -2 :])
