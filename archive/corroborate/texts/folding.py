"""Text in the form in which two observers' texts are compared: what only the encoding makes different is the same.

Folded are Unicode normalisation (canonical forms, Arabic presentation forms, ligatures, full width), tatweel,
zero-width joiners, soft hyphens and white space. Not folded is whatever a reader sees or could be misled by:
superscripts, fractions, circled digits, letters of another script that look alike, marks that turn the direction.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_DROPPED = re.compile("[\u00ad\u0640\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f]")
"""Soft hyphen, tatweel, zero-width characters, variation selectors."""
_TURNING = re.compile(
    r"(?<!\d)(?<!\d[^\w\s])(?<!\d[^\w\s]{2})[\u200e\u200f\u061c]+(?![\u200e\u200f\u061c]|[^\w\s]{0,2}\d)"
)
"""Marks of direction that stand at no number: beside one they exchange what stands on its two sides."""
_HARAKAT = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff]"
)
"""Arabic signs over and under letters, which most texts leave out."""
_FOLDED_FORMS = frozenset(
    ("<initial>", "<medial>", "<final>", "<isolated>", "<wide>", "<narrow>", "<noBreak>", "<compat>")
)
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u202f": " "})


def composed(text: str) -> str:
    """The text without differences of encoding, its Arabic signs still there."""
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", "".join(map(_compatible, text)))
    return " ".join(_TURNING.sub("", _DROPPED.sub("", text.translate(_QUOTES))).split())


def unseen_marks(text: str) -> list[str]:
    """Marks without width that turn the direction of a text, where they can exchange what a reader sees."""
    return [] if text.isascii() else _UNSEEN.findall(composed(text))


def _compatible(character: str) -> str:
    if character.isascii():
        return character
    form = unicodedata.decomposition(character).partition(" ")[0]
    return unicodedata.normalize("NFKC", character) if form in _FOLDED_FORMS else character


def caseless(text: str) -> str:
    """`fold` without regard to case; the capital of a Turkish i is one."""
    return fold(text).casefold().replace("i\u0307", "i")


_LONGEST_CACHED = 2_000


def fold(text: str) -> str:
    """The form in which texts are equal: `composed`, and without Arabic signs."""
    return _fold(text) if len(text) > _LONGEST_CACHED else _fold_cached(text)


@lru_cache(maxsize=4_096)
def _fold_cached(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    text = composed(text)
    return text if text.isascii() else _HARAKAT.sub("", unicodedata.normalize("NFC", text))


def signs_conflict(one: str, other: str) -> bool:
    """True where two texts that fold alike have different signs on one letter: قَتَلَ killed, قُتِلَ was killed.

    A sign that only one of them writes is no conflict.
    """
    if one == other or (one.isascii() and other.isascii()):
        return False
    return any(a and b and a != b for a, b in zip(_signs(one), _signs(other), strict=False))


def _signs(text: str) -> list[str]:
    """The vowel signs of each letter, in order; the shadda that others leave out is not one."""
    found: list[str] = []
    for character in unicodedata.normalize("NFC", composed(text)):
        if _HARAKAT.match(character):
            if found and character != "\u0651":
                found[-1] += character
        else:
            found.append("")
    return found


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_")


def words(text: str) -> list[str]:
    """The words and signs of a folded text."""
    return _WORD.findall(text)


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
"""Scripts that put no space between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
_SIGNS_OF_WORD = 2
"""Characters of Japanese and Chinese that are a word, on average."""
_OF_LETTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""The others of them, which write with letters and with marks over and under these."""
_LETTERS_OF_WORD = 4
_WITHIN = re.compile("[\u30a1-\u30fa\u30fc]{2,}|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}|[\uac00-\ud7a3]{2,}")
"""A word in katakana, a run of Chinese characters, a Korean word with its endings."""
_LONG = 3


def count_words(text: str) -> int:
    """How many words a text has, in any script."""
    if text.isascii():
        return len(text.split())
    unspaced = "".join(_UNSPACED.findall(text))
    lettered = _OF_LETTERS.findall(unspaced)
    letters = sum(unicodedata.category(sign)[0] == "L" for sign in lettered)
    signs = len(unspaced) - len(lettered)
    spaced = len(_UNSPACED.sub(" ", text).split())
    return spaced - (-signs // _SIGNS_OF_WORD) - (-letters // _LETTERS_OF_WORD)


def long_words(text: str) -> set[str]:
    """The words of a text that say what it is about, in lower case: those of more than three letters.

    Of Chinese characters each two in a row, of a Korean word its beginning, of Japanese what is no hiragana.
    """
    text = fold(text)
    found = {word.casefold() for word in words(text) if len(word) > _LONG and not _WITHIN.search(word)}
    if not text.isascii():
        for run in _WITHIN.findall(text):
            is_chinese = "\u3400" <= run[0] <= "\ufaff" and not "\uac00" <= run[0] <= "\ud7a3"
            found |= set(map("".join, pairwise(run))) if is_chinese else {run[:2] if run[0] >= "\uac00" else run}
    return found


def units(text: str) -> list[str]:
    """The words of a text in lower case, and each character of a script that puts no space between them."""
    found = (word.casefold() for word in words(fold(text)) if word[0].isalnum())
    return [unit for word in found for unit in (word if _UNSPACED.search(word) else (word,))]
