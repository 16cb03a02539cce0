"""A bag in a folder: no link is followed, and a file that changes while it is read is reported."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive.bag.folder import FolderBag, FolderReader
from archive.bag.interface import Broken, Entry
from archive.bag.open import open_bag
from archive.errors import BagUnreadable
from archive.posix import FilesBelow
from archive.verify.run import verify
from archive_manifests.paths import BagPath
from tests.archive.verify.sample_bags import FILES, findings_of, make_bag


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1")


def code_of(reader: FolderReader, entry: Entry, *, in_chunks: bool) -> str:
    with pytest.raises(Broken) as caught:
        list(reader.chunks(entry)) if in_chunks else reader.small(entry, 1 << 20)
    return caught.value.code


both_ways = pytest.mark.parametrize("in_chunks", [True, False])


def test_the_files_of_a_folder_are_listed_with_their_sizes(bag: Path) -> None:
    with open_bag(bag) as opened:
        assert isinstance(opened, FolderBag)
        assert {entry.path: entry.size for entry in opened.payload_entries()} == {
            name: len(data) for name, data in FILES.items()
        }
        assert sorted(name for names in opened.payload_names() for name in names) == sorted(FILES)
        assert sorted(entry.path for entry in opened.tag_entries())[0] == "bag-info.txt"
        assert (opened.name, opened.has_payload_folder, opened.findings) == ("R1", True, [])


def test_a_payload_file_is_a_stream(bag: Path) -> None:
    with open_bag(bag) as opened, opened.open(BagPath("data/sub/b.bin")) as stream:
        assert (stream.read(3), stream.read()) == (b"\0\1\2", FILES["data/sub/b.bin"][3:])


def test_what_is_not_in_the_bag_is_no_stream(bag: Path) -> None:
    (bag.parent / "secret").write_bytes(b"secret")
    with open_bag(bag) as opened:
        for path in ("data/nothing", "../secret", "data/../../secret", "/etc/passwd"):
            with pytest.raises(BagUnreadable):
                opened.open(BagPath(path))


@both_ways
def test_a_link_in_the_place_of_a_folder_is_not_followed(bag: Path, in_chunks: bool) -> None:
    (bag / "data/sub").rename(bag.parent / "elsewhere")
    (bag / "data/sub").symlink_to(bag.parent / "elsewhere")
    assert code_of(FolderReader(str(bag)), Entry("data/sub/b.bin", 9, 0), in_chunks=in_chunks) == "link"


@both_ways
def test_a_link_in_the_place_of_a_file_is_not_followed(bag: Path, in_chunks: bool) -> None:
    (bag / "data/a.txt").rename(bag.parent / "a.txt")
    (bag / "data/a.txt").symlink_to(bag.parent / "a.txt")
    assert code_of(FolderReader(str(bag)), Entry("data/a.txt", 4, 0), in_chunks=in_chunks) == "link"


@both_ways
def test_a_pipe_in_the_place_of_a_file_does_not_hang(bag: Path, in_chunks: bool) -> None:
    (bag / "data/a.txt").unlink()
    os.mkfifo(bag / "data/a.txt")
    assert code_of(FolderReader(str(bag)), Entry("data/a.txt", 4, 0), in_chunks=in_chunks) == "special-file"


@both_ways
def test_a_file_that_vanished_is_reported(bag: Path, in_chunks: bool) -> None:
    (bag / "data/a.txt").unlink()
    assert code_of(FolderReader(str(bag)), Entry("data/a.txt", 4, 0), in_chunks=in_chunks) == "file-vanished"


@both_ways
@pytest.mark.parametrize("change", [b"", b"longer than before"])
def test_a_file_that_changes_its_size_while_it_is_read_is_reported(
    bag: Path, monkeypatch: pytest.MonkeyPatch, in_chunks: bool, change: bytes
) -> None:
    real = os.fstat
    looks = []

    def look_then_change(handle: int) -> os.stat_result:
        looks.append(real(handle))
        if len(looks) == 1:
            (bag / "data/a.txt").write_bytes(change)
        return looks[-1]

    monkeypatch.setattr(os, "fstat", look_then_change)
    assert code_of(FolderReader(str(bag)), Entry("data/a.txt", 4, 0), in_chunks=in_chunks) == "file-changed"


def test_a_file_that_is_rewritten_while_it_is_read_in_chunks_is_reported(bag: Path) -> None:
    reader = FolderReader(str(bag))
    chunks = reader.chunks(Entry("data/a.txt", 4, 0))
    next(chunks)
    (bag / "data/a.txt").write_bytes(b"two\n")
    os.utime(bag / "data/a.txt", ns=(1, 1))
    with pytest.raises(Broken, match="file-changed"):
        next(chunks)


def test_a_reader_opens_nothing_outside_however_the_path_is_spelled(bag: Path) -> None:
    (bag.parent / "secret").write_bytes(b"secret")
    with FilesBelow(str(bag)) as below:
        for path in ("data/l/secret", "l"):
            (bag / path.split("/secret")[0]).symlink_to("..")
            with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
                below.open(path)


@pytest.fixture
def without_handles(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where files cannot be opened relative to an open folder."""
    monkeypatch.setattr("archive.posix.HAS_FOLDER_HANDLES", False)


@pytest.mark.usefixtures("without_handles")
def test_a_sound_bag_is_sound_without_folder_handles(bag: Path) -> None:
    assert findings_of(bag) == []


@pytest.mark.usefixtures("without_handles")
def test_links_are_reported_without_folder_handles_too(bag: Path) -> None:
    (bag / "data/sub").rename(bag.parent / "elsewhere")
    (bag / "data/sub").symlink_to(bag.parent / "elsewhere")
    assert sorted(findings_of(bag)) == [
        "link data/sub",
        "oxum-differs bag-info.txt",
        "payload-missing data/sub/b.bin",
    ]
    for in_chunks in (True, False):
        assert code_of(FolderReader(str(bag)), Entry("data/sub/b.bin", 9, 0), in_chunks=in_chunks) == "link"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_what_this_machine_lacks_is_no_damage_of_the_bag(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = make_bag(tmp_path / "R2", {"data/a.txt": b"a"})

    def refuse(below: FilesBelow, path: str) -> int:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(FilesBelow, "open", refuse)
    with pytest.raises(BagUnreadable, match=os.strerror(number)):
        verify(bag, jobs=1)


def test_one_file_is_opened_without_listing_the_others(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderBag, "payload_entries", lambda _: pytest.fail("every file was listed"))
    name, data = next(iter(FILES.items()))
    (bag / "data" / "link").symlink_to(bag / name)
    (bag / "data" / "folder").symlink_to(bag / "data")
    with open_bag(bag) as opened:
        with opened.open(BagPath(name)) as stream:
            assert stream.read() == data
        with opened.open(BagPath("bagit.txt")) as stream:
            assert stream.read() == (bag / "bagit.txt").read_bytes()
        for absent in ("data/none", "data", "data/link", f"data/folder/{name[5:]}", "data/../bagit.txt"):
            with pytest.raises(BagUnreadable, match="holds no"):
                opened.open(BagPath(absent))


def test_files_here_and_there_are_opened_and_no_folder_stays_open(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "file").write_text(str(number))
    handles = Path("/proc/self/fd")
    before = len([*handles.iterdir()]) if handles.is_dir() else 0
    with FilesBelow(str(tmp_path)) as below:
        for number in (*range(40), *range(0, 40, 3), *range(39, -1, -1)):
            handle = below.open(f"{number}/file")
            assert os.read(handle, 10) == str(number).encode()
            os.close(handle)
    assert not before or len([*handles.iterdir()]) == before
