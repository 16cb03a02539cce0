from __future__ import annotations

import re
import string
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from archive import words
from archive.words import CATALOGUES, _flat, languages, load, read_catalogue
from archive_manifests.ledger import REASONS, Status
from archive_manifests.readings import DOUBTS, NOTHING, PASSED_OVER

FORMS = ("zero", "one", "two", "few", "many", "other")
WHOLE = ["ar", "es", "fr"]
"""Languages whose catalogue has to have every sentence."""
FOR_READERS = (
    *("access.", "card.", "cause.", "check.", "conditions.", "counts.", "custody.", "facets.", "page.", "proof.", "readme."),
    *("reason.", "report.", "sources.", "status.", "text.", "timeline.", "cli.error.", "cli.fetch.", "cli.outcome."),
    *("cli.signed.", "cli.verify."),
)
OTHERS = [code for code in languages() if code != "en"]


@cache
def written(code: str) -> dict[str, str]:
    """What stands in the file of a language, without the English sentences that fill its gaps."""
    document = read_catalogue(code)
    document["language"].pop("months")
    return dict(_flat(document))


@cache
def keys(code: str) -> set[str]:
    """Keys of a file, with the forms of a plural folded into one."""
    found = set(written(code))
    plurals = {key.rpartition(".")[0] for key in found if key.endswith(".other") and is_plural(key, found)}
    stems = {form: plural for plural in plurals for form in spelled(plural)}
    return {stems.get(key, key) for key in found}


def is_plural(key: str, found: set[str]) -> bool:
    stem = key.rpartition(".")[0]
    return {other for other in found if other.startswith(f"{stem}.")} <= set(spelled(stem))


def spelled(stem: str) -> list[str]:
    return [f"{stem}.{form}" for form in FORMS]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def needed() -> Iterable[str]:
    """What any ledger may ask for."""
    for status in Status:
        yield from (f"status.{status}.label", f"status.{status}.sentence")
        yield from (f"reason.{status}.{reason}" for reason in sorted(REASONS[status]))


def test_there_are_arabic_spanish_and_french_beside_english() -> None:
    assert languages() == ("en", "ar", "es", "fr")


@pytest.mark.parametrize("code", languages())
def test_every_verdict_has_its_words(code: str) -> None:
    words = load(code)
    assert [key for key in needed() if not words.sentences.get(key, "").strip()] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_no_sentence_that_english_lacks(code: str) -> None:
    assert keys(code) - keys("en") == set()


@pytest.mark.parametrize("code", WHOLE)
def test_a_whole_catalogue_has_every_sentence(code: str) -> None:
    assert keys("en") - keys(code) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_every_sentence_of_the_terminal_and_of_findings(code: str) -> None:
    parts = ("cli.", "finding.", "word.", "status.", "reason.", "cause.", "doubt.", "passed_over.", "nothing.", "answer.")
    assert sorted(key for key in keys("en") - keys(code) if key.startswith(parts)) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_nearly_all_of_the_page_and_of_the_outcomes(code: str) -> None:
    needed = {key for key in keys("en") if key.startswith(FOR_READERS)}
    lacking = needed - keys(code)
    assert len(lacking) < 0.05 * len(needed), sorted(lacking)


