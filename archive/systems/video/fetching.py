"""Fetches films for a source: what an earlier run brought in is taken, the rest asked for.

Imports yt-dlp; import it only where a film is asked for.
"""

from __future__ import annotations

import errno
import shutil
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotEnoughSpace
from archive.systems.interface import Outcome, Visit
from archive.systems.video import refusals
from archive.systems.video.beside import DESCRIPTION, bring_picture, bring_subtitles, describe_film
from archive.systems.video.carrier import FILM_SITE, OutOfBounds, Stopped
from archive.systems.video.client import RUNTIME
from archive.systems.video.extraction import Extraction, Lost
from archive.systems.video.film import Film
from archive.systems.video.laying import Laying
from archive.systems.video.merge import Tool, find_tool
from archive.systems.video.players import Player
from archive.systems.video.streams import bring_streams
from archive_manifests.ledger import Status, Verdict

NO_ROOM = "the film was not fetched: there is not enough room for it on the disk"
NO_RUNTIME = "there is no deno here to run YouTube's player script: the film's forms that need it were not offered"
_LIVE = ("is_live", "is_upcoming")


@dataclass(frozen=True, slots=True)
class Missed:
    """What a player shows is not here, or not all of it."""

    verdict: Verdict
    has_film: bool
    """Its pictures and sound are here, and only something beside them is not."""


def fetch_films(visit: Visit, outcome: Outcome, players: list[Player]) -> dict[str, Missed]:
    """Fetch what players show, and add it to the outcome. Answers what did not come, and why."""
    trail, missed = outcome.trail, {}
    laying = Laying(visit, trail.final.url, trail.final.answer)
    outcome.extra_records += laying.left_over(outcome)
    tool = find_tool()
    try:
        for number, player in enumerate(players, start=1):
            if _is_done(laying, outcome, player):
                continue
            lack = _fetch(visit, outcome, player, laying, tool, "" if number == 1 else f"-{number}")
            if lack is not None:
                missed[player.asked] = lack
    finally:
        outcome.extra_records += laying.records
        outcome.files += laying.files
    return missed


def _is_done(laying: Laying, outcome: Outcome, player: Player) -> bool:
    """Take what an earlier run brought in whole, to the description that it writes last."""
    ties = {path: told for path, told in laying.earlier().items() if told.get("asked") == player.asked}
    last = [told for told in ties.values() if told.get("role") == DESCRIPTION]
    if not last or any(told.get("missing") for told in last):
        return False
    for path in ties:
        laying.take(path)
    outcome.notes += [note for told in last for note in told.get("notes", []) if isinstance(note, str)]
    return True


def _fetch(
    visit: Visit, outcome: Outcome, player: Player, laying: Laying, tool: Tool | None, suffix: str
) -> Missed | None:
    """Fetch what one player shows; None where it is here, else why not."""
    spool = Path(visit.fetcher.recorder.work.spool) / f"film-{visit.id}{suffix}"
    spool.mkdir(parents=True, exist_ok=True)
    extraction = Extraction(visit, player, spool, merges=tool is not None, any_site=player.name == "page")
    films: list[Film] = []
    try:
        for number, info in enumerate(extraction.films(), start=1):
            films.append(Film(info, extraction, laying, suffix if number == 1 else f"{suffix}-{number}"))
            _bring(films[-1], tool)
        lack = _lack(films)
    except Lost:
        _require_disk(visit)
        lack = refusals.verdict_on(extraction.ear.said, was_found=extraction.was_found)
    except OutOfBounds as bound:
        reason = "policy" if bound.failure.reason in ("robots", FILM_SITE) else "media"
        lack = Verdict(Status.PARTIAL, reason, f"the film was not fetched whole: {bound.failure.message}")
    except NotEnoughSpace:
        lack = Verdict(Status.PARTIAL, "media", NO_ROOM)
    except Stopped as stop:
        raise stop.cause from None
    except (OSError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 -- a fault of ours at a film must not cost the page its verdict
        lack = Verdict(Status.PARTIAL, "media", f"the program failed at the film: {type(error).__name__}: {error}")
    finally:
        extraction.close()
        outcome.extra_records += extraction.carrier.records
        outcome.notes += [note for film in films for note in film.notes]
        shutil.rmtree(spool, ignore_errors=True)
    return Missed(lack, bool(films) and all(film.is_here for film in films)) if lack is not None else None


def _bring(film: Film, tool: Tool | None) -> None:
    """Bring one film in. Raises `Lost` where nothing of it can be had, `OutOfBounds`, `NotEnoughSpace`."""
    if film.info.get("live_status") in _LIVE or film.info.get("is_live"):
        film.extraction.ear.error("the live event has not ended: there is no recording yet")
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
        return Verdict(Status.PARTIAL, "media", "the extractor found no film there")
    if missing:
        return Verdict(Status.PARTIAL, "media", f"the film is here, but not {', '.join(missing[:10])}")
    return None


def _require_disk(visit: Visit) -> None:
    """A full disk makes yt-dlp say that a film cannot be had: the run is to stop for it."""
    try:
        visit.fetcher.recorder.work.require_space()
    except NotEnoughSpace as error:
        raise OSError(errno.ENOSPC, "the disk is full") from error
