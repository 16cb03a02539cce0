"""What extractors say, in their own words, and the verdict that it is."""

from __future__ import annotations

import pytest

from archive.systems.video.fetching import plain, verdict_on
from tests.note_texts import text_of

# Sentences of yt-dlp 2026.10 and of the sites that it passes on.
SAID = [
    ("ERROR: [youtube] ut0DuECJLjs: Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies for the "
     "authentication. See  https://github.com/yt-dlp/yt-dlp/wiki/FAQ for how to manually pass cookies.", "blocked", "challenge"),
    ("[youtube] x: Sign in to confirm your age. This video may be inappropriate for some users.", "blocked", "login"),
    ("[youtube] x: Private video. Sign in if you've been granted access to this video", "blocked", "login"),
    ("[youtube] x: Video unavailable. This video is private", "blocked", "login"),
    ("[youtube] x: Join this channel to get access to members-only content like this video.", "blocked", "login"),
    ("[youtube] x: The uploader has not made this video available in your country", "blocked", "geo"),
    ("[vimeo] This video is not available from your location due to geo restriction", "blocked", "geo"),
    ("[youtube] x: This content isn't available, try again later. The current session has been rate-limited", "blocked", "rate"),
    ("[generic] Unable to download webpage: HTTP Error 429: Too Many Requests", "blocked", "rate"),
    ("[youtube] x: Video unavailable. This video has been removed by the uploader", "gone", "not-found"),
    ("[youtube] x: Video unavailable. This video is no longer available because the YouTube account associated with this "
     "video has been terminated.", "gone", "not-found"),
    ("[youtube] x: Video unavailable. This video is no longer available due to a copyright claim by Al-Ikhbariya",
     "gone", "not-found"),
    ("[youtube] x: This video has been removed for violating YouTube's Community Guidelines", "gone", "not-found"),
    ("[brightcove:new] 1: Account not found", "gone", "not-found"),
    ("[vimeo] 1: Unable to download webpage: HTTP Error 404: Not Found", "gone", "not-found"),
    ("[vimeo] 1: This video is protected by a password, use the --video-password option", "blocked", "login"),
    ("[Kaltura] 1_x: The access is forbidden", "blocked", "forbidden"),
    ("[youtube] x: Premieres in 3 hours", "partial", "media"),
    ("[youtube] x: This live event will begin in 10 hours.", "partial", "media"),
    ("[generic] x: This video is DRM protected", "partial", "media"),
    ("[generic] Unsupported URL: https://press.example/", "partial", "media"),
    ("[generic] x: Unable to download JSON metadata: timeout: no complete head within 60 s", "partial", "media"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "status", "reason"), SAID)
def test_each_refusal_has_its_verdict(said: str, status: str, reason: str) -> None:
    verdict = verdict_on([said], has_stream=False)
    assert (str(verdict.status), verdict.reason) == (status, reason)
    assert plain(said) in text_of(verdict.detail)


def test_the_reason_may_stand_in_a_warning_alone() -> None:
    said = ["[GoogleDrive] Too many users have viewed or downloaded this file recently", "[GoogleDrive] No video formats found!"]
    verdict = verdict_on(said, has_stream=False)
    assert (str(verdict.status), verdict.reason) == ("blocked", "rate")
    assert text_of(verdict.detail) == "[GoogleDrive] No video formats found!; [GoogleDrive] Too many users have viewed or downloaded this file recently"


def test_what_was_found_is_not_gone_because_a_stream_failed() -> None:
    verdict = verdict_on(["unable to download video data: HTTP Error 404: Not Found"], has_stream=True)
    assert (str(verdict.status), verdict.reason) == ("partial", "media")


def test_nothing_said_is_said_so() -> None:
    assert text_of(verdict_on([], has_stream=False).detail) == "the video did not arrive: the extractor gave no reason"


def test_advice_to_users_of_yt_dlp_is_left_out() -> None:
    said = "\x1b[0;31mERROR:\x1b[0m [generic] x: Unable to extract title; please report this issue on  https://github.com/yt-dlp"
    assert plain(said) == "[generic] x: Unable to extract title"
