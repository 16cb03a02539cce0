"""Timestamps for a seal: requested now, or with queries that are carried to another machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from archive.errors import ArchiveError, StatementError
from archive.ssh.signature import BadSignature
from archive.timestamp.authority import read_url, request_timestamp
from archive.timestamp.chains import Authority, judge_authority
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import (
    LARGEST_REPLY,
    Query,
    Stamp,
    check_answers,
    check_covers,
    make_query,
    read_query,
    read_reply,
)
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import copy_of_log
from archive.trust.proofs import check_signature
from archive.trust.seal_folder import FileRefused, SealUnwritable

if TYPE_CHECKING:
    from datetime import datetime

    from archive.net import HttpClient
    from archive.urls import Url
import hashlib


class Target(Struct, frozen=True):
    """What is to be stamped: a file of the seal folder, or a renewal that is written together with its stamp."""

    name: str
    content: bytes
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Files that it lists, and that are stored with it."""


class Attempt(Struct, frozen=True):
    """How one query to one authority ended, or one response that was imported."""

    over: str
    """Name of the file to be stamped."""
    source: str
    """The authority's URL, or the name of the file that was imported."""
    stored: str | None = None
    """Name of the reply in the seal folder; None where `problem` says why there is none."""
    problem: str | None = None
    stamp: Stamp | None = None
    is_trusted: bool | None = None
    """Its chain leads to a root that the caller trusts; None where the caller named no roots."""
    ends: datetime | None = None
    """When the first certificate of its chain ends."""


def find_targets(folder: Path, content: bytes, names: Sequence[str] = ()) -> list[Target]:
    """What a stamp can be over: these signatures, else every signature that holds, else the seal itself.

    A signature that does not hold is passed over: a stamp of it would prove nothing.
    """
    listing = seal_folder.list_folder(folder)
    assert listing is not None
    targets = []
    for name in names or listing.signatures:
        try:
            targets.append(Target(name, check_signature(folder, name, content)[1]))
        except (BadSignature, FileRefused):
            continue
    return targets or [Target(seal_folder.SEAL, content)]


def stamp(
    folder: Path,
    targets: Sequence[Target],
    urls: Sequence[str],
    wire: HttpClient,
    now: datetime,
    anchors: Anchors | None = None,
) -> list[Attempt]:
    """Request a stamp over every target from every authority; store each reply that answers its query and is good.

    Authorities are judged as of `now`, as everything else of an order is.
    A failure of one authority is in its attempt; the others are used all the same. Raises `UsageProblem` for what is
    no authority's address, before any request.
    """
    places = [read_url(url) for url in urls]
    return [_stamp_one(folder, target, url, wire, now, anchors) for target in targets for url in places]


def _stamp_one(
    folder: Path, target: Target, url: Url, wire: HttpClient, now: datetime, anchors: Anchors | None
) -> Attempt:
    query = make_query(target.content)
    try:
        reply = request_timestamp(url, query, wire)
        found = _checked(reply, target.content, read_query(query))
        authority = _judged(found, anchors, now)
    except ArchiveError as error:
        return Attempt(target.name, str(url), problem=str(error))
    except BrokenToken as error:
        return Attempt(target.name, str(url), problem=f"{url}: its answer is not stored: {error}")
    stored = _store(folder, target, query, reply)
    return Attempt(target.name, str(url), stored, None, found, _trusted(authority, anchors), authority.ends)


def _checked(reply: bytes, data: bytes, query: Query) -> Stamp:
    if len(reply) > LARGEST_REPLY:
        raise BrokenToken(f"larger than {LARGEST_REPLY:,} bytes, which no timestamp is")
    found = read_reply(reply)
    check_covers(found, data)
    check_answers(found, query)
    return found


def _judged(found: Stamp, anchors: Anchors | None, now: datetime) -> Authority:
    """Where the caller named roots, a reply that leads to none of them is refused; a revoked authority's always is."""
    trust = anchors or Anchors()
    authority = judge_authority(found, trust.roots, trust.crls, now)
    if authority.revoked is not None:
        raise BrokenToken(f"{found.authority}: {authority.revoked}")
    if trust.roots and not authority.is_trusted:
        raise BrokenToken(f"{found.authority} leads to none of the trusted roots")
    return authority


def _trusted(authority: Authority, anchors: Anchors | None) -> bool | None:
    return authority.is_trusted if anchors and anchors.roots else None


