"""What fetches the videos of players, and the statement in which it records what came of it (`archive.videos/1`).

At capture it is yt-dlp. Where a visit is made again from its records, that statement takes its place: what a player
refused, and why a video is missing, is then compared like everything else of the visit.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from archive.capture.visit import Visit, VisitOutcome
from archive.systems.video import served
from archive.systems.video.players import EmbeddedPlayer
from archive.words.notes import with_text
from archive_manifests.ledger import Requisite, Verdict
from archive_manifests.notes import Note, note, read_note

SCHEMA = "archive.videos/1"


class MissingVideo(Struct, frozen=True):
    """A video that was not fetched, or not whole."""

    verdict: Verdict
    has_video: bool
    """Picture and sound are here; only something beside them is missing."""

    @property
    def why(self) -> Note:
        return self.verdict.detail or note("source-is", verdict=str(self.verdict.status))


class VideoExtractor(Protocol):
    """What fetches videos."""

    def is_installed(self) -> bool: ...

    def write_served(self, visit: Visit, outcome: VisitOutcome) -> None:
        """Add the media that a page serves itself to the outcome, as files."""

    def fetch(self, visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer]) -> dict[str, MissingVideo]:
        """Fetch the videos of players and add them to the outcome. Returns what is missing by player's address."""


class InstalledExtractor:
    """yt-dlp, where it is installed; what comes of its work is recorded."""

    def is_installed(self) -> bool:
        return importlib.util.find_spec("yt_dlp") is not None

    def write_served(self, visit: Visit, outcome: VisitOutcome) -> None:
        served.write_served_files(visit, outcome)

    def fetch(self, visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer]) -> dict[str, MissingVideo]:
        from archive.systems.video.fetching import fetch_videos

        notes, files = len(outcome.notes), len(outcome.files)
        missing = fetch_videos(visit, outcome, players)
        stated = {
            "schema": SCHEMA,
            "source": visit.id,
            "requested": visit.url.href,
            "players": [player.address for player in players],
            "missing": [_stated(address, each) for address, each in missing.items()],
            "notes": list(map(with_text, outcome.notes[notes:])),
            "files": outcome.files[files:],
        }
        visit.derived.write_statement(visit.id, outcome.trail.final.answer, stated)
        return missing


def _stated(address: str, missing: MissingVideo) -> dict[str, Any]:
    verdict = missing.verdict
    detail = with_text(verdict.detail) if verdict.detail is not None else None
    return {
        "player": address,
        "verdict": {"status": str(verdict.status), "reason": verdict.reason, "detail": detail},
        "has_video": missing.has_video,
    }


class StatedExtractor:
    """What an extractor stated of the videos of one source, in the place of it."""

    def __init__(self, statements: Sequence[Mapping[str, Any]]) -> None:
        """`statements` are those of the source, in the order of their records: the last of several counts."""
        self._statements = statements
        self.is_complete = True
        """False once a video was to be fetched of which nothing is stated."""
        self.served: list[Requisite] = []
        """The media that a page serves itself, each of which has a file."""

    def is_installed(self) -> bool:
        return bool(self._statements)

    def write_served(self, visit: Visit, outcome: VisitOutcome) -> None:
        """Take note of what has a file; the files are compared with their records."""
        self.served += [requisite for _, requisite, _ in served.served_media(visit, outcome)]

    def fetch(self, visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer]) -> dict[str, MissingVideo]:
        key = visit.url.href, [player.address for player in players]
        stated = next((each for each in reversed(self._statements) if key == _key(each)), None)
        if stated is None:
            self.is_complete = False
            return {}
        outcome.notes += [known for each in stated.get("notes", []) if (known := read_note(each)) is not None]
        outcome.files += [str(path) for path in stated.get("files", [])]
        try:
            missing = msgspec.convert(stated.get("missing", []), list[_Missing])
        except msgspec.ValidationError:
            self.is_complete = False
            return {}
        return {each.player: MissingVideo(each.verdict, each.has_video) for each in missing}


class _Missing(Struct, frozen=True):
    player: str
    verdict: Verdict
    has_video: bool


def _key(stated: Mapping[str, Any]) -> tuple[object, object]:
    return stated.get("requested"), stated.get("players")
