"""A newspaper of the loopback internet: articles that show other sites' videos, and streams with every fault."""

from __future__ import annotations

from collections.abc import Mapping

from tests.world import video_bytes
from tests.world.replies import Reply
from tests.world.site import Page, Site, file, html

HOST = "press.example"
_TEXT = "The families have waited for eleven years, and they have kept every paper that anybody gave them. " * 5
_HLS = "application/vnd.apple.mpegurl"
KEY, IV = bytes(range(16)), bytes(range(16, 32))


def article(body: str) -> Reply:
    page = f"<body><h1>Press</h1>{body}<p>{_TEXT}</p></body>"
    return html(f"<!DOCTYPE html><html><head><title>Press</title></head>{page}</html>")


def framed(*addresses: str) -> Reply:
    return article("".join(f'<iframe src="{address}"></iframe>' for address in addresses))


def shown(playlist: str) -> Reply:
    return article(f'<video><source src="{playlist}" type="{_HLS}"></video>')


def playlist(*lines: str, count: int = 3) -> Reply:
    pieces = [f"#EXTINF:1.0,\n/piece-{number}.m4s" for number in range(count)]
    head = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:1", "#EXT-X-PLAYLIST-TYPE:VOD", *lines]
    return file("\n".join([*head, *pieces, "#EXT-X-ENDLIST", ""]).encode(), _HLS)


class Press(Site):
    """Plays whatever pages it is given, beside a stream in pieces: `/init.mp4`, `/piece-0.m4s`, `/piece-1.m4s`…"""

    hosts = (HOST, "other.example")

    def __init__(self, pages: Mapping[str, Page]) -> None:
        super().__init__()
        self._given = pages

    def pages(self, host: str) -> Mapping[str, Page]:
        pieces = {
            f"/piece-{n}.m4s": file(video_bytes.segment("video", "press", n), "video/iso.segment") for n in range(3)
        }
        return {"/init.mp4": file(video_bytes.opening("video"), "video/mp4"), **pieces, **self._given}


def stream() -> bytes:
    return video_bytes.opening("video") + b"".join(video_bytes.segment("video", "press", number) for number in range(3))
