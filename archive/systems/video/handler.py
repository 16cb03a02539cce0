"""yt-dlp's way to the network: our recorder, and nothing else.

Imports yt-dlp: import this module only where a film is requested.
"""

from __future__ import annotations

import re
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import requests
from lxml import etree
from urllib3.exceptions import HTTPError as WireError
from yt_dlp.networking.common import Request as Asked
from yt_dlp.networking.common import RequestDirector, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError

from archive.capture.fetcher import REQUISITE
from archive.capture.media_policy import NO_MEDIA, never_media
from archive.capture.visit import Visit
from archive.http.xml_body import XmlRefused, root_element
from archive.net import Failure, Request
from archive.net.requests_session import recording_session
from archive.words.notes import describe
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

PIECES_AT_MOST = 200_000
"""Twenty hours in pieces of two seconds, in five forms."""
_TIME = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")
_DAY = 86_400
_UNITS = (_DAY, 3600, 60, 1)


def pieces_in(data: bytes | bytearray) -> int:
    """The most pieces that a playlist can stand for; 0 for what is none. (RFC 8216; ISO/IEC 23009-1)

    Raises `XmlRefused` for XML that no parser should be given.
    """
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"#EXTM3U"):
        return data.count(b"\n")
    return _pieces_of_dash(data) if root_element(data) == "MPD" else 0


def _pieces_of_dash(data: bytes | bytearray) -> int:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(bytes(data), parser)
    if root is None:
        return 0
    whole, total = _seconds(root.get("mediaPresentationDuration")), 0
    for period in root.iter("{*}Period"):
        length = _seconds(period.get("duration")) if period.get("duration") else whole
        for form in period.iter("{*}Representation"):
            total += max((_pieces(each, length) for each in _segments(form)), default=0)
    return total


def _segments(form: etree._Element) -> list[etree._Element]:
    """What says how a form is cut: its own element, or that of what it stands in."""
    holders = [form, *form.iterancestors()]
    return [each for holder in holders for each in holder if etree.QName(each).localname.startswith("Segment")]


def _pieces(segments: etree._Element, length: float) -> int:
    turns = [1 + max(0, _number(each.get("r"))) for each in segments.iter("{*}S")]
    if turns:
        return next((count for count in accumulate(turns) if count > PIECES_AT_MOST), sum(turns))
    ticks, scale = _number(segments.get("duration")), max(1, _number(segments.get("timescale"), 1))
    return int(length * scale / ticks) + 1 if ticks > 0 else sum(1 for _ in segments)


def _number(text: str | None, otherwise: int = 0) -> int:
    return (
        int(text) if text is not None and text.isascii() and text.strip("-").isdigit() and len(text) < 18 else otherwise
    )


def _seconds(text: str | None) -> float:
    """A length of time. (ISO 8601, as XML Schema has it, without years and months)"""
    read = _TIME.match(text or "")
    if read is None:
        return float(_DAY)
    return sum(float(value or 0) * unit for value, unit in zip(read.groups(), _UNITS, strict=True))


NOTE: dict[str, str] = {"purpose": Purpose.VIDEO_EXTRACTOR}
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
            raise OutOfBounds(Failure("policy", FILM_SITE, describe(NO_MEDIA)))
        recorded = self._asked(request)
        self.records += [each for each in (*recorded.earlier, recorded.answer) if each not in self.records]
        failure = recorded.failure
        if failure is not None and failure.stage == "policy" and failure.reason in ("limit", "robots"):
            raise OutOfBounds(failure)
        if self.in_pieces and recorded.size > FRAGMENT_AT_MOST:
            message = f"a piece of {recorded.size:,} bytes; pieces of over {FRAGMENT_AT_MOST:,} are not put together"
            raise OutOfBounds(Failure("policy", "limit", message))
        if self.is_stream:
            self.taken.append(recorded)
            self._require_bounds()
        return recorded

    def _require_bounds(self) -> None:
        """A stream may not be more than one body may: asked for part by part, it would be."""
        size, most = sum(each.size for each in self.taken), self.visit.settings.max_size
        if size > most:
            message = f"a stream of the film has brought {size:,} bytes, and one body may bring {most:,} (--max-size)"
            raise OutOfBounds(Failure("policy", "limit", message))

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


READ_AT_MOST = 64 << 20
"""Bytes of one answer that an extractor may take into memory; streams are read piece by piece."""
_TASTE = 64 << 10
_REDIRECTS = 20


class RecordingRH(RequestHandler):  # type: ignore[misc]  # yt-dlp ships no types
    """Answers yt-dlp's requests from recorded exchanges. Proxies, roots and time limits are the recorder's own."""

    _SUPPORTED_URL_SCHEMES = ("http", "https")
    _SUPPORTED_PROXY_SCHEMES = None
    _SUPPORTED_FEATURES = None
    RH_NAME = "recording"

    def __init__(self, carrier: Carrier, **named: Any) -> None:
        super().__init__(**named)
        self._carrier = carrier

    def _check_proxies(self, proxies: Any) -> None:
        """Whatever proxy yt-dlp read off the machine is not used."""

    def _check_extensions(self, extensions: dict[str, Any]) -> None:
        super()._check_extensions(extensions)
        for known in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing"):
            extensions.pop(known, None)

    def _send(self, request: Asked) -> Response:
        session = recording_session(self._carrier.carry)
        session.max_redirects = _REDIRECTS
        session.cookies = self._get_cookiejar(request)
        is_loop = False
        try:
            answer = session.request(
                request.method, request.url, data=request.data, headers=self._get_headers(request), stream=True
            )
        except requests.TooManyRedirects as error:
            if error.response is None:
                raise RequestError(cause=error) from error
            answer, is_loop = error.response, True
        except (requests.ConnectionError, requests.Timeout) as error:
            raise TransportError(cause=error) from error
        except requests.RequestException as error:
            raise RequestError(cause=error) from error
        response = _Answer(answer)
        if not 200 <= response.status < 300:
            raise HTTPError(response, redirect_loop=is_loop)
        return response


class _Answer(Response):  # type: ignore[misc]
    """An answer as yt-dlp reads it: whole ones up to a bound, streams in pieces."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(answer.raw, answer.url, answer.headers, answer.status_code, answer.reason)
        self._tasted = b""
        """What was read in pieces, while that is little: extractors look at the start before they take the rest."""

    def read(self, amt: int | None = None) -> bytes:
        try:
            return self._piece(amt) if amt is not None else self._whole()
        except WireError as error:
            raise TransportError(cause=error) from error

    def _piece(self, amount: int) -> bytes:
        piece: bytes = self.fp.read(amount, decode_content=True)
        if len(self._tasted) < _TASTE:
            self._tasted += piece
        return piece

    def _whole(self) -> bytes:
        before, whole = self._tasted, bytearray()
        while piece := self._piece(1 << 20):
            whole += piece
            if len(whole) > READ_AT_MOST:
                raise TransportError(f"an answer of over {READ_AT_MOST:,} bytes, where none so long is read whole")
        try:
            pieces = pieces_in(before + whole)
        except XmlRefused as error:
            raise TransportError(f"a manifest that is not read: {error}") from error
        if pieces > PIECES_AT_MOST:
            raise TransportError(f"a playlist of {pieces:,} pieces or more, where {PIECES_AT_MOST:,} are the most")
        return bytes(whole)


def director_of(handler: RecordingRH, logger: Any) -> RequestDirector:
    """A director that knows one way only: what that cannot carry, a socket of another kind too, is not asked for."""
    director = RequestDirector(logger=logger)
    director.add_handler(handler)
    return director
