"""Fetches films for a source: what an earlier run brought in is taken, the rest asked for.

Imports yt-dlp; import it only where a film is asked for.
"""

from __future__ import annotations

import errno
import shutil
from concurrent.futures import CancelledError
from pathlib import Path

from archive.errors import NotEnoughSpace
from archive.systems.interface import Outcome, Visit
from archive.systems.video import refusals
from archive.systems.video.bringing import Bringing, Film
from archive.systems.video.carrier import OutOfBounds, Stopped
from archive.systems.video.extraction import Extraction, Lost
from archive.systems.video.laying import Laying
from archive.systems.video.merge import Tool, find_tool
from archive.systems.video.players import Player
from archive_manifests.ledger import Status, Verdict

NO_ROOM = "the film was not fetched: there is not enough room for it on the disk"


def fetch_films(visit: Visit, outcome: Outcome, players: list[Player]) -> dict[str, Verdict]:
    """Fetch what players show, and add it to the outcome. Answers what did not come, and why."""
    trail, lost = outcome.trail, {}
    laying = Laying(visit, trail.final.url, trail.final.answer)
    outcome.extra_records += laying.left_over(outcome)
    tool = find_tool()
    try:
        for number, player in enumerate(players, start=1):
            if _is_done(laying, outcome, player):
                continue
            verdict = _fetch(visit, outcome, player, laying, tool, "" if number == 1 else f"-{number}")
            if verdict is not None:
                lost[player.asked] = verdict
    finally:
        outcome.extra_records += laying.records
        outcome.files += laying.files
    return lost


def _is_done(laying: Laying, outcome: Outcome, player: Player) -> bool:
    """Take what an earlier run brought in whole, to the description that it writes last."""
    ties = {path: told for path, told in laying.earlier().items() if told.get("asked") == player.asked}
    last = [told for told in ties.values() if told.get("role") == "description"]
    if not last or any(told.get("missing") for told in last):
        return False
    for path in ties:
        laying.take(path)
    outcome.notes += [note for told in last for note in told.get("notes", []) if isinstance(note, str)]
    return True


def _fetch(
    visit: Visit, outcome: Outcome, player: Player, laying: Laying, tool: Tool | None, suffix: str
) -> Verdict | None:
    """Fetch what one player shows; None where it is here, else why not."""
    work = visit.fetcher.recorder.work
    spool = Path(work.spool) / f"film-{visit.id}{suffix}"
    spool.mkdir(parents=True, exist_ok=True)
    extraction = Extraction(visit, player, spool, merges=tool is not None, any_site=player.name == "page")
    films: list[Film] = []
    try:
        for number, info in enumerate(extraction.films(), start=1):
            films.append(
                Bringing(extraction, laying, tool, suffix if number == 1 else f"{suffix}-{number}").bring(info)
            )
    except Lost:
        _require_disk(visit)
        return refusals.verdict_on(extraction.ear.said, was_found=extraction.was_found)
    except OutOfBounds as bound:
        reason = "policy" if bound.failure.reason == "robots" else "media"
        return Verdict(Status.PARTIAL, reason, f"the film was not fetched whole: {bound.failure.message}")
    except NotEnoughSpace:
        return Verdict(Status.PARTIAL, "media", NO_ROOM)
    except Stopped as stop:
        raise stop.cause from None
    except (OSError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 -- a fault of ours at a film must not cost the page its verdict
        return Verdict(Status.PARTIAL, "media", f"the program failed at the film: {type(error).__name__}: {error}")
    finally:
        extraction.close()
        outcome.extra_records += extraction.carrier.records
        shutil.rmtree(spool, ignore_errors=True)
    return _told(outcome, films)


def _told(outcome: Outcome, films: list[Film]) -> Verdict | None:
    outcome.notes += [note for film in films for note in film.notes]
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
