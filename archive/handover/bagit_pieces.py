"""Has bagit.py validate a bag of many files piece by piece, in the memory that one piece takes.

bagit.py has every path and digest of a bag in memory several times over: some 2 kB a file. A piece has the files, and
the lines of the payload manifests, whose paths lead to the same number: bagit.py reads, compares and hashes each of
them as it would in the whole bag. What is of the bag as a whole it checks on the first piece, which is empty: the
declaration, `fetch.txt`, Payload-Oxum and the tag files.

Run as a program, in a process of its own: `python -m archive.handover.bagit_pieces FOLDER ASIDE PIECES`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

import bagit

_SPELLED = re.compile(r"%0[AaDd]|%25|[\r\n%]")
"""What one writer encodes in a path and another does not: of no account in the choice of its piece."""
_FILES = "files"


class SlicedBag(bagit.Bag):  # type: ignore[misc]
    """A bag as bagit.py opens it, its payload manifests taken from a folder of their own."""

    def __init__(self, path: str, slices: Path) -> None:
        self._slices = slices
        super().__init__(path)

    def manifest_files(self) -> Iterator[str]:
        return map(os.fspath, _manifests(self._slices))


class BagPiece(SlicedBag):
    """The payload files of one piece."""

    def __init__(self, path: str, slices: Path) -> None:
        super().__init__(path, slices)
        self.info.pop("Payload-Oxum", None)

    def tagmanifest_files(self) -> Iterable[str]:
        return ()

    def payload_files(self) -> Iterator[str]:
        with _open(self._slices / _FILES) as names:
            for name in names.read().split("\0")[:-1]:
                self.normalized_filesystem_names[bagit.normalize_unicode(name)] = name
                yield name


class BagOutline(SlicedBag):
    """What is to be checked once: the slices of its manifests are empty."""

    def payload_files(self) -> Iterator[str]:
        return payload_paths(self.path)

    def compare_manifests_with_fs(self) -> tuple[list[str], list[str]]:
        return list(self.missing_optional_tagfiles()), []


def validate(folder: Path, aside: Path, pieces: int) -> None:
    """Raises `bagit.BagError`."""
    path = os.fspath(folder)
    slices = [aside / str(number) for number in range(pieces + 1)]
    for place in slices:
        place.mkdir()
    outline = slices.pop()
    names = ((f"{name}\0", name) for name in payload_paths(path))
    _divide(names, [place / _FILES for place in slices])
    for manifest in _manifests(folder):
        (outline / manifest.name).touch()
        with _open(manifest, newline=None) as lines:
            _divide(((line, _path_in(line)) for line in lines), [place / manifest.name for place in slices])
    BagOutline(path, outline).validate()
    for place in slices:
        BagPiece(path, place).validate()


def _manifests(folder: Path) -> list[Path]:
    """Those that bagit.py reads, in its order."""
    named = (folder / f"manifest-{algorithm}.txt" for algorithm in bagit.CHECKSUM_ALGOS)
    return [place for place in named if place.is_file()]


def payload_paths(path: str) -> Iterator[str]:
    """Every payload file of a bag in a folder, as bagit.py walks it."""
    for folder, _, names in os.walk(f"{path}/data"):
        yield from (f"{folder[len(path) + 1 :]}/{name}" for name in names)


def _divide(texts: Iterable[tuple[str, str]], places: list[Path]) -> None:
    """Write each text to the place that its path leads to."""
    with ExitStack() as opened:
        files = [opened.enter_context(_open(place, "w")) for place in places]
        for text, path in texts:
            files[_number(path) % len(files)].write(text)


def _path_in(line: str) -> str:
    parts = line.strip().split(None, 1)
    return os.path.normpath(parts[1].lstrip("*")) if len(parts) == 2 else ""


def _number(path: str) -> int:
    plain = path if path.isascii() else unicodedata.normalize("NFC", path)
    return hash(_SPELLED.sub("", plain))


def _open(place: Path, mode: str = "r", newline: str | None = "") -> TextIO:
    return place.open(mode, encoding="utf-8", errors="surrogateescape", newline=newline)  # type: ignore[return-value]


def main(folder: str, aside: str, pieces: str) -> None:
    """Ends with bagit.py's message, and 1, where it refuses the bag."""
    logging.getLogger("bagit").setLevel(logging.ERROR)
    try:
        validate(Path(folder), Path(aside), int(pieces))
    except bagit.BagError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main(*sys.argv[1:])
