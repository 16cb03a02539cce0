"""A supplied recording (WARC or WACZ): which of its records hold the source, and who signed it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Set
from pathlib import Path
from typing import IO, BinaryIO, cast

from archive.errors import WarcError
from archive.warc.read import read_records

WEB_ARCHIVES = frozenset({".warc", ".gz", ".wacz"})
_MOST_SIGNATURE = 1 << 20


def told_of_web_archive(path: Path, urls: Set[str]) -> str:
    """Say in plain words what a recording holds of `urls`; it is read strictly, and never run."""
    try:
        found, signer = _wacz(path, urls) if path.suffix == ".wacz" else (_dates(path.open("rb"), urls), None)
    except (WarcError, OSError, zipfile.BadZipFile, ValueError) as error:
        return f"the recording could not be read to its end ({error})"
    told = (
        f"the recording holds {len(found)} answers for the cited URL, the first of {min(found)}"
        if found
        else "the recording holds no answer for the cited URL"
    )
    return f"{told}; signed by {signer}, not checked here" if signer else told


def _wacz(path: Path, urls: Set[str]) -> tuple[list[str], str | None]:
    found: list[str] = []
    with zipfile.ZipFile(path) as wacz:
        for member in wacz.infolist():
            if member.filename.startswith("archive/") and member.filename.endswith((".warc", ".warc.gz")):
                with wacz.open(member) as stream:
                    found += _dates(stream, urls)
        return found, _signer(wacz)


def _dates(stream: IO[bytes], urls: Set[str]) -> list[str]:
    """WARC-Date of each response for one of `urls`."""
    with stream:
        return list(_matching(stream, urls))


def _matching(stream: IO[bytes], urls: Set[str]) -> Iterator[str]:
    for record in read_records(cast(BinaryIO, stream)):
        if record.type == "response" and record.uri in urls:
            yield record.header.fields.get("warc-date", "an unknown date")


def _signer(wacz: zipfile.ZipFile) -> str | None:
    """Who a WACZ says has signed it. (WACZ signing and verification 0.1.0)"""
    try:
        with wacz.open("datapackage-digest.json") as file:
            signed = json.loads(file.read(_MOST_SIGNATURE)).get("signedData") or {}
    except (KeyError, ValueError, AttributeError):
        return None
    named = signed.get("domain") or signed.get("publicKey") or signed.get("software")
    return str(named)[:80] if named else None
