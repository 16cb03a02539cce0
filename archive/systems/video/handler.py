"""Hands yt-dlp's requests to the program that started its process, and to nobody else.

Imports yt-dlp: import this module only in a process of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import requests
from lxml import etree
from msgspec import Struct
from urllib3.exceptions import HTTPError as WireError
from yt_dlp.networking.common import Request as ExtractorRequest
from yt_dlp.networking.common import RequestDirector, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError

from archive.http import Head
from archive.http.xml_body import XmlRefused, root_element
from archive.net import Failure, Request
from archive.net.requests_session import recording_session
from archive.systems.video.messages import MessagePipe, NextOfPayload, RequestSent, RequestToSend

PIECES_AT_MOST = 200_000
"""Twenty hours in pieces of two seconds, in five forms."""
ADDRESSES_AT_MOST = 128 << 20
"""Bytes that the addresses of a playlist's pieces may take, written out."""
EFFORT_AT_MOST = 500_000_000
"""Steps that yt-dlp may take through the attributes of a playlist: two seconds, about."""
_TIME = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")
_DAY = 86_400
_UNITS = (_DAY, 3600, 60, 1)


_LINE = re.compile(rb"[^\r\n]+")
_TAG = b"#EXT-X-"
_BETWEEN = re.compile(rb"[\",]")
_NAME = re.compile(rb"[A-Z0-9-]+")
_MARKUP = re.compile(rb"<[^>]*")
_PAGE_EFFORT = 10
"""A page has dozens of patterns to go through, where an attribute has one."""
_NUMBER = re.compile("-?[0-9]{1,17}")
_WIDTH = re.compile(r"%0?([0-9]{1,17})d")


def pieces_in(data: bytes | bytearray) -> int:
    """Upper bound of the pieces in a playlist; 0 for what is no playlist. (RFC 8216; ISO/IEC 23009-1)

    Raises `XmlRefused` for XML that is unsafe to parse.
    """
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"#EXTM3U"):
        return sum(1 for _ in _LINE.finditer(data))
    return _pieces_of_dash(data) if root_element(data) == "MPD" else 0


def addresses_in(data: bytes | bytearray, url: str) -> int:
    """Upper bound of the bytes that the addresses of the pieces take, of a playlist at `url`; 0 for what is none.

    A template with a long name, a long base or a wide number stands for as many long addresses.
    (ISO/IEC 23009-1, 5.3.9)
    """
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"#EXTM3U"):
        return len(data) + pieces_in(data) * len(url)
    if root_element(data) != "MPD":
        return 0
    root = _tree_of(data)
    bases = len(url) + (sum(len(each.text or "") for each in root.iter("{*}BaseURL")) if root is not None else 0)
    return sum(count * (bases + _longest_address(form)) for form, count in _formats_of(root))


def _longest_address(form: etree._Element) -> int:
    """The length of the longest address that a template of a format makes, without its base."""
    templates = [each.get(name) or "" for each in _segments(form) for name in ("media", "initialization")]
    # what yt-dlp puts in place of a number: as many digits as the template says (yt_dlp/extractor/common.py)
    lengths = [len(text) + sum(map(_number, _WIDTH.findall(text))) for text in templates]
    return max(lengths, default=0) + len(form.get("id") or "")


def effort_of(data: bytes | bytearray) -> int:
    """How many steps yt-dlp takes through the attributes of an HLS playlist, about.

    Its patterns go through a long name, or a long list of names, once for each place to begin at, with the
    interpreter's lock held. (yt_dlp/utils/_utils.py, parse_m3u8_attributes; downloader/hls.py, can_download)
    """
    effort = 0
    for line in _LINE.finditer(data):
        tags = line[0].count(_TAG)
        if tags:
            effort += tags * len(line[0])
            for part in _BETWEEN.split(line[0]):
                effort += len(part) * part.count(b"=") + sum(len(name) ** 2 for name in _NAME.findall(part))
        if effort > EFFORT_AT_MOST:
            break
    return effort


def effort_of_page(data: bytes | bytearray) -> int:
    """The same of a page: patterns for an element begin at each `<` of one that nothing closes, and read to its end.

    (yt_dlp/extractor/common.py, _meta_regex; generic.py, the configuration of a player)
    """
    effort = data.count(b"videojs") * len(data)
    for element in _MARKUP.finditer(data):
        effort += element[0].count(b"<") * len(element[0])
    return effort * _PAGE_EFFORT


def _pieces_of_dash(data: bytes | bytearray) -> int:
    return sum(count for _, count in _formats_of(_tree_of(data)))


def _tree_of(data: bytes | bytearray) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    return etree.fromstring(bytes(data), parser)


def _formats_of(root: etree._Element | None) -> Iterator[tuple[etree._Element, int]]:
    """Each format of a DASH manifest, and the number of its pieces."""
    if root is None:
        return
    whole = _seconds(root.get("mediaPresentationDuration"))
    for period in root.iter("{*}Period"):
        length = _seconds(period.get("duration")) if period.get("duration") else whole
        for form in period.iter("{*}Representation"):
            yield form, max((_pieces(each, length) for each in _segments(form)), default=0)


def _segments(form: etree._Element) -> list[etree._Element]:
    """The elements that describe a format's segments: its own, or those of its ancestors."""
    holders = [form, *form.iterancestors()]
    children = (each for holder in holders for each in holder.iterchildren(tag=etree.Element))  # no comments
    return [each for each in children if etree.QName(each).localname.startswith("Segment")]


