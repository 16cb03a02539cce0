"""Arabic and Hebrew as a page shows them -> the order in which they are read.

A PDF places glyphs. Read from left to right, a line of Arabic comes out backwards, its letters as presentation forms.
"""

from __future__ import annotations

import re
import unicodedata

_RTL = "\u0590-\u08ff"
_FORMS = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_LETTERS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WORD = re.compile("[\u0620-\u064a]{3,}")
_LATIN = rf"[^\s{_RTL}]*[A-Za-zÀ-ʯ][^\s{_RTL}]*"
_NUMBER = r"[0-9٠-٩۰-۹](?:[0-9٠-٩۰-۹.,:/-]*[0-9٠-٩۰-۹])?"
_LEFT_TO_RIGHT = re.compile(rf"{_LATIN}(?: +(?:{_LATIN}|{_NUMBER}))*|{_NUMBER}")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def is_right_to_left(text: str) -> bool:
    """True where at least a third of the letters are Arabic or Hebrew."""
    letters = len(_LETTERS.findall(text))
    return letters > 3 and letters * 3 >= sum(map(str.isalpha, text))


def unshaped(text: str) -> str:
    """Presentation forms and ligatures as the letters they show: ﺳﻮرﻳﺎ -> سوريا, ﬁ -> fi."""
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)


def reads_backwards(text: str) -> bool | None:
    """Whether Arabic words stand letter by letter in reverse; None where nothing tells.

    The article ال opens words, and ة and ى close them, in Arabic of any kind.
    """
    forwards = backwards = 0
    for word in _WORD.findall(unshaped(text)):
        forwards += word.startswith("ال") + word.endswith(("ة", "ى"))
        backwards += word.endswith("لا") + word.startswith(("ة", "ى"))
    return None if forwards == backwards else backwards > forwards


def logical(visual: str) -> str:
    """A right-to-left line, given from left to right as it is seen, in reading order. (UAX #9, undone)"""
    pieces: list[str] = []
    at = 0
    for run in _LEFT_TO_RIGHT.finditer(visual):
        start, end = _tightened(visual, *run.span())
        if start >= end:
            continue
        pieces += [_turned(visual[at:start]), visual[start:end]]
        at = end
    pieces.append(_turned(visual[at:]))
    return unshaped("".join(reversed(pieces)))


def _tightened(visual: str, start: int, end: int) -> tuple[int, int]:
    """The run without punctuation at its edges: between directions, that belongs to the line. (UAX #9, N2)"""
    run = visual[start:end]
    is_url = "://" in run
    while start < end and not visual[start].isalnum():
        start += 1
    while end > start and not visual[end - 1].isalnum() and not (is_url and visual[end - 1] in "/=&#%"):
        end -= 1
    return start, end


def _turned(piece: str) -> str:
    """The piece backwards, its brackets opening where they should."""
    turned = piece[::-1]
    first_open, first_close = turned.find("("), turned.find(")")
    if first_close >= 0 and (first_open < 0 or first_close < first_open):
        return turned.translate(_MIRRORED)
    return turned
