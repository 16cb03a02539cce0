"""Entries of lists of other pages, and replies: which of them one page alone has, by where they lead or when they came.

An entry that was replaced whole says something of another page. One that was edited, speaks of this page or takes
something back stays among the texts that are compared, and so does a reply that does not say that it came between the
two visits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.entry_ranks import without_clocks, without_ranks
from archive.corroborate.explain.reader_replies import ReaderReplies
from archive.corroborate.explain.replaced_entries import is_edited, may_be_replaced, speaks_much, speaks_of_page
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.replies import ReaderReply
from archive.corroborate.pages.slots import LAYOUT, is_teaser
from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import count_words, fold
from archive.corroborate.texts.interface_words import is_label
from archive.corroborate.texts.retractions import takes_back
from archive_manifests.corroboration import Difference

_HEADLINE = 3
"""Words of an entry outside a page's frame; fewer are a name, a place, a document."""
_MENU = 4
"""Words of the link in a menu."""
_FRAME = frozenset(("nav", "header", "footer", "aside"))
_MOST_COMPARED = 60
_SHOWN = 300
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_CLOCKS = timedelta(minutes=2)
"""By how much the clocks of a server and an observer differ."""
_ZONE = timedelta(hours=14)
"""By how much a local time may differ from UTC."""
Blocks = list[TextBlock]


@dataclass(frozen=True, slots=True)
class Sorted:
    """The blocks of two pages without the entries and replies that only one of them has."""

    one: Blocks
    other: Blocks
    entries: tuple[tuple[Blocks, Blocks], ...]
    """Entries that both pages have."""
    differences: tuple[Difference, ...]


def sort_entries(
    one: Sequence[TextBlock], other: Sequence[TextBlock], context: PageContext, replies: ReaderReplies
) -> Sorted:
    """Set aside the entries of lists of other pages and the replies that came between the visits."""
    pages, pairs, found = _without_readers(one, other, replies)
    sides, others = _without_changed_replies(*pages, context)
    found += others
    sides = without_ranks(sides[0], _is_listed), without_ranks(sides[1], _is_listed)
    grouped = [_by_entry(staying) for staying in sides]
    gone = {place: blocks for place, blocks in grouped[0].items() if place not in grouped[1]}
    came = {place: blocks for place, blocks in grouped[1].items() if place not in grouped[0]}
    left = _left(gone, came, (grouped[0], grouped[1]), context)
    found += [_replaced(blocks, is_first=True) for place, blocks in gone.items() if place not in left]
    found += [_replaced(blocks, is_first=False) for place, blocks in came.items() if place not in left]
    found += _reordered(grouped[0], grouped[1], context)
    both = ((blocks, grouped[1][place]) for place, blocks in grouped[0].items() if place in grouped[1])
    return Sorted(
        [block for block in sides[0] if not block.entry or block.entry in left],
        [block for block in sides[1] if not block.entry or block.entry in left],
        (*pairs, *(without_clocks(*pair, _is_listed) for pair in both)),
        tuple(found),
    )


def _by_entry(blocks: Sequence[TextBlock]) -> dict[str, Blocks]:
    found: dict[str, Blocks] = {}
    for block in blocks:
        if block.entry:
            found.setdefault(block.entry, []).append(block)
    for number, place in enumerate(found, start=1):
        # Its rank says nothing of it, unless there is nothing else: the numbers of pages.
        ranked = [block for block in found[place] if block.text.strip(" .") != str(number)] or found[place]
        found[place] = list({_said(block): block for block in reversed(ranked)}.values())[::-1]
    return found


def _said(block: TextBlock) -> tuple[object, ...]:
    """What a text of an entry says: an entry may stand in several lists of a page, and say the same in each."""
    return block.kind, block.how, block.owner, block.text, block.links, block.marks, block.looks


def _reordered(one: dict[str, Blocks], other: dict[str, Blocks], context: PageContext) -> list[Difference]:
    """Entries that both pages have in another order: in a numbered list that is no mere offer it is their rank."""
    shared = [place for place in one if one[place] and other.get(place)]
    ranks = {place: rank for rank, place in enumerate(place for place in other if place in set(shared))}
    found = []
    for place, after in pairwise(shared):
        if ranks[after] > ranks[place]:
            continue
        blocks = one[place][0], one[after][0]
        is_rank = all(block.is_ranked and not (_is_beside(block) or context.is_varying(block)) for block in blocks)
        what = "order" if is_rank else LAYOUT
        found.append(Difference(what, is_rank, _text(one[place])[:_SHOWN], _text(other[after])[:_SHOWN]))
    return found


