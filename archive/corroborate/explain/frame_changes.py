"""What differs in the frame of a page: whether it says something, or is a number, a code or another link.

The frame is what a site puts around each of its pages: menus, bars, head and foot. It is compared by its words. A
number that hardly moved, a code that was made up anew and a link that stands whole in the place of another state
nothing about the page, and are shown; words that are no label of a link do, and so does whatever speaks of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.corroborate.explain.boxes import are_requests
from archive.corroborate.explain.claims import makes_claim, names_thing, states_number
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.phrases import COUNTER, TOKEN
from archive.corroborate.explain.replaced_entries import is_edited, may_be_replaced
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.frame import FRAMED
from archive.corroborate.pages.slots import ADVERTISEMENT, LAYOUT
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.counters import is_plausible, numbers_in
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, count_words, fold, long_words, words
from archive.corroborate.texts.interface_words import says_requests
from archive.corroborate.texts.machine import decodes_to_words
from archive.corroborate.texts.places import is_edition, place_of_link, site_of_address
from archive.corroborate.texts.retractions import accuses, speaks_for_site, takes_back

_SECTIONS = frozenset(("header", "footer", "nav"))
_CONTROLS = frozenset(("placeholder", "aria-label", "title"))
"""What a reader is told about a field, a button, a link."""
_MOST_LABEL = 4
"""Words of a label; more are a statement."""
_MOST_BUTTON = 2
"""Words of a button that is known by no word of requests."""
_MOST_LINE = 12
"""Words of a line of numbers and codes."""
_MOVED = 0.25
"""By how much a number may move that does not say what it counts."""
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9]+(?:[-._:][A-Za-z0-9]+)*")
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
"""An account of a bank. (ISO 13616)"""
_LONGEST_CODE = 24
"""Characters of a part of a code; a longer one may be an account, a wallet, a digest."""
_SAYS = re.compile(r"[^\W\d_]{3}|[0-9][.,:/-][0-9]|[0-9]{5}")
"""A word, or a number that may be a place, a time or an address."""
_NUMBERS = re.compile(r"[0-9٠-٩۰-۹]+(?:[.,:٫٬\s'’][0-9٠-٩۰-۹]+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SPLIT = re.compile(r"[\s|·•,;()\[\]#<>=]+")


def is_in_frame(block: TextBlock) -> bool:
    """True for what stands in a menu, a bar, the head or the foot of a page."""
    return not block.is_main and (block.section in _SECTIONS or block.is_framed)


def explain_frame(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> str | None:
    """By what two texts in the frame of two pages differ; None where one of them may state something."""
    blocks = [block for block in (one, other) if block is not None]
    if one is not None and other is not None and _place(one) != _place(other):
        apart = explain_frame(one, None, context), explain_frame(None, other, context)
        if all(apart):
            return LAYOUT  # each stands in a place of its own, and the other page lacks it
    if all(map(_is_switch, blocks)):
        return LAYOUT
    if all(_is_request(block, context) for block in blocks) and _are_plausible(blocks):
        return LAYOUT
    if are_requests(blocks, context):
        return LAYOUT
    if any(block.is_boxed and block.is_main for block in blocks):
        return None
    if all(map(context.is_varying, blocks)) and not _is_edit(blocks, context):
        return LAYOUT
    if any(map(_states, blocks, [context] * len(blocks))):
        return None
    if len({block.entry for block in blocks}) == len(blocks) and _are_labels_of_entries(blocks, context):
        return LAYOUT
    if _are_links_elsewhere(blocks, context):
        return ADVERTISEMENT
    if not all(map(is_in_frame, blocks)):
        return None
    if (one is None or other is None) and _is_said_again(blocks[0], context):
        return LAYOUT
    if one is None or other is None:
        is_choice = blocks[0].kind == "attribute" and blocks[0].how in ("selected", "hreflang")  # a language
        return LAYOUT if is_choice or _is_menu_link(blocks[0], context) else None
    if one.kind == "attribute":
        return _explain_attribute(one, other) if one.how == other.how else None
    if one.kind != "visible":
        return None
    found = _explain_codes(one, other)
    if found == COUNTER and not all(_is_in_named_frame(block, context) for block in blocks):
        return None  # a box beside the text has numbers too
    if found == COUNTER and any(states_number(block.text, context) for block in blocks):
        return None
    return found or (LAYOUT if _is_other_link(one, other, context.site) else None)


def _is_switch(block: TextBlock) -> bool:
    """True for a truth that markup beside the main text states for programs: `data-run-jobs="1"`."""
    is_stated = block.kind == "attribute" and block.how.startswith("data-") and not block.is_main
    return is_stated and block.text.lower() in ("", "0", "1", "true", "false") and not takes_back(block.how)


def _are_plausible(blocks: list[TextBlock]) -> bool:
    """False for a number in a request that grew or shrank as no count does: `81,719 people have signed`."""
    numbers = [[number for *_, number in numbers_in(block.text)] for block in blocks]
    if len(numbers) < 2 or len(numbers[0]) != len(numbers[1]):
        return True
    return all(is_plausible(*pair) for pair in zip(*numbers, strict=True))


def _place(block: TextBlock) -> tuple[object, ...]:
    return block.section, block.labels, block.is_prompt, block.is_link, block.entry


def _is_edit(blocks: list[TextBlock], context: PageContext) -> bool:
    """True for texts at a varying place that make a claim, unless both make it: then only their numbers differ."""
    if len(blocks) > 1 and _NUMBERS.sub("0", fold(blocks[0].text)) == _NUMBERS.sub("0", fold(blocks[1].text)):
        return not context.varying.is_sure and any(states_number(block.text, context) for block in blocks)
    if any(block.reply is not None and block.reply.kind for block in blocks):
        return True  # who wrote a reply, and what, is the same at each visit
    are_linked = all(block.is_listed for block in blocks)
    if are_linked and len(blocks) > 1 and place_of_link(blocks[0].near_link) == place_of_link(blocks[1].near_link):
        return True
    if are_linked:
        return not all(may_be_replaced(block, context) for block in blocks)
    return any(makes_claim(block.text, context, is_request=block.is_prompt) for block in blocks)


def _is_said_again(block: TextBlock, context: PageContext) -> bool:
    """True for a link of few words that both pages have, and one of them twice: in a box and in the foot."""
    is_brief = block.is_link and block.kind == "visible" and count_words(block.text) <= _MOST_LABEL
    return is_brief and fold(block.text) in context.shared and all(
        site_of_address(link) == context.site for link in block.links
    )


def _is_request(block: TextBlock, context: PageContext) -> bool:
    """True for what asks the reader in a box for that: its buttons, its fields, and sentences of mostly such words."""
    if not block.is_prompt or block.is_boxed or makes_claim(block.text, context, is_request=True):
        return False
    is_unread = block.kind == "attribute" and count_words(block.text) == 1
    is_button = (block.is_control or block.is_link) and count_words(block.text) <= _MOST_LABEL
    is_button = is_button and (count_words(block.text) <= _MOST_BUTTON or says_requests(block.text))
    return is_unread or is_button or says_requests(block.text)


def _are_labels_of_entries(blocks: list[TextBlock], context: PageContext) -> bool:
    return all(_is_label_of_entry(block, context) for block in blocks)


def _is_label_of_entry(block: TextBlock, context: PageContext) -> bool:
    """True for the section, the time of an entry in a list of other pages, and for its headline with a number more."""
    if not block.entry or block.is_main:
        return False
    if block.is_ranked:
        return block.text.strip(" .").isdigit() and count_words(block.before) > 1  # its rank beside another headline
    said = " ".join(text for text, _ in block.parts if any(map(str.isalpha, text)))
    is_label = not (block.is_link or block.entry in context.shared_entries) and count_words(block.text) <= _MOST_LABEL
    return is_label or fold(said) in context.shared


def _is_in_named_frame(block: TextBlock, context: PageContext) -> bool:
    """True in what calls itself a menu, a bar, a head or a foot, and in the last lines: boxes have numbers too."""
    is_named = block.section in _SECTIONS or bool(block.labels & (FRAMED - {"sidebar", "widget"}))
    return is_named or (context.is_last(block) and block.section != "aside")


def _states(block: TextBlock, context: PageContext) -> bool:
    """True for a text that speaks of the page, of the site, or takes something back."""
    said = long_words(block.text) - changing_words("programs")
    is_of_page = bool(said & context.vocabulary) and fold(block.text) not in context.shared
    return is_of_page or takes_back(block.text) or accuses(block.text) or speaks_for_site(block.text)


def _are_links_elsewhere(blocks: list[TextBlock], context: PageContext) -> bool:
    """True for a link to another site, beside the text or in the frame, in whose place another one stands whole."""
    if len(blocks) < 2 or not all(block.section == "aside" or is_in_frame(block) for block in blocks):
        return False
    is_alike = all(block.is_link and block.kind == "visible" and not block.is_main for block in blocks)
    are_elsewhere = all(context.is_elsewhere(link) for block in blocks for link in block.links)
    if not (is_alike and are_elsewhere) or max(count_words(block.text) for block in blocks) > _MOST_LINE:
        return False
    places = [[*map(place_of_link, block.links)] for block in blocks]
    return places[0] != places[1] and not is_edited(blocks[0].text, blocks[1].text)


def _is_menu_link(block: TextBlock, context: PageContext) -> bool:
    """True for one more entry of a menu: a link of few words to another page of the site, or to its edition."""
    is_link = block.kind == "visible" and block.is_link and len(block.links) == 1
    return is_link and count_words(block.text) <= _MOST_LABEL and is_edition(block.links[0], context.site)


def _explain_attribute(one: TextBlock, other: TextBlock) -> str | None:
    """What explains two values of an attribute: no reader is shown a `data-` one, and a picture's is of its link."""
    if one.how.startswith("data-") and not any(map(_SAYS.search, (one.text, other.text))):
        return TOKEN
    if any(map(_states_day, (one.text, other.text))):
        return None
    is_other_picture = one.how == "alt" and place_of_link(one.near_link) != place_of_link(other.near_link)
    return LAYOUT if (one.how in _CONTROLS or is_other_picture) and _are_labels(one, other) else None


