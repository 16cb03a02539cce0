"""Places of a page that change with every visit, by evidence: an advertising host, a known framework, a dialog, a list.

A word in a name is no evidence: `ad-dana` is a village, `banner` a heading, `.ad` a country.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from archive.urls import UrlError, parse

ADVERTISEMENT, LAYOUT = "advertisement", "layout"
TOOLBAR = "archive-toolbar"
"""Name of the bar that an archive puts over its copies."""
NAMED = "named-advertisement"
"""A place that only its class calls an advertisement."""

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_AD_FRAMEWORK = re.compile(
    r"adsbygoogle|google_ads_\w+|(?:div-)?gpt-ad(?:[-_][\w-]*)?|google-auto-placed|dfp-(?:ad|slot)[\w-]*|taboola(?:-(?:below|above|right|left|mid|native|feed|widget|container|placeholder|thumbnails?|article|end|stream"
    r"|rail|home|slider|text|links|alternating|carousel|organic|unit|\d+))*|trc_\w+"
    r"|outbrain[\w-]*|ob-widget[\w-]*|mgid[\w-]*|mgbox|rc-widget[\w-]*|zergnet[\w-]*|teads[\w-]*|criteo[\w-]*",
    re.IGNORECASE,
)
"""Whole names that an advertising framework gives its places."""
_OF_SLOT = (
    "slot|unit|container|wrapper|wrap|box|space|zone|block|area|frame|holder|placeholder|label|banner|top|bottom|side|sidebar|left"
    "|right|header|footer|inner|leaderboard|skyscraper|rectangle|mpu|sticky|inline|content|native"
)
_AD_NAME = re.compile(
    rf"(?:[^\W_]+[-_])?(?:ads?|advert(?:s|isement|isements|ising)?)(?:[-_]?(?:{_OF_SLOT})s?)*(?:[-_]?\d{{1,12}})?"
    r"|(?:top|bottom|side|sidebar|header|footer|inline|sticky|banner)[-_](?:ads?|advert)"
    r"|sponsored(?:[-_](?:content|posts?|links?|stories))?|publicit[eé]|(?:[^\W_]+[-_])*publicidade?(?:[-_][^\W_]+)*|reklam(?:a|lar)?|werbung|anzeigen?|anuncios?|إعلان|اعلان|إعلانات",
    re.IGNORECASE,
)
"""Whole names that people give such places, also behind the name of a theme: `news_ad`."""
_AD_ATTRIBUTES = frozenset(
    f"data-{name}"
    for name in (
        "ad-client", "ad-slot", "ad-unit", "ad-format", "ad-layout", "ad-status", "revive-id", "revive-zoneid",
        "adunit", "adslot", "google-query-id",
    )
)  # fmt: skip
"""Whole names: `data-address` and `data-ad-comet-preview`, in which Facebook puts a post, are none of advertising."""
_AD_HOSTS = frozenset(
    (
        "2mdn.net", "33across.com", "3lift.com", "adform.net", "adition.com", "adnxs.com", "adroll.com",
        "adsafeprotected.com", "adsrvr.org", "amazon-adsystem.com", "bidswitch.net", "casalemedia.com",
        "criteo.com", "criteo.net", "doubleclick.net", "doubleverify.com", "googleadservices.com",
        "googlesyndication.com", "googletagservices.com", "gumgum.com", "indexww.com", "mathtag.com", "media.net",
        "mgid.com", "moatads.com", "openx.net", "outbrain.com", "outbrainimg.com", "popads.net",
        "propellerads.com", "pubmatic.com", "quantserve.com", "revcontent.com", "rubiconproject.com",
        "sharethrough.com", "smartadserver.com", "spotxchange.com", "taboola.com", "taboolasyndication.com",
        "teads.tv", "yieldmo.com", "zergnet.com",
    )
)  # fmt: skip
_AD_LABEL = re.compile(r"(?:ads|adserv(?:er|ice)?|adclick|adimg|adx)\d{0,3}", re.IGNORECASE)
"""The first label of a host that serves advertising: `ads.example`; `news.ad` lies in Andorra."""

CONSENT = frozenset(
    (
        "cookie", "cookies", "consent", "gdpr", "onetrust", "cmp", "cookiebanner", "cookiebar", "cookiebot",
        "cybot", "didomi", "usercentrics", "osano", "quantcast", "qc", "trustarc", "iubenda", "axeptio", "ccpa",
        "fc", "sp", "tarteaucitron",
    )
)  # fmt: skip
PROMPTS = frozenset(
    (
        "newsletter", "newsletters", "popup", "paywall", "subscribe", "subscription", "signup", "regwall", "optin",
        "dialog", "alertdialog", "modal", "lightbox", "login", "signin", "loginwall", "push", "gate", "agegate",
        "onesignal", "notifications",
    )
)  # fmt: skip
_TEASERS = frozenset(
    (
        "related", "recommended", "recommendations", "trending", "popular", "latest", "mostread", "newest", "teasers",
        "ticker", "readmore", "suggested", "breaking", "headlines", "recirculation", "recirc", "readnext", "upcoming",
        "events", "agenda", "calendar", "relatedposts", "newsticker",
    )
)  # fmt: skip
_MORE = frozenset(("more", "other", "also", "most", "top", "next", "similar", "recent", "new", "upcoming"))
_OF_WHAT = frozenset(
    (
        "stories", "story", "news", "articles", "posts", "read", "viewed", "videos", "reading", "shared", "commented",
        "items", "entries", "events", "reads", "from",
    )
)  # fmt: skip
_LABELS = ("class", "id", "aria-label", "data-component", "data-testid", "data-e2e", "role")
_PAGEVIEWS = re.compile(r"Stats[0-9]{1,2}_totalCount")
"""The whole name of the element in which a known maker of blogs counts the views of all pages of one."""
_NEVER = frozenset(("html", "body", "main", "article"))
"""Elements that hold the page itself, whatever they are called."""


def labels_of(attributes: Mapping[str, str]) -> frozenset[str]:
    """The words of an element's class, id and label, in lower case."""
    stated = " ".join(attributes.get(name, "") for name in _LABELS)
    words = _WORDS.findall(_CAMEL.sub(" ", stated[:2000]).replace("_", " "))
    known = frozenset(word.lower() for word in words if word.isalpha())  # with a digit in it, it names one visit
    return known | {"pageviews"} if _PAGEVIEWS.fullmatch(attributes.get("id", "")) else known


