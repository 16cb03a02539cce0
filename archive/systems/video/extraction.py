"""One film through yt-dlp: what the extractor finds, and each of its streams as a file in the spool.

Imports yt-dlp: import this module only where a film is requested.
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
from archive.systems.video.handler import Carrier
from archive.systems.video.players import EmbeddedPlayer
from archive.workfolder.recorded import Recorded

EXTRACTOR = f"yt-dlp {clients.VERSION}"
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
_REFUSED = (404, 410)
_EXT = re.compile(r"[a-z0-9]{1,5}\Z")


class Lost(Exception):
    """A stream did not come; the log has the reason."""

    def __init__(self, refused: int | None = None) -> None:
        super().__init__(refused)
        self.refused = refused
        """The status by which its server itself said that it has none."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream that came: a file in the spool, and the answers that it is made of."""

    place: Path
    ext: str
    format: str
    """The extractor's own name for it."""
    url: str
    media_type: str
    answers: tuple[Recorded, ...]
    in_pieces: bool
    """Put together from many answers: HLS, DASH."""
    is_sound: bool
    """Sound alone."""


@dataclass(slots=True)
class Extraction:
    """The dealings with one player."""

    visit: Visit
    player: EmbeddedPlayer
    spool: Path
    """A folder of our own, thrown away afterwards."""
    merges: bool
    any_site: bool
    log: ExtractorLog = field(init=False)
    was_found: bool = field(init=False, default=False)
    """The extractor has named a stream."""
    carrier: Carrier = field(init=False)
    client: clients.Client = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        settings = self.visit.settings
        self.carrier, self.log = Carrier(self.visit), ExtractorLog(hidden=str(self.spool))
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
        self.client = clients.Client(self.carrier, self.log, options)
        self.client.bring(UserCookies(settings.cookies).jar())

    def close(self) -> None:
        self.client.close()

    def films(self) -> Iterator[dict[str, Any]]:
        """Ask for what the player shows; each film with the streams that were chosen. Raises `Lost`."""
        try:
            found = self.client.extract_info(self.player.address, download=False)
        except Exception as error:
            self._hear(error)
            raise Lost from error
        if not isinstance(found, dict):
            raise Lost
        entries = found.get("entries")
        if entries is not None and not isinstance(entries, Iterable):
            raise Lost
        for film in islice(entries if entries is not None else [found], clients.FILMS_AT_MOST):
            if isinstance(film, dict):
                yield self._well_formed(film)

    def _well_formed(self, film: dict[str, Any]) -> dict[str, Any]:
        """The description with text that can be written down. Raises `Lost` where it is nested without end."""
        try:
            described: dict[str, Any] = well_formed(film)
        except ValueError as error:
            self._hear(error)
            raise Lost from error
        return described

    def fetch(self, chosen: dict[str, Any], *, subtitle: bool = False) -> Stream:
        """Have a stream come into a file. Raises `Lost`."""
        self.was_found = True
        self._count += 1
        place = self.spool / f"stream-{self._count}"
        protocol = str(chosen.get("protocol") or "https")
        if protocol not in clients.PROTOCOLS:
            self.log.error(f"a stream by {protocol[:40]}, which the recorder cannot carry")
            raise Lost
        in_pieces = any(word in protocol for word in clients.PIECES)
        self.carrier.begin(in_pieces=in_pieces)
        try:
            good, _ = self.client.dl(str(place), chosen, subtitle=subtitle)
        except Exception as error:  # noqa: BLE001 -- see above
            self._hear(error)
            good = False
        finally:
            taken = self.carrier.end()
        if not good or not place.is_file():
            raise Lost(next((each.status for each in reversed(taken) if (each.status or 0) in _REFUSED), None))
        answers = tuple(each for each in taken if each.status in (200, 206))
        return Stream(
            place,
            extension(chosen),
            str(chosen.get("format_id") or "0"),
            str(chosen.get("url")),
            answers[-1].media_type if answers else "",
            answers,
            in_pieces,
            chosen.get("vcodec") == "none",
        )

    def _hear(self, error: Exception) -> None:
        """Take an error for what was said last; a fault of our own disk is none of the film's."""
        if isinstance(error, OSError) and error.errno in _DISK:
            raise error
        self.log.error(str(error) if isinstance(error, YoutubeDLError) else f"{type(error).__name__}: {error}")


def extension(chosen: dict[str, Any]) -> str:
    """A file's ending as the extractor knows it, where it is one."""
    ending = str(chosen.get("ext") or "").lower()
    return ending if _EXT.match(ending) else "bin"
