"""What a page shows each reader by place and country: weather, currencies, an edition, a price to subscribe."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.corroborate.changing_words import changing_words
from archive.corroborate.page_content import TextBlock

_PLACES = changing_words("by_place")
_OFFERS = changing_words("offers")
_ASIDE = frozenset(("nav", "aside", "header", "footer"))
_MOST_WORDS = 14
_AMOUNT = re.compile(
    r"(?:(?:[$€£¥₴₽₺₪]|US\$|[A-Z]{3}|EGP|د\.إ|ر\.س)\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥₴₽₺₪]|[A-Z]{3}))[.,]?\Z"
)
_MEASURED = re.compile(r"-?[0-9٠-٩]+(?:[.,][0-9٠-٩]+)?\s?(?:°\s?[CF]?|%|km/h)?")


def is_personal(one: TextBlock, other: TextBlock, changed: Sequence[tuple[str, ...]]) -> bool:
    """True where two short texts outside the article state the reader's weather, rates, country or price."""
    is_outside = all(block.section not in ("article", "main") for block in (one, other))
    if not is_outside or max(len(block.text.split()) for block in (one, other)) > _MOST_WORDS:
        return False
    if all(block.section in _ASIDE or (block.labels | block.slot_labels) & _OFFERS for block in (one, other)) and all(
        _AMOUNT.match(part) for pair in changed for part in pair
    ):
        return True
    if not all((block.labels | block.slot_labels) & _PLACES for block in (one, other)):
        return False
    if all("°" in block.text for block in (one, other)):
        return True
    return all(_is_name(part) for pair in changed for part in pair)


def _is_name(part: str) -> bool:
    """True for a number, an amount, or names: each word with a capital letter, or two words of a script without."""
    spoken = part.split()
    if not spoken or len(spoken) > 4:
        return False
    return all(_MEASURED.fullmatch(word) or not word[0].isalpha() or word[0].isupper() for word in spoken) or (
        len(spoken) <= 2 and all(not character.islower() for character in part)
    )
