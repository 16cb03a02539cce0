"""Hosts that moved: the new address, and who asserts it.

A successor is another address, so its capture is another copy: it stands beside the failed one and never replaces it.
"""

from __future__ import annotations

from msgspec import Struct

from archive.urls import Url, parse
from archive_manifests.notes import Note, note


class Successor(Struct, frozen=True):
    """A host that serves the paths of another one."""

    host: str
    successor: str
    year: str
    """About when it moved."""


SUCCESSORS = (
    Successor(
        host="sn4hr.org",
        successor="snhr.org",
        year="2022",  # its own reports of before are there under the same paths: snhr.org/blog/2021/05/21/56247/
    ),
)
"""This program's own list of moved sites: nobody else asserts them."""


class Asserted(Struct, frozen=True):
    """A new address of a cited source, and who asserts it."""

    url: Url
    claim: Note
    is_by_person: bool


def successor_of(url: Url) -> Asserted | None:
    """The new address where the host is known to have moved."""
    host = url.host.removeprefix("www.")
    for known in SUCCESSORS:
        if host == known.host:
            claim = note("successor-listed", host=known.host, other=known.successor, year=known.year)
            return Asserted(parse(f"https://{known.successor}{url.target}"), claim, is_by_person=False)
    return None


def named_by_person(address: str) -> Asserted:
    """The new address that the editor of the source manifest asserts. Raises `UrlError`."""
    claim = note("successor-named")
    return Asserted(parse(address).without_credentials(), claim, is_by_person=True)
