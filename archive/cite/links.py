"""Addresses in running text: where they start, where they end, and in which other ways they may be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import ascii_letters
from typing import Any

from msgspec import Struct

from archive.cite.defanged import DISARMED_DOT, is_defanged, refanged
from archive.cite.known_hosts import is_known_host
from archive.cite.lookalikes import INVISIBLE, PlainLine, has_ligature
from archive.cite.redirect_wrappers import wrapped_target
from archive.cite.schemes import (
    BLANK_SCHEME,
    BROKEN_SCHEME,
    NEAR_SCHEME,
    SCHEME,
    head_of,
    is_in_look_alikes,
    web_scheme,
)
from archive.cite.url_ends import TAIL, before_stops, trimmed

__all__ = ["INVISIBLE", "MAX_URL", "TextUrl", "find_urls", "has_host", "is_known_host", "starts_link", "trimmed"]

MAX_URL = 65_536
"""Characters. No server takes a longer one; scanning stops there."""

# A host without a scheme counts with `www.`, or with a public suffix and a path.
# `2020.In`, where a space was lost after a full stop, is no host.
_WWW = r"www\.[^\s./]+\.[^\s./]"
_HOST = (
    r"(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.){1,8}(?P<suffix>[a-z]{2,24})(?::[0-9]{2,5})?"
    r"/(?=[\w@?%#~.!(+-]|\Z|\s)"
)
_START = re.compile(
    rf"(?P<open>(?:{SCHEME})(?:www\.)?)\s*\Z|(?P<scheme>(?:{SCHEME})(?!\s))|(?P<blank>{BLANK_SCHEME})"
    rf"|(?P<broken>{BROKEN_SCHEME})|{NEAR_SCHEME}|(?<![\w@./-])(?P<bare>{_WWW}|{_HOST})",
    re.IGNORECASE,
)
_LOOKS_LIKE_ONE = re.compile(r"//|www\.|[a-z0-9]\.[a-z]{2,24}(?::[0-9]+)?/|:/|:\\\\|magnet:|[：／]", re.IGNORECASE)
_BACKSLASHED = re.compile(r"https?://[\w.-]+(?::[0-9]+)?\\[^\s<>\"]+", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://[^/?#]+", re.IGNORECASE)
_PATH_BEHIND = re.compile(r"[ \t\xa0]{1,3}(?=(?P<path>/[\w~%][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*))")
_NAME_BEHIND = re.compile(
    r" (?P<name>[^\s/<>\"“”„«»:]{1,100}\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|jpe?g|png|mp[34]|wav|zip))(?![\w/])",
    re.IGNORECASE,
)
"""The rest of the name of a file that has a space."""
_GREEDY = re.compile(r"[^\s\0-\x1f\x7f-\x9f<>\"“”„«»‹›`]+")
_LAST_WORD = re.compile(r"[!-~]{1,200}\Z")
_LONGEST_WORD = 200
_FIRST_WORD = re.compile(r"\s*(?P<word>[!-~]{1,200})")
_MAY_BEGIN = re.compile(
    r"(?<![a-z])(?:h|ht|htt|https?|https?:|https?:/|w{1,3})\Z|[a-z0-9]\.[a-z0-9.-]*\Z", re.IGNORECASE
)
_BEGINNINGS = frozenset(("h", "ht", "htt", "http", "https", "w", "ww", "www"))
"""The letters at the end of a line in which `_MAY_BEGIN` sees a beginning, where there is no other sign of one."""
# The second scheme belongs to the first URL where it follows a path or a query: web.archive.org/web/2020/https://…
_OVER = re.compile(r"[\s\0-\x1f\x7f-\x9f]|(?<=[^/=?&:%#!~+@_-])https?://", re.IGNORECASE)
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")
_NO_CHARACTER = re.compile("[\ufffd\ue000-\uf8ff]")
_CHARSET = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_CONTINUES = re.compile(
    r"[A-Za-z0-9_~-]{3,}/[A-Za-z0-9_~%.-]{3,}|\S*\.(?:html?|pdf|php|aspx?)\b|\S*[=&_]\S|\S*[0-9][A-Za-z]\S*[0-9]"
)
_SLASHED_WORDS = re.compile(
    r"(?:and/or|his/her|her/his|him/her|he/she|she/he|s/he|[0-9]+/[0-9]+(?:/[0-9]+)?)\W*\Z", re.IGNORECASE
)
_GLUED_WORD = re.compile(r"\.[A-Z][a-z]+\Z|(?<=\.html)[A-Za-z]{2,}\Z|(?<=\.pdf)[A-Za-z]{2,}\Z")
_GLUED_MARK = re.compile(r"(?<=\.(?:html|docx|aspx))[0-9]{1,3}\Z|(?<=\.(?:htm|pdf|doc|asp))[0-9]{1,3}\Z")
ARABIC_BEHIND = re.compile("(?<=[A-Za-z0-9])[\u0620-\u064a\u066e-\u06d3]+\\Z")
"""An Arabic word right behind a Latin letter or a digit, as where the blank between is lost."""
_SHORTENED = re.compile(r"(?:…|\.\.\.)")


class TextUrl(Struct, frozen=True):
    """A URL that stands in a line."""

    url: str
    """As typed: without the invisible characters inside it, look-alikes as what they stand for."""
    start: int
    end: int
    """Characters of the line, invisible ones inside included."""
    shown: str
    """The line's own characters from `start` to `end`."""
    alternatives: tuple[str, ...] = ()
    """Other readings, likelier ones first."""
    tail: str = ""
    """What follows in the line, white space at its end aside."""
    soft_hyphen: bool = False
    """The line ends right after it in a soft hyphen: its layout broke it there."""
    doubts: tuple[str, ...] = ()
    """Codes of what makes the reading uncertain."""
    is_open: bool = False
    """Nothing but a scheme at the line's end: what it belongs to stands in the next."""
    bracket: bool = False
    """`<` stands before it: it continues to the `>`, over white space. (RFC 3986, appendix C)"""

    @property
    def is_defanged(self) -> bool:
        """True where the report spells it so that nobody follows it by accident: `hxxps://x[.]org`."""
        return is_defanged(self.url)


