"""What the responses in a supplied recording are: the classifier judges them as it judges what is fetched.

A challenge, a sign-in or consent page and a page that says “not found” come with status 200 in a recording as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.capture.classify import judge
from archive.capture.page import answer_of, onward, read
from archive.capture.redirects import Trail, location
from archive.errors import WarcError
from archive.http.head import is_error
from archive.http.message import MessageReader
from archive.urls import Url, UrlError, parse
from archive.verify.records.stored_exchange import payload_of, read_head
from archive.warc.reader import block_of
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.records import RecordLine

if TYPE_CHECKING:
    from archive.verify.foreign.recordings import Recording

CODE = "recording-judged"
"""The code of the note on a recording whose responses for a source are none of what was cited."""
REDIRECT = "recording-redirect"
"""The code of the note on a recording whose responses for a source only lead to an address that it does not hold."""
OTHER_PAGE = "saved-from-other"
"""The code of the note on a saved page that says that it is of another address."""
WITHOUT_SOURCE = frozenset({REDIRECT, "recording-damaged", "recording-error", "recording-lacks"})
"""Codes of the notes on a recording that holds nothing which could be judged as what was cited."""
_MOST = 50
"""Responses for one source that are judged."""
_HOPS = 10
_SHOWN = 500
_GOOD = (Status.CAPTURED, Status.PARTIAL)


def fills_gap(copy: Copy) -> bool:
    """True of a supplied copy, but for a recording with an error, a wall or nothing where the source should be.

    And but for a saved page that says that it is of another address.
    """
    codes = {one.code for one in copy.notes}
    return copy.kind == "supplied" and not codes & {CODE, OTHER_PAGE, *WITHOUT_SOURCE}


def filled_gap_before(copy: Copy) -> bool:
    """What `fills_gap` was in earlier versions: what is of another address, and its supplier insists on, did."""
    codes = {one.code for one in copy.notes}
    is_insisted = OTHER_PAGE in codes or {"recording-lacks", "other-address-accepted"} <= codes
    return fills_gap(copy) or (copy.kind == "supplied" and is_insisted)


def judged_note(recording: Recording, urls: Iterable[str]) -> Note | None:
    """The note on what was recorded for these addresses; None where one response of them is what was cited.

    Responses with an error status are told of elsewhere, and what cannot be read as HTTP is not judged.
    """
    found: Verdict | None = None
    missing: Url | None = None
    has_unjudged = False
    for line in recording.responses(urls)[:_MOST]:
        try:
            hops = list(_hops(recording, line))
            target = _only_leads_to(recording, hops)
            verdict = _verdict_on(hops) if target is None else None
        except (OSError, WarcError):
            has_unjudged = True  # reported where the recording is checked
            continue
        if verdict is not None and verdict.status in _GOOD:
            return None
        found, missing = found or verdict, missing or target
        has_unjudged |= verdict is None and target is None and not is_error(line.http_status)
    if found is not None:
        return note(CODE, verdict=str(found.status), reason=found.reason or "-")
    return None if missing is None or has_unjudged else note(REDIRECT, url=missing.href[:_SHOWN])


def _verdict_on(hops: Sequence[Recorded]) -> Verdict | None:
    """The verdict on a response and what its redirects lead to; None where it is an error, or no response of HTTP."""
    final = hops[-1] if hops else None
    if final is None or final.status is None or not 200 <= final.status < 300:
        return None
    trail = Trail(tuple(hops))
    return judge(answer_of(trail, read(final)), cited=hops[0].url)


def _only_leads_to(recording: Recording, hops: Sequence[Recorded]) -> Url | None:
    """The address to which a response redirects, where the recording has no more of it than errors or redirects."""
    if len(hops) > 1 and is_error(hops[-1].status):
        return hops[-1].url
    target = location(hops[-1]) if hops else None
    if target is None:
        return None
    is_unread = any(one.type != "response" or not one.length for one in recording.responses([target.href]))
    return None if is_unread else target


def _hops(recording: Recording, line: RecordLine | None) -> Iterator[Recorded]:
    seen: set[str] = set()
    for _ in range(_HOPS + 1):
        exchange = _exchange(recording.path, line) if line is not None else None
        if exchange is None:
            return
        yield exchange
        seen.add(exchange.url.href)
        target = onward(exchange)
        line = None if target is None or target.href in seen else _response_of(recording, target)


def _response_of(recording: Recording, url: Url) -> RecordLine | None:
    return next((one for one in recording.responses([url.href]) if one.length and one.type == "response"), None)


def _exchange(path: Path, line: RecordLine) -> Recorded | None:
    """A response as capture sees it. Raises `OSError`, `WarcError`."""
    if line.type != "response" or not line.length or line.uri is None:
        return None
    block = partial(block_of, path, line.offset, line.length)
    reader: MessageReader | None = read_head(block(), "GET")
    if reader is None or reader.head is None:
        return None
    try:
        url = parse(line.uri)
    except UrlError:
        return None
    return Recorded(
        url=url,
        method="GET",
        answer=line.id,
        head=reader.head,
        failure=None,
        truncated=line.truncated,
        started=line.date,
        ended=line.date,
        size=reader.body_size,
        _payload=partial(payload_of, block, "GET"),
    )
