"""Files are read once: from any byte on, and with the digests of a large one side by side."""

from __future__ import annotations

import hashlib
import io
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from archive.bag.interface import Broken, Entry
from archive.bag.open import open_bag
from archive.verify.files.control_files import files_read_again, special_files
from archive.verify.files.reading import WIDE, read_stream

DATA = random.Random(7).randbytes(3 << 20) + b"the end"
NAME = "data/s01.warc.gz"


def laid_down(base: Path, kind: str) -> Path:
    """A bag with one file, as a folder or packed."""
    if kind == "folder":
        (base / "bag/data").mkdir(parents=True)
        (base / "bag" / NAME).write_bytes(DATA)
        return base / "bag"
    place = base / f"bag.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(place, "w") as packed:
            packed.writestr(f"bag/{NAME}", DATA)
        return place
    with tarfile.open(place, f"w:{kind.partition('.')[2]}") as packed:
        member = tarfile.TarInfo(f"bag/{NAME}")
        member.size = len(DATA)
        packed.addfile(member, io.BytesIO(DATA))
    return place


@pytest.mark.parametrize("kind", ["folder", "tar", "tar.gz", "zip"])
@pytest.mark.parametrize("start", [0, 1, 1 << 20, (1 << 20) + 1, len(DATA) - 1, len(DATA)])
def test_a_file_is_read_from_any_byte_on(kind: str, start: int, tmp_path: Path) -> None:
    with open_bag(laid_down(tmp_path, kind)) as bag:
        (entry,) = bag.payload_entries()
        reader = bag.reader()
        assert b"".join(reader.chunks_from(entry, start)) == DATA[start:]
        reader.close()


def test_a_file_that_became_shorter_than_where_reading_starts_is_reported(tmp_path: Path) -> None:
    place = laid_down(tmp_path, "folder")
    with open_bag(place) as bag:
        (entry,) = bag.payload_entries()
        (place / NAME).write_bytes(b"short")
        with pytest.raises(Broken) as observed:
            list(bag.reader().chunks_from(entry, 1 << 20))
        assert observed.value.code == "file-changed"


@pytest.mark.parametrize("algorithms", [("sha256",), ("md5", "sha256", "sha512")])
def test_digests_side_by_side_are_those_of_the_whole_file(algorithms: tuple[str, ...]) -> None:
    pieces = [random.Random(number).randbytes(1 << 20) for number in range(WIDE >> 20)] * 3 + [b"x"]
    entry = Entry("data/large.bin", sum(map(len, pieces)), 0)
    read = read_stream(entry, iter(pieces), algorithms)
    assert read.digests == [b"".join(hashlib.new(name, b"".join(pieces)).digest() for name in algorithms)]
    assert (read.sizes, read.problems) == ([entry.size], {})


def test_a_large_file_that_breaks_off_leaves_no_thread_waiting() -> None:
    def chunks() -> object:
        yield b"x" * (1 << 20)
        raise Broken("unreadable", "gone")

    read = read_stream(Entry("data/large.bin", 2 * WIDE, 0), chunks(), ("sha256", "sha512"))  # type: ignore[arg-type]
    assert (read.digests, read.problems) == ([b""], {0: ("unreadable", "gone")})


def test_special_files_are_found_in_any_spelling_of_their_endings() -> None:
    paths = ["data/a.bin", "data/archive/b.Warc.gz", "data/report/original.pdf", "data/sources.json", "data/c.json"]
    assert (special_files(paths), files_read_again(paths)) == ([1, 3], [1, 2])
    assert (special_files(paths[:1]), files_read_again(paths[:1])) == ([], [])
