"""Packages that were made to mislead: each oddity is a finding, nothing is unpacked, nothing hangs, nothing raises."""

from __future__ import annotations

import gzip
import io
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.open import open_bag
from archive.errors import BagUnreadable, BagUnsupported
from archive.verify.run import verify
from tests.archive.verify.sample_bags import make_bag, observed
from tests.archive.warc.warc_bytes import record

Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "sound" / "R1")


def tar_members(bag: Path) -> Members:
    found = []
    for place in sorted(place for place in bag.rglob("*") if place.is_file()):
        member = tarfile.TarInfo(f"R1/{place.relative_to(bag)}")
        member.size = place.stat().st_size
        found.append((member, place.read_bytes()))
    return found


def entry(name: str, kind: bytes = tarfile.REGTYPE, data: bytes = b"", link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(name)
    member.type, member.size, member.linkname = kind, len(data), link
    return member, data


def write_tar(place: Path, members: Members, form: int = tarfile.PAX_FORMAT) -> Path:
    mode = "w:gz" if place.name.endswith("gz") else "w"
    with tarfile.open(place, mode, format=form) as packed:  # type: ignore[call-overload]
        for member, data in members:
            packed.addfile(member, io.BytesIO(data))
    return place


@pytest.fixture(params=["tar", "tar.gz"])
def packed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"R1.{request.param}"


TAR_CASES: dict[str, tuple[Members, list[str]]] = {
    "a member above the package": ([entry("../evil", data=b"x")], ["package-path ../evil"]),
    "a member above the bag": ([entry("R1/../evil", data=b"x")], ["package-path R1/../evil"]),
    "an absolute member": ([entry("/etc/evil", data=b"x")], ["package-path /etc/evil"]),
    "a backslash": (
        [entry("R1/data\\evil", data=b"x")],
        ["(name-unsafe data\\evil)", "(tag-file-unlisted data\\evil)"],
    ),
    "a backslash upwards": ([entry("R1/data\\..\\x", data=b"x")], ["package-path R1/data\\..\\x"]),
    "a backslash from a root": ([entry("\\\\server\\x", data=b"x")], ["package-path \\\\server\\x"]),
    "a backslash on a drive": ([entry("C:\\x", data=b"x")], ["package-path C:\\x"]),
    "a symbolic link": ([entry("R1/data/l", tarfile.SYMTYPE, link="/etc/passwd")], ["package-link R1/data/l"]),
    "a hard link": ([entry("R1/data/l", tarfile.LNKTYPE, link="R1/data/a.txt")], ["package-link R1/data/l"]),
    "a pipe": ([entry("R1/data/p", tarfile.FIFOTYPE)], ["package-special R1/data/p"]),
    "a device": ([entry("R1/data/d", tarfile.CHRTYPE)], ["package-special R1/data/d"]),
    "a name twice": ([entry("R1/data/a.txt", data=b"other")], ["package-duplicate R1/data/a.txt"]),
    "a file that is a folder": (
        [entry("R1/data/a.txt/x", data=b"x")],
        ["package-duplicate R1/data/a.txt", "payload-unlisted data/a.txt/x", "oxum-differs bag-info.txt"],
    ),
    "two folders at the top": ([entry("other/x", data=b"x")], ["package-top"]),
    "a file beside the folder": ([entry("x", data=b"x")], ["package-top"]),
    "what a mac adds": ([entry("._R1", data=b"x")], ["(package-extras)"]),
    "what a mac does not add": ([entry("__MACOSX/secret.txt", data=b"x")], ["package-top"]),
}


@pytest.mark.parametrize("name", TAR_CASES)
def test_an_odd_member_is_reported_and_the_bag_is_verified_all_the_same(bag: Path, packed: Path, name: str) -> None:
    members, expected = TAR_CASES[name]
    assert sorted(observed(verify(write_tar(packed, tar_members(bag) + members)))) == sorted(expected)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_arabic_names_are_read_in_every_format(tmp_path: Path, packed: Path, form: int) -> None:
    files = {"data/" + "/".join(["long" * 10] * 3) + "/x.txt": b"x", "data/شاهد.txt": b"y"}
    bag = make_bag(tmp_path / "sound" / "R1", files)
    assert observed(verify(write_tar(packed, tar_members(bag), form))) == []


def test_a_folder_of_another_name_is_a_warning(bag: Path, tmp_path: Path) -> None:
    assert observed(verify(write_tar(tmp_path / "other.tar", tar_members(bag)))) == ["(package-name)"]


def test_names_that_start_with_a_dot_and_a_slash_are_as_tar_writes_them(bag: Path, packed: Path) -> None:
    members = tar_members(bag)
    for member, _ in members:
        member.name = f"./{member.name}"
    assert observed(verify(write_tar(packed, members))) == []


def test_a_bag_without_its_folder_is_verified_and_reported(bag: Path, packed: Path) -> None:
    members = tar_members(bag)
    for member, _ in members:
        member.name = member.name.removeprefix("R1/")
    assert observed(verify(write_tar(packed, members))) == ["(package-no-folder bagit.txt)"]


def test_a_tar_that_is_cut_off_is_reported(bag: Path, tmp_path: Path) -> None:
    whole = write_tar(tmp_path / "R1.tar", tar_members(bag)).read_bytes()
    used = whole.rstrip(b"\0")
    for length in range(0, len(used), 397):
        (tmp_path / "R1.tar").write_bytes(whole[:length])
        found = verify(tmp_path / "R1.tar")
        # Only a cut right before the tag manifests, or the last of two, leaves a whole bag.
        assert not found.is_valid or set(observed(found)) <= {"(package-unterminated)", "(tagmanifest-absent)"}
        assert {"package-broken", "package-unterminated", "(package-unterminated)"} & set(observed(found))


def test_what_lies_behind_the_end_of_a_cut_tar_is_no_fault_of_the_bag(tmp_path: Path) -> None:
    warc = record("warcinfo", 1, b"a: b")
    bag = make_bag(tmp_path / "R1", {"data/archive/a.warc": warc, "data/provenance/records.jsonl": b"x" * 5000})
    members = sorted(tar_members(bag), key=lambda member: not member[0].name.startswith("R1/data/"))
    place = write_tar(tmp_path / "R1.tar", members)
    place.write_bytes(place.read_bytes()[: place.read_bytes().index(b"x" * 5000) + 3000])
    found = verify(place, jobs=1)
    assert observed(found) == ["package-broken"]
    assert {name: str(found.answers[name].state) for name in ("structure", "fixity", "warc", "coverage")} == {
        "structure": "failed",
        "fixity": "not-checked",
        "warc": "not-checked",
        "coverage": "not-checked",
    }
    assert found.answers["warc"].why == "the package ends before its last file"


def test_a_file_that_the_manifests_before_the_cut_do_not_list_is_a_fault_all_the_same(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", {"data/b.txt": b"x" * 5000})
    (bag / "data/a.txt").write_bytes(b"unlisted")
    members = sorted(tar_members(bag), key=lambda member: member[0].name.startswith("R1/data/"))
    place = write_tar(tmp_path / "R1.tar", members)
    place.write_bytes(place.read_bytes()[: place.read_bytes().index(b"x" * 5000) + 3000])
    assert observed(verify(place, jobs=1)) == ["package-broken", "payload-unlisted data/a.txt", "unreadable data/b.txt"]


def test_a_gzip_that_is_cut_off_is_reported(bag: Path, tmp_path: Path) -> None:
    whole = write_tar(tmp_path / "R1.tar.gz", tar_members(bag)).read_bytes()
    for length in range(0, len(whole) - 1, 97):
        (tmp_path / "R1.tar.gz").write_bytes(whole[:length])
        assert "package-broken" in observed(verify(tmp_path / "R1.tar.gz")), length


def test_bytes_after_the_end_of_a_tar_are_reported(bag: Path, tmp_path: Path) -> None:
    place = write_tar(tmp_path / "R1.tar", tar_members(bag))
    place.write_bytes(place.read_bytes() + b"hidden")
    assert observed(verify(place)) == ["package-trailing"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [(b"L", b"x" * 200 + b"\0"), (b"K", b"x" * 200 + b"\0"), (b"x", b"14 path=abcde\n"), (b"g", b"14 path=abcde\n")],
)
@pytest.mark.parametrize("cut", [0, 1, 2], ids=["with its end", "without empty blocks", "without padding"])
def test_a_header_for_a_member_that_does_not_follow_is_reported(
    bag: Path, tmp_path: Path, kind: bytes, data: bytes, cut: int
) -> None:
    place = write_tar(tmp_path / "R1.tar", [*tar_members(bag), entry("././@LongLink", kind, data)], tarfile.GNU_FORMAT)
    whole = place.read_bytes()
    end = len(whole.rstrip(b"\0"))
    place.write_bytes([whole, whole[: end + -end % 512], whole[: end + 1]][cut])
    assert observed(verify(place)) == ["package-broken" if cut else "package-trailing"]


def test_a_second_gzip_member_behind_the_tar_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_tar(tmp_path / "R1.tar.gz", tar_members(bag))
    place.write_bytes(place.read_bytes() + gzip.compress(b"hidden"))
    assert observed(verify(place)) == ["package-trailing"]


def test_a_header_that_lies_about_its_size_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_tar(tmp_path / "R1.tar", tar_members(bag))
    data = bytearray(place.read_bytes())
    data[124:135] = b"77777777777"
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    place.write_bytes(data)
    assert "package-broken" in observed(verify(place))


def test_a_negative_size_ends_the_reading(bag: Path, tmp_path: Path) -> None:
    place = write_tar(tmp_path / "R1.tar", tar_members(bag))
    data = bytearray(place.read_bytes())
    data[124:136] = b"\xff" * 12
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    place.write_bytes(data)
    assert "package-damaged" in observed(verify(place))


def test_a_sparse_member_is_reported(bag: Path, packed: Path) -> None:
    member, data = entry("R1/data/sparse", data=b"x")
    member.pax_headers = {"GNU.sparse.major": "1"}
    assert observed(verify(write_tar(packed, [*tar_members(bag), (member, data)]))) == ["package-special R1/data/sparse"]


def test_a_bomb_in_a_tar_is_refused(bag: Path, tmp_path: Path) -> None:
    members = [*tar_members(bag), entry("R1/data/zeros", data=bytes(40 << 20))]
    found = verify(write_tar(tmp_path / "R1.tar.gz", members))
    assert "package-limit" in observed(found)
    assert not found.is_valid


def test_random_damage_to_packages_never_raises(bag: Path, tmp_path: Path) -> None:
    chosen = random.Random(1)
    for name in ("R1.tar", "R1.tar.gz", "R1.zip"):
        place = tmp_path / name
        write_zip(place, bag) if name.endswith("zip") else write_tar(place, tar_members(bag))
        sound = place.read_bytes()
        for _ in range(150):
            data = bytearray(sound)
            for _ in range(chosen.randint(1, 4)):
                data[chosen.randrange(len(data))] = chosen.randrange(256)
            place.write_bytes(data)
            try:
                verify(place, jobs=1)
            except BagUnreadable:
                assert data[:4] != sound[:4]


# Zip.


def write_zip(place: Path, bag: Path, change: Callable[[zipfile.ZipFile], None] | None = None) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(file for file in bag.rglob("*") if file.is_file()):
            packed.write(file, f"R1/{file.relative_to(bag)}")
        if change:
            change(packed)
    return place


def add(name: str, data: bytes = b"x", mode: int = 0) -> Callable[[zipfile.ZipFile], None]:
    def enter(packed: zipfile.ZipFile) -> None:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        packed.writestr(member, data)

    return enter


ZIP_CASES: dict[str, tuple[Callable[[zipfile.ZipFile], None], list[str]]] = {
    "above the package": (add("../evil"), ["package-path ../evil"]),
    "absolute": (add("/etc/evil"), ["package-path /etc/evil"]),
    "a link": (add("R1/data/l", b"/etc/passwd", 0o120777), ["package-link R1/data/l"]),
    "a device": (add("R1/data/d", b"", 0o020666), ["package-special R1/data/d"]),
    "a name twice": (add("R1/data/a.txt"), ["package-duplicate R1/data/a.txt"]),
    "two tops": (add("R2/x"), ["package-top"]),
    "what Finder adds": (add("__MACOSX/._R1"), ["(package-extras)"]),
    "what Finder does not add": (add("__MACOSX/R1"), ["package-top"]),
    "a folder": (add("R1/data/empty/", b""), []),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ZIP_CASES)
def test_an_odd_member_of_a_zip_is_reported(bag: Path, tmp_path: Path, name: str) -> None:
    change, expected = ZIP_CASES[name]
    assert observed(verify(write_zip(tmp_path / "R1.zip", bag, change))) == expected


def test_a_zip_that_says_two_names_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    data = place.read_bytes()
    at = data.index(b"R1/data/a.txt")
    place.write_bytes(data[:at] + b"R1/data/z.txt" + data[at + 13 :])
    assert observed(verify(place)) == [
        "package-header R1/data/a.txt",
        "oxum-differs bag-info.txt",
        "payload-missing data/a.txt",
    ]


def test_an_encrypted_member_cannot_be_read_and_nothing_is_called_damaged(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    data = bytearray(place.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[data.index(b"R1/data/a.txt") - 30 + 6] |= 1
    data[data.index(b"R1/data/a.txt", directory) - 46 + 8] |= 1
    place.write_bytes(data)
    with pytest.raises(BagUnsupported, match=r"'R1/data/a\.txt' is encrypted; unpack the zip, and give the folder"):
        verify(place)


def test_bytes_before_between_and_behind_members_are_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    sound = place.read_bytes()
    place.write_bytes(sound + b"hidden")
    assert "package-trailing" in observed(verify(place))
    end = sound.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", sound, end + 16)[0]
    moved = sound[: end + 16] + struct.pack("<L", start + 6) + sound[end + 20 :]
    place.write_bytes(moved[:start] + b"hidden" + moved[start:])
    assert observed(verify(place)) == ["package-trailing"]


def test_overlapping_members_are_reported(tmp_path: Path) -> None:
    """One kernel, many directory entries that point into it: the bomb of David Fifield, in small."""
    place = tmp_path / "R1.zip"
    with zipfile.ZipFile(place, "w") as packed:
        packed.writestr("R1/bagit.txt", b"one")
        packed.writestr("R1/two", b"two")
    data = bytearray(place.read_bytes())
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    assert first != second
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    place.write_bytes(data)
    codes = {finding.code for finding in verify(place).findings}
    assert {"package-overlap", "package-header"} <= codes


def test_a_bomb_in_a_zip_is_refused_before_it_is_inflated(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag, lambda packed: packed.writestr("R1/data/zeros", bytes(40 << 20)))
    assert "package-limit" in observed(verify(place))


def test_a_member_that_inflates_to_more_than_it_says_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag, lambda packed: packed.writestr("R1/data/zeros", bytes(5 << 20)))
    data = place.read_bytes()
    place.write_bytes(data.replace(struct.pack("<L", 5 << 20), struct.pack("<L", 10)))
    assert {"package-broken data/zeros", "payload-unlisted data/zeros"} & set(observed(verify(place)))


def test_a_wrong_checksum_is_reported(bag: Path, tmp_path: Path) -> None:
    place = write_zip(tmp_path / "R1.zip", bag)
    crc = struct.pack("<L", zlib.crc32((bag / "data/a.txt").read_bytes()))
    place.write_bytes(place.read_bytes().replace(crc, b"\0\0\0\0"))
    found = verify(place)
    assert observed(found) == ["package-damaged data/a.txt"]
    assert {name: str(found.answers[name].state) for name in ("structure", "fixity")} == {
        "structure": "failed",
        "fixity": "not-checked",
    }
    assert found.answers["fixity"].why == "files that are listed or packed, and could not be compared: 1"
    assert not found.is_valid


@pytest.mark.parametrize("others", [{}, {"data/b.warc": record("warcinfo", 1, b"a: b")}], ids=["alone", "of two"])
def test_a_warc_that_cannot_be_read_is_not_said_to_be_sound(others: dict[str, bytes], tmp_path: Path) -> None:
    warc = record("warcinfo", 2, b"c: d")
    place = write_zip(tmp_path / "R1.zip", make_bag(tmp_path / "R1", {"data/a.warc": warc, **others}))
    place.write_bytes(place.read_bytes().replace(struct.pack("<L", zlib.crc32(warc)), b"\0\0\0\0"))
    found = verify(place, jobs=1)
    assert observed(found) == ["package-damaged data/a.warc"]
    answer = found.answers["warc"]
    assert (answer.state, answer.why) == ("not-checked", "could not be checked: data/a.warc")


# What is nothing at all.


@pytest.mark.parametrize("name", ["R1.tar", "R1.tar.gz", "R1.zip"])
@pytest.mark.parametrize("data", [b"", b"no\0package", b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"], ids=repr)
def test_a_file_that_is_called_like_a_package_and_is_none_is_reported(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = verify(tmp_path / name)
    is_damaged = name == "R1.tar.gz" and data == b"no\0package"
    assert observed(found) == ["package-damaged" if is_damaged else "package-broken"]


def test_what_is_not_there_and_what_is_no_package_cannot_be_looked_at(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(b"hello")
    for name in ("nowhere", "note.txt", "note.txt/below"):
        with pytest.raises(BagUnreadable):
            open_bag(tmp_path / name)