@cache
def _linkify() -> Any:
    from linkify_it import LinkifyIt

    return LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


def has_host(url: str) -> bool:
    """True where the URL names a whole host: `https://` and `https://www.x` do not."""
    match = re.match(r"(?:[A-Za-z]+:/{0,2})?(?P<host>[^/?#\s]*)(?P<rest>.?)", url)
    if match is None or not match["host"]:
        return False
    host = match["host"].rpartition("@")[2]
    return bool(match["rest"]) or (is_known_host(host) and host.count(".") > host.lower().startswith("www."))


def starts_link(line: str, at: int = 0) -> bool:
    """True where a link of its own starts at that character."""
    start = _START.match(line, at)
    return start is not None and _is_start(start)


def _is_start(start: re.Match[str]) -> bool:
    if start["near"]:
        return web_scheme(start["near"]) is not None
    return start["suffix"] is None or is_known_host(start[0])


def may_hold_address(text: str) -> bool:
    """False where nothing in `text` can be an address."""
    if "/" not in text and "：" not in text and "／" not in text:
        folded = text.lower()
        if "ww." not in folded and "magnet:" not in folded and ":\\\\" not in folded:
            return False  # as in most lines: this takes a tenth of the time of the search
    return _LOOKS_LIKE_ONE.search(text) is not None


def _last_word(line: str) -> re.Match[str] | None:
    """The word at the line's end, or its last characters."""
    whole = line.rstrip()
    first = max(whole.rfind(" ") + 1, len(whole) - _LONGEST_WORD)
    return _LAST_WORD.search(whole, first)


def has_last_word(line: str, after: int) -> bool:
    """True where the line's last word begins behind `after` and may be the beginning of an address."""
    last = line.rstrip().rpartition(" ")[2]
    if "." not in last and last[-1:] not in (":", "/"):
        letters = last[len(last.rstrip(ascii_letters)) :]
        if letters.lower() not in _BEGINNINGS:
            return False
    word = _last_word(line)
    return word is not None and word.start() >= after and _MAY_BEGIN.search(word[0]) is not None


def broken_start(line: str, following: str) -> TextUrl | None:
    """The address that begins at the very end of `line` and shows only with the line that follows: `http` and `s://x.org`."""
    last, first = _last_word(line), _FIRST_WORD.match(following)
    if last is None or first is None:
        return None
    joint = last[0] + first["word"]
    if not _LOOKS_LIKE_ONE.search(joint):
        return None
    start = _START.search(joint)
    whole = len(last[0])
    if start is None or start["open"] or not _is_start(start) or not start.start() < whole < start.end():
        return None
    head = last[0][start.start() :]
    if start["suffix"] and head.endswith(".") and head.count(".") == 1:
        return None  # the full stop of a sentence
    begin = last.start() + start.start()
    doubts = ("no-scheme",) if start["suffix"] else ()
    shown = line[begin : last.end()]
    return TextUrl(shown, begin, last.end(), shown, doubts=doubts, is_open=True)


