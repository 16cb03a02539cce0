"""Whether a difference between two texts is explained by what changes with every visit. Whatever is not, is substance.

A change is explained by evidence, not by its looks alone: a clock shows the time of its own visit, a count names what
readers do, an advertisement comes from a known host or replaces another one whole, an entry of a list is another entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archive.corroborate.changing_words import changing_words
from archive.corroborate.clocks import is_greeting
from archive.corroborate.counters import are_plausible, count_in, is_plausible, numbers_in
from archive.corroborate.dates import Visits, time_expressions
from archive.corroborate.folding import composed, fold, words
from archive.corroborate.furniture import are_online, is_of_frame, is_trend
from archive.corroborate.interface_words import (
    addresses_reader,
    appeals,
    asks,
    is_label,
    is_prompt,
    is_request,
    is_same_label,
    says_consent,
    words_of_requests,
)
from archive.corroborate.page_content import TIME_SHOWN, PageContent, TextBlock
from archive.corroborate.personal import is_offer, is_personal, is_poll
from archive.corroborate.phrases import (
    COUNTER,
    DATE,
    TOKEN,
    counts_alone,
    explain_lines,
    is_time_alone,
    said_beside_counts,
)
from archive.corroborate.places import place_of_link, site_of_address
from archive.corroborate.retractions import speaks_for_site, takes_back
from archive.corroborate.slots import ADVERTISEMENT, LAYOUT, NAMED, TOOLBAR, is_teaser
from archive.corroborate.tokens import without_addresses

SUBSTANCE = "substance"

_SHORT = 14
"""Words of a block that is no prose: a counter, a line with a clock."""
_SENTENCE = 8
"""Words of a line that says something; fewer are a label, a clock, a counter."""
_LONGEST_ADVERTISEMENT = 500
_LONGEST_TEASER = 300
_LONGEST_HEADLINE = 20
"""Words of a headline in a list of other pages; more are a statement."""
_HEADLINE = 3
"""Words of a headline in a list that no name calls one; fewer are a section, a place, a person."""
_EDITED = 0.6
"""Share of their words from which on two texts are one text that was edited, and not two."""
_BROWSER = re.compile(
    r"(?:(?:you(?:'re| are)?(?: currently)? us(?:e|ing)|your (?:browser|user[- ]agent)(?: is)?"
    r"|(?:browser|user[- ]agent)(?= ?: ?Mozilla/)|votre navigateur(?: est)?|vous utilisez|(?:tu|su) navegador(?: es)?"
    r"|متصفحك(?: هو)?)\s?:?\s|(?=Mozilla/\d))"
    r"(?P<named>[A-Z][\w.+-]*(?:[/ ]\d[\w.]*)?(?:\s(?:\([^()]{1,100}\)|[A-Z][\w.+-]*[/ ]\d[\w.]*))*)\.?",
    re.IGNORECASE,
)
"""A whole line that says which browser its reader uses."""
_NAMES_BROWSER = re.compile(r"(?:Headless)?Chrom(?:e|ium)|Firefox|Safari|Edge|Opera|Mozilla", re.IGNORECASE)
_ABOUT = 2
"""Long words that a text shares with the page it would be about."""
_NAMED = re.compile(r"([A-Za-z]+)[/ ]?(\d*)")
"""The name and the first number of a browser."""
_FRAME = frozenset(("header", "footer", "nav"))
_ASKING_ATTRIBUTES = frozenset(("placeholder", "aria-label", "title", "value"))
"""Attributes of fields and buttons that a reader is shown."""
_USES_COOKIES = re.compile(r"\bthis (?:web)?site uses\b", re.IGNORECASE)
_LONGEST_COMPARED = 100
_AMOUNT = re.compile(r"[$€£]\s?\d{1,4}|\d{1,4}\s?[$€£]")
_NUMBERED = re.compile(r"\d+|s\b")
_VOTES = re.compile(r"\b(?:votes?|votos?)\b|صوت|أصوات", re.IGNORECASE)
_PRICE = re.compile(
    r".*(?:[$€£]|\b(?:EUR|USD|GBP|TRY|UAH))\s?\d[\d.,]*.*|.*\d[\d.,]*\s?(?:[$€£]|(?:EUR|USD|GBP|TRY|UAH)\b).*",
    re.DOTALL,
)
"""What offers something at a price."""


@dataclass(frozen=True)
class PageContext:
    """What two pages are, beside the texts that differ."""

    visits: Visits
    slots: frozenset[str]
    """Changing places that both pages have."""
    pages: tuple[PageContent, ...] = ()
    agents: tuple[str, str] = ("", "")
    """What each observer called its browser; empty where that is not known."""

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words of what the pages are about."""
        there = [{block.text for block in page.blocks} for page in self.pages]
        shared = set.intersection(*there) if there else set[str]()
        spoken = (
            fold(block.text)
            for page in self.pages
            for block in page.blocks
            if _is_of_subject(block)
            and (block.text in shared or (block.section in ("article", "main") and not block.posted))
        )
        said = frozenset(word.casefold() for text in set(spoken) for word in words(text) if len(word) > 3)
        return said - self.names_of_site

    @cached_property
    def names_of_site(self) -> frozenset[str]:
        """Words by which the pages call their site: of its address, and of the link to its first page."""
        named = {self.site.partition(".")[0]}
        for page in self.pages:
            home = f"{site_of_address(page.url)}/?#"
            for block in page.blocks:
                if block.is_link and block.links and place_of_link(block.links[0]).endswith(home):
                    named |= {word.casefold() for word in words(fold(block.text)) if len(word) > 3}
        return frozenset(named)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Texts that both pages have, word by word."""
        there = [{fold(block.text) for block in page.blocks} for page in self.pages]
        return frozenset(set.intersection(*there)) if there else frozenset()

    @cached_property
    def titles(self) -> tuple[frozenset[str], ...]:
        """The long words of each page's title."""
        return tuple(
            frozenset(word.casefold() for word in words(fold(block.text)) if len(word) > 3)
            for page in self.pages
            for block in page.blocks
            if block.kind == "title"
        )

    @cached_property
    def headlines(self) -> frozenset[str]:
        """What both pages have as the heading of their own text, word by word."""
        sides = [
            {fold(block.text) for block in page.blocks if block.kind == "title" or block.is_headline}
            for page in self.pages
        ]
        return frozenset(set.intersection(*sides)) if sides else frozenset()

    @cached_property
    def site(self) -> str:
        return site_of_address(self.pages[0].url) if self.pages else ""

    @cached_property
    def entries(self) -> tuple[frozenset[str], ...]:
        """Where the entries of each page's lists lead."""
        return tuple(
            frozenset(place_of_link(block.near_link) for block in page.blocks if block.near_link and is_entry(block))
            for page in self.pages
        )

    @cached_property
    def has_request(self) -> tuple[bool, ...]:
        """Whether each page asks its readers for something that the other does not, outside its main text."""
        return tuple(
            any(
                not block.is_main
                and asks(block.text)
                and fold(block.text) not in self.shared
                and is_request(block.text, is_sure=False)
                for block in page.blocks
            )
            for page in self.pages
        )

    @cached_property
    def has_appeal(self) -> tuple[bool, ...]:
        """Whether each page asks its readers for money, outside its main text."""
        return tuple(
            any(
                not block.is_main and appeals(block.text) and is_request(block.text, is_sure=True)
                for block in page.blocks
            )
            for page in self.pages
        )

    @cached_property
    def has_votes(self) -> tuple[bool, ...]:
        return tuple(any(_VOTES.search(block.text[:200]) for block in page.blocks) for page in self.pages)

    def is_elsewhere(self, link: str) -> bool:
        """True for a link to another site than the page's."""
        site = site_of_address(link)
        return bool(site) and site != self.site


