"""The input of the classifier: the final response to a request for a source, and the redirects before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.classify.beginnings import charset_of_page
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading
from archive.http.coding import CodingFault
from archive.urls import Url

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that browsers follow to another address."""
UNFOLLOWED = frozenset({300, 305, 306})
"""Other statuses of redirection, whose body browsers show. (RFC 9110, section 15.4)"""
_LONGEST_STUB = 400
_STUB = re.compile(
    r"\W*(?:30[0-8]\b|(?:(?:the )?(?:object|document|page|resource) (?:has )?)?moved\b"
    r"|see other\b|redirect|found\W*\Z)",
    re.IGNORECASE,
)


class FinalResponse(Struct, frozen=True):
    """One response, whatever its status."""

    url: Url
    """The URL that was requested last, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """The content with its codings undone; the first MiB is enough."""
    complete: bool
    """False where the server did not send all that it had announced."""
    reading: PageReading | None
    """None for what is not HTML."""
    hops: tuple[Url, ...]
    """The URLs that were requested before, in order; empty without redirects."""
    coding_fault: CodingFault | None = None
    """Why the body cannot be read by the content coding that its head states."""

    @property
    def first_url(self) -> Url:
        return self.hops[0] if self.hops else self.url

    @property
    def text(self) -> str:
        return self.reading.text if self.reading else ""

    @property
    def title(self) -> str:
        return self.reading.title if self.reading else ""

    @property
    def is_success(self) -> bool:
        """True where a browser shows the body as what was requested: also that of a redirect to nowhere."""
        return 200 <= self.status < 300 or self.is_shown_redirect

    @property
    def is_shown_redirect(self) -> bool:
        """True for a status of redirection that names no address, with a body: browsers show that.

        A field that names one which is not valid is an error to browsers. (RFC 9110, sections 15.4 and 15.4.1)
        """
        is_unfollowed = self.status in UNFOLLOWED or (self.status in REDIRECTS and not self.header("Location"))
        return is_unfollowed and bool(self.body.strip()) and not self._is_stub

    @property
    def _is_stub(self) -> bool:
        """True for the short note that servers send with a redirect: it says only that something is elsewhere."""
        if self.reading is None:
            return len(self.body) < _LONGEST_STUB and _STUB.match(self.body.decode("latin-1")) is not None
        return len(self.text) < _LONGEST_STUB and _STUB.match(self.title or self.text) is not None

    @property
    def media_type(self) -> str:
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    def header(self, name: str) -> str | None:
        """The first field of that name. (RFC 9110, section 5.3)"""
        return next(self.fields(name), None)

    def fields(self, name: str) -> Iterator[str]:
        wanted = name.lower()
        return (value for field, value in self.headers if field.lower() == wanted)


def read_as_page(response: FinalResponse) -> FinalResponse:
    """The response with its reading where its bytes are a page, whatever its `Content-Type`.

    A sign-in page can come as `application/pdf`, or as the attachment `report.pdf`. (MIME Sniffing Standard, 7.1)
    """
    if response.reading is not None or not response.is_success:
        return response
    charset = charset_of_page(response.body)
    if charset is None or response.media_type.startswith("text/"):
        return response
    if response.media_type in ("application/json", "application/xml"):
        return response
    stated = charset if charset.startswith("utf-16") else None
    return replace(response, reading=read_html(response.body, url=response.url, charset=stated))


@dataclass(frozen=True)
class Case:
    """A response together with what it is judged by."""

    response: FinalResponse
    cited: Url
    probe: FinalResponse | None = None
    expected: str | None = None
    """The suffix of the expected file, `pdf`; None for a page or where any type is accepted."""

    @cached_property
    def markup(self) -> str:
        """The body as ASCII in lower case, for marks that are ASCII; read once."""
        return self.response.body[: 1 << 20].decode("latin-1").lower()

    @property
    def was_redirected(self) -> bool:
        """True where another address than the cited one responded; scheme and `www.` do not count."""
        return _without_scheme(self.cited) != _without_scheme(self.response.url)


def _without_scheme(url: Url) -> tuple[str, str]:
    return url.host.removeprefix("www."), url.target
