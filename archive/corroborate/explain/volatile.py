"""Whether a difference between two texts is explained by what changes with every visit. Whatever is not, is substance.

The main content of a page (its text, title, headings, media, what its head states) is compared word by word. What is
around it, its frame, may differ where there is evidence for that: several captures of which no two agree
(`varying_places`), the time of the own visit, the structure of the page, and only then words. A claim about the page's
subject (`claims`) is substance wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.corroborate.explain.bars import explain_bar, is_breaking
from archive.corroborate.explain.beside_main import MOST_LABEL, makes_no_claim
from archive.corroborate.explain.claims import is_edit_in_advertisement, makes_claim
from archive.corroborate.explain.context import HEADLINE, PageContext, is_entry
from archive.corroborate.explain.entry_counts import are_ages_of_entry, are_votes, counts_replies, has_grown
from archive.corroborate.explain.foot_lines import count_visitors
from archive.corroborate.explain.forum_lines import are_statistics, is_of_online_list
from archive.corroborate.explain.frame_changes import explain_frame, is_in_frame
from archive.corroborate.explain.frame_lines import are_online, is_of_frame, is_prayer
from archive.corroborate.explain.personal import are_answers, is_offer, is_personal, is_poll
from archive.corroborate.explain.phrases import (
    COUNTER,
    DATE,
    TOKEN,
    counts_alone,
    explain_lines,
    states_work,
)
from archive.corroborate.explain.pressed_counts import count_presses
from archive.corroborate.explain.replaced_entries import (
    SHORT,
    are_other_entries,
    is_edited,
    may_be_replaced,
    says_otherwise,
    speaks_much,
    stays_on_site,
    words_shared,
)
from archive.corroborate.explain.value_times import are_of_answer
from archive.corroborate.explain.varying_rows import NUMBER
from archive.corroborate.pages.ad_texts import is_ad_label, says_words
from archive.corroborate.pages.attributes import INNER_PAGE
from archive.corroborate.pages.content import TIME_SHOWN, TextBlock
from archive.corroborate.pages.slots import ADVERTISEMENT, CONSENT, LAYOUT, NAMED, PROMPTS, TOOLBAR, is_teaser
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.counters import numbers_in
from archive.corroborate.texts.folding import composed, count_words, fold, long_words, words
from archive.corroborate.texts.interface_words import (
    asks,
    is_label,
    is_more_from,
    is_request,
    is_request_alone,
    is_same_label,
    says_requests,
    words_of_requests,
)
from archive.corroborate.texts.places import place_of_link
from archive.corroborate.texts.retractions import takes_back
from archive.corroborate.texts.tokens import without_addresses

SUBSTANCE = "substance"

_LONGEST_ADVERTISEMENT = 500
_MOVED = 0.25
"""By how much the number of a site's partners may move."""
_BROWSER = re.compile(
    r"(?:(?:you(?:'re| are)?(?: currently)? us(?:e|ing)|your (?:browser|user[- ]agent)(?: is)?"
    r"|(?:browser|user[- ]agent)(?= ?: ?Mozilla/)|votre navigateur(?: est)?|vous utilisez|(?:tu|su) navegador(?: es)?"
    r"|متصفحك(?: هو)?)\s?:?\s|(?=Mozilla/\d))"
    r"(?P<named>[A-Z][\w.+-]*(?:[/ ]\d[\w.]*)?(?:\s(?:\([^()]{1,100}\)|[A-Z][\w.+-]*[/ ]\d[\w.]*))*)\.?",
    re.IGNORECASE,
)
"""A whole line that says which browser its reader uses."""
_NAMES_BROWSER = re.compile(r"(?:Headless)?Chrom(?:e|ium)|Firefox|Safari|Edge|Opera|Mozilla", re.IGNORECASE)
_NAMED = re.compile(r"([A-Za-z]+)[/ ]?(\d*)")
"""The name and the first number of a browser."""
_FRAME = frozenset(("header", "footer", "nav"))
_ASKING_ATTRIBUTES = frozenset(("placeholder", "aria-label", "title", "value"))
"""Attributes of fields and buttons that a reader is shown."""
_USES_COOKIES = re.compile(
    r"\bthis (?:web)?site uses\b|\b(?:use|using|visit|visiting) this (?:web)?site\b"
    r"|\bwithdraw(?:ing)? (?:your )?consent\b|\bread this (?:story|article)(?= in .{0,40}\bapp\b)", re.IGNORECASE
)
_AMOUNT = re.compile(r"[$€£]\s?\d{1,4}|\d{1,4}\s?[$€£]")
_NUMBERED = re.compile(r"\d+|s\b")
_PRICE = re.compile(
    r".*(?:[$€£]|\b(?:EUR|USD|GBP|TRY|UAH))\s?\d[\d.,]*.*|.*\d[\d.,]*\s?(?:[$€£]|(?:EUR|USD|GBP|TRY|UAH)\b).*",
    re.DOTALL,
)
"""What offers something at a price."""


