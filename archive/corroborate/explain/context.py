"""What two pages are, beside the texts that differ: their words, titles, lists and requests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from archive.corroborate.explain.foot_lines import lines_of_foot
from archive.corroborate.explain.varying_places import NOTHING, Varying, places_of, said_by, value_of_block
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.pages.slots import LAYOUT, is_teaser
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.counters import counts_votes, numbers_in
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, count_words, fold, long_words, words
from archive.corroborate.texts.interface_words import appeals, asks, is_request
from archive.corroborate.texts.places import is_library, place_of_link, site_of_address
from archive.corroborate.texts.retractions import accuses
from archive.corroborate.texts.visit_times import Visits

_SENTENCE = 8
"""Words of a line that says something; fewer are a label, a clock, a counter."""
_TEXT = 40
"""Words of a main text; fewer may be what a page shows before its program has put the text there."""
_FEW_PARTS = 2
_FEW = 13
"""Numbers from here on are few pages' own."""
_UNITS = re.compile("(?<=[0-9])(?=[\u3040-\u9fff\uac00-\ud7a3])|(?<=[\u3040-\u9fff\uac00-\ud7a3])(?=[0-9])")
"""Between a number and what it counts, where a script puts no space."""
_LONGEST_TEASER = 300
HEADLINE = 3
"""Words of a headline in a list that no name calls one; fewer are a section, a place, a person."""
_NAME = re.compile(r"(?<=[\w,'’] )[A-Z][^\W\d_]{3,}|(?<=[A-Z]\. )[A-Z][^\W\d_]{3,}|(?<= )[\u0621-\u064a]{4,}")
"""A word with a capital that begins no sentence; where a script has no capitals, any long word but the first."""


