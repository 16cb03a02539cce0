"""Sends what yt-dlp requests through the recorder, within the limits of the run, and lists the records."""

from __future__ import annotations

from msgspec import Struct, field

from archive.capture.fetcher import REQUISITE
from archive.capture.media_policy import NO_MEDIA, never_media
from archive.capture.visit import Visit
from archive.net import Failure, Request
from archive.words.notes import describe
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

NOTE: dict[str, str] = {"purpose": Purpose.VIDEO_EXTRACTOR}
UNLICENSED_SITE = "unlicensed-video-site"
FRAGMENT_AT_MOST = 64 << 20
"""Bytes of one piece of a stream: yt-dlp takes a piece into memory whole."""


class OutOfBounds(Exception):
    """A limit of the run is reached; nothing more of this video is requested."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class RecordedNetwork(Struct):
    """Sends the requests for one video through the recorder and lists their records."""

    visit: Visit
    records: list[str] = field(default_factory=list)
    """Ids of the records of each exchange and of the attempts before it, in order."""
    exchanges: list[Recorded] = field(default_factory=list)
    """The exchanges since `begin_stream`, which make up the current stream."""
    is_stream: bool = False
    """True while a stream is fetched: its pieces are requested once in a bag, like a page's requisites."""
    in_pieces: bool = False
    _shared: set[str] = field(default_factory=set)

    def begin_stream(self, *, in_pieces: bool) -> None:
        """Begin to collect the exchanges of a stream."""
        self.exchanges, self.is_stream, self.in_pieces = [], True, in_pieces

    def end_stream(self) -> list[Recorded]:
        """End the stream and return its exchanges."""
        exchanges, self.exchanges, self.is_stream, self.in_pieces = self.exchanges, [], False, False
        return exchanges

    def send(self, request: Request) -> Recorded:
        """Send a request and record it. Raises `OutOfBounds`, `OSError`, `CancelledError`."""
        if never_media(request.url):
            raise OutOfBounds(Failure("policy", UNLICENSED_SITE, describe(NO_MEDIA)))
        recorded = self._fetch(request)
        self.records += [each for each in (*recorded.earlier, recorded.answer) if each not in self.records]
        failure = recorded.failure
        if failure is not None and failure.stage == "policy" and failure.reason in ("limit", "robots"):
            raise OutOfBounds(failure)
        if self.in_pieces and recorded.size > FRAGMENT_AT_MOST:
            message = f"a piece of {recorded.size:,} bytes; pieces of over {FRAGMENT_AT_MOST:,} are not put together"
            raise OutOfBounds(Failure("policy", "limit", message))
        if self.is_stream:
            self.exchanges.append(recorded)
            self._require_bounds()
        return recorded

    def _require_bounds(self) -> None:
        """A stream in parts may not exceed the limit of one body. Raises `OutOfBounds`."""
        size, most = sum(each.size for each in self.exchanges), self.visit.settings.max_size
        if size > most:
            message = f"a stream of the video has brought {size:,} bytes, and one body may bring {most:,} (--max-size)"
            raise OutOfBounds(Failure("policy", "limit", message))

    def _fetch(self, request: Request) -> Recorded:
        fetcher, series = self.visit.fetcher, self.visit.id
        names = {name.lower() for name, _ in request.headers}
        is_first = request.url.href not in self._shared
        self._shared.add(request.url.href)
        # A repeated request for a piece must not get the cached response that failed it.
        if self.is_stream and is_first and request.method == "GET" and not names & {"range", "cookie"}:
            headers = tuple(each for each in request.headers if each[0].lower() != "accept")
            return fetcher.fetch(request.url, series=series, headers=headers, note=NOTE).result()
        return fetcher.send(request, series=series, note=NOTE, kind=REQUISITE).result()
