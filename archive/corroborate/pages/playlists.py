"""Playlists of films in parts (HLS, RFC 8216): the same film, whatever the addresses of its parts are signed with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from archive.corroborate.pages.attributes import joined
from archive.corroborate.texts.places import place_of_file, place_of_stream

LARGEST = 4 << 20
_URI = re.compile(r'(?<=URI=")[^"]*(?=")')
_START = b"#EXTM3U"


@dataclass(frozen=True, slots=True)
class Playlist:
    """What a playlist states, and its parts in order."""

    shape: str
    """Its lines without addresses."""
    places: tuple[str, ...]
    digests: tuple[str | None, ...]
    """Of each part; None for one that is not there."""


def is_playlist(url: str) -> bool:
    """True for an address whose path is that of a playlist."""
    return url.partition("?")[0].partition("#")[0].lower().endswith((".m3u8", ".m3u"))


def read_playlist(body: bytes, url: str, digest_of: Callable[[str], str | None]) -> Playlist | None:
    """Read a playlist; `digest_of` gives the digest of what lies at an absolute address. None for what is none."""
    if not body.lstrip(b"\xef\xbb\xbf").startswith(_START) or len(body) > LARGEST:
        return None
    addresses: list[str] = []

    def take(address: str) -> str:
        addresses.append(joined(url, address))
        return ""

    lines = []
    for line in body.decode("utf-8", "replace").splitlines():
        if line.startswith("#"):
            lines.append(_URI.sub(lambda found: take(found[0]), line.strip()))
        elif line.strip():
            lines.append(take(line.strip()))
    places = tuple(place_of_stream(each) or place_of_file(each) for each in addresses)
    return Playlist("\n".join(lines), places, tuple(map(digest_of, addresses)))


def is_same_playlist(one: Playlist | None, other: Playlist | None) -> bool:
    """True where both state the same and each part has the same bytes, or the same place if one of them lacks it."""
    if one is None or other is None or one.shape != other.shape or len(one.places) != len(other.places):
        return False
    return all(
        first == second if first is not None and second is not None else place == there
        for first, second, place, there in zip(one.digests, other.digests, one.places, other.places, strict=True)
    )
