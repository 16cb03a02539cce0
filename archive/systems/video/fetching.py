"""Fetches films for a source; what an earlier run has fetched is reused.

Imports yt-dlp: import this module only where a film is requested.
"""

from __future__ import annotations

import errno
import re
import shutil
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from archive.capture.visit import Visit, VisitOutcome
from archive.errors import NotEnoughSpace
from archive.systems.video.client import RUNTIME
from archive.systems.video.extraction import Extraction, Lost
from archive.systems.video.extras import DESCRIPTION, bring_picture, bring_subtitles, describe_film
from archive.systems.video.ffmpeg import Tool, find_tool
from archive.systems.video.files import SourceFiles
from archive.systems.video.film import Film
from archive.systems.video.handler import FILM_SITE, OutOfBounds, Stopped
from archive.systems.video.players import EmbeddedPlayer
from archive.systems.video.streams import bring_streams
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note, read_note

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
        return Verdict(Status.PARTIAL, "media", note("film-streams", said=detail))
    for text in heard:
        if _NOT_YET.search(text):
            return Verdict(Status.PARTIAL, "media", note("film-not-yet", said=detail))
        if _PROTECTED.search(text):
            return Verdict(Status.PARTIAL, "media", note("film-protected", said=detail))
        for pattern, status, reason in _COMPILED:
            if pattern.search(text):
                return Verdict(status, reason, note("film-refused", said=detail))
    return Verdict(Status.PARTIAL, "media", note("film-did-not-come", said=detail))


def plain(text: str) -> str:
    """A sentence of yt-dlp's without colours and without its advice to its own users."""
    bare = _ADVICE.sub("", _ESCAPES.sub("", text)).strip()
    return " ".join(bare.removeprefix("ERROR:").split()).rstrip(";,. ")


NO_ROOM = note("film-room")
NO_RUNTIME = note("no-deno")
_LIVE = ("is_live", "is_upcoming")


@dataclass(frozen=True, slots=True)
class Missed:
    """What a player shows is not here, or not all of it."""

    verdict: Verdict
    has_film: bool
    """Its pictures and sound are here, and only something beside them is not."""

    @property
    def why(self) -> Note:
        return self.verdict.detail or note("source-is", verdict=str(self.verdict.status))


def fetch_films(visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer]) -> dict[str, Missed]:
    """Fetch what players show, and add it to the outcome. Answers what did not come, and why."""
    trail, missed = outcome.trail, {}
    source_files = SourceFiles(visit, trail.final.url, trail.final.answer)
    outcome.extra_records += source_files.left_over(outcome)
    tool = find_tool()
    try:
        for number, player in enumerate(players, start=1):
            if _is_done(source_files, outcome, player):
                continue
            lack = _fetch(visit, outcome, player, source_files, tool, "" if number == 1 else f"-{number}")
            if lack is not None:
                missed[player.address] = lack
    finally:
        outcome.extra_records += source_files.records
        outcome.files += source_files.files
    return missed


def _is_done(source_files: SourceFiles, outcome: VisitOutcome, player: EmbeddedPlayer) -> bool:
    """Take what an earlier run brought in whole, to the description that it writes last."""
    ties = {path: link for path, link in source_files.earlier().items() if link.get("asked") == player.address}
    last = [link for link in ties.values() if link.get("role") == DESCRIPTION]
    if not last or any(link.get("missing") for link in last):
        return False
    for path in ties:
        source_files.take(path)
    outcome.notes += [
        known for link in last for each in link.get("notes", []) if (known := read_note(each)) is not None
    ]
    return True


def _fetch(
    visit: Visit,
    outcome: VisitOutcome,
    player: EmbeddedPlayer,
    source_files: SourceFiles,
    tool: Tool | None,
    suffix: str,
) -> Missed | None:
    """Fetch what one player shows; None where it is here, else why not."""
    spool = Path(visit.work.spool) / f"film-{visit.id}{suffix}"
    spool.mkdir(parents=True, exist_ok=True)
    extraction = Extraction(visit, player, spool, merges=tool is not None, any_site=player.name == "page")
    films: list[Film] = []
    try:
        for number, info in enumerate(extraction.films(), start=1):
            films.append(Film(info, extraction, source_files, suffix if number == 1 else f"{suffix}-{number}"))
            _bring(films[-1], tool)
        lack = _lack(films)
    except Lost:
        _require_disk(visit)
        lack = verdict_on(extraction.log.said, was_found=extraction.was_found)
    except OutOfBounds as bound:
        reason = "policy" if bound.failure.reason in ("robots", FILM_SITE) else "media"
        lack = Verdict(Status.PARTIAL, reason, note("film-bound", said=bound.failure.message))
    except NotEnoughSpace:
        lack = Verdict(Status.PARTIAL, "media", NO_ROOM)
    except Stopped as stop:
        raise stop.cause from None
    except (OSError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 -- a fault of ours at a film must not cost the page its verdict
        lack = Verdict(Status.PARTIAL, "media", note("film-fault", said=f"{type(error).__name__}: {error}"))
    finally:
        extraction.close()
        outcome.extra_records += extraction.carrier.records
        outcome.notes += [each for film in films for each in film.notes]
        shutil.rmtree(spool, ignore_errors=True)
    return Missed(lack, bool(films) and all(film.is_here for film in films)) if lack is not None else None


def _bring(film: Film, tool: Tool | None) -> None:
    """Bring one film in. Raises `Lost` where nothing of it can be had, `OutOfBounds`, `NotEnoughSpace`."""
    if film.info.get("live_status") in _LIVE or film.info.get("is_live"):
        film.extraction.log.error("the live event has not ended: there is no recording yet")
        raise Lost
    if film.extraction.player.name == "youtube" and shutil.which(RUNTIME) is None:
        film.notes.append(NO_RUNTIME)
    bring_streams(film, tool)
    bring_subtitles(film)
    bring_picture(film)
    describe_film(film)


def _lack(films: list[Film]) -> Verdict | None:
    missing = [each for film in films for each in film.missing]
    if not films:
        return Verdict(Status.PARTIAL, "media", note("film-none"))
    if missing:
        return Verdict(Status.PARTIAL, "media", note("film-incomplete", said=", ".join(missing[:10])))
    return None


def _require_disk(visit: Visit) -> None:
    """A full disk makes yt-dlp say that a film cannot be had: the run is to stop for it."""
    try:
        visit.work.require_space()
    except NotEnoughSpace as error:
        raise OSError(errno.ENOSPC, "the disk is full") from error
