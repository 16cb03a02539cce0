"""Lines of a page's frame that differ between readers or minutes by what they say themselves, whatever they stand in.

Who is online, prices and rates of a market, weather, times of prayer, an edition by country: all words of such a line
are known, and only its numbers or its place differ. Nothing of the main text is such a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import changing_words, phrases_of
from archive.corroborate.texts.counters import numbers_in, says_online
from archive.corroborate.texts.folding import caseless, fold

_MARKET_NAMES, _WEATHER_WORDS = changing_words("market_names"), changing_words("weather_words")
_PRAYERS = changing_words("prayer_names")
_OF_PLACE, _COUNTRIES = changing_words("of_place"), changing_words("countries")
_LANGUAGES = phrases_of("languages")
_PLACE_IN_HEAD = changing_words("place_in_head")
_READER_PLACE = changing_words("reader_place")
_ADDRESSED = changing_words("addressed")
"""Words by which a line speaks to its reader."""
_FRAME = frozenset(("header", "footer", "nav"))
_DRIFT = 0.05
_MOST_DEGREES = 4.0
_MOST_PLACE = 3
"""Words of the name of a place."""
_LONGEST = 160
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?(?:[ap]\.?m\.?|ص|م))?", re.IGNORECASE)
_CHANGE = re.compile(r"\(?[+−-]?\d{1,3}(?:[.,]\d{1,3})?\s?%\)?|(?<!\w)[+−-]\d[\d.,]*")
"""By how much a price moved."""
_MEASURED = re.compile(r"(?:[^\W\d_]+[ -]?){1,3} ?[-−+]?\d{1,2}\s?°\s?[CF]")
"""The temperature of a place, with its unit, and nothing else."""
_DEGREES = re.compile(r"[-−+]?\d{1,2}\s?°")
_EDITION = re.compile(
    r"\b(?:(?:[A-Z][\w.]*\s){1,2}edition|(?:édition|edición|edition):?\s(?:[A-Z][\w.]*\s?){1,2}|النسخة \w+)",
    re.IGNORECASE,
)


def is_of_frame(one: TextBlock, other: TextBlock, *, has_text: bool) -> bool:
    """True where both lines are such a line, and the same one. `has_text`: both pages have a main text elsewhere."""
    if any(block.is_main or block.section == "article" or len(block.text) > _LONGEST for block in (one, other)):
        return False
    texts = _plain(one), _plain(other)
    headings = tuple(_words(block.before) or _words(block.heading) for block in (one, other))
    checks: tuple[Callable[[str, str, tuple[set[str], set[str]]], bool], ...] = (
        _are_editions,
    )  # fmt: skip
    if has_text or all(map(_is_beside, (one, other))) or headings[0] & headings[1] & (_MARKET_NAMES | _WEATHER_WORDS):
        checks = (*checks, _are_prices, _are_weather)
    elif all(map(_is_rate, texts)):
        checks = (*checks, _are_prices)
    if all(map(_is_at_prayers, (one, other))) and _are_prayers(*texts, (headings[0], headings[1])):
        return True
    if _are_places_of_reader(one, other, texts) or _are_languages(one, other):
        return True
    is_measured = all(map(_MEASURED.fullmatch, texts))
    is_free = (is_measured and has_text) or all(map(_is_in_head, (one, other)))
    if is_free and _are_weather(*texts, (headings[0], headings[1]), is_framed=True):
        return True
    return any(check(*texts, (headings[0], headings[1])) for check in checks)


def _is_rate(text: str) -> bool:
    """True for a line that names two currencies, or what is quoted: an amount of one currency may be of anything."""
    codes = {code for code in re.findall(r"[A-Z]{3}", text) if code.casefold() in _MARKET_NAMES}
    return len(codes) > 1 or bool(_words(text) & changing_words("quoted"))


def _is_beside(block: TextBlock) -> bool:
    """True for a line of the page's frame: in a page without a text, an amount in its body may be what it is about."""
    return block.section not in ("main", "body") or block.slot is not None or block.is_framed


def are_online(one: TextBlock, other: TextBlock) -> bool:
    """True for two lines that say who reads the site at the moment: numbers, and names of members before them."""
    if any(block.is_tabular and block.is_main for block in (one, other)):
        return False
    return all(map(says_online, (_plain(one), _plain(other))))


def _plain(block: TextBlock) -> str:
    return " ".join(fold(" ".join(text for text, _ in block.parts) or block.text).split())


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(fold(text))}


def _are_prices(one: str, other: str, headings: tuple[set[str], set[str]]) -> bool:
    """The same names of currencies, metals and indices, and numbers that moved a little."""
    said = _words(one), _words(other)
    if said[0] != said[1] or not said[0] <= _MARKET_NAMES:
        return False
    if not said[0] and not (headings[0] == headings[1] and headings[0] & _MARKET_NAMES and _is_named(headings[0])):
        return False
    numbers = [[value for *_, value in numbers_in(_CHANGE.sub("", text))] for text in (one, other)]
    if not numbers[0] or len(numbers[0]) != len(numbers[1]):
        return False
    return all(a == b or abs(a - b) <= _DRIFT * max(abs(a), abs(b)) for a, b in zip(*numbers, strict=True))


def _is_named(words: set[str]) -> bool:
    """True for a heading of which no word is about anything else."""
    return words <= _MARKET_NAMES


