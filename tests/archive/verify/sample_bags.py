"""Builds real bags from a dict of files, so that a test can break one thing in a sound one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.tags import DECLARATION

FILES = {"data/a.txt": b"one\n", "data/sub/b.bin": bytes(range(256)) * 9, "data/ج.txt": "شاهد\n".encode()}


def make_bag(
    base: Path,
    files: Mapping[str, bytes] = FILES,
    *,
    algorithms: Iterable[str] = ("sha256", "sha512"),
    info: Iterable[tuple[str, str]] | None = None,
    declaration: str = DECLARATION,
    tags: Mapping[str, bytes] | None = None,
) -> Path:
    """A sound bag, valid under RFC 8493 and under bagit.py. `tags` are more tag files."""
    for name, data in files.items():
        put(base, name, data)
    (base / "data").mkdir(parents=True, exist_ok=True)
    oxum = f"{sum(map(len, files.values()))}.{len(files)}"
    fields = [("Bagging-Date", "2026-11-22"), ("Payload-Oxum", oxum)] if info is None else info
    put(base, "bagit.txt", declaration.encode())
    put(base, "bag-info.txt", "".join(f"{label}: {value}\n" for label, value in fields).encode())
    for name, data in (tags or {}).items():
        put(base, name, data)
    for algorithm in algorithms:
        stated = {BagPath(name): hashlib.new(algorithm, data).hexdigest() for name, data in files.items()}
        put(base, manifest_name(algorithm), format_manifest(stated).encode())
    return retag(base, algorithms)


def put(base: Path, name: str, data: bytes) -> None:
    place = base / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def retag(base: Path, algorithms: Iterable[str] = ("sha256", "sha512")) -> Path:
    """Write the tag manifests again: what is broken in a tag file is then broken on purpose, and nothing else is."""
    tags = [place for place in sorted(base.iterdir()) if place.is_file() and not place.is_symlink()]
    listed = [place for place in tags if not place.name.startswith("tagmanifest-")]
    for algorithm in algorithms:
        stated = {BagPath(place.name): hashlib.new(algorithm, place.read_bytes()).hexdigest() for place in listed}
        put(base, manifest_name(algorithm, tag=True), format_manifest(stated).encode())
    return base


def add_lines(base: Path, name: str, lines: str) -> None:
    """Append lines to every payload manifest; `{digest}` stands for a digest of `name`'s bytes in its algorithm."""
    data = (base / name).read_bytes()
    for manifest in base.glob("manifest-*.txt"):
        digest = hashlib.new(manifest.stem.removeprefix("manifest-"), data).hexdigest()
        with manifest.open("ab") as stream:
            stream.write(lines.replace("{digest}", digest).encode())
    retag(base)


def rewrite(base: Path, name: str, old: bytes, new: bytes) -> None:
    """Replace bytes in one file and make the tag manifests right again."""
    place = base / name
    data = place.read_bytes()
    assert old in data
    place.write_bytes(data.replace(old, new))
    retag(base)


def observed(found: Verification) -> list[str]:
    """Every finding as `code path`, errors in plain words, warnings in parentheses."""
    lines = []
    for finding in found.findings:
        text = finding.code if finding.path is None else f"{finding.code} {finding.path}"
        lines.append(text if finding.severity == "error" else f"({text})")
    return lines


def findings_of(base: Path) -> list[str]:
    return observed(verify(base, jobs=1))
