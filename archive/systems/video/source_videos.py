"""Which videos a source shows, which of them are fetched, and the verdict that follows.

The program fetches the videos of players that have a module here, and those that a page serves itself; any other only
where the source manifest says `media = true`. It never fetches videos of hosts that show videos without licence.
"""

from __future__ import annotations

from msgspec.structs import replace

from archive.capture.media_policy import never_media, wants_media
from archive.capture.page import capture_trail, judge_requisites, onward
from archive.capture.redirects import Trail, follow
from archive.capture.visit import Visit, VisitOutcome
from archive.http.request_fields import ACCEPT_PAGE
from archive.net import Request
from archive.systems.video import served
from archive.systems.video.extractor import InstalledExtractor, VideoExtractor
from archive.systems.video.players import EmbeddedPlayer, is_other_player, player_at
from archive.urls import Url, UrlError, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Copy, Facet, Status, Verdict
from archive_manifests.notes import note
from archive_manifests.sources import Source

REJECTED = ("Cookie", "SOCS=CAI")
"""The cookie that YouTube's form sets for "reject all". (yt_dlp/extractor/youtube/_base.py sets the same)"""
_REJECTED_NOTE = note("consent-rejected")


def reject_all(visit: Visit, outcome: VisitOutcome) -> None:
    """Request the page again with consent rejected; both exchanges are recorded and belong to the source."""

    def fetch(url: Url) -> Recorded:
        accept = ("Accept", ACCEPT_PAGE)
        return visit.send(Request(url, headers=(accept, REJECTED)), {"purpose": Purpose.CONSENT_REJECTED})

    trail = follow(visit.url, fetch, limit=visit.settings.redirects, onward=onward)
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
LEFT_OUT = note("video-left-out")
BY_OTHERS = note("video-of-others")
EMBEDDED_AT_MOST = 10
_NAMED_AT_MOST = 10
_INSTALLED = InstalledExtractor()
_ACCESSIBLE = (Status.CAPTURED, Status.PARTIAL)


def add_videos(visit: Visit, outcome: VisitOutcome, extractor: VideoExtractor = _INSTALLED) -> None:
    """Fetch the videos of a source and add them to its outcome."""
    if never_media(visit.url) or never_media(outcome.trail.final.url):
        return
    shown = player_at(visit.url) or player_at(outcome.trail.final.url)
    if shown is not None and shown.name == "youtube" and outcome.verdict.reason == "consent":
        reject_all(visit, outcome)
    if outcome.players and wants_media(visit, outcome.trail.final.url) and extractor.is_installed():
        _fetch_from_other_players(visit, outcome, extractor)
    if outcome.verdict.status in _ACCESSIBLE:
        _fetch_shown(visit, outcome, shown, extractor)
    elif outcome.verdict.status is Status.BLOCKED and visit.source.media and wants_media(visit):
        _fetch_behind_wall(visit, outcome, extractor)


def _fetch_shown(visit: Visit, outcome: VisitOutcome, shown: EmbeddedPlayer | None, extractor: VideoExtractor) -> None:
    """Fetch the video that an accessible page consists of, or those that it embeds."""
    if not wants_media(visit):
        if shown is not None or _shows_other_player(visit, outcome):
            _mark_incomplete(outcome, Verdict(Status.PARTIAL, "policy", LEFT_OUT))
        return
    extractor.write_served(visit, outcome)
    if shown is not None:
        _fetch_players(visit, outcome, [shown], extractor, is_cited=True)
        return
    players = _players_of(visit, outcome)
    if players:
        _fetch_players(visit, outcome, players[:EMBEDDED_AT_MOST], extractor, is_cited=False)
    if len(players) > EMBEDDED_AT_MOST:
        more = note("videos-more", n=EMBEDDED_AT_MOST, all=len(players))
        _mark_incomplete(outcome, Verdict(Status.PARTIAL, "policy", more))
    if visit.source.media is None and _shows_other_player(visit, outcome):
        _mark_incomplete(outcome, Verdict(Status.PARTIAL, "policy", BY_OTHERS))