def _is_beside(block: TextBlock) -> bool:
    """True for an entry of a list that a page shows beside its own text."""
    is_named = is_label(block.heading) or (block.slot == LAYOUT and is_teaser(block.slot_labels))
    return is_named or block.section in _FRAME or block.is_framed


def _is_listed(block: TextBlock) -> bool:
    """The same, whatever the place that changes with each visit is called."""
    return _is_beside(block) or block.slot == LAYOUT


def _left(
    gone: dict[str, Blocks], came: dict[str, Blocks], known: tuple[dict[str, Blocks], ...], context: PageContext
) -> set[str]:
    """Places of entries that are no mere entries of another list: their texts are compared with those of the page.

    `known` are all entries of each page: a list around the main text that one page alone has is no longer one.
    """
    left = {place for place, blocks in (*gone.items(), *came.items()) if not _is_of_other_page(blocks, context)}
    menus = [{place for place, blocks in side.items() if all(map(_is_of_menu, blocks))} for side in (gone, came)]
    if bool(menus[0]) != bool(menus[1]):
        left |= menus[0] | menus[1]  # taken out of a menu, or put into one, and nothing in its place
    lists = [{_list_of(blocks) for blocks in side.values()} for side in known]
    left |= {place for place, blocks in gone.items() if _list_of(blocks) and _list_of(blocks) not in lists[1]}
    left |= {place for place, blocks in came.items() if _list_of(blocks) and _list_of(blocks) not in lists[0]}
    texts = [
        [(place, _own_text(blocks, context)) for place, blocks in side.items() if blocks[0].how != "datetime"]
        for side in (gone, came)
    ]
    for place, text in texts[0]:
        for there, match in texts[1][:_MOST_COMPARED]:
            if is_edited(text, match):
                left |= {place, there}
    return left


def _is_of_other_page(blocks: Blocks, context: PageContext) -> bool:
    if all(_is_own_address(block) or block.how == "datetime" for block in blocks):
        return True  # its address, or its time, beside its link and its text
    is_framed = all(block.section in _FRAME or block.is_framed for block in blocks)
    if not is_framed and count_words(_text(blocks)) < _HEADLINE:
        return False
    return all(may_be_replaced(block, context) and not _is_statement(block) for block in blocks)


def _is_own_address(block: TextBlock) -> bool:
    """True for the address of an entry where markup states it once more: in `itemprop`, in `about`."""
    if block.kind == "meta":
        return block.text == block.entry
    return block.kind == "attribute" and block.text.startswith("/") and block.entry.endswith(f"{block.text}?#")


def _list_of(blocks: Blocks) -> object:
    """The kind of a list that stands among what surrounds the main text; None for all others."""
    first = blocks[0]
    is_there = first.section in ("main", "article") and first.slot is None and not first.is_framed
    return (first.section, first.labels) if is_there else None


def _is_of_menu(block: TextBlock) -> bool:
    """True for an entry of the menu of the site."""
    return block.section in ("nav", "header") and block.slot is None and block.is_link and not block.is_main


def _is_statement(block: TextBlock) -> bool:
    """True for an entry of a menu that says more than a menu does."""
    is_menu = block.section in ("nav", "header", "footer") and block.kind == "visible"
    return is_menu and block.is_link and count_words(block.text) > _MENU


def _text(blocks: Blocks) -> str:
    return " ".join(dict.fromkeys(block.text for block in blocks))


def _own_text(blocks: Blocks, context: PageContext) -> str:
    """The same without what other entries have too: `Read more`."""
    return _text([block for block in blocks if fold(block.text) not in context.shared and block.text != block.entry])


def _replaced(blocks: Blocks, *, is_first: bool) -> Difference:
    shown = "; ".join(dict.fromkeys(block.text for block in blocks))[:_SHOWN]
    return Difference(LAYOUT, False, shown if is_first else "", "" if is_first else shown)


