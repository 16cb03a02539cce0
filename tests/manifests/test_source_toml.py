"""The source manifest as TOML: round trip, layout, and complaints that a person can act on."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from archive_manifests.errors import StatementError
from archive_manifests.readings import DOUBTS
from archive_manifests.source_toml import FOUND_BY, from_toml, to_toml
from archive_manifests.sources import Citation, PassedOver, Report, Source, SourceManifest, Supplied, round_problem

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
one_line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
days = st.dates().map(str)
counts = st.integers(1, 2**53)


def maybe(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


reports = st.builds(
    Report,
    id=st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,20}[A-Za-z0-9]", fullmatch=True),
    title=maybe(anything), date=maybe(days), language=maybe(anything), publisher=maybe(anything),
    sha256=maybe(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)), access=anything, published=maybe(st.booleans()),
)
citations = st.builds(
    Citation,
    page=maybe(counts), line=maybe(counts),
    anchor=maybe(anything), context=maybe(anything), found_by=st.sampled_from(FOUND_BY),
)
supplied = st.builds(
    Supplied,
    path=st.from_regex(r"[a-z]{1,5}/[a-zء-ي ]{1,9}\.png", fullmatch=True),
    how=anything, by=maybe(anything), when=maybe(days),
)
sources = st.builds(
    Source,
    cited=one_line,
    citations=st.lists(citations, max_size=3).map(tuple),
    candidates=st.lists(one_line, max_size=3).map(tuple),
    doubts=st.lists(st.sampled_from(sorted(DOUBTS)), max_size=2).map(tuple),
    reading=maybe(one_line.map("https://{}".format)),
    skip=st.booleans(),
    successor=maybe(one_line.map("https://{}".format)),
    media=maybe(st.booleans()), graphic=maybe(st.booleans()),
    sensitivity=maybe(anything), personal_data=maybe(anything), consent=maybe(anything), note=maybe(anything),
    supplied=st.lists(supplied, max_size=2).map(tuple),
)
passed_over = st.builds(PassedOver, kind=one_line, target=st.just("") | one_line, page=maybe(counts), line=maybe(counts))
manifests = st.builds(
    SourceManifest,
    reports,
    st.lists(sources, max_size=4, unique_by=lambda source: source.cited).map(tuple),
    st.lists(passed_over, max_size=2).map(tuple),
)


@given(manifests)
def test_what_is_written_is_read_back_as_the_same_values(manifest: SourceManifest) -> None:
    text = to_toml(manifest)
    assert from_toml(text) == manifest
    assert to_toml(from_toml(text)) == text
    assert from_toml(text.replace("\n", "\r\n")) == manifest


SMALL = SourceManifest(
    Report("R210517", title="A “title”", date="2021-05-21", sha256="ab" * 32),
    (
        Source("https://sn4hr.org/?p=24105", citations=(Citation(page=2, line=122, offset=5534, length=26),)),
        Source(
            "https://example.org/a-b",
            candidates=("https://example.org/a-",),
            skip=True,
            note="\u202eهنا",
            supplied=(Supplied("shots/1.png", how="screenshot"),),
        ),
    ),
)


def test_a_person_sees_what_is_set_and_what_may_be_set() -> None:
    head, report, *sources = [part.strip() for part in to_toml(SMALL).replace("[[", "[").split("\n[")]
    for key in ("skip", "successor", "media", "graphic", "sensitivity", "personal_data", "consent", "note", "supplied"):
        assert f"\n#   {key} = " in head
    assert report == (
        'report]\nid = "R210517"\ntitle = "A “title”"\ndate = "2021-05-21"\n# language = "ar"\n# publisher = ""\n'
        f'sha256 = "{"ab" * 32}"\naccess = "restricted"\n'
        "# published = false  # false: nobody else, such as the Wayback Machine, is asked about its sources"
    )
    assert sources == [
        'source]]  # s01\ncited = "https://sn4hr.org/?p=24105"\ncitations = [\n'
        '  { page = 2, line = 122, found_by = "text" },\n]',
        'source]]  # s02\ncited = "https://example.org/a-b"\nskip = true\nnote = "\\u202Eهنا"\nsupplied = [\n'
        '  { path = "shots/1.png", how = "screenshot" },\n]\ncandidates = [\n  "https://example.org/a-",\n]',
    ]


UNCERTAIN = Source(
    "https://x.org/abc",
    citations=(Citation(page=7, line=9, context="They saw \u202eit at https://x.org/abc\ndef."),),
    candidates=("https://x.org/abcdef",),
    doubts=("break-in-segment",),
)


def test_uncertain_sources_come_first_with_the_words_round_them_and_keep_their_place() -> None:
    manifest = replace(SMALL, sources=(*SMALL.sources, UNCERTAIN))
    text = to_toml(manifest)
    assert text[text.index("\n[[source]]") :].startswith(
        "\n[[source]]  # s03\n# UNCERTAIN: a line breaks within a word or number of it\n"
        "# printed: They saw  it at https://x.org/abc def.\n"
        'order = 3\ncited = "https://x.org/abc"\ndoubts = ["break-in-segment"]\n'
    )
    assert [source.cited for source in from_toml(text).sources] == [source.cited for source in manifest.sources]


def test_a_source_that_a_person_adds_comes_last_and_no_place_is_given_twice() -> None:
    text = to_toml(replace(SMALL, sources=(*SMALL.sources, UNCERTAIN)))
    added = text.replace("\n[[source]]", '\n[[source]]\ncited = "https://new.example/"\n\n[[source]]', 1)
    assert [source.cited for source in from_toml(added).sources][3:] == ["https://new.example/"]
    with pytest.raises(StatementError, match="source 2: order is 3, as in source 1; leave it out of a source that"):
        from_toml(text.replace("order = 1", "order = 3"))


def test_a_reading_that_a_person_chose_settles_the_doubt_and_is_requested_alone() -> None:
    settled = replace(UNCERTAIN, reading="https://x.org/abcdef")
    text = to_toml(replace(SMALL, sources=(*SMALL.sources, settled)))
    assert "UNCERTAIN" not in text and "order" not in text
    (*_, source) = from_toml(text).sources
    assert (source.readings, source.is_uncertain) == (("https://x.org/abcdef",), False)
    with pytest.raises(StatementError, match=r"reading is 'x\.org'; it must be an address that starts with https://"):
        from_toml(text.replace('reading = "https://x.org/abcdef"', 'reading = "x.org"'))


def test_every_hint_in_the_layout_is_itself_right_when_uncommented() -> None:
    text = to_toml(SourceManifest(Report("x"), ()))
    unset = [line[2:] for line in text.split("[report]")[1].split("\n") if line[:1] == "#"]
    hints = [hint.replace('""', '"' + "ab" * 32 + '"') for hint in unset]
    read = from_toml("\n".join(['[report]\nid = "x"', *hints]))
    assert read.report == Report("x", "ab" * 32, "2021-05-21", "ar", "ab" * 32, "ab" * 32, published=False)
    marks = [line[1:].split("    ")[0] for line in text.split("[report]")[0].split("\n") if line.startswith("#   ")]
    assert len(tomllib.loads("\n".join(mark.strip() for mark in marks if "=" in mark and "https" not in mark))) == 9


def test_a_manifest_written_by_hand_needs_an_id_and_what_is_cited() -> None:
    by_hand = '[report]\nid = "R1"\ndate = 2021-05-21\n[[source]]\ncited = "http://a.example/"\n'
    assert from_toml(by_hand) == SourceManifest(Report("R1", date="2021-05-21"), (Source("http://a.example/"),))
    assert from_toml("\ufeff" + by_hand) == from_toml(by_hand)


HAND = """\
[report]
id = "R1"

