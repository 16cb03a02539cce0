"""The web archive part of a bag as a WACZ: what `datapackage.json` lists, and supplied recordings. (WACZ 1.1.1)"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from archive.bag.contents import Contents, Member, PackRefused, contents, text_member
from archive.bag.interface import Bag, Entry
from archive.errors import BagUnreadable, StatementError
from archive.handover.profile_match import read_ledger
from archive.handover.wacz_recordings import Recordings, read_recordings
from archive_manifests import canonical, layout
from archive_manifests.datapackage import DataPackage, Resource, datapackage_json, parse_datapackage
from archive_manifests.fixity import Fixity
from archive_manifests.ledger import DOUBTFUL, Ledger
from archive_manifests.paths import BagPath
from archive_manifests.tags import BagInfo

DATA_PACKAGE = "datapackage.json"
_LIMIT = 64 << 20
_INDEX, _PAGES = layout.INDEX.removeprefix(layout.PAYLOAD), layout.PAGES.removeprefix(layout.PAYLOAD)


class WaczContents(Struct, frozen=True):
    """The files of the WACZ, and what of the bag cannot be among them."""

    contents: Contents
    left_out: tuple[str, ...]


def wacz_contents(bag: Bag, moment_source: BagInfo | None) -> WaczContents:
    """The members of the WACZ, each compared with its stated digest as it is read.

    Raises `PackRefused`, for a bag without any WARC among others: a WACZ of it would hold nothing.
    """
    from archive.bag.contents import moment_of

    text, package = _read_package(bag)
    entries = {entry.path: entry for entry in bag.payload_entries()}
    recordings = read_recordings(bag)
    members = [_member(bag, resource, entries) for resource in package.resources]
    if not recordings.warcs and not any(one.path.startswith("archive/") for one in package.resources):
        left = f": {'; '.join(recordings.left_out[:3])}" if recordings.left_out else ""
        raise PackRefused(f"{bag.location}: holds no WARC, so a WACZ of it would be empty{left}; use --as zip")
    ledger = read_ledger(bag)
    conditions = _stated_by_no_warc(ledger) if ledger is not None else ()
    if recordings.warcs:
        members = list(_with_recordings(members, ledger, recordings))
    if recordings.warcs or conditions:
        text = _listed(package, members, recordings, conditions).encode()
    digest = canonical.document({"path": DATA_PACKAGE, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"})
    about = [text_member(DATA_PACKAGE, text), text_member("datapackage-digest.json", digest)]
    made = contents(bag.name, moment_of(moment_source), [*members, *about])
    return WaczContents(made, tuple(recordings.left_out))


def _stated_by_no_warc(ledger: Ledger) -> tuple[str, ...]:
    """Names of conditions that the bag's own WARCs do not state: of an older bag, and of supplied recordings."""
    supplied = {name for _, codes in ledger.recorded_under for name in codes.split(", ")}
    own = {"accepted_bags"} if ledger.conditions.accepted_bags else set()
    return tuple(name for name in DOUBTFUL if name in supplied | own)


def _with_recordings(members: Iterable[Member], ledger: Ledger | None, recordings: Recordings) -> Iterator[Member]:
    """The members with the recordings' WARCs beside the bag's own; index and pages speak of all of them."""
    added = {_INDEX: recordings.index(), _PAGES: recordings.pages(ledger) if ledger else []}
    for member in members:
        lines = added.get(member.path)
        if not lines:
            yield member
            continue
        there = [f"{line}\n" for line in b"".join(member.chunks()).decode().split("\n")[:-1]]
        every = [*there, *lines]
        yield text_member(member.path, "".join(sorted(every) if member.path == _INDEX else every))
    for warc in recordings.warcs:
        yield Member(warc.path, warc.size, warc.chunks)


def _listed(
    package: DataPackage, members: list[Member], recordings: Recordings, conditions: tuple[str, ...]
) -> str:
    """The description of all members. What the bag's own states of a file is taken over where that is unchanged."""
    stated = {one.path: Fixity.parse(one.hash).value for one in package.resources if one.path not in (_INDEX, _PAGES)}
    stated |= {warc.path: warc.sha256 for warc in recordings.warcs}
    resources = [
        (one.path.rpartition("/")[2].lower(), one.path, one.size, stated.get(one.path) or _sha256(one))
        for one in members
    ]
    return datapackage_json(package.title, package.created, package.software, resources, conditions=conditions)


def _sha256(member: Member) -> str:
    return hashlib.sha256(b"".join(member.chunks())).hexdigest()


def _read_package(bag: Bag) -> tuple[bytes, DataPackage]:
    place = f"data/{DATA_PACKAGE}"
    try:
        with bag.open(BagPath(place)) as stream:
            text = stream.read(_LIMIT)
        return text, parse_datapackage(text)
    except (BagUnreadable, StatementError) as error:
        why = str(error).removeprefix(f"{bag.location}: ")
        raise PackRefused(f"{bag.location}: no WACZ to be made of it: {why}; use --as tar, zip or eark") from error


def _member(bag: Bag, resource: Resource, entries: dict[str, Entry]) -> Member:
    entry = entries.get(f"data/{resource.path}")
    if entry is None:
        raise PackRefused(f"{bag.location}: datapackage.json lists {resource.path}, which is not there")
    return Member(resource.path, resource.bytes, partial(_checked, bag, resource, entry))


def _checked(bag: Bag, resource: Resource, entry: Entry) -> Iterator[bytes]:
    stated = Fixity.parse(resource.hash)
    digest = hashlib.new(stated.algorithm)
    for chunk in bag.reader().chunks(entry):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != stated.value:
        raise PackRefused(
            f"{entry.path}: stated {stated}, found {stated.algorithm}:{digest.hexdigest()}; nothing was packed"
        )
