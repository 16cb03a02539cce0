"""Whether a difference between two texts is explained by what changes with every visit. Whatever is not, is substance.

A changing number, time or advertisement is explained by evidence, not by its looks alone: a clock shows the time of its
own visit, a counter stands beside the word for what it counts, an advertisement lies in a place that both pages have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.corroborate.align import Gap, gaps
from archive.corroborate.dates import TimeExpression, Visits, explained, time_expressions
from archive.corroborate.folding import composed, fold, words
from archive.corroborate.page_text import TextBlock
from archive.corroborate.slots import COUNTERS, LAYOUT, is_teaser

SUBSTANCE = "substance"
COUNTER, DATE, TOKEN = "counter", "date", "token"

_SHORT = 14
"""Words of a block that is no prose: a counter, a line with a clock."""
_LONGEST_CLOCK = 2000
"""Characters of a text in which times are looked for."""
_LONGEST_ADVERTISEMENT = 500
_COUNTED = re.compile(
    r"(?:\b(?:views?|viewed|hits?|likes?|liked|shares?|shared|comments?|visitors?|visits?|followers?|following|subscribers?|"
    r"votes?|reads?|plays?|downloads?|online|reactions?|retweets?|reposts?|replies|members?|counter|"
    r"vues?|visites?|visiteurs?|partages?|commentaires?|abonnés?|lectures?|"
    r"visitas?|vistas?|comentarios?|compartidos?|seguidores|me gusta|reproducciones|descargas)\b"
    r"|مشاهدة|مشاهدات|زيارة|زيارات|زائر|زوار|إعجاب|اعجاب|تعليق|تعليقات|مشاركة|مشاركات|متابع|متابعين|قراءة|قراءات|تحميل)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:generated|rendered|loaded|took|elapsed|queries|query|memory|généré|généree|generado|seconds|ms)\b|استغرق",
    re.IGNORECASE,
)
_NEVER_COUNTED = re.compile(
    r"\b(?:kill(?:ed|ing|ings)?|dead|deaths?|died|casualt(?:y|ies)|injured|wounded|victims?|detain(?:ed|ees)|missing|"
    r"disappeared|tortured|raped|executed|displaced|prisoners?|civilians?|children|tués?|morts?|blessés?|victimes?|"
    r"muertos?|heridos?|víctimas?|asesinad[oa]s?|desaparecid[oa]s?)\b"
    r"|قتيل|قتلى|قتل|شهيد|شهداء|جريح|جرحى|ضحايا|ضحية|معتقل|مفقود|نازح|مدني|طفل|أطفال",
    re.IGNORECASE,
)
"""What a report is about is never taken for a counter of readers."""
_NUMBER = re.compile(
    r"[+-]?[0-9٠-٩۰-۹][0-9٠-٩۰-۹.,'٬٫\u00a0]*\s?(?:k|m|tsd|mil|ألف|مليون)?\.?[)\]:;،,]?\Z", re.IGNORECASE
)
_MACHINE = re.compile(
    r"(?=[A-Za-z0-9_.:=+/-]*[0-9])(?=[A-Za-z0-9_.:=+/-]*[A-Za-z])[A-Za-z0-9_:=+/-]{8,}\.?\Z"
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F-]{4,}\Z"
)
_LABELLED = re.compile(
    r"\b(?:request|session|ray|trace|transaction|incident|event|visitor|support|error|ref(?:erence)?|correlation)\b.{0,12}"
    r"\b(?:id|no|number|code)\b|\b(?:ray|session|request|trace) ?id\b|\b(?:token|nonce|csrf)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"[#(]?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*[).,]?")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]{1,9}")
_BROWSER = re.compile(
    r"\b(Chrome|Chromium|HeadlessChrome|Firefox|Safari|Edge?|OPR|Opera|Version|AppleWebKit|Mozilla|Gecko|rv)"
    r"[/: ]{1,2}[0-9][0-9.]*",
    re.IGNORECASE,
)
_CLOCK_WORDS = re.compile(
    r"\b(?:now|today|current|currently|updated?|generated|rendered|cached|retrieved|accessed|server time|local time|"
    r"maintenant|aujourd'hui|mis à jour|généré|hoy|ahora|actualizado|generado)\b|الآن|اليوم|تحديث|الساعة|توقيت",
    re.IGNORECASE,
)
MASK = "[address]"


@dataclass(frozen=True, slots=True)
class PageContext:
    """What two pages are, beside the texts that differ."""

    visits: Visits
    slots: frozenset[str]
    """Changing places that both pages have."""
    vocabulary: frozenset[str]
    """Words of the main text of either page."""


def classify(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> frozenset[str]:
    """What explains that these two texts differ, or that only one page has one: kinds of change, or `SUBSTANCE`."""
    if one is None or other is None:
        alone = one or other
        assert alone is not None
        return frozenset({_alone(alone, context)})
    in_slot = _in_slot(one, other, context)
    if in_slot is not None:
        return frozenset({in_slot})
    return frozenset(_changes(one, other, context))


def _in_slot(one: TextBlock, other: TextBlock, context: PageContext) -> str | None:
    """The kind of the changing place that both texts are in; None where one is in none, or speaks of the page."""
    if one.slot is None or one.slot != other.slot or one.kind not in ("visible", "attribute", "hidden"):
        return None
    if one.slot_name != other.slot_name and not (one.links and other.links):
        return None
    return one.slot if all(_is_harmless(each, context, is_in_both=True) for each in (one, other)) else None


def _alone(block: TextBlock, context: PageContext) -> str:
    if block.slot is not None and _is_harmless(block, context, is_in_both=block.slot_name in context.slots):
        return block.slot
    text = fold(block.text)
    if len(words(text)) <= _SHORT and not _NEVER_COUNTED.search(text):
        if _COUNTED.search(text) and all(_NUMBER.match(word) or _COUNTED.fullmatch(word) for word in text.split()):
            return COUNTER
        rest = _ADDRESS.sub("", text)
        if rest != text and not words(rest):
            return TOKEN
    return SUBSTANCE


def _is_harmless(block: TextBlock, context: PageContext, *, is_in_both: bool) -> bool:
    """True for what changes in its place, and does not speak of what the page is about."""
    if len(block.text) > _LONGEST_ADVERTISEMENT or _NEVER_COUNTED.search(fold(block.text)):
        return False
    if block.slot == LAYOUT and is_teaser(frozenset(block.slot_name.partition(".")[2].split())) and not block.is_link:
        return False
    if not is_in_both and not block.links:
        return False
    long = {word.casefold() for word in words(fold(block.text)) if len(word) > 3}
    shared = long & context.vocabulary
    return len(shared) < 3 or len(shared) < 0.4 * len(long)


def _changes(one: TextBlock, other: TextBlock, context: PageContext) -> Iterator[str]:
    texts = composed(one.text), composed(other.text)
    if _BROWSER.search(texts[0]) and _BROWSER.sub(r"\1", texts[0]) == _BROWSER.sub(r"\1", texts[1]):
        yield LAYOUT
        return
    parts = _spans(texts[0]), _spans(texts[1])
    is_long = max(map(len, texts)) > _LONGEST_CLOCK
    times = ([], []) if is_long else (time_expressions(texts[0]), time_expressions(texts[1]))
    found = gaps(
        [fold(texts[0][start:end]) for start, end in parts[0]], [fold(texts[1][start:end]) for start, end in parts[1]]
    )
    if not found:  # what differs is not a word: a sign on a letter
        yield SUBSTANCE
    for gap in found:
        yield _explain(gap, (one, other), texts, parts, times, context)


_SPACED = re.compile(r"\S+")


def _spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SPACED.finditer(text)]


def _explain(
    gap: Gap,
    blocks: tuple[TextBlock, TextBlock],
    texts: tuple[str, str],
    parts: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    times: tuple[list[TimeExpression], list[TimeExpression]],
    context: PageContext,
) -> str:
    if gap.first == gap.first_end or gap.second == gap.second_end:
        return SUBSTANCE
    spans = (
        (parts[0][gap.first][0], parts[0][gap.first_end - 1][1]),
        (parts[1][gap.second][0], parts[1][gap.second_end - 1][1]),
    )
    is_short = max(len(parts[0]), len(parts[1])) <= _SHORT
    if _is_explained_time(texts, spans, times, context.visits, is_short=is_short):
        return DATE
    changed = tuple(text[start:end] for text, (start, end) in zip(texts, spans, strict=True))
    if all(map(_ADDRESS.search, changed)) and _ADDRESS.sub("", changed[0]) == _ADDRESS.sub("", changed[1]):
        return TOKEN
    if all(_NUMBER.match(each.strip("([#")) for each in changed) and _is_counter(blocks, texts, is_short=is_short):
        return COUNTER
    if is_short and all(map(_MACHINE.match, changed)):
        return TOKEN
    if is_short and all(map(_LABELLED.search, texts)) and all(map(_NUMBERED.fullmatch, changed)):
        return TOKEN
    return SUBSTANCE


def _is_counter(blocks: tuple[TextBlock, TextBlock], texts: tuple[str, str], *, is_short: bool) -> bool:
    if any(map(_NEVER_COUNTED.search, texts)):
        return False
    if all(block.labels & COUNTERS for block in blocks) and is_short:
        return True
    return is_short and (all(map(_COUNTED.search, texts)) or all(map(_MEASURED.search, texts)))


def _is_explained_time(
    texts: tuple[str, str],
    spans: tuple[tuple[int, int], tuple[int, int]],
    times: tuple[list[TimeExpression], list[TimeExpression]],
    visits: Visits,
    *,
    is_short: bool,
) -> bool:
    says_now = all(map(_CLOCK_WORDS.search, texts))
    if not (is_short or says_now) or max(map(len, texts)) > _LONGEST_CLOCK:
        return False  # a day in prose is what the page reports, not a clock
    within = [
        [time for time in found if time.start < end and start < time.end and time.kind]
        for found, (start, end) in zip(times, spans, strict=True)
    ]
    if not within[0] or len(within[0]) != len(within[1]):
        return False
    for text, (start, end), found in zip(texts, spans, within, strict=True):
        rest = "".join(text[at] for at in range(start, end) if not any(one.start <= at < one.end for one in found))
        if any(character.isalnum() for character in rest):
            return False
    return all(explained(a, b, visits, is_cached=says_now) for a, b in zip(*within, strict=True))


def masked(text: str) -> str:
    """The text without addresses of networks: a page may state its reader's own."""
    return _ADDRESS.sub(MASK, text)
