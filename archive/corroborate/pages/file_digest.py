"""The digest by which two observers' copies of a file are compared."""

from __future__ import annotations

import hashlib
import re
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
_JUST_MADE = timedelta(days=1, hours=14)
"""Between the visit and the time that a file states in the local time of its server."""


def file_digest(body: bytes, media_type: str, visit: datetime) -> str:
    """The digest of a file; of a PDF that was made for this visit, without the times and identifiers of its making.

    A date of long ago is what the file states, and a part of it.
    """
    if media_type == PDF and len(body) < READ_AT_MOST:
        body = _PDF_IDS.sub(b"", body)
        body = _PDF_TIME.sub(lambda match: b"" if _is_of(match, visit) else match[0], body)
    return hashlib.sha256(body).hexdigest()


def _is_of(match: re.Match[bytes], visit: datetime) -> bool:
    digits = re.sub(rb"\D", b"", match[1] or match[2]).decode()
    try:
        stated = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(stated - visit) <= _JUST_MADE
