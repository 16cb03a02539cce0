"""Which films a source shows, which of them are fetched, and what that makes of its verdict.

Fetched are the films of players that have a module here, and those that a page serves itself; any other only where the
source manifest says `media = true`. Films of hosts that show what is not theirs are never fetched.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace

from archive.capture.media_policy import never_media, wants_media
from archive.capture.page import capture_trail, judge_requisites, onward
from archive.capture.redirects import Trail, follow
from archive.capture.visit import Visit, VisitOutcome
from archive.net import Request
from archive.systems.video import served
from archive.systems.video.players import EmbeddedPlayer, is_other_player, player_at
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Copy, Facet, Status, Verdict
from archive_manifests.notes import note
from archive_manifests.sources import Source

REJECTED = ("Cookie", "SOCS=CAI")
"""What its form sets for "reject all". (yt_dlp/extractor/youtube/_base.py sets the same)"""
_REJECTED_NOTE = note("consent-rejected")


def reject_all(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask for the page once more with the answer that its question wants; both are recorded, and both belong to it."""

    def ask(url: Url) -> Recorded:
        accept = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        return visit.send(Request(url, headers=(accept, REJECTED)), {"purpose": Purpose.CONSENT_REJECTED})

    trail = follow(visit.url, ask, limit=visit.settings.redirects, onward=onward)
    again = capture_trail(visit, trail)
    outcome.trail = Trail((*outcome.trail.hops, *trail.hops), trail.broke)
    outcome.verdict, outcome.reading, outcome.title, outcome.text = (
        again.verdict,
        again.reading,
        again.title,
        again.text,
    )
    outcome.quote_found, outcome.media = again.quote_found, again.media
    outcome.requisites += again.requisites
    outcome.extra_records += again.extra_records
    outcome.notes.append(_REJECTED_NOTE)


INSTALL = note("no-extractor")
LEFT_OUT = note("film-left-out")
BY_OTHERS = note("film-of-others")
EMBEDDED_AT_MOST = 10
_NAMED_AT_MOST = 10
_STANDING = (Status.CAPTURED, Status.PARTIAL)


def complete(visit: Visit, outcome: VisitOutcome) -> None:
    """Add the films to what a system made of a source."""
    if never_media(visit.url) or never_media(outcome.trail.final.url):
        return
    shown = player_at(visit.url) or player_at(outcome.trail.final.url)
    if shown is not None and shown.name == "youtube" and outcome.verdict.reason == "consent":
        reject_all(visit, outcome)
    if outcome.players and wants_media(visit, outcome.trail.final.url) and _has_extractor():
        _bring_from_elsewhere(visit, outcome)
    if outcome.verdict.status in _STANDING:
        _bring_shown(visit, outcome, shown)
    elif outcome.verdict.status is Status.BLOCKED and visit.source.media and wants_media(visit):
        _bring_past_wall(visit, outcome)


def _bring_shown(visit: Visit, outcome: VisitOutcome, shown: EmbeddedPlayer | None) -> None:
    """Bring what a page shows that is here: the film that it is, or those that it has beside its text."""
    if not wants_media(visit):
        if shown is not None or _is_others(visit, outcome):
            _lack(outcome, Verdict(Status.PARTIAL, "policy", LEFT_OUT))
        return
    served.lay_down(visit, outcome)
    if shown is not None:
        _bring(visit, outcome, [shown], is_cited=True)
        return
    players = _players_of(visit, outcome)
    if players:
        _bring(visit, outcome, players[:EMBEDDED_AT_MOST], is_cited=False)
    if len(players) > EMBEDDED_AT_MOST:
        more = note("films-more", n=EMBEDDED_AT_MOST, all=len(players))
        _lack(outcome, Verdict(Status.PARTIAL, "policy", more))
    if visit.source.media is None and _is_others(visit, outcome):
        _lack(outcome, Verdict(Status.PARTIAL, "policy", BY_OTHERS))


def shows_films(outcome: VisitOutcome, source: Source) -> bool:
    """True where the verdict on a source may rest on a film: it is a player, or shows one, or a person asks for it."""
    addresses = [outcome.trail.hops[0].url, outcome.trail.final.url, *_frames(outcome), *outcome.players]
    has_player = any(player_at(url) is not None or is_other_player(url) for url in addresses)
    return has_player or bool(source.media) or any(each.kind == "media" for each in outcome.requisites)


