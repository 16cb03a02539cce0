"""Names of what is withheld: everything by which a reader of the copy could recognise it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

from archive.capture.tracking import clean
from archive.urls import UrlError, parse
from archive_manifests.ledger import SourceEntry, Status

SHORTEST = 6
"""Characters of the shortest name that is searched for: shorter ones occur everywhere by chance."""
LONG = 10
"""Characters from which on a value or the last step of a path identifies; shorter ones are words such as `en`."""
LONG_TITLE = 12
"""Characters from which on a part of a title is searched for alone."""

SHARED_HOSTS = frozenset({
    "archive.org", "archive.ph", "blogspot.com", "cloudfront.net", "dailymotion.com", "docs.google.com",
    "drive.google.com", "drive.usercontent.google.com", "facebook.com", "fb.watch", "flickr.com", "github.com",
    "google.com", "instagram.com", "linkedin.com", "m.facebook.com", "m.youtube.com", "medium.com",
    "mobile.twitter.com", "ok.ru", "pinterest.com", "reddit.com", "rumble.com", "sites.google.com", "soundcloud.com",
    "t.co", "t.me", "telegram.me", "tiktok.com", "twitter.com", "vimeo.com", "vk.com", "web.archive.org",
    "wikipedia.org", "wordpress.com", "x.com", "youtu.be", "youtube.com",
})  # fmt: skip
"""Hosts on which everybody publishes: pages name them for their own accounts, so the host alone names nothing."""

_SHOWN = frozenset({Status.CAPTURED, Status.PARTIAL, Status.MEMENTO, Status.SUPPLIED})
"""Verdicts whose title is that of the source; of the others it is an error page's, such as `404 Not Found`."""
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z_.]{1,16}){1,3}/?")
"""A path of words such as `/watch` and `/forum/viewtopic.php`: without a number, and too short for a title."""
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/embed/|/shorts/|/asset/)([A-Za-z0-9_/-]{6,40})")
_SITE_NAME = re.compile(r"\s+[-–—|·»«:]\s+")
"""What stands between the title of a page and the name of its site."""
_SPOKEN = re.compile(r"[0-9]{6}|[0-9]\D|\D[0-9]|[-_+%][^-_+%]+[-_+%]|[^\x00-\x7f]")
"""What makes the last step of a path the name of one thing: a number, three words, another script."""


def names_of(entry: SourceEntry) -> Iterator[str]:
    """Addresses, hosts, paths, ids, the title and the file names of a source."""
    addresses = [entry.cited, entry.request_url, entry.final_url, *(copy.url for copy in entry.copies)]
    addresses += [reading.url for reading in entry.readings]
    found: list[str] = []
    for address in dict.fromkeys(filter(None, addresses)):
        found += _names_in(address.strip())
    if entry.title and entry.status in _SHOWN:
        found += [entry.title, *(part for part in _SITE_NAME.split(entry.title) if len(part) >= LONG_TITLE)]
    found += [path.rpartition("/")[2] for copy in entry.copies if copy.kind == "supplied" for path in copy.files]
    yield from dict.fromkeys(name for name in map(str.strip, found) if len(name) >= SHORTEST)


def _names_in(address: str) -> Iterator[str]:
    """What of an address names the source."""
    yield address
    yield re.sub(r"^[a-z]+://(?:www\.)?", "", address, flags=re.IGNORECASE)
    yield from _VIDEO.findall(address)
    parts = _split(address)
    if parts is None:
        return
    host = (parts.hostname or "").removeprefix("www.")
    if host not in SHARED_HOSTS:
        yield from _host_names(host)
    identifying = list(_identifying_values(address))
    yield from identifying
    if parts.path.strip("/"):
        yield from _paths(parts, is_named_by_path=not identifying)


def _split(address: str) -> SplitResult | None:
    with suppress(ValueError):  # an address with a broken bracket, which is captured all the same
        parts = urlsplit(address)
        return parts if parts.hostname is not None else None
    return None


def _host_names(host: str) -> Iterator[str]:
    """A host in the letters of its readers and in those of the name system. (RFC 3492)"""
    yield host
    with suppress(UnicodeError):
        yield host.encode("idna").decode()
    with suppress(UnicodeError):
        yield host.encode().decode("idna")


def _paths(parts: SplitResult, *, is_named_by_path: bool) -> Iterator[str]:
    """The path with its query, and alone unless it is the same for all of a site, as `/watch` in `/watch?v=…` is."""
    path, last = parts.path.rstrip("/"), unquote(parts.path.rstrip("/").rpartition("/")[2])
    if parts.query:
        yield f"{parts.path}?{parts.query}"
    if _PLAIN_PATH.fullmatch(parts.path) is None or is_named_by_path:
        yield path
    bare = re.sub(r"\.[A-Za-z0-9]{2,5}\Z", "", last)
    if (len(bare) >= LONG and _SPOKEN.search(bare)) or re.search("[0-9]{6}", bare):
        yield bare


def _identifying_values(address: str) -> Iterator[str]:
    """Values of the query that name the thing: a number or a long value in what does not only follow a reader."""
    try:
        query = clean(parse(address)).target.partition("?")[2]
    except UrlError:
        return
    for value in (unquote(part.partition("=")[2]) for part in query.split("&")):
        if len(value) >= LONG or re.search("[0-9]", value):
            yield value
