"""What a page shows each reader by place, or anew each minute: weather, prices of a market, an offer, a currency."""

from __future__ import annotations

import re

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.counters import is_plausible, numbers_in, value_of
from archive.corroborate.texts.folding import fold

_WEATHER, _MARKETS = changing_words("weather"), changing_words("markets")
_CURRENCY, _PRAYER, _OFFERS = changing_words("currency"), changing_words("prayer"), changing_words("offers")
_OF_MARKET, _OF_PRICES = changing_words("of_market"), changing_words("of_prices")
_POLLS = changing_words("polls")
_OF_WEATHER = changing_words("of_weather")
_MOST_WORDS = 12
_SIGNS = "▲▼△▽↑↓"
_MOST_CHANGE = 3.0
_MOST_DEGREES = 4.0
_MOST_NAMES = 3
"""Words beside a temperature: a place and the weather."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_DRIFT = 0.05
"""By how much a price moves between two visits."""
_YOUR_PLACE = re.compile(
    r"\b(?:your (?:location|country|region|city|position)|votre (?:position|pays|ville|région)|"
    r"(?:tu|su) (?:ubicación|país)|"
    r"edition|édition|edición)\b|موقعك|بلدك",
    re.IGNORECASE,
)
_TEMPERATURE = re.compile(r"[+−-]?[0-6]?\d\s?°?\s?[CF]?")
_OFFERED = re.compile(
    r"\b(?:subscri\w+|donat\w+|s'abonner|abonn\w+|suscr\w+|a (?:week|month|year)|par mois|al mes)\b", re.I
)
_CODE = re.compile(r"[A-Z]{3}(?:\s?[$€£¥₴₽₺₪])?|[$€£¥₴₽₺₪](?:\s?[A-Z]{3})?")
_PRICE = re.compile(r"(?:[$€£¥₴₽₺₪]|US\$|[A-Z]{3}\s)?[+-]?\d[\d.,]*\s?(?:[$€£¥₴₽₺₪]|[A-Z]{3}\b)?")
_NUMERIC = re.compile(r"[+-]?\d[\d.,]*%?")
_PERCENT = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,3})?\s?[%٪]")


def is_personal(one: TextBlock, other: TextBlock) -> bool:
    """True where two short texts outside the article state weather, prices, the reader's place or an offer."""
    blocks = one, other
    texts = tuple(" ".join(fold(" ".join(text for text, _ in block.parts) or block.text).split()) for block in blocks)
    if any(block.section in ("article", "main") for block in blocks):
        return False
    if max(len(text.split()) for text in texts) > _MOST_WORDS:
        return False
    labels = one.around, other.around
    if all(found & _WEATHER for found in labels) and all("°" in text for text in texts):
        return max(len(text.split()) for text in texts) <= 5 and _is_near(*texts)
    if all(found & _WEATHER and found & _OF_WEATHER for found in labels) and _is_part_of_weather(*texts):
        return True
    if all(map(_is_of_market, labels)) and _is_quoted(*texts):
        return True
    is_frame = all(block.section in ("header", "footer", "nav") for block in blocks)
    if is_frame and all(found & _CURRENCY for found in labels) and all(map(_CODE.fullmatch, texts)):
        return True
    if all(found & _PRAYER for found in labels):
        return _without_numbers(texts[0]) == _without_numbers(texts[1])
    if all(found & _OFFERS for found in labels) and all(map(_OFFERED.search, texts)):
        return _PRICE.sub("", texts[0]).split() == _PRICE.sub("", texts[1]).split()
    return _is_of_place(*texts)


def _is_part_of_weather(one: str, other: str) -> bool:
    """True for two temperatures without their sign, or for two names of places, each in an element of its own."""
    if all(map(_TEMPERATURE.fullmatch, (one, other))):
        return True
    names = one.split(), other.split()
    return all(
        len(found) <= _MOST_NAMES and all(word[0].isalpha() and not word[0].islower() for word in found)
        for found in names
    )