def find_urls(line: str) -> Iterator[TextUrl]:
    """Yield the URLs of one line from left to right.

    A `www.` address is yielded as it stands; with a scheme it is among the alternatives, https first.
    """
    if not may_hold_address(line):
        return
    plain = PlainLine(line)
    visible, at = plain.text, 0
    while start := _START.search(visible, at):
        begin = start.start()
        at = max(start.end(), begin + 1)
        if not _is_start(start):
            at = begin + 1 if start["suffix"] is None else start.end()
            continue
        if start["open"]:
            first, last = plain.span(begin, begin + len(start["open"]))
            yield TextUrl(start["open"], first, last, line[first:last], is_open=True)
            return
        found = _url_at(plain, start)
        if found is None:
            continue
        yield found
        at = max(at, _after(plain, found.end))


def _after(plain: PlainLine, end: int) -> int:
    """The first character of the text that stands behind `end` in the line."""
    if plain.text is plain.line:
        return end
    low, high = 0, len(plain.text)
    while low < high:
        middle = (low + high) // 2
        if plain.span(middle, middle + 1)[0] < end:
            low = middle + 1
        else:
            high = middle
    return low


def _url_at(plain: PlainLine, start: re.Match[str]) -> TextUrl | None:
    """The URL that starts there, with its other readings."""
    visible, begin = plain.text, start.start()
    head, body = head_of(start)
    over = _OVER.search(visible, max(body, begin + 1), begin + MAX_URL)
    stop = over.start() if over else min(begin + MAX_URL, len(visible))
    text = head + visible[body:stop]
    url, others, doubts = _read((slashed := _with_slashes(text)) or text, is_bare=start["bare"] is not None)
    if not url:
        return None
    if slashed:
        others, doubts = [*others, url[: url.index("/", 8)]], [*doubts, "look-alike"]
    if start["blank"]:
        doubts.append("blank-inside")
    if start["broken"] or start["near"]:
        doubts.append("look-alike" if is_in_look_alikes(start) else "broken-scheme")
    url, others = _without_emphasis(visible[:begin], url, others)
    end = body + len(url) - len(head)
    others, doubts = _unreadable(visible, url, end, stop, others, doubts)
    url, end, others, doubts = _over_a_blank(visible, url, end, others, doubts)
    first, last = plain.span(begin, end)
    others, doubts = _as_printed(plain, begin, end, url, others, doubts, head=visible[begin:body] == head)
    tail = visible[end:].rstrip()
    return TextUrl(
        url=url,
        start=first,
        end=last,
        shown=plain.line[first:last],
        alternatives=tuple(dict.fromkeys(other for other in others if other != url)),
        tail=tail,
        soft_hyphen=not tail and _ends_softly(plain.line.rstrip(), plain.line[first:last]),
        doubts=tuple(dict.fromkeys(doubts)),
        bracket=visible[:begin].rstrip().endswith("<"),
    )


def _ends_softly(line: str, shown: str) -> bool:
    """True where the line ends in a soft hyphen, or in a hyphen that is none of those that the address has itself."""
    return line.endswith("\u00ad") or (line.endswith("\u2010") and "\u2010" not in shown[:-1])


def _with_slashes(text: str) -> str | None:
    """The address with slashes for the backslashes behind its host, as browsers take them; None where it has none."""
    match = _BACKSLASHED.match(text)
    return None if match is None else match[0].replace("\\", "/") + text[match.end() :]


