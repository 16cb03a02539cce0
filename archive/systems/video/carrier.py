"""Carries a video extractor's requests through the fetcher, and keeps account of what came."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import dataclass, field

from archive.capture.fetcher import REQUISITE
from archive.capture.recorded import Recorded
from archive.capture.wire import Failure, Request
from archive.systems.interface import Visit
from archive.systems.policy import NO_MEDIA, never_media

NOTE = {"purpose": "asked for by the video extractor"}
FILM_SITE = "film-site"
FRAGMENT_AT_MOST = 64 << 20
"""Bytes of one piece of a stream: yt-dlp takes a piece into memory whole."""


class Stopped(BaseException):
    """The work ends here: our own machine failed, or the run is being stopped.

    No `Exception`, since yt-dlp catches those, tries the next way, and calls it an error of the site.
    """

    def __init__(self, cause: BaseException) -> None:
        super().__init__(cause)
        self.cause = cause


class OutOfBounds(BaseException):
    """One of our own bounds is reached; nothing more of this film is asked for."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(slots=True)
class Carrier:
    """One film's dealings with the network."""

    visit: Visit
    records: list[str] = field(default_factory=list)
    """Ids of the records that stand for each exchange, tries before it included, in order."""
    taken: list[Recorded] = field(default_factory=list)
    """The answers since `begin`: what the stream at hand is made of."""
    is_stream: bool = False
    """True while a stream comes in: what it consists of is asked for once in a bag, as a page's own files are."""
    in_pieces: bool = False
    _shared: set[str] = field(default_factory=set)

    def begin(self, *, in_pieces: bool) -> None:
        """A stream is about to come in."""
        self.taken, self.is_stream, self.in_pieces = [], True, in_pieces

    def end(self) -> list[Recorded]:
        """The stream is in: the answers that brought it."""
        taken, self.taken, self.is_stream, self.in_pieces = self.taken, [], False, False
        return taken

    def carry(self, request: Request) -> Recorded:
        """Carry a request out and record it. Raises `Stopped`, `OutOfBounds`."""
        if never_media(request.url):
            raise OutOfBounds(Failure("policy", FILM_SITE, NO_MEDIA))
        recorded = self._asked(request)
        self.records += [each for each in (*recorded.earlier, recorded.answer) if each not in self.records]
        failure = recorded.failure
        if failure is not None and failure.stage == "policy" and failure.reason in ("limit", "robots"):
            raise OutOfBounds(failure)
        if self.in_pieces and recorded.size > FRAGMENT_AT_MOST:
            told = f"a piece of {recorded.size:,} bytes; pieces of over {FRAGMENT_AT_MOST:,} are not put together"
            raise OutOfBounds(Failure("policy", "limit", told))
        if self.is_stream:
            self.taken.append(recorded)
            self._require_bounds()
        return recorded

    def _require_bounds(self) -> None:
        """A stream may not be more than one body may: asked for part by part, it would be."""
        size, most = sum(each.size for each in self.taken), self.visit.settings.max_size
        if size > most:
            told = f"a stream of the film has brought {size:,} bytes, and one body may bring {most:,} (--max-size)"
            raise OutOfBounds(Failure("policy", "limit", told))

    def _asked(self, request: Request) -> Recorded:
        fetcher, series = self.visit.fetcher, self.visit.id
        names = {name.lower() for name, _ in request.headers}
        is_first = request.url.href not in self._shared
        self._shared.add(request.url.href)
        try:
            # Who asks again for a piece was not served by what came: the answer that is known would be the same.
            if self.is_stream and is_first and request.method == "GET" and not names & {"range", "cookie"}:
                headers = tuple(each for each in request.headers if each[0].lower() != "accept")
                return fetcher.fetch(request.url, series=series, headers=headers).result()
            return fetcher.send(request, series=series, note=NOTE, kind=REQUISITE).result()
        except (OSError, CancelledError) as error:
            raise Stopped(error) from error