def is_offer(block: TextBlock) -> bool:
    """True for an amount in a place for subscriptions or donations."""
    return bool(block.around & _OFFERS)


def _is_of_market(labels: frozenset[str]) -> bool:
    return bool(labels & _MARKETS or (labels & _OF_MARKET and labels & _OF_PRICES))


def _is_near(one: str, other: str) -> bool:
    """True for another place, or for the same one and hardly another temperature."""
    if max(len(_LETTERS.findall(text)) for text in (one, other)) > _MOST_NAMES:
        return False
    degrees = [[value for *_, value in numbers_in(text)] for text in (one, other)]
    if _without_numbers(one) != _without_numbers(other) or len(degrees[0]) != len(degrees[1]):
        return True
    return all(abs(first - second) <= _MOST_DEGREES for first, second in zip(*degrees, strict=True))


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _is_quoted(one: str, other: str) -> bool:
    """True for the same names with numbers that moved as prices do: a little, or shown with their change."""
    parts = one.split(), other.split()
    if len(parts[0]) != len(parts[1]):
        return False
    return all(first == second or _has_moved(first, second) for first, second in zip(*parts, strict=True))


def _has_moved(one: str, other: str) -> bool:
    if one in _SIGNS and other in _SIGNS:
        return True
    stripped = [part.strip("$€£¥₴₽₺₪()") for part in (one, other)]
    if not all(map(_NUMERIC.fullmatch, stripped)):
        return False
    if all(part[0] in "+-" for part in stripped):
        return True  # how much it changed
    numbers = [value_of(part.strip("+-%").rstrip(".,")) for part in stripped]
    if all(part.endswith("%") for part in stripped):
        return abs(numbers[0] - numbers[1]) <= _MOST_CHANGE
    return all("." in part or "," in part for part in stripped) and abs(numbers[0] - numbers[1]) <= _DRIFT * max(
        numbers
    )


def _is_of_place(one: str, other: str) -> bool:
    matches = _YOUR_PLACE.search(one), _YOUR_PLACE.search(other)
    if matches[0] is None or matches[1] is None:
        return False
    names = one[matches[0].end() :].strip(" :."), other[matches[1].end() :].strip(" :.")
    return one[: matches[0].end()] == other[: matches[1].end()] and all(
        0 < len(name.split()) <= 3 and all(not word[0].isalpha() or not word[0].islower() for word in name.split())
        for name in names
    )


_MOST_POINTS = 5.0


def is_poll(one: TextBlock, other: TextBlock, votes: tuple[bool, bool]) -> bool:
    """True for shares of an open poll that moved a little, with their votes. `votes`: each page counts its votes."""
    if not all(votes) or not all(block.is_boxed or block.around & {"poll", "polls"} for block in (one, other)):
        return False
    if _NUMBER.sub("0", one.text) != _NUMBER.sub("0", other.text):
        return False
    shares, counts = ([_numbers(pattern, block.text) for block in (one, other)] for pattern in (_PERCENT, _COUNTED))
    is_near = all(abs(first - second) <= _MOST_POINTS for first, second in zip(*shares, strict=True))
    return is_near and all(is_plausible(first, second) for first, second in zip(*counts, strict=True))


_ANSWERS = changing_words("answers")


def are_answers(one: TextBlock, other: TextBlock) -> bool:
    """True for a poll that shows another of its answers, Yes or No, or the same in another order."""
    if not all(block.around & _POLLS for block in (one, other)):
        return False
    said = [[word.casefold() for word in _LETTERS.findall(fold(block.text))] for block in (one, other)]
    questions = [[word for word in words if word not in _ANSWERS] for words in said]
    return said[0] != said[1] and questions[0] == questions[1]


_NUMBER = re.compile(r"\d[\d.,٫٬]*")
_COUNTED = re.compile(r"(?<![\d.,])\d[\d.,]*+(?!\s?[%٪])")


def _numbers(pattern: re.Pattern[str], text: str) -> list[float]:
    return [value for found in pattern.findall(text) for *_, value in numbers_in(found.strip("%٪ +-"))]
