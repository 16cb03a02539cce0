"""Manifests of payload and tag files, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_manifests.errors import StatementError
from archive_manifests.paths import BagPath
from archive_manifests.payload import (
    PROBLEM_LIMIT,
    Manifest,
    ManifestReading,
    format_manifest,
    manifest_name,
    parse_manifest,
)
from archive_manifests.tagtext import LINE_LIMIT, Problem

A, B = "a" * 64, "b" * 64
OLD = (0, 97)
names = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: not text.startswith("/")
)


def problems(text: str | bytes, algorithm: str = "sha256", **facts: object) -> list[tuple[str, int | None]]:
    data = text.encode() if isinstance(text, str) else text
    return [(p.code, p.line) for p in parse_manifest(data, algorithm, **facts).problems]  # type: ignore[arg-type]


def test_names_are_those_of_the_rfc() -> None:
    assert manifest_name("sha256") == "manifest-sha256.txt"
    assert manifest_name("sha512", tag=True) == "tagmanifest-sha512.txt"


def test_lines_are_sorted_by_bytes_and_only_three_characters_are_encoded() -> None:
    stated = {BagPath("data/ü"): B, BagPath("data/%\r\n"): A.upper(), BagPath("data/Z"): B}
    assert format_manifest(stated) == f"{A}  data/%25%0D%0A\n{B}  data/Z\n{B}  data/ü\n"


def test_pairs_are_written_as_a_mapping_is() -> None:
    assert format_manifest(iter([(BagPath("data/b"), B), (BagPath("data/a"), A)])) == f"{A}  data/a\n{B}  data/b\n"


@given(st.dictionaries(names.map(lambda name: BagPath(f"data/{name}")), st.sampled_from([A, B])))
def test_what_is_written_is_read_back(stated: dict[BagPath, str]) -> None:
    assert parse_manifest(format_manifest(stated).encode(), "sha256") == Manifest("sha256", stated, ())


@given(st.binary(), st.sampled_from(["sha256", "md5", "whirlpool"]), st.sampled_from([(1, 0), OLD]))
def test_any_bytes_give_entries_and_problems_and_never_raise(data: bytes, algorithm: str, version: object) -> None:
    assert isinstance(parse_manifest(data, algorithm, version=version), Manifest)  # type: ignore[arg-type]


@given(st.binary(max_size=400), st.integers(1, 9))
def test_the_size_of_the_chunks_makes_no_difference(data: bytes, size: int) -> None:
    cut = [data[start : start + size] for start in range(0, len(data), size)]
    assert parse_manifest(iter(cut), "md5") == parse_manifest(data, "md5")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_end_at_lf_cr_and_crlf(end: str) -> None:
    read = parse_manifest(f"{A}  data/a{end}{B}  data/b{end}".encode(), "sha256")
    assert read == Manifest("sha256", {BagPath("data/a"): A, BagPath("data/b"): B}, ())


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_lines_end_at_nothing_else(mark: str) -> None:
    read = parse_manifest(f"{A}  data/a{mark}b\n".encode(), "sha256")
    assert read.entries == {BagPath(f"data/a{mark}b"): A}


@pytest.mark.parametrize("tail", [" ", "\t", "\x1f", "\u00a0", "\u3000"])
def test_white_space_at_the_end_of_a_name_is_part_of_it(tail: str) -> None:
    assert parse_manifest(f"{A}  data/a{tail}\n".encode(), "sha256").entries == {BagPath(f"data/a{tail}"): A}


@pytest.mark.parametrize("gap", [" ", "\t", " \t ", "    "])
def test_any_spaces_and_tabs_part_digest_and_path(gap: str) -> None:
    read = parse_manifest(f"{A}{gap}data/a\n".encode(), "sha256")
    assert (read.entries, read.problems) == ({BagPath("data/a"): A}, ())


def test_upper_case_is_folded() -> None:
    assert parse_manifest(f"{A.upper()}  data/a\n".encode(), "sha256").entries == {BagPath("data/a"): A}


def test_escapes_are_read_in_either_case_and_once() -> None:
    read = parse_manifest(f"{A}  data/%0a%0A%0d%2541\n".encode(), "sha256")
    assert (read.entries, read.problems) == ({BagPath("data/\n\n\r%41"): A}, ())


@pytest.mark.parametrize(
    "line", [A, f"{A} ", f"#{A}  data/a", f"{A[:-1]}  data/a", f"{A}0  data/a", "xyz  data/a", f" {A}  data/a"]
)
def test_a_line_of_another_form_is_reported_with_its_number(line: str) -> None:
    text = f"{A}  data/first\n{line}\n{B}  data/last\n"
    assert problems(text) == [("manifest-line", 2)]
    assert list(parse_manifest(text.encode(), "sha256").entries) == [BagPath("data/first"), BagPath("data/last")]


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_line_states_nothing_and_is_a_warning(blank: str) -> None:
    read = parse_manifest(f"{A}  data/a\n{blank}\n".encode(), "sha256")
    assert read.entries == {BagPath("data/a"): A}
    assert [(problem.code, problem.line) for problem in read.problems] == [("manifest-blank-line", 2)]


def test_older_bags_may_have_names_that_look_encoded() -> None:
    read = parse_manifest(f"{A}  data/%7E%test%25\n".encode(), "sha256", version=OLD)
    assert (read.entries, read.problems) == ({BagPath("data/%7E%test%25"): A}, ())


def test_a_percent_that_encodes_nothing_is_reported() -> None:
    assert problems(f"{A}  data/100%\n") == [("manifest-percent", 1)]


def test_a_path_twice_is_reported_and_the_first_digest_stays() -> None:
    text = f"{A}  data/a\n{A}  data/a\n{B}  data/a\n"
    assert problems(text) == [("manifest-duplicate", 2), ("manifest-duplicate", 3)]
    assert problems(text, version=OLD) == [("manifest-repeats", 2), ("manifest-duplicate", 3)]
    assert parse_manifest(text.encode(), "sha256").entries == {BagPath("data/a"): A}


@pytest.mark.parametrize("marked", ["*data/a", "./data/a", "*./data/a", "././data/a", ".//data/a"])
def test_the_marks_of_md5sum_are_taken_off_and_reported(marked: str) -> None:
    read = parse_manifest(f"{A} {marked}\n".encode(), "sha256")
    assert read.entries == {BagPath("data/a"): A}
    assert [(problem.code, problem.found) for problem in read.problems] == [("manifest-marker", marked)]


def test_a_tag_file_that_is_really_called_so_keeps_its_star() -> None:
    data = f"{A}  *x\n".encode()
    retained = parse_manifest(data, "sha256", tag=True, present=frozenset({"*x"}))
    assert (retained.entries, retained.problems) == ({BagPath("*x"): A}, ())
    assert parse_manifest(data, "sha256", tag=True).entries == {BagPath("x"): A}


def test_a_star_before_what_is_no_payload_stays() -> None:
    assert parse_manifest(f"{A}  *x\n".encode(), "sha256").entries == {BagPath("*x"): A}


def test_a_finding_on_a_path_listed_twice_states_whether_the_digests_differ() -> None:
    read = parse_manifest(f"{A}  data/a\n{A}  data/a\n{B}  data/a\n".encode(), "sha256")
    assert [problem.note for problem in read.problems] == ["listed before", "listed before with another digest"]


def test_a_manifest_of_megabytes_is_read_to_its_end() -> None:
    text = "".join(f"{number:064x}  data/{number}\n" for number in range(30_000))
    read = parse_manifest(text.encode(), "sha256")
    assert (len(read.entries), read.problems) == (30_000, ())
    assert read.entries[BagPath("data/29999")] == f"{29_999:064x}"


def test_a_byte_order_mark_is_reported_and_the_first_line_read() -> None:
    read = parse_manifest(b"\xef\xbb\xbf" + f"{A}  data/a\n".encode(), "sha256")
    assert (read.entries, [p.code for p in read.problems]) == ({BagPath("data/a"): A}, ["tag-file-bom"])


def test_bytes_that_are_no_text_are_reported_where_they_stand() -> None:
    data = f"{A}  data/a\n{B}  data/".encode() + b"\xffb\n"
    read = parse_manifest(data, "sha256")
    assert [(p.code, p.line, p.found) for p in read.problems] == [("tag-file-encoding", 2, "ff")]
    assert read.entries == {BagPath("data/a"): A, BagPath("data/\udcffb"): B}


def test_a_missing_last_line_end_is_reported() -> None:
    assert problems(f"{A}  data/a\n{B}  data/b") == [("tag-file-end", 2)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "iso-8859-1"])
def test_older_encodings_are_read(encoding: str) -> None:
    read = parse_manifest(f"{A}  data/é\r\n".encode(encoding), "sha256", encoding=encoding)
    assert (read.entries, read.problems) == ({BagPath("data/é"): A}, ())


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-16", b"\xfe\xff"), ("utf-16", b""), ("utf-16-be", b"\xfe\xff"), ("utf-16-be", b"")],
)
def test_utf_16_is_big_endian_with_and_without_its_mark(encoding: str, mark: bytes) -> None:
    read = parse_manifest(mark + f"{A}  data/é\n".encode("utf-16-be"), "sha256", encoding=encoding)
    assert (read.entries, read.problems) == ({BagPath("data/é"): A}, ())


def test_a_line_without_end_is_given_up() -> None:
    data = (f"{A}  data/a\n".encode(), *[b"x" * LINE_LIMIT] * 100)
    assert problems(b"".join(data)) == [("tag-line-limit", 2)]


@pytest.mark.parametrize("step", [1000, LINE_LIMIT, 1 << 30])
@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_over_the_limit_ends_the_reading_however_the_bytes_come(step: int, end: bytes) -> None:
    line = f"{A}  data/".encode()
    data = line + b"a" + end + line + b"x" * LINE_LIMIT + end + line + b"b" + end
    found = parse_manifest([data[at : at + step] for at in range(0, len(data), step)], "sha256")
    assert list(found.entries) == [BagPath("data/a")]
    assert [(each.code, each.line) for each in found.problems] == [("tag-line-limit", 2)]


def test_a_file_of_garbage_is_not_reported_line_by_line_for_ever() -> None:
    assert len(parse_manifest(b"x\n" * (PROBLEM_LIMIT + 5), "sha256").problems) == PROBLEM_LIMIT


def test_only_a_sound_manifest_is_given_away_without_its_problems() -> None:
    sound = parse_manifest(f"{A}  data/a\n".encode(), "sha256")
    assert sound.only_sound("manifest-sha256.txt") == {BagPath("data/a"): A}
    broken = Manifest("sha256", {}, (Problem("manifest-line", 3, "x", "not `digest path`"),))
    with pytest.raises(StatementError, match=r"manifest-sha256\.txt line 3: not `digest path`"):
        broken.only_sound("manifest-sha256.txt")
    with pytest.raises(StatementError, match=r"^m: tag-file-bom$"):
        Manifest("sha256", {}, (Problem("tag-file-bom"),)).only_sound("m")


@pytest.mark.parametrize(
    "odd",
    [
        f"{'a' * 64} data/x",
        f"{'a' * 63}  data/x",
        f"{'a' * 65}  data/x",
        f"{'A' * 64}  data/x",
        f"{'a' * 62}\u0661\u0661  data/x",
        f"{'a' * 62}\udc80a  data/x",
        f"{'a' * 62}  a  data/x",
        f"{'a' * 64}  data/%25",
        "",
        "# data/x",
    ],
)
def test_columns_of_a_block_are_read_only_where_every_line_is_canonical(odd: str) -> None:
    sound = [f"{digit * 64}  data/{digit} and more" for digit in "0f"]
    reading = ManifestReading("sha256")
    assert reading.columns("\n".join([*sound, ""])) == (["data/0 and more", "data/f and more"], "0" * 64 + "f" * 64)
    assert reading.columns("\n".join([sound[0], odd, sound[1], ""])) is None
