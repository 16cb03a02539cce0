"""What stands beside the main content of a page and makes no claim: it may be another at each visit, and is shown.

A page with a main text says what it says there, in its title and headings, its media and its data. Around that a site
puts menus, bars, boxes, a head and a foot, in any language and by any name. Of these contradict a sentence, a claim
about the page's subject, a name of the site, and a number of the page; a label, a link that stands whole in the place
of another, and a line in which other numbers stand do not.
"""

from __future__ import annotations

from archive.corroborate.explain.banners import are_of_other_banners
from archive.corroborate.explain.claims import claims_in_box, makes_claim, names_thing, states_number
from archive.corroborate.explain.context import HEADLINE, PageContext
from archive.corroborate.explain.frame_changes import is_in_path
from archive.corroborate.explain.replaced_entries import is_edited, may_be_replaced
from archive.corroborate.explain.varying_rows import NUMBER
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.counters import numbers_in
from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import composed, count_words, long_words
from archive.corroborate.texts.interface_words import is_label, is_label_of_offers
from archive.corroborate.texts.places import place_of_link, site_of_address
from archive.corroborate.texts.visit_times import explained

_FRAME = frozenset(("header", "footer", "nav"))
MOST_LABEL = 5
"""Words of a label; more are a sentence."""
_MOST_ALONE = 2
"""The same of one that the other page lacks."""
_PERSONS = frozenset(("author", "byline", "owner", "user", "name", "masthead", "brand", "logo", "slogan", "tagline"))
_MOST_HEADLINE = 20
_MANY, _MOST, _GROWTH = 1_000, 1e9, 1.25
"""A number from here on counts visitors, whatever its words are, and grows by so much at most."""


def makes_no_claim(blocks: list[TextBlock], context: PageContext) -> bool:
    """True for one text that one page alone has beside its main content, or two in one place, that claim nothing."""
    if not context.has_text:
        return False
    if len(blocks) == 1 and _fills_box(blocks[0], context):
        return True
    if all(map(_is_beside, blocks)) and are_of_other_banners(blocks, context):
        return True
    is_known = all(map(_is_beside, blocks)) or (_are_offers(blocks) and all(map(context.is_said_alike, blocks)))
    if not is_known and not all(context.is_last(block) and _may_be_beside(block) for block in blocks):
        return False
    if any(names_thing(block.text) or makes_claim(block.text, context) for block in blocks):
        return False
    if len(blocks) > 1 and _bare(blocks[0]) == _bare(blocks[1]):
        return _only_counts(blocks, context, is_last=not is_known)
    if not is_known:
        return False  # among the last lines of a page without a foot
    if len(blocks) > 1 and is_edited(blocks[0].text, blocks[1].text):
        return False
    if len(blocks) > 1 and all(_is_link(block, context) and count_words(block.text) >= HEADLINE for block in blocks):
        return True
    most = MOST_LABEL if len(blocks) > 1 else _MOST_ALONE
    return all(_is_label(block, context, most) for block in blocks) and _lead_apart(blocks)


def _fills_box(block: TextBlock, context: PageContext) -> bool:
    """True for a text without a claim in an element of the frame that the site has in both pages, empty in one."""
    is_there = block.kind == "visible" and _is_beside(block) and context.fills_box(block)
    is_own = not any(map(context.is_elsewhere, block.links))
    return is_there and is_own and not claims_in_box(block.text, context)


def may_be_part(block: TextBlock, context: PageContext) -> bool:
    """True for a label that says nothing alone, and can be a part of what is said in a row."""
    is_there = block.kind == "visible" and block.slot is None and not context.is_varying(block)
    is_word = any(map(str.isalpha, block.text)) and count_words(block.text) <= MOST_LABEL
    return is_there and is_word and not (is_label(block.text) or are_of_other_banners([block], context))


def _is_beside(block: TextBlock) -> bool:
    """True in the frame of a page, as its markup shows it."""
    return _may_be_beside(block) and (block.section in _FRAME or block.is_framed or block.is_prompt)


