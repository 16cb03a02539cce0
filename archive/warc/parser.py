"""One record after the other out of a stream of bytes: header, block, two line ends. (WARC 1.1, section 4)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archive.http import MessageReader
from archive.http.chunked import Piece
from archive.warc.budget import RECORD_STEPS
from archive.warc.digest import DigestVerdict, algorithm_of, hasher, is_base_64, judge
from archive.warc.header import LENGTH, LONGEST, MOST_FIELDS, Header, bare, field_problems, parse_header
from archive.warc.report import PAYLOAD_IS_BLOCK, Fault, ScannedRecord

_MARK = b"WARC/"
_ENDS = b"\r\n\r\n"
_MOST_LOST = 1000
_METHOD = 16
"""First bytes of a request among which its method is looked for."""

Report = Callable[[Fault], None]
Spend = Callable[[int], bool]


class PartialRecord:
    """A record that is being read."""

    __slots__ = (
        *("block_hash", "block_stated", "header", "http", "id", "left", "length", "payload_hash"),
        *("is_stored_hashed", "payload_stated", "raw_hash", "sha256", "start", "surplus_hash", "type", "uri"),
    )

    def __init__(self, header: Header, length: int) -> None:
        fields = header.fields
        self.header = header
        self.id = bare(fields.get("warc-record-id", ""))
        self.type = fields.get("warc-type", "")
        uri = fields.get("warc-target-uri")
        self.uri = uri if uri is None else bare(uri)
        self.length = self.left = length
        self.start = b""
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
        """The same over a body that goes on where its Content-Length says it ends."""
        self.sha256: Any = None
        """Of the payload, where it is wanted in any case."""

    def feed_surplus(self, data: Piece) -> None:
        """Take bytes of the block behind the end of the HTTP message, which some writers take for payload."""
        if self.surplus_hash is None:
            self.surplus_hash = self.payload_hash.copy()
        self.surplus_hash.update(data)


class RecordParser:
    """Takes the bytes of a WARC, compression undone, up to the end of one record at a time.

    `ended` is then that record. After a fault of framing the parser is `lost`: it takes bytes and does nothing, until
    whoever feeds it knows where the next record may start, and says `restart`.
    """

    def __init__(self, report: Report, spend: Spend) -> None:
        self._report, self._spend = report, spend
        self.offset = 0
        """Where in the stored file the record in hand starts, for faults."""
        self.ended: PartialRecord | None = None
        self.is_lost = False
        self.is_exhausted = False
        """True where reading on would take longer than so few stored bytes are worth."""
        self._lost = 0
        self._draft: PartialRecord | None = None
        self._pending = bytearray()
        self._tail = b""

    @property
    def is_between(self) -> bool:
        """True where no byte of a next record has come."""
        return self._draft is None and not self._pending

    @property
    def lacks_only_its_end(self) -> bool:
        """True where all of a record's block has come, and not all of the line ends behind it."""
        return self._draft is not None and not self._draft.left and not self.is_lost

    def restart(self) -> None:
        self.ended = None
        self._forget()

    def fault(self, code: str, **facts: str | None) -> None:
        draft = self._draft or self.ended
        record, uri = (draft.id, draft.uri) if draft else (None, None)
        self._report(Fault(code, self.offset, record=record, uri=uri, **facts))

    def cut_off(self, code: str = "warc-length") -> None:
        """Report that the record in hand has no more bytes. One whose block is whole has `ended`."""
        draft = self._draft
        if draft is None:
            self.fault(code, expected="a header and its empty line", found=f"{len(self._pending):,} bytes of a header")
        elif draft.left:
            found = f"{draft.length - draft.left:,} bytes"
            self.fault(code, expected=f"a block of {draft.length:,} bytes", found=found)
        else:
            # All of the block is here: what is missing is the mark of its end.
            self.fault("warc-end-form", expected=r"\r\n\r\n", found=repr(self._tail)[1:])
            self.ended = draft
        self._forget()

    def _forget(self) -> None:
        self._draft, self.is_lost, self._tail = None, False, b""
        self._pending.clear()

    def feed(self, data: Piece, at: int) -> int:
        """Take bytes from position `at`; the position behind what was taken."""
        if self.is_lost or self.is_exhausted:
            return len(data)
        if self._draft is None:
            at = self._feed_header(data, at)
            if self._draft is None:
                return at
        if self._draft.left:
            at = self._feed_block(self._draft, data, at)
        return at if self._draft.left else self._feed_end(self._draft, data, at)

    def _lose(self, code: str, **facts: str | None) -> None:
        self.fault(code, **facts)
        self._give_up()

    def _give_up(self) -> None:
        self.is_lost, self._draft = True, None
        self._pending.clear()
        self._lost += 1
        self.is_exhausted = self.is_exhausted or self._lost > _MOST_LOST

    def _feed_header(self, data: Piece, at: int) -> int:
        if not self._pending:
            piece = data if isinstance(data, bytes) else bytes(data[at : at + 4096])
            start = at if piece is data else 0
            end = piece.find(_ENDS, start, start + LONGEST)
            if end >= 0 and piece.startswith(_MARK, start):
                self._begin(piece[start:end])
                return at + end + 4 - start
        return self._gather_header(data, at)

    def _gather_header(self, data: Piece, at: int) -> int:
        """The same for a header that comes in pieces, or is none."""
        pending, had = self._pending, len(self._pending)
        pending += data[at : at + LONGEST + 4 - had]
        if not (_MARK.startswith(pending[:5]) or pending.startswith(_MARK)):
            self._lose("warc-garbage", expected="WARC/1.0 or WARC/1.1", found=repr(bytes(pending[:16]))[1:])
            return len(data)
        end = pending.find(_ENDS, max(had - 3, 0))
        if end < 0:
            if len(pending) > LONGEST:
                self._lose("warc-limit", expected=f"a header of up to {LONGEST:,} bytes", found="a longer one")
            return len(data)
        head = bytes(pending[:end])
        pending.clear()
        self._begin(head)
        return at + end + 4 - had

    def _begin(self, head: bytes) -> None:
        header = parse_header(head)
        stated = header.fields.get("content-length", "")
        is_number = LENGTH.match(stated) is not None
        draft = self._draft = PartialRecord(header, int(stated) if is_number else 0)
        if any(code == "warc-limit" for code, _ in header.problems):
            self._lose("warc-limit", expected=f"up to {MOST_FIELDS:,} fields", found="more")
            return
        for code, found in header.problems:
            self.fault(code, found=found)
        for code, found in field_problems(header):
            self.fault(code, found=found)
        if not self._spend(RECORD_STEPS):
            self.is_exhausted = True
            self._give_up()
        elif not is_number:
            if "content-length" in header.fields:
                self.fault("warc-length", expected="a decimal number of bytes", found=stated[:80])
            self._give_up()
        else:
            self._prepare(draft)

    def _prepare(self, draft: PartialRecord) -> None:
        """Choose what is to be computed from the block."""
        block = algorithm_of(draft.block_stated) if draft.block_stated is not None else None
        if block is not None:
            draft.block_hash = hasher(block)
        fields = draft.header.fields
        is_http = fields.get("content-type", "").lower().startswith("application/http")
        payload = algorithm_of(draft.payload_stated) if draft.payload_stated is not None else None
        if draft.type in ("revisit", "continuation") or "warc-segment-number" in fields:
            payload = None  # the digest is of a payload that is not, or not all, in this record
        if payload is not None:
            draft.payload_hash = hasher(payload)
        if is_http and (draft.type in ("response", "revisit") or (draft.type == "request" and payload is not None)):
            if payload is not None:
                draft.raw_hash = hasher(payload)
            if block == "sha256" and draft.type == "response":
                draft.sha256 = draft.payload_hash if payload == "sha256" else hasher("sha256")
            sink, raw = _sinks(draft)
            is_request = draft.type == "request"
            draft.http = MessageReader(sink, is_request=is_request, raw=raw, spend=self._spend)

    def _feed_block(self, draft: PartialRecord, data: Piece, at: int) -> int:
        piece = memoryview(data)[at : at + draft.left]
        if draft.type == "request" and len(draft.start) < _METHOD:
            draft.start += bytes(piece[: _METHOD - len(draft.start)])
        if draft.block_hash is not None:
            draft.block_hash.update(piece)
        if draft.http is not None:
            taken = draft.http.feed(piece)
            if taken < len(piece) and draft.payload_hash is not None:
                draft.feed_surplus(piece[taken:])
        elif draft.payload_hash is not None:
            draft.payload_hash.update(piece)
        draft.left -= len(piece)
        return at + len(piece)

    def _feed_end(self, draft: PartialRecord, data: Piece, at: int) -> int:
        taken = bytes(data[at : at + 4 - len(self._tail)])
        tail = self._tail + taken
        if tail == _ENDS:
            self.ended, self._draft, self._tail = draft, None, b""
        elif _ENDS.startswith(tail):
            self._tail = tail
        else:
            is_sound = draft.block_stated is not None and draft.block_hash is not None
            is_sound = is_sound and judge(draft.block_stated or "", draft.block_hash.digest()) is DigestVerdict.GOOD
            self.fault("warc-end-form" if is_sound else "warc-end", expected=r"\r\n\r\n", found=repr(tail)[1:])
            self.ended, self._tail = draft, b""
            self._give_up()
        return at + len(taken)

    def take(self, offset: int, length: int, sha256: str) -> ScannedRecord:
        """The record that has ended, with where it is; its digests are judged here."""
        draft = self.ended
        assert draft is not None
        fields, http = draft.header.fields, draft.http
        head = http.head if http else None
        method = draft.start.partition(b" ")[0].decode("latin-1") if draft.type == "request" else None
        record = ScannedRecord(
            offset=offset,
            length=length,
            sha256=sha256 if draft.is_stored_hashed else "",
            id=draft.id,
            type=draft.type,
            date=fields.get("warc-date", ""),
            uri=draft.uri,
            content_type=fields.get("content-type"),
            block_size=draft.length,
            block=(block := self._judge_block(draft)),
            payload=self._judge_payload(draft, block),
            payload_sha256=_payload_sha256(draft, block),
            http_status=http.status if http else None,
            mime=head.media_type if head and head.has_plain_lines else None,
            method=method,
            truncated=fields.get("warc-truncated"),
            is_whole=http.is_whole if http else None,
            concurrent=tuple(map(bare, draft.header.concurrent)),
            refers_to=_bare(fields.get("warc-refers-to")),
            warcinfo=_bare(fields.get("warc-warcinfo-id")),
        )
        if draft.type == "response" and http is not None and http.head is None:
            self.fault("warc-http", found=f"no head of an HTTP answer in {draft.length:,} bytes")
        self.ended = None
        return record

    def _judge_block(self, draft: PartialRecord) -> DigestVerdict:
        stated = draft.block_stated
        if stated is None:
            return DigestVerdict.ABSENT
        if draft.block_hash is None:
            return self._judged(DigestVerdict.UNKNOWN, "block", stated, "")
        digest = draft.block_hash.digest()
        return self._judged(judge(stated, digest), "block", stated, digest.hex())

    def _judge_payload(self, draft: PartialRecord, block: DigestVerdict) -> DigestVerdict:
        stated = draft.payload_stated
        if stated is None:
            return DigestVerdict.ABSENT
        if draft.payload_hash is None:
            if algorithm_of(stated) is not None:
                return DigestVerdict.UNCHECKED
            return self._judged(DigestVerdict.UNKNOWN, "payload", stated, "")
        http = draft.http
        if http is not None and not http.has_payload:
            if http.head is not None:
                self.fault("warc-payload-unchecked", found=stated[:160])
            return DigestVerdict.UNCHECKED
        digest = draft.payload_hash.digest()
        verdict = judge(stated, digest)
        if verdict is DigestVerdict.BAD:
            for other, note in _other_payloads(draft):
                if judge(stated, other.digest()) is DigestVerdict.GOOD:
                    self.fault("warc-payload-framing", expected=digest.hex(), found=stated[:160], note=note)
                    return DigestVerdict.GOOD
            if block is DigestVerdict.GOOD:  # nobody altered the payload since the block's digest was written
                self.fault("warc-payload-differs", expected=stated[:160], found=digest.hex())
                return verdict
        return self._judged(verdict, "payload", stated, digest.hex())

    def _judged(self, verdict: DigestVerdict, what: str, stated: str, computed: str) -> DigestVerdict:
        if verdict is DigestVerdict.BAD:
            self.fault(f"warc-{what}-digest", expected=stated[:160], found=computed)
        elif verdict is DigestVerdict.MALFORMED:
            self.fault("warc-digest-form", found=f"{what}: {stated[:160]}")
        elif verdict is DigestVerdict.UNKNOWN:
            self.fault("warc-digest-unknown", found=f"{what}: {stated[:80]}")
        if verdict in (DigestVerdict.GOOD, DigestVerdict.BAD) and is_base_64(stated, len(computed) // 2):
            self.fault("warc-field-form", found=f"warc-{what}-digest in base64: {stated[:80]}")
        return verdict


def _other_payloads(draft: PartialRecord) -> Iterator[tuple[Any, str]]:
    """Digests of what some writers take for the payload, each with what it is of."""
    if draft.http is not None and draft.http.framing == "chunked":
        yield draft.raw_hash, "of the body with its chunk marks"
    if draft.surplus_hash is not None:
        yield draft.surplus_hash, "of the whole body; the HTTP Content-Length is that of another coding of it"
    if draft.block_hash is not None and draft.block_hash.name == draft.payload_hash.name:
        yield draft.block_hash, "of the whole block"


def _payload_sha256(draft: PartialRecord, block: DigestVerdict) -> str | None:
    """Of the body of a response; of a record whose payload is its block, where the block's digest is a good SHA-256."""
    if draft.type in PAYLOAD_IS_BLOCK:
        return draft.block_hash.hexdigest() if draft.is_stored_hashed and block is DigestVerdict.GOOD else None
    has_payload = draft.sha256 is not None and draft.http is not None and draft.http.has_payload
    return draft.sha256.hexdigest() if has_payload else None


def _bare(reference: str | None) -> str | None:
    return None if reference is None else bare(reference)


def _sinks(draft: PartialRecord) -> tuple[Callable[[Piece], None], Callable[[Piece], None]]:
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
