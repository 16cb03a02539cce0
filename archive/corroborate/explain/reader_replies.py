"""What readers wrote below two pages: which reply of one is which of the other, and what one page alone has.

A page shows some of its readers' replies, in an order of its own, and each visit sees others. So a reply that one page
alone has says nothing of the page, where both have such a list: it is shown. One that both have with another text or
author was edited, and one by an author with a name of the site, or of who wrote the page, is none of a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.pages.replies import ReaderReply
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import count_words, long_words
from archive.corroborate.texts.visit_times import Visits, explained

_MOST_COMPARED = 20
"""Replies of one author, or time, with which one is compared."""
_BYLINES, _AUTHORS = frozenset(("byline", "author", "authors")), frozenset(("author", "article:author"))
_LONGEST_BYLINE = 100
_SENTENCE = 8
"""Words of a text that no two readers write alike; shorter ones are said by many."""
Blocks = list[TextBlock]


@dataclass(frozen=True, slots=True)
class ReaderReplies:
    """The replies of two pages."""

    matched: dict[ReaderReply, ReaderReply]
    """A reply of the first page -> what it is in the second, where some of it may differ."""
    alone: frozenset[ReaderReply]
    """What one of them lacks, and may lack."""


def match_replies(context: PageContext) -> ReaderReplies:
    """Match the readers' replies of two pages, and find those that one may lack: none of the site itself."""
    if len(context.pages) != 2:
        return ReaderReplies({}, frozenset())
    sides = [_replies_of(page) for page in context.pages]
    matched: dict[ReaderReply, ReaderReply] = {}
    rest = dict(sides[1])
    for key in _KEYS:
        groups: dict[str, list[ReaderReply]] = {}
        for other in rest:
            groups.setdefault(key(other), []).append(other)
        for one, said in sides[0].items():
            there = groups.get(key(one), []) if key(one) and one not in matched else []
            same = (each for each in there[:_MOST_COMPARED] if _is_same(one, each, said, rest[each], context.visits))
            if (found := next(same, None)) is not None:
                matched[one] = found
                there.remove(found)
                del rest[found]
    kinds = [{reply.kind for reply in side} for side in sides]
    left = [one for one in sides[0] if one not in matched], list(rest)
    writers = _writers(context)
    alone = {
        reply
        for at, side in enumerate(left)
        for reply in side
        if reply.kind in kinds[1 - at] and not _is_of_page(long_words(reply.author), writers, context)
    }
    return ReaderReplies(matched, frozenset(alone))


_KEYS: tuple[Callable[[ReaderReply], str], ...] = (
    lambda reply: reply.name,
    lambda reply: reply.key,
    lambda reply: reply.author,
    lambda reply: reply.stated,
)
"""What one reply has alike in two pages, or some of it."""


def _is_of_page(author: set[str], writers: set[frozenset[str]], context: PageContext) -> bool:
    """True for an author with a name of the site, or with all of the name of a writer."""
    return bool(author & context.names_of_site) or any(author >= name for name in writers)


def _writers(context: PageContext) -> set[frozenset[str]]:
    """The names, in words, of whom the pages call their writers."""
    blocks = (block for page in context.pages for block in page.blocks if block.reply is None)
    named = (block.text for block in blocks if block.labels & _BYLINES or block.how in _AUTHORS)
    return {frozenset(long_words(text)) for text in named if len(text) <= _LONGEST_BYLINE} - {frozenset()}


def _replies_of(page: ComparedPage) -> dict[ReaderReply, Blocks]:
    found: dict[ReaderReply, Blocks] = {}
    for block in page.blocks:
        if block.reply is not None and block.reply.kind:
            found.setdefault(block.reply, []).append(block)
    return found


def _is_same(one: ReaderReply, other: ReaderReply, said: Blocks, match: Blocks, visits: Visits) -> bool:
    """True where two of author, text and time agree; of one id, any of them. No two write the same sentence."""
    agreeing = (one.author == other.author) + _are_of_one_time(one.stated, other.stated, visits)
    least = 1 if one.name and one.name == other.name else 2
    if one.key == other.key:
        return agreeing + 1 >= least or count_words(_longest(said)) >= _SENTENCE
    return agreeing >= least or agreeing + is_edited(_longest(said), _longest(match)) >= least


def _longest(said: Blocks) -> str:
    return max((block.text for block in said if block.kind == "visible"), key=len, default="")


def _are_of_one_time(one: str, other: str, visits: Visits) -> bool:
    times = time_expressions(one), time_expressions(other)
    if [each.kind for found in times for each in found] == ["age", "age"]:
        return explained(times[0][0], times[1][0], visits, is_cached=False)
    return one == other != ""
