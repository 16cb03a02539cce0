from __future__ import annotations

import re
import string
from collections.abc import Iterable

import pytest

from archive.words import Catalogue, languages, load
from archive_manifests.ledger import REASONS, Status

FORMS = ("zero", "one", "two", "few", "many", "other")
OTHERS = [code for code in languages() if code != "en"]


def keys(words: Catalogue) -> set[str]:
    """Keys, with the forms of a plural folded into one."""
    found = set(words.sentences)
    plurals = {key.rpartition(".")[0] for key in found if key.endswith(".other") and is_plural(key, found)}
    return {next((plural for plural in plurals if key in spelled(plural)), key) for key in found}


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


def test_there_is_arabic_beside_english() -> None:
    assert languages()[0] == "en"
    assert "ar" in languages()


@pytest.mark.parametrize("code", languages())
def test_every_verdict_has_its_words(code: str) -> None:
    words = load(code)
    assert [key for key in needed() if not words.sentences.get(key, "").strip()] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_all_that_english_says(code: str) -> None:
    assert keys(load("en")) == keys(load(code))


@pytest.mark.parametrize("code", OTHERS)
def test_a_sentence_asks_for_nothing_that_english_does_not_give(code: str) -> None:
    english, other = load("en"), load(code)
    asking = {}
    for key, sentence in other.sentences.items():
        given = {
            name
            for known, text in english.sentences.items()
            if known == key or (known.rpartition(".")[0] == key.rpartition(".")[0] and key.rpartition(".")[2] in FORMS)
            for name in placeholders(text)
        }
        if placeholders(sentence) - given - {"n"}:
            asking[key] = placeholders(sentence) - given
    assert asking == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_was_left_in_english(code: str) -> None:
    english, other = load("en").sentences, load(code).sentences
    latin = re.compile("[a-z]{3}")
    same = {key for key, said in other.items() if said == english.get(key) and latin.search(re.sub("{.*?}", "", said))}
    # Names of systems, and this program's own, are the same everywhere.
    assert same <= {"readme.on_linux", "readme.on_mac", "readme.on_windows", "cli.error.frame", "cli.show.next_view"}


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


def test_a_moment_in_another_zone_is_told_in_utc() -> None:
    assert load("en").instant("2026-11-22T12:05:09+02:00") == "22 November 2026, 10:05:09 UTC"


def test_a_language_without_a_catalogue_is_told_in_english() -> None:
    assert load("tlh").code == "en"
    assert load("ar-SY").code == "ar"
