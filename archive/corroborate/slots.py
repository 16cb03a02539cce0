"""Places of a page that change with every visit, as its markup names them: advertisements, consent, teasers."""

from __future__ import annotations

import re
from collections.abc import Mapping

ADVERTISEMENT, LAYOUT = "advertisement", "layout"

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADVERTISING = frozenset(
    (
        "ad", "ads", "adv", "advert", "adverts", "advertisement", "advertisements", "advertising", "adslot", "adunit",
        "adsense", "adsbygoogle", "adbox", "adspace", "adcontainer", "adwrapper", "sponsor", "sponsored", "sponsors",
        "banner", "banners", "promo", "dfp", "gpt", "taboola", "outbrain", "publicite", "publicité", "publicidad",
        "reklama", "anuncio", "anuncios", "إعلان", "اعلان", "إعلانات",
    )
)  # fmt: skip
_AD_ATTRIBUTES = frozenset(
    f"data-{name}"
    for name in (
        "ad", "ads", "ad-client", "ad-slot", "ad-unit", "ad-format", "ad-layout", "ad-status", "adunit", "adslot",
    )
)  # fmt: skip
"""Whole names: `data-address` and `data-ad-comet-preview`, in which Facebook puts a post, are none of advertising."""
CONSENT = frozenset(
    (
        "cookie", "cookies", "consent", "gdpr", "onetrust", "cmp", "cookiebanner", "cookiebar", "cookiebot", "cybot",
        "didomi", "usercentrics", "osano", "quantcast", "trustarc", "iubenda", "axeptio", "ccpa",
    )
)  # fmt: skip
PROMPTS = frozenset(
    ("newsletter", "newsletters", "popup", "paywall", "subscribe", "subscription", "signup", "regwall", "optin")
)
_TEASERS = frozenset(
    (
        "related", "recommended", "recommendations", "trending", "popular", "latest", "mostread", "newest", "teasers",
        "ticker", "readmore", "suggested", "breaking", "headlines", "recirculation", "recirc", "readnext",
    )
)  # fmt: skip
_MORE = frozenset(("more", "other", "also", "most", "top", "next", "similar", "recent", "new"))
_OF_WHAT = frozenset(
    (
        "stories", "story", "news", "articles", "posts", "read", "viewed", "videos", "reading", "shared", "commented",
        "items", "entries",
    )
)  # fmt: skip
_AD_URL = re.compile(
    r"(?:^|[./_?=&-])(?:ads?|adv|adserver|adservice|adclick|adimg|banners?|adverts?|advertising|sponsors?|doubleclick"
    r"|googlesyndication|amazon-adsystem|adnxs|criteo|taboola|outbrain)(?=[./_?=&0-9-]|$)",
    re.IGNORECASE,
)
_NEVER = frozenset(("html", "body", "main", "article"))
"""Elements that hold the page itself, whatever they are called."""


def labels_of(attributes: Mapping[str, str]) -> frozenset[str]:
    """The words of an element's class, id and label, in lower case."""
    stated = " ".join(attributes.get(name, "") for name in ("class", "id", "aria-label", "data-component", "role"))
    words = _WORDS.findall(_CAMEL.sub(" ", stated[:2000]).replace("_", " "))
    return frozenset(word.lower() for word in words if word.isalpha())  # with a digit in it, it names one visit


def slot_of(tag: str, attributes: Mapping[str, str], labels: frozenset[str]) -> str | None:
    """The kind of changing place that an element is; None for all others."""
    if tag in _NEVER:
        return None
    if labels & CONSENT:
        return LAYOUT
    if labels & _ADVERTISING or not _AD_ATTRIBUTES.isdisjoint(attributes):
        return ADVERTISEMENT
    if any(is_advertising(attributes.get(name, "")) for name in ("href", "src", "data-src")):
        return ADVERTISEMENT
    return LAYOUT if is_teaser(labels) or labels & PROMPTS else None


def labels_of_slot(name: str) -> frozenset[str]:
    """The words in the name that a changing place is given."""
    return frozenset(name.partition(".")[2].split())


def slot_words(selector: str) -> bool:
    """True for a selector that names a changing place."""
    return bool({word.lower() for word in _WORDS.findall(_CAMEL.sub(" ", selector))} & (_ADVERTISING | CONSENT))


def is_teaser(labels: frozenset[str]) -> bool:
    """True for a place of links to other pages."""
    is_named = bool(labels & _TEASERS or (labels & _MORE and labels & _OF_WHAT))
    return is_named and not labels & _ADVERTISING


def is_advertising(url: str) -> bool:
    """True for an address that names itself advertising in its host or path."""
    place = re.sub(r"^[a-z]+:", "", url[:2000].partition("?")[0], flags=re.IGNORECASE)
    return bool(_AD_URL.search(place))
