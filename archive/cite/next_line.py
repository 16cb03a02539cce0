"""Whether an address continues in the next line, and how sure that is."""

from __future__ import annotations

import re
from enum import Enum

from msgspec import Struct

from archive.cite.links import ARABIC_BEHIND, has_host, starts_link, trimmed
from archive.cite.lookalikes import PlainLine

_JOINERS = "-_/?&=%#~+"
"""Where layouts break a URL, before or after."""
_TOKEN = re.compile(r"[^\s\0-\x1f\x7f-\x9f<>\"“”„«»‹›`،؛؟…]+")
_MOVED_STOP = re.compile(r"[;,!](?=\w|[&?=%_-])")
"""The stop behind an address, where its line is read from right to left."""
_ASCII = re.compile(r"[\x21-\x7e]+\Z")
_LIST_ITEM = re.compile(r"[-*+•]+\Z|[(\[]?[0-9]{1,3}[.)\]]+\Z")
_AFTER_URL = '"”’»›،؛؟…<>'
_STRONG = re.compile(
    r"\w/|/\w|[=&%_#]|\?\w|[a-z0-9]\.[a-z][a-z0-9]{1,4}(?:\W|\Z)|[a-z][A-Z]|[A-Z]{2}[a-z]|[A-Za-z][0-9]|[0-9][A-Za-z]"
    r"|[^\W\d]-[^\W\d]+-|\S{28}"
)
"""Characters that no word of a sentence has."""
_WEAK = re.compile(r"\d|\w[.-]\w")
_NO_ADDRESS = re.compile(
    r"(?:and/or|his/her|her/his|him/her|he/she|she/he|s/he|[0-9]{1,2}(?:st|nd|rd|th)"
    r"|[0-9]{1,2}/[0-9]{1,2}(?:/(?:[0-9]{2}|[0-9]{4}))?)[.,;:)]*\Z",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"\.(?:s?html?|pdf|php[0-9]?|aspx?|jspx?|cfm|docx?|xlsx?|jpe?g|png|gif|mp[34]|xml|json|txt)\Z", re.IGNORECASE
)
_IS_FILE = re.compile(r"[\w%.~-]+\.(?:s?html?|pdf|php|aspx?)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:[a-z][a-z0-9]{1,4}\b|[\w-]+[/.=])")
_CHUNK = re.compile(r"[^/?&=%_~-]*[/?&=%_~-]?")
_TITLE_WORD = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ’']+[.,;:]?\Z")
_WORDS = (
    "a an and are as at be been but by for from had has have he her his i in is it its of on or she so than that the "
    "their then there they this to was we were which who will with accessed last see visited available retrieved "
    "viewed et la le les des du dans que qui pour une un est sont par el los las y del para con su consulté consultado "
    "der die und das von den mit ist im zu auf"
)
_COMMON_WORDS = frozenset(_WORDS.split())


class Continuation(Enum):
    """What becomes of an address at the end of its line."""

    ENDS = "ends"
    MAY_GO_ON = "may go on"
    GOES_ON = "goes on"


class Following(Struct, frozen=True):
    """The line that an address may go on in."""

    text: str
    kind: str = "line"
    """`line`, `column` or `page`: what it is the next of."""
    room: float | None = None
    """Characters that would still have fitted into the line before; None where its layout does not show."""
    is_exact: bool = False
    """`room` is measured on the page."""
    is_filled: bool = False
    """Neither line has a blank, and both are equally long: the layout breaks anywhere."""
    is_next_item: bool = False
    """It begins with the number after the one that the line before begins with: a list continues."""
    is_right_to_left: bool = False
    """What stands at the edges of its first word may be in another order: a page shows both alike."""


class NextPiece(Struct, frozen=True):
    """What the next line may add to an address: its first word, with its place and what stands behind it."""

    text: str
    start: int
    end: int
    rest: str
    is_inner: bool = False
    """An address inside another one."""
    is_item: bool = False
    """It looks like the number of a list's item."""