@dataclass(frozen=True)
class PageContext:
    """What two pages are, beside the texts that differ."""

    visits: Visits
    slots: frozenset[str]
    """Changing places that both pages have."""
    pages: tuple[ComparedPage, ...] = ()
    agents: tuple[str, str] = ("", "")
    """What each observer called its browser; empty where that is not known."""
    varying: Varying = NOTHING
    """What several observers show of the source's places."""

    def is_varying(self, block: TextBlock) -> bool:
        """True for a text that only its own visit brought there."""
        if block.is_listed and (place_of_link(block.near_link), said_by(block)) in self.varying.edited:
            return False
        value = value_of_block(block)
        if not self.varying.is_sure and _is_content(block):
            return False
        if block.is_main and not block.offer:
            return any((place, value) in self.varying.growing for place in places_of(block))
        return any(self.varying.explains(place, value, is_listed=block.is_listed) for place in places_of(block))

    @cached_property
    def of_pair(self) -> PageContext:
        """What two captures show alone: of an element within a line the others show nothing."""
        return self if self.varying is NOTHING else replace(self, varying=NOTHING)

    @cached_property
    def subject(self) -> frozenset[str]:
        """Long words of what the pages call themselves: their titles and first headings."""
        blocks = (block for page in self.pages for block in page.blocks)
        said = (block.text for block in blocks if block.kind == "title" or block.is_headline)
        found = frozenset(word for text in said for word in long_words(text))
        return found - self.names_of_site - changing_words("function_words")

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Long words of the main texts; of pages without one, of all that they are about."""
        said = (block for page in self.pages for block in page.blocks if block.is_main)
        own = {block.text for block in said if not (block.is_listed or block.is_boxed)}
        return frozenset(word for text in own for word in long_words(text)) - self.names_of_site or self.vocabulary

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Numbers that the pages' own sentences and titles state."""
        own = (
            block.text
            for page in self.pages
            for block in page.blocks
            if block.kind == "title"
            or (block.is_main and block.kind == "visible" and not (block.is_link or block.is_boxed))
        )
        return frozenset(number for text in own if any(map(str.isalpha, text)) for number in self.numbers_of(text))

    @staticmethod
    def numbers_of(text: str) -> frozenset[float]:
        """The numbers that stand as words in a text; not those of few things, of days, clocks and years."""
        times = time_expressions(composed(text))
        for one in reversed(times):
            text = f"{composed(text)[: one.start]} {composed(text)[one.end :]}"
        words = (word.strip("()[].,;:!?«»\"'،؛") for word in _UNITS.sub(" ", text).split())
        found = {word: numbers_in(word) for word in words if word[:1].isdigit()}
        whole = (at[0][2] for word, at in found.items() if len(at) == 1 and at[0][:2] == (0, len(word)))
        return frozenset(number for number in whole if number >= _FEW and not 1900 <= number <= 2100)

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
            and (block.text in shared or (block.section in ("article", "main") and not block.reply))
        )
        said = frozenset(word for text in set(spoken) for word in long_words(text))
        return said - self.names_of_site

    @cached_property
    def names_of_main(self) -> frozenset[str]:
        """Classes and ids of the pages' main texts, and of what these lie in: `.text`, `#story`."""
        return frozenset(name for page in self.pages for name in page.names)

    @cached_property
    def persons(self) -> frozenset[str]:
        """Words that the pages' main texts write as names within a sentence, or after a byline."""
        found: set[str] = set()
        for page in self.pages:
            for block in page.blocks:
                if block.kind == "visible" and (block.is_main or block.section == "article") and not block.entry:
                    found.update(match.casefold() for match in _NAME.findall(fold(block.text)))
        return frozenset(word for word in found if not accuses(word)) - self.names_of_site

    @cached_property
    def names_of_site(self) -> frozenset[str]:
        """Words by which the pages call their site: of its address, and of the link to its first page."""
        named = {self.site.partition(".")[0]}
        for page in self.pages:
            named |= _said_of_site(page)
            home = f"{site_of_address(page.url)}/?#"
            for block in page.blocks:
                if block.is_link and block.links and place_of_link(block.links[0]).endswith(home):
                    named |= long_words(block.text)
        return frozenset(named)

    @cached_property
    def shared(self) -> frozenset[str]:
        """Texts that both pages have, word by word."""
        there = [{fold(block.text) for block in page.blocks} for page in self.pages]
        return frozenset(set.intersection(*there)) if there else frozenset()

    @cached_property
    def shared_entries(self) -> frozenset[str]:
        """Where entries of lists of other pages lead that both pages have."""
        sides = [{block.entry for block in page.blocks} for page in self.pages]
        return frozenset(set.intersection(*sides)) - {""} if sides else frozenset()

    @cached_property
    def titles(self) -> tuple[frozenset[str], ...]:
        """The long words of each page's title."""
        return tuple(
            frozenset(long_words(block.text))
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
    def _subjects(self) -> frozenset[str]:
        return frozenset(word for headline in self.headlines for word in words(headline.casefold()))

    def is_subject(self, block: TextBlock) -> bool:
        """True in the body of a page whose headings say that it is about weather, prices or times of prayer."""
        return block.section in ("main", "body") and bool(self._subjects & changing_words("subjects"))

    @cached_property
    def has_text(self) -> bool:
        """Whether both pages have a main text: a sentence at least."""
        return all(
            any(block.is_main and count_words(block.text) >= HEADLINE * 2 for block in page.blocks)
            for page in self.pages
        )

    @cached_property
    def is_written(self) -> bool:
        """Whether the text of both pages stands in their markup, and is not put there by a program."""
        said = (
            sum(count_words(block.text) for block in page.blocks if block.is_main and block.kind == "visible")
            for page in self.pages
        )
        return bool(self.pages) and all(number >= _TEXT for number in said)

    @cached_property
    def _lines(self) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset(
                fold(block.text)
                for block in page.blocks
                if block.kind in ("title", "meta") or (block.kind == "visible" and (block.is_main or block.is_headline))
            )
            for page in self.pages
        )

    @cached_property
    def shown_lines(self) -> frozenset[str]:
        """What stands in an element of its own in the main text of either page, and their titles and headings."""
        return frozenset().union(*self._lines)

    @cached_property
    def _shown_texts(self) -> tuple[str, ...]:
        return tuple("\n".join(sorted(lines)) for lines in self._lines)

    def stated_by(self, text: str) -> tuple[bool, ...]:
        """For each page, whether a folded text stands in its main text."""
        return tuple(text in shown for shown in self._shown_texts)

    @cached_property
    def shown_places(self) -> frozenset[str]:
        """Where the media and frames of the pages are, and where the links of their main texts lead."""
        media = (each.url for page in self.pages for each in (*page.media, *page.frames))
        links = (link for page in self.pages for block in page.blocks if block.is_main for link in block.links)
        return frozenset(place_of_link(url) for url in (*media, *links))

    @cached_property
    def loading_sites(self) -> frozenset[str]:
        """The site of the pages, and those from which both load scripts or style sheets."""
        sides = [{site_of_address(url) for url in (*page.linked, *page.all_sheets)} for page in self.pages]
        return frozenset(set.intersection(*sides) if sides else ()) | {self.site}

    @cached_property
    def program_sites(self) -> frozenset[str]:
        """The site of the pages, and another one from which each of them loads most scripts and style sheets."""
        sides = [Counter(map(site_of_address, (*page.linked, *page.all_sheets))) for page in self.pages]
        shared = set.intersection(*map(set, sides)) if sides else set[str]()
        mostly = {site for site in shared if all(side[site] > max(_FEW_PARTS, side.total() / 2) for side in sides)}
        return frozenset(site for site in mostly if not is_library(site)) | {self.site}

    def is_last(self, block: TextBlock) -> bool:
        """True for one of the last lines of either page, behind its last sentence."""
        return id(block) in self._feet

    @cached_property
    def _feet(self) -> frozenset[int]:
        return frozenset(id(block) for page in self.pages for block in lines_of_foot(page))

    @cached_property
    def site(self) -> str:
        return site_of_address(self.pages[0].url) if self.pages else ""

    @cached_property
    def entries(self) -> tuple[Mapping[str, frozenset[str]], ...]:
        """Where the entries of each page's lists lead -> what they say."""
        found: list[dict[str, set[str]]] = []
        for page in self.pages:
            found.append({})
            for block in page.blocks:
                if block.near_link and is_entry(block):
                    found[-1].setdefault(place_of_link(block.near_link), set()).add(fold(block.text))
        return tuple({place: frozenset(texts) for place, texts in side.items()} for side in found)

    @cached_property
    def words_of_series(self) -> frozenset[str]:
        """Long words that several entries of lists have in common, in both pages: `Press release on …`."""
        sides = []
        for entries in self.entries:
            often = Counter(word for texts in entries.values() for word in {*chain(*map(long_words, texts))})
            sides.append({word for word, number in often.items() if number > 1})
        return frozenset(set.intersection(*sides)) if sides else frozenset()

    @cached_property
    def _boxes_filled(self) -> frozenset[frozenset[str]]:
        """Words of the class and id of elements that both pages have, and that one of them leaves empty."""
        if len(self.pages) < 2:
            return frozenset()
        one, other = self.pages
        left_empty = (one.empty_boxes - other.empty_boxes) + (other.empty_boxes - one.empty_boxes)
        return frozenset(box for box in left_empty if one.boxes[box] == other.boxes[box])

    def fills_box(self, block: TextBlock) -> bool:
        """True for a text in an element beside the main text that the other page has too, and leaves empty."""
        return any(box <= block.labels for box in self._boxes_filled)

    @cached_property
    def _linked(self) -> tuple[Mapping[str, frozenset[str]], ...]:
        """Where the links of each page lead -> what they say."""
        found: list[dict[str, set[str]]] = []
        for page in self.pages:
            found.append({})
            for block in page.blocks:
                if block.kind == "visible" and block.near_link and (block.is_link or block.is_lone_link):
                    found[-1].setdefault(place_of_link(block.near_link), set()).add(_said_by_link(block))
        return tuple({place: frozenset(texts) for place, texts in side.items()} for side in found)

    def is_said_alike(self, block: TextBlock) -> bool:
        """False for a link that says something else on one of the pages."""
        places = [place_of_link(link) for link in block.links]
        said = (side[place] for side in self._linked for place in places if place in side)
        return all(_said_by_link(block) in texts for texts in said)

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
        return tuple(any(counts_votes(block.text[:200]) for block in page.blocks) for page in self.pages)

    def is_own_address(self, link: str) -> bool:
        """True for a link that leads to one of the pages itself."""
        return bool(link) and any(place_of_link(link) == place_of_link(page.url) for page in self.pages)

    def is_elsewhere(self, link: str) -> bool:
        """True for a link to another site than the page's."""
        site = site_of_address(link)
        return bool(site) and site != self.site


