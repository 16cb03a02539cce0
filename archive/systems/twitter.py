"""X, formerly Twitter: its pages are empty for guests; the post is in the data for pages that embed it.

Two APIs: `tweet-result` of its syndication, with text, time, author, pictures and videos, and oEmbed.
(yt-dlp uses the first as well: yt_dlp/extractor/twitter.py; the token follows from a formula and is no secret.)
"""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import quote

from archive.capture.page import capture_trail, onward
from archive.capture.visit import System, Visit, VisitOutcome
from archive.systems import embeds
from archive.urls import Url, parse
from archive_manifests.ledger import Copy, Facet, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.plain_text import excerpt

HOSTS = ("x.com", "twitter.com")
_POST = re.compile(r"/(?:(\w{1,20})|i/web|i)/status(?:es)?/(\d{1,20})(?:/|\Z)")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WITHHELD = re.compile(r"withheld", re.IGNORECASE)
_NEEDS_ACCOUNT = re.compile(
    r"age-restricted|adult content|limits who can view|protected|log ?in|sensitive", re.IGNORECASE
)


class Twitter(System):
    """The page as cited, then the post from X's own APIs."""

    name = "twitter"

    def claims(self, url: Url) -> bool:
        return _host(url) in HOSTS and _POST.match(url.path) is not None

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = capture_trail(visit, visit.follow(visit.url, onward=onward))
        user, number = _user_and_number(visit.url)
        final, said = embeds.fetch_json(visit, outcome, _syndication(number))
        _, oembed = embeds.fetch_json(visit, outcome, _oembed(user, number))
        is_post = said is not None and said.get("__typename") == "Tweet"
        if said is not None and is_post and isinstance(said.get("text"), str):
            notes = (note("post-embedded", name="X"),)
            copy = Copy("live", final.url.href, final.ended, None, (final.answer,), (), Status.CAPTURED, notes)
            _add_post(visit, outcome, said, copy)
        else:
            is_unread = is_post or (said is None and final.status == 200 and "json" in final.media_type)
            outcome.verdict = _without_post(said, oembed, outcome.verdict, is_unread=is_unread)
            if oembed is not None and isinstance(oembed.get("html"), str):
                outcome.text = re.sub(r"<[^>]{0,2000}>", " ", oembed["html"][:20_000])
            if outcome.verdict.status is not Status.GONE:
                outcome.notes.append(embeds.SUPPLY)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        """Archives know most posts under the old name of the site."""
        hosts = [host for host in ("twitter.com", "mobile.twitter.com", "x.com") if host != url.host]
        return [(parse(f"https://{host}{url.path}"), note("form-same-post", host=host)) for host in hosts]


def _host(url: Url) -> str:
    return re.sub(r"\A(?:www|mobile|m)\.", "", url.host)


def _user_and_number(url: Url) -> tuple[str, str]:
    found = _POST.match(url.path)
    assert found is not None
    return found[1] or "i", found[2]


def _syndication(number: str) -> Url:
    return parse(f"https://cdn.syndication.twimg.com/tweet-result?id={number}&lang=en&token={token(number)}")


def _oembed(user: str, number: str) -> Url:
    post = quote(f"https://twitter.com/{user}/status/{number}", safe="")
    return parse(f"https://publish.twitter.com/oembed?url={post}&omit_script=1")


def token(number: str) -> str:
    """The number divided by 10^15, times pi, in base 36 as browsers write it, without zeros and point."""
    value = int(number) / 1e15 * math.pi
    whole, digits = int(value), ""
    while whole:
        whole, rest = divmod(whole, 36)
        digits = _DIGITS[rest] + digits
    return (digits + "".join(_DIGITS[digit] for digit in _fraction(value))).replace("0", "")


def _fraction(value: float) -> list[int]:
    """The digits after the point that distinguish a number from its neighbours. (ECMA-262, 6.1.6.1.20)"""
    part, step = value - int(value), (math.nextafter(value, math.inf) - value) / 2
    digits: list[int] = []
    while part >= step:
        part, step = part * 36, step * 36
        digits.append(int(part))
        part -= digits[-1]
        if part > 0.5 and part + step > 1:
            while digits and digits[-1] == 35:
                digits.pop()
            return [*digits[:-1], digits[-1] + 1] if digits else []
    return digits


