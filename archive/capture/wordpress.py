"""WordPress: what the site's API states of a post, above all when it was last changed.

A press release may be rewritten after a report has cited it. `modified_gmt` of the API is the best single sign of that.
The API's response is an addition and never replaces the page.
"""

from __future__ import annotations

import json
import re
from typing import Any

from archive.capture.requisites.places import same_site
from archive.capture.requisites.reading import PageReading
from archive.capture.visit import Visit, VisitOutcome
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Status
from archive_manifests.notes import Note, note

API = "https://api.w.org/"
_READ_AT_MOST = 4 << 20
_API_FIELD = re.compile(r"<([^<>\s]{1,2000})>\s*;\s*rel=[\"']?https://api\.w\.org/")
_SHORT_ID = re.compile(r"[?&]p=(\d{1,12})(?:&|\Z)")
_PATH_ID = re.compile(r"/(?:19|20)\d\d/\d\d/\d\d/(\d{1,12})/?\Z")
_BODY_ID = re.compile(r"(?:^|\s)postid-(\d{1,12})(?:\s|\Z)")


def request_post(visit: Visit, outcome: VisitOutcome, reading: PageReading) -> None:
    """Request the post that the page shows from the site's API, where the page names one, and note its dates."""
    if outcome.verdict.status not in (Status.CAPTURED, Status.PARTIAL):
        return
    api = post_api(reading, outcome.trail.final)
    if api is None:
        return
    trail = visit.follow(api)
    outcome.extra_records += trail.records
    final = trail.final
    post = _read(final) if final.status == 200 else None
    if post is None:
        is_silent = final.status is None
        outcome.notes.append(
            note("post-unknown") if is_silent else note("post-unknown-status", status=final.status or 0)
        )
        return
    outcome.notes += _notes(post, visit, post_id(reading, outcome.trail.final))


def post_api(reading: PageReading, final: Recorded) -> Url | None:
    """The address of the post in the site's own API; other hosts get no request."""
    stated = next((link.url for link in reading.api_links if link.rel == "json" and "/wp/v2/" in link.url.href), None)
    root = next((link.url for link in reading.api_links if link.rel == API), None) or _root_in_head(final)
    number = post_id(reading, final)
    if stated is None and root is not None and number is not None:
        # `https://site/wp-json/` or `https://site/?rest_route=/`: the route is appended to either.
        stated = parse(f"{root.href.rstrip('/')}/wp/v2/posts/{number}")
    return stated if stated is not None and same_site(final.url, stated) else None


def _root_in_head(final: Recorded) -> Url | None:
    found = _API_FIELD.search(final.header("Link") or "")
    try:
        return parse(found[1], final.url) if found else None
    except UrlError:
        return None


def post_id(reading: PageReading, final: Recorded) -> str | None:
    """The number of the post, as the page states it."""
    shortlinks = [link.url.target for link in reading.api_links if link.rel == "shortlink"]
    for pattern, texts in ((_SHORT_ID, shortlinks), (_BODY_ID, [reading.body_class]), (_PATH_ID, [final.url.path])):
        for text in texts:
            if found := pattern.search(text):
                return found[1]
    return None


def short_addresses(url: Url) -> list[tuple[Url, Note]]:
    """The shortlink of a post whose permalink ends in its number."""
    found = _PATH_ID.search(url.path)
    if found is None:
        return []
    return [(parse(f"{url.origin}/?p={found[1]}"), note("form-shortlink"))]


def _read(recorded: Recorded) -> dict[str, Any] | None:
    try:
        post = json.loads(recorded.content(_READ_AT_MOST))
    except (ValueError, RecursionError):
        return None
    return post if isinstance(post, dict) and isinstance(post.get("id"), int) else None


def _notes(post: dict[str, Any], visit: Visit, shown: str | None) -> list[Note]:
    notes = []
    if shown is not None and str(post["id"]) != shown:
        notes.append(note("post-other-record", number=str(post["id"]), shown=shown))
    changed = post.get("modified_gmt") or post.get("modified")
    if not isinstance(changed, str) or not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z", changed):
        return notes
    date = visit.report.date
    if date is not None and changed[:10] > date:
        notes.append(note("post-after", when=f"{changed}Z", date=date))
    elif date is not None:
        notes.append(note("post-before", when=f"{changed}Z", date=date))
    else:
        notes.append(note("post-changed", when=f"{changed}Z"))
    return notes
