"""Packages in the forms that real programs write, and the finer ways in which they break."""

from __future__ import annotations

import io
import random
import re
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from archive.bag import package, tar_gz
from archive.bag.compressed_bytes import compress
from archive.bag.interface import Broken, Entry
from archive.bag.open import open_bag
from archive.bag.tagfiles import list_tag_files, read_tag_files
from archive.bag.tar import NAME_LIMIT, members
from archive.errors import BagUnreadable, BagUnsupported
from archive.verify.run import verify
from archive_manifests.paths import BagPath
from tests.archive.bag.test_hostile_packages import entry, tar_members, write_tar, write_zip
from tests.archive.verify.sample_bags import FILES, make_bag, observed


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "sound" / "R1")


class Pipe(io.RawIOBase):
    """A stream that cannot be sought in, as a program's standard output."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def files_of(bag: Path) -> list[tuple[str, bytes]]:
    return [(f"R1/{file.relative_to(bag)}", file.read_bytes()) for file in sorted(bag.rglob("*")) if file.is_file()]


def test_a_zip_that_was_streamed_has_its_sizes_behind_the_data(bag: Path, tmp_path: Path) -> None:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]
        for name, data in files_of(bag):
            packed.writestr(name, data)
    (tmp_path / "R1.zip").write_bytes(pipe.data)
    assert observed(verify(tmp_path / "R1.zip")) == []


def test_a_zip64_is_read(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    place = write_zip(tmp_path / "R1.zip", bag)
    assert b"PK\x06\x06" in place.read_bytes()
    assert observed(verify(place)) == []


@pytest.fixture
def zip64(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    return write_zip(tmp_path / "R1.zip", bag)


def test_a_zip64_whose_locator_points_to_another_directory_is_reported(zip64: Path) -> None:
    data = bytearray(zip64.read_bytes())
    at = data.index(b"PK\x06\x07")
    struct.pack_into("<Q", data, at + 8, struct.unpack_from("<Q", data, at + 8)[0] - 4)
    zip64.write_bytes(data)
    assert "package-damaged" in observed(verify(zip64))


def test_a_zip64_without_its_locator_is_reported(zip64: Path) -> None:
    sound = zip64.read_bytes()
    zip64.write_bytes(sound.replace(b"PK\x06\x07", b"PK\x06\x00"))
    assert observed(verify(zip64)) == ["package-trailing"]
    data = bytearray(sound.replace(b"PK\x06\x07", b"PK\x06\x00"))
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 16, 0xFFFFFFFF)
    zip64.write_bytes(data)
    assert "package-damaged" in observed(verify(zip64))


def test_a_zip64_whose_two_ends_say_two_things_is_reported(zip64: Path) -> None:
    data = bytearray(zip64.read_bytes())
    at = data.rindex(b"PK\x05\x06") + 16
    struct.pack_into("<L", data, at, struct.unpack_from("<L", data, at)[0] - 1)
    zip64.write_bytes(data)
    assert "package-header" in observed(verify(zip64))


def test_a_zip64_member_without_its_sizes_is_reported(zip64: Path) -> None:
    data = bytearray(zip64.read_bytes())
    at = data.index(b"PK\x01\x02")
    start = at + 46 + struct.unpack_from("<H", data, at + 28)[0]
    if struct.unpack_from("<H", data, start)[0] == 1:
        struct.pack_into("<H", data, start, 0x7777)
    for offset in (at + 20, at + 24):
        struct.pack_into("<L", data, offset, 0xFFFFFFFF)
    zip64.write_bytes(data)
    assert "package-damaged" in observed(verify(zip64))


def test_one_disk_of_several_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    data = bytearray(place.read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 1)
    place.write_bytes(data)
    assert "package-broken" in observed(verify(place))


def test_a_directory_that_breaks_off_or_holds_more_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    sound = place.read_bytes()
    end = sound.rindex(b"PK\x05\x06")
    for change in (-1, 1):
        data = bytearray(sound)
        for offset in (end + 8, end + 10):
            struct.pack_into("<H", data, offset, struct.unpack_from("<H", sound, offset)[0] + change)
        place.write_bytes(data)
        assert "package-damaged" in observed(verify(place))


def test_names_without_the_flag_are_utf_8_in_the_wild_and_code_page_437_by_the_book(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag, lambda packed: packed.writestr("R1/data/\u00fc.txt", b"x"))
    data = place.read_bytes()
    spelled = "R1/data/ü.txt".encode()
    flagged = data.replace(struct.pack("<H", 0x800), struct.pack("<H", 0))
    place.write_bytes(flagged)
    with open_bag(place) as opened:
        assert "data/ü.txt" in {found.path for found in opened.payload_entries()}
    place.write_bytes(flagged.replace(spelled, b"R1/data/\x81x.txt"))
    with open_bag(place) as opened:
        assert "data/üx.txt" in {found.path for found in opened.payload_entries()}


def test_an_extra_field_that_states_another_name_is_reported(bag: Path, tmp_path: Path) -> None:
    def add(packed: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo("R1/data/x")
        member.extra = struct.pack("<2HBL", 0x7075, 5 + len(b"R1/data/y"), 1, 0) + b"R1/data/y"
        packed.writestr(member, b"x")

    assert "package-header R1/data/x" in observed(verify(write_zip(tmp_path / "R1.zip", bag, add)))


@pytest.mark.parametrize("field", [14, 18, 22], ids=["checksum", "stored size", "size"])
def test_a_local_header_that_states_another_number_is_reported(bag: Path, tmp_path: Path, field: int) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    data = bytearray(place.read_bytes())
    start = data.index(b"R1/data/a.txt") - 30
    data[start + field] ^= 1
    place.write_bytes(data)
    assert "package-header R1/data/a.txt" in observed(verify(place))


def test_a_member_of_a_zip_encrypted_with_aes_is_called_encrypted(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    data = place.read_bytes()
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = data.index(signature) + at
        data = data[:start] + (99).to_bytes(2, "little") + data[start + 2 :]
    place.write_bytes(data)
    with pytest.raises(BagUnsupported, match=r"'R1/bag-info\.txt' is encrypted; unpack the zip"):
        verify(place)


@pytest.mark.parametrize(("method", "name"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "LZMA")])
def test_a_member_that_is_compressed_otherwise_cannot_be_read(
    bag: Path, tmp_path: Path, method: int, name: str
) -> None:
    def add(packed: zipfile.ZipFile) -> None:
        packed.writestr("R1/data/x", b"x", method)

    with pytest.raises(BagUnsupported, match=f"'R1/data/x' is compressed with {name}; unpack the zip"):
        verify(write_zip(tmp_path / "R1.zip", bag, add))


def test_too_many_members_are_reported(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MEMBER_LIMIT", 4)
    monkeypatch.setattr("archive.bag.zip.MEMBER_LIMIT", 4)
    for place in (write_tar(tmp_path / "R1.tar", tar_members(bag)), write_zip(tmp_path / "R1.zip", bag)):
        assert "package-limit" in observed(verify(place))


def test_too_many_bytes_are_reported(bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_gz, "TOTAL_LIMIT", 1000)
    assert "package-limit" in observed(verify(write_tar(tmp_path / "R1.tar.gz", tar_members(bag))))


def test_a_name_of_megabytes_is_reported(bag: Path, tmp_path: Path) -> None:
    huge = entry("R1/data/" + "x" * (NAME_LIMIT + 1), data=b"x")
    assert "package-limit" in observed(verify(write_tar(tmp_path / "R1.tar", [*tar_members(bag), huge])))


@pytest.mark.parametrize(
    "record",
    [b"9 path=a\n", b"99 path=a\n", b"x path=a\n", b"9 pathaa\n", b"12 path=a\0b\n", b"11 size=-1\n"],
)
def test_an_extended_header_that_does_not_add_up_is_reported(record: bytes) -> None:
    with pytest.raises(Broken):
        list(members(Bytes(tar_block("x", len(record), b"x") + record.ljust(512, b"\0") + tar_block("a", 0))))


def test_folders_with_content_and_folders_of_old_tars(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="folder with content"):
        list(members(Bytes(tar_block("a", 5, b"5") + bytes(512))))
    (found,) = members(Bytes(tar_block("a/", 0, b"\0") + bytes(1024)))
    assert found.kind == "folder"


def test_a_size_beyond_eight_gigabytes_is_read_and_a_type_nobody_knows_is_special() -> None:
    block = bytearray(tar_block("a", 0))
    block[124:136] = b"\x80" + (9 << 30).to_bytes(11, "big")
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:]))
    found = members(Bytes(bytes(block)))
    assert next(found).size == 9 << 30
    with pytest.raises(Broken, match="ends inside"):
        next(found)
    (other,) = members(Bytes(tar_block("a", 0, b"Z") + bytes(1024)))
    assert (other.kind, other.type) == ("other", "Z")


def test_one_empty_block_is_no_end() -> None:
    with pytest.raises(Broken, match="one empty block"):
        list(members(Bytes(bytes(512))))


def tar_block(name: str, size: int, kind: bytes = b"0") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name.encode()
    block[124:136] = b"%011o\0" % size
    block[156:157] = kind
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:]))
    return bytes(block)


class Bytes:
    """Bytes as the header reader wants them."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)
        self._size = len(data)

    def read(self, count: int) -> bytes:
        return self._stream.read(count)

    def skip(self, count: int) -> int:
        here = self._stream.tell()
        return self._stream.seek(min(here + count, self._size)) - here

    def tell(self) -> int:
        return self._stream.tell()


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "zip"])
def test_any_file_of_a_package_is_a_stream(bag: Path, tmp_path: Path, ending: str) -> None:
    place = tmp_path / f"R1.{ending}"
    write_zip(place, bag) if ending == "zip" else write_tar(place, tar_members(bag))
    with open_bag(place) as opened:
        for name, data in FILES.items():
            with opened.open(BagPath(name)) as stream:
                assert stream.read() == data
        with opened.open(BagPath("bagit.txt")) as stream:
            assert stream.read(5) == b"BagIt"
        with pytest.raises(BagUnreadable):
            opened.open(BagPath("data/nothing"))
        assert dict(read_all(opened)) == FILES


