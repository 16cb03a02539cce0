"""Confines yt-dlp: its network is the process that started this one, its disk the spool, and it gets nothing else.

Imports yt-dlp: import this module only in a process of its own.
"""

from __future__ import annotations

import http.cookiejar
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp import globals as switches
from yt_dlp.networking.common import RequestDirector
from yt_dlp.postprocessor.ffmpeg import FFmpegPostProcessor
from yt_dlp.utils import _utils
from yt_dlp.version import __version__

from archive.systems.video.handler import RecordingRH, RemoteNetwork, director_of

VERSION = str(__version__)
_FOREIGN = ("rtmp", "mms", "rtsp", "websocket", "live", "soop", "bunny", "generator", "mhtml")
"""Parts of names of protocols that need another program or connection, or have no end."""
_MODULES = ("youtube", "UnitedNationsWebTv", "Kaltura", "brightcove:.*", "vimeo", "generic")
_SPAWNING = ("iq.com", "iqiyi", "Douyu.*", "PornHub.*")
"""Extractors that start their own browser (PhantomJS) or another kind of socket."""
_NOWHERE = "no-program-is-started-from-here"


def _write_nothing(message: str, *_: object, **__: object) -> None:
    """Stands for yt-dlp's way past the logger: it writes the name of a codec, which a server chose, to the terminal."""


_utils.write_string = _write_nothing  # parse_codecs alone calls it under this name once an extraction runs


class Client(YoutubeDL):  # type: ignore[misc]  # yt-dlp ships no types
    """A `YoutubeDL` that sends all requests through one `RemoteNetwork`."""

    def __init__(self, network: RemoteNetwork, log: Any, options: dict[str, Any]) -> None:
        # No plug-ins: they are programs of this machine.
        switches.plugin_dirs.value = []
        # Its own ffmpeg downloader opens sockets; in this thread it finds no ffmpeg. (yt_dlp/__init__.py sets the same)
        FFmpegPostProcessor._ffmpeg_location.set(options["ffmpeg_location"])
        self._network, self._log = network, log
        super().__init__({**options, "logger": log}, auto_init="no_verbose_header")

    def build_request_director(self, handlers: Any, preferences: Any = None) -> RequestDirector:
        """Return a director with our handler only, whatever others are registered."""
        handler = RecordingRH(
            self._network, logger=self._log, headers=self.params["http_headers"].copy(), cookiejar=self.cookiejar
        )
        return director_of(handler, self._log)

    def add_cookies(self, cookies: Iterable[http.cookiejar.Cookie]) -> None:
        """Add the user's own cookies, where there are any."""
        for cookie in cookies:
            self.cookiejar.set_cookie(cookie)


def options(
    *,
    user_agent: str,
    referrer: str | None,
    merges: bool,
    any_site: bool,
    largest: int,
    tries: int,
    most: int,
    runtime: str | None,
    spool: Path,
) -> dict[str, Any]:
    """The options of one extraction: of `most` videos; `runtime` is Deno's path. (yt_dlp/YoutubeDL.py)"""
    headers = {"User-Agent": user_agent} | ({"Referer": referrer} if referrer else {})
    return {
        "format": formats(merges=merges, largest=largest),
        "format_sort_force": False,
        "http_headers": headers,
        "noplaylist": True,
        "playlist_items": f"1:{most}",
        "ignoreerrors": False,
        "allowed_extractors": ["default", *(f"-{name}" for name in _SPAWNING)] if any_site else list(_MODULES),
        "extractor_args": {"youtube": {"skip": ["translated_subs"]}},
        "js_runtimes": {} if runtime is None else {"deno": {"path": runtime}},
        "remote_components": set(),
        "cachedir": False,
        "check_formats": False,
        "allow_unplayable_formats": False,
        "ffmpeg_location": str(spool / _NOWHERE),
        "fixup": "never",
        "hls_prefer_native": True,
        "external_downloader": None,
        "concurrent_fragment_downloads": 1,
        "skip_unavailable_fragments": False,
        "keep_fragments": False,
        "nopart": True,
        "continuedl": False,
        "updatetime": False,
        "retries": tries,
        "fragment_retries": tries,
        "extractor_retries": 1,
        "file_access_retries": 0,
        "retry_sleep_functions": {},
        "noprogress": True,
        "quiet": True,
        "color": "never",
        "call_home": False,
        "usenetrc": False,
        "paths": {"home": str(spool), "temp": str(spool)},
    }


def formats(*, merges: bool, largest: int) -> str:
    """The best streams that are not upscaled; picture and sound in one file where no program can merge them.

    Streams within the limit of a body come first.
    """
    real = "[format_id!*=?-sr]" + "".join(f"[protocol!*=?{name}]" for name in _FOREIGN)
    bounded = f"{real}[filesize<=?{largest}][filesize_approx<=?{largest}]"
    apart = [f"bv*{filters}+ba{filters}" for filters in (bounded, real)]
    together = [f"b{filters}" for filters in (bounded, real)]
    first = [apart[0], together[0]] if merges else [together[0], apart[0]]
    second = [apart[1], together[1]] if merges else [together[1], apart[1]]
    return "/".join([*first, *second, f"bv*{real}", f"ba{real}"])
