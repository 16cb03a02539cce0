"""Whether a difference between two texts is explained by what changes with every visit. Whatever is not, is substance.

A changing number, time or advertisement is explained by evidence, not by its looks alone: a clock shows the time of its
own visit, a counter stands beside the word for what it counts, an advertisement lies in a place that both pages have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archive.corroborate.align import Gap, gaps
from archive.corroborate.clocks import LONGEST, is_explained, is_greeting
from archive.corroborate.counters import NUMBER, clause_at, counts_readers, measures_server
from archive.corroborate.dates import TimeExpression, Visits, time_expressions
from archive.corroborate.folding import composed, fold, words
from archive.corroborate.interface_words import is_prompt, is_same_label
from archive.corroborate.page_content import PageContent, TextBlock
from archive.corroborate.personal import is_personal
from archive.corroborate.places import place_of_link
from archive.corroborate.slots import LAYOUT, is_teaser

SUBSTANCE = "substance"
COUNTER, DATE, TOKEN = "counter", "date", "token"

_SHORT = 14
"""Words of a block that is no prose: a counter, a line with a clock."""
_SENTENCE = 8
"""Words of a line that says something; fewer are a label, a clock, a counter."""
_LONGEST_ADVERTISEMENT = 500
_LONGEST_TEASER = 300
NEVER_COUNTED = re.compile(
    r"\b(?:kill(?:ed|ing|ings)?|dead|deaths?|died|casualt(?:y|ies)|injured|wounded|victims?|detain(?:ed|ees)|missing|"
    r"disappeared|tortured|raped|executed|displaced|prisoners?|civilians?|children|tués?|morts?|blessés?|victimes?|"
    r"muertos?|heridos?|víctimas?|asesinad[oa]s?|desaparecid[oa]s?)\b"
    r"|قتيل|قتلى|قتل|شهيد|شهداء|جريح|جرحى|ضحايا|ضحية|معتقل|مفقود|نازح|مدني|طفل|أطفال",
    re.IGNORECASE,
)
"""What a report is about is never taken for a counter of readers."""
_LABELLED = re.compile(
    r"\b(?:request|session|ray|trace|transaction|visitor|correlation)[ _-]{0,2}(?:id|no|number|#)"
    r"|\b(?:token|nonce|csrf)\b|\b(?:served by|backend|hostname|server|node|instance|pod|cache)\b[:=]?",
    re.IGNORECASE,
)
"""What an identifier of one request is called. A case, an incident, a number plate is none."""
_NUMBERED = re.compile(r"[#(]?[A-Za-z0-9_.-]*[0-9][A-Za-z0-9_.-]*[).,]?")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]{1,9}")
_READERS_ADDRESS = re.compile(
    r"\b(?:your|client|visitor|you are|remote|votre|vous|tu|su)\b|عنوانك|الخاص بك", re.IGNORECASE
)
_BROWSER = re.compile(
    r"\b(Chrome|Chromium|HeadlessChrome|Firefox|Safari|Edge?|OPR|Opera|Version|AppleWebKit|Mozilla|Gecko|rv)"
    r"[/: ]{1,2}[0-9][0-9.]*",
    re.IGNORECASE,
)
_NAMES_BROWSER = re.compile(r"\b(?:Chrome|Chromium|HeadlessChrome|Firefox|Safari|Edge|Opera|Mozilla)\b", re.IGNORECASE)
MASK = "[address]"


@dataclass(frozen=True)
class PageContext:
    """What two pages are, beside the texts that differ."""

    visits: Visits
    slots: frozenset[str]
    """Changing places that both pages have."""
    pages: tuple[PageContent, ...] = ()

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words of what the pages are about."""
        spoken = (fold(block.text) for page in self.pages for block in page.blocks if _is_of_subject(block))
        return frozenset(word.casefold() for text in set(spoken) for word in words(text) if len(word) > 3)


def _is_of_subject(block: TextBlock) -> bool:
    """True for what the page is about: its article, its title, and sentences anywhere."""
    if block.kind == "title":
        return True
    if block.kind != "visible" or block.slot is not None or block.is_link:
        return False
    return block.section in ("article", "main") or len(block.text.split()) >= _SENTENCE


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
    if all(map(_is_teaser, (one, other))):
        return LAYOUT if place_of_link(one.near_link) != place_of_link(other.near_link) else None
    if one.slot is None or one.slot != other.slot or one.kind not in ("visible", "attribute", "hidden"):
        return None
    if one.slot_name != other.slot_name and not (one.links and other.links):
        return None
    return one.slot if all(_is_harmless(each, context, is_in_both=True) for each in (one, other)) else None


def _is_teaser(block: TextBlock) -> bool:
    """True for a text in a list of other pages that belongs to a link: its headline, or what stands below that.

    The same link with another text is no other teaser: somebody changed its words.
    """
    if not block.near_link or block.kind not in ("visible", "attribute", "hidden") or len(block.text) > _LONGEST_TEASER:
        return False
    return (block.slot == LAYOUT and is_teaser(block.slot_labels)) or (block.section == "aside" and block.is_link)