def read_all(opened: object) -> list[tuple[str, bytes]]:
    return [(found.path, b"".join(chunks)) for found, chunks in opened.stream()]  # type: ignore[attr-defined]


def test_a_stream_that_breaks_says_so(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    with open_bag(place) as opened:
        data = bytearray(place.read_bytes())
        data[data.index(b"R1/data/sub/b.bin") + 20] ^= 0xFF
        place.write_bytes(data)
        with opened.open(BagPath("data/sub/b.bin")) as stream, pytest.raises(BagUnreadable, match=r"data/sub/b\.bin"):
            stream.read()


def test_a_package_that_shrinks_while_it_is_read_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_tar(tmp_path / "R1.tar", tar_members(bag))
    with open_bag(place) as opened:
        last = max(opened.payload_entries(), key=lambda found: found.at)
        place.write_bytes(place.read_bytes()[: last.at])
        with pytest.raises(Broken, match="unreadable"):
            list(opened.reader().chunks(last))
        place.unlink()
        with pytest.raises(Broken, match="unreadable"):
            list(opened.reader().chunks(last))


def test_damage_inside_a_gzip_is_reported_where_it_is(tmp_path: Path) -> None:
    noise = random.Random(3).randbytes(300_000)
    bag = make_bag(tmp_path / "sound" / "R1", {"data/noise": noise})
    place = write_tar(tmp_path / "R1.tar.gz", tar_members(bag))
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 0xFF
    place.write_bytes(data)
    found = verify(place)
    assert not found.is_valid
    assert {"package-damaged", "payload-altered"} & {finding.code for finding in found.findings}


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "zip"])
def test_what_is_cut_off_and_what_is_damaged_inside_are_two_things(tmp_path: Path, ending: str) -> None:
    noise = random.Random(3).randbytes(300_000)
    bag = make_bag(tmp_path / "sound" / "R1", {"data/noise": noise})
    place = tmp_path / f"R1.{ending}"
    write_zip(place, bag) if ending == "zip" else write_tar(place, tar_members(bag))
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    codes = {finding.code for finding in verify(place).findings}
    assert "package-broken" in codes
    assert "package-damaged" not in codes

    at = len(whole) // 2
    place.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    found = {finding.code: finding for finding in verify(place).findings}
    assert "package-broken" not in found
    assert {"package-damaged", "payload-altered"} & set(found)
    if ending == "zip":
        assert str(found["package-damaged"].path) == "data/noise"
        assert re.match(r"the member at byte [0-9,]+: ", found["package-damaged"].note or "")


