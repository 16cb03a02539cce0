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
_LATIN = rf"(?<![^\s{_RTL}])[^\s{_RTL}]*[A-Za-zÀ-ʯ][^\s{_RTL}]*"
_NUMBER = r"[0-9٠-٩۰-۹](?:[0-9٠-٩۰-۹.,:/-]*[0-9٠-٩۰-۹])?"
_BETWEEN = rf"[^\s{_RTL}A-Za-zÀ-ʯ]+"
"""Numbers and punctuation, which go with the Latin words on both sides of them. (UAX #9, N1 and W7)"""
_LEFT_TO_RIGHT = re.compile(
    rf"(?:[0-9][0-9.,:/-]*(?: +{_BETWEEN}){{0,3}} +)?{_LATIN}(?:(?: +{_BETWEEN})* +{_LATIN})*(?: +{_NUMBER})*|{_NUMBER}"
)
_NUMBER_BEHIND = re.compile(r"://\S*?(?P<behind>[^\w\s/=&#%-]*(?: +[^A-Za-z]*)?)\Z")
"""What stands at the right of an address: the number of a note or an item, before it in a line from right to left."""
_ADDRESS = re.compile(r"://|\w\.\w[^\s]{0,255}/|\w/[\w%?-]|\.(?:html?|pdf|php|aspx?)\b|[=&%_]\w|\w-\w+[-./_]\w")
_MOVED_END = re.compile(r"\s*[/.,:;]{1,3}(?:https?://|www\.)")
"""The end of an address that stands before its beginning: so it is shown in a line from right to left."""
_MOVED_STOP = re.compile(r"\s*[.,:;!?)\]][/.,:;!?)\]]{0,2}[A-Za-z0-9&?=%_-]|.*\w[“«(\[{<]\s*\Z")
"""The stop of a sentence before its first letter, or an opening bracket or quotation mark behind its last."""
_NEUTRAL = re.compile(r"[0-9_/=&?%#]|[A-Za-z0-9][^\w\s]+[A-Za-z0-9]")
"""What marks a word as part of an address, or as a number: it says nothing of its line's direction."""
RIGHT_TO_LEFT_LETTER = (
    "[\u05d0-\u05ea\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc"
    "\u06fa-\u06ff\u0750-\u077f\ufb1d-\ufdff\ufe70-\ufefc]"
)
"""Letters and signs, without the digits and the punctuation among them."""
_RIGHT_TO_LEFT = re.compile(rf"{RIGHT_TO_LEFT_LETTER}(?:[^A-Za-zÀ-ʯ]*{RIGHT_TO_LEFT_LETTER})?")
_STOPS = "[.,:;!?،]{1,3}"
_STOP_OF_LEFT_TO_RIGHT = re.compile(
    rf"{RIGHT_TO_LEFT_LETTER}{_STOPS}(?:\s*\Z|\s+[A-Za-z])|\s[A-Za-z]+ [A-Za-z]+{_STOPS}\s*\Z"
)
_STOP_OF_RIGHT_TO_LEFT = re.compile(rf"(?:\A\s*|[A-Za-z0-9/]\s+){_STOPS}{RIGHT_TO_LEFT_LETTER}")
"""A stop beside the Arabic words at an edge of the line or before Latin ones. (UAX #9, N2)

One beside Latin letters may belong to an address that is broken there.
"""
_TWO_JOINTS = re.compile(r"(?<!:)[/=&?_-][/=&_-]\Z")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
Order = list[tuple[int, str]]
"""Characters in reading order, each with its index in the line as it is seen."""


def is_right_to_left(text: str) -> bool:
    """True where at least a third of the letters are Arabic or Hebrew."""
    letters = len(_LETTERS.findall(text))
    return letters > 3 and letters * 3 >= sum(map(str.isalpha, text))


def direction_of(line: str) -> bool | None:
    """True for a right-to-left line, False for one from left to right; None where the lines near it have to tell.

    Those hold only part of an address, or more Latin words than Arabic ones.
    """
    words = [word for word in line.split() if not _NEUTRAL.search(word)]
    right = sum(len(_LETTERS.findall(word)) for word in words)
    left = sum(sum(map(str.isalpha, word)) for word in words) - right
    if right == 0 and left > 0 and " " in line.strip():
        return None if _MOVED_STOP.match(line) else False
    if right == 0:
        return True if _MOVED_END.match(line) else None
    return True if right * 2 >= left else None


