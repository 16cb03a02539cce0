"""The input of the classifier: the final response to a request for a source, and the redirects before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from archive.capture.classify.beginnings import charset_of_page
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading
from archive.http.coding import CodingFault
from archive.urls import Url


@dataclass(frozen=True, slots=True)
class FinalResponse:
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
        return 200 <= self.status < 300

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
