"""A file is judged by a contradiction in its first bytes: what is rare, old or without a mark is no contradiction."""

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive.urls import parse
from tests.archive.capture.classify.responses import file

ZIP, OLE, REST = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(300)
STREAM = (b"\x47\x40\0\x10" + bytes(184)) * 3


def box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + REST


HONEST: list[tuple[str, bytes]] = [
    *[(name, ZIP + REST) for name in ("epub", "odt", "docx", "xlsx", "kmz", "zip", "wacz", "pages")],
    *[(name, OLE + REST) for name in ("doc", "ppt", "xls", "msg", "docx")],
    ("7z", b"7z\xbc\xaf\x27\x1c" + REST), ("rar", b"Rar!\x1a\x07\x01\0" + REST), ("gz", b"\x1f\x8b\x08" + REST),
    ("tar", REST[:257] + b"ustar"), ("rtf", b"{\\rtf1 x}"), ("rtf", b"{\\urtf1 x}"),
    ("doc", b"\xdb\xa5-\0\0\0" + REST), ("doc", b"\x31\xbe\0\0" + REST), ("doc", b"\xfe\x37\0\x1c" + REST),
    ("doc", b'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>The list'),
    ("doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'),
    ("xls", b"\x09\x08\x10\0\0\x06\x05\0" + REST), ("xls", b"name\tage\nAhmad\t4\n"),
    ("xls", b"<table><tr><td>Ahmad</td></tr></table>"), ("csv", b"name,age\nAhmad,4\n"),
    ("kml", b'<?xml version="1.0"?><kml/>'), ("shp", b"\0\0\x27\x0a" + REST), ("dwg", b"AC1027" + REST),
    *[("heic", box(brand)) for brand in (b"heic", b"mif1", b"msf1", b"hevc", b"MiHE")],
    *[("avif", box(brand)) for brand in (b"avif", b"avis")],
    *[("mp4", box(brand)) for brand in (b"isom", b"qt  ", b"3gp4")], ("3gp", box(b"3gp4")), ("m4a", box(b"M4A ")),
    *[("mp4", b"\0\0\0\x18" + name + REST) for name in (b"styp", b"sidx", b"uuid", b"wide", b"moov", b"mdat")],
    ("mp4", STREAM), ("ts", STREAM), ("m4a", b"\xff\xf1\x50\x80" + REST), ("mkv", b"\x1a\x45\xdf\xa3" + REST),
    ("opus", b"OggS" + REST), ("amr", b"#!AMR\n" + REST), ("wav", b"RIFX\0\0\0\0WAVE" + REST),
    *[("mp3", start + REST) for start in (b"ID3\3", b"\xff\xfb\x90\0", b"\xff\xf3\x90\0", b"\0\0\0\0")],
    ("webp", b"RIFF\0\0\0\0WEBPVP8 "), ("jpg", b"RIFF\0\0\0\0WEBPVP8 "), ("jpg", b"\0\0\0\x0cjP  \r\n\x87\n" + REST),
    ("png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'), ("tif", b"MM\0*" + REST), ("jxl", b"\xff\x0a" + REST),
    ("json", b'{"a": 1}'), ("geojson", b'{"type": "FeatureCollection"}'), ("xml", b'<?xml version="1.0"?><list/>'),
    ("eml", b"From: a@b.example\r\nSubject: x\r\n\r\nhi"), ("ttf", b"\0\1\0\0" + REST),
    ("pdf", b"%PDF-1.4" + REST), ("pdf", b"%!PS-Adobe-3.0 PDF-1.4\n" + REST), ("djvu", b"AT&TFORM" + REST),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "body"), HONEST, ids=[f"{name}-{n}" for n, (name, _) in enumerate(HONEST)])
def test_an_honest_file_is_captured(suffix: str, body: bytes) -> None:
    url = parse(f"https://example.org/files/list.{suffix}")
    verdict = judge(file(body, "application/octet-stream", url=url), cited=url)
    assert (str(verdict.status), verdict.reason, verdict.detail) == ("captured", None, None)


@pytest.mark.parametrize(
    ("suffix", "media_type", "body", "expected"),
    [
        ("pdf", "application/pdf", ZIP + REST, ("partial", "media")),
        ("pdf", "application/pdf", REST, ("partial", "media")),
        ("docx", "application/octet-stream", b"%PDF-1.4" + REST, ("partial", "media")),
        ("mp4", "video/mp4", b"\x89PNG" + REST, ("partial", "media")),
        ("heic", "image/heic", ZIP + REST, ("partial", "media")),
        ("doc", "text/plain", b"File not found", ("gone", "soft-404")),
        ("mp4", "text/plain", b"File not found", ("gone", "soft-404")),
        ("pdf", "text/plain", b"\0\1\2" + REST, ("partial", "media")),
    ],
)
def test_a_contradiction_is_reported(suffix: str, media_type: str, body: bytes, expected: tuple[str, str]) -> None:
    url = parse(f"https://example.org/files/list.{suffix}")
    verdict = judge(file(body, media_type, url=url), cited=url)
    assert (str(verdict.status), verdict.reason) == expected