def _may_be_beside(block: TextBlock) -> bool:
    """False for what may belong to the text."""
    if block.is_main or block.is_headline or block.reply or block.is_tabular or block.how == "datetime":
        return False
    is_said = block.kind in ("visible", "attribute", "hidden")
    return is_said and block.section not in ("article", "main", "aside")


def _are_offers(blocks: list[TextBlock]) -> bool:
    """True for two links to other pages between paragraphs, each behind the same label: `Read also:`."""
    labels = {block.parts[0][0] if len(block.parts) == 2 else "" for block in blocks}
    are_lone = all(block.is_lone_link and block.labels and not block.is_link for block in blocks)
    are_listed = all(block.is_link and is_label_of_offers(block.offer) for block in blocks)  # several below it
    are_other = {*(place_of_link(link) for block in blocks for link in block.links)}
    return len(blocks) > 1 and (are_lone or are_listed) and len(labels) == 1 and len(are_other) == len(blocks)


def _only_counts(blocks: list[TextBlock], context: PageContext, *, is_last: bool) -> bool:
    """True for two lines of the same words in which a count of visitors grew and times are those of the visits.

    With `is_last` a line has to state both: in a page without a foot a number alone may be anything.
    """
    times = [time_expressions(composed(block.text)) for block in blocks]
    is_attribute = blocks[0].kind == "attribute"
    if is_attribute or len(times[0]) != len(times[1]) or any(states_number(block.text, context) for block in blocks):
        return False
    for one, other in zip(times[0], times[1], strict=True):
        if not _is_same(one, other) and not explained(one, other, context.visits, is_cached=True):
            return False
    numbers = [[number for *_, number in numbers_in(_without_times(block))] for block in blocks]
    moved = [sorted(pair) for pair in zip(*numbers, strict=False) if pair[0] != pair[1]]
    is_code = not moved and _without_times(blocks[0]) != _without_times(blocks[1])
    if len(numbers[0]) != len(numbers[1]) or is_code or (is_last and not (moved and times[0])):
        return False
    return all(low >= _MANY and high <= min(low * _GROWTH, _MOST) and not _is_year(high) for low, high in moved)


def _is_same(one: TimeExpression, other: TimeExpression) -> bool:
    return (one.kind, one.moments, one.seconds) == (other.kind, other.moments, other.seconds)


def _is_year(number: float) -> bool:
    return 1900 <= number <= 2100


def _without_times(block: TextBlock) -> str:
    text = composed(block.text)
    for time in reversed(time_expressions(text)):
        text = f"{text[: time.start]} {text[time.end :]}"
    return text


def _bare(block: TextBlock) -> str:
    return " ".join(NUMBER.sub("0", _without_times(block)).casefold().split())


def _is_link(block: TextBlock, context: PageContext) -> bool:
    """True for a link to another page of the site, or for what belongs to one."""
    is_whole = (block.is_link or bool(block.entry) or block.is_lone_link) and count_words(block.text) <= _MOST_HEADLINE
    is_own = all(site_of_address(link) == context.site for link in block.links or (block.near_link,))
    return is_whole and is_own and may_be_replaced(block, context)


def _is_label(block: TextBlock, context: PageContext, most: int) -> bool:
    """True for a few words that are no name of the site or of a person, and stand behind no label of their own."""
    if block.section == "footer" or block.is_headed or block.before.endswith((":", "：")) or is_in_path(block):
        return False  # in its foot a site says who it is, and where
    is_brief = count_words(block.text) <= most and not any(map(context.is_elsewhere, block.links))
    is_home = any(place_of_link(link).endswith(f"{context.site}/?#") for link in block.links)
    is_named = is_home or bool((block.labels | block.around) & _PERSONS)
    return is_brief and not is_named and not long_words(block.text) & context.names_of_site


def _lead_apart(blocks: list[TextBlock]) -> bool:
    """False for one link with another text: somebody changed its words."""
    places = [[*map(place_of_link, block.links)] for block in blocks]
    return len(blocks) < 2 or not places[0] or places[0] != places[1]
