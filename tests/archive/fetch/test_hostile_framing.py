"""Whatever framing a server makes up, what is finished verifies: writer and reader share their limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from tests.world import World
from tests.world.replies import Answer, Close, Reply, Request
from tests.world.site import Page, Site

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
TEXT = b"<title>A page in many pieces</title><p>" + b"word " * 30_000


def chunked(size: int) -> bytes:
    pieces = (TEXT[at : at + size] for at in range(0, len(TEXT), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


FRAMINGS: dict[str, bytes] = {
    "one-byte-chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(1),
    "chunks-of-two-sizes": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(2),
    "folded-lines": HEAD + b"X-Long: a\r\n" + b" b\r\n" * 20_000 + b"Content-Length: 5\r\n\r\nhello",
    "line-ends-first": b"\r\n" * 20_000 + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "many-interim": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 30 + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "too-many-interim": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3_000 + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "long-chunk-lines": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1;" + b"x" * 9_000 + b"\r\na\r\n0\r\n\r\n",
}


class Hostile(Site):
    hosts = ("hostile.example",)

    def pages(self, host: str) -> Mapping[str, Page]:
        return {f"/{name}": RawReply(body=data) for name, data in FRAMINGS.items()}


class RawReply(Reply):
    """Bytes as they are, and the end of the connection."""

    __slots__ = ()

    def to_answer(self, request: Request) -> Answer:
        return Answer((self.body, Close()), keeps=False)


@pytest.mark.parametrize("name", FRAMINGS)
def test_what_is_finished_verifies(name: str, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text(f"See https://hostile.example/{name} for more.\n")
    with World([Hostile()]) as world:
        settings = FetchSettings(
            connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, memento=False
        )
        result = fetch(report, tmp_path / "R1", settings)
    assert [finding.code for finding in verify(result.bag, jobs=1).findings if finding.severity == "error"] == []
