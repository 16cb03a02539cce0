"""What the responses in a supplied recording are: the classifier judges them as it judges what is fetched.

A challenge, a sign-in or consent page and a page that says “not found” come with status 200 in a recording as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from archive.capture.classify import judge
from archive.capture.page import answer_of, onward, read
from archive.capture.redirects import Trail
from archive.errors import WarcError
from archive.http.message import MessageReader
from archive.urls import Url, UrlError, parse
from archive.verify.stored_exchange import payload_of, read_head
from archive.warc.reader import block_of
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.records import RecordLine

if TYPE_CHECKING:
    from archive.verify.recordings import Recording

CODE = "recording-judged"
"""The code of the note on a recording whose responses for a source are none of what was cited."""
_MOST = 50
"""Responses for one source that are judged."""
_HOPS = 10
_GOOD = (Status.CAPTURED, Status.PARTIAL)


def fills_gap(copy: Copy) -> bool:
    """True of a supplied copy, but for a recording that shows only an error or a wall where the source should be.

    A recording of another address that its supplier insists on is weighed by people.
    """
    codes = {one.code for one in copy.notes}
    is_error = "recording-error" in codes and "other-address-accepted" not in codes
    return copy.kind == "supplied" and CODE not in codes and not is_error


def judged_note(recording: Recording, urls: Iterable[str]) -> Note | None:
    """The note on what was recorded for these addresses; None where one response of them is what was cited.

    Responses with an error status are told of elsewhere, and what cannot be read as HTTP is not judged.
    """
    found: Verdict | None = None
    for line in recording.responses(urls)[:_MOST]:
        try:
            verdict = _verdict_on(recording, line)
        except (OSError, WarcError):
            continue  # reported where the recording is checked
        if verdict is None:
            continue
        if verdict.status in _GOOD:
            return None
        found = found or verdict
    return None if found is None else note(CODE, verdict=str(found.status), reason=found.reason or "-")


def _verdict_on(recording: Recording, line: RecordLine) -> Verdict | None:
    """The verdict on a response and what its redirects lead to; None where nothing of that is in the recording."""
    hops = list(_hops(recording, line))
    final = hops[-1] if hops else None
    if final is None or final.status is None or not 200 <= final.status < 300:
        return None
    trail = Trail(tuple(hops))
    return judge(answer_of(trail, read(final)), cited=hops[0].url)


def _hops(recording: Recording, line: RecordLine | None) -> Iterator[Recorded]:
    seen: set[str] = set()
    while line is not None and len(seen) <= _HOPS:
        exchange = _exchange(recording.path, line)
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
