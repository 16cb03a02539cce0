"""Content codings: a stream that ends in its middle is found, whatever Content-Length says."""

from __future__ import annotations

import gzip
import zlib

import pytest

from archive.http.coding import CodingError, decoded, ends_early, start_of

TEXT = b"".join(b"Paragraph %d of the page. " % number for number in range(2000))
GZIP = gzip.compress(TEXT, mtime=0)
RAW = zlib.compressobj(wbits=-15)
DEFLATE = RAW.compress(TEXT) + RAW.flush()

CUT = {
    "gzip in the middle": ("gzip", GZIP[: len(GZIP) // 2]),
    "gzip without its trailer": ("x-gzip", GZIP[:-8]),
    "gzip without its last byte": ("gzip", GZIP[:-1]),
    "the head of gzip": ("gzip", GZIP[:10]),
    "deflate": ("deflate", zlib.compress(TEXT)[:-30]),
    "deflate without a wrapper": ("Deflate", DEFLATE[:-30]),
    "gzip that is damaged in the middle": ("gzip", GZIP[:2000] + bytes(50) + GZIP[2050:]),
}
WHOLE = {
    "gzip": ("gzip", GZIP),
    "two members": ("gzip", GZIP + GZIP),
    "gzip with padding": ("gzip", GZIP + bytes(512)),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "deflate without a wrapper": ("deflate", DEFLATE),
    "text that is called gzip": ("gzip", TEXT),
    "no coding": ("", GZIP[:-1]),
    "an unknown coding": ("br", GZIP[:-1]),
    "nothing": ("gzip", b""),
}


def pieces(body: bytes, step: int) -> list[bytes]:
    return [body[at : at + step] for at in range(0, len(body), step)]


@pytest.mark.parametrize("step", [1, 700, 1 << 20])
@pytest.mark.parametrize(("coding", "body"), CUT.values(), ids=CUT)
def test_a_coding_that_ends_in_its_middle_is_found(coding: str, body: bytes, step: int) -> None:
    assert ends_early(pieces(body, step), coding)


@pytest.mark.parametrize("step", [1, 700, 1 << 20])
@pytest.mark.parametrize(("coding", "body"), WHOLE.values(), ids=WHOLE)
def test_a_whole_body_is_not_called_cut(coding: str, body: bytes, step: int) -> None:
    assert not ends_early(pieces(body, step), coding)


def test_what_could_be_read_of_a_cut_stream_is_read() -> None:
    start = start_of(pieces(GZIP[:2000], 100), "gzip", 1 << 20)
    assert start and TEXT.startswith(start)


@pytest.mark.parametrize(("coding", "body", "limit"), [("gzip", GZIP[:-1], 1 << 20), ("gzip", GZIP, 100), ("br", b"x", 9)])
def test_content_that_cannot_be_had_whole_is_an_error(coding: str, body: bytes, limit: int) -> None:
    with pytest.raises(CodingError):
        b"".join(decoded([body], coding, limit))
