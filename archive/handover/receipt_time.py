"""When a bag was received, as its receipt states, compared with everything that bounds that time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from archive.handover.sent_bag import Bound, SentBag
from archive.trust.custody_log import moment_of
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.receipt import Receipt

CLOCKS_APART = timedelta(minutes=10)
"""How far the clocks of two people may differ without a word."""


def moment(text: str) -> datetime | None:
    """A moment with its zone, UTC; None for anything else."""
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def check_time(name: str, receipt: Receipt, proven: datetime | None, sent: SentBag, now: datetime) -> Iterator[Finding]:
    """Nothing is received before it exists, nor later than its receipt is proven to have existed (`proven`)."""
    received = moment(receipt.received)
    if received is None:
        yield make_finding("receipt-time", BagPath(name), found=receipt.received[:100], note="no time")
        return
    if received > now + CLOCKS_APART:
        yield make_finding("receipt-time", BagPath(name), found=receipt.received, note="a time that is still to come")
    if proven is not None and received > proven + CLOCKS_APART:
        note = "later than its signature is proven to have existed"
        facts = {"expected": f"not after {iso(proven)}", "found": receipt.received, "note": note}
        yield make_finding("receipt-time", BagPath(name), **facts)
    latest = max(_bounds(receipt, sent), key=lambda bound: bound.time, default=None)
    if latest is not None and received < latest.time - CLOCKS_APART:
        facts = {"expected": f"not before {iso(latest.time)}", "found": receipt.received}
        yield make_finding("receipt-time", BagPath(name), note=f"earlier than {latest.what}", **facts)


def _bounds(receipt: Receipt, sent: SentBag) -> Iterator[Bound]:
    """What the bag states and proves of its own making, and the event that the receiver's log continues from."""
    yield from sent.bounds
    log = sent.log
    events = dict(zip(log.heads, log.events, strict=True)) if log is not None else {}
    last = events.get(receipt.custody_head or "")
    time = moment_of(last) if last is not None else None
    if last is not None and time is not None:
        yield Bound(time, f"the event of {last.time} ({last.type}) that the receiver's log continues from")