def shows_videos(outcome: VisitOutcome, source: Source) -> bool:
    """True where the verdict on a source may depend on a video: it is or embeds a player, or a person requests it."""
    addresses = [outcome.trail.hops[0].url, outcome.trail.final.url, *_frames(outcome), *outcome.players]
    has_player = any(player_at(url) is not None or is_other_player(url) for url in addresses)
    return has_player or bool(source.media) or any(each.kind == "media" for each in outcome.requisites)


def _players_of(visit: Visit, outcome: VisitOutcome) -> list[EmbeddedPlayer]:
    """The players that a page embeds: in frames, as playlists, or, where a person requests it, of any kind."""
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


def _shows_other_player(visit: Visit, outcome: VisitOutcome) -> bool:
    """True where a page is or embeds a player without a module here."""
    return any(is_other_player(url) for url in (visit.url, outcome.trail.final.url, *_frames(outcome)))


def _fetch_players(
    visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer], extractor: VideoExtractor, *, is_cited: bool
) -> None:
    """Fetch videos and set the verdict: for a cited player it is the verdict on its video."""
    if not extractor.is_installed():
        _mark_incomplete(outcome, Verdict(Status.PARTIAL, "media", note("video-missing", why=INSTALL)))
        return
    missing = extractor.fetch(visit, outcome, players)
    if not missing:
        _mark_complete(outcome)
        return
    has_videos = all(each.has_video for each in missing.values())
    if is_cited:
        (missed,) = missing.values()
        _mark_incomplete(outcome, missed.verdict, has_videos=has_videos)
        return
    why = tuple(note("video-at", url=url, why=each.why) for url, each in list(missing.items())[:_NAMED_AT_MOST])
    detail = note("videos-missing", n=len(missing), all=len(players), why=why)
    _mark_incomplete(outcome, Verdict(Status.PARTIAL, "media", detail), has_videos=has_videos)


def _fetch_from_other_players(visit: Visit, outcome: VisitOutcome, extractor: VideoExtractor) -> None:
    """Fetch videos from players that a system found beside the page, as further copies."""
    for player in filter(None, map(player_at, outcome.players)):
        before = len(outcome.files)
        missing = extractor.fetch(visit, outcome, [player])
        files, outcome.files = tuple(outcome.files[before:]), outcome.files[:before]
        shown = visit.fetch_page(player.page)
        outcome.notes += [note("video-at-player", url=player.page.href, why=each.why) for each in missing.values()]
        if files:
            notes = (note("video-beside"),)
            copy = Copy("live", player.page.href, shown.ended, records=(shown.answer,), files=files, notes=notes)
            outcome.copies.append(replace(copy, status=Status.PARTIAL if missing else Status.CAPTURED))
            _mark_complete(outcome)


def _fetch_behind_wall(visit: Visit, outcome: VisitOutcome, extractor: VideoExtractor) -> None:
    """Fetch the video of a page behind a wall: some sites serve guests the video without the page."""
    if not extractor.is_installed():
        outcome.notes.append(note("video-not-requested", why=INSTALL))
        return
    final, wall = outcome.trail.final, outcome.verdict
    missing = extractor.fetch(visit, outcome, [EmbeddedPlayer("page", visit.url.href, final.url)])
    outcome.notes += [note("video-requested", why=each.why) for each in missing.values()]
    if not all(each.has_video for each in missing.values()):
        return
    detail = note("video-behind-wall", why=wall.detail or note("source-is", verdict=str(wall.status)))
    outcome.verdict, outcome.media = Verdict(Status.PARTIAL, "hollow", detail), Facet(True)


def _mark_complete(outcome: VisitOutcome) -> None:
    """Note that the video is here; a page without any other defect is then captured."""
    outcome.media = Facet(True)
    if outcome.verdict.status is Status.PARTIAL and outcome.verdict.reason in ("hollow", "media"):
        outcome.verdict = judge_requisites(outcome.requisites)


def _mark_incomplete(outcome: VisitOutcome, verdict: Verdict, *, has_videos: bool = False) -> None:
    """Set the verdict that a video is missing or incomplete, unless the verdict is worse already."""
    says_less = outcome.verdict.status is Status.CAPTURED or outcome.verdict.reason == "hollow"
    if says_less or verdict.status is not Status.PARTIAL:
        outcome.verdict = verdict
    elif verdict.detail is not None:
        outcome.notes.append(verdict.detail)
    outcome.media = Facet(True) if has_videos else Facet(False, verdict.detail)
