"""One record while it is read: its digests as they grow, and what they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archive.http import MessageReader
from archive.http.chunked import Piece
from archive.warc.digest import DigestVerdict, algorithm_of, hasher, judge
from archive.warc.header import Header, bare, type_of
from archive.warc.report import PAYLOAD_IS_BLOCK
from archive.warc.sent_fields import LONGEST_HEAD, Sent, sent_fields

METHOD = 16
"""First bytes of a request among which its method is looked for."""
_ENDS = b"\r\n\r\n"


class PartialRecord:
    """A record that is being read."""

    __slots__ = (
        *("block_hash", "block_stated", "head_end", "header", "http", "id", "is_stored_hashed", "left", "length"),
        *("payload_hash", "payload_stated", "raw_hash", "sha256", "start", "surplus_hash", "type", "uri"),
    )

    def __init__(self, header: Header, length: int) -> None:
        fields = header.fields
        self.header = header
        self.id = bare(fields.get("warc-record-id", ""))
        self.type = type_of(fields)
        uri = fields.get("warc-target-uri")
        self.uri = uri if uri is None else bare(uri)
        self.length = self.left = length
        self.start = bytearray()
        """The first bytes of a request, with its whole head where that is not too long."""
        self.head_end = -1
        """Where the head of a request ends; below 0 where no end has come."""
        self.http: MessageReader | None = None
        self.block_stated = fields.get("warc-block-digest")
        self.payload_stated = fields.get("warc-payload-digest")
        self.is_stored_hashed = self.block_stated is not None and algorithm_of(self.block_stated) == "sha256"
        self.block_hash: Any = None
        self.payload_hash: Any = None
        """In the algorithm that is stated for the payload."""
        self.raw_hash: Any = None
        """The same over a body with its transfer coding, which some writers take for the payload."""
        self.surplus_hash: Any = None
        """The same over a body that continues where its Content-Length says it ends."""
        self.sha256: Any = None
        """Of the payload, where it is wanted in any case."""

    def feed_start(self, piece: memoryview) -> None:
        """Take the next bytes of a request, until its head has ended."""
        had = len(self.start)
        if had < METHOD or (self.head_end < 0 and had < LONGEST_HEAD):
            self.start += piece[: LONGEST_HEAD - had]
            self.head_end = self.start.find(_ENDS, max(had - len(_ENDS), 0) if self.head_end < 0 else self.head_end)

    @property
    def sent(self) -> Sent | None:
        """What the head of a request says of how it was sent; None where it has no end."""
        if self.head_end < 0:
            return None
        has_body = self.length > self.head_end + len(_ENDS)
        return sent_fields(bytes(self.start[: self.head_end + 2]), self.uri, has_body=has_body)

    def feed_surplus(self, data: Piece) -> None:
        """Take bytes of the block behind the end of the HTTP message, which some writers take for payload."""
        if self.surplus_hash is None:
            self.surplus_hash = self.payload_hash.copy()
        self.surplus_hash.update(data)


def other_payloads(draft: PartialRecord) -> Iterator[tuple[Any, str]]:
    """Digests of what some writers take for the payload, each with what it is of."""
    if draft.http is not None and draft.http.framing == "chunked":
        yield draft.raw_hash, "of the body with its chunk marks"
    if draft.surplus_hash is not None:
        yield draft.surplus_hash, "of the whole body; the HTTP Content-Length is that of another coding of it"
    if draft.block_hash is not None and draft.block_hash.name == draft.payload_hash.name:
        yield draft.block_hash, "of the whole block"


def digest_taken_for_block(draft: PartialRecord) -> str | None:
    """What a block digest that is not the block's is of, where a writer is known to state that; None for anything else.

    Webrecorder stated the body's digest for chunked responses, and that of no byte for revisits. Neither says anything
    of the whole block, so neither shows that it was altered.
    """
    algorithm, stated = draft.block_hash.name, draft.block_stated or ""
    if judge(stated, hasher(algorithm).digest()) is DigestVerdict.GOOD:
        return "of no byte at all"
    bodies = [draft.payload_hash, *(other for other, _ in other_payloads(draft))] if draft.payload_hash else []
    is_body = any(judge(stated, each.digest()) is DigestVerdict.GOOD for each in bodies if each.name == algorithm)
    return "of the body alone" if is_body else None


def payload_sha256(draft: PartialRecord, block: DigestVerdict) -> str | None:
    """Of the body of a response; of a record whose payload is its block, where the block's digest is a good SHA-256."""
    if draft.type in PAYLOAD_IS_BLOCK:
        return draft.block_hash.hexdigest() if draft.is_stored_hashed and block is DigestVerdict.GOOD else None
    has_payload = draft.sha256 is not None and draft.http is not None and draft.http.has_payload
    return draft.sha256.hexdigest() if has_payload else None


def payload_sinks(draft: PartialRecord) -> tuple[Callable[[Piece], None], Callable[[Piece], None]]:
    """Where the payload of an HTTP message goes, and where its body as stored goes."""
    wanted = [each for each in (draft.payload_hash, draft.sha256) if each is not None]
    if len(wanted) == 2 and wanted[0] is wanted[1]:
        del wanted[1]
    raw = draft.raw_hash.update if draft.raw_hash is not None else _nowhere
    if not wanted:
        return _nowhere, raw
    if len(wanted) == 1:
        return wanted[0].update, raw
    first, second = (each.update for each in wanted)

    def both(piece: Piece) -> None:
        first(piece)
        second(piece)

    return both, raw


def _nowhere(_: Piece) -> None:
    pass
