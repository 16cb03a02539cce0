"""Numbers at entries of lists of other pages (how many read one, which rank it has), and in the heading of replies."""

from __future__ import annotations

import re
from itertools import takewhile

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.entries import is_between
from archive.corroborate.explain.varying_rows import NUMBER
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.counters import are_plausible, count_in, is_plausible, numbers_in
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, count_words, fold
from archive.corroborate.texts.visit_times import are_age_and_day, are_ages

_BESIDE = frozenset(("aside", "header", "footer", "nav"))
_MOST_RANKS = 20
_LABEL = 4
"""Words of a line that counts replies: `12 comments`."""


def _moved_on(one: str, other: str) -> bool:
    """True for a day, or a moment, that is later in the later capture: that of the last reply."""
    times = time_expressions(composed(one)), time_expressions(composed(other))
    moments = [found[0].moments for found in times]
    return all(moments) and min(moments[0]) <= max(moments[1])


def _has_badge(block: TextBlock) -> bool:
    """True for an entry of a menu behind which a number stands in an element for that."""
    numbered = [labels for text, labels in block.parts if text[:1].isdigit()]
    return (
        block.section == "nav" and bool(numbered) and all(labels & {"counter", "count", "badge"} for labels in numbered)
    )


def are_ages_of_entry(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for the age, in any language, of a reply or an entry of a list of other pages, behind the same name."""
    if any(block.is_main or block.is_link for block in (one, other)):
        return False
    is_of_entry = bool(one.entry) and one.entry == other.entry
    if not is_of_entry and not (one.reply and other.reply and one.reply.kind and one.reply.key == other.reply.key):
        return False  # elsewhere, or what the reply itself says
    texts = [" ".join(text for text, _ in block.parts) or block.text for block in (one, other)]
    first, second = (composed(text).split() for text in texts)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    rests = [(" ".join(first[at:]), " ".join(second[at:])) for at in range(shared + 1)]
    if any(are_ages(*pair, context.visits) for pair in rests):
        return True
    return any(are_age_and_day(*pair, context.visits) for pair in rests)


_COUNTED = re.compile(r"\(\s?([0-9][0-9.,]*)(?: \w+)?\s?\)|([0-9][0-9.,]*[kKmM]?)")


def has_grown(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for a number at an entry for another page that grew from the earlier visit to the later one."""
    texts = [[text for text, _ in block.parts] or [block.text] for block in (one, other)]
    if not one.entry or one.entry != other.entry:
        return False
    if all(block.text.isdigit() and int(block.text) <= _MOST_RANKS and _is_aside(block) for block in (one, other)):
        return True  # its rank in a list beside the text
    said = [[any(map(str.isalpha, text)) for text in found] for found in texts]
    if said[0] != said[1]:  # a number of readers, a rank
        return [text for text in texts[0] if any(map(str.isalpha, text))] == [
            text for text in texts[1] if any(map(str.isalpha, text))
        ]
    if any(block.is_link and block.kind == "visible" and not _has_badge(block) for block in (one, other)):
        return False
    is_in_order = context.visits[0] <= context.visits[1]
    if all(map(is_time_alone, (one.text, other.text))):
        return _moved_on(*((one.text, other.text) if is_in_order else (other.text, one.text)))
    for first, second in zip(*texts, strict=True):
        if fold(first) == fold(second):
            continue
        counts = [count_in(text, one.labels) for text in (first, second)]
        if counts[0] is not None and counts[1] is not None and are_plausible(counts[0], counts[1]):
            continue
        numbers = [[value for *_, value in numbers_in(text)] for text in (first, second)]
        bare = [_COUNTED.sub("()", text) if not _COUNTED.fullmatch(text) else "" for text in (first, second)]
        is_bracketed = "(" in first and bare[0] == bare[1]
        if not (is_bracketed or bare == ["", ""]) or not numbers[0] or len(numbers[0]) != len(numbers[1]):
            return False
        low, high = numbers if is_in_order else numbers[::-1]
        if not all(a <= b and is_plausible(a, b) for a, b in zip(low, high, strict=True)):
            return False
    return True


def counts_replies(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for the heading of the replies in which a number grew by as many as came between the two visits.

    Beside a list of readers' replies any short line with one number counts them, or who agrees.

    In which language it counts them does not matter: the replies themselves are shown, and compared.
    """
    at = int(context.visits[0] <= context.visits[1])  # the later one
    blocks = one, other
    numbers = [[value for *_, value in numbers_in(block.text)] for block in blocks]
    is_same = NUMBER.sub("0", one.text) == NUMBER.sub("0", other.text)
    if not is_same or [*map(len, numbers)] != [1, 1] or one.is_main or other.is_main:
        return False
    if all(block.is_beside_replies and block.reply is None and count_words(block.text) <= _LABEL for block in blocks):
        return True
    first = next((block for block in context.pages[at].blocks if block.reply is not None), None)
    if first is None or first.heading != blocks[at].text:
        return False
    known = {block.reply.key for block in context.pages[1 - at].blocks if block.reply is not None}
    said = (block.reply for block in context.pages[at].blocks if block.reply is not None)
    came = {reply for reply in said if reply.key not in known}
    are_new = all(is_between(reply, context.visits[1 - at], context.visits[at]) for reply in came)
    return are_new and numbers[at][0] - numbers[1 - at][0] == len(came) > 0


def are_votes(*blocks: TextBlock) -> bool:
    """True for numbers alone in a reply, or in one and the same: how many agree with it."""
    of_replies = {block.reply.key for block in blocks if block.reply is not None and not block.is_main}
    return len(of_replies) == 1 and all(block.reply is not None and _VOTES.fullmatch(block.text) for block in blocks)


_VOTES = re.compile(r"\(?[+−–-]?\s?\d{1,6}\)?(?:\s?/?\s?[+−–-]\s?\d{1,6})?")
"""`+37`, `(4)`, `+37-4`."""


def _is_aside(block: TextBlock) -> bool:
    return not block.is_main and (block.section in _BESIDE or block.is_framed)
