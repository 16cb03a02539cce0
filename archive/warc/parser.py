"""One record after the other out of a stream of bytes: header, block, two line ends. (WARC 1.1, section 4)"""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.http import MessageReader
from archive.http.chunked import Piece
from archive.warc.budget import RECORD_STEPS
from archive.warc.digest import DigestVerdict, algorithm_of, hasher, is_base_64, judge
from archive.warc.header import LENGTH, LONGEST, MOST_FIELDS, bare, field_problems, parse_header
from archive.warc.partial_record import (
    METHOD,
    PartialRecord,
    digest_taken_for_block,
    other_payloads,
    payload_sha256,
    payload_sinks,
)
from archive.warc.report import Fault, ScannedRecord
from archive.warc.sent_fields import security_of

_MARK = b"WARC/"
_ENDS = b"\r\n\r\n"
_MOST_LOST = 1000
_EMPTY_LINE = re.compile(rb"\n\r?\n")
"""What ends a header for readers that go by lines, and for LF alone, which hand-made files have."""
LINE_ENDS = re.compile(rb"[\r\n]*")
"""What may stand between two records, and stands there twice where a writer keeps to the standard."""

Report = Callable[[Fault], None]
Spend = Callable[[int], bool]


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
        self.has_odd_end = False
        """True where the last record was not followed by two CRLF, which is reported."""
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
            self._report_odd_end(self._tail)
            self.ended = draft
        self._forget()

    def _report_odd_end(self, found: bytes) -> None:
        self.fault("warc-end-form", expected=r"\r\n\r\n", found=repr(found)[1:])
        self.has_odd_end = True

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
            if end >= 0 and piece.startswith(_MARK, start) and not _EMPTY_LINE.search(piece, start, end):
                self._begin(piece[start:end])
                return at + end + 4 - start
        return self._gather_header(data, at)

    def _gather_header(self, data: Piece, at: int) -> int:
        """The same for a header that comes in pieces, or is none."""
        pending, had = self._pending, len(self._pending)
        pending += data[at : at + LONGEST + 4 - had]
        if not _starts_record(pending):
            self._lose("warc-garbage", expected="WARC/1.0 or WARC/1.1", found=repr(bytes(pending[:16]))[1:])
            return len(data)
        end = _EMPTY_LINE.search(pending, max(had - 3, 0))
        if end is None:
            if len(pending) > LONGEST:
                self._lose("warc-limit", expected=f"a header of up to {LONGEST:,} bytes", found="a longer one")
            return len(data)
        head, behind = bytes(pending[: end.start()]).removesuffix(b"\r"), end.end()
        is_bare = not pending.startswith(_ENDS, end.start() - 1)
        pending.clear()
        self._begin(head, is_bare=is_bare)
        return at + behind - had

    def _begin(self, head: bytes, *, is_bare: bool = False) -> None:
        header = parse_header(head)
        if is_bare and header.problems == []:
            header.problems.append(("warc-header", "a line that ends in LF alone"))
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
            sink, raw = payload_sinks(draft)
            is_request = draft.type == "request"
            draft.http = MessageReader(sink, is_request=is_request, raw=raw, spend=self._spend)

    def _feed_block(self, draft: PartialRecord, data: Piece, at: int) -> int:
        piece = memoryview(data)[at : at + draft.left]
        if draft.type == "request":
            draft.feed_start(piece)
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
        had = len(self._tail)
        tail = self._tail + bytes(data[at : at + 4 - had])
        self.has_odd_end = False
        if tail == _ENDS:
            self.ended, self._draft, self._tail = draft, None, b""
        elif _ENDS.startswith(tail):
            self._tail = tail
        else:
            ends = len(tail) - len(tail.lstrip(b"\r\n"))
            if ends == len(tail) or _starts_record(tail[ends:]):
                # The block is as long as stated, and nothing but line ends stands before the next record.
                self._report_odd_end(tail)
                self.ended, self._draft, self._tail = draft, None, b""
                return at + ends - had
            is_sound = draft.block_stated is not None and draft.block_hash is not None
            is_sound = is_sound and judge(draft.block_stated or "", draft.block_hash.digest()) is DigestVerdict.GOOD
            self.fault("warc-end-form" if is_sound else "warc-end", expected=r"\r\n\r\n", found=repr(tail)[1:])
            self.ended, self._tail = draft, b""
            self._give_up()
        return at + len(tail) - had

    def take(self, offset: int, length: int, sha256: str) -> ScannedRecord:
        """The record that has ended, with where it is; its digests are judged here."""
        draft = self.ended
        assert draft is not None
        fields, http = draft.header.fields, draft.http
        head = http.head if http else None
        is_request, is_ours = draft.type == "request", draft.is_stored_hashed
        method = bytes(draft.start[:METHOD]).partition(b" ")[0].decode("latin-1") if is_request else None
        record = ScannedRecord(
            offset=offset,
            length=length,
            sha256=sha256 if is_ours else "",
            id=draft.id,
            type=draft.type,
            date=fields.get("warc-date", ""),
            uri=draft.uri,
            content_type=fields.get("content-type"),
            block_size=draft.length,
            block=(block := self._judge_block(draft)),
            payload=self._judge_payload(draft, block),
            payload_sha256=payload_sha256(draft, block),
            http_status=http.status if http else None,
            mime=head.media_type if head else None,
            method=method,
            truncated=fields.get("warc-truncated"),
            is_whole=http.is_whole if http else None,
            concurrent=tuple(map(bare, draft.header.concurrent)),
            refers_to=_bare(fields.get("warc-refers-to")),
            warcinfo=_bare(fields.get("warc-warcinfo-id")),
            ended=fields.get("warc-exchange-ended"),
            address=fields.get("warc-ip-address") if is_ours else None,
            security=security_of(draft.header.protocols, fields.get("warc-cipher-suite")) if is_ours else None,
            sent=draft.sent if is_ours and is_request else None,
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
        verdict = judge(stated, digest)
        if verdict is DigestVerdict.BAD and (what := digest_taken_for_block(draft)) is not None:
            self.fault("warc-field-form", found=f"warc-block-digest {what}: {stated[:80]}")
            return DigestVerdict.UNCHECKED
        return self._judged(verdict, "block", stated, digest.hex())

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
            for other, note in other_payloads(draft):
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


def _starts_record(start: bytes | bytearray) -> bool:
    """True for the first bytes of a record, of which there may be few yet.

    Letters may be of either case: quoted text in the standard's grammar is. (WARC 1.1, section 4; RFC 2616, 2.1)
    """
    mark = bytes(start[: len(_MARK)]).upper()
    return _MARK.startswith(mark)


def _bare(reference: str | None) -> str | None:
    return None if reference is None else bare(reference)
