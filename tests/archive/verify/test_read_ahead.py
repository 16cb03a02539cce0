"""A compressed tar is decompressed once, and verifying it then gives what reading it file by file gives."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from archive.bag import tar_gz
from archive.verify.files.read_ahead import ReadAhead
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from tests.benchmarks.sample_files import Crawl, make_crawl, small_body

Tar = list[tuple[str, bytes]]
"""Names and contents of the members, in order."""


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Tar:
    """A bag with a WARC and other files; what states them comes first."""
    base = make_crawl(tmp_path_factory.mktemp("ahead") / "B", Crawl(20, 2, small_body))
    (base / "data/notes.bin").write_bytes(random.Random("ahead").randbytes(3 << 20))
    (base / "data/empty.txt").touch()
    bagit.Bag(str(base)).save(manifests=True)
    files = [path for path in base.rglob("*") if path.is_file()]
    ordered = sorted(files, key=lambda path: (path.parent != base, path))
    return [(f"B/{path.relative_to(base).as_posix()}", path.read_bytes()) for path in ordered]


def packed(members: Tar, place: Path) -> bytes:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    place.write_bytes(gzip.compress(tar.getvalue(), 1))
    return tar.getvalue()


def payload_first(members: Tar) -> Tar:
    return sorted(members, key=lambda member: not member[0].startswith("B/data/"))


def altered(members: Tar) -> Tar:
    return [(name, content[:-1] + b"?" if name.endswith("notes.bin") else content) for name, content in members]


def unlisted(members: Tar) -> Tar:
    return [*members, ("B/data/more.txt", b"more")]


def md5_alone(members: Tar) -> Tar:
    from hashlib import md5

    others = [(name, content) for name, content in members if "manifest-" not in name]
    payload = [(name[2:], content) for name, content in others if name.startswith("B/data/")]
    lines = "".join(f"{md5(content).hexdigest()}  {name}\n" for name, content in payload)
    return [("B/manifest-md5.txt", lines.encode()), *others]


def deeper(members: Tar) -> Tar:
    return [
        ("B/bagit.txt" if name == "B/bagit.txt" else name.replace("B/data/", "B/data/data/"), content)
        for name, content in members
    ]


CHANGES: list[Callable[[Tar], Tar]] = [list, payload_first, altered, unlisted, md5_alone, deeper]


def both(place: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Verification, Verification]:
    """What verifying gives, and what it gives where each file is read when its turn comes."""
    found = verify(place, jobs=1)
    with monkeypatch.context() as patched:
        patched.setattr(ReadAhead, "has_all", lambda *_: False)
        return found, verify(place, jobs=1)


@pytest.mark.parametrize("change", CHANGES)
def test_it_gives_the_same_findings(
    members: Tar, change: Callable[[Tar], Tar], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(change(members), tmp_path / "B.tar.gz")
    found, file_by_file = both(tmp_path / "B.tar.gz", monkeypatch)
    assert found == file_by_file
    assert (change in (list, payload_first, md5_alone)) is (found.is_valid)


def test_a_package_cut_anywhere_gives_the_same_findings(
    members: Tar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "B.tar.gz"
    whole = len(packed(members, place))
    tar, data = gzip.decompress(place.read_bytes()), place.read_bytes()
    for at in random.Random("cut").sample(range(whole), 6):
        for content in (gzip.compress(tar[:at], 1), data[: len(data) * at // whole]):
            place.write_bytes(content)
            found, file_by_file = both(place, monkeypatch)
            assert found == file_by_file
            assert not found.is_valid


@pytest.mark.parametrize("change", [list, payload_first])
def test_it_is_decompressed_once(
    members: Tar, change: Callable[[Tar], Tar], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tar = packed(change(members), tmp_path / "B.tar.gz")
    given: list[int] = []
    inflated = tar_gz._Inflating._inflated

    def counted(self: tar_gz._Inflating, count: int) -> bytes:
        data = inflated(self, count)
        given.append(len(data))
        return data

    monkeypatch.setattr(tar_gz._Inflating, "_inflated", counted)
    assert verify(tmp_path / "B.tar.gz", jobs=1).is_valid
    assert sum(given) == len(tar)


def test_a_large_file_of_the_payload_is_not_cached(
    members: Tar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(members, tmp_path / "B.tar.gz")
    monkeypatch.setattr(tar_gz, "PAYLOAD_LIMIT", 1000)
    bag = tar_gz.TarGzBag(tmp_path / "B.tar.gz")
    sizes = {entry.path: entry.size for entry in bag.payload_entries() if bag.is_at_hand(entry)}
    assert "data/notes.bin" not in sizes
    assert sum(sizes.values()) <= 1000
    assert dict(members)["B/data/notes.bin"] == next(
        b"".join(chunks) for entry, chunks in bag.stream() if entry.path == "data/notes.bin"
    )