def _store(folder: Path, target: Target, query: bytes, reply: bytes) -> str:
    """Write target, query and reply, in this order: an interruption leaves no reply without its target."""
    listing = seal_folder.list_folder(folder)
    assert listing is not None
    if target.name in listing.renewals or seal_folder.is_renewal(target.name):
        _write_renewal(folder, target)
    stem = seal_folder.next_stamp(listing, target.name)
    seal_folder.write_file(folder, f"{stem}.tsq", query)
    seal_folder.write_file(folder, f"{stem}.tsr", reply)
    return f"{stem}.tsr"


def _write_renewal(folder: Path, target: Target) -> None:
    for name, content in {**target.beside, target.name: target.content}.items():
        seal_folder.write_file(folder, name, content)


def queue(folder: Path, targets: Sequence[Target], copies: int = 1) -> list[str]:
    """Write `copies` queries for every target, to be sent from elsewhere; return their names.

    A query that still waits is used, not written again: the request is the same.
    """
    names = []
    for target in targets:
        waiting = waiting_queries(folder, target)
        names += waiting[:copies]
        for _ in range(copies - len(waiting)):
            if seal_folder.is_renewal(target.name):
                _write_renewal(folder, target)
            listing = seal_folder.list_folder(folder)
            assert listing is not None
            name = f"{seal_folder.next_stamp(listing, target.name)}.tsq"
            seal_folder.write_file(folder, name, make_query(target.content))
            names.append(name)
    return names


def waiting_queries(folder: Path, target: Target | None = None) -> list[str]:
    """Names of the queries in the folder that have no reply yet."""
    listing = seal_folder.list_folder(folder)
    if listing is None:
        return []
    return [
        name
        for name in listing.queries
        if f"{name.removesuffix('.tsq')}.tsr" not in listing.replies
        and (target is None or seal_folder.target_of(name) == target.name)
    ]


def import_replies(
    folder: Path, replies: Sequence[tuple[str, bytes]], now: datetime, anchors: Anchors | None = None
) -> list[Attempt]:
    """Store imported responses, each beside the waiting query that it answers, whatever its file is called."""
    return [_import_one(folder, name, reply, now, anchors) for name, reply in replies]


def _import_one(folder: Path, source: str, reply: bytes, now: datetime, anchors: Anchors | None) -> Attempt:
    try:
        query_name = _query_answered_by(folder, source, reply)
        target = seal_folder.target_of(query_name)
        query = read_query(seal_folder.read_file(folder, query_name, LARGEST_REPLY))
        found = _checked(reply, seal_folder.read_file(folder, target), query)
        authority = _judged(found, anchors, now)
    except (BrokenToken, FileRefused, StatementError, SealUnwritable) as error:
        return Attempt("", source, problem=f"{source}: {error}")
    stored = f"{query_name.removesuffix('.tsq')}.tsr"
    seal_folder.write_file(folder, stored, reply)
    return Attempt(target, source, stored, None, found, _trusted(authority, anchors), authority.ends)


def _query_answered_by(folder: Path, source: str, reply: bytes) -> str:
    """Name of the waiting query with the reply's nonce and digest."""
    if len(reply) > LARGEST_REPLY:
        raise BrokenToken(f"larger than {LARGEST_REPLY:,} bytes, which no timestamp is")
    found = read_reply(reply)
    for name in waiting_queries(folder):
        try:
            check_answers(found, read_query(seal_folder.read_file(folder, name, LARGEST_REPLY)))
        except (BrokenToken, FileRefused, StatementError):
            continue
        return name
    raise SealUnwritable("answers none of the queries that wait here; was it imported already?")


def make_renewal(folder: Path) -> Target:
    """The next renewal of a seal folder, not yet written: without a stamp it proves nothing.

    It lists everything that vouches for the bag: signatures, timestamps, earlier renewals, receipts, the collector's
    identity, and the custody log as it is now, by a copy of its lines.
    """
    listing = seal_folder.list_folder(folder)
    if listing is None or listing.is_empty:
        raise SealUnwritable(f"{folder}: nothing to renew; `archive sign` makes a seal first")
    beside = copy_of_log(folder)
    signed = (*listing.signatures, *listing.custody_signatures, *listing.custody_copies)
    stamped = (*listing.queries, *listing.replies, *listing.renewals)
    names = {seal_folder.SEAL, *signed, *stamped, *seal_folder.more_files(folder)} - beside.keys()
    try:
        contents = {name: seal_folder.read_file(folder, name) for name in names} | beside
        lines = [f"{hashlib.sha512(content).hexdigest()}  {name}\n" for name, content in sorted(contents.items())]
    except FileRefused as error:
        raise SealUnwritable(f"{folder}: cannot be renewed: {error}") from error
    return Target(seal_folder.next_renewal(listing), "".join(lines).encode(), beside)