_OUTER = re.compile(
    r"(?:/web/[0-9]{4,14}(?:[a-z]{2}_)?/|[/.]archive\.[a-z]{2,5}/(?:[a-z]+/)?[0-9][0-9.-]{3,20}/"
    r"|[?&;#](?:u|url|q|to|target|z|link|uri|dest|redirect)=|\w\S*[/=]https?:/{0,2})\Z",
    re.IGNORECASE,
)
"""The beginning of an address that holds another one: a copy in an archive, or a redirect."""
_SPLIT_SCHEME = re.compile(r"[/=]h(?:t(?:t(?:ps?)?)?)?\Z")
"""The beginning of an inner address, a line break in its scheme."""
_NUMBERED = re.compile(r"\s*[(\[]?([0-9]{1,4})[.)\]]?(?=\s|[A-Z“\"])")


def is_next_item(line: str, following: str) -> bool:
    """True where the two lines begin with a number and with the one after it."""
    one, other = _NUMBERED.match(line), _NUMBERED.match(following)
    return one is not None and other is not None and int(other[1]) == int(one[1]) + 1


def next_piece(line: str, whole: str, *, is_soft: bool, is_exact: bool = False) -> NextPiece | None:
    """What `line` adds to the address `whole`, if anything can; `is_exact` as in `Following`."""
    start = len(line) - len(line.lstrip(" \t"))
    if stop := _MOVED_STOP.match(line, start):
        start = stop.end()
    token = _TOKEN.match(line, start)
    if token is None or line.startswith("mailto:", start):
        return None
    word = ARABIC_BEHIND.search(token[0])
    end = start + word.start() if word else token.end()
    rest = line[end:]
    if rest and not word and not rest[0].isspace() and rest[0] not in _AFTER_URL:
        return None
    text = PlainLine(line[start:end]).text
    is_word = not re.search(r"\w[-_/%]\w", text) and not (is_exact and whole[-1] in _JOINERS and re.match(r"\w", text))
    if not _ASCII.match(text) and is_word:
        return None  # an Arabic word, say
    is_rest = "://" not in text and (is_soft or not _inner_has_host(whole))
    starts_another = starts_link(line, start) and has_host(whole) and not is_rest
    is_split = _SPLIT_SCHEME.search(whole) is not None and re.search(r"[/=]https?://\w", whole[-6:] + text[:9])
    is_inner = starts_another and bool(is_split or _OUTER.search(whole))
    is_item = _LIST_ITEM.match(text) is not None and bool(rest.strip())
    is_number = text[0].isdigit() and not starts_link(rest.lstrip()) and whole[-1].isalnum() | (whole[-1] in _JOINERS)
    is_scheme = not is_inner and not is_rest and re.match(r"https?://", text, re.IGNORECASE) is not None
    if is_scheme or (starts_another and not is_inner) or (is_item and not is_number) or not text or text[0] in "([{":
        return None
    return NextPiece(text, start, end, rest, is_inner, is_item)


def _inner_has_host(whole: str) -> bool:
    """False where the address ends within the host of another one that it holds."""
    start = max(whole.rfind("http://"), whole.rfind("https://"))
    return start <= 0 or has_host(whole[start:])


def judge(whole: str, piece: NextPiece, line: Following, *, is_soft: bool) -> tuple[Continuation, str | None]:
    """Where an address continues, by rules in the order in which they were found to hold. Gives the doubt, too."""
    text = piece.text
    if piece.is_inner:
        return Continuation.GOES_ON, "line-break"
    if piece.is_item:
        return _by_number(piece, line)
    if not has_host(whole):
        if "://" not in whole and not re.match(r"www\.|[a-z0-9-]*\.", whole, re.IGNORECASE):
            return Continuation.GOES_ON, "break-in-host"
        is_host = re.match(r"[\w-]*(?:\.[\w-]+)+|[\w-]+/", text) or whole[-1] == "."
        is_sure = whole[-1] == "/" or (whole[-1] == "." and "/" in text)
        return (Continuation.GOES_ON, None if is_sure else "break-in-host") if is_host else (Continuation.ENDS, None)
    if is_soft:
        return Continuation.GOES_ON, "hyphen-at-break"
    if (text[0] in "/?&=#%" and len(text) > 1) or _SUFFIX.match(text):
        return Continuation.GOES_ON, "line-break"
    is_strong = _STRONG.search(trimmed(text)) is not None and not _NO_ADDRESS.match(text)
    if line.kind != "line":
        return _over_an_edge(whole, text, line, is_strong=is_strong)
    if _completes_name(whole, trimmed(text)):
        return Continuation.GOES_ON, "break-in-segment"
    if _FILE_NAME.search(whole):
        return (Continuation.MAY_GO_ON, "line-break") if is_strong else (Continuation.ENDS, None)
    if whole[-1] == ".":
        return _after_a_stop(piece, is_strong=is_strong)
    return _by_room(whole, piece, line, is_strong=is_strong)


