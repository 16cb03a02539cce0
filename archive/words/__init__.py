"""The one catalogue of sentences that people read: one file for each language."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.words.sentence_file import read_sentences
from archive_manifests.errors import SentenceKey
from archive_manifests.finding_codes import CATALOGUE as FINDINGS

FALLBACK = "en"
_PARTS = {"note": "note_sentences", "finding": "finding_sentences", "desk": "desk_sentences"}
"""Table of a catalogue that has a folder of its own -> the folder."""
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
CATALOGUES = Path(__file__).parent
"""The folder of the catalogues."""
_UNITS_OF_TIME = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Catalogue(Struct, frozen=True):
    """The sentences of one language, and its way to write numbers, dates and sizes."""

    code: str
    """BCP 47: `en`, `ar`."""
    direction: str
    """`ltr` or `rtl`."""
    sentences: dict[str, str]
    """Dotted key -> sentence with {placeholders}."""
    months: tuple[str, ...]

    def has(self, key: str) -> bool:
        return key in self.sentences

    def sentence(self, key: str, /, **values: object) -> str:
        """The sentence at `key`; of a plural, the form for `n`. Raises `KeyError`."""
        written = {name: self.format_value(value) for name, value in values.items()}
        return self.form(key, values.get("n")).format(**written)

    def form(self, key: str, n: object = None) -> str:
        """The sentence at `key` with its {placeholders}."""
        if key in self.sentences:
            return self.sentences[key]
        form = f"{key}.{_plural(self.code, n) if isinstance(n, int) else 'other'}"
        zero = f"{key}.zero"
        if n == 0 and zero in self.sentences:
            form = zero
        return self.sentences[form] if form in self.sentences else self.sentences[f"{key}.other"]

    def error(self, sentence: str, facts: Mapping[str, str]) -> str:
        """What an error says, in this language. Raises `KeyError`."""
        keyed = {name: self.sentence(fact) if isinstance(fact, SentenceKey) else fact for name, fact in facts.items()}
        return self.sentence(f"cli.error.said.{sentence}", **keyed)

    def format_value(self, value: object) -> str:
        """A value as this language writes it; text stays as it is."""
        return self.number(value) if isinstance(value, int | float) else str(value)

    def number(self, value: float) -> str:
        plain = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
        signs = {",": self.sentences["language.group"], ".": self.sentences["language.decimal"]}
        return self.digits("".join(signs.get(sign, sign) for sign in plain))

    def digits(self, text: str) -> str:
        """The text with its ASCII digits in this language's own."""
        return text.translate(str.maketrans(string.digits, self.sentences["language.digits"]))

    def listed(self, parts: Iterable[str]) -> str:
        """Several things one after the other, with this language's comma."""
        return self.sentences["language.comma"].join(parts)

    def size(self, octets: int) -> str:
        """Octets in the unit that makes the number short; a KB is 1,000 octets."""
        for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
            if octets >= factor:
                return self.sentence(f"unit.{unit}", n=round(octets / factor, 1))
        return self.sentence("unit.B", n=octets)

    def span(self, seconds: int) -> str:
        """A length of time in its two largest units: `3 days, 4 hours`."""
        parts, left = list[str](), abs(seconds)
        for unit, length in _UNITS_OF_TIME:
            n, left = divmod(left, length)
            if n or (length == 1 and not parts):
                parts.append(self.sentence(f"unit.{unit}", n=n))
        return self.listed(parts[:2])

    def date(self, text: str) -> str:
        """A date such as `2021-05-21` in words; other text stays as it is."""
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            return text
        return self.sentences["language.date"].format(
            day=self.digits(str(day.day)), month=self.months[day.month - 1], year=self.digits(str(day.year))
        )

    def instant(self, text: str) -> str:
        """An instant such as `2026-11-22T10:00:00Z` in words, in UTC, to the second; other text stays as it is."""
        if "T" not in text:
            return self.date(text)
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            return text
        clock = self.digits(moment.strftime("%H:%M:%S"))
        return self.sentences["language.instant"].format(date=self.date(moment.isoformat()), clock=clock)


def languages() -> tuple[str, ...]:
    """The codes of the languages that have a catalogue, English first, then by name."""
    found = (entry.name for entry in CATALOGUES.iterdir() if entry.name.endswith(".toml"))
    codes = sorted(name.removesuffix(".toml") for name in found)
    return (FALLBACK, *(code for code in codes if code != FALLBACK))


def has_language(code: str) -> bool:
    """Whether a language has a catalogue; `ar-SY` and `ar_SY.UTF-8` are `ar`, and `C` is English."""
    return _short(code) in languages()


def _short(code: str) -> str:
    language = re.split(r"[-_.@]", code.lower())[0]
    return FALLBACK if language in ("c", "posix") else language


@cache
def load(code: str = FALLBACK) -> Catalogue:
    """The catalogue of a language, or of English where that language has none; `ar-SY` finds `ar`.

    A sentence that the language lacks is the English one.
    """
    chosen = _short(code) if has_language(code) else FALLBACK
    document = read_catalogue(chosen)
    months = tuple(document["language"].pop("months"))
    sentences = dict(_flat(document))
    lacking = {} if chosen == FALLBACK else _lacking(sentences)
    return Catalogue(chosen, sentences["language.direction"], lacking | sentences, months)


def read_catalogue(code: str) -> dict[str, Any]:
    """The sentences of a language, with those of notes, findings and the desk below `note`, `finding` and `desk`."""
    document = read_sentences((CATALOGUES / f"{code}.toml").read_text(encoding="utf-8"))
    for part, folder in _PARTS.items():
        file = CATALOGUES / folder / f"{code}.toml"
        document[part] = read_sentences(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if code == FALLBACK:
        document["finding"] = {code: row.says for code, row in FINDINGS.items()}
    return document


def _lacking(sentences: dict[str, str]) -> dict[str, str]:
    """The English sentences, single or plural, of which a catalogue has no form."""
    there = {_stem(key) for key in sentences}
    return {key: text for key, text in load(FALLBACK).sentences.items() if _stem(key) not in there}


def _stem(key: str) -> str:
    """A key without the form of a plural."""
    stem, _, form = key.rpartition(".")
    return stem if form in _FORMS else key


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _plural(code: str, n: int) -> str:
    """The plural category of `n`. (Unicode CLDR, plural rules; cardinal numbers)"""
    if code == "fr":
        return "one" if n in (0, 1) else "other"
    if code != "ar":
        return "one" if n == 1 else "other"
    if n < 3:
        return ("zero", "one", "two")[max(n, 0)]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else "other"
