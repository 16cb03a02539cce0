"""UN Web TV before 2022: the portal dropped its old addresses, and the player behind them is closed.

Requested in turn: the cited address; the same without a segment that a faulty script left in it; the player's page.
None of them has the video, which stays missing even where the page is captured.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from archive.capture.page import PlainPage, answer_of, capture_trail, onward
from archive.capture.visit import System, Visit, VisitOutcome
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Facet, Status, Verdict
from archive_manifests.notes import Note, note

HOST = "webtv.un.org"
NO_VIDEO = note("meeting-page")
ARTEFACT = "/Microsoft.XMLDOM"
"""The name of an ActiveX object that a script of the portal wrote into its links in some browsers."""
_OLD = re.compile(r"(?:/Microsoft\.XMLDOM)?(?:/[\w-]+)*/watch/[^/]+/(\d{13})(?:/|\Z)")
PLAYER_HOST = "players.brightcove.net"
_PLAYER = f"https://{PLAYER_HOST}/1362235914001/default_default/index.html?videoId="
"""The player of the portal's account until 2021."""
_ACCESSIBLE = (Status.CAPTURED, Status.PARTIAL)


class UnWebTv(System):
    """The old address, its repaired form, and the player of that time."""

    name = "un-web-tv"

    def claims(self, url: Url) -> bool:
        return url.host in (HOST, f"www.{HOST}") and video_id(url) is not None

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = PlainPage().capture(visit)
        outcome.media = Facet(False, NO_VIDEO)
        if outcome.verdict.status is Status.CAPTURED:
            outcome.verdict = Verdict(Status.PARTIAL, "media", NO_VIDEO)
        if outcome.verdict.status not in _ACCESSIBLE:
            _try_without_artefact(visit, outcome)
        _fetch_player_page(visit, outcome)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        """The address without query and artefact, which archives do not remove."""
        plain = parse(f"{url.origin}{url.path}")
        named = [(plain, note("form-without-query"))]
        repaired = without_artefact(url)
        if repaired is not None:
            named.append((repaired, note("form-without-fault", detail=ARTEFACT[1:])))
            bare = parse(f"{repaired.origin}{repaired.path}")
            named.append((bare, note("form-without-both", detail=ARTEFACT[1:])))
        return named


def video_id(url: Url) -> str | None:
    """The number of the recording in an old address."""
    found = _OLD.match(url.path)
    return found[1] if found else None


def without_artefact(url: Url) -> Url | None:
    """The address without the artefact; None where it has none."""
    if not url.target.startswith(f"{ARTEFACT}/"):
        return None
    return parse(f"{url.origin}{url.target.removeprefix(ARTEFACT)}")


def _try_without_artefact(visit: Visit, outcome: VisitOutcome) -> None:
    """Request the repaired address: an assumption, so its response is another copy and no verdict."""
    repaired = without_artefact(visit.url)
    if repaired is None:
        return
    known = answer_of(outcome.trail, outcome.reading) if outcome.trail.broke is None else None
    says_no = known if outcome.verdict.reason == "soft-404" else None
    repaired_outcome = capture_trail(
        replace(visit, url=repaired), visit.follow(repaired, onward=onward), says_no=says_no
    )
    outcome.extra_records += [*repaired_outcome.trail.records, *repaired_outcome.extra_records]
    ended = _repaired_note(repaired_outcome.verdict)
    if repaired_outcome.verdict.status in _ACCESSIBLE:
        final = repaired_outcome.trail.final
        records, status = repaired_outcome.trail.records, repaired_outcome.verdict.status
        outcome.copies.append(
            Copy("successor", final.url.href, final.ended, records=records, status=status, notes=(ended,))
        )
        outcome.requisites += repaired_outcome.requisites
    else:
        outcome.notes.append(ended)


def _fetch_player_page(visit: Visit, outcome: VisitOutcome) -> None:
    """Request the player's page, of another company: only where third parties may get requests."""
    number = video_id(visit.url)
    if number is None or not visit.may_inform_third_parties:
        return
    trail = visit.follow(parse(_PLAYER + number))
    outcome.extra_records += trail.records
    if trail.final.status == 200:
        outcome.players.append(trail.final.url)
    outcome.notes.append(_player_note(number, trail.final))


def _repaired_note(verdict: Verdict) -> Note:
    if verdict.reason is None:
        return note("meeting-guess", detail=ARTEFACT[1:], verdict=str(verdict.status))
    return note("meeting-guess-because", detail=ARTEFACT[1:], verdict=str(verdict.status), reason=verdict.reason)


def _player_note(number: str, final: Recorded) -> Note:
    if final.status is None:
        return note("meeting-player-silent", number=number, detail=final.failure.reason if final.failure else "empty")
    if final.status == 200:
        return note("meeting-player-page", number=number)
    return note("meeting-player-status", number=number, status=final.status)
