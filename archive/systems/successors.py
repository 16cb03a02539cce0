"""Hosts that moved: where their things are said to be now, and who says so.

A successor is another address, so its capture is another copy: it stands beside the failed one and never in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.urls import Url, parse
from archive_manifests.notes import Note, note


@dataclass(frozen=True, slots=True)
class Successor:
    """A host that took over the addresses of another, paths and all."""

    host: str
    successor: str
    since: str
    claim: str
    """Who says so."""


SUCCESSORS = (
    Successor(
        host="sn4hr.org",
        successor="snhr.org",
        since="about 2022",
        claim="the Syrian Network for Human Rights publishes its own reports of before under the new host, "
        "with the same paths: https://snhr.org/blog/2021/05/21/56247/",
    ),
)


@dataclass(frozen=True, slots=True)
class Asserted:
    """A new address of a cited thing, and on whose word."""

    url: Url
    claim: Note
    is_by_person: bool


def successor_of(url: Url) -> Asserted | None:
    """The new address of a thing whose host moved."""
    host = url.host.removeprefix("www.")
    for known in SUCCESSORS:
        if host == known.host:
            claim = note(
                "successor-moved", host=known.host, other=known.successor, since=known.since, claim=known.claim
            )
            return Asserted(parse(f"https://{known.successor}{url.target}"), claim, is_by_person=False)
    return None


def named_by_person(address: str) -> Asserted:
    """The new address that the editor of the source manifest asserts. Raises `UrlError`."""
    claim = note("successor-named")
    return Asserted(parse(address).without_credentials(), claim, is_by_person=True)