def _are_labels(one: TextBlock, other: TextBlock) -> bool:
    texts = [re.sub(r"\d[\d.,]*", "0", block.text) for block in (one, other)]
    return texts[0] == texts[1] or max(count_words(text) for text in texts) <= _MOST_LABEL


def _states_day(text: str) -> bool:
    """True for a text with a day, which is not that of a visit where two of them differ."""
    return any(time.kind in ("moment", "day") for time in time_expressions(composed(text)))


def is_in_path(block: TextBlock) -> bool:
    """True for a part of a path through the site: a sign stands before it."""
    return bool(block.before) and not any(map(str.isalnum, block.before))


def _is_of_menu(block: TextBlock) -> bool:
    """True for one of several links; of a path through the site a sign stands before each."""
    return bool(block.entry) or ((block.section == "nav" or block.is_framed) and not is_in_path(block))


def _is_other_link(one: TextBlock, other: TextBlock, site: str) -> bool:
    """True for a link of few words that was replaced whole: it leads elsewhere, and to as far a place."""
    if not (one.is_link and other.is_link and all(map(_is_of_menu, (one, other)))):
        return False
    places = [[*map(place_of_link, block.links)] for block in (one, other)]
    are_own = [{*map(site_of_address, block.links)} == {site} for block in (one, other)]
    is_brief = max(count_words(block.text) for block in (one, other)) <= _MOST_LABEL
    is_other = places[0] != places[1] and are_own[0] == are_own[1]
    return is_brief and is_other and not is_edited(one.text, other.text)


