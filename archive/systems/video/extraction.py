"""Extracts the videos of one player with yt-dlp in a process of its own, and downloads their streams."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.capture.cookies import UserCookies
from archive.capture.visit import Visit
from archive.systems.video.extractor_log import ExtractorLog
from archive.systems.video.extractor_process import POOL, RUNTIME, ExtractorBroke, ExtractorProcess
from archive.systems.video.messages import (
    DownloadStream,
    Message,
    NextVideo,
    OpenPlayer,
    StreamDownloaded,
    TaskFailed,
    VideoDescribed,
)
from archive.systems.video.players import EmbeddedPlayer
from archive.systems.video.recorded_network import RecordedNetwork
from archive.workfolder.recorded import Recorded

VIDEOS_AT_MOST = 10
"""Videos of one playlist."""
PIECES = ("m3u8", "dash", "ism", "f4m")
"""In the names of protocols whose streams come in pieces. (yt_dlp/downloader/__init__.py, PROTOCOL_MAP)"""
PROTOCOLS = frozenset({"http", "https", "m3u8", "m3u8_native", "http_dash_segments", "ism", "f4m"})
"""Protocols whose downloaders use our handler; others start programs or open their own sockets."""
_REFUSED = (404, 410)
_EXT = re.compile(r"[a-z0-9]{1,5}\Z")
_BROKE = "the extractor took too much time or memory, or ended by a fault of its own"


class StreamFailed(Exception):
    """A stream was not fetched; the log has the reason."""

    def __init__(self, refused: int | None = None) -> None:
        super().__init__(refused)
        self.refused = refused
        """The status with which its server refused it."""


class Stream(Struct, frozen=True):
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
    merges: bool
    any_site: bool
    log: ExtractorLog = field(init=False)
    spool: Path = field(init=False)
    """A temporary folder; there once a video is described."""
    has_stream: bool = field(init=False, default=False)
    """True once the extractor has named a stream."""
    network: RecordedNetwork = field(init=False)
    version: str = field(init=False, default="")
    """Of yt-dlp; known once a video is described."""
    _process: ExtractorProcess | None = None
    _count: int = 0

    def __post_init__(self) -> None:
        self.network, self.log = RecordedNetwork(self.visit), ExtractorLog()

    def close(self) -> None:
        if self._process is not None:
            POOL.give_back(self._process)
            self._process = None

    def videos(self) -> Iterator[dict[str, Any]]:
        """Yield the videos of the player, each with the chosen streams. Raises `StreamFailed`."""
        known: list[object] = []
        for _ in range(VIDEOS_AT_MOST):
            reply = self._perform(NextVideo())
            if not isinstance(reply, VideoDescribed):
                raise StreamFailed
            if reply.info is None:
                return
            if reply.info.get("id") is None or reply.info.get("id") not in known:
                known.append(reply.info.get("id"))  # a playlist may list a video twice
                yield reply.info

    def fetch(self, chosen: dict[str, Any], *, subtitle: bool = False) -> Stream:
        """DownloadStream a stream into a file. Raises `StreamFailed`."""
        self.has_stream = True
        self._count += 1
        path = self.spool / f"stream-{self._count}"
        protocol = str(chosen.get("protocol") or "https")
        if protocol not in PROTOCOLS:
            self.log.error(f"a stream by {protocol[:40]}, which the recorder cannot carry")
            raise StreamFailed
        in_pieces = any(word in protocol for word in PIECES)
        self.network.begin_stream(in_pieces=in_pieces)
        try:
            reply = self._perform(DownloadStream(chosen, path.name, subtitle))
        finally:
            exchanges = self.network.end_stream()
        if not isinstance(reply, StreamDownloaded) or not reply.good or not _is_plain_file(path):
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

    def _perform(self, task: Message) -> Message:
        """Have a task performed; why it failed is logged last. Raises `StreamFailed`, `OSError` for our own disk."""
        try:
            if self._process is None:
                self._process, self.spool = POOL.lend(self._opening(), Path(self.visit.work.spool))
                self.log.hidden = str(self.spool)
                self.version = self._process.version
            reply: Message = self._process.perform(task, self.network, self.log)
        except ExtractorBroke as error:
            self.log.error(_BROKE)
            raise StreamFailed from error
        if isinstance(reply, TaskFailed):
            if reply.number is not None:
                raise OSError(reply.number, reply.message)
            self.log.error(reply.message)
        return reply

    def _opening(self) -> OpenPlayer:
        settings = self.visit.settings
        is_shown_elsewhere = self.player.page.host != self.visit.url.host
        options = {
            "user_agent": settings.user_agent,
            "referrer": f"{self.visit.url.origin}/" if is_shown_elsewhere or self.player.name == "manifest" else None,
            "merges": self.merges,
            "any_site": self.any_site,
            "tries": settings.tries,
            "most": VIDEOS_AT_MOST,
            "runtime": shutil.which(RUNTIME),
        }
        cookies = [_fields(cookie) for cookie in UserCookies(settings.cookies).jar()]
        return OpenPlayer(self.player.address, options, cookies, settings.max_size)


def _is_plain_file(path: Path) -> bool:
    """True for a file that lies there itself: a link would lead to another one of this machine."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1


def _fields(cookie: Any) -> dict[str, Any]:
    """The arguments that make this cookie. (`http.cookiejar.Cookie`)"""
    return {name.removeprefix("_"): value for name, value in vars(cookie).items()}


def extension(chosen: dict[str, Any]) -> str:
    """A file's suffix as the extractor states it; `bin` where that is none."""
    ending = str(chosen.get("ext") or "").lower()
    return ending if _EXT.match(ending) else "bin"