def slot_of(tag: str, attributes: Mapping[str, str], labels: frozenset[str]) -> str | None:
    """The kind of changing place that an element is; None for all others."""
    if tag in _NEVER:
        return None
    if tag == "marquee":
        return LAYOUT
    if tag in ("amp-ad", "amp-embed", "amp-sticky-ad"):
        return ADVERTISEMENT
    if labels & CONSENT or (labels & {"app", "smart"} and labels & {"banner", "promo", "install", "smartbanner"}):
        return LAYOUT
    if kind := _advertising_of(attributes):
        return kind
    is_dialog = tag == "dialog" or "aria-modal" in attributes
    return LAYOUT if is_dialog or is_teaser(labels) or labels & PROMPTS else None


def _advertising_of(attributes: Mapping[str, str]) -> str | None:
    names = [*attributes.get("class", "").split(), *attributes.get("id", "").split()]
    if not _AD_ATTRIBUTES.isdisjoint(attributes) or any(map(_AD_FRAMEWORK.fullmatch, names)):
        return ADVERTISEMENT
    addresses = [attributes[name] for name in ("href", "src", "data-src") if attributes.get(name)]
    if any(map(is_advertising, addresses)):
        return ADVERTISEMENT
    is_sponsored = "sponsored" in attributes.get("rel", "").lower().split()
    return (
        NAMED
        if is_sponsored or any(map(calls_itself_advertising, addresses)) or any(map(_AD_NAME.fullmatch, names))
        else None
    )


def labels_of_slot(name: str) -> frozenset[str]:
    """The words in the name that a changing place is given."""
    return frozenset(name.partition(".")[2].split())


def slot_words(selector: str) -> bool:
    """True for a selector that names a changing place."""
    names = re.findall(r"[.#]([\w-]+)", selector)
    words = {word.lower() for word in _WORDS.findall(_CAMEL.sub(" ", selector))}
    return bool(words & CONSENT) or any(_AD_FRAMEWORK.fullmatch(name) or _AD_NAME.fullmatch(name) for name in names)


def is_teaser(labels: frozenset[str]) -> bool:
    """True for a place of links to other pages."""
    return bool(labels & _TEASERS or (labels & _MORE and labels & _OF_WHAT))


@lru_cache(maxsize=4_096)
def is_advertising(url: str) -> bool:
    """True for an address at a host that is known to serve advertising to many sites."""
    labels = _host_labels(url)
    return any(".".join(labels[at:]) in _AD_HOSTS for at in range(len(labels) - 1))


@lru_cache(maxsize=4_096)
def calls_itself_advertising(url: str) -> bool:
    """True for an address at a host whose name begins as that of one for advertising."""
    labels = _host_labels(url)
    return len(labels) > 1 and _AD_LABEL.fullmatch(labels[0]) is not None


def _host_labels(url: str) -> list[str]:
    if not url.startswith(("http:", "https:", "//")):
        return []
    try:
        return parse(url if not url.startswith("//") else f"https:{url}").host.split(".")
    except UrlError:
        return []