def _add_post(visit: Visit, outcome: VisitOutcome, post: dict[str, Any], copy: Copy) -> None:
    """Add the post to the capture, with its pictures and videos."""
    outcome.verdict = Verdict(Status.CAPTURED)
    outcome.copies.append(copy)
    user = post.get("user")
    name = excerpt(user.get("screen_name"), 100) if isinstance(user, dict) else ""
    outcome.title = f"@{name} on X" if name else outcome.title
    if when := excerpt(post.get("created_at"), 40):
        outcome.notes.append(note("post-published", detail=when))
    if outcome.trail.broke is not None and outcome.trail.broke.detail is not None:
        outcome.notes.append(note("page-unavailable", why=outcome.trail.broke.detail))
    parts = _parts(post)
    embeds.add_parts(visit, outcome, visit.url, parts, post["text"])
    if not parts:
        outcome.media = Facet(False, note("no-post-media"))


def _parts(post: dict[str, Any]) -> list[tuple[str, str]]:
    """Pictures, and of each video the best format that is one file."""
    parts: list[tuple[str, str]] = []
    listed = post.get("mediaDetails")
    for medium in listed if isinstance(listed, list) else []:
        if not isinstance(medium, dict):
            continue
        picture, is_video = medium.get("media_url_https"), medium.get("type") != "photo"
        if isinstance(picture, str):
            parts.append((picture, "image"))
            if not is_video and "?" not in picture:
                parts.append((f"{picture}?name=orig", "image"))
        best = _best_video(medium.get("video_info"))
        if best is not None:
            parts.append((best, "media"))
    return parts


def _best_video(info: object) -> str | None:
    listed = info.get("variants") if isinstance(info, dict) else None
    variants = [each for each in (listed if isinstance(listed, list) else []) if isinstance(each, dict)]
    # A video that is one file, else a playlist of its pieces.
    videos = [
        (each.get("content_type") == "video/mp4", _bitrate(each), each["url"])
        for each in variants
        if each.get("content_type") in ("video/mp4", "application/x-mpegURL") and isinstance(each.get("url"), str)
    ]
    return max(videos)[2] if videos else None


def _bitrate(variant: dict[str, Any]) -> int:
    stated = variant.get("bitrate")
    return stated if isinstance(stated, int) else 0


def _without_post(
    said: dict[str, Any] | None, oembed: dict[str, Any] | None, page: Verdict, *, is_unread: bool
) -> Verdict:
    """The verdict where X's API returned no post: by its message, where it has one.

    With `is_unread` it returned something that cannot be read as a post, and whether X has the post is unknown.
    """
    tombstone = _tombstone(said)
    if tombstone is not None:
        seen = note("x-says", detail=tombstone)
        if _WITHHELD.search(tombstone):
            return Verdict(Status.BLOCKED, "geo", seen)
        if _NEEDS_ACCOUNT.search(tombstone):
            return Verdict(Status.BLOCKED, "login", seen)
        return Verdict(Status.GONE, "not-found", seen)
    if oembed is not None and isinstance(oembed.get("html"), str):
        return Verdict(Status.PARTIAL, "hollow", note("x-quotation-only"))
    if page.status not in (Status.CAPTURED, Status.PARTIAL):
        return page
    if is_unread:
        return Verdict(Status.PARTIAL, "hollow", note("x-unreadable"))
    return Verdict(Status.BLOCKED, "login", note("x-no-post"))


def _tombstone(said: dict[str, Any] | None) -> str | None:
    """The message that X shows instead of a post."""
    if said is None or said.get("__typename") != "TweetTombstone":
        return None
    text: Any = said
    for key in ("tombstone", "text", "text"):
        text = text.get(key) if isinstance(text, dict) else None
    return excerpt(text) or "the post is not shown"
