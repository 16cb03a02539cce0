"""YouTube's question to visitors from some countries, answered once, with the least: "reject all"."""

from __future__ import annotations

from archive.capture.recorded import Recorded
from archive.capture.trail import Trail, follow
from archive.capture.wire import Request
from archive.systems.interface import Outcome, Visit
from archive.systems.page import capture_trail
from archive.systems.reading import onward
from archive.urls import Url

REJECTED = ("Cookie", "SOCS=CAI")
"""What its form sets for "reject all". (yt_dlp/extractor/youtube/_base.py sets the same)"""
_ASKED = "YouTube asked for consent to cookies; the page was asked for again with the answer “reject all”"


def reject_all(visit: Visit, outcome: Outcome) -> None:
    """Ask for the page once more with the answer that its question wants; both are recorded, and both belong to it."""

    def ask(url: Url) -> Recorded:
        accept = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        return visit.send(Request(url, headers=(accept, REJECTED)), {"purpose": _ASKED})

    trail = follow(visit.url, ask, limit=visit.settings.redirects, onward=onward)
    again = capture_trail(visit, trail)
    outcome.trail = Trail((*outcome.trail.hops, *trail.hops), trail.broke)
    outcome.verdict, outcome.reading, outcome.title, outcome.text = (
        again.verdict,
        again.reading,
        again.title,
        again.text,
    )
    outcome.quote_found, outcome.media = again.quote_found, again.media
    outcome.requisites += again.requisites
    outcome.extra_records += again.extra_records
    outcome.notes.append(_ASKED)
