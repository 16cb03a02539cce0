"""Extracts the videos of one player with yt-dlp and downloads their streams into the spool.

Imports yt-dlp: import this module only where a video is requested.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from yt_dlp.utils import YoutubeDLError

from archive.capture.cookies import UserCookies
from archive.capture.visit import Visit
from archive.http.json_body import well_formed
from archive.systems.video import client as clients
from archive.systems.video.client import ExtractorLog
from archive.systems.video.handler import RecordedNetwork
from archive.systems.video.players import EmbeddedPlayer
from archive.workfolder.recorded import Recorded

EXTRACTOR = f"yt-dlp {clients.VERSION}"
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
_REFUSED = (404, 410)
_EXT = re.compile(r"[a-z0-9]{1,5}\Z")


class StreamFailed(Exception):
    """A stream was not fetched; the log has the reason."""

    def __init__(self, refused: int | None = None) -> None:
        super().__init__(refused)
        self.refused = refused
        """The status with which its server refused it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A fetched stream: a file in the spool, and the responses that it consists of."""

    path: Path
    ext: str
    format: str
    """The extractor's name of the format."""
    url: str
    media_type: str
    answers: tuple[Recorded, ...]
    in_pieces: bool
    """Joined from many responses: HLS, DASH."""
    is_sound: bool
    """Sound alone."""


@dataclass(slots=True)
class Extraction:
    """One run of the extractor for one player."""

    visit: Visit
    player: EmbeddedPlayer
    spool: Path
    """A temporary folder."""
    merges: bool
    any_site: bool
    log: ExtractorLog = field(init=False)
    has_stream: bool = field(init=False, default=False)
    """True once the extractor has named a stream."""
    network: RecordedNetwork = field(init=False)
    client: clients.Client = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        settings = self.visit.settings
        self.network, self.log = RecordedNetwork(self.visit), ExtractorLog(hidden=str(self.spool))
        is_shown_elsewhere = self.player.page.host != self.visit.url.host
        options = clients.options(
            user_agent=settings.user_agent,
            referrer=f"{self.visit.url.origin}/" if is_shown_elsewhere or self.player.name == "manifest" else None,
            merges=self.merges,
            any_site=self.any_site,
            largest=settings.max_size,
            tries=settings.tries,
            spool=self.spool,
        )
        self.client = clients.Client(self.network, self.log, options)
        self.client.add_cookies(UserCookies(settings.cookies).jar())

    def close(self) -> None:
        self.client.close()

    def videos(self) -> Iterator[dict[str, Any]]:
        """Yield the videos of the player, each with the chosen streams. Raises `StreamFailed`."""
        try:
            found = self.client.extract_info(self.player.address, download=False)
        except Exception as error:
            self._log_error(error)
            raise StreamFailed from error
        if not isinstance(found, dict):
            raise StreamFailed
        entries = found.get("entries")
        if entries is not None and not isinstance(entries, Iterable):
            raise StreamFailed
        known: list[object] = []
        for video in islice(entries if entries is not None else [found], clients.VIDEOS_AT_MOST):
            if isinstance(video, dict) and (video.get("id") is None or video.get("id") not in known):
                known.append(video.get("id"))  # a playlist may list a video twice
                yield self._well_formed(video)

    def _well_formed(self, video: dict[str, Any]) -> dict[str, Any]:
        """The description as well-formed text. Raises `StreamFailed` where it is nested too deeply."""
        try:
            described: dict[str, Any] = well_formed(video)
        except ValueError as error:
            self._log_error(error)
            raise StreamFailed from error
        return described

    def fetch(self, chosen: dict[str, Any], *, subtitle: bool = False) -> Stream:
        """Download a stream into a file. Raises `StreamFailed`."""
        self.has_stream = True
        self._count += 1
        path = self.spool / f"stream-{self._count}"
        protocol = str(chosen.get("protocol") or "https")
        if protocol not in clients.PROTOCOLS:
            self.log.error(f"a stream by {protocol[:40]}, which the recorder cannot carry")
            raise StreamFailed
        in_pieces = any(word in protocol for word in clients.PIECES)
        self.network.begin_stream(in_pieces=in_pieces)
        try:
            good, _ = self.client.dl(str(path), chosen, subtitle=subtitle)
        except Exception as error:  # noqa: BLE001 -- see above
            self._log_error(error)
            good = False
        finally:
            exchanges = self.network.end_stream()
        if not good or not path.is_file():
            raise StreamFailed(
                next((each.status for each in reversed(exchanges) if (each.status or 0) in _REFUSED), None)
            )
        answers = tuple(each for each in exchanges if each.status in (200, 206))
        return Stream(
            path,
            extension(chosen),
            str(chosen.get("format_id") or "0"),
            str(chosen.get("url")),
            answers[-1].media_type if answers else "",
            answers,
            in_pieces,
            chosen.get("vcodec") == "none",
        )

    def _log_error(self, error: Exception) -> None:
        """Log an error as the last message; raise it where this machine's disk failed."""
        if isinstance(error, OSError) and error.errno in _DISK:
            raise error
        self.log.error(str(error) if isinstance(error, YoutubeDLError) else f"{type(error).__name__}: {error}")


def extension(chosen: dict[str, Any]) -> str:
    """A file's suffix as the extractor states it; `bin` where that is none."""
    ending = str(chosen.get("ext") or "").lower()
    return ending if _EXT.match(ending) else "bin"
