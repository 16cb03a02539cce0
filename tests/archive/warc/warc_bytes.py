"""WARC bytes made by hand, so that exactly one thing can be wrong with them."""

from __future__ import annotations

import gzip
import hashlib

from archive.warc.report import ScannedRecord, WarcReport
from archive.warc.scan import WarcScan
from archive_manifests.paths import BagPath

DATE = "2026-11-22T10:00:00.123456Z"
PATH = BagPath("data/archive/s01.warc.gz")
BODY = "الشبكة السورية لحقوق الإنسان".encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
QUESTION = b"GET /a HTTP/1.1\r\nHost: sn4hr.org\r\n\r\n"


def uuid(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012d}"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def record(kind: str, number: int, block: bytes, *, version: str = "WARC/1.1", **changes: str | None) -> bytes:
    """A sound record as it lies in a plain file; `WARC_Date="x"` changes a field, None leaves it out."""
    fields: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{uuid(number)}>",
        "WARC-Date": DATE if version == "WARC/1.1" else "2026-11-22T10:00:00Z",
        "WARC-Target-URI": None if kind == "warcinfo" else "https://sn4hr.org/a",
        "WARC-Block-Digest": f"sha256:{sha256(block)}",
        "Content-Type": {"response": "application/http;msgtype=response", "request": "application/http;msgtype=request"}
        .get(kind, "application/warc-fields"),
        "Content-Length": str(len(block)),
    }  # fmt: skip
    fields |= {name.replace("_", "-"): value for name, value in changes.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def sound(version: str = "WARC/1.1") -> list[bytes]:
    """The records of a small sound file."""
    return [
        record("warcinfo", 0, b"software: evidence-archive\r\n", version=version),
        record("request", 1, QUESTION, version=version, WARC_Concurrent_To=f"<{uuid(2)}>"),
        record("response", 2, ANSWER, version=version, WARC_Payload_Digest=f"sha256:{sha256(BODY)}"),
        record("metadata", 3, b"{}", version=version, WARC_Refers_To=f"<{uuid(2)}>"),
    ]


def member(data: bytes, level: int = 6) -> bytes:
    return gzip.compress(data, level, mtime=0)


def zipped(records: list[bytes]) -> bytes:
    return b"".join(map(member, records))


def scan(data: bytes, step: int = 1 << 20) -> WarcReport:
    reading = WarcScan(PATH)
    for at in range(0, len(data), step):
        reading.feed(data[at : at + step])
    return reading.close()


def faults(data: bytes, step: int = 1 << 20) -> list[tuple[str, int]]:
    """Code and place of everything that is wrong with a file."""
    return [(fault.code, fault.offset) for fault in scan(data, step).faults]


def records(data: bytes, step: int = 1 << 20) -> list[ScannedRecord]:
    return list(scan(data, step).records())
