"""The bag that was sent, as its sender has it: what a receipt of it has to agree with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from archive.bag.bagging_date import bagging_dates
from archive.bag.derived import original_info
from archive.bag.interface import UNKNOWN, Bag, Entry
from archive.bag.open import open_bag
from archive.bag.tagfiles import list_tag_files, read_tag_files
from archive.errors import BagUnreadable
from archive.handover.profile_match import read_ledger
from archive.handover.writing import measured
from archive.seal.facts import read_facts
from archive.timestamp.chains import judge_authority
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import LARGEST_REPLY, Stamp, read_reply
from archive.trust.anchors import Anchors
from archive.trust.custody_log import CustodyBroken, CustodyLog, read_log
from archive.verify.records.run_timestamps import MOST
from archive.verify.records.stated_times import times_of
from archive_manifests.layout import BEGUN, ENDED, stamp_path
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.seal import SealedFacts

_PACKED = ("packing", "encryption")
"""Events that state a file which leaves: by name, octets and digest."""


class Bound(Struct, frozen=True):
    """A time that a receipt of the bag cannot be earlier than."""

    time: datetime
    what: str
    """Where it comes from, for people."""


class SentBag(Struct, frozen=True):
    """A bag, its payload counted, its seal's folder, and the times from which on it was there."""

    facts: SealedFacts
    files: int
    octets: int
    place: Path
    folder: Path
    """Its seal, there or not."""
    log: CustodyLog | None = None
    """The custody log beside it; None where it does not hang together, which `verify` reports."""
    bounds: tuple[Bound, ...] = ()
    packed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Hex sha256 of every file that the custody log states as packed, by name."""

    def digest_of(self, name: str) -> str | None:
        """Hex sha256 of the package of that name, where it is this bag itself or is beside it."""
        if "/" in name or name in ("", ".", ".."):
            return None
        place = self.place.with_name(name)
        return measured(place).sha256 if place.is_file() and not place.is_symlink() else None


def look_at_sent(bag: Path, folder: Path, anchors: Anchors | None, now: datetime) -> SentBag:
    """Look at a bag without reading its payload. Raises `NotSealable`, `BagUnreadable`."""
    with open_bag(bag) as opened:
        facts = read_facts(opened)
        sizes = [_measured(opened, entry).size for entry in opened.payload_entries()]
        bounds = tuple(_bounds(opened, anchors, now))
    try:
        log = read_log(folder, facts.log_root)
    except CustodyBroken:
        log = None
    packed: dict[str, frozenset[str]] = {}
    for event in log.events if log is not None else ():
        if event.type in _PACKED and {"file", "sha256"} <= event.facts.keys():
            name = event.facts["file"]
            packed[name] = packed.get(name, frozenset()) | {event.facts["sha256"]}
    return SentBag(facts, len(sizes), sum(sizes), bag.absolute(), folder, log, bounds, packed)


def _measured(bag: Bag, entry: Entry) -> Entry:
    return bag.measured(entry) if entry.size == UNKNOWN else entry


def _bounds(bag: Bag, anchors: Anchors | None, now: datetime) -> Iterator[Bound]:
    """What the bag states of its own making, and what trusted timestamps inside it prove."""
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    info = original_info(bag, tags)
    for date in bagging_dates(info) if info is not None else ():
        yield Bound(date.earliest, f"{date.label}: {date.text}")
    ledger = read_ledger(bag)
    times = times_of(ledger) if ledger is not None else None
    if times is not None:
        yield Bound(times.shifted(times.ended), f"the run, which ended at {iso(times.ended)} as the bag states")
    for stamp in _trusted_stamps(bag, anchors or Anchors(), now):
        yield Bound(stamp.not_earlier_than, f"the run's timestamp of {iso(stamp.time)} by {stamp.authority}")


def _trusted_stamps(bag: Bag, anchors: Anchors, now: datetime) -> Iterator[Stamp]:
    for path in (stamp_path(stamped, number, "tsr") for stamped in (BEGUN, ENDED) for number in range(1, MOST + 1)):
        try:
            with bag.open(BagPath(path)) as stream:
                stamp = read_reply(stream.read(LARGEST_REPLY))
        except (BagUnreadable, BrokenToken):
            continue
        if not stamp.is_from_the_future(now) and judge_authority(stamp, anchors.roots, anchors.crls, now).is_trusted:
            yield stamp
