"""More bags that are nearly right, thought of as an adversary would and read as the RFC reads, with bagit.py beside.

`bagit` is what bagit.py 1.9.0 does with the same bag. Where it says something else, the reason stands in the case.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import socket
import unicodedata
from collections.abc import Callable
from pathlib import Path
from time import process_time

import bagit
import pytest

from archive.verify.run import verify
from tests.archive.verify.sample_bags import FILES, add_lines, make_bag, observed, put, retag, rewrite

Break = Callable[[Path], None]
CASES: dict[str, tuple[Break, list[str], str]] = {}
BOTH = ("manifest-sha256.txt", "manifest-sha512.txt")


def case(*expected: str, bagit: str) -> Callable[[Break], Break]:
    """What is done to a sound bag, every finding that follows, and whether bagit.py accepts, refuses or breaks."""

    def enter(breaks: Break) -> Break:
        CASES[breaks.__name__] = (breaks, list(expected), bagit)
        return breaks

    return enter


def in_both(*codes: str) -> list[str]:
    return [f"{code} {name}" if not code.startswith("(") else f"({code[1:-1]} {name})" for name in BOTH for code in codes]


def line_for(path: str) -> Break:
    return lambda bag: add_lines(bag, "data/a.txt", "{digest}" + path + "\n")


def fetch(bag: Path, text: str | bytes) -> None:
    put(bag, "fetch.txt", text if isinstance(text, bytes) else text.encode())
    retag(bag)


def info(bag: Path, text: str) -> None:
    put(bag, "bag-info.txt", text.encode())
    retag(bag)


def declare(bag: Path, data: bytes) -> None:
    put(bag, "bagit.txt", data)
    retag(bag)


def add(bag: Path, name: str, data: bytes = b"x", spelled: str | None = None) -> None:
    info(bag, "Bagging-Date: 2026-11-22\n")
    put(bag, name, data)
    add_lines(bag, name, f"{{digest}}  {spelled or name}\n")


# Lines of manifests that are in no spelling of the RFC. bagit.py passes over lines that it cannot split.

NO_LINES = {
    "a no-break space between digest and path": "\u00a0data/a.txt",
    "nothing between digest and path": "data/a.txt",
    "65 digits": "0  data/a.txt",
    "the escape mark of sha256sum": "\\  data/a.txt",
    "a label before the digest": ":sha256  data/a.txt",
}


@pytest.mark.parametrize("what", NO_LINES)
def test_a_line_in_no_spelling_of_the_rfc_is_reported(tmp_path: Path, what: str) -> None:
    bag = make_bag(tmp_path / "R1")
    add_lines(bag, "data/a.txt", "{digest}" + NO_LINES[what] + "\n")
    assert observed(verify(bag, jobs=1)) == in_both("manifest-line")


OUTSIDE = {
    "a slash in disguise": ("data%2Fa.txt", ["manifest-outside", "(manifest-percent)"]),
    "another case of data": ("DATA/a.txt", ["manifest-outside"]),
    "the payload folder itself": ("data", ["manifest-outside"]),
    "the payload folder with its slash": ("data/", ["path-unsafe"]),
    "two slashes": ("data//a.txt", ["path-unsafe"]),
    "a part that is a dot": ("data/./a.txt", ["path-unsafe"]),
    "two dots at the end": ("data/sub/..", ["path-unsafe"]),
    "another machine": ("\\\\server\\share\\x", ["path-unsafe"]),
    "a drive without a slash": ("C:data/a.txt", ["path-unsafe"]),
    "a URL of a file": ("file:///etc/passwd", ["path-unsafe"]),
    "two dots behind a dot": ("./../x", ["(manifest-marker)", "path-unsafe"]),
    "a star before two dots": ("*../x", ["manifest-outside"]),
    "a byte of zero": ("data/a\0.txt", ["path-unsafe"]),
    "an absolute path through data": ("/data/a.txt", ["path-unsafe"]),
    "a lookalike of data": ("dаta/a.txt", ["manifest-outside"]),  # noqa: RUF001 -- that is the point
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_a_path_that_is_none_of_the_payload_is_reported_and_not_opened(tmp_path: Path, what: str) -> None:
    bag = make_bag(tmp_path / "R1")
    put(tmp_path, "x", b"secret")
    path, codes = OUTSIDE[what]
    add_lines(bag, "data/a.txt", "{digest}  " + path + "\n")
    assert sorted(observed(verify(bag, jobs=1))) == sorted(in_both(*codes))


# Single cases, with the second opinion.


@case("payload-missing data/%2e%2e/x", *in_both("(manifest-percent)"), bagit="refuses")
def a_parent_folder_in_escapes_that_are_none(bag: Path) -> None:
    line_for("  data/%2e%2e/x")(bag)


@case(bagit="refuses")  # it decodes %0A, and no %25: #157
def an_escape_that_is_escaped_is_read_once(bag: Path) -> None:
    add(bag, "data/a%0A.txt", b"x", "data/a%250A.txt")


@case("payload-missing data/a.txt\t", bagit="refuses")
def a_tab_behind_a_path_is_part_of_it(bag: Path) -> None:
    line_for("  data/a.txt\t")(bag)


@case(*in_both("path-unsafe"), bagit="refuses")
def a_file_listed_as_a_folder(bag: Path) -> None:
    line_for("  data/a.txt/")(bag)


@case("payload-missing data/a.txt", "payload-unlisted data/a.txt/inside", bagit="refuses")
def a_file_that_became_a_folder(bag: Path) -> None:
    (bag / "data/a.txt").unlink()
    put(bag, "data/a.txt/inside", b"one\n")


@case(*in_both("(manifest-marker)"), bagit="accepts")  # it says nothing of the mark
def a_star_and_a_dot_before_a_path(bag: Path) -> None:
    for name in BOTH:
        place = bag / name
        place.write_bytes(place.read_bytes().replace(b"  data/a.txt", b" *./data/a.txt"))
    retag(bag)


@case(bagit="accepts")
def three_spaces_and_a_tab_are_white_space(bag: Path) -> None:
    for name in BOTH:
        rewrite(bag, name, b"  data/a.txt", b" \t  data/a.txt")


@case("payload-system-file data/.DS_Store", bagit="refuses")
def a_file_of_the_finder(bag: Path) -> None:
    put(bag, "data/.DS_Store", b"\0\0\0\1Bud1")


@case("(system-file ._bagit.txt)", bagit="accepts")
def a_fork_beside_the_declaration(bag: Path) -> None:
    put(bag, "._bagit.txt", b"\0\5\x16\7")


@case("(name-control data/a\u200b.txt)", bagit="accepts")
def a_name_with_a_space_of_no_width(bag: Path) -> None:
    add(bag, "data/a\u200b.txt")


@case("(name-control data/gpj.\u202eexe)", bagit="accepts")
def a_name_that_reads_backwards(bag: Path) -> None:
    add(bag, "data/gpj.\u202eexe")


@case("(name-case-twins data/straße)", bagit="accepts")
def twins_by_the_folding_of_a_sharp_s(bag: Path) -> None:
    add(bag, "data/straße")
    add(bag, "data/strasse")


@case("(name-case-twins data/ﬁ.txt)", bagit="accepts")
def a_ligature_folds_to_its_letters(bag: Path) -> None:
    add(bag, "data/ﬁ.txt")
    add(bag, "data/fi.txt")


@case("special-file data/s", bagit="refuses")
def a_socket(bag: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(bag / "data/s"))


@case(
    *("payload-folder-missing data", "payload-missing data/a.txt", "payload-missing data/sub/b.bin"),
    *("payload-missing data/ج.txt", "(tag-file-unlisted data)", "oxum-differs bag-info.txt"),
    bagit="refuses",
)
def the_payload_folder_is_a_file(bag: Path) -> None:
    shutil.rmtree(bag / "data")
    put(bag, "data", b"one\n")


@case("declaration-missing bagit.txt", "(tag-file-unlisted bagit.txt/x)", bagit="refuses")
def the_declaration_is_a_folder(bag: Path) -> None:
    (bag / "bagit.txt").unlink()
    put(bag, "bagit.txt/x", b"")
    retag(bag)


@case("(manifest-name manifest-sha256.txt.txt)", bagit="accepts")  # it knows no algorithm `sha256.txt`, and passes it by
def a_manifest_with_two_endings(bag: Path) -> None:
    put(bag, "manifest-sha256.txt.txt", b"garbage\n")
    retag(bag)


@case("declaration-line bagit.txt", bagit="accepts")  # it strips values
def a_tab_in_the_declaration(bag: Path) -> None:
    declare(bag, b"BagIt-Version:\t1.0\nTag-File-Character-Encoding: UTF-8\n")


@case("declaration-lines bagit.txt", bagit="accepts")  # it takes any lines
def an_empty_line_behind_the_declaration(bag: Path) -> None:
    declare(bag, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n\n")


@case("declaration-line bagit.txt", bagit="accepts")  # it strips values
def white_space_behind_the_encoding(bag: Path) -> None:
    declare(bag, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8 \n")


@case("version-unknown bagit.txt", bagit="refuses")
def a_version_of_long_ago(bag: Path) -> None:
    declare(bag, b"BagIt-Version: 0.92\nTag-File-Character-Encoding: UTF-8\n")


@case("declaration-line bagit.txt", bagit="accepts")  # `int` takes the digits of any script
def a_version_in_arabic_digits(bag: Path) -> None:
    declare(bag, "BagIt-Version: ١.٠\nTag-File-Character-Encoding: UTF-8\n".encode())


@case(
    *("(encoding-not-utf8 bagit.txt)", "payload-missing data/Ø¬.txt", "payload-unlisted data/ج.txt"),
    bagit="refuses",
)
def names_read_in_an_encoding_that_they_are_not_written_in(bag: Path) -> None:
    declare(bag, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n")


@case("(encoding-not-utf8 bagit.txt)", bagit="breaks")  # Python wants a byte order mark, which RFC 2781 does not: no BagError
def utf_16_without_a_mark(bag: Path) -> None:
    for place in [*bag.glob("manifest-*.txt"), bag / "bag-info.txt"]:
        place.write_bytes(place.read_text("utf-8").encode("utf-16-be"))
    declare(bag, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n")
    for place in bag.glob("tagmanifest-*.txt"):
        place.write_bytes(place.read_text("utf-8").encode("utf-16-be"))


OXUMS = ["12.3.4", "2,313.3", "٢٣١٣.٣", "9" * 30 + ".1", "-1.3", "2313", ".3", "2313.", "2.313e3.3", "0x909.3", "2313 .3"]


@pytest.mark.parametrize("oxum", OXUMS)
def test_an_oxum_that_is_no_pair_of_numbers_is_reported(tmp_path: Path, oxum: str) -> None:
    bag = make_bag(tmp_path / "R1", info=[("Payload-Oxum", oxum)])
    assert observed(verify(bag, jobs=1)) == ["oxum-form bag-info.txt"]


@case("bag-info-line bag-info.txt", bagit="accepts")  # it has fields without a name
def a_field_without_a_label(bag: Path) -> None:
    info(bag, ": value\n")


@case("(bag-info-spacing bag-info.txt)", bagit="accepts")
def an_empty_line_among_the_fields(bag: Path) -> None:
    info(bag, "Title: a\n\nBagging-Date: 2026-11-22\n")


@case(bagit="accepts")
def a_label_in_arabic(bag: Path) -> None:
    info(bag, "العنوان: شاهد\n")


@case("(bag-info-group bag-info.txt)", bagit="accepts")
def a_count_without_a_group(bag: Path) -> None:
    info(bag, "Bag-Count: 1 of 2\n")


@case(bagit="accepts")
def what_is_there_need_not_be_fetched(bag: Path) -> None:
    fetch(bag, "https://example.org/a 4 data/a.txt\n")


@case("fetch-duplicate fetch.txt", bagit="accepts")  # it looks at none of these but for the URL's scheme
def the_same_file_to_be_fetched_twice(bag: Path) -> None:
    fetch(bag, "https://example.org/a 4 data/a.txt\nhttps://example.org/b 4 data/a.txt\n")


@case("fetch-url fetch.txt", bagit="refuses")
def a_script_to_be_fetched(bag: Path) -> None:
    fetch(bag, "javascript:alert(1) 4 data/a.txt\n")


@case("fetch-url fetch.txt", bagit="accepts")
def a_url_that_is_data(bag: Path) -> None:
    fetch(bag, "data://text/plain,x 4 data/a.txt\n")


@case("fetch-length fetch.txt", bagit="accepts")
def a_length_of_23_digits(bag: Path) -> None:
    fetch(bag, f"https://example.org/a {'0' * 22}4 data/a.txt\n")


@case("path-unsafe fetch.txt", bagit="refuses")
def two_dots_in_a_fetched_path(bag: Path) -> None:
    fetch(bag, "https://example.org/a 4 data/../../x\n")


@case("tag-file-bom fetch.txt", bagit="refuses")
def a_mark_before_fetch(bag: Path) -> None:
    fetch(bag, b"\xef\xbb\xbfhttps://example.org/a 4 data/a.txt\n")


@case(bagit="accepts")
def an_empty_fetch(bag: Path) -> None:
    fetch(bag, b"")


@case("tag-file-altered tagmanifest-sha256.txt", "tagmanifest-lists tagmanifest-sha256.txt", bagit="refuses")
def a_tag_manifest_that_lists_itself(bag: Path) -> None:
    place = bag / "tagmanifest-sha256.txt"
    place.write_bytes(place.read_bytes() + b"0" * 64 + b"  tagmanifest-sha256.txt\n")


@case("path-unsafe tagmanifest-sha256.txt", bagit="refuses")
def a_tag_manifest_that_leads_out_of_the_bag(bag: Path) -> None:
    put(bag.parent, "x", b"secret")
    place = bag / "tagmanifest-sha256.txt"
    place.write_bytes(place.read_bytes() + hashlib.sha256(b"secret").hexdigest().encode() + b"  ../x\n")


@case("manifest-altered manifest-md5.txt", bagit="refuses")
def a_weak_digest_that_is_wrong_beside_a_strong_one_that_is_right(bag: Path) -> None:
    stated = "".join(f"{hashlib.md5(data).hexdigest()}  {name}\n" for name, data in sorted(FILES.items()))
    put(bag, "manifest-md5.txt", stated.replace(stated[:32], "0" * 32, 1).encode())
    retag(bag)


@case(
    *("payload-missing data/new\nline.txt", "payload-unlisted data/new\rline.txt"),
    *("(name-control data/new\rline.txt)", "(name-unsafe data/new\rline.txt)"),
    bagit="refuses",
)
def a_line_feed_where_the_name_has_a_carriage_return(bag: Path) -> None:
    add(bag, "data/new\rline.txt", b"x", "data/new%0Aline.txt")


@case("(name-unsafe data/com1.txt)", bagit="accepts")
def a_port_of_windows(bag: Path) -> None:
    add(bag, "data/com1.txt")


@case(
    f"name-twins-differ {unicodedata.normalize('NFC', 'data/é.txt')}",
    f"payload-unlisted {unicodedata.normalize('NFD', 'data/é.txt')}",
    bagit="accepts",  # it takes both for one name
)
def twins_of_which_one_is_not_listed(bag: Path) -> None:
    add(bag, unicodedata.normalize("NFC", "data/é.txt"), b"one")
    put(bag, unicodedata.normalize("NFD", "data/é.txt"), b"two")


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1")


def second_opinion(bag: Path) -> str:
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    try:
        bagit.Bag(str(bag)).validate()
    except bagit.BagError:
        return "refuses"
    except Exception:
        return "breaks"
    return "accepts"


@pytest.mark.parametrize("name", CASES)
def test_each_is_judged_right_in_no_time_whatever_the_second_opinion_is(bag: Path, name: str) -> None:
    breaks, expected, other = CASES[name]
    breaks(bag)
    started = process_time()
    found = observed(verify(bag, jobs=1))
    assert process_time() - started < 2
    assert sorted(found) == sorted(expected)
    assert second_opinion(bag) == other


@pytest.mark.parametrize(("length", "expected"), [("4", []), ("-", []), ("5", ["(fetch-length-differs fetch.txt)"])])
def test_a_length_in_fetch_txt_is_compared_with_the_file_that_is_here(
    tmp_path: Path, length: str, expected: list[str]
) -> None:
    base = make_bag(tmp_path / "R1")
    (base / "fetch.txt").write_text(f"https://a.example/a {length} data/a.txt\n")
    retag(base)
    found = verify(base, jobs=1)
    assert observed(found) == expected
    assert found.is_valid