[[source]]
cited = "http://a.example/"

[[source]]
cited = "http://b.example/"
skip = false
citations = [ { page = 1 } ]
"""
BROKEN = [
    ("skip = false", "skpi = false", "line 9, source 2: skpi is no key that may stand here; did you mean skip?", 9),
    ("skip = false", 'skip = "yes"', "line 9, source 2: skip must be true or false, and is a text in quotes: 'yes'", 9),
    ("skip = false", "skip = 1", "line 9, source 2: skip must be true or false, and is a whole number: '1'", 9),
    ("skip = false", "note = 2021-05-21",
     "line 9, source 2: note must be a text in quotes, and is a date: '2021-05-21'", 9),
    ('cited = "http://b.example/"', "", "line 7, source 2: cited is missing", 7),
    ('cited = "http://b.example/"', 'cited = ""', "line 8, source 2: cited is missing", 8),
    (
        "b.example", "a.example",
        "line 8, source 2: cited is the same as in source 1; write one [[source]] with both citations", 8,
    ),
    ('"http://b.example/"', '"http://b.example/\\nX: y"',
     "line 8, source 2: cited holds a control character or a line break", 8),
    ("[[source]]\ncited = \"http://a", "[[sources]]\ncited = \"http://a",
     ": sources is no key that may stand here; did you mean source?", None),
    ("skip = false", "skip = false\nskip = true", 'line 10, column 12: not TOML: Cannot overwrite a value', 10),
    ("skip = false", "skip = False", "line 9, column 8: not TOML: Invalid value", 9),
    ("{ page = 1 }", "{ page = 0 }", "line 10, source 2, citations 1: page is 0; it counts from 1", 10),
    ("{ page = 1 }", "{ page = true }",
     "line 10, source 2, citations 1: page must be a whole number, and is true or false: 'True'", 10),
    ("{ page = 1 }", "{ pgae = 1 }",
     "line 10, source 2, citations 1: pgae is no key that may stand here; did you mean page?", 10),
    ("{ page = 1 }", "1", "line 10, source 2: citations must be a list of tables, each under its [[citations]]", 10),
    ("{ page = 1 }", '{ found_by = "me" }',
     "line 10, source 2, citations 1: found_by is 'me'; it is one of text, annotation, both, markup, person", 10),
    ("skip = false", 'successor = "snhr.org"',
     "line 9, source 2: successor is 'snhr.org'; it must be an address that starts with https:// or http://", 9),
    ("skip = false", 'supplied = [ { path = "a.png", how = "x", when = "last week" } ]',
     "line 9, source 2, supplied 1: when 'last week' is no time; write 2026-11-22, or 2026-11-22T10:00:00Z", 9),
    ("skip = false", 'supplied = [ { path = "a.png", how = "x", when = "2026-02-30" } ]',
     "line 9, source 2, supplied 1: when '2026-02-30' is no time; write 2026-11-22, or 2026-11-22T10:00:00Z", 9),
    ("skip = false", 'supplied = [ { path = "a.png", how = "x", when = 2026-11-22T10:00:00 } ]',
     "line 9, source 2, supplied 1: when '2026-11-22T10:00:00' has no zone; end it with Z for UTC, or with +02:00 and "
     "the like", 9),
    ("skip = false", "candidates = [1]", "line 9, source 2: candidates must be a list of texts in quotes", 9),
    ('id = "R1"', "", "line 1, [report]: id is missing", 1),
    ('id = "R1"', 'id = "R1"\ndate = "21.5.2021"',
     "line 3, [report]: date is '21.5.2021'; write the day as 2021-05-21", 3),
    ('id = "R1"', 'id = "R1"\nsha256 = "abc"', "line 3, [report]: sha256 must be 64 hex digits, and is 'abc'", 3),
    ("[report]\nid", "id", ": id is no key that may stand here; known are report, source, passed_over", None),
    ('[report]\nid = "R1"', "", ": [report] is missing", None),
    ('[report]\nid = "R1"', "report = 1", ": [report] must be a table: [report] on a line of its own", None),
]


@pytest.mark.parametrize(("sound", "broken", "complaint", "line"), BROKEN)
def test_each_mistake_is_named_with_its_line_and_the_way_out(
    sound: str, broken: str, complaint: str, line: int | None
) -> None:
    assert len(from_toml(HAND).sources) == 2
    with pytest.raises(StatementError) as observed:
        from_toml(HAND.replace(sound, broken, 1))
    assert str(observed.value) == f"source manifest{'' if complaint[0] == ':' else ' '}{complaint}"
    assert observed.value.line == line


@pytest.mark.parametrize("key", ["title", "publisher", "access"])
def test_a_text_too_long_for_a_line_of_bag_info_is_refused_before_any_request(key: str) -> None:
    longest = "ي" * 10_000
    assert getattr(from_toml(f'[report]\nid = "R1"\n{key} = "{longest}"\n').report, key) == longest
    with pytest.raises(StatementError, match=rf"line 3, \[report\]: {key} has 10,001 characters; at most 10,000"):
        from_toml(f'[report]\nid = "R1"\n{key} = "{longest}x"\n')


@pytest.mark.parametrize("name", ["", ".hidden", "-rf", "a/b", "..", "a b", "تقرير", "x" * 101, "a.", "a\\u0000"])
def test_an_id_that_is_no_safe_name_is_refused(name: str) -> None:
    with pytest.raises(StatementError, match=r"line 2, \[report\]: id "):
        from_toml(f'[report]\nid = "{name}"\n')


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../key", "a/../../key", "C:\\\\key", "\\\\\\\\host\\\\key", "a\\u0000b", "..\\\\key"],
)
def test_a_supplied_file_outside_the_manifests_folder_is_refused(path: str) -> None:
    text = HAND.replace("skip = false", f'supplied = [ {{ path = "{path}", how = "x" }} ]')
    with pytest.raises(StatementError, match="it must lie in this file's folder or below it"):
        from_toml(text)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "\0", "[report]\nid = 'a\nb'"])
def test_hostile_toml_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(StatementError, match=r"not TOML|is no key"):
        from_toml(text)


def test_times_are_read_in_tomls_own_form() -> None:
    supplied = 'supplied = [ { path = "a.png", how = "x", when = 2026-11-22T10:00:00+02:00 } ]'
    text = HAND.replace("skip = false", supplied)
    assert from_toml(text).sources[1].supplied == (Supplied("a.png", "x", when="2026-11-22T08:00:00Z"),)


def test_an_upper_case_digest_is_folded() -> None:
    manifest = replace(SMALL, sources=())
    assert from_toml(to_toml(manifest).replace("abab", "ABAB")) == manifest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("جولة 42", None), ("x" * 1000, None), ("", "nothing"), (" 42", "white space at an end"),
        ("x" * 1001, "1,001 characters"), ("a\nb", "U+000A at character 2"), ("a\u202eb", "U+202E at character 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_round_is_said_with_what_was_found(text: str, found: str | None) -> None:
    wrong = round_problem(text)
    assert (wrong.rpartition("; found ")[2] if wrong is not None else None) == found
