"""What a page says in attributes and in its head, and the pictures that its markup draws."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from archive.corroborate.pages.elements import FRAMES
from archive.corroborate.pages.protected import unprotected
from archive.corroborate.texts.places import is_named_by_content, picture_stem, place_of_file, place_of_link
from archive.urls import UrlError, parse

_PRESENTATION = frozenset(
    (
        "class", "id", "style", "src", "srcset", "sizes", "href", "width", "height", "for", "name", "type", "rel",
        "target", "tabindex", "role", "lang", "xml:lang", "dir", "loading", "decoding", "fetchpriority",
        "importance", "crossorigin", "integrity", "nonce", "referrerpolicy", "method", "enctype", "accept",
        "accept-charset", "autocomplete", "autocapitalize", "autocorrect", "spellcheck", "async", "defer",
        "charset", "media", "border", "cellpadding", "cellspacing", "align", "valign", "bgcolor", "color", "face",
        "size", "hspace", "vspace", "frameborder", "scrolling", "allow", "allowfullscreen", "allowtransparency",
        "sandbox", "marginwidth", "marginheight", "contenteditable", "draggable", "translate", "prefix", "slot",
        "part", "is", "hidden", "popover", "controls", "autoplay", "loop", "muted", "playsinline", "preload",
        "required", "disabled", "readonly", "multiple", "maxlength", "minlength", "pattern", "rows", "cols",
        "itemscope", "vocab", "accesskey", "usemap", "noshade", "nowrap", "compact", "scope", "headers", "list",
        "form", "novalidate", "enterkeyhint", "inputmode", "link", "vlink", "alink", "text", "clear", "language",
        "poster", "data", "srcdoc", "http-equiv", "as", "imagesrcset", "imagesizes", "blocking", "elementtiming",
        "ping", "jsaction", "jsname", "jscontroller", "jsmodel", "jsdata", "jsshadow", "jslog", "ssk", "wfd-id",
        "csp-hash", "aria-hidden", "data-nosnippet", "step", "min", "max", "wrap", "open",
    )
)  # fmt: skip
"""What says how an element is shown or fetched, or is compared elsewhere. Every other attribute says something."""
_STATES = frozenset(
    f"aria-{name}"
    for name in (
        "expanded", "pressed", "busy", "live", "haspopup", "modal", "controls", "labelledby", "describedby",
        "owns", "activedescendant", "details", "atomic", "relevant", "flowto", "errormessage", "keyshortcuts",
        "orientation", "autocomplete", "multiline", "disabled", "required", "invalid", "readonly",
        "multiselectable", "posinset", "setsize", "level", "colindex", "rowindex", "current",
    )
)  # fmt: skip
_OF_PROGRAMS = re.compile(
    r"(?:x-|v-|ng-|_ng|wire:|hx-|:|@|on|xmlns)|data-(?:react|v-|n-|nuxt|next|ssr|test|qa|cy|toggle|bs-|turbo|controller|action|gtm|ga-|ga$"
    r"|analytics|track|wp-|elementor|aos|rocket|cf|lazy|src|original|sizes|nonce|styled|emotion|astro|svelte|hydr|theme|drupal|google|ad-"
    r"|ad$|ads$|ft$|ve|reactid|rh|hveid|ved|spm|widget|sfc|bind|view-component|catalyst|pjax|block-ref|component-id)"
)
"""Names of attributes that libraries put into every page for themselves."""
_NUMBERS = {
    "ol": ("start", "reversed", "type"), "meter": ("value", "min", "max"), "progress": ("value", "max"),
    "input": ("min", "max", "step"), "frameset": ("rows", "cols"), "font": ("color", "face", "size"),
    "basefont": ("color", "face", "size"), "body": ("bgcolor", "text", "link", "vlink"),
    "template": ("shadowrootmode",),
}  # fmt: skip
"""Attributes that give what is shown another meaning, on these elements alone."""
_ADDRESSES = frozenset(("cite", "action", "formaction", "longdesc", "background", "codebase", "classid", "profile"))
_SECRET = frozenset(("password", "image", "file", "reset"))
"""Kinds of `input` whose value is nothing that is shown."""
_PROGRAM_META = re.compile(
    r"viewport|theme-color|generator|color-scheme|referrer|format-detection|handheldfriendly|mobileoptimized|msapplication\S*|apple-\S+"
    r"|mobile-web-app-\S+|google-site-verification|\w+-verification|csrf-\S+|csp-nonce|x-\S+|next-\S+|turbo-\S+|turbolinks-\S+|robots"
    r"|googlebot|bingbot|browser-\S+|request-id|visitor-\S+|hydro-\S+|octolytics-\S+|optimizely-\S+|htdebug|fb:(?:app_id|admins|pages)|baggage|sentry-\S+|traceparent"
    r"|article:publisher|skype_toolbar|rating|distribution|application-name",
    re.IGNORECASE,
)
"""Statements of the head that are for browsers and services, not about the page."""
_BLOCKED = re.compile(r"\b(?:default|img|media|frame|child|style|font|object)-src 'none'")
"""What a page forbids a browser to show. (CSP 3, section 6.1)"""
_ROBOTS = re.compile(r"\b(?:noindex|noarchive|nosnippet|noimageindex|none)\b")
_LINKS = frozenset(
    ("canonical", "alternate", "license", "author", "amphtml", "shortlink", "cite-as", "original", "bookmark")
)
INNER_PAGE = "a page"
"""What an attribute is about: a page in a frame."""
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy")
_PLACEHOLDER = re.compile(
    r"/(?:blank|spacer|placeholder|pixel|loading|lazy|transparent|1x1)[\w.-]*\.(?:gif|png|svg|jpg|webp)", re.I
)


@lru_cache(maxsize=4_096)
def joined(base: str, target: str) -> str:
    """An address as the page means it, with its fragment."""
    try:
        found, fragment = parse(target.strip(), base).href, target.strip().partition("#")[2]
        return f"{found}#{fragment}" if fragment and "#" not in found else found
    except UrlError:
        try:
            return urljoin(base, target.strip())
        except ValueError:
            return target.strip()


_CURSOR = re.compile(r"(?<=[?&])(?:before|after|cursor)=\d+&?")
"""From which entry on a page of a feed begins: it states the newest one as its own address."""


def head_statements(tag: str, attributes: Mapping[str, str], base: str) -> Iterator[tuple[str, str]]:
    """Statements about the page: name and text."""
    if tag == "meta":
        name = (attributes.get("name") or attributes.get("property") or "").lower() or attributes.get("itemprop", "")
        content = " ".join(attributes.get("content", "").split())
        if name and content and not _PROGRAM_META.fullmatch(name):
            yield name, _settled(name, content, base)
        elif attributes.get("http-equiv", "").lower() == "refresh":
            yield "refresh", attributes.get("content", "")
        elif attributes.get("http-equiv", "").lower() == "content-security-policy":
            yield from (("content-security-policy", kind) for kind in _BLOCKED.findall(content.lower()))
        elif name in ("robots", "googlebot", "bingbot"):
            yield from ((name, word) for word in sorted({*_ROBOTS.findall(content.lower())}))
    elif tag == "link" and attributes.get("href"):
        rel = sorted(_LINKS.intersection(attributes.get("rel", "").lower().split()))
        if rel:
            which = " ".join((*rel, *(attributes[name] for name in ("hreflang", "type") if attributes.get(name))))
            place = place_of_link(joined(base, attributes["href"]))
            yield which, _CURSOR.sub("", place) if "canonical" in rel else place


def _settled(name: str, content: str, base: str) -> str:
    """An address without what the visit puts into it."""
    if not re.match(r"https?:|//|/", content) or " " in content:
        return content
    is_file = "image" in name or "video" in name or "audio" in name
    return place_of_file(joined(base, content)) if is_file else place_of_link(joined(base, content))


def attribute_texts(tag: str, attributes: Mapping[str, str], shown: set[str], base: str) -> Iterator[tuple[str, str]]:
    """What an element states in attributes: name and text. `shown` are those that style sheets put into the page."""
    if tag in ("link", "meta", "script", "style", "base"):
        return
    for name in sorted(attributes):
        text = " ".join(attributes[name].split())
        if name == "data-cfemail":
            yield name, unprotected(text)
        elif name == "data-view" and "data-post" in attributes:
            continue  # what counts its readers: the post again, the time of the visit, a signature
        elif name == "lang" and tag == "html":
            yield name, text.partition("-")[0].lower()  # which country's makes no other text
        elif name in ("selected", "checked", "reversed") or (name == "open" and tag == "details"):
            yield name, name
        elif text and (name in shown or _says(tag, name)) and not (name in ("colspan", "rowspan") and text == "1"):
            is_score = name == "data-score" and "data-fullname" in attributes
            yield "likes-count" if is_score else _COUNTS_OF.get((tag, name), name), _address(name, text, base)
    if tag == "area" and attributes.get("href"):
        yield "href", place_of_link(joined(base, attributes["href"]))
    yield from _sizes(tag, attributes.get("style", ""))


_COUNTS_OF = {
    ("shreddit-post", "score"): "likes-count", ("shreddit-comment", "score"): "likes-count",
    ("shreddit-subreddit-header", "active"): "viewers-count",
    ("shreddit-subreddit-header", "subscribers"): "followers-count",
    ("shreddit-comment-tree", "totalcomments"): "comments-count",
}  # fmt: skip
"""Attributes by which elements of one site count its readers: a name that says so."""


def _says(tag: str, name: str) -> bool:
    if "-" in tag and name in ("src", "href", "data", "poster"):
        return True  # an element of the site's own
    if name in _NUMBERS.get(tag, ()):
        return True
    return name not in _PRESENTATION and name not in _STATES and not _OF_PROGRAMS.match(name)


def _address(name: str, text: str, base: str) -> str:
    is_file = re.search(r"\.(?:jpe?g|png|gif|webp|avif|mp4|webm|mp3)(?:\?|\Z)", text, re.IGNORECASE) is not None
    is_address = re.match(r"https?://\S+\Z", text) is not None
    if is_address and (is_file or is_named_by_content(text)):
        return place_of_file(text)
    if name in _ADDRESSES or is_address:
        return place_of_link(joined(base, text))
    return text


_SIZE = re.compile(
    r"(?:^|;)\s*((?:width|height|left|bottom|top|flex-basis)\s*:\s*[0-9.]+(?:%|px|em|rem))", re.IGNORECASE
)


def _sizes(tag: str, style: str) -> Iterator[tuple[str, str]]:
    """The size of a bar: a number that is drawn."""
    if tag not in ("img", "iframe", "video", "ins", "picture", "canvas", "body", "html", "svg"):
        for size in _SIZE.findall(style[:2000]):
            yield "style", "".join(size.split()).lower()


def is_field(tag: str, attributes: Mapping[str, str]) -> bool:
    """True for a field whose value is read: one that is shown, or one that a form sends by a name."""
    kind = attributes.get("type", "text").lower()
    if tag not in ("input", "button") or kind in _SECRET:
        return tag not in ("input", "button")
    return kind != "hidden" or bool(attributes.get("name"))


def owner_of(tag: str, attributes: Mapping[str, str], base: str, text: str, number: int) -> str:
    """What an attribute is about, its picture, field or option: at another one it says another thing."""
    if tag in ("img", "source", "track") and (picture := own_picture(attributes)):
        return picture_stem(joined(base, picture))
    if tag in FRAMES:
        return INNER_PAGE
    if tag in ("input", "button", "select", "textarea"):
        if "checked" not in attributes:
            return f"{attributes.get('name', '')}="
        return f"{attributes.get('name', '')}={attributes.get('value') or number}"
    return text if tag == "option" else ""


def own_picture(attributes: Mapping[str, str]) -> str:
    """What `src` says, or the attribute from which a script fills it."""
    url = attributes.get("src", "").strip()
    is_late = "lazy" in attributes.get("class", "").lower() or attributes.get("loading") == "lazy"
    if url and not is_placeholder(url) and not (is_late and any(attributes.get(lazy) for lazy in LAZY)):
        return url
    return next((attributes[lazy] for lazy in LAZY if attributes.get(lazy)), url)


def late_picture(attributes: Mapping[str, str]) -> str:
    """The picture that a script puts in the place of the one that `src` shows; empty where that is no other."""
    own = own_picture(attributes)
    late = (attributes[name].strip() for name in LAZY if attributes.get(name))
    return next((url for url in late if place_of_file(url) != place_of_file(own) and not is_placeholder(url)), "")


def first_picture(attributes: Mapping[str, str]) -> str:
    """What `src` shows until, or unless, a script puts another picture there; empty where that is no other."""
    url = attributes.get("src", "").strip()
    is_other = bool(url) and place_of_file(url) != place_of_file(own_picture(attributes))
    return url if is_other and not is_dot_of_data(url) else ""


def is_dot(attributes: Mapping[str, str]) -> bool:
    """True for a picture that its own attributes make a dot, fetched to be counted."""
    return all(attributes.get(size, "").strip() in ("0", "1", "2") for size in ("width", "height"))


def is_placeholder(url: str) -> bool:
    """True for the dot that stands where a picture is loaded later."""
    return is_dot_of_data(url) if url.startswith("data:") else _PLACEHOLDER.search(url) is not None


def is_dot_of_data(url: str) -> bool:
    """True for a picture of one dot, or a drawing of nothing, that its own address holds."""
    head, _, data = url.partition(",")
    if not head.startswith("data:") or len(data) > 400:
        return False
    if "svg" in head:
        return not re.search(r"(?:<|%3C)(?:path|text|image|use|rect|circle|polygon|foreignObject)", data, re.I)
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    is_dot = content[:4] == b"GIF8" and content[6:10] == b"\x01\0\x01\0"
    return is_dot or (content[:4] == b"\x89PNG" and content[16:24] == b"\0\0\0\x01\0\0\0\x01")


_DRAWN = frozenset(("script", "style", "title", "desc", "metadata"))


def drawing_digest(element: Element) -> str:
    """A drawing as an address of its own: its shapes, without names that are made up at each visit."""
    hashed = hashlib.sha256()
    for each in element.iter():
        if each.tag in _DRAWN:
            continue
        stated = sorted((name, _shape(name, value)) for name, value in each.attrib.items() if _is_drawn(name))
        hashed.update(repr((each.tag, stated)).encode("utf-8", "surrogatepass"))
    return f"drawing:{hashed.hexdigest()}"


def _is_drawn(name: str) -> bool:
    return name not in ("id", "class", "xmlns", "role", "focusable", "version") and not name.startswith(
        ("aria-", "data-", "xmlns:", "on")
    )


def _shape(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name.endswith("href"):
        value = value.partition("?")[0] if not value.startswith("#") else "#"
    return re.sub(r"url\([^)]*\)", "url()", value)