def _is_of_subject(block: TextBlock) -> bool:
    """True for what the page is about: its article, its title, and sentences anywhere."""
    if block.kind == "title":
        return True
    if block.kind != "visible" or block.slot is not None or block.is_link or block.entry:
        return False
    return block.section in ("article", "main") or len(block.text.split()) >= _SENTENCE


def classify(one: TextBlock | None, other: TextBlock | None, context: PageContext) -> frozenset[str]:
    """What explains that these two texts differ, or that only one page has one: kinds of change, or `SUBSTANCE`."""
    if one is None or other is None:
        alone = one or other
        assert alone is not None
        return frozenset({_alone(alone, context, at=0 if one is not None else 1)})
    if one.how == "datetime" and one.owner != TIME_SHOWN:
        return frozenset({SUBSTANCE})  # of an element that says something else
    if (explained := explain_lines(one, other, context.visits)) is not None:
        return explained
    in_slot = _in_slot(one, other, context)
    if in_slot is not None:
        return frozenset({in_slot})
    return frozenset(_changes(one, other, context))


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
        return LAYOUT if _are_other_entries(one, other, context) else None
    if one.slot is None or one.slot != other.slot or one.kind not in ("visible", "attribute", "hidden"):
        return None
    if one.slot_name != other.slot_name and not (one.links and other.links):
        return None
    if one.slot in (ADVERTISEMENT, NAMED):
        return ADVERTISEMENT if _are_advertisements(one, other, context) else None
    if _are_times_of_entries(one, other):
        return LAYOUT
    is_neutral = all(_is_harmless(block, context) and _shares(block, context) < 2 for block in blocks)
    is_counted = _NUMBERED.sub("", one.text) == _NUMBERED.sub("", other.text)
    return LAYOUT if is_neutral and (is_counted or not is_edited(one.text, other.text)) else None


