"""Builds packages member by member, honest and hostile, out of a sound bag's files."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.tags import DECLARATION

PAYLOAD = {"data/a.txt": b"one\n", "data/sub/b.bin": bytes(range(256)) * 9, "data/شهادة.txt": "شاهد\n".encode()}

Member = tuple[tarfile.TarInfo, bytes]


def bag_files(payload: Mapping[str, bytes] | None = None, *, info: Iterable[str] = (), **more: bytes) -> dict[str, bytes]:
    """Every file of a sound bag by its path in the base directory. `more` are tag files, `_` for `.` in their names."""
    files = dict(PAYLOAD if payload is None else payload)
    oxum = f"Payload-Oxum: {sum(map(len, files.values()))}.{len(files)}\n"
    lines = ("Bagging-Date: 2026-11-22\n", *(f"{line}\n" for line in info))
    given = any(line.startswith("Payload-Oxum") for line in lines)
    tags = {"bagit.txt": DECLARATION.encode(), "bag-info.txt": "".join((*lines, "" if given else oxum)).encode()}
    tags |= {name.replace("_", "."): content for name, content in more.items()}
    for algorithm in ("sha256", "sha512"):
        tags[manifest_name(algorithm)] = _manifest(files, algorithm)
    listed = dict(tags)
    for algorithm in ("sha256", "sha512"):
        tags[manifest_name(algorithm, tag=True)] = _manifest(listed, algorithm)
    return {**tags, **files}


def _manifest(files: Mapping[str, bytes], algorithm: str) -> bytes:
    return format_manifest(
        {BagPath(name): hashlib.new(algorithm, content).hexdigest() for name, content in files.items()}
    ).encode("utf-8", "surrogateescape")


def members(files: Mapping[str, bytes], top: str = "R1") -> list[Member]:
    return [member(f"{top}/{name}" if top else name, content) for name, content in files.items()]


def member(name: str, content: bytes = b"", **fields: object) -> Member:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def tar(place: Path, every: Iterable[Member], *, mode: str = "w") -> Path:
    """A tar of exactly these members, in this order."""
    with tarfile.open(place, mode, format=tarfile.PAX_FORMAT) as package:
        for info, content in every:
            package.addfile(info, io.BytesIO(content))
    return place


def zipped(place: Path, every: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(place, "w", method) as package:
        for name, content in every:
            package.writestr(name, content)
    return place


def zip_members(files: Mapping[str, bytes], top: str = "R1") -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [(f"{top}/{name}", content) for name, content in files.items()]


def changed(place: Path, change: Callable[[bytearray], object]) -> Path:
    """The package with its bytes changed."""
    data = bytearray(place.read_bytes())
    change(data)
    place.write_bytes(data)
    return place