def classify(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> frozenset[str]:
    """What explains that these two texts differ, or that only one page has one: kinds of change, or `SUBSTANCE`."""
    if one is None or other is None:
        alone = one or other
        assert alone is not None
        if are_votes(alone):
            return frozenset({COUNTER})
        kind = _alone(alone, context, at=0 if one is not None else 1)
        kind = explain_frame(one, other, context) or kind if kind == SUBSTANCE else kind
        return frozenset({LAYOUT if kind == SUBSTANCE and makes_no_claim([alone], context) else kind})
    if are_votes(one, other) or count_presses(one, other, context):
        return frozenset({COUNTER})
    if one.how == "datetime" and one.owner != TIME_SHOWN:
        return frozenset({SUBSTANCE})  # of an element that says something else
    if are_of_answer(one.text, other.text, context.visits):
        return frozenset({DATE})
    if (explained := explain_lines(one, other, context.visits)) is not None:
        return explained
    in_slot = _in_slot(one, other, context)
    if in_slot is not None:
        return frozenset({in_slot})
    found = frozenset(_changes(one, other, context))
    return frozenset({LAYOUT}) if SUBSTANCE in found and makes_no_claim([one, other], context) else found


_TOOLBAR = changing_words("toolbar")
"""Words of the bar that an archive puts over its copies."""


def _is_of_toolbar(block: TextBlock) -> bool:
    said = {word.casefold() for word in words(fold(block.text)) if word.isalpha()}
    return block.slot_name == TOOLBAR and said <= _TOOLBAR


def _in_slot(one: TextBlock, other: TextBlock, context: PageContext) -> str | None:
    """The kind of the changing place that both texts are in; None where one is in none, or speaks of the page."""
    blocks = one, other
    if all(map(_is_of_toolbar, blocks)):
        return LAYOUT
    if all(map(is_entry, blocks)):
        return LAYOUT if are_other_entries(one, other, context) else None
    if all(map(_is_of_ticker, blocks)) and all(_alone(block, context, at) == LAYOUT for at, block in enumerate(blocks)):
        return None if is_edited(one.text, other.text) else LAYOUT
    if one.slot is None or one.slot != other.slot or one.kind not in ("visible", "attribute", "hidden"):
        return None
    if one.slot_name != other.slot_name and not (one.links and other.links):
        return None
    if one.slot in (ADVERTISEMENT, NAMED):
        return ADVERTISEMENT if _are_advertisements(one, other, context) else None
    if all(map(_is_consent, blocks)) and _count_alike(one, other):
        return LAYOUT
    is_neutral = all(_is_harmless(block, context) and words_shared(block, context) < 2 for block in blocks)
    is_counted = _NUMBERED.sub("", one.text) == _NUMBERED.sub("", other.text)
    return LAYOUT if is_neutral and (is_counted or not is_edited(one.text, other.text)) else None


def _is_consent(block: TextBlock) -> bool:
    """True for a request in a box for consent, also where the page is about the same: a privacy policy."""
    return bool(block.slot_labels & CONSENT) and says_requests(block.text)


def _count_alike(one: TextBlock, other: TextBlock) -> bool:
    """True for one text with numbers that moved a little: `our 127 partners`."""
    numbers = [[number for *_, number in numbers_in(block.text)] for block in (one, other)]
    if len(numbers[0]) != len(numbers[1]) or NUMBER.sub("0", one.text) != NUMBER.sub("0", other.text):
        return False
    return all(abs(a - b) <= _MOVED * min(a, b) for a, b in zip(*numbers, strict=True))


def _are_advertisements(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    blocks = one, other
    if any(len(block.text) > _LONGEST_ADVERTISEMENT or speaks_much(block, context) for block in blocks):
        return False
    if any(is_edit_in_advertisement(block.text, context) for block in blocks):
        return False
    is_of_page = any(words_shared(block, context) >= 2 for block in blocks)
    if one.slot == NAMED and is_of_page and not all(context.is_elsewhere(block.near_link) for block in blocks):
        return False
    is_code = one.kind == "attribute" and " " not in one.text + other.text
    if is_code and (one.slot == ADVERTISEMENT or one.how.startswith("data-")):
        return True
    if all(context.is_elsewhere(block.near_link) for block in blocks):
        is_other = place_of_link(one.near_link) != place_of_link(other.near_link)
        is_numbered = re.sub(r"\d+", "0", one.text) == re.sub(r"\d+", "0", other.text)
        if one.slot == ADVERTISEMENT or (is_other and is_numbered):
            return True
    says = [is_ad_label(block.text) or says_words(block.text) for block in blocks]
    is_counted = re.sub(r"\d+", "0", one.text) == re.sub(r"\d+", "0", other.text)
    if one.slot == NAMED and (not all(says) or (is_counted and not _PRICE.fullmatch(one.text))):
        return False  # a number, or a code, in place of another
    return not is_edited(*(_PRICE.sub(str(number), block.text) for number, block in enumerate(blocks)))


def _alone(block: TextBlock, context: PageContext, at: int) -> str:
    if is_ad_label(block.text):
        return ADVERTISEMENT
    if block.slot == LAYOUT and block.owner == INNER_PAGE and not makes_claim(block.text, context):
        return LAYOUT
    if _is_prompt(block, context):
        return LAYOUT
    if block.slot == LAYOUT and is_teaser(block.slot_labels) and is_time_alone(block.text):
        return LAYOUT
    if is_entry(block):
        if not may_be_replaced(block, context):
            return SUBSTANCE
        is_whole = not says_otherwise(block, context, at) and stays_on_site(block, block, context)
        return LAYOUT if is_whole and is_teaser(block.slot_labels) | _is_aside(block) else SUBSTANCE
    if _is_of_toolbar(block):
        return LAYOUT
    if is_of_online_list(block) or _is_first_comment(block, context) or states_work(block):
        return COUNTER
    if is_prayer(block):
        return LAYOUT
    if _is_of_ticker(block) and not makes_claim(block.text, context) and may_be_replaced(block, context):
        return LAYOUT
    if block.slot in (ADVERTISEMENT, NAMED) and _is_lone_advertisement(block, context):
        return ADVERTISEMENT
    text = fold(block.text)
    if len(words(text)) <= SHORT and counts_alone(block):
        return COUNTER
    rest = without_addresses(text)
    if rest != text and not words(rest) and "ip" in block.labels:
        return TOKEN
    return SUBSTANCE


def _is_aside(block: TextBlock) -> bool:
    return block.section == "aside" and not block.is_main


_FIRST = re.compile(
    r"(?:one|1|un|une|uno|\d{1,3}) (?:thoughts?|comments?|responses?|repl(?:y|ies)|commentaires?"
    r"|comentarios?|réponses?)"
    r" (?:on|to|sur|à|en|sobre) "
    r"[\"'“«‘]?\s*(?P<title>.{3,200}?)\s*[\"'”»’]?\Z",
    re.IGNORECASE,
)


def _is_first_comment(block: TextBlock, context: PageContext) -> bool:
    """True for `One thought on “…”` above the first comment, with the heading of the page in it."""
    found = _FIRST.fullmatch(fold(block.text))
    if found is None or block.is_main:
        return False
    title = fold(found["title"]).strip("\"'“”«»‘’ ")
    return any(title and title in headline for headline in context.headlines)


def _is_of_ticker(block: TextBlock) -> bool:
    """True for a headline that runs through the page, whether or not it leads anywhere."""
    is_there = block.slot == LAYOUT and bool(block.slot_labels & {"ticker", "newsticker", "marquee"})
    is_there = is_there or block.slot_name.startswith("marquee.")
    is_there = is_there or is_breaking(block)
    return is_there and block.section not in ("article", "main") and count_words(block.text) >= HEADLINE


def _is_lone_advertisement(block: TextBlock, context: PageContext) -> bool:
    if len(block.text) > _LONGEST_ADVERTISEMENT or speaks_much(block, context):
        return False
    if is_edit_in_advertisement(block.text, context):
        return False
    is_foreign = context.is_elsewhere(block.near_link)
    if block.slot == ADVERTISEMENT:
        offers = block.links or len(words(fold(block.text))) <= HEADLINE or _PRICE.fullmatch(block.text)
        return is_foreign or (block.slot_name in context.slots and bool(offers))
    return is_foreign or (bool(block.links) and block.slot_name in context.slots) or is_ad_label(block.text)


def _is_prompt(block: TextBlock, context: PageContext) -> bool:
    """True for what asks the reader for consent, a login or an address, and does not speak of the page."""
    if block.kind == "meta":
        return False
    is_outside = block.section != "article" and not block.is_main
    if is_outside and _is_asking(block, context):
        return True
    if is_outside and is_more_from(block.text):
        return True
    if words_shared(block, context) >= 2:
        return False
    parts = [text for text, _ in block.parts] or [block.text]
    return is_outside and all(map(is_label, parts))


def _is_asking(block: TextBlock, context: PageContext) -> bool:
    """True for a request in the words of requests, or what stands beside one, and of nothing that the page is about."""
    is_read = block.kind in ("visible", "hidden") or block.how in _ASKING_ATTRIBUTES
    if not is_read or block.kind == "meta" or block.how in ("noscript", "template"):
        return False
    said = long_words(block.text) - words_of_requests()
    if said & context.vocabulary or takes_back(_USES_COOKIES.sub("", block.text)):
        return False
    text = ". ".join(text for text, _ in block.parts) or block.text
    text = " ".join(word for word in text.split() if word.casefold() not in context.names_of_site)
    is_choice = block.kind == "attribute" and block.how == "value" and text.isdigit() and len(text) < 5
    if _AMOUNT.fullmatch(text) or is_choice:
        return is_offer(block) or any(context.has_appeal)
    return (
        is_request(text, is_sure=True) if asks(text) else any(context.has_request) and is_request(text, is_sure=False)
    )


def _is_harmless(block: TextBlock, context: PageContext) -> bool:
    """True for what a changing place of the layout may say."""
    if len(block.text) > _LONGEST_ADVERTISEMENT or speaks_much(block, context):
        return False
    is_within = block.section in ("article", "main") and not any(context.has_request)
    is_named = bool((block.labels | block.slot_labels) & (CONSENT | PROMPTS))
    return is_named and is_request(block.text, is_sure=False) if not is_label(block.text) else not is_within


def _are_of_frame(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for two lines of the page's frame: labels, requests, prices, weather, an offer, the reader's place."""
    blocks = one, other
    if one.how == other.how == "selected":  # an edition, a language
        return all(block.section in _FRAME for block in blocks)
    if all(map(_are_labels, blocks)) and not any(block.is_main for block in blocks):
        return _are_other_labels(one, other, context)
    if all(_is_prompt(block, context) for block in blocks):
        is_brief = max(count_words(block.text) for block in blocks) <= SHORT
        are_buttons = is_brief and all(is_request_alone(block.text, is_whole=True) for block in blocks)
        if are_buttons or not is_edited(one.text, other.text):
            return True
    is_changing = is_of_frame(one, other, has_text=context.has_text) or is_personal(one, other)
    said = [long_words(block.text) for block in blocks]
    if all("°" in fold(block.text) for block in blocks):  # the place of the page has its weather
        said = [said[0] - said[1], said[1] - said[0]]
    return is_changing and not ((said[0] | said[1]) & context.vocabulary or any(map(context.is_subject, blocks)))


def _are_other_labels(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True where one has some labels more, or both are buttons of requests; one link with another label is edited."""
    parts = [{fold(text) for text, _ in block.parts} or {fold(block.text)} for block in (one, other)]
    if parts[0] <= parts[1] or parts[1] <= parts[0]:
        return True
    is_same_link = bool(one.links) and [*map(place_of_link, one.links)] == [*map(place_of_link, other.links)]
    return any(context.has_request) and (not is_same_link or all(asks(block.text) for block in (one, other)))


def _is_label_in_cases(one: TextBlock, other: TextBlock) -> bool:
    """True for a label of the page's frame in small letters and in capitals."""
    if any(block.kind == "attribute" or not is_in_frame(block) for block in (one, other)):
        return False
    return one.text.casefold() == other.text.casefold() and count_words(one.text) <= MOST_LABEL


def _are_labels(block: TextBlock) -> bool:
    parts = [text for text, _ in block.parts] or [block.text]
    return all(map(is_label, parts))


def _states_browser(text: str, agent: str) -> bool:
    """True for a line that says which browser its reader uses, if the reader sent that name."""
    stated = _BROWSER.fullmatch(text.strip())
    if stated is None or _NAMES_BROWSER.match(stated["named"]) is None:
        return False
    name, version = _NAMED.findall(stated["named"])[0]
    sent = re.search(rf"{re.escape(name)}/(\d+)", agent, re.IGNORECASE)
    return not agent or (sent is not None and version in ("", sent[1]))


def _are_of_readers(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for two lines of who is online, or of what a forum or a site counts of itself."""
    if context.is_last(one) and context.is_last(other) and count_visitors(one, other):
        return True
    return are_online(one, other) or are_statistics(one, other) or all(map(is_of_online_list, (one, other)))


def _changes(one: TextBlock, other: TextBlock, context: PageContext) -> Iterator[str]:
    texts = composed(one.text), composed(other.text)
    if is_same_label(*texts) or _is_label_in_cases(one, other):
        yield LAYOUT
    elif _are_of_readers(one, other, context) or has_grown(one, other, context) or counts_replies(one, other, context):
        yield COUNTER
    elif are_ages_of_entry(one, other, context):
        yield DATE
    elif _are_of_frame(one, other, context) or all(map(_states_browser, texts, context.agents)):
        yield LAYOUT
    elif len(context.has_votes) > 1 and is_poll(one, other, (context.has_votes[0], context.has_votes[1])):
        yield COUNTER
    elif are_answers(one, other) and all(not each.is_main and words_shared(each, context) < 2 for each in (one, other)):
        yield LAYOUT
    elif found := explain_bar(one, other, lambda first, second: classify(first, second, context.of_pair), SUBSTANCE):
        yield from found
    else:
        yield explain_frame(one, other, context) or SUBSTANCE
