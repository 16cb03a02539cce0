"""TimeMaps: parses an archive's untrusted list of its copies, in link format or JSON. (RFC 7089, section 5)"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from archive.capture.memento.cdx import in_utc, parse_http_moment
from archive.errors import UsageProblem
from archive.urls import Url, UrlError, parse
from archive_manifests.plain_text import plain_reason

READ_AT_MOST = 8 << 20
LISTED_AT_MOST = 50_000
_PARAMETER = re.compile(r'\s*;\s*([\w!#$&+.^`|~-]{1,40})\s*=\s*(?:"([^"]{0,4000})"|([^",;\s]{0,4000}))')
_BETWEEN = re.compile(r"[\s,]*")
_PLACEHOLDER = re.compile(r"\{\+?url\}")


class TimeMapUnreadable(ValueError):
    """The response is not a TimeMap."""


class TimeMapEntry(Struct, frozen=True):
    """One copy that a TimeMap lists."""

    url: Url
    moment: datetime


class TimeMap(Struct, frozen=True):
    """A parsed TimeMap."""

    original: Url | None
    """Address of the original, as the TimeMap states it."""
    copies: tuple[TimeMapEntry, ...]
    further_pages: tuple[Url, ...]
    """Addresses of its further pages."""
    unread: int = 0
    """How many of the copies that it lists cannot be read; what follows a broken link counts as one."""


def check_template(template: str) -> None:
    """Raise `UsageProblem` where the text is no template of a TimeMap's address."""
    try:
        is_web = parse(_PLACEHOLDER.sub("x", template)).is_web
    except UrlError:
        is_web = False
    if not is_web or len(_PLACEHOLDER.findall(template)) != 1 or re.search(r"[{}]", _PLACEHOLDER.sub("", template)):
        raise UsageProblem(
            f"--timemap {template}: not the address of an archive's TimeMaps; it needs https:// and one {{+url}} where "
            "the cited address goes, or {url} where that is to be escaped: https://arquivo.pt/wayback/timemap/link/{+url}"
        )


def address(template: str, url: Url) -> Url:
    """Where the TimeMap of `url` is. (RFC 6570: `{url}` is escaped, `{+url}` is not)"""
    plain = template.replace("{+url}", url.href)
    return parse(plain if plain != template else template.replace("{url}", quote(url.href, safe="")))


def host_of(template: str) -> str:
    return parse(_PLACEHOLDER.sub("x", template)).host


def read_timemap(content: bytes, base: Url) -> TimeMap:
    """Read a TimeMap in either form. Raises `TimeMapUnreadable`."""
    text = content[:READ_AT_MOST].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _of_json(text, base)
    if not text.startswith("<"):
        raise TimeMapUnreadable("neither link format nor JSON")
    return _of_links(text, base)


def _of_links(text: str, base: Url) -> TimeMap:
    original: Url | None = None
    copies: list[TimeMapEntry] = []
    further_pages: list[Url] = []
    unread, listed = 0, _Links(text)
    for target, parameters in listed:
        relations = parameters.get("rel", "").lower().split()
        url = _url(target, base)
        if "original" in relations:
            original = original or url
        elif "memento" in relations:
            moment = _moment(parameters.get("datetime"))
            if url is not None and moment is not None and len(copies) < LISTED_AT_MOST:
                copies.append(TimeMapEntry(url, moment))
            else:
                unread += 1
        elif "timemap" in relations and "self" not in relations and url is not None:
            further_pages.append(url)
    return TimeMap(original, tuple(copies), tuple(further_pages), unread + listed.is_broken)


class _Links(Struct):
    """The links of a document, and whether something follows them that is no link."""

    text: str
    is_broken: bool = False

    def __iter__(self) -> Iterator[tuple[str, dict[str, str]]]:
        self.is_broken = yield from _read_links(self.text)


def links(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The links of a link format document or of a Link field: target and parameters. (RFC 8288, section 3)"""
    return iter(_Links(text))


def _read_links(text: str) -> Generator[tuple[str, dict[str, str]], None, bool]:
    """Yield each link; return whether the text goes on with something else."""
    at = 0
    while at < len(text):
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        end = text.find(">", at)
        if text[at : at + 1] != "<" or end < 0:
            return at < len(text)
        target, at = text[at + 1 : end], end + 1
        parameters: dict[str, str] = {}
        while (found := _PARAMETER.match(text, at)) is not None:
            parameters.setdefault(found[1].lower(), found[2] if found[2] is not None else found[3])
            at = found.end()
        yield target, parameters
        comma = text.find(",", at)
        if comma < 0 or text[at:comma].strip():
            return bool(text[at:].strip())
        at = comma + 1
    return False


def _of_json(text: str, base: Url) -> TimeMap:
    """The form of MemGator and Time Travel: `original_uri`, `mementos.list`, `pages.next`, `timemap_index`."""
    try:
        claimed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TimeMapUnreadable(f"JSON: {plain_reason(error)[:100]}") from error
    mementos = _as_dict(claimed).get("mementos")
    listed = _as_dict(mementos).get("list")
    copies, unread = [], 0
    for each in listed[:LISTED_AT_MOST] if isinstance(listed, list) else ():
        moment = _moment(_as_dict(each).get("datetime"))
        uris = _as_dict(each).get("uri")
        for uri in (uris[:1] or (None,)) if isinstance(uris, list) else (uris,):
            url = _url(uri, base)
            if url is not None and moment is not None:
                copies.append(TimeMapEntry(url, moment))
            else:
                unread += 1
    pages = _as_dict(_as_dict(claimed).get("pages"))
    index = _as_dict(claimed).get("timemap_index")
    stated = [pages.get("next"), pages.get("prev"), *(index[:100] if isinstance(index, list) else ())]
    further_pages = [url for each in stated if (url := _url(_as_dict(each).get("uri"), base)) is not None]
    if not isinstance(listed, list) and not further_pages:
        raise TimeMapUnreadable("JSON that is no TimeMap")
    unread += max(len(listed) - LISTED_AT_MOST, 0) if isinstance(listed, list) else 0
    return TimeMap(_url(_as_dict(claimed).get("original_uri"), base), tuple(copies), tuple(further_pages), unread)


def _as_dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _url(text: object, base: Url) -> Url | None:
    try:
        url = parse(text, base) if isinstance(text, str) and text else None
    except UrlError:
        return None
    return url if url is not None and url.is_web else None


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    if "," in text:
        return parse_http_moment(text)
    try:
        moment = datetime.fromisoformat(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return in_utc(moment)