def _read(text: str, *, is_bare: bool) -> tuple[str, list[str], list[str]]:
    """The URL that `text`, which holds no white space, starts with, other readings of it, and doubts."""
    prefix = "https://" if is_bare else ""
    whole = _longest(prefix + text)[len(prefix) :]
    short, others, doubts = before_stops(whole)
    if not re.search(r"\w", short.partition(":")[2] or short):
        return "", [], []
    if (armed := refanged(short)) != short:
        return short, [armed], doubts
    if _SHORTENED.match(text, len(short)):
        doubts.append("shortened")
    if mark := _GLUED_MARK.search(short):
        others, doubts, short = [short, *others], [*doubts, "mark-behind"], short[: mark.start()]
    if (word := _GLUED_WORD.search(short)) and has_host(short[: word.start()]):
        others, doubts = [trimmed(short[: word.start()]), *others], [*doubts, "word-behind"]
    if (word := ARABIC_BEHIND.search(short)) and has_host(short[: word.start()]):
        others, doubts, short = [short, *others], [*doubts, "word-behind"], short[: word.start()]
    if (wrapped := wrapped_target(short)) is not None:
        others, doubts = [wrapped, *others], [*doubts, "redirect-wrapper"]
    if is_bare:
        others = [f"https://{short}", f"http://{short}", *others]
        doubts += [] if short.lower().startswith("www.") else ["no-scheme"]
    return short, others, doubts


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
    return bool(DISARMED_DOT.match(rest) or (re.match(r"[.:_]\S*[/\w]", rest) and "/" in rest.split()[0]))


def _without_emphasis(before: str, url: str, others: list[str]) -> tuple[str, list[str]]:
    """An underscore that opens before the URL closes after it. (Markdown)"""
    if before.endswith("_") and url.endswith("_"):
        return url.rstrip("_"), [other.rstrip("_") for other in others]
    return url, others


def _over_a_blank(
    visible: str, url: str, end: int, others: list[str], doubts: list[str]
) -> tuple[str, int, list[str], list[str]]:
    """Follow a URL that ends where layouts break one over a blank, if what follows can only be its rest.

    A path behind an origin is its rest where it looks like one, and else another reading.
    """
    path = _PATH_BEHIND.match(visible, end) if _ORIGIN.fullmatch(url) else None
    if path is not None:
        joined = url + trimmed(path["path"])
        if not re.search(r"[0-9?=&_%]|/\w[^/]*/|\.[a-z]{3,4}\Z", joined[len(url) :]):
            return url, end, [joined, *others], [*doubts, "blank-inside"]
        return joined, path.end() + len(joined) - len(url), [url, *others], [*doubts, "blank-inside"]
    if url[-1] not in "/=&?%_" or visible[end : end + 1] != " ":
        name = _NAME_BEHIND.match(visible, end)
        if name is None or not has_host(url) or url.count("/") < 3 or "." in url.rpartition("/")[2]:
            return url, end, others, doubts
        return url, end, [f"{url}%20{name['name']}", *others], [*doubts, "blank-inside"]
    token = _CHARSET.match(visible, end + 1)
    if token is None or starts_link(visible, end + 1) or _SLASHED_WORDS.fullmatch(token[0]):
        return url, end, others, doubts
    if not _CONTINUES.match(token[0]):
        return url, end, others, doubts
    rest = trimmed(token[0])
    joined = url + rest
    schemes = [f"https://{joined}", f"http://{joined}"] if "://" not in joined else []
    return joined, end + 1 + len(rest), [*schemes, url, *others], [*doubts, "blank-inside"]


def _unreadable(
    visible: str, url: str, end: int, stop: int, others: list[str], doubts: list[str]
) -> tuple[list[str], list[str]]:
    """Doubt a URL in which the file shows a character without saying which: a control, U+FFFD, one of private use.

    Such are the signs of a font without a usable table of characters. The rest behind a control character is one of
    the other readings.
    """
    is_cut = bool(_CONTROL.match(visible, stop)) and not visible[end:stop].strip(TAIL)
    if not is_cut and not _NO_CHARACTER.search(url):
        return others, doubts
    rest = _GREEDY.match(_CONTROL.sub("", visible[stop : stop + _LONGEST_WORD])) if is_cut else None
    joined = [trimmed(url + visible[end:stop] + rest[0])] if rest else []
    return [*joined, *others], [*doubts, "unreadable-character"]


def _as_printed(
    plain: PlainLine, begin: int, end: int, url: str, others: list[str], doubts: list[str], *, head: bool
) -> tuple[list[str], list[str]]:
    """Add the printed spelling where characters were read as what they look like."""
    printed = plain.printed(begin, end)
    if not head or printed == plain.text[begin:end]:
        return others, doubts
    kind = "ligature" if has_ligature(printed) else "look-alike"
    return [*others, "".join(printed.split())], [*doubts, kind]
