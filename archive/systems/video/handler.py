"""yt-dlp's way to the network: our recorder, and nothing else.

Imports yt-dlp; import it only where a film is asked for.
"""

from __future__ import annotations

from typing import Any

import requests
from urllib3.exceptions import HTTPError as WireError
from yt_dlp.networking.common import Request as Asked
from yt_dlp.networking.common import RequestDirector, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError

from archive.capture.wire.session import recording_session
from archive.systems.video.carrier import Carrier
from archive.systems.video.playlists import PIECES_AT_MOST, pieces_in

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
        pieces = pieces_in(before + whole)
        if pieces > PIECES_AT_MOST:
            raise TransportError(f"a playlist of {pieces:,} pieces or more, where {PIECES_AT_MOST:,} are the most")
        return bytes(whole)


def director_of(handler: RecordingRH, logger: Any) -> RequestDirector:
    """A director that knows one way only: what that cannot carry, a socket of another kind too, is not asked for."""
    director = RequestDirector(logger=logger)
    director.add_handler(handler)
    return director