def test_a_sentence_that_a_language_lacks_is_the_english_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    english = (CATALOGUES / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(english, "utf-8")
    short = english.partition("[unit]")[0].replace('code = "en"', 'code = "qps"')
    (tmp_path / "qps.toml").write_text(f'{short}[page]\nskip = "⟦skip⟧"\n', "utf-8")
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    load.cache_clear()
    made_up = load("qps")
    load.cache_clear()
    assert (made_up.sentence("page.skip"), made_up.sentence("page.back")) == ("⟦skip⟧", "Back to the top")
    assert made_up.sentence("counts.whole", n=2) == "2 were captured."


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_requests_nothing_that_english_does_not_give(code: str) -> None:
    english, other = load("en").sentences, written(code)
    beside: dict[str, set[str]] = defaultdict(set)
    for known, text in english.items():
        beside[known.rpartition(".")[0]] |= placeholders(text)
    asking = {}
    for key, sentence in other.items():
        stem, _, form = key.rpartition(".")
        given = placeholders(english.get(key, "")) | (beside[stem] if form in FORMS else set())
        if placeholders(sentence) - given - {"n"}:
            asking[key] = placeholders(sentence) - given
    assert asking == {}


SAME_WORDS = {
    *("desk.seen.sources.one", "desk.seen.sources.other", "desk.finish.sources.one", "desk.finish.sources.other"),
    *("desk.review.list", "desk.review.state.sure", "desk.review.legend_sure", "desk.review.on_page", "desk.run.title"),
    *("desk.check.code", "desk.check.error", "cli.cite.place_page"),
    *("annex.verdict", "counts.verdict", "show.verdict"),
}
"""Words that French or Spanish spells as English does: source, page, certain, citation, capture, code, error, verdict."""


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_was_left_in_english(code: str) -> None:
    english, other = written("en"), written(code)
    latin = re.compile("[a-z]{3}")
    same = {key for key, said in other.items() if said == english.get(key) and latin.search(re.sub("{.*?}", "", said))}
    # Names of systems, units, and patterns without words are the same in several languages.
    assert same - SAME_WORDS <= {"unit.MB", "unit.GB", "language.instant", "language.direction", "readme.on_linux", "readme.on_mac", "readme.on_windows", "cli.error.frame", "cli.show.next_view", "cli.fetch.next", "cli.disclose.next"}


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 sources"), (1, "1 source,"), (2, "2 sources"), (12, "12 sources"), (1_234, "1,234 sources")],
)
def test_english_counts_one_and_many(number: int, said: str) -> None:
    assert said in load("en").sentence("counts.lead", n=number, places=3)


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "بمصدر واحد"), (2, "بمصدرين"), (3, "بـ٣ مصادر"), (10, "بـ١٠ مصادر"), (11, "بـ١١ مصدرًا"), (99, "بـ٩٩ مصدرًا"),
     (100, "بـ١٠٠ مصدر "), (103, "بـ١٠٣ مصادر"), (1_234, "بـ١٬٢٣٤ مصدرًا")],
)  # fmt: skip
def test_arabic_counts_in_six_forms(number: int, said: str) -> None:
    assert said in load("ar").sentence("counts.lead", n=number, places=3)


def test_moments_and_sizes_are_written_as_a_language_writes_them() -> None:
    english, arabic = load("en"), load("ar")
    assert english.instant("2026-11-22T10:05:09Z") == "22 November 2026, 10:05:09 UTC"
    assert arabic.instant("2026-11-22T10:05:09Z") == "٢٢ تشرين الثاني/نوفمبر ٢٠٢٦، ١٠:٠٥:٠٩ بالتوقيت العالمي"
    assert english.instant("2021-05-21") == "21 May 2021"
    assert english.instant("some day") == "some day"
    assert (english.size(999), english.size(1_234_567), arabic.size(18_107)) == ("999 B", "1.2 MB", "١٨٫١ كيلوبايت")


def test_a_moment_in_another_zone_is_reported_in_utc() -> None:
    assert load("en").instant("2026-11-22T12:05:09+02:00") == "22 November 2026, 10:05:09 UTC"


def test_a_language_without_a_catalogue_is_reported_in_english() -> None:
    assert load("tlh").code == "en"
    assert load("ar-SY").code == "ar"


def test_the_remarks_of_a_source_manifest_use_the_sentences_of_the_catalogue() -> None:
    sentences = load("en").sentences
    for section, stated in (("doubt", DOUBTS), ("passed_over", PASSED_OVER), ("nothing", NOTHING)):
        assert {code: sentences[f"{section}.{code}"] for code in stated} == stated


def test_arabic_numbers_have_all_their_forms() -> None:
    """1, 2, 3-10, 11-99, and 100: where one form differs from the others, none may be missing."""
    found: dict[str, set[str]] = {}
    sentences = written("ar")
    for key in sentences:
        stem, _, form = key.rpartition(".")
        if form in FORMS and f"{stem}.other" in sentences:
            found.setdefault(stem, set()).add(form)
    assert [stem for stem, forms in found.items() if "few" in forms and not {"one", "two", "many"} <= forms] == []


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (90, "1 minute, 30 seconds"),
        (3600, "1 hour"),
        (273_605, "3 days, 4 hours"),
        (86_401, "1 day, 1 second"),
    ],
)
def test_a_length_of_time_is_written_in_its_two_largest_units(seconds: int, written: str) -> None:
    assert load("en").span(seconds) == written
    assert load("ar").span(2) == "ثانيتان"