def test_a_large_tag_file_of_a_tar_gz_is_read_as_it_is(
    tmp_path: Path, bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tar_gz, "COMPRESSED_FROM", 1)
    place = write_tar(tmp_path / "R1.tar.gz", tar_members(bag))
    assert observed(verify(place)) == []
    monkeypatch.setattr(tar_gz, "compress", lambda chunks: compress([bytes(reversed(b"".join(chunks)))]))
    assert observed(verify(place)) != []


def test_a_small_file_is_read_at_once_and_a_large_one_is_not(bag: Path, tmp_path: Path) -> None:
    with open_bag(write_tar(tmp_path / "R1.tar", tar_members(bag))) as opened:
        reader = opened.reader()
        (small,) = [found for found in opened.payload_entries() if found.path == "data/a.txt"]
        assert (reader.small(small, 100), reader.small(small, 3)) == (b"one\n", None)
        assert opened.measured(small) == small
        assert isinstance(small, Entry)
        reader.close()


def test_packages_are_reported_by_their_bytes_and_not_by_their_names(bag: Path, tmp_path: Path) -> None:
    for made, called in (("a.tar", "R1"), ("a.tar.gz", "R1.bin"), ("a.zip", "R1.tar"), ("b.tar", "R1.tar.gz"), ("c.tar", "R1.zip")):
        place = tmp_path / made
        write_zip(place, bag) if made.endswith("zip") else write_tar(place, tar_members(bag))
        place = place.rename(tmp_path / called)
        assert [line for line in observed(verify(place)) if line != "(package-name)"] == []
        place.unlink()


def test_a_tar_in_pax_format_with_a_header_for_all_is_read(bag: Path, tmp_path: Path) -> None:
    place = tmp_path / "R1.tar"
    with tarfile.open(place, "w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "made for all"}) as packed:
        for member, data in tar_members(bag):
            packed.addfile(member, io.BytesIO(data))
    assert observed(verify(place)) == []


@pytest.mark.parametrize("ending", ["tar", "zip"])
def test_the_path_of_a_file_is_in_memory_once(bag: Path, tmp_path: Path, ending: str) -> None:
    package = tmp_path / f"R1.{ending}"
    if ending == "tar":
        write_tar(package, [entry(name, data=content) for name, content in files_of(bag)])
    else:
        write_zip(package, bag)
    with open_bag(package) as opened:
        tags = list_tag_files(opened)
        read_tag_files(tags, opened.reader())
        listed = {entry.path: entry.path for entry in opened.payload_entries()}
        assert sorted(listed) == sorted(FILES)
        assert all(listed[path] is path for path in tags.table.row_of)
