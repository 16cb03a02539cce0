"""Whether a text beside the main text makes a claim about what the page is about.

The frame of a page may change with every visit, and says nothing of the page then. What takes something back, accuses,
repeats words of the title or of the page's names, or states a number of the page's own text is a claim, wherever it is.
"""

from __future__ import annotations

import re

from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.varying_places import Place
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.folding import count_words, long_words
from archive.corroborate.texts.interface_words import asks, words_of_requests
from archive.corroborate.texts.retractions import accuses, speaks_for_site, speaks_of_itself, takes_back

_ABOUT, _MUCH = 3, 0.4
"""Long words that a text shares with the page's main text, and their share of its own."""
_MOST_HEADLINE = 20
"""Words of a headline; more in a value of a program are a text."""
_DATE = re.compile(r"\b(?:19|20)\d\d-\d\d")
_NAMES_THING = re.compile(
    r"\b(?:cases?|plates?|passports?|licen[cs]e|account|acc|iban|bic|pgp|gpg|keys?|wallet|btc|eth|bitcoin|sha-?\d*|md5|isbn|issn|doi"
    r"|serial|unit|flight|article|law|order|resolution|tel|phone|fax|whatsapp|signal|mobile)\b",
    re.IGNORECASE,
)


def makes_claim(text: str, context: PageContext, *, is_request: bool = False) -> bool:
    """True for a text that says something of the page; `is_request` of what asks the reader for something."""
    said = long_words(text) - context.names_of_site
    if is_request:
        said -= words_of_requests()
    if said & context.subject or takes_back(text) or (accuses(text) and (is_request or said & context.persons)):
        return True
    shared = said & context.own_words
    if len(shared) >= _ABOUT and len(shared) >= _MUCH * len(said):
        return True
    return states_number(text, context) or (not is_request and speaks_for_site(text))


def claims_in_box(text: str, context: PageContext) -> bool:
    """True for a text of a box beside the main text that says more than what the box asks for, or leads to."""
    return names_thing(text) or accuses(text) or makes_claim(text, context, is_request=asks(text))


def is_edit_in_advertisement(text: str, context: PageContext) -> bool:
    """True for what no advertiser says: it takes back something of the site or the page, or tells of the subject."""
    said = long_words(text)
    if takes_back(text) and (said & (context.names_of_site | context.own_words) or speaks_of_itself(text)):
        return True
    shared = (said - context.names_of_site) & context.own_words
    return len(shared) >= _ABOUT and len(shared) >= _MUCH * len(said)


def is_of_visit(place: Place, value: str, context: PageContext) -> bool:
    """True for a value of a program that only its visit brought, and that says nothing of the page."""
    is_silent = count_words(value) < _ABOUT and not long_words(value) & context.subject
    return context.varying.explains(place, value) and (is_silent or not makes_claim(value, context))


def is_silent_value(value: str, context: PageContext) -> bool:
    """True for a value that a page with a text keeps for its programs, and that says nothing of the page."""
    if not context.has_text or count_words(value) > _MOST_HEADLINE:
        return False
    return _DATE.search(value) is None and not makes_claim(value, context)


def names_claim(path: str, value: str, context: PageContext) -> bool:
    """True for a value of a program that states something by its own name, or a number of the page's sentences."""
    name = " ".join(_PARTS.split(path.rpartition(".")[2]))
    said = long_words(name) - changing_words("programs")
    return bool(said & context.subject) or takes_back(name) or states_number(value, context)


_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")


def names_thing(text: str) -> bool:
    """True for a text with a word that says that the number or code behind it is the name of something."""
    return _NAMES_THING.search(text) is not None


def states_number(text: str, context: PageContext) -> bool:
    """True for a text with a number that the page's own sentences state."""
    return not context.numbers.isdisjoint(context.numbers_of(text))
