"""The texts of two pages: which blocks both have, which were put in the place of which, and what explains that."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from archive.corroborate.compare.links import compare_links
from archive.corroborate.explain.beside_main import MOST_LABEL, may_be_part
from archive.corroborate.explain.context import PageContext, is_entry
from archive.corroborate.explain.entries import sort_entries
from archive.corroborate.explain.phrases import COUNTER, DATE, is_count_of_readers, is_measure
from archive.corroborate.explain.reader_replies import ReaderReplies, match_replies
from archive.corroborate.explain.said_apart import SHOWN, said_apart
from archive.corroborate.explain.shifted_days import with_days_of
from archive.corroborate.explain.value_times import explain_instant
from archive.corroborate.explain.values import explain_value
from archive.corroborate.explain.volatile import SUBSTANCE, classify
from archive.corroborate.pages.content import SHOWN_BY_STYLE, TIME_SHOWN, ComparedPage, TextBlock
from archive.corroborate.pages.slots import ADVERTISEMENT, LAYOUT, NAMED, is_teaser
from archive.corroborate.texts.align import Gap, gaps
from archive.corroborate.texts.folding import composed, count_words, fold, long_words, signs_conflict, words
from archive.corroborate.texts.interface_words import is_label, says_requests
from archive.corroborate.texts.places import place_of_link
from archive.corroborate.texts.tokens import masked
from archive_manifests.corroboration import Difference

_MOST_EXPLAINED = 500
"""Differences in substance from which on nothing that differs is explained: a page may have 60,000 of them."""
_WHAT = {
    "visible": "text", "hidden": "hidden-text", "meta": "hidden-text", "attribute": "hidden-text", "title": "title",
    "frame": "frame", "added": "style",
}  # fmt: skip
_COUNTING = frozenset(("data-count", "data-number", "data-total", "data-value", "data-to", "data-num"))
"""Attributes from which a script takes a number that it shows: by their names, of anything."""
_ASIDE = frozenset(("nav", "aside", "header", "footer"))


def compare_text(one: ComparedPage, other: ComparedPage, context: PageContext) -> list[Difference]:
    """Every difference between what two pages say: visible, hidden, in attributes, in their heads."""
    found: list[Difference] = []
    moved = with_days_of(one, other)
    if moved is not None:
        other = moved
        found.append(Difference(DATE, False, "", ""))
    replies = match_replies(context)
    for kind in _WHAT:
        if kind != "hidden":
            blocks = [[block for block in page.blocks if block.kind == kind] for page in (one, other)]
            if kind == "meta":  # a head states as much in any order; of one name the first is taken
                blocks = [sorted(side, key=lambda block: block.how) for side in blocks]
            found += _of_kind(blocks[0], blocks[1], _WHAT[kind], context, replies)
            continue
        for shown in (False, True):  # what no browser shows (a template) is aligned on its own
            blocks = [
                [block for block in page.blocks if block.kind == kind and (block.how in _MARKUP) is shown]
                for page in (one, other)
            ]
            found += _of_kind(blocks[0], blocks[1], _WHAT[kind], context, replies)
    return found


def _of_kind(
    one: list[TextBlock], other: list[TextBlock], what: str, context: PageContext, replies: ReaderReplies
) -> Iterator[Difference]:
    """Entries of lists of other pages each with its own match, wherever they stand; then everything else in order."""
    found = sort_entries(one, other, context, replies)
    yield from found.differences
    for blocks, matches in found.entries:
        if blocks != matches:
            yield from _compare(blocks, matches, what, context)
    own = {block.key for blocks in (found.one, found.other) for block in blocks if not _is_apart(block)}
    for is_apart in (False, True):  # where a box stands between paragraphs says nothing of their order
        one, other = ([block for block in side if (_is_apart(block) and block.key not in own) is is_apart]
                      for side in (found.one, found.other))  # fmt: skip
        yield from _compare(one, other, what, context)


def _is_apart(block: TextBlock) -> bool:
    """True for what stands in a changing place, and in a box between paragraphs that asks for something."""
    return block.slot is not None or (block.is_boxed and block.is_main)


_MARKUP = frozenset(("template", "noscript", "noframes", "noembed", "datalist", "object"))


def _compare(
    one: Sequence[TextBlock], other: Sequence[TextBlock], what: str, context: PageContext
) -> Iterator[Difference]:
    keys = [_aligned(block) for block in one], [_aligned(block) for block in other]
    found = gaps(*keys)
    yield from _of_equal(one, other, found, what, context)
    first = [at for gap in found for at in range(gap.first, gap.first_end)]
    second = [at for gap in found for at in range(gap.second, gap.second_end)]
    moved = _moved(keys[0], keys[1], first, second)
    for at, there in moved:
        yield _order(one[at], other[there], context)
    gone, came = {at for at, _ in moved}, {at for _, at in moved}
    wrong = 0
    for gap in found:
        rest = (
            [one[at] for at in range(gap.first, gap.first_end) if at not in gone],
            [other[at] for at in range(gap.second, gap.second_end) if at not in came],
        )
        labels: set[int] = set()
        for pair in _paired(*rest):
            if wrong >= _MOST_EXPLAINED:
                yield _unexplained(*pair, what)
                continue
            differences = list(_judged(*pair, what, context))
            wrong += sum(each.is_substance for each in differences)
            yield from differences
            if all(each.what == LAYOUT for each in differences):
                labels |= {id(block) for block in pair if block is not None and may_be_part(block, context)}
        yield from _said_in_row(rest, labels, what)


def _said_in_row(rest: tuple[list[TextBlock], list[TextBlock]], labels: set[int], what: str) -> Iterator[Difference]:
    """Labels that follow each other, and that a reader reads as one sentence."""
    for at, blocks in enumerate(rest):
        seen = (block for block in blocks if not is_label(block.text))
        for is_part, row in groupby(seen, key=lambda block: id(block) in labels):
            said = [block.text for block in row]
            text = " ".join(said)
            if is_part and len(said) > 1 and count_words(text) > MOST_LABEL and not says_requests(text):
                yield Difference(what, True, "" if at else _shown(text), _shown(text) if at else "")


def _of_equal(
    one: Sequence[TextBlock], other: Sequence[TextBlock], found: list[Gap], what: str, context: PageContext
) -> Iterator[Difference]:
    """What can differ in blocks whose text is the same: their encoding, signs on letters, where their links lead."""
    at = there = 0
    for gap in [*found, Gap(len(one), len(one), len(other), len(other))]:
        for block, match in zip(one[at : gap.first], other[there : gap.second], strict=True):
            if block.key != match.key:
                yield from _judged(block, match, what, context)
                continue
            if block.text != match.text:
                if signs_conflict(block.text, match.text):
                    yield Difference(what, True, _shown(block.text), _shown(match.text))
                elif composed(block.text) != composed(match.text) or block.text.split() != match.text.split():
                    yield Difference("normalisation", False, "", "")
            if block.slot is None and block.marks != match.marks:
                yield Difference(what, True, _marked(block), _marked(match))
            if block.slot is None and block.looks != match.looks:
                yield Difference("style", True, _looking(block), _looking(match))
            is_led = block.kind == "visible" or block.is_main
            if is_led and block.links != match.links and block.slot != ADVERTISEMENT:
                if all(map(context.is_varying, (block, match))) and not (block.reply and block.reply.kind):
                    yield Difference(LAYOUT, False, "", "")
                    continue
                yield from compare_links(block, match, context)
        at, there = gap.first_end, gap.second_end


def _aligned(block: TextBlock) -> str:
    """What two blocks are paired by: a count and a clock by the place where they stand, whatever they say."""
    is_listed = block.slot == LAYOUT and is_teaser(block.slot_labels)
    if block.kind in ("visible", "attribute") and not is_listed and is_measure(block):
        return f"\0{block.how}\0{block.owner}\0{' '.join(sorted(block.labels))}"
    return block.key


def _marked(block: TextBlock) -> str:
    return _shown(f"{block.text} ({'; '.join(block.marks)})" if block.marks else block.text)


def _looking(block: TextBlock) -> str:
    return _shown(f"{block.text} ({'; '.join(sorted(block.looks))})" if block.looks else block.text)


def _moved(one: Sequence[str], other: Sequence[str], first: list[int], second: list[int]) -> list[tuple[int, int]]:
    """Blocks that both pages have, in different places."""
    places: dict[str, deque[int]] = defaultdict(deque)
    for there in second:
        if not other[there].startswith("\0"):
            places[other[there]].append(there)
    return [(at, places[one[at]].popleft()) for at in first if places.get(one[at])]


def _is_advertising(block: TextBlock) -> bool:
    return block.slot in (ADVERTISEMENT, NAMED)


def _order(one: TextBlock, other: TextBlock, context: PageContext) -> Difference:
    """A block that both have in different places: in the frame of a page that is layout, if its link moved with it."""
    is_aside = all(block.slot is not None or block.section in _ASIDE for block in (one, other))
    is_beside = is_aside and (_is_advertising(one) or _moves_with_link(one, other))
    is_free = all((each.entry and not each.is_ranked) or context.is_varying(each) for each in (one, other))
    is_free = is_free or all(each.is_prompt or each.is_boxed for each in (one, other))
    is_beside = is_beside or is_free or all(map(_is_of_program, (one, other)))
    first, second = (_shown(one.text), _shown(other.text)) if is_beside else said_apart(one, other)
    return Difference(LAYOUT if is_beside else "order", not is_beside, first, second)


def _is_of_program(block: TextBlock) -> bool:
    """True for a word that markup states for programs alone: `data-type="text"`."""
    is_unseen = block.kind == "attribute" and (block.how.startswith("data-") or block.how == "itemprop")
    return is_unseen and not any(map(str.isdigit, block.text))


def _moves_with_link(one: TextBlock, other: TextBlock) -> bool:
    """True for a link, for what stands below one in a list of other pages, and for the rank before that."""
    if any(block.is_cell for block in (one, other)):
        return False
    if is_label(one.text) and all(block.section == "aside" and not block.is_main for block in (one, other)):
        return True  # the heading of a side column, which stands before the text or behind it
    if one.slot == LAYOUT and is_teaser(one.slot_labels):
        is_rank = not any(map(str.isalpha, one.text))
        return is_rank or (bool(one.near_link) and place_of_link(one.near_link) == place_of_link(other.near_link))
    return all(block.is_link for block in (one, other)) and place_of_link(one.near_link) == place_of_link(
        other.near_link
    )


def _paired(one: list[TextBlock], other: list[TextBlock]) -> Iterator[tuple[TextBlock | None, TextBlock | None]]:
    """Blocks of a gap by their place in the page; what has no counterpart stands alone."""
    alone, rest = one, other
    for key in (_entry_of, _key):
        waiting: dict[object, deque[int]] = defaultdict(deque)
        for number, block in enumerate(rest):
            waiting[key(block)].append(number)
        unpaired: list[TextBlock] = []
        used: set[int] = set()
        for block in alone:
            same = waiting.get(key(block)) if key(block) is not None else None
            if same:
                used.add(same[0])
                yield block, rest[same.popleft()]
            else:
                unpaired.append(block)
        alone, rest = unpaired, [block for number, block in enumerate(rest) if number not in used]
    prose = [[block for block in blocks if block.slot is None] for blocks in (alone, rest)]
    yield from zip(*prose, strict=False)
    matched = min(map(len, prose))
    left = {id(block) for block in (*prose[0][:matched], *prose[1][:matched])}
    yield from ((block, None) for block in alone if id(block) not in left)
    yield from ((None, block) for block in rest if id(block) not in left)


def _entry_of(block: TextBlock) -> object:
    """The entry of a list of other pages that a text belongs to; None for all others."""
    return (block.kind, block.how, block.is_link, place_of_link(block.near_link)) if is_entry(block) else None


def _key(block: TextBlock) -> object:
    if block.kind in ("attribute", "meta"):
        return block.kind, block.how, block.slot, block.owner if block.slot is None else ""
    return block.kind, block.how, block.slot, block.slot_name, block.section, block.labels, block.is_link


def _judged(one: TextBlock | None, other: TextBlock | None, what: str, context: PageContext) -> Iterator[Difference]:
    first, second = (_shown(block.text) if block is not None else "" for block in (one, other))
    kinds = classify(one, other, context)
    if SUBSTANCE in kinds and one is not None and other is not None and one.kind in ("attribute", "meta"):
        kind = _of_attribute(one, other, context)
        kinds = frozenset({kind}) if kind is not None else kinds
    if SUBSTANCE in kinds:
        if one is not None and other is not None:
            first, second = said_apart(one, other)
        yield Difference(what, True, first, second)
        return
    for kind in sorted(kinds):
        yield Difference(kind, False, first, second)


def _of_attribute(one: TextBlock, other: TextBlock, context: PageContext) -> str | None:
    """What explains two values of one attribute."""
    if one.how != other.how or one.owner != other.owner:
        return None
    if one.how.startswith(SHOWN_BY_STYLE):
        return None  # a text as any other
    is_shown = one.owner == TIME_SHOWN
    if one.how == "datetime" and is_shown and explain_instant(one.text, other.text, context.visits):
        return DATE
    if one.how in _COUNTING and is_count_of_readers(one, other):
        return COUNTER
    name = one.how.rpartition(" ")[2].rpartition(":")[2].replace(".", "_")
    return explain_value(name, one.text, other.text, context.visits)


def _unexplained(one: TextBlock | None, other: TextBlock | None, what: str) -> Difference:
    first, second = (_shown(block.text) if block is not None else "" for block in (one, other))
    return Difference(what, True, first, second)


def _shown(text: str) -> str:
    return masked(text)[:SHOWN]


def compare_rendered(
    one: Sequence[str], other: Sequence[str], pages: tuple[ComparedPage, ComparedPage], context: PageContext
) -> list[Difference]:
    """Lines that a browser showed: what only scripts brought, or took away."""
    if not one or not other:
        return []
    static = tuple(" ".join(fold(block.text) for block in page.blocks) for page in pages)
    main = tuple(
        {fold(block.text) for block in page.blocks if block.kind == "visible" and not block.slot} for page in pages
    )
    blocks = [[TextBlock(" ".join(line.split())) for line in lines if line.strip()] for lines in (one, other)]
    keys = [[fold(block.text) for block in lines] for lines in blocks]
    known = [set(lines) for lines in keys]
    found: list[Difference] = []
    context = replace(context, agents=("", ""))  # a browser that renders has a name of its own
    for gap in gaps(*keys):
        first = [blocks[0][at] for at in range(gap.first, gap.first_end) if keys[0][at] not in known[1]]
        second = [blocks[1][at] for at in range(gap.second, gap.second_end) if keys[1][at] not in known[0]]
        for pair in zip(_padded(first, second), _padded(second, first), strict=True):
            found += _of_lines(*pair, static, main, context)
    return found


def _padded(one: list[TextBlock], other: list[TextBlock]) -> list[TextBlock | None]:
    return [*one, *[None] * max(0, len(other) - len(one))]


def _of_lines(
    one: TextBlock | None,
    other: TextBlock | None,
    static: tuple[str, ...],
    main: tuple[set[str], ...],
    context: PageContext,
) -> Iterator[Difference]:
    stood = [block is not None and fold(block.text) in text for block, text in zip((one, other), static, strict=True)]
    for block, match in ((one, other), (other, one)):
        if block is not None and match is None and all(fold(block.text) in texts for texts in main):
            yield Difference("rendered-text", True, *_sides(one, other))  # both pages have it, one browser hid it
            return
    if all(stands or block is None for stands, block in zip(stood, (one, other), strict=True)):
        return  # compared already, where the page has it
    for difference in _judged(one, other, "rendered-text", context):
        if difference.is_substance and _is_consent(one, other, context):
            yield Difference(LAYOUT, False, difference.first, difference.second)
            continue
        is_brief = all(block is None or len(words(block.text)) <= 12 for block in (one, other))
        if difference.is_substance and is_brief and _may_be_advertising(one, other, context):
            yield Difference(ADVERTISEMENT, False, difference.first, difference.second)
        else:
            yield difference


_CONSENT = re.compile(r"\b(?:cookies?|consent|privacy)\b|ملفات تعريف الارتباط", re.IGNORECASE)


def _is_consent(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> bool:
    """True for a line about cookies that a script shows to one of two readers."""
    there = [block for block in (one, other) if block is not None]
    spoken = {word for block in there for word in long_words(block.text)}
    is_about = all(_CONSENT.search(block.text) and len(block.text) <= SHOWN for block in there)
    return len(there) == 1 and is_about and len(spoken & context.vocabulary) < 2


def _sides(one: TextBlock | None, other: TextBlock | None) -> tuple[str, str]:
    return _shown(one.text) if one is not None else "", _shown(other.text) if other is not None else ""


def _may_be_advertising(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> bool:
    """True where both pages have a place that scripts fill with advertising, and the lines are not about the page."""
    if not any(name for name in context.slots):
        return False
    spoken = {word for block in (one, other) if block for word in long_words(block.text)}
    return len(spoken & context.vocabulary) < 2
