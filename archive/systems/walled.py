"""Facebook, Instagram and TikTok: login walls for guests, and embeds that show a part.

The program bypasses no wall. It captures the page with its wall, requests the site's own embed, and notes how a person
can help.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from archive.capture import tracking
from archive.capture.classify import judge
from archive.capture.classify.quotes import fold
from archive.capture.media_policy import NO_MEDIA, never_media
from archive.capture.page import PlainPage, answer_of
from archive.capture.visit import System, Visit, VisitOutcome
from archive.systems import embeds
from archive.systems.embeds import Embed
from archive.urls import Url, parse
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.plain_text import excerpt

SUPPLY = note("may-supply")


class UnlicensedVideoSite(System):
    """A site that shows videos without licence: its page is captured, its video is not."""

    name = "unlicensed-video-site"

    def claims(self, url: Url) -> bool:
        return never_media(url)

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = PlainPage().capture(visit)
        outcome.media = Facet(False, NO_MEDIA)
        outcome.notes.append(NO_MEDIA)
        if outcome.verdict.status is Status.BLOCKED:
            outcome.notes.append(SUPPLY)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        return PlainPage().other_addresses(url)


_SITES = ("facebook.com", "instagram.com", "tiktok.com")
_VIDEO = re.compile(r"/(?:[\w.-]+/videos/|watch/?\Z|reel/|share/v/)")
_INSTAGRAM = re.compile(r"/(?:[\w.]+/)?(p|reel|tv)/([\w-]{5,40})(?:/|\Z)")
_NO_MORE = re.compile(
    r"no longer available|may have been removed|post not found|content isnt available|غير متاح|لم يعد متاح"
)
_TIKTOK_STATUS = re.compile(r'"webapp\.(?:video|user)-detail":\{"statusCode":(\d{1,6})')
_TIKTOK_PRIVATE = frozenset({"10216", "10222"})
_LEAST_TEXT = 20
"""Characters below which an embed shows nothing of a post."""


class Walled(System):
    """The page with its wall, and the embed beside it."""

    name = "walled"

    def claims(self, url: Url) -> bool:
        return _site(url) is not None and url.path not in ("/", "")

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = PlainPage().capture(visit)
        site = _site(visit.url)
        tiktok = _tiktok(outcome) if site == "tiktok.com" else None
        outcome.verdict = tiktok or outcome.verdict
        is_here = outcome.verdict.status is Status.CAPTURED
        if not is_here and outcome.verdict.status is not Status.GONE:
            address = _embed(visit.url)
            if address is not None:
                _add_embed(visit, outcome, embeds.fetch_embed(visit, outcome, address))
            elif tiktok is None and site == "tiktok.com":
                _add_tiktok_oembed(visit, outcome)
            outcome.notes.append(embeds.SUPPLY)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        return []


def _site(url: Url) -> str | None:
    return next((site for site in _SITES if url.host == site or url.host.endswith(f".{site}")), None)


def _embed(url: Url) -> Url | None:
    """The address of the post's embed."""
    site, clean = _site(url), tracking.clean(url)
    if site == "facebook.com":
        plugin = "video" if _VIDEO.match(url.path) else "post"
        public = f"https://www.facebook.com{clean.target}"
        return parse(f"https://www.facebook.com/plugins/{plugin}.php?href={quote(public, safe='')}&show_text=true")
    instagram = _INSTAGRAM.match(url.path) if site == "instagram.com" else None
    if instagram is not None:
        return parse(f"https://www.instagram.com/{instagram[1]}/{instagram[2]}/embed/captioned/")
    return None


def _add_embed(visit: Visit, outcome: VisitOutcome, embed: Embed) -> None:
    """Add the embed to the outcome, where it shows the post."""
    text = embed.reading.text if embed.is_success and embed.reading is not None else ""
    if embed.reading is None or len(text) < _LEAST_TEXT or embed.reading.passwords or "/login" in embed.final.url.path:
        return
    if judge(answer_of(embed.trail, embed.reading), cited=embed.trail.hops[0].url).status is Status.BLOCKED:
        return
    gone = _NO_MORE.search(fold(text))
    if gone is not None and len(text) < 1000:
        outcome.notes.append(note("embed-says", detail=excerpt(text, 200)))
        return
    wall = outcome.verdict
    outcome.verdict = Verdict(Status.CAPTURED)
    embeds.add_embed(visit, outcome, embed, _site(visit.url) or visit.url.host)
    why = wall.detail or note("source-is", verdict=str(wall.status))
    seen = note("embed-only", verdict=str(wall.status), reason=wall.reason or "", why=why)
    outcome.verdict = Verdict(Status.PARTIAL, "hollow", seen)


def _add_tiktok_oembed(visit: Visit, outcome: VisitOutcome) -> None:
    """Add TikTok's oEmbed response: the text, author and picture of a video."""
    address = quote(tracking.clean(visit.url).href, safe="")
    _, said = embeds.fetch_json(visit, outcome, parse(f"https://www.tiktok.com/oembed?url={address}"))
    if said is None or not isinstance(said.get("title"), str):
        return
    picture = said.get("thumbnail_url")
    parts = [(picture, "image")] if isinstance(picture, str) else []
    embeds.add_parts(visit, outcome, visit.url, parts, said["title"])
    author = excerpt(said.get("author_name"), 100)
    outcome.title = f"{author} on TikTok" if author else outcome.title
    outcome.verdict = Verdict(Status.PARTIAL, "media", note("tiktok-missing"))


def _tiktok(outcome: VisitOutcome) -> Verdict | None:
    """The verdict in the data of TikTok's page, whose status is always 200."""
    if outcome.trail.broke is not None:
        return None
    found = _TIKTOK_STATUS.search(outcome.trail.final.content(4 << 20).decode("utf-8", "replace"))
    if found is None or found[1] == "0":
        return None
    if found[1] in _TIKTOK_PRIVATE:
        return Verdict(Status.BLOCKED, "login", note("tiktok-private", number=found[1]))
    return Verdict(Status.GONE, "not-found", note("tiktok-unknown", number=found[1]))
