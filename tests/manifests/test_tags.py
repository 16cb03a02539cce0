"""The bag declaration and bag-info.txt, written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_manifests.errors import StatementError
from archive_manifests.tags import (
    DECLARATION,
    FIELD_LIMIT,
    BagInfo,
    Declaration,
    Oxum,
    format_bag_info,
    parse_bag_info,
    parse_declaration,
    parse_oxum,
)
from archive_manifests.tagtext import LINE_LIMIT

OLD = (0, 97)
values = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])).map(str.strip).filter(bool)
labels = values.filter(lambda text: ":" not in text)


def codes(data: str | bytes, **facts: object) -> list[tuple[str, int | None]]:
    read = parse_bag_info(data.encode() if isinstance(data, str) else data, **facts)  # type: ignore[arg-type]
    return [(problem.code, problem.line) for problem in read.problems]


def test_our_declaration_is_read_without_a_problem() -> None:
    assert parse_declaration(DECLARATION.encode()) == Declaration((1, 0), "utf-8", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["declaration-line", "declaration-line", "declaration-lines"]),
        (DECLARATION + "x\n", ["declaration-lines"]),
        (DECLARATION.replace(": 1", ":  1"), ["declaration-line"]),
        (DECLARATION.replace("BagIt", "Bagit"), ["declaration-line"]),
        (DECLARATION.replace("1.0", "2.0"), ["version-unknown"]),
        (DECLARATION.replace("1.0", "1"), ["declaration-line"]),
        (DECLARATION.replace("1.0", "٠.٩٧"), ["declaration-line"]),
        (DECLARATION.replace("UTF-8", "idna"), ["encoding-unknown"]),
        (DECLARATION.replace("UTF-8", "ISO-8859-1"), ["encoding-not-utf8"]),
        (DECLARATION.replace("UTF-8", "utf-8"), []),
        (DECLARATION[:-1], ["tag-file-end"]),
        ("\ufeff" + DECLARATION, ["tag-file-bom"]),
    ],
)
def test_any_other_declaration_is_reported(text: str, expected: list[str]) -> None:
    assert sorted(problem.code for problem in parse_declaration(text.encode()).problems) == expected


@given(st.binary(max_size=200))
def test_no_bytes_make_the_readers_raise(data: bytes) -> None:
    assert isinstance(parse_declaration(data), Declaration)
    assert isinstance(parse_bag_info(data), BagInfo)
    assert isinstance(parse_bag_info(data, version=OLD, encoding="utf-16"), BagInfo)


@given(st.lists(st.tuples(labels, values)))
def test_fields_are_read_back_in_their_order(fields: list[tuple[str, str]]) -> None:
    assert parse_bag_info(format_bag_info(fields).encode()) == BagInfo(tuple(fields), ())


@pytest.mark.parametrize(
    "field", [("a:b", "x"), ("", "x"), (" a", "x"), ("a", "x\ny"), ("a", ""), ("a", " x"), ("a", "\0")]
)
def test_what_one_line_cannot_hold_is_refused(field: tuple[str, str]) -> None:
    with pytest.raises(StatementError):
        format_bag_info([field])


def test_folded_lines_are_joined_by_a_space() -> None:
    read = parse_bag_info(b"Title: one\n  two\n\tthree\nOther: x\n")
    assert read.fields == (("Title", "one two three"), ("Other", "x"))


def test_labels_are_found_in_any_case() -> None:
    read = parse_bag_info(b"payload-OXUM: 1.2\nPayload-Oxum: 3.4\n")
    assert read.values("Payload-Oxum") == ("1.2", "3.4")


@pytest.mark.parametrize("line", ["Title : x", "Title:x", "Title", ": x", " folded"])
def test_a_line_of_another_form_is_reported(line: str) -> None:
    assert codes(f"{line}\nTitle: y\n") == [("bag-info-line", 1)]


@pytest.mark.parametrize(
    ("line", "value", "problems"),
    [
        ("Title : x", "x", ["bag-info-spacing"]),
        ("Title:x", "x", ["bag-info-spacing"]),
        ("Title\t:\tx", "x", ["bag-info-spacing"]),
        ("Title:   x", "  x", []),
    ],
)
def test_older_bags_may_have_white_space_around_the_colon(line: str, value: str, problems: list[str]) -> None:
    read = parse_bag_info(f"{line}\n".encode(), version=OLD)
    assert (read.fields, [problem.code for problem in read.problems]) == ((("Title", value),), problems)


def test_a_line_of_another_form_gives_a_field_only_where_it_has_a_label() -> None:
    assert parse_bag_info(b"none\n: x\nTitle:x\n").fields == (("Title", "x"),)


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_line_states_nothing_and_is_a_warning(blank: str) -> None:
    read = parse_bag_info(f"Title: x\n{blank}\nOther: y\n".encode())
    assert read.fields == (("Title", "x"), ("Other", "y"))
    assert [(problem.code, problem.line) for problem in read.problems] == [("bag-info-spacing", 2)]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("windows-1256", "cp1256"),
        ("Shift_JIS", "cp932"),
        ("windows-31j", "cp932"),
        ("ISO-8859-6", "iso8859-6"),
        ("EUC-KR", "cp949"),
        ("GB2312", "gb18030"),
        ("KOI8-R", "koi8-r"),
        ("utf8", "utf-8"),
    ],
)
def test_encodings_of_older_systems_are_read(name: str, known: str) -> None:
    assert parse_declaration(DECLARATION.replace("UTF-8", name).encode()).encoding == known


@pytest.mark.parametrize("name", ["utf-7", "rot13", "idna", "punycode", "zip", "hex", "unicode_escape", "utf-32", "x"])
def test_what_python_also_calls_an_encoding_is_not_read(name: str) -> None:
    read = parse_declaration(DECLARATION.replace("UTF-8", name).encode())
    assert (read.encoding, read.has_unknown_encoding) == (None, True)


def test_white_space_is_tolerated_in_older_bags_and_no_line_without_a_label() -> None:
    read = parse_bag_info(b"\n \n: x\nnone\n", version=OLD)
    assert [(problem.code, problem.line) for problem in read.problems] == [
        ("bag-info-spacing", 1),
        ("bag-info-spacing", 2),
        ("bag-info-line", 3),
        ("bag-info-line", 4),
    ]


def test_the_text_may_come_in_pieces_of_any_size() -> None:
    text = "Title: ت\r\nOther: b\r\n".encode()
    assert parse_bag_info(iter([bytes([octet]) for octet in text])) == parse_bag_info(text)


def test_a_line_over_the_limit_ends_the_reading_and_one_at_the_limit_does_not() -> None:
    for length, expected in ((LINE_LIMIT, ()), (LINE_LIMIT + 1, ("tag-line-limit",))):
        text = "a: " + "x" * (length - 3) + "\nb: c\n"
        read = parse_bag_info(text.encode())
        assert tuple(problem.code for problem in read.problems) == expected
        assert len(read.fields) == (0 if expected else 2)


def test_more_fields_than_anyone_writes_are_not_read() -> None:
    read = parse_bag_info(b"a: b\n" * (FIELD_LIMIT + 9))
    assert (len(read.fields), [problem.code for problem in read.problems]) == (FIELD_LIMIT, ["bag-info-limit"])
    assert parse_bag_info(b"\n" * FIELD_LIMIT + b"a: b\n").fields == ()


@pytest.mark.parametrize(
    ("text", "expected"), [("12.3", Oxum(12, 3)), ("6", None), ("6.", None), ("-1.2", None), ("٦.٦", None)]
)
def test_an_oxum_is_two_numbers(text: str, expected: Oxum | None) -> None:
    assert parse_oxum(text) == expected


def test_an_oxum_is_written_as_it_is_read() -> None:
    assert str(Oxum(12, 3)) == "12.3"
