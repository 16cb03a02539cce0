"""What of a page is said to be here, where a picture or a video decides it. (Berkeley Protocol, paragraph 155)"""

from __future__ import annotations

from collections.abc import Iterator

from archive.capture.visit import VisitOutcome
from archive.words.notes import describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Facet, SourceEntry, Status
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 160
SCREENSHOT = "/screenshot.png"
_OF_PAGE = frozenset({"no-media-named", "no-media-requested", "media-missing"})
"""Reasons that the page alone gives."""
_REPLACEABLE = frozenset({"video-left-out", "video-of-others", "videos-more", "video-bound"})
"""Reasons under a verdict of policy, which is judged anew once a browser got what the page lacks."""


def check_appearance(entry: SourceEntry) -> Iterator[Finding]:
    """An appearance is a rendering, or a picture that a person supplied."""
    has_picture = any(
        path.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".tif", ".tiff"))
        for copy in entry.copies
        if copy.kind == "supplied"
        for path in copy.files
    )
    is_seen = entry.rendering is not None or has_picture
    if entry.facets.appearance.present and not is_seen:
        facts = {"expected": "False", "found": "True", "source": entry.id}
        yield make_finding("facet-contradicted", LEDGER, **facts, note="appearance: nothing shows it")
    is_drawn = entry.rendering is not None and any(path.endswith(SCREENSHOT) for path in entry.rendering.files)
    if is_drawn and not entry.facets.appearance.present:
        facts = {"expected": "True", "found": _said(entry.facets.appearance)[:_SHOWN], "source": entry.id}
        yield make_finding("facet-contradicted", LEDGER, **facts, note="appearance")


def check_media(entry: SourceEntry, outcome: VisitOutcome, *, shows_videos: bool, has_video: bool) -> Iterator[Finding]:
    """Media are what the page names of them, and the videos that are files of their own; an absence has its reason.

    `has_video` is whether a file of the source is a player's video that its own record ties to it. One that the page
    serves itself is among what it names: another of them may be missing.
    """
    stated, derived = entry.facets.media, outcome.media
    if not shows_videos:
        is_right, expected = stated == derived, _said(derived)
    elif stated.present:
        is_right, expected = has_video or derived.present, "False: no video is here"
    elif has_video and entry.live.status is Status.CAPTURED:
        is_right, expected = False, "True"
    else:
        known = (derived.reason, entry.live.detail, *entry.notes)
        is_right, expected = stated.reason in known, "a reason that goes with the verdict"
    if not is_right:
        facts = {"expected": expected[:_SHOWN], "found": _said(stated)[:_SHOWN], "source": entry.id}
        yield make_finding("facet-contradicted", LEDGER, **facts, note="media")


def check_media_beside_browser(
    entry: SourceEntry, outcome: VisitOutcome, *, shows_videos: bool, has_video: bool
) -> Iterator[Finding]:
    """The same of a page that a browser was at: it changes no facet, but may have got what the visit did not."""
    stated, derived = entry.facets.media, outcome.media
    code = stated.reason.code if stated.reason is not None else None
    if stated.present:
        is_right = derived.present or (shows_videos and has_video)
        is_right = is_right and stated.reason == (derived.reason if derived.present else None)
    elif shows_videos and code not in _OF_PAGE:
        # Of a video: the verdict says it as well, unless it was one that what the browser got can replace.
        is_right = code in _REPLACEABLE or stated.reason in (derived.reason, entry.live.detail, *entry.notes)
    elif shows_videos and has_video and entry.live.status is Status.CAPTURED:
        is_right = False
    else:
        # A file that was missing at first, and that the browser got, leaves the facet as it was.
        came_late = any(each.kind == "media" and each.hops for each in entry.requisites)
        is_right = stated == derived or (derived.present and code == "media-missing" and came_late)
    if not is_right:
        facts = {"expected": _said(derived)[:_SHOWN], "found": _said(stated)[:_SHOWN], "source": entry.id}
        yield make_finding("facet-contradicted", LEDGER, **facts, note="media")


def _said(facet: Facet) -> str:
    if facet.reason is None:
        return str(facet.present)
    said = describe_stated(facet.reason)
    return f"{facet.present}: {said}"
