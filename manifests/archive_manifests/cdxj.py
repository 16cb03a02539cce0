"""The index (`data/indexes/index.cdx`): where in which WARC the answer to a URL is, as replay tools look it up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _quoted

from msgspec import Struct

from archive_manifests import canonical, surt
from archive_manifests.errors import StatementError
from archive_manifests.records import RecordLine

INDEXED = frozenset({"response", "resource", "revisit"})
"""Types of records that replay can show. Failures, stored as `metadata`, are none."""

_FIELDS = "application/warc-fields"
_NOT_DIGITS = re.compile(r"\D")
_TYPE_ENDS = re.compile(r"[;\s]")


class IndexLine(Struct, frozen=True, order=True):
    """One line of the index."""

    key: str
    """The URL's SURT key."""
    timestamp: str
    """14 digits, UTC."""
    fields: tuple[tuple[str, str], ...]
    """`url`, `mime`, `status`, `digest`, `length`, `offset`, `filename`, those that are known, in this order."""

    def __str__(self) -> str:
        fields = ", ".join([f'"{name}": {_quoted(value)}' for name, value in self.fields])
        return f"{self.key} {self.timestamp} {{{fields}}}\n"


def index_cdx(records: Iterable[RecordLine]) -> str:
    """The index of a bag's records, sorted, in cdxj-indexer's spelling.

    Answers to other methods than GET are left out: by its URL alone such an answer would be shown for another question.
    """
    return "".join(sorted([index_text(record) for record in records if is_indexed(record)]))


def is_indexed(record: RecordLine) -> bool:
    """True for records that the index holds."""
    return (
        record.type in INDEXED
        and record.uri is not None
        and record.method in (None, "GET")
        and not (record.type == "resource" and _media_type(record) == _FIELDS)
    )


def index_line(record: RecordLine) -> IndexLine:
    """The index's line for a record that has a URI."""
    fields = tuple((name, value) for name, value in _known(record) if value)
    return IndexLine(surt.key(record.uri or ""), timestamp(record.date), fields)


def index_text(record: RecordLine) -> str:
    """The same as text, for those who need many."""
    uri, status, digest, mime = record.uri, record.http_status, record.payload_sha256, _media_type(record)
    if record.type != "response" or not (uri and mime and digest) or status is None:
        return str(index_line(record))
    name = record.file.rpartition("/")[2]
    return (
        f'{surt.key(uri)} {timestamp(record.date)} {{"url": {_quoted(uri)}, "mime": {_quoted(mime)}, '
        f'"status": "{status}", "digest": {_quoted(f"sha256:{digest}")}, "length": "{record.length}", '
        f'"offset": "{record.offset}", "filename": {_quoted(name)}}}\n'
    )


def _known(record: RecordLine) -> tuple[tuple[str, str | None], ...]:
    has_status = record.type != "resource" and record.http_status is not None
    return (
        ("url", record.uri),
        ("mime", _media_type(record)),
        ("status", str(record.http_status) if has_status else None),
        ("digest", record.payload_sha256 and f"sha256:{record.payload_sha256}"),
        ("length", str(record.length)),
        ("offset", str(record.offset)),
        ("filename", record.file.rpartition("/")[2]),
    )


def timestamp(date: str) -> str:
    """The 14 digits of a WARC-Date, fractions of a second cut off."""
    if date[4:5] == "-" == date[7:8] and date[10:11] == "T" and date[13:14] == ":" == date[16:17]:
        digits = f"{date[:4]}{date[5:7]}{date[8:10]}{date[11:13]}{date[14:16]}{date[17:19]}"
        if len(digits) == 14 and digits.isascii() and digits.isdigit():
            return digits
    return _NOT_DIGITS.sub("", date)[:14].ljust(14, "0")


def parse_index(text: str) -> Iterator[IndexLine]:
    """Read an index. Raises `StatementError` at the first line that is none."""
    lines = text.split("\n")
    if lines.pop():
        raise StatementError(f"index.cdx line {len(lines) + 1}: no LF at its end", line=len(lines) + 1)
    for number, line in enumerate(lines, start=1):
        key, _, rest = line.partition(" ")
        moment, _, fields = rest.partition(" ")
        if len(moment) != 14 or not (moment.isascii() and moment.isdigit()):
            raise StatementError(f"index.cdx line {number}: not a key, 14 digits and a JSON object", line=number)
        yield IndexLine(
            key, moment, tuple(canonical.parse(fields, dict[str, str], what="index.cdx", at_line=number).items())
        )


def _media_type(record: RecordLine) -> str | None:
    if record.type == "revisit":
        return "warc/revisit"
    return _bare_type(record.mime) if record.mime else None


@lru_cache(maxsize=1024)  # a bag has few of them, and many records of each
def _bare_type(mime: str) -> str:
    """A media type without its parameters."""
    return _TYPE_ENDS.split(mime, maxsplit=1)[0].strip()
