"""Bags that are nearly right: each breaks one rule, and the whole list of findings is what is asserted.

The names carry the numbers under which these cases were collected, and by which bagit.py 1.9.0 was measured on them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive_manifests.tags import DECLARATION
from tests.archive.verify.sample_bags import FILES, add_lines, findings_of, make_bag, observed, put, retag, rewrite

Break = Callable[[Path], None]
CASES: dict[str, tuple[Break, list[str]]] = {}
ARABIC = "data/ج.txt"
OLD = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"


def case(*expected: str) -> Callable[[Break], Break]:
    """A case: what is done to a sound bag, and every finding that follows."""

    def enter(breaks: Break) -> Break:
        CASES[breaks.__name__] = (breaks, list(expected))
        return breaks

    return enter


def drop_line(bag: Path, manifest: str, ending: bytes) -> None:
    place = bag / manifest
    lines = place.read_bytes().splitlines(keepends=True)
    retained = [line for line in lines if not line.rstrip(b"\n").endswith(ending)]
    assert len(retained) == len(lines) - 1
    place.write_bytes(b"".join(retained))
    retag(bag)


def declare(bag: Path, text: str) -> None:
    put(bag, "bagit.txt", text.encode())
    retag(bag)


def reinfo(bag: Path, text: str | bytes) -> None:
    put(bag, "bag-info.txt", text.encode() if isinstance(text, str) else text)
    retag(bag)


def add_file(bag: Path, name: str, data: bytes, spelled: str | None = None) -> None:
    """One more payload file, listed as `spelled`; Payload-Oxum is taken away."""
    reinfo(bag, "Bagging-Date: 2026-11-22\n")
    put(bag, name, data)
    add_lines(bag, name, f"{{digest}}  {spelled or name}\n")


# Payload manifests.


@case("manifest-incomplete data/a.txt")
def v01_sha512_does_not_list_a_file(bag: Path) -> None:
    drop_line(bag, "manifest-sha512.txt", b"data/a.txt")


@case("manifest-incomplete data/a.txt", "manifest-incomplete data/sub/b.bin")
def v02_each_manifest_lists_another_file(bag: Path) -> None:
    drop_line(bag, "manifest-sha512.txt", b"data/a.txt")
    drop_line(bag, "manifest-sha256.txt", b"data/sub/b.bin")


@case()
def v03_percent_is_spelled_percent_25(bag: Path) -> None:
    add_file(bag, "data/100%.txt", b"x", "data/100%25.txt")


@case("(name-control data/l\nf)", "(name-unsafe data/l\nf)")
def v04_escapes_are_read_in_lower_case(bag: Path) -> None:
    add_file(bag, "data/l\nf", b"x", "data/l%0af")


@case("(name-control data/a\nb\nc\nd)", "(name-unsafe data/a\nb\nc\nd)")
def v05_three_escapes_in_one_name(bag: Path) -> None:
    add_file(bag, "data/a\nb\nc\nd", b"x", "data/a%0Ab%0Ac%0Ad")


@case("(name-percent data/100%25.txt)")
def v03c_percent_is_not_decoded_in_the_name_of_the_file(bag: Path) -> None:
    add_file(bag, "data/100%25.txt", b"x", "data/100%25.txt")


@case("(manifest-percent manifest-sha256.txt)", "(manifest-percent manifest-sha512.txt)")
def v03b_a_bare_percent(bag: Path) -> None:
    add_file(bag, "data/100%.txt", b"x")


@case("path-unsafe manifest-sha256.txt", "path-unsafe manifest-sha512.txt")
def v06_a_path_into_the_folder_beside_the_bag(bag: Path) -> None:
    put(bag.parent / f"{bag.name}-secret", "x", b"secret")
    add_lines(bag, "data/a.txt", f"{{digest}}  ../{bag.name}-secret/x\n")


@case("manifest-outside manifest-sha256.txt", "manifest-outside manifest-sha512.txt")
def v07_a_payload_manifest_lists_a_tag_file(bag: Path) -> None:
    add_lines(bag, "bag-info.txt", "{digest}  bag-info.txt\n")


@case("manifest-line manifest-sha256.txt", "manifest-line manifest-sha512.txt")
def v11_a_line_of_one_word(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}\n")


@case("manifest-line manifest-sha256.txt", "manifest-line manifest-sha512.txt")
def v12_a_comment(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "# made by hand\n")


@case("(name-unsafe data/*x)")
def v13_a_file_whose_name_starts_with_a_star(bag: Path) -> None:
    add_file(bag, "data/*x", b"x")


@case("payload-missing data/sub")
def v14_a_manifest_lists_a_folder(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  data/sub\n")


@case("tag-file-bom manifest-sha256.txt")
def v21_a_mark_before_a_manifest(bag: Path) -> None:
    place = bag / "manifest-sha256.txt"
    place.write_bytes(b"\xef\xbb\xbf" + place.read_bytes())
    retag(bag)


@case("manifest-incomplete data/a.txt", "manifest-line manifest-sha256.txt")
def v50_a_digest_that_is_cut_short(bag: Path) -> None:
    digest = hashlib.sha256(FILES["data/a.txt"]).hexdigest().encode()
    rewrite(bag, "manifest-sha256.txt", digest, digest[:-2])


@case()
def v51_upper_case_digests(bag: Path) -> None:
    place = bag / "manifest-sha256.txt"
    lines = [line.split(b"  ", 1) for line in place.read_bytes().splitlines()]
    place.write_bytes(b"".join(digest.upper() + b"  " + name + b"\n" for digest, name in lines))
    retag(bag)


@case()
def v52_lines_that_end_in_cr(bag: Path) -> None:
    for place in bag.glob("*manifest-*.txt"):
        place.write_bytes(place.read_bytes().replace(b"\n", b"\r"))
    retag(bag)


@case()
def v53_lines_that_end_in_crlf(bag: Path) -> None:
    for place in (*bag.glob("manifest-*.txt"), bag / "bag-info.txt", bag / "bagit.txt"):
        place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    retag(bag)


@case("manifest-outside manifest-sha256.txt", "manifest-outside manifest-sha512.txt")
def v54_a_backslash_is_no_separator(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  data\\a.txt\n")


@case(
    "manifest-duplicate manifest-sha256.txt",
    "(manifest-marker manifest-sha256.txt)",
    "manifest-duplicate manifest-sha512.txt",
    "(manifest-marker manifest-sha512.txt)",
)
def v55_twice_by_way_of_a_dot(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  ./data/a.txt\n")


@case("path-unsafe manifest-sha256.txt", "path-unsafe manifest-sha512.txt")
def v56_twice_by_way_of_two_dots(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  data/sub/../a.txt\n")


@case("(manifest-marker manifest-sha256.txt)", "(manifest-marker manifest-sha512.txt)")
def v55b_the_star_of_md5sum(bag: Path) -> None:
    add_file(bag, "data/c.txt", b"c", "*data/c.txt")


@case()
def v57_a_file_called_like_a_home_folder(bag: Path) -> None:
    add_file(bag, "data/~root", b"x")


@case("manifest-incomplete data/a.txt", "manifest-line manifest-sha256.txt", "tag-file-encoding manifest-sha256.txt")
def v58_bytes_that_are_no_text(bag: Path) -> None:
    digest = hashlib.sha256(FILES["data/a.txt"]).hexdigest().encode()
    rewrite(bag, "manifest-sha256.txt", digest, b"\xff" + digest[1:])


@case("(tag-file-end manifest-sha256.txt)")
def a_last_line_without_its_end(bag: Path) -> None:
    place = bag / "manifest-sha256.txt"
    place.write_bytes(place.read_bytes()[:-1])
    retag(bag)


@case("(manifest-blank-line manifest-sha256.txt)")
def a_blank_line(bag: Path) -> None:
    place = bag / "manifest-sha256.txt"
    place.write_bytes(place.read_bytes() + b"\n")
    retag(bag)


@case("path-unsafe manifest-sha256.txt", "path-unsafe manifest-sha512.txt")
def an_absolute_path(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  /etc/passwd\n")


@case("path-unsafe manifest-sha256.txt", "path-unsafe manifest-sha512.txt")
def a_home_folder(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  ~/.bashrc\n")


@case("path-unsafe manifest-sha256.txt", "path-unsafe manifest-sha512.txt")
def a_windows_namespace(bag: Path) -> None:
    add_lines(bag, "data/a.txt", "{digest}  \\\\?\\C:\\x\n")


# Which algorithms.


def only(bag: Path, name: str, text: str) -> None:
    for place in bag.glob("*manifest-*.txt"):
        place.unlink()
    put(bag, name, text.encode())


@case(
    "manifest-missing",
    "(tagmanifest-absent)",
    *(f"payload-unlisted {name}" for name in sorted(FILES)),
    "(algorithm-unknown manifest-blake3.txt)",
)
def v45_only_an_unknown_algorithm(bag: Path) -> None:
    only(bag, "manifest-blake3.txt", f"{'0' * 64}  data/a.txt\n")


@case("(algorithm-unknown manifest-blake3.txt)")
def v46_garbage_in_an_unknown_algorithm(bag: Path) -> None:
    put(bag, "manifest-blake3.txt", b"rubbish\n")
    retag(bag)


@case("(algorithm-unknown manifest-shake128.txt)", "(manifest-name manifest-shake_128.txt)")
def v47_an_algorithm_whose_digests_have_no_length(bag: Path) -> None:
    put(bag, "manifest-shake_128.txt", b"rubbish\n")
    put(bag, "manifest-shake128.txt", b"rubbish\n")
    retag(bag)


@case(
    "manifest-missing",
    "(tagmanifest-absent)",
    "(manifest-name MANIFEST-SHA256.txt)",
    *(f"payload-unlisted {name}" for name in sorted(FILES)),
)
def v48_a_manifest_in_capitals(bag: Path) -> None:
    only(bag, "MANIFEST-SHA256.txt", "")


# Tag manifests.


def relist(bag: Path, change: Callable[[str], str]) -> None:
    place = bag / "tagmanifest-sha256.txt"
    place.write_text(change(place.read_text()))


@case("tagmanifest-lists tagmanifest-sha256.txt")
def v08_a_tag_manifest_lists_payload(bag: Path) -> None:
    digest = hashlib.sha256(FILES["data/a.txt"]).hexdigest()
    relist(bag, lambda text: f"{text}{digest}  data/a.txt\n")


@case("tagmanifest-omits tagmanifest-sha256.txt")
def v09_a_tag_manifest_omits_a_manifest(bag: Path) -> None:
    relist(bag, lambda text: "".join(line for line in text.splitlines(True) if "manifest-sha512" not in line))


@case("tagmanifest-lists tagmanifest-sha256.txt")
def v10_a_tag_manifest_lists_another(bag: Path) -> None:
    digest = hashlib.sha256((bag / "tagmanifest-sha512.txt").read_bytes()).hexdigest()
    relist(bag, lambda text: f"{text}{digest}  tagmanifest-sha512.txt\n")


@case("path-unsafe tagmanifest-sha256.txt")
def a_tag_manifest_that_leads_out_of_the_bag(bag: Path) -> None:
    put(bag.parent, "secret", b"secret")
    digest = hashlib.sha256(b"secret").hexdigest()
    relist(bag, lambda text: f"{text}{digest}  ../secret\n")


@case("tagmanifest-lists tagmanifest-sha512.txt")
def w1_the_second_tag_manifest_lists_payload(bag: Path) -> None:
    digest = hashlib.sha512(FILES["data/a.txt"]).hexdigest()
    place = bag / "tagmanifest-sha512.txt"
    place.write_text(f"{place.read_text()}{digest}  data/a.txt\n")


@case("(tag-file-unlisted notes.txt)")
def v63_a_tag_file_that_is_not_listed(bag: Path) -> None:
    put(bag, "notes.txt", b"x")


@case("(tagmanifest-differ tagmanifest-sha256.txt)")
def v63b_tag_manifests_that_list_different_files(bag: Path) -> None:
    relist(bag, lambda text: "".join(line for line in text.splitlines(True) if "bagit.txt" not in line))


@case("tag-file-missing gone.txt")
def a_listed_tag_file_that_is_not_there(bag: Path) -> None:
    put(bag, "gone.txt", b"x")
    retag(bag)
    (bag / "gone.txt").unlink()


@case("tag-file-altered bag-info.txt")
def an_altered_tag_file(bag: Path) -> None:
    place = bag / "bag-info.txt"
    place.write_bytes(place.read_bytes().replace(b"2026-11-22", b"2026-11-23"))


@case("(tagmanifest-absent)")
def v29_no_tag_manifest(bag: Path) -> None:
    for place in bag.glob("tagmanifest-*.txt"):
        place.unlink()


@case("manifest-altered tagmanifest-sha256.txt")
def one_tag_manifest_alone_disagrees(bag: Path) -> None:
    digest = hashlib.sha256((bag / "bagit.txt").read_bytes()).hexdigest()
    relist(bag, lambda text: text.replace(digest, digest[::-1]))


# bagit.txt


@case("declaration-missing bagit.txt")
def no_declaration(bag: Path) -> None:
    (bag / "bagit.txt").unlink()
    retag(bag)


@case("declaration-lines bagit.txt")
def v18_three_lines(bag: Path) -> None:
    declare(bag, DECLARATION + "More: here\n")


@case("declaration-line bagit.txt", "declaration-line bagit.txt")
def v19_reversed(bag: Path) -> None:
    declare(bag, "".join(reversed(DECLARATION.splitlines(True))))


@case("version-unknown bagit.txt")
def v20_a_version_nobody_knows(bag: Path) -> None:
    declare(bag, DECLARATION.replace("1.0", "1.7"))


@case("declaration-line bagit.txt")
def w3_a_label_in_another_case(bag: Path) -> None:
    declare(bag, DECLARATION.replace("Version", "version"))


@case("declaration-line bagit.txt")
def white_space_before_the_colon(bag: Path) -> None:
    declare(bag, DECLARATION.replace("Version:", "Version :"))


@case("encoding-unknown bagit.txt")
def w7_utf_7(bag: Path) -> None:
    declare(bag, DECLARATION.replace("UTF-8", "UTF-7"))


@case("encoding-unknown bagit.txt")
def w8_rot13(bag: Path) -> None:
    declare(bag, DECLARATION.replace("UTF-8", "rot13"))


@case("declaration-line bagit.txt", "declaration-line bagit.txt", "declaration-lines bagit.txt")
def w14_an_empty_declaration(bag: Path) -> None:
    declare(bag, "")


@case("tag-file-bom bagit.txt")
def a_mark_before_the_declaration(bag: Path) -> None:
    declare(bag, "\ufeff" + DECLARATION)


@case(*(f"payload-missing {name}" for name in FILES), "oxum-differs bag-info.txt", "payload-folder-missing data")
def w15_no_payload_folder(bag: Path) -> None:
    shutil.rmtree(bag / "data")


# bag-info.txt


@case("oxum-repeats bag-info.txt")
def v15_oxum_twice(bag: Path) -> None:
    place = bag / "bag-info.txt"
    reinfo(bag, place.read_text() + place.read_text().splitlines()[1] + "\n")


@case("oxum-form bag-info.txt")
def v16_oxum_without_a_count(bag: Path) -> None:
    reinfo(bag, "Payload-Oxum: 6\n")


@case("oxum-differs bag-info.txt")
def v17_a_wrong_oxum_in_lower_case(bag: Path) -> None:
    reinfo(bag, "payload-oxum: 7.7\n")


@case("payload-altered data/a.txt")
def w10_the_oxum_is_right_and_the_bytes_are_not(bag: Path) -> None:
    put(bag, "data/a.txt", b"two\n")


@case("tag-file-bom bag-info.txt")
def v22_a_mark_before_bag_info(bag: Path) -> None:
    reinfo(bag, b"\xef\xbb\xbf" + (bag / "bag-info.txt").read_bytes())


@case("bag-info-line bag-info.txt")
def v59_a_label_with_a_space_behind_it(bag: Path) -> None:
    reinfo(bag, "Contact-Name : A\n")


@case("bag-info-line bag-info.txt")
def v60_no_space_after_the_colon(bag: Path) -> None:
    reinfo(bag, "Contact-Name:A\n")


@case("bag-info-line bag-info.txt")
def v61_no_colon(bag: Path) -> None:
    reinfo(bag, "Contact-Name A\n")


@case("bag-info-line bag-info.txt")
def v62_the_first_line_is_a_continuation(bag: Path) -> None:
    reinfo(bag, "  more\nContact-Name: A\n")


@case("(bag-info-repeats bag-info.txt)")
def w9_two_dates(bag: Path) -> None:
    reinfo(bag, "Bagging-Date: 2026-11-22\nbagging-date: 2026-11-23\n")


@case("(bag-info-group bag-info.txt)")
def a_count_without_a_group(bag: Path) -> None:
    reinfo(bag, "Bag-Count: 1 of 2\n")


@case("tag-line-limit bag-info.txt")
def a_line_of_fifty_megabytes(bag: Path) -> None:
    reinfo(bag, b"Contact-Name: " + b"x" * (15 << 20))


# Names.


def renamed(bag: Path, listed: str, found: str) -> None:
    add_file(bag, listed, b"n")
    (bag / listed).rename(bag / found)


NFC = unicodedata.normalize("NFC", "data/Núñez")
NFD = unicodedata.normalize("NFD", "data/Núñez")


@case(f"(name-normalised {NFC})")
def v23_listed_decomposed_and_composed_on_disk(bag: Path) -> None:
    renamed(bag, NFD, NFC)


@case(f"(name-normalised {NFD})")
def v24_listed_composed_and_decomposed_on_disk(bag: Path) -> None:
    renamed(bag, NFC, NFD)


@case(f"name-twins-differ {NFC}")
def v25_both_spellings_with_different_bytes(bag: Path) -> None:
    add_file(bag, NFC, b"one")
    add_file(bag, NFD, b"two")


@case(f"(name-twins {NFC})")
def both_spellings_with_the_same_bytes(bag: Path) -> None:
    add_file(bag, NFC, b"one")
    add_file(bag, NFD, b"one")


@case(f"payload-unlisted {NFD}", f"name-twins-differ {NFC}")
def v26_one_more_spelling_that_is_not_listed(bag: Path) -> None:
    add_file(bag, NFC, b"one")
    put(bag, NFD, b"one")


@case(f"(name-normalised {NFC})")
def listed_in_both_spellings_and_there_in_one(bag: Path) -> None:
    add_file(bag, NFC, b"one")
    add_lines(bag, NFC, f"{{digest}}  {NFD}\n")


@case("payload-altered data/Núñez", "(name-normalised data/Núñez)")
def a_renamed_file_is_read_all_the_same(bag: Path) -> None:
    renamed(bag, NFD, NFC)
    put(bag, NFC, b"other")


@case("(name-control data/a\u2028b)")
def v27_a_line_separator(bag: Path) -> None:
    add_file(bag, "data/a\u2028b", b"x")


@case("(name-control data/a\x85b)")
def v28_a_next_line(bag: Path) -> None:
    add_file(bag, "data/a\x85b", b"x")


@case()
def v29b_a_no_break_space_at_the_end(bag: Path) -> None:
    add_file(bag, "data/a\u00a0", b"x")


@case("(name-unsafe data/a )")
def v30_a_space_at_the_end(bag: Path) -> None:
    add_file(bag, "data/a ", b"x")


@case("(name-case-twins data/a.txt)")
def v64_twins_by_case(bag: Path) -> None:
    add_file(bag, "data/A.txt", b"x")


@case("(name-unsafe data/CON.txt)")
def v65_a_device_of_windows(bag: Path) -> None:
    add_file(bag, "data/CON.txt", b"x")


@case("(name-unsafe data/a:b)")
def v65b_a_stream_of_windows(bag: Path) -> None:
    add_file(bag, "data/a:b", b"x")


@case("(name-unsafe data/x.)")
def v65c_a_dot_at_the_end(bag: Path) -> None:
    add_file(bag, "data/x.", b"x")


@case("payload-missing data/" + "x" * 300)
def w16_a_name_that_no_file_system_holds(bag: Path) -> None:
    add_lines(bag, "data/a.txt", f"{{digest}}  data/{'x' * 300}\n")


@case("payload-unlisted data/bad\udcffname", "name-unencodable data/bad\udcffname")
def p07_a_name_that_is_no_text(bag: Path) -> None:
    reinfo(bag, "Bagging-Date: 2026-11-22\n")
    (bag / os.fsdecode(b"data/bad\xffname")).write_bytes(b"x")


# fetch.txt


def fetch(bag: Path, text: str) -> None:
    put(bag, "fetch.txt", text.encode())
    retag(bag)


@case("fetch-unlisted fetch.txt", "fetch-unlisted fetch.txt")
def v31_what_no_manifest_lists(bag: Path) -> None:
    fetch(bag, "https://example.org/x 1 data/x\n")


@case("fetch-outside fetch.txt")
def v32_a_tag_file(bag: Path) -> None:
    fetch(bag, "https://example.org/x 1 bag-info.txt\n")


@case("fetch-url fetch.txt")
def v33_a_file_of_the_reader(bag: Path) -> None:
    fetch(bag, "file:///etc/passwd 4 data/a.txt\n")


@case("fetch-line fetch.txt")
def v34_a_blank_line(bag: Path) -> None:
    fetch(bag, "\n")


@case("fetch-line fetch.txt")
def v35_two_words(bag: Path) -> None:
    fetch(bag, "https://example.org/x data/a.txt\n")


@case("fetch-length fetch.txt")
def v36_a_length_that_is_none(bag: Path) -> None:
    fetch(bag, "https://example.org/x abc data/a.txt\n")


@case("fetch-length fetch.txt", "fetch-outside fetch.txt")
def w6_a_space_in_the_url(bag: Path) -> None:
    fetch(bag, "https://example.org/a b 1 data/a.txt\n")


@case()
def w4_percent_in_a_fetched_path(bag: Path) -> None:
    add_file(bag, "data/100%.txt", b"x", "data/100%25.txt")
    fetch(bag, "https://example.org/x 1 data/100%25.txt\n")


@case("path-unsafe fetch.txt")
def w5_an_absolute_path_to_fetch(bag: Path) -> None:
    fetch(bag, "https://example.org/x 1 /etc/passwd\n")


@case("fetch-hole data/a.txt")
def v37_a_hole(bag: Path) -> None:
    fetch(bag, "https://example.org/x - data/a.txt\n")
    (bag / "data/a.txt").unlink()


# What is no file.


@case("link data/link")
def v38_an_unlisted_link_out_of_the_bag(bag: Path) -> None:
    put(bag.parent, "secret", b"secret")
    (bag / "data/link").symlink_to(bag.parent / "secret")


@case("link data/a.txt", "payload-missing data/a.txt", "oxum-differs bag-info.txt")
def v39_a_listed_link_out_of_the_bag(bag: Path) -> None:
    put(bag.parent, "same", FILES["data/a.txt"])
    (bag / "data/a.txt").unlink()
    (bag / "data/a.txt").symlink_to(bag.parent / "same")


@case("link data/sub", "payload-missing data/sub/b.bin", "oxum-differs bag-info.txt")
def v40_a_folder_that_is_a_link(bag: Path) -> None:
    (bag / "data/sub").rename(bag.parent / "elsewhere")
    (bag / "data/sub").symlink_to(bag.parent / "elsewhere")


@case(
    "link data",
    "payload-folder-missing data",
    *(f"payload-missing {name}" for name in FILES),
    "oxum-differs bag-info.txt",
)
def v41_the_payload_folder_is_a_link(bag: Path) -> None:
    (bag / "data").rename(bag.parent / "elsewhere")
    (bag / "data").symlink_to(bag.parent / "elsewhere")


@case("declaration-missing bagit.txt", "link bagit.txt", "tag-file-missing bagit.txt")
def v67_the_declaration_is_a_link(bag: Path) -> None:
    (bag / "bagit.txt").rename(bag.parent / "bagit.txt")
    (bag / "bagit.txt").symlink_to(bag.parent / "bagit.txt")


@case("link data/twin", "payload-missing data/twin/b.bin")
def w12_listed_below_a_link_inside_the_bag(bag: Path) -> None:
    add_lines(bag, "data/sub/b.bin", "{digest}  data/twin/b.bin\n")
    (bag / "data/twin").symlink_to("sub")


@case("link notes.txt", "tag-file-missing notes.txt")
def w13_a_listed_tag_file_is_a_link(bag: Path) -> None:
    put(bag, "notes.txt", b"x")
    retag(bag)
    (bag / "notes.txt").rename(bag.parent / "notes.txt")
    (bag / "notes.txt").symlink_to(bag.parent / "notes.txt")


@case("special-file data/pipe")
def v42_an_unlisted_pipe(bag: Path) -> None:
    os.mkfifo(bag / "data/pipe")


@case("special-file data/a.txt", "payload-missing data/a.txt", "oxum-differs bag-info.txt")
def v43_a_listed_pipe(bag: Path) -> None:
    (bag / "data/a.txt").unlink()
    os.mkfifo(bag / "data/a.txt")


@case("(hard-link data/a.txt)")
def v44_a_hard_link(bag: Path) -> None:
    (bag.parent / "other").hardlink_to(bag / "data/a.txt")


@case("payload-system-file data/.DS_Store")
def p16_what_a_mac_leaves(bag: Path) -> None:
    put(bag, "data/.DS_Store", b"x")


# Older versions.


@case()
def v66_an_old_bag_with_different_manifests(bag: Path) -> None:
    declare(bag, OLD)
    drop_line(bag, "manifest-sha512.txt", b"data/a.txt")


@case()
def names_of_an_old_bag_are_not_encoded(bag: Path) -> None:
    declare(bag, OLD)
    add_file(bag, "data/%7E%test2", b"x")


@case("(manifest-repeats manifest-sha256.txt)", "(manifest-repeats manifest-sha512.txt)")
def an_old_bag_that_lists_a_file_twice(bag: Path) -> None:
    declare(bag, OLD)
    add_lines(bag, "data/a.txt", "{digest}  data/a.txt\n")


@case("(bag-info-spacing bag-info.txt)", "(bag-info-spacing bag-info.txt)")
def an_old_bag_with_white_space_about_its_colons(bag: Path) -> None:
    declare(bag, OLD)
    reinfo(bag, "Contact-Name : A\nContact-Phone:  1\nContact-Email:b\n")


@case("(name-control data/l\nf)", "(name-unsafe data/l\nf)")
def an_old_bag_whose_newline_was_encoded(bag: Path) -> None:
    declare(bag, OLD)
    add_file(bag, "data/l\nf", b"x", "data/l%0Af")


@case("(encoding-not-utf8 bagit.txt)")
def an_old_bag_in_utf_16(bag: Path) -> None:
    for place in (*bag.glob("manifest-*.txt"), bag / "bag-info.txt"):
        place.write_bytes(place.read_bytes().decode().encode("utf-16-be"))
    declare(bag, OLD.replace("UTF-8", "UTF-16BE"))
    for place in bag.glob("tagmanifest-*.txt"):
        place.write_bytes(place.read_bytes().decode().encode("utf-16-be"))


@case("(encoding-not-utf8 bagit.txt)")
def an_old_bag_in_latin_1(bag: Path) -> None:
    drop_file(bag, ARABIC)
    declare(bag, OLD.replace("UTF-8", "ISO-8859-1"))
    add_file(bag, "data/é.txt", b"x")
    for place in bag.glob("manifest-*.txt"):
        place.write_bytes(place.read_bytes().decode().encode("iso-8859-1"))
    retag(bag)


@case("(encoding-not-utf8 bagit.txt)")
def a_bag_in_windows_1256(bag: Path) -> None:
    declare(bag, DECLARATION.replace("UTF-8", "windows-1256"))
    for place in bag.glob("manifest-*.txt"):
        place.write_bytes(place.read_bytes().decode().encode("cp1256"))
    retag(bag)


@case("encoding-unknown bagit.txt", "payload-missing data/gone.txt")
def a_bag_in_an_encoding_that_is_not_read(bag: Path) -> None:
    declare(bag, DECLARATION.replace("UTF-8", "x-mac-arabic"))
    for place in bag.glob("manifest-*.txt"):
        place.write_bytes(place.read_bytes().decode().encode("cp1256"))
    add_lines(bag, "data/a.txt", "{digest}  data/gone.txt\n")


@case("(manifest-name manifest-SHA256.txt)", "(manifest-name manifest-Sha-512.txt)")
def manifests_whose_algorithms_are_in_capitals(bag: Path) -> None:
    (bag / "manifest-sha256.txt").rename(bag / "manifest-SHA256.txt")
    (bag / "manifest-sha512.txt").rename(bag / "manifest-Sha-512.txt")
    retag(bag)


@case("oxum-differs package-info.txt")
def a_very_old_bag_whose_fields_lie_in_package_info(bag: Path) -> None:
    declare(bag, OLD.replace("0.97", "0.93"))
    (bag / "bag-info.txt").rename(bag / "package-info.txt")
    put(bag, "package-info.txt", b"Payload-Oxum: 1.1\n")
    retag(bag)


def drop_file(bag: Path, name: str) -> None:
    (bag / name).unlink()
    for manifest in ("manifest-sha256.txt", "manifest-sha512.txt"):
        drop_line(bag, manifest, name.encode())


# The cases.


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "bag")


@pytest.mark.parametrize("name", CASES)
def test_each_broken_rule_is_reported_and_nothing_else(bag: Path, name: str) -> None:
    breaks, expected = CASES[name]
    assert findings_of(bag) == []
    breaks(bag)
    assert sorted(findings_of(bag)) == sorted(expected)


@pytest.mark.parametrize("name", ["v06_a_path_into_the_folder_beside_the_bag", "v39_a_listed_link_out_of_the_bag"])
def test_nothing_outside_the_bag_is_opened(bag: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    CASES[name][0](bag)
    opened: list[str] = []
    real = os.open

    def noted(path: str, *arguments: object, **named: object) -> int:
        opened.append(os.fsdecode(path))
        return real(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", noted)
    assert not verify(bag, jobs=1).is_valid
    assert not [path for path in opened if ".." in path or "secret" in path or "same" in path]


def test_a_hole_leaves_the_bag_incomplete(bag: Path) -> None:
    v37_a_hole(bag)
    found = verify(bag, jobs=1)
    assert (found.is_complete, found.is_valid) == (False, False)


def test_an_altered_file_leaves_the_bag_complete_and_not_valid(bag: Path) -> None:
    w10_the_oxum_is_right_and_the_bytes_are_not(bag)
    found = verify(bag, jobs=1)
    stated, read = (hashlib.sha512(data).hexdigest() for data in (FILES["data/a.txt"], b"two\n"))
    assert (found.is_complete, found.is_valid) == (True, False)
    assert [(f.expected, f.found, f.rule) for f in found.findings] == [
        (f"sha512:{stated}", f"sha512:{read}", "RFC 8493 3")
    ]


def test_weak_algorithms_alone_are_warned_of(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=["md5", "sha1"])
    assert findings_of(bag) == ["(algorithm-weak manifest-sha1.txt)"]


def test_a_forgery_that_keeps_its_md5_is_blamed_on_the_file(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", algorithms=["md5", "sha256"])
    digest = hashlib.sha256(FILES["data/a.txt"]).hexdigest()
    place = bag / "manifest-sha256.txt"
    place.write_text(place.read_text().replace(digest, digest[::-1]))
    retag(bag, ["md5", "sha256"])
    assert findings_of(bag) == ["payload-altered data/a.txt"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_reported(bag: Path) -> None:
    (bag / "data/a.txt").chmod(0)
    assert findings_of(bag) == ["unreadable data/a.txt"]


def test_depth_has_a_limit(bag: Path) -> None:
    deep = bag / "data" / "/".join("d" * 200)
    deep.mkdir(parents=True)
    (deep / "x").write_bytes(b"")
    assert observed(verify(bag)) == ["folder-limit data" + "/d" * 128]
