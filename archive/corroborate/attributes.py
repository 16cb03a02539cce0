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

from archive.corroborate.places import place_of_file, place_of_link
from archive.urls import UrlError, parse

_TEXTS = ("alt", "title", "aria-label", "placeholder", "datetime")
_NUMBERS = {
    "ol": ("start", "reversed", "type"), "li": ("value",), "meter": ("value", "min", "max"),
    "progress": ("value", "max"), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan"),
    "blockquote": ("cite",), "q": ("cite",), "option": ("selected", "label"), "optgroup": ("label",),
}  # fmt: skip
"""Attributes that a browser shows, or that give what is shown another meaning: a list's number, a cell's width."""
_SECRET = frozenset(("hidden", "password", "image", "file", "reset"))
"""Kinds of `input` whose value is not read: a token, or nothing that is shown."""
_META = re.compile(
    r"(?:description|author|keywords|og:(?:title|description|url|image|video|audio|type|site_name)(?::(?:secure_)?url)?"
    r"|twitter:(?:title|description|image|creator|player)|article:\w+|book:\w+|profile:\w+|date\w*|pubdate|last-modified"
    r"|dc(?:terms)?\.[\w.]+|citation_\w+|parsely-\w+|sailthru\.\w+|news_keywords|copyright|revised"
    r"|(?:date\w+|author|headline|name|upload\w*|duration))\Z",
    re.IGNORECASE,
)
_NOT_STATED = frozenset(("article:publisher",))
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy")
_PLACEHOLDER = re.compile(
    r"/(?:blank|spacer|placeholder|pixel|loading|lazy|transparent|1x1)[\w.-]*\.(?:gif|png|svg|jpg|webp)", re.I
)


@lru_cache(maxsize=65_536)
def joined(base: str, target: str) -> str:
    """An address as the page means it."""
    try:
        return parse(target.strip(), base).href
    except UrlError:
        try:
            return urljoin(base, target.strip())
        except ValueError:
            return target.strip()


def head_statements(tag: str, attributes: Mapping[str, str], base: str) -> Iterator[tuple[str, str]]:
    """Statements about the page: name and text."""
    if tag == "meta":
        name = (attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or "").lower()
        content = " ".join(attributes.get("content", "").split())
        if _META.match(name) and name not in _NOT_STATED and content:
            yield name, _settled(name, content, base)
        elif attributes.get("http-equiv", "").lower() == "refresh":
            yield "refresh", attributes.get("content", "")
    elif tag == "link" and "canonical" in attributes.get("rel", "").lower().split():
        yield "canonical", place_of_link(joined(base, attributes.get("href", "")))


def _settled(name: str, content: str, base: str) -> str:
    """An address without what the visit puts into it."""
    if not re.match(r"https?:|//|/", content) or " " in content:
        return content
    is_file = "image" in name or "video" in name or "audio" in name
    return place_of_file(joined(base, content)) if is_file else place_of_link(joined(base, content))


def attribute_texts(tag: str, attributes: Mapping[str, str], shown: set[str], base: str) -> Iterator[tuple[str, str]]:
    """Texts and numbers in attributes: name and text. `shown` are those that style sheets put into the page."""
    if tag == "link":
        return
    names = dict.fromkeys((*_TEXTS, *_NUMBERS.get(tag, ()), *sorted(shown & attributes.keys())))
    for name in names:
        if (text := attributes.get(name, "").strip()) or (name in attributes and name in ("selected", "reversed")):
            is_plain_cell = name in ("colspan", "rowspan") and text == "1"
            if not is_plain_cell:
                yield name, " ".join(text.split()) or name
    if tag in ("input", "button") and attributes.get("type", "text").lower() not in _SECRET:
        if value := attributes.get("value", "").strip():
            yield "value", " ".join(value.split())
        if tag == "input" and "checked" in attributes:
            yield "checked", "checked"
    if tag == "area" and attributes.get("href"):
        yield "href", place_of_link(joined(base, attributes["href"]))


def is_placeholder(url: str) -> bool:
    """True for the dot that stands where a picture is loaded later."""
    if not url.startswith("data:"):
        return _PLACEHOLDER.search(url) is not None
    head, _, data = url.partition(",")
    if len(data) > 400:
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
