"""Range resume of a large body that a bad line cut: each part is an exchange of its own. (RFC 9110, section 14)"""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from archive.http.head import content_range
from archive.net import Request
from archive.workfolder.recorded import Recorded

LEAST = 8 << 20
"""Bytes below which a response that was cut is requested again from the start."""
LEAST_PART = 64 << 10
"""Bytes, or all that is missing, below which a part counts as one that brought nothing."""
MOST_PARTS = 1000
"""Requests for the rest of one body."""
_WEAK_SECONDS = 60
_SAME = ("ETag", "Last-Modified", "Content-Encoding")
"""What a part may say about its whole, and then says as the whole did."""


def may_resume(recorded: Recorded) -> bool:
    """True where a response that was cut can be resumed, and is worth it."""
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


class ResumedBody(Struct, frozen=True):
    """The responses to the requests for the rest of a body."""

    parts: tuple[Recorded, ...]
    """What fits together: the cut answer, then each part that follows on the one before."""
    responses: tuple[Recorded, ...]
    """Every answer after the first, those that fit nowhere included."""
    whole: Recorded | None = None
    """An answer that came whole in place of the rest: ranges are not served, or the body has changed."""

    @property
    def is_complete(self) -> bool:
        first = self.parts[0]
        return sum(part.size for part in self.parts) == int(first.header("Content-Length") or 0)


async def resume(
    first: Recorded,
    send: Callable[[Request], Awaitable[Recorded]],
    *,
    request: Request,
    tries: int,
    pause: float = 0.0,
) -> ResumedBody:
    """Request what is missing until it is all there, or `tries` requests in a row bring next to nothing.

    `pause` is the seconds before the next request after one that brought nothing.
    """
    parts, responses, have = [first], list[Recorded](), first.size
    total, validator = int(first.header("Content-Length") or 0), _validator(first)
    assert validator is not None
    fruitless = 0
    while have < total and fruitless < tries and len(responses) < MOST_PARTS:
        if fruitless:
            await asyncio.sleep(pause)
        ranged = (("Range", f"bytes={have}-"), ("If-Range", validator))
        part = await send(replace(request, headers=(*request.headers, *ranged)))
        responses.append(part)
        if part.status == 206 and part.size and _fits(part, first, have, total):
            fruitless = 0 if part.size >= min(LEAST_PART, total - have) else fruitless + 1
            parts.append(part)
            have += part.size
            continue
        fruitless += 1
        if part.status == 200:
            whole = part if part.truncated is None and part.failure is None else None
            return ResumedBody(tuple(parts), tuple(responses), whole)
        if part.status is not None and 400 <= part.status < 500:
            break  # ranges are not served
    return ResumedBody(tuple(parts), tuple(responses))


def follow_on(parts: Sequence[Recorded]) -> bool:
    """True where the first part is a body that was cut, and the others are the rest of it, in order and whole."""
    first, *rest = parts
    if first.status != 200 or not _has_plain_length(first):
        return False
    have, total = first.size, int(first.header("Content-Length") or 0)
    for part in rest:
        if part.status != 206 or not _fits(part, first, have, total):
            return False
        have += part.size
    return have == total


def _fits(part: Recorded, first: Recorded, start: int, total: int) -> bool:
    """Say whether a part is what comes at `start` of the very body that `first` began. (RFC 9110, section 15.3.7)"""
    stated = content_range(part.header("Content-Range"))
    if stated is None or stated[0] != start or stated[2] not in (None, total):
        return False
    promised = stated[1] - start + 1
    has_what_it_says = part.size == promised or (part.truncated is not None and part.size < promised)
    return has_what_it_says and all(_agrees(part, first, name) for name in _SAME)


def _agrees(part: Recorded, first: Recorded, name: str) -> bool:
    """A part need not repeat what the whole said; where it does, it must not say something else."""
    return part.header(name) in (None, first.header(name))
