"""The digest by which two observers' copies of a file are compared."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

from archive.corroborate.pages.bag_records import READ_AT_MOST

PDF = "application/pdf"
_PDF_IDS = re.compile(
    rb"/ID\s*\[\s*<[0-9A-Fa-f]{0,128}>\s*<[0-9A-Fa-f]{0,128}>\s*\]"
    rb"|<xmpMM:(?:DocumentID|InstanceID)>(?:uuid:|xmp\.[di]id:)?[0-9A-Fa-f-]{0,64}<"
)
_PDF_TIME = re.compile(
    rb"/(?:CreationDate|ModDate)\s*\(D:(\d{14})[0-9Z'+-]{0,8}\)"
    rb"|<xmp:(?:Create|Modify|Metadata)Date>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[0-9:Z+-]{0,6}<"
)
_ZIP = b"PK\x03\x04"
_OFFICE_TIME = re.compile(
    rb"<(?:dcterms:(?:created|modified)|dc:date|meta:creation-date)\b[^<>]{0,100}>"
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[0-9.:Z+-]{0,16}</"
)
_OFFICE_PROPERTIES = frozenset(("docProps/core.xml", "meta.xml"))
"""Where a document states when it was written. (ISO/IEC 29500-2, 11; OpenDocument 1.3, part 3, 4.3.2)"""
_LONGEST_PROPERTIES = 1 << 20
_GZIP = b"\x1f\x8b\x08"
_MOST_MEMBERS = 20_000
_MOST_INFLATED = 128 << 20
_JUST_MADE = timedelta(days=1, hours=14)
"""Between the visit and the time that a file states in the local time of its server."""


def file_digest(body: bytes, media_type: str, visit: datetime) -> str:
    """The digest of a file; of one that was made for this visit, without the times and identifiers of its making.

    A date of long ago is what the file states, and a part of it.
    """
    if len(body) < READ_AT_MOST:
        if media_type == PDF:
            body = without_making(body, visit)
        elif body.startswith(_ZIP) and (found := _digest_of_members(body, visit)) is not None:
            return found
        elif body.startswith(_GZIP):
            body = _without_time(body, visit)
    return hashlib.sha256(body).hexdigest()


def without_making(body: bytes, visit: datetime) -> bytes:
    """A PDF, or a part of one, without its identifiers and the times at which it was made for the visit."""
    body = _PDF_IDS.sub(b"", body)
    return _PDF_TIME.sub(lambda match: b"" if _is_of(match, visit) else match[0], body)


def _digest_of_members(body: bytes, visit: datetime) -> str | None:
    """The digest over what a ZIP file, or an office document, holds; None for one that is damaged or too large.

    Names, contents and times in their order, and the comment; how they are compressed is no matter.
    """
    digest, inflated = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                return None
            digest.update(archive.comment)
            for member in members:
                inflated += member.file_size
                if inflated > _MOST_INFLATED:
                    return None
                content = _digest_of_member(archive, member, visit)
                made = datetime(*member.date_time, tzinfo=UTC) if member.date_time[1] and member.date_time[2] else visit
                stated = (member.filename, member.comment, None if _is_near(made, visit) else member.date_time)
                digest.update(repr((stated, content)).encode("utf-8", "surrogatepass"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return None  # damaged, encrypted, or compressed in another way
    return digest.hexdigest()


def _digest_of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, visit: datetime) -> bytes:
    """The digest of what a member holds, without the time at which the document was written for the visit."""
    with archive.open(member) as stream:
        if member.filename not in _OFFICE_PROPERTIES or member.file_size > _LONGEST_PROPERTIES:
            return hashlib.file_digest(stream, "sha256").digest()  # type: ignore[arg-type]
        content = stream.read(member.file_size + 1)
    return hashlib.sha256(_OFFICE_TIME.sub(lambda match: b"" if _is_of(match, visit) else match[0], content)).digest()


def _without_time(body: bytes, visit: datetime) -> bytes:
    """A gzip file without its time, where that is of the visit. (RFC 1952, section 2.3.1: MTIME)"""
    made = datetime.fromtimestamp(int.from_bytes(body[4:8], "little"), UTC)
    return body[:4] + body[8:] if _is_near(made, visit) else body


def _is_of(match: re.Match[bytes], visit: datetime) -> bool:
    digits = re.sub(rb"\D", b"", next(filter(None, match.groups()))).decode()
    try:
        stated = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return _is_near(stated, visit)


def _is_near(stated: datetime, visit: datetime) -> bool:
    return abs(stated - visit) <= _JUST_MADE