def _without_readers(
    one: Sequence[TextBlock], other: Sequence[TextBlock], replies: ReaderReplies
) -> tuple[tuple[Blocks, Blocks], list[tuple[Blocks, Blocks]], list[Difference]]:
    """Both pages without what readers wrote below them, that by the reply, and what one page alone has of it."""
    said = _by_reply(one), _by_reply(other)
    pairs = [(said[0].get(reply, []), said[1].get(match, [])) for reply, match in replies.matched.items()]
    found = [
        _replaced(blocks, is_first=at == 0)
        for at, side in enumerate(said)
        for reply, blocks in side.items()
        if reply in replies.alone
    ]
    gone = replies.matched.keys() | replies.alone, {*replies.matched.values(), *replies.alone}
    sides = [[block for block in blocks if block.reply not in gone[at]] for at, blocks in enumerate((one, other))]
    return (sides[0], sides[1]), pairs, found


def _without_changed_replies(
    one: Sequence[TextBlock], other: Sequence[TextBlock], context: PageContext
) -> tuple[tuple[Blocks, Blocks], list[Difference]]:
    """Both pages without the replies that came between the visits and those pushed off by them; what these say."""
    pages = one, other
    later = int(context.visits[0] <= context.visits[1])
    known = [_by_reply(blocks) for blocks in pages]
    visits = context.visits[1 - later], context.visits[later]
    came = {
        reply: said
        for reply, said in known[later].items()
        if reply.key not in {each.key for each in known[1 - later]} and is_between(reply, *visits)
    }
    came = {reply: said for reply, said in came.items() if not any(_speaks(each, context) for each in said)}
    gone = _pushed_off(known[1 - later], known[later], len(came))
    if any(_is_post_of_thread(reply, said) for reply, said in gone.items()):
        gone = {}
    sides = [[block for block in blocks if block.reply not in (came if at == later else gone)]
             for at, blocks in enumerate(pages)]  # fmt: skip
    found = [_replaced(said, is_first=later == 0) for said in came.values()]
    found += [_replaced(said, is_first=later == 1) for said in gone.values()]
    return (sides[0], sides[1]), found


def _is_post_of_thread(reply: ReaderReply, said: Blocks) -> bool:
    """True for a post of which only a reader is told the time, in a page that is its thread: that cuts no list."""
    return any(block.is_main for block in said) and not _INSTANT.match(reply.stated)


def _by_reply(blocks: Sequence[TextBlock]) -> dict[ReaderReply, Blocks]:
    found: dict[ReaderReply, Blocks] = {}
    for block in blocks:
        if block.reply is not None:
            found.setdefault(block.reply, []).append(block)
    return found


def _pushed_off(
    earlier: dict[ReaderReply, Blocks], later: dict[ReaderReply, Blocks], most: int
) -> dict[ReaderReply, Blocks]:
    """Replies at one end of the earlier list that the later one lacks: as many at most as came, where a list is cut."""
    there = {reply.key for reply in later}
    order = list(earlier)
    ends = [list(takewhile(lambda reply: reply.key not in there, side)) for side in (order, order[::-1])]
    gone = [reply for reply in order if reply.key not in there]
    is_cut = 0 < len(gone) <= most and len(gone) < len(order) and len(gone) in map(len, ends)
    return {reply: earlier[reply] for reply in gone} if is_cut else {}


def _speaks(block: TextBlock, context: PageContext) -> bool:
    """True for a reply that takes something back, or repeats what the page says, perhaps with other numbers."""
    if block.kind != "visible" or fold(block.text).removeprefix("Re: ") in context.shared:
        return block.kind != "visible" and takes_back(block.text)
    is_numbered = any(map(str.isdigit, block.text)) and not is_time_alone(block.text)
    repeats = speaks_much(block, context) and not block.is_main  # each message of a channel speaks of its subject
    return takes_back(block.text) or repeats or (is_numbered and speaks_of_page(block, context))


def is_between(reply: ReaderReply, earlier: datetime, later: datetime) -> bool:
    """True for a reply that states a time after the one visit and not after the other.

    What a reader sees states no zone: any may be meant. An age is rounded to its unit.
    """
    try:
        when = datetime.fromisoformat(reply.stated.replace(" ", "T"))
    except ValueError:
        return any(_may_be_between(stated, earlier, later) for stated in time_expressions(reply.stated))
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return earlier - _CLOCKS < when <= later + _CLOCKS


def _may_be_between(stated: TimeExpression, earlier: datetime, later: datetime) -> bool:
    if stated.kind == "age":
        since = later - timedelta(seconds=stated.seconds)
        return earlier - _CLOCKS < since + timedelta(seconds=stated.unit / 2)
    last = timedelta(days=0 if stated.kind == "moment" else 1)
    return any(earlier - _ZONE < moment + last and moment <= later + _ZONE for moment in stated.moments)
