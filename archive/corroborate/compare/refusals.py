"""What two pages say that both say, by their status, that a source is gone.

Most of such a page is the server's: lists of what else it has, numbers of the request, words of its program. What
it says of the source, why and when it was removed, is content as in any page.
"""

from __future__ import annotations

from itertools import groupby

from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.evidence import CopyEvidence
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, count_words, fold, words
from archive.corroborate.texts.retractions import takes_back
from archive_manifests.corroboration import Difference

_SENTENCE = 6
"""Words of a line that says why something is gone; a label with the number of a request has fewer."""
_FEWEST_APART = 3
"""Long words in which two reasons differ."""
_LONG = 4


def gives_other_reason(each: Difference, one: CopyEvidence, other: CopyEvidence) -> bool:
    """True for a difference that says of the source something else: in each page outside of links and lists.

    The same page with another reason, the same sentences below another heading, the same sentence with another number,
    and a sentence that states a day and that one page alone has. A number that was made up has letters.
    """
    sides = each.first, each.second
    if any(map(takes_back, sides)):
        return True
    if each.what != "text":
        return False
    own = [_own_texts(copy) for copy in (one, other)]
    if any(_is_dated(text) and fold(text) in own[at] for at, text in enumerate(sides) if not _is_dated(sides[1 - at])):
        return True
    if not all(text and fold(text) in own[at] for at, text in enumerate(sides)):
        return False
    said = [{word.casefold() for word in words(fold(text))} for text in sides]
    if min(map(count_words, sides)) >= _SENTENCE and is_edited(*sides) and _are_of_other_numbers(*said):
        return True
    headings = [{fold(block.text) for block in copy.text if block.is_headline} for copy in (one, other)]
    apart = [word for word in said[0] ^ said[1] if len(word) >= _LONG and word.isalpha()]
    if all(fold(text) in headings[at] for at, text in enumerate(sides)):
        return bool(apart) and any(count_words(text) >= _SENTENCE for text in own[0] & own[1])
    return headings[0] == headings[1] and len(apart) >= _FEWEST_APART


def _are_of_other_numbers(one: set[str], other: set[str]) -> bool:
    """True for words of two sentences that differ in numbers, and in nothing else."""
    alone = one - other, other - one
    return all(alone) and all(word.isdecimal() for word in alone[0] | alone[1])


def _is_dated(text: str) -> bool:
    """True for a sentence that states a day."""
    is_sentence = count_words(text) >= _SENTENCE
    return is_sentence and any(time.kind in ("moment", "day") for time in time_expressions(composed(text)))


def _own_texts(copy: CopyEvidence) -> set[str]:
    """What a page says around its heading, or where its first sentence stands, between two links or lists."""
    shown = [block for block in copy.text if block.kind == "visible"]
    runs = [list(run) for is_own, run in groupby(shown, key=_is_plain) if is_own]
    headed = (run for run in runs if any(block.is_headline for block in run))
    spoken = (run for run in runs if any(count_words(block.text) >= _SENTENCE for block in run))
    return {fold(block.text) for block in next(headed, None) or next(spoken, [])}


def _is_plain(block: TextBlock) -> bool:
    return not (block.links or block.entry) and block.slot is None
