"""What it means when an extractor comes back without a film: its own words, and those of the site that it passes on.

yt-dlp has no codes for this, only sentences, its own and the sites'. (yt_dlp/extractor/youtube/_video.py, common.py)
"""

from __future__ import annotations

import re

from archive_manifests.ledger import Status, Verdict

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_ADVICE = re.compile(
    r"\s*(?:please report this issue on\b|See\s+https?://\S+ for|Use --|For advice|Confirm you are on the latest).*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 600
# The first that fits counts: a private video is also "unavailable", and a removed one too.
_MEANINGS: tuple[tuple[str, Status, str], ...] = (
    (r"not a bot|unusual traffic|captcha|cloudflare anti-bot|confirm you.?re human", Status.BLOCKED, "challenge"),
    (
        r"confirm your age|age.?restricted|inappropriate for some users|age.?gate|verify your age",
        Status.BLOCKED,
        "login",
    ),
    (r"private video|video is private|is private\b|this album is private", Status.BLOCKED, "login"),
    (
        r"in your (?:country|region|location)|geo.?restrict|not available from your location",
        Status.BLOCKED,
        "geo",
    ),
    (r"too many (?:users|requests)|rate.?limit|quota|HTTP Error 429|try again later", Status.BLOCKED, "rate"),
    (
        r"removed by the (?:uploader|user)|has been removed|account .{0,60}(?:terminated|closed|suspended)"
        r"|copyright (?:claim|infringement|grounds)|been deleted|does not exist|video is unavailable|video unavailable"
        r"|account not found|no longer available|violat\w+ .{0,60}(?:terms|policy|guidelines)"
        r"|HTTP Error 4(?:04|10)|no such video",
        Status.GONE,
        "not-found",
    ),
    (
        r"members.?only|join this channel|requires? (?:payment|purchase|subscription)|premium|log ?in|sign in|password"
        r"|credentials|registered users|cookies",
        Status.BLOCKED,
        "login",
    ),
    (
        r"embed-only|privacy settings|access is forbidden|forbidden|HTTP Error 40[13]|not authori[sz]ed",
        Status.BLOCKED,
        "forbidden",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), status, reason) for pattern, status, reason in _MEANINGS)
_NOT_YET = re.compile(
    r"premieres? (?:in|will)|will begin|live event|scheduled|waiting for|not (?:yet )?started|upcoming", re.IGNORECASE
)
_PROTECTED = re.compile(r"\bDRM\b", re.IGNORECASE)


def verdict_on(said: list[str], *, was_found: bool) -> Verdict:
    """The verdict on a film that did not come, from all that was said on the way, the last sentence first.

    Where it `was_found`, its site shows it: what failed is the way to its streams, and the page is none the worse.
    """
    heard = [plain(text) for text in reversed(said) if text.strip()]
    detail = "; ".join(dict.fromkeys(heard))[:_LONGEST] or "the extractor gave no reason"
    if was_found and not any(_NOT_YET.search(text) for text in heard):
        return Verdict(Status.PARTIAL, "media", f"the film was found, but its streams did not come: {detail}")
    for text in heard:
        if _NOT_YET.search(text):
            return Verdict(Status.PARTIAL, "media", f"there is no recording yet: {detail}")
        if _PROTECTED.search(text):
            return Verdict(Status.PARTIAL, "media", f"the film is locked by its publisher (DRM): {detail}")
        for pattern, status, reason in _COMPILED:
            if pattern.search(text):
                return Verdict(status, reason, detail)
    return Verdict(Status.PARTIAL, "media", f"the film did not come: {detail}")


def plain(text: str) -> str:
    """A sentence of yt-dlp's without colours and without its advice to its own users."""
    bare = _ADVICE.sub("", _ESCAPES.sub("", text)).strip()
    return " ".join(bare.removeprefix("ERROR:").split()).rstrip(";,. ")
