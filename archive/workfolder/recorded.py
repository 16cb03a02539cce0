"""A recorded exchange: the journal's entry for it, and what everybody above the recorder sees of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from archive.http import Head, coding
from archive.http.head import content_range
from archive.net.exchange import Failure
from archive.urls import Url
from archive_manifests.notes import Note

PARSED_AT_MOST = 32 << 20
"""Decoded bytes of one answer that are looked at; what is stored has no such bound."""


class PayloadSource(Protocol):
    """Yields a payload, from memory or from the WARC. It is no fact: a journal does not state it."""

    def __call__(self) -> Iterator[bytes]: ...


@dataclass(slots=True)
class Recorded:
    """One exchange as it stands in the WARC, of this run or of an earlier one."""

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
    series: str = ""
    """The series of WARC files that holds it: the id of the source that requested it first."""
    place: tuple[str, int, int] | None = None
    """File, offset and length of its record."""
    framing: str = "none"
    body_start: int = 0
    """Where the body starts in the block of its record."""
    payload_sha256: str | None = None
    repeatable: bool = True
    """False for what must not stand in for another request of the same URL: a POST, a probe."""
    cookies: str = ""
    """What earlier responses of the same visit set, and this request sent."""
    line: int | None = field(default=None, init=False, repr=False, compare=False)
    """Where the journal's line of it starts, once that is written; None of what was changed since."""
    _payload: PayloadSource | None = field(default=None, repr=False, compare=False)
    _coding_fault: coding.CodingFault | None = field(default=None, init=False, repr=False, compare=False)
    _is_coding_read: bool = field(default=False, init=False, repr=False, compare=False)

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

    def read_from(self, source: PayloadSource) -> None:
        """State where the payload is read from: no fact of the exchange."""
        self._payload = source

    def payload(self) -> Iterator[bytes]:
        """Yield the payload: transfer coding undone, content coding retained."""
        return self._payload() if self._payload is not None else iter(())

    def decoded(self, limit: int) -> Iterator[bytes]:
        """Yield the whole content with its coding undone. Raises `CodingError` where that cannot be done."""
        return coding.decoded(self.payload(), self.header("Content-Encoding") or "", limit)

    def content(self, limit: int = PARSED_AT_MOST) -> bytes:
        """The first `limit` bytes with the content coding undone: for looking at, never for storing."""
        return coding.start_of(self.payload(), self.header("Content-Encoding") or "", limit)

    @property
    def is_cut(self) -> bool:
        """True where less came than the whole: by its framing, by its range, or by its content coding."""
        if self.truncated is not None or self._is_part:
            return True
        return self.coding_fault is coding.CodingFault.CUT

    @property
    def _is_part(self) -> bool:
        """True for a 206 that states that it begins after the first byte, or ends before the last one."""
        stated = content_range(self.header("Content-Range")) if self.status == 206 else None
        return stated is not None and (stated[0] > 0 or (stated[2] is not None and stated[1] + 1 < stated[2]))

    @property
    def coding_fault(self) -> coding.CodingFault | None:
        """Why the body cannot be read by its Content-Encoding; None where it can, or where none is stated."""
        stated = self.header("Content-Encoding")
        if stated and not self._is_coding_read:
            self._coding_fault, self._is_coding_read = coding.fault_of(self.payload(), stated), True
        return self._coding_fault
