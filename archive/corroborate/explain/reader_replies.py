"""What readers wrote below two pages: which reply of one is which of the other, and what one page alone has.

A page shows some of its readers' replies, in an order of its own, and each visit sees others. So a reply that one page
alone has says nothing of the page, where both have such a list: it is shown. One that both have with another text or
author was edited, and one by an author with the name of the site is none of a reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.replaced_entries import is_edited
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.pages.replies import ReaderReply
from archive.corroborate.texts.dates import Visits, explained, time_expressions
from archive.corroborate.texts.folding import long_words

_MOST_COMPARED = 20
"""Replies of one author, or time, with which one is compared."""
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
    alone = {
        reply
        for at, side in enumerate(left)
        for reply in side
        if reply.kind in kinds[1 - at] and not long_words(reply.author) & context.names_of_site
    }
    return ReaderReplies(matched, frozenset(alone))


_KEYS: tuple[Callable[[ReaderReply], str], ...] = (
    lambda reply: reply.name,
    lambda reply: reply.key,
    lambda reply: reply.author,
    lambda reply: reply.stated,
)
"""What one reply has alike in two pages, or some of it."""


def _replies_of(page: ComparedPage) -> dict[ReaderReply, Blocks]:
    found: dict[ReaderReply, Blocks] = {}
    for block in page.blocks:
        if block.reply is not None and block.reply.kind:
            found.setdefault(block.reply, []).append(block)
    return found


def _is_same(one: ReaderReply, other: ReaderReply, said: Blocks, match: Blocks, visits: Visits) -> bool:
    """True where two of author, text and time agree; of one id, any of them."""
    agreeing = (one.author == other.author) + _are_of_one_time(one.stated, other.stated, visits)
    least = 1 if one.name and one.name == other.name else 2
    return agreeing >= least or (
        agreeing + (one.key == other.key or is_edited(_longest(said), _longest(match))) >= least
    )


def _longest(said: Blocks) -> str:
    return max((block.text for block in said if block.kind == "visible"), key=len, default="")


def _are_of_one_time(one: str, other: str, visits: Visits) -> bool:
    times = time_expressions(one), time_expressions(other)
    if [each.kind for found in times for each in found] == ["age", "age"]:
        return explained(times[0][0], times[1][0], visits, is_cached=False)
    return one == other != ""
