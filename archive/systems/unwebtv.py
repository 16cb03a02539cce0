"""UN Web TV before 2022: the portal forgot its old addresses, and the player behind them is closed.

Asked for, in turn: the cited address; the same without a segment that a script's fault left in it; the player's page.
None of this is the film: where the page is got, live or from an archive, what it shows is not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from archive.capture.page import PlainPage, answer_of, capture_trail, onward
from archive.capture.visit import System, Visit, VisitOutcome
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Facet, Status, Verdict
from archive_manifests.notes import Note, note

HOST = "webtv.un.org"
NO_FILM = note("meeting-page")
ARTEFACT = "/Microsoft.XMLDOM"
"""The name of an ActiveX object, which a script of the portal wrote into its links for some browsers."""
_OLD = re.compile(r"(?:/Microsoft\.XMLDOM)?(?:/[\w-]+)*/watch/[^/]+/(\d{13})(?:/|\Z)")
PLAYER_HOST = "players.brightcove.net"
_PLAYER = f"https://{PLAYER_HOST}/1362235914001/default_default/index.html?videoId="
"""Of the account under which the portal's recordings were kept until 2021."""
_STANDING = (Status.CAPTURED, Status.PARTIAL)


class UnWebTv(System):
    """The old path, what is left of it, and the player of its time."""

    name = "un-web-tv"

    def claims(self, url: Url) -> bool:
        return url.host in (HOST, f"www.{HOST}") and video_id(url) is not None

    def capture(self, visit: Visit) -> VisitOutcome:
        outcome = PlainPage().capture(visit)
        outcome.media = Facet(False, NO_FILM)
        if outcome.verdict.status is Status.CAPTURED:
            outcome.verdict = Verdict(Status.PARTIAL, "media", NO_FILM)
        if outcome.verdict.status not in _STANDING:
            _try_without_artefact(visit, outcome)
        _ask_player(visit, outcome)
        return outcome

    def other_addresses(self, url: Url) -> list[tuple[Url, Note]]:
        """Archives leave out neither query nor artefact by themselves; the number in the path names the recording."""
        plain = parse(f"{url.origin}{url.path}")
        named = [(plain, note("form-without-query"))]
        repaired = without_artefact(url)
        if repaired is not None:
            named.append((repaired, note("form-without-fault", said=ARTEFACT[1:])))
            bare = parse(f"{repaired.origin}{repaired.path}")
            named.append((bare, note("form-without-both", said=ARTEFACT[1:])))
        return named


def video_id(url: Url) -> str | None:
    """The number of the recording that an old address names."""
    found = _OLD.match(url.path)
    return found[1] if found else None


def without_artefact(url: Url) -> Url | None:
    """The address as the portal meant it; None where the artefact is not in it."""
    if not url.target.startswith(f"{ARTEFACT}/"):
        return None
    return parse(f"{url.origin}{url.target.removeprefix(ARTEFACT)}")


def _try_without_artefact(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask for the repaired address: a guess of ours, so what it gives is another copy and no verdict."""
    repaired = without_artefact(visit.url)
    if repaired is None:
        return
    known = answer_of(outcome.trail, outcome.reading) if outcome.trail.broke is None else None
    says_no = known if outcome.verdict.reason == "soft-404" else None
    guess = capture_trail(replace(visit, url=repaired), visit.follow(repaired, onward=onward), says_no=says_no)
    outcome.extra_records += [*guess.trail.records, *guess.extra_records]
    ended = _ended(guess.verdict)
    if guess.verdict.status in _STANDING:
        final = guess.trail.final
        records, status = guess.trail.records, guess.verdict.status
        outcome.copies.append(
            Copy("successor", final.url.href, final.ended, records=records, status=status, notes=(ended,))
        )
        outcome.requisites += guess.requisites
    else:
        outcome.notes.append(ended)


def _ask_player(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask once for the page of the player, which belongs to a company: only where others may be asked."""
    number = video_id(visit.url)
    if number is None or not visit.may_inform_third_parties:
        return
    trail = visit.follow(parse(_PLAYER + number))
    outcome.extra_records += trail.records
    if trail.final.status == 200:
        outcome.players.append(trail.final.url)
    outcome.notes.append(_player_note(number, trail.final))


def _ended(verdict: Verdict) -> Note:
    if verdict.reason is None:
        return note("meeting-guess", said=ARTEFACT[1:], verdict=str(verdict.status))
    return note("meeting-guess-because", said=ARTEFACT[1:], verdict=str(verdict.status), reason=verdict.reason)


def _player_note(number: str, final: Recorded) -> Note:
    if final.status is None:
        return note("meeting-player-silent", number=number, said=final.failure.reason if final.failure else "empty")
    if final.status == 200:
        return note("meeting-player-page", number=number)
    return note("meeting-player-status", number=number, status=final.status)