def _alone(block: TextBlock, context: PageContext) -> str:
    if is_prompt(block.labels | block.slot_labels, block.text) and _shares(block, context) < 2:
        return LAYOUT
    if block.slot is not None and _is_harmless(block, context, is_in_both=block.slot_name in context.slots):
        return block.slot
    text = fold(block.text)
    has_number = any(map(NUMBER.match, text.split()))
    if len(words(text)) <= _SHORT and has_number and counts_readers(text, frozenset()):
        return COUNTER
    rest = _ADDRESS.sub("", text)
    if rest != text and not words(rest) and "ip" in block.labels:
        return TOKEN
    return SUBSTANCE


def _shares(block: TextBlock, context: PageContext) -> int:
    """How many words a block has in common with what the page is about."""
    return len({word.casefold() for word in words(fold(block.text)) if len(word) > 3} & context.vocabulary)


def _is_harmless(block: TextBlock, context: PageContext, *, is_in_both: bool) -> bool:
    """True for what changes in its place, and does not speak of what the page is about."""
    if len(block.text) > _LONGEST_ADVERTISEMENT or NEVER_COUNTED.search(fold(block.text)):
        return False
    if block.slot == LAYOUT:
        is_named = is_teaser(block.slot_labels) and block.is_link
        if not is_named and not is_prompt(block.labels | block.slot_labels, block.text):
            return False
    if not is_in_both and not block.links:
        return False
    long = {word.casefold() for word in words(fold(block.text)) if len(word) > 3}
    shared = long & context.vocabulary
    return len(shared) < 3 or len(shared) < 0.4 * len(long)


def _changes(one: TextBlock, other: TextBlock, context: PageContext) -> Iterator[str]:
    texts = composed(one.text), composed(other.text)
    if is_same_label(*texts):
        yield LAYOUT
        return
    if is_greeting(texts[0]) and is_greeting(texts[1]):
        yield DATE
        return
    if all(map(_NAMES_BROWSER.search, texts)) and _BROWSER.sub(r"\1", texts[0]) == _BROWSER.sub(r"\1", texts[1]):
        yield LAYOUT
        return
    parts = _spans(texts[0]), _spans(texts[1])
    found = gaps(
        [fold(texts[0][start:end]) for start, end in parts[0]], [fold(texts[1][start:end]) for start, end in parts[1]]
    )
    if not found:  # what differs is not a word: a sign on a letter
        yield SUBSTANCE
        return
    is_short = max(map(len, parts)) <= _SHORT
    if not is_short and not all(any(map(str.isdigit, part)) for gap in found for part in _words_of(texts, parts, gap)):
        yield SUBSTANCE  # another word in a sentence
        return
    if max(map(len, texts)) > LONGEST:
        yield SUBSTANCE  # no clock and no counter is that long
        return
    times = time_expressions(texts[0]), time_expressions(texts[1])
    whole = (0, len(texts[0])), (0, len(texts[1]))
    if is_explained(texts, whole, times, context.visits, texts, is_short=True):
        yield DATE
        return
    if is_personal(one, other, [tuple(_words_of(texts, parts, gap)) for gap in found]) and not (
        _shares(one, context) or _shares(other, context)
    ):
        yield LAYOUT
        return
    for gap in found:
        kind = _explain(gap, (one, other), texts, parts, times, context)
        yield kind
        if kind == SUBSTANCE:
            return


def _words_of(texts: tuple[str, str], parts: tuple[list[tuple[int, int]], ...], gap: Gap) -> Iterator[str]:
    for text, spans, start, end in zip(
        texts, parts, (gap.first, gap.second), (gap.first_end, gap.second_end), strict=True
    ):
        yield text[spans[start][0] : spans[end - 1][1]] if start < end else ""


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
    clauses = clause_at(texts[0], *spans[0]), clause_at(texts[1], *spans[1])
    if is_explained(texts, spans, times, context.visits, clauses, is_short=is_short):
        return DATE
    changed = tuple(text[start:end] for text, (start, end) in zip(texts, spans, strict=True))
    if all(map(_ADDRESS.search, changed)) and _ADDRESS.sub("", changed[0]) == _ADDRESS.sub("", changed[1]):
        return TOKEN if all(map(_READERS_ADDRESS.search, clauses)) else SUBSTANCE
    if all(NUMBER.match(part.strip("([#")) for each in changed for part in each.split()):
        return COUNTER if is_short and _is_counter(blocks, clauses) else SUBSTANCE
    is_labelled = is_short and all(map(_LABELLED.search, clauses))
    if is_labelled and all(map(_NUMBERED.fullmatch, changed)):
        return TOKEN
    return SUBSTANCE


def _is_counter(blocks: tuple[TextBlock, TextBlock], clauses: tuple[str, str]) -> bool:
    if all(map(measures_server, clauses)):
        return True
    if all(counts_readers(clause, block.labels) for block, clause in zip(blocks, clauses, strict=True)):
        return True
    return all(counts_readers(block.text, block.labels) for block in blocks)


def masked(text: str) -> str:
    """The text without addresses of networks: a page may state its reader's own."""
    return _ADDRESS.sub(MASK, text)
