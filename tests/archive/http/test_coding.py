"""Content codings: a stream that ends in its middle is found, whatever Content-Length says."""

from __future__ import annotations

import gzip
import zlib

import pytest

from archive.http.coding import CodingError, CodingFault, decoded, fault_of, start_of

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
}
WHOLE = {
    "gzip": ("gzip", GZIP),
    "two members": ("gzip", GZIP + GZIP),
    "gzip with padding": ("gzip", GZIP + bytes(512)),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "deflate without a wrapper": ("deflate", DEFLATE),
    "gzip twice": ("gzip, gzip", gzip.compress(GZIP)),
    "no coding": ("", GZIP[:-1]),
    "no coding of any standard": ("UTF-8", TEXT),
    "nothing": ("gzip", b""),
}


def pieces(body: bytes, step: int) -> list[bytes]:
    return [body[at : at + step] for at in range(0, len(body), step)]


OTHERWISE = {
    "text that is called gzip": ("gzip", TEXT, CodingFault.FALSE, TEXT),
    "text after the mark of gzip": ("gzip", b"\x1f\x8b" + TEXT, CodingFault.FALSE, b"\x1f\x8b" + TEXT),
    "text that is called deflate": ("deflate", b"<p>" + TEXT, CodingFault.FALSE, b"<p>" + TEXT),
    "text that is called Brotli": ("br", TEXT, CodingFault.FALSE, TEXT),
    "Arabic that is called Brotli": ("br", "اسم".encode() * 300, CodingFault.FALSE, "اسم".encode() * 300),
    "a page of another charset that is called Brotli": ("br", b"\n<p>caf\xe9 \xe9", CodingFault.FALSE, b"\n<p>caf\xe9 \xe9"),
    "gzip that is called zstd": ("zstd", GZIP, CodingFault.FALSE, GZIP),
    "gzip once that is called twice": ("gzip, gzip", GZIP, CodingFault.FALSE, GZIP),
    "Brotli": ("br", b"\x0b\x02\x80hello\x03", CodingFault.UNREAD, b""),
    "zstd": ("zstd", b"\x28\xb5\x2f\xfd" + bytes(600), CodingFault.UNREAD, b""),
    "gzip that is damaged in the middle": ("gzip", GZIP[:2000] + bytes(50) + GZIP[2050:], CodingFault.BROKEN, None),
}


@pytest.mark.parametrize("step", [1, 700, 1 << 20])
@pytest.mark.parametrize(("coding", "body"), CUT.values(), ids=CUT)
def test_a_coding_that_ends_in_its_middle_is_found(coding: str, body: bytes, step: int) -> None:
    assert fault_of(pieces(body, step), coding) is CodingFault.CUT


@pytest.mark.parametrize("step", [1, 700, 1 << 20])
@pytest.mark.parametrize(("coding", "body"), WHOLE.values(), ids=WHOLE)
def test_a_whole_body_has_no_fault(coding: str, body: bytes, step: int) -> None:
    assert fault_of(pieces(body, step), coding) is None


@pytest.mark.parametrize("step", [1, 700, 1 << 20])
@pytest.mark.parametrize(("coding", "body", "fault", "start"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_body_in_another_coding_than_is_stated_is_found(
    coding: str, body: bytes, fault: CodingFault, start: bytes | None, step: int
) -> None:
    assert fault_of(pieces(body, step), coding) is fault
    found = start_of(pieces(body, step), coding, 1 << 20)
    assert found == start if start is not None else TEXT.startswith(found[:4000])


def test_what_could_be_read_of_a_cut_stream_is_read() -> None:
    start = start_of(pieces(GZIP[:2000], 100), "gzip", 1 << 20)
    assert start and TEXT.startswith(start)


@pytest.mark.parametrize(("coding", "body", "limit"), [("gzip", GZIP[:-1], 1 << 20), ("gzip", GZIP, 100), ("br", b"x", 9)])
def test_content_that_cannot_be_had_whole_is_an_error(coding: str, body: bytes, limit: int) -> None:
    with pytest.raises(CodingError):
        b"".join(decoded([body], coding, limit))


def test_a_body_without_a_coding_is_not_copied() -> None:
    body = bytes(1000)
    assert start_of(iter([body]), "", 1000) is body
    assert start_of(iter([body, body]), "identity", 1500) == bytes(1500)
    assert start_of(iter([body]), "", 10) == bytes(10)
