"""A film in parts, whose playlist is signed anew for each visit: its parts say whether it is the same film."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import RequisiteEvidence, SourceEvidence, with_playlists
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence, page

CDN = "https://cdn.example"
PARTS = (b"first", b"second")


def playlist(token: str, parts: tuple[bytes, ...] = PARTS, lacking: bool = False, seconds: str = "6.0") -> SourceEvidence:
    """What one observer gets: the page, a playlist of qualities, one of parts, and the parts, all signed."""
    master, inner = f"{CDN}/master.m3u8?token={token}", f"{CDN}/{token}/v1.m3u8"
    urls = [f"{CDN}/{token}/seg{number}.ts" for number in range(len(parts))]
    bodies = {master: f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\n{inner}\n".encode()}
    bodies[inner] = "\n".join(["#EXTM3U", *(f"#EXTINF:{seconds},\n{url}" for url in urls)]).encode()
    bodies |= dict(zip(urls[: 1 if lacking else None], parts, strict=False))
    known = {
        url: RequisiteEvidence("media", "captured", hashlib.sha256(body).hexdigest(), load=lambda body=body: body)
        for url, body in bodies.items()
    }
    seen = evidence(page(f"<h1>Film</h1><p>What the camera saw.</p><video src='{master}'></video>"), VISIT)
    return replace(seen, requisites=with_playlists(known))


def status(one: SourceEvidence, other: SourceEvidence) -> PairStatus:
    assert other.live is not None
    found = compare_sources(one, replace(other, live=replace(other.live, visit=VISIT + LATER)))
    assert found is not None
    return found.status


ONE, OTHER = "8f3a9c2e11aabbcc8f3a9c2e", "77ab00c1ff99ddee77ab00c1"


def test_a_video_whose_parts_have_other_signatures_is_the_same() -> None:
    assert status(playlist(ONE), playlist(OTHER)) is PairStatus.DIFFERS


@pytest.mark.parametrize(
    "other",
    [
        playlist(OTHER, (b"first", b"forged")),
        playlist(OTHER, (b"second", b"first")),
        playlist(OTHER, (b"first",)),
        playlist(OTHER, seconds="2.0"),
    ],
    ids=["part", "order", "number", "length"],
)
def test_a_video_with_another_part_contradicts(other: SourceEvidence) -> None:
    assert status(playlist(ONE), other) is PairStatus.CONTRADICTS
    assert status(other, playlist(ONE)) is PairStatus.CONTRADICTS
