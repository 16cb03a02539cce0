"""URLs in running text: where they start, and where they end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
"""Soft hyphens, zero-width characters and bidi controls: they stand in extracted text and are no part of a URL."""

MAX_URL = 65_536
"""Characters. No server takes a longer one; scanning stops there."""

# A host without a scheme counts only where nothing else can be meant: `www.`, or a service that reports
# name so, followed by a path. `2020.In`, where a space was lost after a full stop, is no host.
_BARE = (
    r"www\.[^\s./]+\.[^\s./]"
    r"|(?:t\.me|youtu\.be|(?:m\.)?youtube\.com|twitter\.com|x\.com|(?:m\.)?facebook\.com|fb\.watch|bit\.ly"
    r"|drive\.google\.com|instagram\.com|tiktok\.com|vimeo\.com|archive\.org|web\.archive\.org)/[\w@?%-]"
)
_SCHEME = r"h(?:tt|xx|\*\*)ps?(?:://|\[:\]//)|(?<![a-z])ftp://|magnet:\?"
_START = re.compile(rf"(?P<scheme>{_SCHEME})|(?<![\w@./-])(?P<bare>{_BARE})", re.IGNORECASE)
_DISARMED_DOT = re.compile(r"[\[({](?:[.]|dot)[\])}]", re.IGNORECASE)
_GREEDY = re.compile(r"[^\s\0-\x1f\x7f-\x9f<>\"“”„«»‹›]+")
_STOP = re.compile("[“”„«»‹›]")
"""Quotation marks that no URL holds unescaped."""
_ARABIC_STOP = re.compile("[،؛؟۔]")
_TAIL = ".,;:!?'\"”’»›)]}>،؛؟۔…*|。、，；：？！）】」』"
_OPENER = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "』": "『"}
# The second scheme belongs to the first URL where it follows a path or a query: web.archive.org/web/2020/https://…
_OVER = re.compile(r"\s|(?<=[^/=?&:%#!~+@_-])https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextUrl:
    """A URL that stands in a line."""

    url: str
    """Without the invisible characters inside it."""
    start: int
    end: int
    """Characters of the line, invisible ones inside included."""
    shown: str
    """The line's own characters from `start` to `end`."""
    alternatives: tuple[str, ...] = ()
    tail: str = ""
    """What follows in the line, white space at its end aside."""
    soft_hyphen: bool = False
    """The line ends right after it in a soft hyphen: its layout broke it there."""

    @property
    def is_defanged(self) -> bool:
        """True where the report spells it so that nobody follows it by accident: `hxxps://x[.]org`."""
        return _refanged(self.url) != self.url


def _refanged(url: str) -> str:
    """The address behind a spelling that disarms it."""
    host, slash, rest = re.sub(r"\Ah(?:xx|\*\*)p", "http", url, flags=re.IGNORECASE).replace("[:]", ":").partition("/")
    if slash and rest.startswith("/"):
        name, slash_too, path = rest[1:].partition("/")
        return f"{host}//{_DISARMED_DOT.sub('.', name)}{slash_too}{path}"
    return f"{host}{slash}{rest}"


@cache
def _linkify() -> Any:
    from linkify_it import LinkifyIt

    return LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


def starts_link(line: str, at: int = 0) -> bool:
    """True where a link of its own starts at that character."""
    start = _START.match(line, at)
    return start is not None


def find_urls(line: str) -> Iterator[TextUrl]:
    """Yield the URLs of one line from left to right.

    A `www.` address is yielded as it stands; with a scheme it is among the alternatives, https first.
    """
    if "//" not in line and not _START.search(line):
        return
    visible, places = _without_invisible(line)
    at = 0
    while start := _START.search(visible, at):
        begin = start.start()
        over = _OVER.search(visible, begin + 1, begin + MAX_URL)
        token = visible[begin : over.start() if over else begin + MAX_URL]
        url, alternatives = _url_at(token, is_bare=start["bare"] is not None)
        at = begin + max(len(url), 1)
        if url:
            first, last = places[begin], places[at - 1] + 1
            tail = visible[at:].rstrip()
            soft = not tail and line.rstrip().endswith("\u00ad")
            yield TextUrl(url, first, last, line[first:last], alternatives, tail, soft)


def _without_invisible(line: str) -> tuple[str, list[int]]:
    """The line without its invisible characters, and where each remaining one stood."""
    gone = {place for match in INVISIBLE.finditer(line) for place in range(*match.span())}
    places = [place for place in range(len(line)) if place not in gone]
    return INVISIBLE.sub("", line), places


def _url_at(text: str, *, is_bare: bool) -> tuple[str, tuple[str, ...]]:
    """The URL that `text`, which holds no white space, starts with, and other readings of it."""
    prefix = "https://" if is_bare else ""
    whole = _longest(prefix + text)[len(prefix) :]
    url = trimmed(_before(_STOP, whole))
    short = trimmed(_before(_ARABIC_STOP, url))
    alternatives = (url,) if short != url else ()
    if not re.search(r"\w", short.partition(":")[2] or short):
        return "", ()
    if (armed := _refanged(short)) != short:
        return short, (armed,)
    if is_bare:
        alternatives = (f"https://{short}", f"http://{short}", *alternatives)
    return short, alternatives


def _longest(text: str) -> str:
    """What linkify-it takes; it misses `http://[::1]/`, hosts with an underscore and ports above 65535."""
    match = _linkify().match_at_start(text) if text[:4].lower() in ("http", "ftp:") else None
    if match is not None and not _cut_host(text, match.url):
        return str(match.raw)
    greedy = _GREEDY.match(text)
    return greedy[0] if greedy else ""


def _cut_host(text: str, url: str) -> bool:
    """True where linkify-it stopped inside the host, as in `https://x.org./a`."""
    rest = text[len(url) :]
    if url.count("/") != 2:
        return False
    return bool(_DISARMED_DOT.match(rest) or (re.match(r"[.:_]\S*[/\w]", rest) and "/" in rest.split()[0]))


def _before(stop: re.Pattern[str], text: str) -> str:
    found = stop.search(text)
    return text[: found.start()] if found else text


def trimmed(url: str) -> str:
    """The URL without the punctuation of the sentence round it; brackets go only where they are unbalanced."""
    while url and url[-1] in _TAIL:
        opener = _OPENER.get(url[-1])
        if opener is not None and url.count(opener) >= url.count(url[-1]):
            break
        url = url[:-1]
    return url
