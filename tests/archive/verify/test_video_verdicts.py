"""The verdict on a source with a video follows from the page's own, and from whether the video is here."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from archive.capture.redirects import Trail
from archive.capture.visit import VisitOutcome
from archive.fetch.source import unvisited
from archive.urls import parse
from archive.verify.sources.video_verdicts import VideosHere, agrees
from archive.verify.visits.replayed_visit import NotRecorded
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Facet, Status, Verdict
from archive_manifests.notes import note
from archive_manifests.sources import Source

URL = "https://www.youtube.com/watch?v=abcdefghijk"
CAPTURED, CUT = Verdict(Status.CAPTURED), Verdict(Status.PARTIAL, "truncated")
HOLLOW, LACKING = Verdict(Status.PARTIAL, "hollow"), Verdict(Status.PARTIAL, "requisites")
CODING = Verdict(Status.PARTIAL, "coding")
GONE = Verdict(Status.GONE, "not-found")
NONE_CAME = Verdict(Status.PARTIAL, "media", note("video-missing", why=note("no-extractor")))
STREAMS = Verdict(Status.PARTIAL, "media", note("video-streams", detail="no more"))
NO_VIDEO, WITH_VIDEO = VideosHere(False, False, False), VideosHere(True, True, True)
SERVED = VideosHere(has_any=True, has_players=False, has_players_file=False)


@pytest.mark.parametrize(
    ("page", "here", "stated", "is_right"),
    [
        (CAPTURED, WITH_VIDEO, CAPTURED, True),
        (HOLLOW, WITH_VIDEO, CAPTURED, True),
        (HOLLOW, WITH_VIDEO, STREAMS, True),
        (HOLLOW, WITH_VIDEO, HOLLOW, False),
        (HOLLOW, SERVED, HOLLOW, True),
        (HOLLOW, WITH_VIDEO, NONE_CAME, False),
        (CAPTURED, WITH_VIDEO, NONE_CAME, False),
        (CUT, WITH_VIDEO, CUT, True),
        (CUT, WITH_VIDEO, CAPTURED, False),
        (CUT, WITH_VIDEO, STREAMS, False),
        (CODING, WITH_VIDEO, CAPTURED, False),
        (LACKING, WITH_VIDEO, CAPTURED, False),
        (LACKING, NO_VIDEO, NONE_CAME, False),
        (CAPTURED, NO_VIDEO, NONE_CAME, True),
        (HOLLOW, NO_VIDEO, NONE_CAME, True),
        (CUT, NO_VIDEO, NONE_CAME, False),
        (CAPTURED, NO_VIDEO, GONE, True),
        (CAPTURED, WITH_VIDEO, GONE, False),
    ],
)
def test_a_video_repairs_a_page_that_is_its_frame_and_nothing_else(
    page: Verdict, here: VideosHere, stated: Verdict, is_right: bool
) -> None:
    hop = Recorded(parse(URL), "GET", "urn:uuid:1", None, NotRecorded(), None, "", "", 0, is_fresh=False)
    outcome, source = VisitOutcome(page, Trail((hop,))), Source(URL, ())
    entry = unvisited("s01", source, stated)
    entry = replace(entry, facets=replace(entry.facets, media=Facet(False, stated.detail)))
    assert agrees(entry, outcome, source, here, page, stated) is is_right