def direction_by_stops(line: str) -> bool | None:
    """The direction of a line that its stops show: True for right-to-left; None where they show none."""
    if not _LETTERS.search(line):
        return None
    stops = len(_STOP_OF_RIGHT_TO_LEFT.findall(line)) - len(_STOP_OF_LEFT_TO_RIGHT.findall(line))
    return stops > 0 if stops else None


def has_moved_stop(line: str) -> bool:
    """True where the edges of a line show that it is read from right to left, whatever its letters are."""
    return _MOVED_STOP.match(line) is not None


def unshaped(text: str) -> str:
    """Presentation forms and ligatures as the letters they show: ﺳﻮرﻳﺎ -> سوريا, ﬁ -> fi."""
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)


def reads_backwards(text: str) -> bool | None:
    """Whether Arabic words stand letter by letter in reverse; None where nothing shows it.

    The article ال opens words, and ة and ى close them, in Arabic of any kind.
    """
    forwards = backwards = 0
    for word in _WORD.findall(unshaped(text)):
        forwards += word.startswith("ال") + word.endswith(("ة", "ى"))
        backwards += word.endswith("لا") + word.startswith(("ة", "ى"))
    return None if forwards == backwards else backwards > forwards


def logical(visual: str) -> str:
    """A right-to-left line, given from left to right as it is seen, in reading order. (UAX #9, undone)"""
    return unshaped("".join(letter for _, letter in reading_order(visual)))


def reading_order(visual: str, at: int = 0, stop: int | None = None, *, apart: int = -1) -> Order:
    """The characters of a right-to-left line, or of a part of it, in reading order.

    No Latin run goes on over the index `apart`.
    """
    pieces: list[Order] = []
    stop = len(visual) if stop is None else stop
    run = _LEFT_TO_RIGHT.search(visual, at, stop)
    while run is not None:
        until = apart if run.start() < apart < run.end() else run.end()
        start, end = _tightened(visual, run.start(), until)
        if start < end:
            pieces += [_turned(visual, at, start), list(enumerate(visual[start:end], start))]
            at = end
        run = _LEFT_TO_RIGHT.search(visual, until, stop)
    pieces.append(_turned(visual, at, stop))
    return [each for piece in reversed(pieces) for each in piece]


def mixed_order(visual: str) -> Order:
    """The characters of a left-to-right line in reading order: only its right-to-left words are turned."""
    ordered: Order = []
    at = 0
    for run in _RIGHT_TO_LEFT.finditer(visual):
        start, end = run.span()
        if _TWO_JOINTS.search(visual, at, start) and not visual[end:].strip():
            start -= 1  # it joins the word to the next line
        ordered += enumerate(visual[at:start], at)
        ordered += reading_order(visual, start, end)
        at = end
    return ordered + list(enumerate(visual[at:], at))


def _tightened(visual: str, start: int, end: int) -> tuple[int, int]:
    """The run without punctuation at its edges: between directions, that belongs to the line. (UAX #9, N2)

    An address keeps what may end it. At the left end of the line, where it may go on in the next, it keeps whatever
    stands at its right; at the right end, where it may go on from the line before, what may begin its rest. A slash
    before that rest ends it: layouts break an address behind a slash.
    """
    if (address := _NUMBER_BEHIND.search(visual, start, end)) and " " in address["behind"]:
        end = address.start("behind")
    run = visual[start:end]
    is_alone = not (visual[:start] + visual[end:]).strip()
    is_address = is_alone or _ADDRESS.search(run) is not None
    endings = ("/=&#%-_?~+.:;,!" if not visual[:start].strip() else "/=&#%") if is_address else ""
    if _RIGHT_TO_LEFT.match(visual, end):  # then what joins it to the run before belongs to the line
        endings = ""
    goes_on = is_address and not visual[end:].strip() and "://" not in run
    while start < end and not visual[start].isalnum() and not (goes_on and visual[start] in "-_=&?#%~+"):
        start += 1
    while end > start and not visual[end - 1].isalnum() and visual[end - 1] not in endings:
        end -= 1
    return start, end


def _turned(visual: str, start: int, end: int) -> Order:
    """The characters backwards, their brackets opening where they should."""
    turned = list(reversed(list(enumerate(visual[start:end], start))))
    words = "".join(letter for _, letter in turned)
    first_open, first_close = words.find("("), words.find(")")
    if first_close >= 0 and (first_open < 0 or first_close < first_open):
        return [(index, letter.translate(_MIRRORED)) for index, letter in turned]
    return turned
