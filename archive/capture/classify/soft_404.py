"""Soft 404s: signs of an error page, and redirects to a home page or another post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from archive.capture.classify.phrases import (
    NOT_FOUND_TEXTS,
    SHORT,
    phrase_in_text,
    title_is_error,
    title_is_not_found,
)
from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case, FinalResponse
from archive.urls import Url
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note

_ERROR_PATH = re.compile(
    r"/(?:\w{2}/)?(?:error|errors?[/_-]?404|404|not-?found|page-?not-?found|notfound|pagenotfound|oops|error-?page)(?:\.\w{2,5})?/?\Z",
    re.IGNORECASE,
)
_FEW = 400
"""Characters up to which a page is an error page only."""
_ERROR_CLASS = re.compile(r"(?:^|\s)(?:error-?404|page-?404|not-?found|is-404|page-not-found)(?:\s|\Z)", re.IGNORECASE)


def first_sign(case: Case) -> Note | None:
    """The first sign in the page itself that it is an error page."""
    return next(iter(signs(case)), None)


def signs(case: Case) -> list[Note]:
    """Every sign of an error page in the page itself. Words in a long text do not count: an article may quote them."""
    response, reading = case.response, case.response.reading
    if reading is None:
        return []
    found = []
    if title_is_not_found(reading.title) or (title_is_error(reading.title) and len(reading.text) <= _FEW):
        found.append(note("page-title", detail=reading.title[:80]))
    if _ERROR_CLASS.search(reading.body_class):
        found.append(note("error-page"))
    if case.was_redirected and _ERROR_PATH.search(response.url.path) and not _ERROR_PATH.search(case.cited.path):
        found.append(note("redirected", url=response.url.path))
    phrase = phrase_in_text(reading.text, NOT_FOUND_TEXTS) if len(reading.text) < SHORT else None
    if phrase:
        found.append(note("text-sign", detail=phrase))
    return found


def has_mostly_error_text(case: Case) -> bool:
    """True for a short text with more signs of an error page than its title: a work may be named after the error."""
    reading = case.response.reading
    if reading is None or len(reading.text) > _FEW:
        return False
    if not title_is_not_found(reading.title) and not title_is_error(reading.title):
        return False
    title = fold(reading.title)
    others = tuple(phrase for phrase in NOT_FOUND_TEXTS if phrase not in title and "404" not in phrase)
    return phrase_in_text(reading.text, others) is not None


_LANGUAGE = r"(?:/(?:[a-z]{2}|[a-z]{2}[-_][a-z]{2,4}|english|arabic|french))"
_HOME = re.compile(
    rf"{_LANGUAGE}?(?:/web/[\w-]+)?(?:/(?:home|main|start|default|index)(?:page)?(?:\.\w{{2,5}})?)?/?\Z", re.IGNORECASE
)
CONTENT_KEYS = frozenset(
    (
        "p", "page_id", "attachment_id", "id", "v", "story", "article", "articleid", "post", "post_id", "t", "f",
        "topic", "news", "nid", "sid", "aid", "pid", "docid", "item",
    )
)  # fmt: skip
"""Query parameters that identify a page, not a way to show it."""
_SHORTENERS = frozenset(
    (
        "bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "buff.ly", "youtu.be", "fb.me", "wp.me", "is.gd",
        "lnkd.in", "dlvr.it", "cutt.ly", "rb.gy", "t.ly",
    )
)  # fmt: skip
_DATED = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(?:(\d{1,2})/)?([^/]+)/?\Z")
_DATED_ID = re.compile(r"/(?:19|20)\d\d/\d{1,2}/\d{1,2}/(\d+)/?\Z")
_BODY_ID = re.compile(r"(?:^|\s)(?:postid|page-id|attachmentid)-(\d+)(?:\s|$)")
_SHORTLINK = re.compile(r"<([^<>]{1,2000})>\s{0,20};[^,<]{0,500}\brel=[\"']?shortlink")


def is_home(url: Url) -> bool:
    """True for a site's home page, in any language."""
    return has_home_path(url) and not _content(url)


def has_home_path(url: Url) -> bool:
    return _HOME.match(url.path) is not None


def sent_home(case: Case) -> Verdict | None:
    """The verdict on a deep link that ends at a home page."""
    cited, final = case.cited, case.response.url
    if not case.was_redirected or is_home(cited) or not is_home(final) or cited.host in _SHORTENERS:
        return None
    if cited.host.removeprefix("www.") != final.host.removeprefix("www.") and _named_in_host(cited, final):
        return None
    return Verdict(Status.GONE, "redirected-home", note("home-page", url=final.href))


def sent_to_another_post(case: Case) -> Verdict | None:
    """The verdict on a post's address that ends at another post, as WordPress guesses. (`redirect_canonical`)"""
    if not case.was_redirected:
        return None
    cited_id, ids = _post_ids(case.cited), tuple(_ids_of_answer(case.response))
    if cited_id and ids and cited_id not in ids:
        seen = note("other-post-number", cited=cited_id, came=ids[0], url=case.response.url.href)
        return Verdict(Status.GONE, "other-post", seen)
    if cited_id and ids:
        return None
    before, after = _DATED.search(case.cited.path), _DATED.search(case.response.url.path)
    if before and after and unquote(before[4]) != unquote(after[4]) and _days_differ(before, after):
        return Verdict(Status.GONE, "other-post", note("other-post", url=case.response.url.href))
    return None


def _days_differ(before: re.Match[str], after: re.Match[str]) -> bool:
    parts = zip(before.groups()[:3], after.groups()[:3], strict=True)
    return any(one and other and int(one) != int(other) for one, other in parts)


def _post_ids(url: Url) -> str | None:
    """The post's number that a URL names: `/?p=24105`, `/blog/2019/04/30/53633/`."""
    by_query = dict(parse_qsl(url.target.partition("?")[2])).get("p", "")
    if by_query.isdigit() and (url.path.endswith("/") or url.path.endswith("/index.php")):
        return by_query.lstrip("0") or "0"
    dated = _DATED_ID.search(url.path)
    return dated[1].lstrip("0") if dated else None


def _ids_of_answer(response: FinalResponse) -> Iterator[str]:
    """Every number by which the response names itself; the path's first."""
    in_path = _post_ids(response.url)
    if in_path:
        yield in_path
        return
    links = [match[1] for field in response.fields("Link") for match in _SHORTLINK.finditer(field)]
    if response.reading is not None:
        links += [link.url.href for link in response.reading.api_links if link.rel == "shortlink"]
        yield from _BODY_ID.findall(response.reading.body_class)
    for link in links:
        number = dict(parse_qsl(link.partition("?")[2])).get("p", "")
        if number.isdigit():
            yield number


def _content(url: Url) -> bool:
    """True where the query identifies a page."""
    query = url.target.partition("?")[2]
    return any(key.lower() in CONTENT_KEYS and value for key, value in parse_qsl(query))


def _named_in_host(cited: Url, final: Url) -> bool:
    """True where the last part of the cited path is the name of the host: `un.org/thecave` to `thecave.org`."""
    slug = re.sub(r"\W", "", cited.path.rstrip("/").rpartition("/")[2]).lower()
    return len(slug) >= 4 and slug in re.sub(r"\W", "", final.host)