def _players_of(visit: Visit, outcome: VisitOutcome) -> list[EmbeddedPlayer]:
    """The films that a page shows beside what it is: in frames, as playlists, or, where a person says so, anyhow."""
    frames = _frames(outcome)
    found = [player for url in frames if (player := player_at(url)) is not None]
    found += served.playlists(visit, outcome)
    if visit.source.media:
        found += [EmbeddedPlayer("page", url.href, url) for url in frames if is_other_player(url)]
        if not found and not outcome.media.present:
            final = outcome.trail.final.url
            found.append(EmbeddedPlayer("page", final.href, final))
    return list({player.address: player for player in reversed(found)}.values())[::-1]


def _frames(outcome: VisitOutcome) -> list[Url]:
    found = []
    for requisite in outcome.requisites:
        if requisite.kind == "frame":
            try:
                found.append(parse(requisite.url))
            except UrlError:
                continue
    return found


def _is_others(visit: Visit, outcome: VisitOutcome) -> bool:
    """True where a page is, or frames, a player without a module here."""
    return any(is_other_player(url) for url in (visit.url, outcome.trail.final.url, *_frames(outcome)))


def _bring(visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer], *, is_cited: bool) -> None:
    """Fetch films and say what came: of a player that is itself cited, the verdict is its film's."""
    if not _has_extractor():
        _lack(outcome, Verdict(Status.PARTIAL, "media", note("film-missing", why=INSTALL)))
        return
    from archive.systems.video.fetching import fetch_films

    missed = fetch_films(visit, outcome, players)
    if not missed:
        _have(outcome)
        return
    has_films = all(each.has_film for each in missed.values())
    if is_cited:
        (lack,) = missed.values()
        _lack(outcome, lack.verdict, has_films=has_films)
        return
    why = tuple(note("film-at", url=url, why=each.why) for url, each in list(missed.items())[:_NAMED_AT_MOST])
    detail = note("films-missing", n=len(missed), all=len(players), why=why)
    _lack(outcome, Verdict(Status.PARTIAL, "media", detail), has_films=has_films)


def _bring_from_elsewhere(visit: Visit, outcome: VisitOutcome) -> None:
    """Fetch films from players that a system found beside the page: copies of their own, whatever the page is."""
    from archive.systems.video.fetching import fetch_films

    for player in filter(None, map(player_at, outcome.players)):
        before = len(outcome.files)
        missed = fetch_films(visit, outcome, [player])
        files, outcome.files = tuple(outcome.files[before:]), outcome.files[:before]
        shown = visit.fetch_page(player.page)
        outcome.notes += [note("film-at-player", url=player.page.href, why=each.why) for each in missed.values()]
        if files:
            notes = (note("film-beside"),)
            copy = Copy("live", player.page.href, shown.ended, records=(shown.answer,), files=files, notes=notes)
            outcome.copies.append(replace(copy, status=Status.PARTIAL if missed else Status.CAPTURED))
            _have(outcome)


def _bring_past_wall(visit: Visit, outcome: VisitOutcome) -> None:
    """Ask for the film of a page behind a wall: some sites give guests a film that they give no page for."""
    if not _has_extractor():
        outcome.notes.append(note("film-not-requested", why=INSTALL))
        return
    from archive.systems.video.fetching import fetch_films

    final, wall = outcome.trail.final, outcome.verdict
    missed = fetch_films(visit, outcome, [EmbeddedPlayer("page", visit.url.href, final.url)])
    outcome.notes += [note("film-requested", why=each.why) for each in missed.values()]
    if not all(each.has_film for each in missed.values()):
        return
    detail = note("film-behind-wall", why=wall.detail or note("source-is", verdict=str(wall.status)))
    outcome.verdict, outcome.media = Verdict(Status.PARTIAL, "hollow", detail), Facet(True)


def _have(outcome: VisitOutcome) -> None:
    """The film is here, and a page that only lacked it lacks nothing."""
    outcome.media = Facet(True)
    if outcome.verdict.status is Status.PARTIAL and outcome.verdict.reason in ("hollow", "media"):
        outcome.verdict = judge_requisites(outcome.requisites)


def _has_extractor() -> bool:
    return importlib.util.find_spec("yt_dlp") is not None


def _lack(outcome: VisitOutcome, verdict: Verdict, *, has_films: bool = False) -> None:
    """A film is not here, or not all of it: the verdict says so, unless it says something worse already."""
    says_less = outcome.verdict.status is Status.CAPTURED or outcome.verdict.reason == "hollow"
    if says_less or verdict.status is not Status.PARTIAL:
        outcome.verdict = verdict
    elif verdict.detail is not None:
        outcome.notes.append(verdict.detail)
    outcome.media = Facet(True) if has_films else Facet(False, verdict.detail)
