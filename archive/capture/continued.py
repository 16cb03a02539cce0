"""Goes on with a big body that a bad line cut off: by Range, each part an exchange of its own. (RFC 9110, 14)"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Callable, Sequence

from archive.capture.recorded import Recorded
from archive.capture.wire import Request

LEAST = 8 << 20
"""Bytes below which a cut answer is simply asked for again."""
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)\Z")
_WEAK_SECONDS = 60


def may_go_on(recorded: Recorded) -> bool:
    """Say whether a cut answer can be gone on with, and is worth it."""
    return (
        recorded.truncated in ("disconnect", "time")
        and recorded.status == 200
        and recorded.method == "GET"
        and recorded.size >= LEAST
        and _validator(recorded) is not None
        and (recorded.header("Accept-Ranges") or "").strip().lower() != "none"
        and _has_plain_length(recorded)
    )


def _has_plain_length(recorded: Recorded) -> bool:
    return (recorded.header("Content-Length") or "").strip().isdigit() and not recorded.header("Transfer-Encoding")


def _validator(recorded: Recorded) -> str | None:
    """A strong validator: with a weak one, the rest may belong to another body. (RFC 9110, sections 8.8.1, 13.1.5)"""
    tag = (recorded.header("ETag") or "").strip()
    if tag.startswith('"') and tag.endswith('"') and len(tag) > 2:
        return tag
    modified, date = recorded.header("Last-Modified"), recorded.header("Date")
    try:
        between = email.utils.parsedate_to_datetime(date or "") - email.utils.parsedate_to_datetime(modified or "")
    except (ValueError, TypeError):
        return None
    return modified if between.total_seconds() >= _WEAK_SECONDS else None


def go_on(first: Recorded, send: Callable[[Request], Recorded], *, request: Request, tries: int) -> Sequence[Recorded]:
    """Ask for what is missing until it is all there, or `tries` asks in a row bring nothing. Returns all the parts.

    The first part is `first`; one that does not fit on what came before is left out.
    """
    parts, have = [first], first.size
    total = int(first.header("Content-Length") or 0)
    fruitless = 0
    while have < total and fruitless < tries:
        validator = _validator(first)
        assert validator is not None
        ranged = (("Range", f"bytes={have}-"), ("If-Range", validator))
        part = send(Request(request.url, request.method, (*request.headers, *ranged)))
        if part.status != 206 or not _fits(part, have, total) or not part.size:
            fruitless += 1
            if part.status == 200 or (part.status is not None and 400 <= part.status < 500):
                break  # the body has changed, or ranges are not served
            continue
        fruitless = 0
        parts.append(part)
        have += part.size
    return parts


def _fits(part: Recorded, start: int, total: int) -> bool:
    stated = _CONTENT_RANGE.match((part.header("Content-Range") or "").strip())
    return stated is not None and int(stated[1]) == start and stated[3] in ("*", str(total))