def _explain_codes(one: TextBlock, other: TextBlock) -> str | None:
    """By what two lines differ that have the same words: numbers that hardly moved, codes that were made anew."""
    texts = composed(one.text), composed(other.text)
    if max(count_words(text) for text in texts) > _MOST_LINE or any(map(names_thing, texts)):
        return None
    if [*_words(texts[0])] != [*_words(texts[1])]:
        return None
    pairs = list(zip(_codes(texts[0]), _codes(texts[1]), strict=False))
    if len([*_codes(texts[0])]) != len([*_codes(texts[1])]) or not pairs:
        return None
    kinds = {_of_code(first, second) for first, second in pairs if first != second}
    return None if None in kinds or not kinds else min(kind for kind in kinds if kind)


def _words(text: str) -> Iterator[str]:
    return (word for part in _SPLIT.split(text) if not any(map(str.isdigit, part)) for word in words(part))


def _codes(text: str) -> Iterator[str]:
    return (part.strip(".:!?'\"") for part in _SPLIT.split(text) if any(map(str.isdigit, part)))


def _of_code(one: str, other: str) -> str | None:
    if any(map(_YEAR.fullmatch, (one, other))) or any(map(_ACCOUNT.fullmatch, (one, other))):
        return None
    numbers = _number(one), _number(other)
    if numbers[0] is not None and numbers[1] is not None:
        low, high = sorted((numbers[0], numbers[1]))
        return COUNTER if low.is_integer() and high.is_integer() and high - low <= _MOVED * low else None
    parts = [part for code in (one, other) for part in re.split(r"[-._:]", code)]
    if max(map(len, parts)) > _LONGEST_CODE or any(map(decodes_to_words, (one, other))):
        return None
    if not all(map(_CODE.fullmatch, (one, other))):
        return None
    return TOKEN if _shape(one) == _shape(other) or any(map(str.isalpha, one)) else None


def _number(code: str) -> float | None:
    """The number that all of a code is."""
    found = numbers_in(code)
    return found[0][2] if len(found) == 1 and found[0][:2] == (0, len(code)) else None


def _shape(code: str) -> str:
    return re.sub(r"[0-9A-Fa-f]+", "0", code)
