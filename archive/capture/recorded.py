"""A recorded exchange, as everybody above the recorder sees it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from archive.http import Head, coding
from archive.net.exchange import Failure
from archive.urls import Url
from archive_manifests.notes import Note

PARSED_AT_MOST = 32 << 20
"""Decoded bytes of one answer that are looked at; what is stored has no such bound."""


@dataclass(slots=True)
class Recorded:
    """One exchange as it stands in the WARC, fresh or from an earlier run."""

    url: Url
    method: str
    answer: str
    """Id of the record that stands for it."""
    head: Head | None
    failure: Failure | None
    truncated: str | None
    started: str
    ended: str
    size: int
    """Bytes of the body as it came."""
    oddities: tuple[Note, ...] = ()
    earlier: tuple[str, ...] = ()
    """Ids of the records of tries before this one."""
    is_fresh: bool = True
    """False where it was recorded by an earlier run."""
    _payload: Callable[[], Iterator[bytes]] = field(default=lambda: iter(()), repr=False)

    @property
    def status(self) -> int | None:
        return self.head.status if self.head else None

    def header(self, name: str) -> str | None:
        return self.head.get(name) if self.head else None

    @property
    def media_type(self) -> str:
        """Content-Type without its parameters, lower case; empty where none is stated."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset parameter of Content-Type."""
        for parameter in (self.header("Content-Type") or "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None

    def payload(self) -> Iterator[bytes]:
        """Yield the payload: transfer coding undone, content coding kept."""
        return self._payload()

    def decoded(self, limit: int) -> Iterator[bytes]:
        """Yield the whole content with its coding undone. Raises `CodingError` where that cannot be done."""
        return coding.decoded(self.payload(), self.header("Content-Encoding") or "", limit)

    def content(self, limit: int = PARSED_AT_MOST) -> bytes:
        """The first `limit` bytes with the content coding undone: for looking at, never for storing."""
        return coding.start_of(self.payload(), self.header("Content-Encoding") or "", limit)

    @property
    def is_cut(self) -> bool:
        """True where less came than the server meant to send: by its framing, or by its content coding."""
        return self.truncated is not None or coding.ends_early(self.payload(), self.header("Content-Encoding") or "")


@dataclass(frozen=True, slots=True)
class JoinedBody:
    """A body put together from the answers that hold its parts: the block of a `resource` record."""

    parts: tuple[Recorded, ...]
    size: int
    sha256: str

    def pieces(self) -> Iterator[bytes]:
        return chain.from_iterable(part.payload() for part in self.parts)


def join(parts: Sequence[Recorded]) -> JoinedBody:
    """Measure the body that the parts make together."""
    digest, size = hashlib.sha256(), 0
    for piece in chain.from_iterable(part.payload() for part in parts):
        digest.update(piece)
        size += len(piece)
    return JoinedBody(tuple(parts), size, digest.hexdigest())
