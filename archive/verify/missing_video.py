"""What a ledger states of a video that is missing: a source is not partial for one without saying so."""

from __future__ import annotations

from archive.capture.page import judge_requisites
from archive_manifests.ledger import SourceEntry, Status

_NOTES = {
    "media": frozenset(
        {
            *("video-missing", "videos-missing", "video-streams", "video-not-yet", "video-protected"),
            *("video-did-not-come", "video-bound", "video-room", "video-fault", "video-none", "video-incomplete"),
        }
    ),
    "policy": frozenset({"video-left-out", "videos-more", "video-of-others", "video-bound"}),
}
"""By the reason of a partial source, the notes that say which video is missing, or why."""
_BESIDE = frozenset({"videos-missing", "video-streams", "video-bound", "video-room", "video-fault", "video-incomplete"})
"""Those that may say that only something beside the picture and sound is missing."""


def states_missing_video(entry: SourceEntry, *, has_video: bool) -> bool:
    """True where the live verdict of a source, partial for its media or by policy, states what is missing.

    That is a note on a video, and media that are absent, or of which something is missing although a video is here:
    `has_video`. By policy, it may also be something that the page needs. (Berkeley Protocol, paragraph 155)
    """
    live = entry.live
    if live.status is not Status.PARTIAL or live.reason not in _NOTES:
        return False
    if live.reason == "policy" and judge_requisites(entry.requisites).reason == "policy":
        return True
    if live.detail is None or live.detail.code not in _NOTES[live.reason]:
        return False
    return not entry.facets.media.present or (has_video and live.detail.code in _BESIDE)
