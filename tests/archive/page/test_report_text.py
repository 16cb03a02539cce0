from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.page.report_text import CitationPlace, TextPiece, abridge, pieces, places
from archive_manifests.ledger import Status
from archive_manifests.sources import Citation
from tests.archive.page.sample_ledger import source


def at(start: int, end: int, source_id: str = "s01", number: int = 1) -> CitationPlace:
    return CitationPlace(source_id, number, start, end)


def test_a_text_is_cut_at_its_citations() -> None:
    place = at(4, 7)
    assert list(pieces("see abc.", [place])) == [
        TextPiece("see "),
        TextPiece("abc", (place,), (place,), True),
        TextPiece("."),
    ]


def test_overlapping_citations_are_cut_into_pieces_that_nest_nowhere() -> None:
    one, two = at(0, 4), at(2, 6, "s02")
    assert list(pieces("abcdefgh", [one, two])) == [
        TextPiece("ab", (one,), (), True),
        TextPiece("cd", (two,), (one,), True),
        TextPiece("ef", (), (two,), True),
        TextPiece("gh"),
    ]


def test_offsets_count_code_points() -> None:
    text = "𓀀 فيلم https://a.example/ 𓀀"
    citation = Citation(offset=text.index("https"), length=len("https://a.example/"))
    entry = source(1, "https://a.example/", Status.CAPTURED, citations=(citation,))
    (cited,) = [piece.text for piece in pieces(text, places([entry], text)) if piece.is_cited]
    assert cited == "https://a.example/"


def test_a_place_that_cannot_be_is_left_out() -> None:
    text = "0123456789"
    offsets = [(None, 3), (-1, 3), (10, 1), (99, 3), (8, 50), (2, None)]
    citations = tuple(Citation(offset=offset, length=length) for offset, length in offsets)
    entry = source(1, "cited", Status.CAPTURED, citations=citations)
    assert places([entry], text) == [CitationPlace("s01", 6, 2, 7), CitationPlace("s01", 5, 8, 10)]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-2, 70), st.integers(-1, 20)), max_size=8))
def test_the_pieces_are_the_text_and_every_place_begins_and_ends_once(
    text: str, cut: list[tuple[int, int]]
) -> None:
    citations = tuple(Citation(offset=offset, length=length) for offset, length in cut)
    cited = places([source(1, "x", Status.CAPTURED, citations=citations)], text)
    found = list(pieces(text, cited))
    assert "".join(piece.text for piece in found) == text
    assert sorted(place.number for piece in found for place in piece.starts) == sorted(p.number for p in cited)
    assert sorted(place.number for piece in found for place in piece.ends) == sorted(p.number for p in cited)
    covered = [number for number in range(len(text)) if any(place.start <= number < place.end for place in cited)]
    assert "".join(piece.text for piece in found if piece.is_cited) == "".join(text[number] for number in covered)


def test_of_a_huge_text_the_surroundings_of_citations_are_shown() -> None:
    text = "a" * 5_000 + "CITED" + "b" * 30
    (place,) = [at(5_000, 5_005)]
    found = list(abridge(pieces(text, [place]), whole=False, reach=100))
    assert found == [
        TextPiece("a" * 100),
        TextPiece("", left_out=4_800),
        TextPiece("a" * 100),
        TextPiece("CITED", (place,), (place,), True),
        TextPiece("b" * 30),
    ]
    assert list(abridge(pieces(text, [place]), whole=True)) == list(pieces(text, [place]))
