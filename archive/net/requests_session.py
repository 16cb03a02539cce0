"""A `requests` session over our client, for guests: a video extractor, a timestamp client.

Every exchange is recorded whole before the guest sees its first byte, so that a guest that stops reading loses nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from typing import Any, Protocol

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from archive.http import Head
from archive.net.client import Request
from archive.net.exchange import Failure
from archive.urls import UrlError, parse


class RecordedResponse(Protocol):
    """What the session needs of a recorded exchange."""

    @property
    def head(self) -> Head | None: ...
    @property
    def failure(self) -> Failure | None: ...
    @property
    def truncated(self) -> str | None: ...
    def payload(self) -> Iterator[bytes]: ...


Carry = Callable[[Request], RecordedResponse]
"""Carries a request out and records it, whatever came of it."""


def recording_session(carry: Carry) -> requests.Session:
    """Make a session that can reach the network only through `carry`, redirects included."""
    session = _Session()
    session.trust_env = False
    session.headers.clear()
    adapter = _RecordingAdapter(carry)
    session.adapters.clear()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Session(requests.Session):
    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        # requests looks ahead at a redirect that nobody follows, and raises on a hostile Location.
        return iter(()) if kwargs.get("yield_requests") else super().resolve_redirects(*args, **kwargs)


class _RecordingAdapter(BaseAdapter):
    def __init__(self, carry: Carry) -> None:
        super().__init__()
        self._carry = carry

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        recorded = self._carry(_request_of(request))
        failure = recorded.failure
        if failure is not None:
            kind = requests.Timeout if failure.reason == "timeout" else requests.ConnectionError
            raise kind(f"{failure.stage}: {failure.message}", request=request)
        assert recorded.head is not None
        return HTTPAdapter().build_response(request, _response_of(recorded, recorded.head, request.method))

    def close(self) -> None:
        """Nothing to close: the connections belong to the client."""


def _request_of(request: requests.PreparedRequest) -> Request:
    try:
        url = parse(request.url or "")
    except UrlError as error:
        raise requests.exceptions.InvalidURL(str(error), request=request) from error
    body = request.body or b""
    if not isinstance(body, (str, bytes)):
        body = b"".join(body)
    data = body.encode() if isinstance(body, str) else body
    return Request(url, request.method or "GET", _headers_of(request.headers), data)


def _headers_of(headers: Mapping[str, str | bytes]) -> tuple[tuple[str, str], ...]:
    texts = ((name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in headers.items())
    # Only the coding that the client itself can undo is requested.
    return tuple((name, "gzip" if name.lower() == "accept-encoding" else value) for name, value in texts)


def _response_of(recorded: RecordedResponse, head: Head, method: str | None) -> HTTPResponse:
    fields = HTTPHeaderDict()
    for name, value in head.fields:
        fields.add(name, value)
    return HTTPResponse(
        body=io.BufferedReader(_Payload(recorded)),
        headers=fields,
        status=head.status,
        reason=head.reason,
        version=11,
        preload_content=False,
        original_response=_Original(head),  # type: ignore[arg-type]
        request_method=method,
        enforce_content_length=False,
    )


class _Payload(io.RawIOBase):
    """Reads the payload of a recorded exchange; the end of a cut one is an error, as on a live connection."""

    def __init__(self, recorded: RecordedResponse) -> None:
        self._pieces = recorded.payload()
        self._truncated = recorded.truncated
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                if self._truncated is not None:
                    raise ProtocolError(f"the response was cut short ({self._truncated})")
                return 0
            self._left = piece
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class _Original:
    """What requests looks for cookies in."""

    def __init__(self, head: Head) -> None:
        self.msg = Message()
        for name, value in head.fields:
            self.msg.add_header(name, value)

    def isclosed(self) -> bool:
        return True

    def close(self) -> None: ...