def _pieces(segments: etree._Element, length: float) -> int:
    repeats = [1 + max(0, _number(each.get("r"))) for each in segments.iter("{*}S")]
    if repeats:
        return next((count for count in accumulate(repeats) if count > PIECES_AT_MOST), sum(repeats))
    ticks, scale = _number(segments.get("duration")), max(1, _number(segments.get("timescale"), 1))
    if ticks <= 0:
        return sum(1 for _ in segments)
    pieces = length * scale / ticks
    return int(pieces) + 1 if math.isfinite(pieces) else PIECES_AT_MOST + 1


def _number(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text is not None and _NUMBER.fullmatch(text) else otherwise


def _seconds(text: str | None) -> float:
    """A duration in seconds. (ISO 8601 as in XML Schema, without years and months)"""
    read = _TIME.match(text or "")
    if read is None:
        return float(_DAY)
    return sum(float(value or 0) * unit for value, unit in zip(read.groups(), _UNITS, strict=True))


class RemoteExchange(Struct, frozen=True):
    """An exchange that the other process recorded, as the session over it reads it."""

    pipe: MessagePipe
    answered: RequestSent

    @property
    def head(self) -> Head | None:
        return self.answered.head

    @property
    def failure(self) -> Failure | None:
        return self.answered.failure

    @property
    def truncated(self) -> str | None:
        return self.answered.truncated

    def payload(self) -> Iterator[bytes]:
        while data := self.pipe.ask(NextOfPayload(self.answered.number)).data:
            yield data


class RemoteNetwork(Struct, frozen=True):
    """Has the other process send and record requests."""

    pipe: MessagePipe
    largest: int
    """Bytes of content that one response may bring: a coded one may be small on the wire."""

    def send(self, request: Request) -> RemoteExchange:
        wanted = RequestToSend(request.url.href, request.method, list(request.headers), request.body)
        return RemoteExchange(self.pipe, self.pipe.ask(wanted))


READ_AT_MOST = 64 << 20
"""Bytes of one response that an extractor may read into memory; streams are read piece by piece."""
_MAX_PREFIX = 64 << 10
_REDIRECTS = 20


class RecordingRH(RequestHandler):  # type: ignore[misc]  # yt-dlp ships no types
    """Responds to yt-dlp's requests with recorded exchanges; the recorder sets proxies, roots and time limits."""

    _SUPPORTED_URL_SCHEMES = ("http", "https")
    _SUPPORTED_PROXY_SCHEMES = None
    _SUPPORTED_FEATURES = None
    RH_NAME = "recording"

    def __init__(self, network: RemoteNetwork, **named: Any) -> None:
        super().__init__(**named)
        self._network = network

    def _check_proxies(self, proxies: Any) -> None:
        """Ignore proxies that yt-dlp read from the environment."""

    def _check_extensions(self, extensions: dict[str, Any]) -> None:
        super()._check_extensions(extensions)
        for known in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing"):
            extensions.pop(known, None)

    def _send(self, request: ExtractorRequest) -> Response:
        session = recording_session(self._network.send)
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
        response = _ExtractorResponse(answer, self._network.largest)
        if not 200 <= response.status < 300:
            raise HTTPError(response, redirect_loop=is_loop)
        return response


class _ExtractorResponse(Response):  # type: ignore[misc]
    """A response as yt-dlp reads it: whole up to a limit, streams in pieces."""

    def __init__(self, answer: requests.Response, largest: int) -> None:
        super().__init__(answer.raw, answer.url, answer.headers, answer.status_code, answer.reason)
        self._left = largest
        self._prefix = b""
        """The first bytes that were read in pieces: extractors look at the start before they read the rest."""

    def read(self, amt: int | None = None) -> bytes:
        try:
            return self._piece(amt) if amt is not None else self._whole()
        except WireError as error:
            raise TransportError(cause=error) from error

    def _piece(self, amount: int) -> bytes:
        piece: bytes = self.fp.read(amount, decode_content=True)
        self._left -= len(piece)
        if self._left < 0:
            raise TransportError("a response whose content is larger than one body may bring (--max-size)")
        if len(self._prefix) < _MAX_PREFIX:
            self._prefix += piece
        return piece

    def _whole(self) -> bytes:
        before, whole = self._prefix, bytearray()
        while piece := self._piece(1 << 20):
            whole += piece
            if len(whole) > READ_AT_MOST:
                raise TransportError(f"a response of over {READ_AT_MOST:,} bytes, more than is read into memory")
        try:
            pieces = pieces_in(before + whole)
        except XmlRefused as error:
            raise TransportError(f"a manifest that is not read: {error}") from error
        if pieces > PIECES_AT_MOST:
            raise TransportError(f"a playlist of {pieces:,} pieces or more, where {PIECES_AT_MOST:,} are the most")
        addresses = addresses_in(before + whole, self.url) if pieces else 0
        if addresses > ADDRESSES_AT_MOST:
            raise TransportError(
                f"a playlist whose addresses take {addresses:,} bytes, where {ADDRESSES_AT_MOST:,} are the most"
            )
        if (effort_of if pieces else effort_of_page)(before + whole) > EFFORT_AT_MOST:
            raise TransportError("a page or playlist that takes the extractor too long to read")
        return bytes(whole)


def director_of(handler: RecordingRH, logger: Any) -> RequestDirector:
    """A director with one handler: requests that it cannot send, such as other kinds of sockets, are refused."""
    director = RequestDirector(logger=logger)
    director.add_handler(handler)
    return director
