"""A second set of packages that are refused: they differ from the first in detail, byte by byte."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.handover.receive import ReceiveOrder, receive
from tests.archive.handover.packages import bag_files, changed, member, members, tar, zip_members, zipped

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
Change = Callable[[bytearray], object]


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def _tar(*extra: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> Callable[[Path], Path]:
    return lambda folder: tar(
        folder / ("R1.tar.gz" if "gz" in mode else "R1.tar"), [*members(bag_files()), *extra], mode=mode
    )


def _pax(name: str = "R1/data/x", **headers: str) -> Callable[[Path], Path]:
    info, content = member(name, b"out")
    info.pax_headers = {key.replace("__", "."): value for key, value in headers.items()}
    return _tar((info, content))


def _header(at: int, content: bytes) -> Callable[[Path], Path]:
    """The first member's header changed, with a checksum that fits."""

    def change(data: bytearray) -> None:
        data[at : at + len(content)] = content
        data[148:156] = b" " * 8
        data[148:156] = b"%06o\0 " % sum(data[:512])

    return lambda folder: changed(_tar()(folder), change)


def _longname(target: str, kind: bytes = b"L") -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        info, content = member("R1/data/x", b"out")
        raw = info.tobuf(tarfile.GNU_FORMAT)
        name = target.encode() + b"\0"
        long = tarfile.TarInfo("././@LongLink")
        long.size, long.type = len(name), kind
        block = long.tobuf(tarfile.GNU_FORMAT) + name.ljust(-(-len(name) // 512) * 512, b"\0")
        whole = _tar()(folder).read_bytes().rstrip(b"\0")
        whole = whole.ljust(-(-len(whole) // 512) * 512, b"\0")
        (folder / "R1.tar").write_bytes(whole + block + raw + content.ljust(512, b"\0") + bytes(1024))
        return folder / "R1.tar"

    return build


def _second(folder: Path) -> Path:
    place = _tar()(folder)
    other = tar(folder / "other", [member("../outside.txt", b"out")])
    place.write_bytes(place.read_bytes() + other.read_bytes())
    other.unlink()
    return place


def _gz_twice(folder: Path) -> Path:
    place = _tar()(folder)
    content = place.read_bytes()
    place.unlink()
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as second:
        info, out = member("R1/../../outside.txt", b"out")
        second.addfile(info, io.BytesIO(out))
    done = folder / "R1.tar.gz"
    done.write_bytes(gzip.compress(content) + gzip.compress(inner.getvalue()))
    return done


def _zip(change: Change | None = None) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        place = zipped(folder / "R1.zip", zip_members(bag_files()))
        return changed(place, change) if change else place

    return build


def _central(at: int, form: str, value: int, entry: int = 0) -> Callable[[Path], Path]:
    def change(data: bytearray) -> None:
        place = -1
        for _ in range(entry + 1):
            place = data.index(b"PK\x01\x02", place + 1)
        struct.pack_into(form, data, place + at, value)

    return _zip(change)


def _end(at: int, form: str, value: int) -> Callable[[Path], Path]:
    return _zip(lambda data: struct.pack_into(form, data, data.rindex(b"PK\x05\x06") + at, value))


def _overlap(data: bytearray) -> None:
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]


HOSTILE: dict[str, Callable[[Path], Path]] = {
    "an absolute path by pax": _pax(path="/tmp/outside.txt"),
    "a path upwards by pax, twice slashed": _pax(path="R1//..//..//outside.txt"),
    "a pax path with a NUL": _pax(path="R1/data/x\0/../../outside.txt"),
    "a pax link path on a file": _pax(linkpath="/etc/passwd", path="../outside.txt"),
    "a size by pax that is negative": _pax(size="-1"),
    "a size by pax beyond the file": _pax(size="99999999999999"),
    "a size by pax that is no number": _pax(size="0x10"),
    "a sparse file of GNU by pax 0.1": _pax(GNU__sparse__map="0,1", GNU__sparse__size="1099511627776"),
    "a long name upwards": _longname("R1/" + "d/" * 60 + "../" * 62 + "outside.txt"),
    "a long name absolute": _longname("/tmp/" + "d" * 120),
    "a long link name": _longname("/etc/" + "d" * 120, b"K"),
    "a negative size in base 256": _header(124, b"\xff" * 12),
    "a size that is no octal number": _header(124, b"9" * 11 + b"\0"),
    "an old sparse file of GNU": _header(156, b"S"),
    "a volume label": _header(156, b"V"),
    "a type that nobody knows": _header(156, b"Z"),
    "a second archive behind the first": _second,
    "a second gzip member with an archive in it": _gz_twice,
    "a name of Windows' devices upwards": _tar(member("R1/..\\outside.txt", b"out")),
    "a drive letter": _tar(member("C:/outside.txt", b"out")),
    "a network path": _tar(member("//host/share/outside.txt", b"out")),
    "a folder and a file of one name": _tar(member("R1/data/a.txt", type=tarfile.DIRTYPE)),
    "an empty name": _tar(member("", b"out")),
    "a dot for a name": _tar(member(".", b"out")),
    "the folder itself as a file": _tar(member("R1", b"out")),
    "zip members that overlap": _zip(_overlap),
    "a zip size that lies": _central(24, "<I", 1 << 30),
    "a zip compressed size that lies": _central(20, "<I", 1 << 30),
    "a zip size that asks for zip64 and has none": _central(24, "<I", 0xFFFFFFFF),
    "a zip offset that asks for zip64 and has none": _central(42, "<I", 0xFFFFFFFF),
    "a zip offset behind the end": _central(42, "<I", 1 << 30),
    "a zip CRC that lies": _central(16, "<I", 12345),
    "a zip method that nobody knows": _central(10, "<H", 99),
    "a zip on two disks": _end(4, "<H", 1),
    "a zip that counts fewer members": _end(10, "<H", 1),
    "a zip that counts more members": _end(10, "<H", 99),
    "a zip whose directory lies elsewhere": _end(16, "<I", 7),
    "a zip with a comment that is none": _end(20, "<H", 500),
    "a zip link by its flags": _central(38, "<I", 0o120777 << 16),
    "a zip device by its flags": _central(38, "<I", 0o020666 << 16),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_refused_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    line, world = tmp_path / "line", tmp_path / "world"
    line.mkdir()
    package = HOSTILE[case](line)
    (world / "store").mkdir(parents=True)
    before = package.read_bytes()
    try:
        received = receive(package, ReceiveOrder(world / "store"), NOW)
    except ArchiveError:
        pass
    else:
        assert received.bag is None, [finding.code for finding in received.findings]
        assert [finding for finding in received.findings if finding.severity == "error"]
    assert names(world) == ["store"]
    assert names(world / "store") == []
    assert (package.read_bytes(), names(line)) == (before, [package.name])
    assert not Path("/tmp/outside.txt").exists()


def test_a_package_in_a_package_stays_one(tmp_path: Path) -> None:
    inner = tar(tmp_path / "inner.tar", [member("../../outside.txt", b"out")]).read_bytes()
    package = tar(tmp_path / "R1.tar", members(bag_files({"data/inner.tar": inner})))
    received = receive(package, ReceiveOrder(tmp_path / "a" / "b"), NOW)
    assert received.findings == ()
    assert received.bag is not None
    assert (received.bag / "data" / "inner.tar").read_bytes() == inner
    assert list(tmp_path.rglob("outside.txt")) == []


def test_a_store_that_is_a_link_is_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "true").mkdir()
    (tmp_path / "store").symlink_to("true")
    received = receive(tar(tmp_path / "R1.tar", members(bag_files())), ReceiveOrder(tmp_path / "store"), NOW)
    assert received.findings == ()
    assert names(tmp_path / "true") == ["R1", "R1.seal"]
