"""One exchange: a request with its answer, or with the way it failed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.capture.wire.framing import payload_of
from archive.capture.wire.head import Head
from archive.capture.wire.tape import Tape
from archive.urls import Url


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no usable answer."""

    stage: str
    """`policy`, `dns`, `connect`, `proxy`, `tls`, `send`, `head`."""
    reason: str
    """A reason of the ledger: `private-address`, `dns`, `connect`, `tls`, `timeout`, `reset`, `empty`, `not-http`…"""
    message: str
    """The exact error, for the record."""


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What TLS said on this very connection."""

    version: str | None
    cipher: str | None
    chain: tuple[bytes, ...]
    """Certificates as the server offered them, DER, leaf first; also where they were not believed."""
    verified: bool


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What is known of the connection that carried an exchange."""

    number: int
    """Counts the connections of a run from 1; exchanges with one number shared a connection."""
    resolved: tuple[str, ...] = ()
    """Every address that the resolver gave."""
    peer: str | None = None
    """The address that really answered; None behind a proxy."""
    peer_port: int | None = None
    proxied: str | None = None
    """The kind of proxy."""
    mapped: bool = False
    """`--connect-to` led the connection elsewhere than the URL's host says."""
    tls: TlsFacts | None = None


@dataclass(slots=True)
class Exchange:
    """One request and all that came back."""

    url: Url
    method: str
    started: datetime
    """UTC, with microseconds: WARC-Date of its records."""
    sent: Tape
    received: Tape
    ended: datetime | None = None
    connection: ConnectionFacts | None = None
    is_first_on_connection: bool = False
    head: Head | None = None
    """The final head; 1xx heads before it are only on the tape."""
    interim: int = 0
    body_start: int = 0
    body_end: int = 0
    framing: str = "none"
    truncated: str | None = None
    """`length`, `time`, `disconnect` or None: WARC-Truncated. (WARC 1.1, section 5.13)"""
    failure: Failure | None = None
    has_surplus: bool = False
    """Bytes came after the end of the answer."""
    oddities: list[str] = field(default_factory=list)
    """What was unusual about the answer, in plain words."""
    _payload_hash: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def status(self) -> int | None:
        return self.head.status if self.head else None

    @property
    def is_complete(self) -> bool:
        return self.head is not None and self.failure is None and self.truncated is None

    @property
    def is_in_doubt(self) -> bool:
        """True where this may be what a kept connection still had to say to the request before. (RFC 9112, 9.2)"""
        is_unclean = self.has_surplus or (self.failure is not None and self.failure.reason == "not-http")
        return is_unclean and not self.is_first_on_connection

    def landed(self, pieces: list[bytes]) -> None:
        """Count pieces of payload as they land."""
        for piece in pieces:
            self._payload_hash.update(piece)

    @property
    def payload_sha256(self) -> str | None:
        """Hex digest of the payload that came; None where no head was read."""
        digest: str = self._payload_hash.hexdigest()
        return digest if self.head is not None else None

    def payload(self) -> Iterator[bytes]:
        """Yield the body with its transfer coding undone, its content coding kept. (WARC 1.1, section 5.9)"""
        return payload_of(self.framing, self.received.pieces(self.body_start, self.body_end))

    @property
    def digest_is_clear(self) -> bool:
        """True where every reader computes the same payload digest.

        Not so for chunked bodies (warcio #74), a 1xx before the answer, and heads that are not plain CRLF.
        """
        return (
            self.head is not None
            and self.head.is_plain
            and not self.interim
            and self.framing != "chunked"
            and self.body_end == self.received.size
        )

    def close(self) -> None:
        self.sent.close()
        self.received.close()