def _are_times_of_entries(one: TextBlock, other: TextBlock) -> bool:
    """True for the hours of two entries in a list, each before its headline."""
    is_list = all(block.slot == LAYOUT and is_teaser(block.slot_labels) for block in (one, other))
    return is_list and all(map(is_time_alone, (one.text, other.text))) and one.near_link != other.near_link


def is_entry(block: TextBlock) -> bool:
    """True for a text in a list of other pages that belongs to a link: its headline, or what stands below that."""
    if not block.near_link or block.kind not in ("visible", "attribute", "hidden") or len(block.text) > _LONGEST_TEASER:
        return False
    if block.slot == LAYOUT and is_teaser(block.slot_labels):
        return True
    is_headline = block.is_link and len(block.text.split()) >= _HEADLINE
    return block.slot is None and block.section in ("aside", "nav", "footer", "header") and is_headline


def _are_other_entries(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True where one entry was replaced whole by another: other link, other text, and neither is in both lists.

    The same link with another text is no other entry: somebody changed its words.
    """
    if not all(may_be_replaced(block, context) for block in (one, other)):
        return False
    places = place_of_link(one.near_link), place_of_link(other.near_link)
    is_said = one.is_link or min(len(one.text.split()), len(other.text.split())) > _HEADLINE
    texts = [block.text if block.is_link else said_beside_counts(_spaced(block)) for block in (one, other)]
    if places[0] == places[1] or (is_said and is_edited(texts[0], texts[1])):
        return False
    return (
        not _is_in_other(places[0], context, at=0)
        and not _is_in_other(places[1], context, at=1)
        and _stays(one, other, context)
    )


def may_be_replaced(block: TextBlock, context: PageContext) -> bool:
    """False for what says something of the page, where the entry of a list stands."""
    number = len(block.text.split())
    if number > _LONGEST_HEADLINE and (block.is_link or block.slot is None):
        return False
    if takes_back(block.text) or _repeats_title(block, context):
        return False
    if block.section in ("nav", "footer") and speaks_for_site(block.text):
        return False
    return number <= _SHORT or not speaks_much(block, context)


def _repeats_title(block: TextBlock, context: PageContext) -> bool:
    if fold(block.text) in context.headlines:
        return False
    said = {word.casefold() for word in words(fold(block.text)) if len(word) > 3}
    return any(len(said & title) >= max(2, len(title) * 0.6) for title in context.titles)


def _stays(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True unless the entry of a menu leads to another site."""
    return all(is_teaser(block.slot_labels) or not context.is_elsewhere(block.near_link) for block in (one, other))


def _is_in_other(place: str, context: PageContext, at: int) -> bool:
    return len(context.entries) > 1 and place in context.entries[1 - at]


def _spaced(block: TextBlock) -> str:
    """Its text, with white space between its elements."""
    return " ".join(text for text, _ in block.parts) or block.text


def is_edited(one: str, other: str) -> bool:
    """True for two texts that are one text with some words changed: most of their words stand in one order in both."""
    parts = [
        [word.casefold() for word in words(fold(text)) if word[0].isalnum()][:_LONGEST_COMPARED]
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


def _are_advertisements(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    blocks = one, other
    if any(len(block.text) > _LONGEST_ADVERTISEMENT or speaks_much(block, context) for block in blocks):
        return False
    if one.slot == ADVERTISEMENT and one.kind == "attribute" and " " not in one.text + other.text:
        return True
    if all(context.is_elsewhere(block.near_link) for block in blocks):
        is_other = place_of_link(one.near_link) != place_of_link(other.near_link)
        is_numbered = re.sub(r"\d+", "0", one.text) == re.sub(r"\d+", "0", other.text)
        if one.slot == ADVERTISEMENT or (is_other and is_numbered):
            return True
    return not is_edited(*(_PRICE.sub(str(number), block.text) for number, block in enumerate(blocks)))


def speaks_of_page(block: TextBlock, context: PageContext) -> bool:
    """True for a text that takes something back, or says something about what the page is about."""
    if fold(block.text).removeprefix("Re: ") in context.shared:
        return False
    return takes_back(block.text) or _shares(block, context) >= _ABOUT


def speaks_much(block: TextBlock, context: PageContext) -> bool:
    long = {word.casefold() for word in words(fold(block.text)) if len(word) > 3}
    shared = long & context.vocabulary
    return len(shared) >= 3 and len(shared) >= 0.4 * len(long)


def _alone(block: TextBlock, context: PageContext, at: int) -> str:
    if _is_prompt(block, context):
        return LAYOUT
    if block.slot == LAYOUT and is_teaser(block.slot_labels) and is_time_alone(block.text):
        return LAYOUT
    if is_entry(block):
        if not may_be_replaced(block, context):
            return SUBSTANCE
        is_whole = not _is_in_other(place_of_link(block.near_link), context, at) and _stays(block, block, context)
        return LAYOUT if is_whole and is_teaser(block.slot_labels) | (block.section == "aside") else SUBSTANCE
    if _is_of_toolbar(block):
        return LAYOUT
    if is_trend(block) and not speaks_of_page(block, context):
        return LAYOUT
    if block.slot in (ADVERTISEMENT, NAMED) and _is_lone_advertisement(block, context):
        return ADVERTISEMENT
    text = fold(block.text)
    if len(words(text)) <= _SHORT and counts_alone(block):
        return COUNTER
    rest = without_addresses(text)
    if rest != text and not words(rest) and "ip" in block.labels:
        return TOKEN
    return SUBSTANCE


def _is_lone_advertisement(block: TextBlock, context: PageContext) -> bool:
    if len(block.text) > _LONGEST_ADVERTISEMENT or speaks_much(block, context):
        return False
    is_foreign = context.is_elsewhere(block.near_link)
    if block.slot == ADVERTISEMENT:
        return is_foreign or block.slot_name in context.slots
    return is_foreign or (bool(block.links) and block.slot_name in context.slots) or is_ad_label(block.text)


def is_ad_label(text: str) -> bool:
    return fold(text).casefold().strip(" .:") in (
        "advertisement", "ad", "ads", "sponsored", "publicité", "publicidad", "anuncio", "إعلان", "advertising",
    )  # fmt: skip


def _is_prompt(block: TextBlock, context: PageContext) -> bool:
    """True for what asks the reader for consent, a login or an address, and does not speak of the page."""
    if block.kind == "meta":
        return False
    is_outside = block.section != "article" and not block.is_main
    if is_outside and _is_asking(block, context):
        return True
    if _shares(block, context) >= 2:
        return False
    parts = [text for text, _ in block.parts] or [block.text]
    if is_outside and all(map(is_label, parts)):
        return True
    if not is_outside or block.section == "main":
        return block.slot == LAYOUT and is_prompt(block.slot_labels, block.text)
    if is_prompt(block.labels | block.slot_labels, block.text):
        return True
    return block.slot is None and says_consent(block.text) and addresses_reader(block.text)


def _is_asking(block: TextBlock, context: PageContext) -> bool:
    """True for a request in the words of requests, or what stands beside one, and of nothing that the page is about."""
    is_read = block.kind in ("visible", "hidden") or block.how in _ASKING_ATTRIBUTES
    if not is_read or block.kind == "meta" or block.how in ("noscript", "template"):
        return False
    said = {word.casefold() for word in words(fold(block.text)) if len(word) > 3} - words_of_requests()
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
    return is_prompt(block.labels | block.slot_labels, block.text) or is_label(block.text)


def _shares(block: TextBlock, context: PageContext) -> int:
    return len({word.casefold() for word in words(fold(block.text)) if len(word) > 3} & context.vocabulary)


def _are_of_frame(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for two lines of the page's frame: labels, requests, prices, weather, an offer, the reader's place."""
    blocks = one, other
    if one.how == other.how == "selected":  # an edition, a language
        return all(block.section in _FRAME for block in blocks)
    if all(map(_are_labels, blocks)) and not any(block.is_main for block in blocks):
        return _are_other_labels(one, other, context)
    if all(_is_prompt(block, context) for block in blocks) and not is_edited(one.text, other.text):
        return True
    is_changing = is_of_frame(one, other) or is_personal(one, other)
    return is_changing and not any(_shares(block, context) for block in blocks)


def _are_other_labels(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True where one has some labels more, or both are buttons of requests; one link with another label is edited."""
    parts = [{fold(text) for text, _ in block.parts} or {fold(block.text)} for block in (one, other)]
    if parts[0] <= parts[1] or parts[1] <= parts[0]:
        return True
    is_same_link = bool(one.links) and [*map(place_of_link, one.links)] == [*map(place_of_link, other.links)]
    return any(context.has_request) and not is_same_link


def _are_labels(block: TextBlock) -> bool:
    parts = [text for text, _ in block.parts] or [block.text]
    return all(map(is_label, parts))


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


_COUNTED = re.compile(r"\(\s?([0-9][0-9.,]*)(?: \w+)?\s?\)|([0-9][0-9.,]*[kKmM]?)")


def _grew(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for a number at an entry for another page that grew from the earlier visit to the later one."""
    texts = [[text for text, _ in block.parts] or [block.text] for block in (one, other)]
    if len(texts[0]) != len(texts[1]):
        return False
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


def _states_browser(text: str, agent: str) -> bool:
    """True for a line that says which browser its reader uses, if the reader sent that name."""
    stated = _BROWSER.fullmatch(text.strip())
    if stated is None or _NAMES_BROWSER.match(stated["named"]) is None:
        return False
    name, version = _NAMED.findall(stated["named"])[0]
    sent = re.search(rf"{re.escape(name)}/(\d+)", agent, re.IGNORECASE)
    return not agent or (sent is not None and version in ("", sent[1]))


def _changes(one: TextBlock, other: TextBlock, context: PageContext) -> Iterator[str]:
    texts = composed(one.text), composed(other.text)
    if is_same_label(*texts):
        yield LAYOUT
    elif is_greeting(texts[0]) and is_greeting(texts[1]):
        yield DATE
    elif are_online(one, other) or (one.entry and one.entry == other.entry and _grew(one, other, context)):
        yield COUNTER
    elif _are_of_frame(one, other, context) or all(map(_states_browser, texts, context.agents)):
        yield LAYOUT
    elif len(context.has_votes) > 1 and is_poll(one, other, (context.has_votes[0], context.has_votes[1])):
        yield COUNTER
    else:
        yield SUBSTANCE
