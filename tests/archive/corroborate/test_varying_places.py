"""A place in which each of several observers saw something else, and one in which a single one did."""

from __future__ import annotations

from itertools import combinations

import pytest

from archive.corroborate.evidence import SourceEvidence
from archive.corroborate.pair import compare_sources
from archive.corroborate.varying_captures import read_varying
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, news_page
from tests.archive.corroborate.page_pairs import evidence

CONTRADICTS, DIFFERS = PairStatus.CONTRADICTS, PairStatus.DIFFERS


def statuses(values: list[str], line: str = "<div class=left>Tickets left: {}</div>") -> list[PairStatus]:
    seen: list[SourceEvidence] = [evidence(news_page(line.format(value))) for value in values]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    return [each.status for each in found if each is not None]


def test_a_line_that_nobody_saw_alike_varies() -> None:
    assert statuses(["412", "398"]) == [CONTRADICTS]
    assert statuses(["412", "398", "377"]) == [DIFFERS] * 3


def test_two_of_five_that_saw_the_same_by_chance_change_nothing() -> None:
    assert CONTRADICTS not in statuses(["412", "398", "377", "398", "365"])


def test_a_line_that_two_of_four_saw_alike_does_not_vary() -> None:
    assert CONTRADICTS in statuses(["412", "398", "398", "377"])


@pytest.mark.parametrize("forged", [["31"], ["31", "3"]])
def test_what_the_honest_saw_alike_contradicts_what_a_forger_says(forged: list[str]) -> None:
    found = statuses(["37", "37", "37", *forged], "<p>Graves: {}</p>")
    assert found.count(CONTRADICTS) == sum(len({*pair}) > 1 for pair in combinations(["37", "37", "37", *forged], 2))


def test_another_text_in_place_of_another_varies_unless_it_speaks_of_the_page() -> None:
    line = "<div>Next: <b>{}</b></div>"
    assert CONTRADICTS not in statuses(["Old maps", "Rain in May", "A new bridge"], line)
    assert CONTRADICTS in statuses(["Old maps", "Rain in May", "Report on the strike was invented"], line)


def test_nothing_in_a_table_or_in_the_main_text_is_such_a_place() -> None:
    assert statuses(["37", "31", "3"], "<table><tr><td>Graves</td><td>{}</td></tr></table>") == [CONTRADICTS] * 3
    seen = [evidence(news_page(article=ARTICLE.replace("10-20", value))) for value in ("37", "31", "3")]
    varying = read_varying([each.live for each in seen if each.live is not None])
    found = [compare_sources(*pair, varying) for pair in combinations(seen, 2)]
    assert [each.status for each in found if each is not None] == [CONTRADICTS] * 3
