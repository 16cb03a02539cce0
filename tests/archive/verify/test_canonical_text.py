"""Bags of our own: compared with their exact text, so that every single flipped bit is found and names its file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.tags import OUR_PROFILE
from tests.archive.verify.sample_bags import findings_of, make_bag, put, retag

FILES = {"data/report/original.txt": "تقرير\n".encode(), "data/media/s01/video.mp4": bytes(range(256))}
INFO = [("Bagging-Date", "2026-11-22"), ("BagIt-Profile-Identifier", OUR_PROFILE)]
README = {"README-VERIFY.txt": b"sha256sum -c\n"}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1", FILES, info=INFO, tags=README)


def test_a_sound_bag_of_ours_has_no_findings(bag: Path) -> None:
    assert findings_of(bag) == []


CONTROL = [
    "bagit.txt",
    "bag-info.txt",
    "README-VERIFY.txt",
    "manifest-sha256.txt",
    "manifest-sha512.txt",
    "tagmanifest-sha256.txt",
    "tagmanifest-sha512.txt",
]


def assert_flip_is_found(bag: Path, name: str, sound: bytes, position: int, bit: int) -> None:
    data = bytearray(sound)
    data[position] ^= 1 << bit
    (bag / name).write_bytes(data)
    found = verify(bag, jobs=1)
    named = {str(finding.path) for finding in found.findings if finding.severity == "error"}
    assert name in named, (position, bit, found.findings)


@pytest.mark.torture
@pytest.mark.parametrize("name", CONTROL)
def test_every_flipped_bit_of_a_control_file_is_found_and_names_it(bag: Path, name: str) -> None:
    sound = (bag / name).read_bytes()
    for position in range(len(sound)):
        for bit in range(8):
            assert_flip_is_found(bag, name, sound, position, bit)


@pytest.mark.parametrize("name", CONTROL)
def test_flipped_bits_all_over_a_control_file_are_found_and_name_it(bag: Path, name: str) -> None:
    sound = (bag / name).read_bytes()
    for position in range(0, len(sound), max(1, len(sound) // 80)):
        assert_flip_is_found(bag, name, sound, position, position % 8)


def test_random_flipped_bits_of_the_payload_are_found_and_name_the_file(bag: Path) -> None:
    chosen = random.Random(8493)
    for _ in range(300):
        name = chosen.choice(sorted(FILES))
        data = bytearray(FILES[name])
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        put(bag, name, bytes(data))
        assert findings_of(bag) == [f"payload-altered {name}"]
        put(bag, name, FILES[name])


@pytest.mark.torture
def test_ten_thousand_flipped_bits_of_a_larger_payload_are_found(tmp_path: Path) -> None:
    chosen = random.Random(10_000)
    files = {f"data/media/s{number:02}/video.mp4": chosen.randbytes(5_000) for number in range(20)}
    bag = make_bag(tmp_path / "R1", files, info=INFO, tags=README)
    for _ in range(10_000):
        name = chosen.choice(sorted(files))
        data = bytearray(files[name])
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        put(bag, name, bytes(data))
        assert findings_of(bag) == [f"payload-altered {name}"]
        put(bag, name, files[name])


def every_file(bag: Path) -> list[Path]:
    return sorted(place for place in bag.rglob("*") if place.is_file())


def named_by_errors(bag: Path) -> set[str]:
    return {str(finding.path) for finding in verify(bag, jobs=1).findings if finding.severity == "error"}


def test_each_file_that_is_taken_away_cut_or_added_to_is_named(bag: Path) -> None:
    for place in every_file(bag):
        sound, name = place.read_bytes(), str(place.relative_to(bag))
        for change in (sound[:-1], sound + b"\0", b"", sound + sound):
            place.write_bytes(change)
            assert name in named_by_errors(bag), (name, change[:20])
        place.unlink()
        # Of a tag manifest that is gone, nothing but our own profile misses it.
        assert name in named_by_errors(bag) or (name.startswith("tagmanifest-") and named_by_errors(bag)), name
        place.write_bytes(sound)
    assert findings_of(bag) == []


def test_files_that_change_places_are_both_named(bag: Path) -> None:
    one, two = (bag / name for name in FILES)
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    assert findings_of(bag) == sorted(f"payload-altered {name}" for name in FILES)


def test_a_renamed_file_is_missing_under_one_name_and_extra_under_the_other(bag: Path) -> None:
    (bag / "data/media/s01/video.mp4").rename(bag / "data/media/s01/video2.mp4")
    assert findings_of(bag) == [
        "payload-missing data/media/s01/video.mp4",
        "payload-unlisted data/media/s01/video2.mp4",
    ]


def upper_case(bag: Path) -> None:
    """Digests in capitals."""
    place = bag / "manifest-sha256.txt"
    lines = [line.split(b"  ", 1) for line in place.read_bytes().splitlines()]
    place.write_bytes(b"".join(digest.upper() + b"  " + name + b"\n" for digest, name in lines))


def other_order(bag: Path) -> None:
    """Lines in another order."""
    place = bag / "manifest-sha256.txt"
    place.write_bytes(b"".join(reversed(place.read_bytes().splitlines(keepends=True))))


def windows_lines(bag: Path) -> None:
    """Lines that end in CRLF."""
    place = bag / "manifest-sha256.txt"
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))


def one_space(bag: Path) -> None:
    """One space between digest and path."""
    place = bag / "manifest-sha256.txt"
    place.write_bytes(place.read_bytes().replace(b"  data", b" data"))


@pytest.mark.parametrize("change", [upper_case, other_order, windows_lines, one_space])
def test_what_the_rfc_allows_and_we_never_write_is_reported(bag: Path, change: object) -> None:
    assert callable(change)
    change(bag)
    retag(bag)
    found = verify(bag, jobs=1)
    assert [(finding.code, str(finding.path)) for finding in found.findings] == [
        ("not-canonical", "manifest-sha256.txt")
    ]
    assert (found.is_complete, found.is_valid) == (True, True)


def test_another_spelling_of_the_declaration_is_not_ours(bag: Path) -> None:
    put(bag, "bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: utf-8\n")
    retag(bag)
    assert findings_of(bag) == ["not-canonical bagit.txt"]


def test_a_tag_manifest_in_another_spelling_is_reported_once(bag: Path) -> None:
    place = bag / "tagmanifest-sha256.txt"
    place.write_bytes(place.read_bytes().replace(b"  ", b" "))
    assert findings_of(bag) == ["not-canonical tagmanifest-sha256.txt"]


def test_a_folded_field_is_not_our_spelling(bag: Path) -> None:
    put(bag, "bag-info.txt", f"BagIt-Profile-Identifier: {OUR_PROFILE}\nTitle: a\n  b\n".encode())
    retag(bag)
    assert findings_of(bag) == ["not-canonical bag-info.txt"]


def test_a_tag_folder_is_not_ours(bag: Path) -> None:
    put(bag, "metadata/more.txt", b"x")
    assert sorted(findings_of(bag)) == [
        "(tag-file-unlisted metadata/more.txt)",
        "not-canonical metadata/more.txt",
        "not-canonical tagmanifest-sha256.txt",
        "not-canonical tagmanifest-sha512.txt",
    ]


def test_one_algorithm_alone_is_not_ours(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", FILES, info=INFO, algorithms=["sha256"], tags=README)
    assert findings_of(bag) == ["not-canonical", "not-canonical"]
