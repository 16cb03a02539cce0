"""Which of several readings that respond a person decided for, and the verdict that the source has then."""

from __future__ import annotations

from archive.urls import UrlError, parse
from archive_manifests.ledger import Reading, SourceEntry, Status, Verdict

DECIDED = "reading-decided"
"""The code of the note that states the decision; the last one counts."""
_STANDING = (Status.CAPTURED, Status.PARTIAL)


def is_ambiguous(entry: SourceEntry) -> bool:
    """True where two readings of the printed address respond, whatever a person decided since."""
    return entry.live.status in _STANDING and any(copy.kind == "reading" for copy in entry.copies)


def verdict_of(entry: SourceEntry, reading: Reading) -> Verdict | None:
    """The verdict on the capture of one reading; None where nothing of it is stored."""
    if entry.request_url is not None and href(reading.url) == entry.request_url:
        return entry.live
    status, _, reason = (reading.result or "").rstrip(")").partition(" (")
    if not reading.requested or status not in _STANDING:
        return None
    return Verdict(Status(status), reason or None)


def decided(entry: SourceEntry) -> Verdict | None:
    """The verdict by the last decision of a person for one of the readings; None where there is none."""
    note = next((note for note in reversed(entry.notes) if note.code == DECIDED), None)
    if note is None or not is_ambiguous(entry):
        return None
    chosen = next((reading for reading in entry.readings if reading.url == note.facts.get("url")), None)
    return None if chosen is None else verdict_of(entry, chosen)


def href(text: str) -> str | None:
    """The address as it is requested; None where it is none."""
    try:
        return parse(text.strip()).without_credentials().href
    except UrlError:
        return None