def _completes_name(whole: str, text: str) -> bool:
    """True where the line breaks within the ending of a file's name: `.htm` and `l`."""
    return len(text) <= 2 and re.search(r"\.[a-z]{1,4}\Z", whole) is not None and bool(_FILE_NAME.search(whole + text))


def _after_a_stop(piece: NextPiece, *, is_strong: bool) -> tuple[Continuation, str | None]:
    """After a full stop at the end of the line, which is the sentence's or the address's own."""
    is_suffix = _FILE_NAME.match("." + piece.text.rstrip(".,;:)")) is not None
    is_lower = re.match(r"[a-z0-9]{2,5}\W?\Z|[a-z0-9]+[/.=_?&#%-]", piece.text) is not None
    if is_suffix or (is_lower and (is_strong or not piece.rest.strip())):
        return Continuation.GOES_ON, "line-break"
    return (Continuation.MAY_GO_ON, "line-break") if is_lower else (Continuation.ENDS, None)


def _by_number(piece: NextPiece, line: Following) -> tuple[Continuation, str | None]:
    """A number with a full stop: the next item of a list, or the end of an address and of its sentence."""
    is_full = line.is_exact and line.room is not None and line.room < len(piece.text) + 4
    return (Continuation.MAY_GO_ON, "break-in-segment") if is_full else (Continuation.ENDS, None)


def _over_an_edge(whole: str, text: str, line: Following, *, is_strong: bool) -> tuple[Continuation, str | None]:
    """At the end of a column or a page."""
    if is_strong and not _FILE_NAME.search(whole):
        return Continuation.GOES_ON, "page-break"
    is_full = line.is_exact and line.room is not None and line.room < 1.5 and not text[0].isupper()
    may_go_on = is_strong or is_full or whole[-1] in "-_=&?%" or _WEAK.search(text)
    return (Continuation.MAY_GO_ON, "page-break") if may_go_on else (Continuation.ENDS, None)


def _by_room(whole: str, piece: NextPiece, line: Following, *, is_strong: bool) -> tuple[Continuation, str | None]:
    """By whether the rest would still have fitted, and by what it looks like."""
    text = piece.text
    at_a_joiner = whole[-1] in _JOINERS or text[0] in _JOINERS
    doubt = "line-break" if at_a_joiner else "break-in-segment"
    chunk = _CHUNK.match(text)
    has_room = line.room is not None and line.room > len(chunk[0] if chunk else text) + 0.5
    if line.is_filled:
        return Continuation.GOES_ON, doubt
    if is_strong and (whole[-1] in "-_=&?%" or (at_a_joiner and _IS_FILE.match(text))):
        return Continuation.GOES_ON, doubt
    if has_room and (line.is_exact or not (is_strong and at_a_joiner)):
        is_long = re.match(r"[0-9]{5}", text) is not None
        is_number = at_a_joiner and (is_long or (not piece.rest.strip() and _WEAK.search(trimmed(text)) is not None))
        return (Continuation.MAY_GO_ON, doubt) if is_strong or is_number else (Continuation.ENDS, None)
    if is_strong:
        return Continuation.GOES_ON, doubt
    if at_a_joiner and not piece.rest.strip() and text.isalnum() and text.islower():
        return Continuation.GOES_ON, doubt  # a word alone, without the full stop that would end a sentence
    word = text.strip(".,;:!?)]'’").lower()
    is_plain = not _WEAK.search(trimmed(text))
    if whole[-1] in "-_=&?%":
        is_word = is_plain and word in _COMMON_WORDS and whole[-1] != "-"
        return (Continuation.MAY_GO_ON if is_word else Continuation.GOES_ON), doubt
    is_next_word = is_plain and (word in _COMMON_WORDS or (_TITLE_WORD.match(text) and not at_a_joiner))
    is_sentence = bool(piece.rest.strip()) or word in _COMMON_WORDS
    if is_next_word and is_sentence and not line.is_right_to_left:  # few Latin words stand in Arabic sentences
        return Continuation.ENDS, None
    return Continuation.MAY_GO_ON, doubt
