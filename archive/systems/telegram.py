"""Telegram: a post as its widget shows it. The cited page only frames the widget, and survives a deleted post."""

from __future__ import annotations

import re

from archive.capture.page import capture_trail, onward
from archive.capture.visit import System, Visit, VisitOutcome
from archive.systems import embeds
from archive.systems.embeds import Embed
from archive.urls import Url, parse
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.plain_text import excerpt

HOSTS = ("t.me", "telegram.me", "www.t.me")
_POST = re.compile(r"/(?:s/)?([A-Za-z]\w{3,31})/(\d{1,10})/?\Z")
_PRIVATE = re.compile(r"/c/\d+/\d+/?\Z")
_ERROR = re.compile(r'class="tgme_widget_message_error"[^>]{0,300}>([^<]{1,200})<')
_MESSAGE = "tgme_widget_message_"
_TOO_BIG = re.compile(r"message_media_not_supported|media is too big", re.IGNORECASE)


class Telegram(System):
    """A public post: the cited page, the widget with text, pictures and video, and the channel's page."""

    name = "telegram"

    def claims(self, url: Url) -> bool:
        return url.host in HOSTS and (_POST.match(url.path) or _PRIVATE.match(url.path)) is not None

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = capture_trail(visit, visit.follow(visit.url, onward=onward))
        if _PRIVATE.match(visit.url.path):
            outcome.verdict = Verdict(Status.BLOCKED, "login", note("telegram-private"))
            outcome.notes.append(embeds.SUPPLY)
            return outcome
        post = _POST.match(visit.url.path)
        assert post is not None
        channel, number = post.groups()
        # Signed addresses of media expire, so the widget is requested at once and its parts right after.
        widget = embeds.fetch_embed(visit, outcome, parse(f"https://t.me/{channel}/{number}?embed=1&mode=tme"))
        _judge(visit, outcome, widget)
        embeds.fetch_embed(visit, outcome, parse(f"https://t.me/s/{channel}/{number}"))
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        post = _POST.match(url.path)
        if post is None:
            return []
        channel, number = post.groups()
        channel_page = parse(f"https://t.me/s/{channel}/{number}")
        widget = parse(f"https://t.me/{channel}/{number}?embed=1")
        return [(widget, note("form-widget")), (channel_page, note("form-channel"))]


def _judge(visit: Visit, outcome: VisitOutcome, widget: Embed) -> None:
    """Set the verdict by the widget: it alone shows whether the post exists."""
    if widget.trail.broke is not None:
        outcome.verdict = widget.trail.broke
        return
    markup = widget.markup()
    error = _ERROR.search(markup)
    if error is not None:
        said = excerpt(error[1]) or "the post is not shown"
        outcome.verdict = Verdict(Status.GONE, "not-found", note("telegram-says", detail=said))
    elif not widget.is_success or _MESSAGE not in markup:
        if outcome.verdict.status in (Status.CAPTURED, Status.PARTIAL):
            outcome.verdict = Verdict(Status.BLOCKED, "login", note("telegram-app"))
            outcome.notes.append(embeds.SUPPLY)
    else:
        outcome.verdict = Verdict(Status.CAPTURED)
        embeds.add_embed(visit, outcome, widget, "Telegram")
        if _TOO_BIG.search(markup):
            detail = note("telegram-video")
            outcome.verdict, outcome.media = Verdict(Status.PARTIAL, "media", detail), Facet(False, detail)