_COMMENTS = frozenset(("comment", "comments", "reply", "replies", "respond", "byline", "author", "dateline"))
"""Names of what readers wrote below a text, and of what says who wrote it, and when."""
_DAYS = frozenset(("day", "moment", "hijri", "solar"))


def _is_content(block: TextBlock) -> bool:
    """True for what two forgers can make seem to vary beside one honest observer: text, tables, bylines, comments."""
    if block.is_main or block.is_tabular or block.reply or block.how == "datetime":
        return True
    if block.is_listed:
        return False
    is_there = block.section in ("article", "main") or bool((block.labels | block.around) & _COMMENTS)
    return is_there or any(one.kind in _DAYS for one in time_expressions(composed(block.text)))


_BEHIND_TITLE = re.compile(r"\s(?:[|·•—–»:]|-)\s")


def _said_of_site(page: ComparedPage) -> set[str]:
    """Long words by which a page names its site: behind its title, and in its statements for other sites."""
    said = [block.text for block in page.blocks if block.kind == "meta" and block.how == "og:site_name"]
    titles = [_BEHIND_TITLE.split(block.text) for block in page.blocks if block.kind == "title"]
    said += [parts[-1] for parts in titles if len(parts) > 1 and len(parts[-1].split()) <= 4]
    return {word for text in said for word in long_words(text)}


def _said_by_link(block: TextBlock) -> str:
    """The words of a link, without the label before it."""
    return fold(block.text if block.is_link or not block.parts else block.parts[-1][0])


def _is_of_subject(block: TextBlock) -> bool:
    """True for what the page is about: its article, its title, and sentences anywhere."""
    if block.kind == "title":
        return True
    if block.kind != "visible" or block.slot is not None or block.is_link or block.entry or block.is_boxed:
        return False
    return block.section in ("article", "main") or count_words(block.text) >= _SENTENCE


def is_entry(block: TextBlock) -> bool:
    """True for a text in a list of other pages that belongs to a link: its headline, or what stands below that."""
    if not block.near_link or block.kind not in ("visible", "attribute", "hidden") or len(block.text) > _LONGEST_TEASER:
        return False
    if block.slot == LAYOUT and is_teaser(block.slot_labels):
        return True
    is_headline = block.is_link and count_words(block.text) >= HEADLINE
    is_beside = block.slot is None and block.section in ("aside", "nav", "footer", "header") and not block.is_main
    return is_beside and is_headline