def _are_weather(
    one: str, other: str, headings: tuple[set[str], set[str]], *, is_framed: bool = False
) -> bool:
    """Degrees beside the name of a place and words of the weather; of one place, hardly other degrees."""
    degrees = [_DEGREES.findall(text) for text in (one, other)]
    if not degrees[0] or len(degrees[0]) != len(degrees[1]):
        return False
    said = [
        [word for word in _WORD.findall(text) if word.casefold() not in _WEATHER_WORDS and len(word) > 1]
        for text in (one, other)
    ]
    known = [
        any(word.casefold() in _WEATHER_WORDS and len(word) > 1 for word in _WORD.findall(text))
        for text in (one, other)
    ]
    if not all(known) and not all(words & _WEATHER_WORDS for words in headings) and not is_framed:
        return False
    if any(len(place) > _MOST_PLACE or any(word[0].islower() for word in place) for place in said):
        return False
    values = [[float(re.sub(r"[^\d-]", "", degree.replace("−", "-"))) for degree in found] for found in degrees]
    is_near = all(abs(a - b) <= _MOST_DEGREES for a, b in zip(*values, strict=True))
    return is_near or said[0] != said[1]


def _are_prayers(one: str, other: str, headings: tuple[set[str], set[str]]) -> bool:
    bare = [_CLOCK.sub("", text).strip(" :-") for text in (one, other)]
    said = [_words(text) or words for text, words in zip(bare, headings, strict=True)]
    return bare[0] == bare[1] and bare[0] != one and said[0] == said[1] and bool(said[0]) and said[0] <= _PRAYERS


def _is_at_prayers(block: TextBlock) -> bool:
    """True where the place, or a heading, says that prayers follow: `Noon 12:31` alone is when something happened."""
    said = block.around | _words(block.before) | _words(block.heading) | _words(_plain(block))
    return bool(said & changing_words("prayer"))


def is_prayer(block: TextBlock) -> bool:
    """True for the times of prayer, or their heading."""
    text = _plain(block)
    said = _words(_CLOCK.sub("", text))
    is_short = not block.is_main and block.kind == "visible" and len(text) <= _LONGEST
    return is_short and bool(said) and said <= _PRAYERS and bool(block.around & changing_words("prayer"))


def _are_places_of_reader(one: TextBlock, other: TextBlock, texts: tuple[str, str]) -> bool:
    """True for two places in words that say that the reader is there, or alone in the frame of the page."""
    is_framed = all(map(_is_in_head, (one, other)))
    is_named = all(block.labels & _READER_PLACE for block in (one, other))
    if any(block.section == "main" or block.is_cell or block.is_headed for block in (one, other)):
        return False
    said = [[word.casefold() for word in _WORD.findall(text)] for text in texts]
    if any(re.search(r"\d", text) for text in texts) or not all(map(_names_country, said)):
        is_in_head = is_framed and all(block.labels & _PLACE_IN_HEAD for block in (one, other))
        return is_in_head and all(map(_IS_PLACE.fullmatch, texts))
    rests = [[word for word in found if word not in _COUNTRIES or word in _OF_PLACE] for found in said]
    if all(rests) and set(rests[0]) == set(rests[1]) and _OF_PLACE.issuperset(rests[0]):
        is_in_frame = all(block.section in _FRAME or block.is_framed for block in (one, other))
        return is_in_frame or bool(_ADDRESSED.intersection(rests[0]))
    return (is_framed or is_named) and all(map(_is_place, texts, said))


def _are_languages(one: TextBlock, other: TextBlock) -> bool:
    """True for the names of two languages in the frame of the page, which offers itself in them."""
    is_framed = all(block.section in _FRAME or block.is_framed for block in (one, other))
    return is_framed and all(map(_is_language, (one.text, other.text)))


def _is_language(text: str) -> bool:
    """True for `English (UK)`, and for `Germany (English)`."""
    said = caseless(text)
    land, _, language = said.rstrip(")").partition(" (")
    is_edition = _COUNTRIES.issuperset(_WORD.findall(land)) and language in _LANGUAGES
    return is_edition or _IN_LANDS.sub("", said) in _LANGUAGES


_IN_LANDS = re.compile(r"\s?\([\w ]{2,20}\)\Z")
"""Where a language is spoken: `English (UK)`."""


def _is_code(text: str) -> bool:
    return re.fullmatch(r"\s?[A-Z]{2}", text) is not None


def _is_in_head(block: TextBlock) -> bool:
    """True for the frame of a page but its foot, where a site says where it is itself."""
    return block.section in ("header", "nav") or (block.is_framed and "footer" not in block.labels)


_IS_PLACE = re.compile(r"[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*){0,2}")
"""One place, without a verb."""


def _names_country(said: list[str]) -> bool:
    return any(word in _COUNTRIES for word in said) or (len(said) > 1 and len(said[-1]) == 2)


def _is_place(text: str, said: list[str]) -> bool:
    """True for a country and nothing else, or for a city before it."""
    if _COUNTRIES.issuperset(said):
        return True
    city, has_country, country = text.replace("،", ",").partition(",")
    is_country = _COUNTRIES.issuperset(word.casefold() for word in _WORD.findall(country)) or _is_code(country)
    return bool(has_country) and is_country and _IS_PLACE.fullmatch(city.strip()) is not None


def _are_editions(one: str, other: str, headings: tuple[set[str], set[str]]) -> bool:
    bare = [" ".join(_EDITION.sub(" ", text).split()) for text in (one, other)]
    return bare[0] == bare[1] and bare[0] != one and bare[1] != other
