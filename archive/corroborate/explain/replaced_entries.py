"""Whether a text was replaced whole by another, or edited; and whether it speaks of what the page is about."""

from __future__ import annotations

from archive.corroborate.explain.context import HEADLINE, PageContext
from archive.corroborate.explain.phrases import (
    said_beside_counts,
)
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.slots import is_teaser
from archive.corroborate.texts.folding import count_words, fold, long_words, units, words
from archive.corroborate.texts.places import place_of_link
from archive.corroborate.texts.retractions import accuses, speaks_for_site, takes_back

SHORT = 14
"""Words of a block that is no prose: a counter, a line with a clock."""
_LONGEST_HEADLINE = 20
"""Words of a headline in a list of other pages; more are a statement."""
_EDITED = 0.6
"""Share of their words from which on two texts are one text that was edited, and not two."""
_ABOUT = 2
"""Long words that a text shares with the page it would be about."""
_REPEATED = 0.6
"""Share of the title's words from which on a headline repeats it."""
_LONGEST_COMPARED = 100
_SHORT_LINE = 4
"""Words, without times and numbers, of a line that says who did something."""


def are_other_entries(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True where one entry was replaced whole by another: other link, other text, and none that both have was edited.

    The same link with another text is no other entry: somebody changed its words.
    """
    if not all(may_be_replaced(block, context) for block in (one, other)):
        return False
    places = place_of_link(one.near_link), place_of_link(other.near_link)
    is_said = one.is_link or min(count_words(one.text), count_words(other.text)) > HEADLINE
    texts = [block.text if block.is_link else said_beside_counts(_spaced(block)) for block in (one, other)]
    if places[0] == places[1] or (is_said and is_edited(texts[0], texts[1])):
        return False
    if not (one.is_link or other.is_link) and names_another(texts[0], texts[1]):
        return False
    return (
        not says_otherwise(one, context, at=0)
        and not says_otherwise(other, context, at=1)
        and stays_on_site(one, other, context)
    )


def names_another(one: str, other: str) -> bool:
    """True for one short line with another name in it: `Edited 4 months ago by kelo_mapper`."""
    first, second = units(one), units(other)
    if not (first and second) or first[0] != second[0] or max(len(first), len(second)) > _SHORT_LINE:
        return False
    return all(any(map(str.isalpha, " ".join(line[1:]))) for line in (first, second))


def may_be_replaced(block: TextBlock, context: PageContext) -> bool:
    """False for what says something of the page, where the entry of a list stands."""
    number = count_words(block.text)
    if number > _LONGEST_HEADLINE and (block.is_link or block.slot is None):
        return False
    if block.is_link and context.is_own_address(block.near_link) and fold(block.text) not in context.shared:
        return False  # of the page itself
    if takes_back(block.text) or _repeats_title(block, context) or _accuses_person(block, context):
        return False
    if block.section in ("nav", "footer") and speaks_for_site(block.text):
        return False
    return number <= SHORT or not speaks_much(block, context)


def _accuses_person(block: TextBlock, context: PageContext) -> bool:
    """True for an accusation of somebody whom the page names."""
    if not accuses(block.text):
        return False
    said = {word.casefold() for word in words(fold(block.text)) if not word[0].islower() and not accuses(word)}
    return bool(said & context.persons)


def _repeats_title(block: TextBlock, context: PageContext) -> bool:
    if fold(block.text) in context.headlines:
        return False
    said = long_words(block.text) - context.words_of_series
    titles = (title - context.words_of_series for title in context.titles)
    shared = [(len(said & title), len(title)) for title in titles]
    return any(both >= max(2, _REPEATED * whole) for both, whole in shared)


def stays_on_site(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True unless the entry of a menu leads to another site."""
    return all(is_teaser(block.slot_labels) or not context.is_elsewhere(block.near_link) for block in (one, other))


def says_otherwise(block: TextBlock, context: PageContext, at: int) -> bool:
    """True for an entry that the other page has too, and not in these words."""
    said = context.entries[1 - at].get(place_of_link(block.near_link)) if len(context.entries) > 1 else None
    return said is not None and fold(block.text) not in said


def _spaced(block: TextBlock) -> str:
    """Its text, with white space between its elements."""
    return " ".join(text for text, _ in block.parts) or block.text


def is_edited(one: str, other: str) -> bool:
    """True for two texts that are one text with some words changed: most of their words stand in one order in both."""
    parts = [
        units(text)[:_LONGEST_COMPARED]
        for text in (one, other)
    ]
    if not parts[0] or not parts[1]:
        return False
    return _common(*parts) >= _EDITED * max(map(len, parts))


def _common(one: list[str], other: list[str]) -> int:
    """How many words stand in both in one order."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for at, match in enumerate(other, start=1):
            before, row[at] = row[at], before + 1 if word == match else max(row[at], row[at - 1])
    return row[-1]


def speaks_of_page(block: TextBlock, context: PageContext) -> bool:
    """True for a text that takes something back, or says something about what the page is about."""
    if fold(block.text).removeprefix("Re: ") in context.shared:
        return False
    return takes_back(block.text) or words_shared(block, context) >= _ABOUT


def speaks_much(block: TextBlock, context: PageContext) -> bool:
    long = long_words(block.text)
    shared = long & context.vocabulary
    return len(shared) >= 3 and len(shared) >= 0.4 * len(long)


def words_shared(block: TextBlock, context: PageContext) -> int:
    return len(long_words(block.text) & context.vocabulary)
