"""Addresses broken over lines: where each continues, in which other ways it may, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from archive.cite.links import TextUrl, has_host, starts_link, trimmed
from archive.cite.lookalikes import PlainLine

MAX_LINES = 16
"""Lines that one URL is followed over."""

_JOINERS = "-_/?&=%#~+"
"""Where layouts break a URL, before or after."""
_TOKEN = re.compile(r"[^\s\0-\x1f\x7f-\x9f<>\"“”„«»‹›`،؛؟…]+")
_ASCII = re.compile(r"[\x21-\x7e]+\Z")
_LIST_ITEM = re.compile(r"[-*+•]+\Z|[(\[]?[0-9]{1,3}[.)\]]+\Z")
_AFTER_URL = "\"”’»›،؛؟…"
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


class _Verdict(Enum):
    """What becomes of an address at the end of its line."""

    ENDS = "ends"
    MAY_GO_ON = "may go on"
    GOES_ON = "goes on"


@dataclass(frozen=True, slots=True)
class Following:
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


@dataclass(frozen=True, slots=True)
class JoinedUrl:
    """A URL over several lines."""

    url: str
    candidates: tuple[str, ...]
    """Other readings, likelier ones first."""
    lines: int
    """Following lines that it takes up."""
    end: int
    """Characters of the last of them."""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int
    rest: str
    is_inner: bool = False
    """An address inside another one."""
    is_item: bool = False
    """It looks like the number of a list's item."""


_SOFT = ("\u00ad", "\u2010")
"""What layouts put at the end of a line where they break a word."""
_NOT_INSIDE = re.compile("[\0-\x1f\x7f-\x9f<\"“”«»]")
"""What no address between `<` and `>` holds."""
_EDGES = re.compile(r"(?P<before>[^\w\s]{0,2})(?P<inside>\w(?:.*\w)?)(?P<after>[^\w\s]*)")
_OPEN_END = re.compile(r"(?:[-_=&]|%[0-9A-Fa-f]?)\Z")
"""An end that addresses rarely have by themselves: the rest may be in the next line, or outside the page."""
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


def join(found: TextUrl, following: Iterable[Following]) -> JoinedUrl:
    """Follow `found` over the lines after it; `lines` is 0 where it ends in its own.

    A line that starts with a scheme is never joined: it is the next link of a list.
    """
    if found.bracket and (closed := _to_the_bracket(found, following := list(following))) is not None:
        return closed
    if len(found.tail) > 1 or found.tail.strip(".?,:;!-"):
        doubts = (*found.doubts, "open-end") if _is_open_end(found.url) else found.doubts
        return JoinedUrl(found.url, found.alternatives, 0, found.end, doubts)
    return _Joining(found).over(following)


class _Joining:
    """An address on its way over lines."""

    def __init__(self, found: TextUrl) -> None:
        self._found = found
        self._whole = found.url + found.tail
        self._softened = self._whole
        self._is_soft = found.soft_hyphen
        self._shorter: list[str] = []
        self._others: list[str] = list(found.alternatives)
        self._farther: list[str] = []
        self._doubts: list[str] = list(found.doubts)
        self._lines, self._end = 0, found.end

    def over(self, following: Iterable[Following]) -> JoinedUrl:
        farther = ""
        for line in _at_most(MAX_LINES, following):
            whole = farther or self._whole
            piece = _piece(line.text, whole, is_soft=self._is_soft)
            if piece is None or (line.is_next_item and has_host(whole)):
                break
            verdict, doubt = _judge(whole, piece, line, is_soft=self._is_soft)
            if farther:
                if verdict is _Verdict.ENDS:
                    break
                farther = self._go_farther(whole, piece, line)
            elif verdict is _Verdict.GOES_ON:
                self._doubt(line, doubt)
                self._take(piece, line)
            else:
                if verdict is _Verdict.ENDS and not (doubt := "open-end" if _OPEN_END.search(whole) else None):
                    break
                self._doubt(line, doubt)
                farther = self._go_farther(whole, piece, line)
            if piece.rest.strip():
                break
            self._is_soft = line.text.rstrip().endswith(_SOFT)
        return self._result()

    def _doubt(self, line: Following, doubt: str | None) -> None:
        if doubt:
            self._doubts.append({"column": "column-break", "page": "page-break"}.get(line.kind, doubt))

    def _go_farther(self, whole: str, piece: _Piece, line: Following) -> str:
        """Note the reading with one more line, and give it."""
        self._farther.append(trimmed(whole + piece.text))
        if whole.endswith("-"):
            self._farther.append(trimmed(whole[:-1] + piece.text))
        self._farther += [trimmed(whole + text) for text in _otherwise(piece, line)]
        return whole + piece.text

    def _take(self, piece: _Piece, line: Following) -> None:
        if has_host(self._whole):
            self._shorter.insert(0, trimmed(self._whole))
        others = _otherwise(piece, line)
        text = _label(self._whole, piece.text, others)
        if line.is_right_to_left and piece.text[0] in "/?&=#":
            self._doubt(line, "line-break")
        if piece.is_inner:
            self._others.append(trimmed(piece.text))
        if self._is_soft and self._whole.endswith("-"):
            self._softened, self._whole = self._whole + text, self._whole[:-1]
            self._others.append(trimmed(self._softened))
            self._softened = self._whole + text
        elif "-" in (self._whole[-1], text[0], text[-1]):  # the hyphen may be the layout's own (typst #6503)
            self._softened = self._softened.removesuffix("-") + (text.strip("-") if line.is_right_to_left else text)
            if self._whole[-1] == "-":
                self._others += [trimmed(self._softened), trimmed(self._whole[:-1] + text)]
                self._doubts.append("hyphen-at-break")
        else:
            self._softened += text
        self._others += [trimmed(self._whole + other) for other in (piece.text, *others) if other != text]
        self._others = [other for other in self._others if "://" not in other or not other.endswith(self._found.url)]
        self._whole += text
        self._lines, self._end = self._lines + 1, piece.end

    def _result(self) -> JoinedUrl:
        url = trimmed(self._whole)
        if not has_host(url) and self._found.is_open:
            return JoinedUrl("", (), 0, self._found.end)
        if _is_open_end(url):
            self._doubts.append("open-end")
        end = self._end - (len(self._whole) - len(url) if self._lines else 0)
        softened = [trimmed(self._softened)] if self._lines else []
        others = [*self._farther, *self._shorter, *self._others, *softened]
        if self._lines and ":" not in url.partition("/")[0]:
            others = [f"https://{url}", f"http://{url}", *others]
        candidates = tuple(dict.fromkeys(other for other in others if other != url))
        return JoinedUrl(url, candidates, self._lines, end, tuple(dict.fromkeys(self._doubts)))


def _label(whole: str, text: str, others: list[str]) -> str:
    """Of the ways to read a piece, the one that carries on the host, where `whole` ends within it."""
    if "://" not in whole or has_host(whole):
        return text
    begins = "." if whole[-1].isalnum() else ""
    wanted = [other for other in (text, *others) if (other[0] == "." if begins else other[0].isalnum())]
    return (wanted or [text])[0] if text[0] in "/." or begins else text


def _otherwise(piece: _Piece, line: Following) -> list[str]:
    """The piece with what stands at its edges in the other order, where its line is right-to-left."""
    match = _EDGES.fullmatch(piece.text) if line.is_right_to_left or piece.text[0] == "/" else None
    if match is None:
        return []
    before, inside, after = match.groups()
    others = [after[0] + before + inside + after[1:]] if after and line.is_right_to_left else []
    return others + ([before[1:] + inside + before[0] + after] if before else [])


def _is_open_end(url: str) -> bool:
    """True where an address ends as few do: within its host, or with a sign that something follows."""
    is_host = re.fullmatch(r"https?://(?!localhost\Z)[a-z0-9.-]*[a-z][a-z0-9-]*", url, re.IGNORECASE) is not None
    return _OPEN_END.search(url) is not None or (is_host and not has_host(url))


def _at_most(number: int, lines: Iterable[Following]) -> Iterator[Following]:
    for count, line in enumerate(lines):
        if count == number:
            return
        yield line


def _piece(line: str, whole: str, *, is_soft: bool) -> _Piece | None:
    """What `line` adds to the address `whole`, if anything can."""
    start = len(line) - len(line.lstrip(" \t"))
    token = _TOKEN.match(line, start)
    if token is None or line.startswith("mailto:", start):
        return None
    rest = line[token.end() :]
    if rest and not rest[0].isspace() and rest[0] not in _AFTER_URL:
        return None
    text = PlainLine(token[0]).text
    if not _ASCII.match(text) and not re.search(r"\w[-_/%]\w", text):
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
    return _Piece(text, start, token.end(), rest, is_inner, is_item)


def _inner_has_host(whole: str) -> bool:
    """False where the address ends within the host of another one that it holds."""
    start = max(whole.rfind("http://"), whole.rfind("https://"))
    return start <= 0 or has_host(whole[start:])


def _judge(whole: str, piece: _Piece, line: Following, *, is_soft: bool) -> tuple[_Verdict, str | None]:
    """Where an address continues, by rules in the order in which they were found to hold. Gives the doubt, too."""
    text = piece.text
    if piece.is_inner:
        return _Verdict.GOES_ON, "line-break"
    if piece.is_item:
        return _by_number(piece, line)
    if not has_host(whole):
        if "://" not in whole and not re.match(r"www\.|[a-z0-9-]*\.", whole, re.IGNORECASE):
            return _Verdict.GOES_ON, "break-in-host"
        is_host = re.match(r"[\w-]*(?:\.[\w-]+)+|[\w-]+/", text) or whole[-1] == "."
        is_sure = whole[-1] == "/" or (whole[-1] == "." and "/" in text)
        return (_Verdict.GOES_ON, None if is_sure else "break-in-host") if is_host else (_Verdict.ENDS, None)
    if is_soft:
        return _Verdict.GOES_ON, "hyphen-at-break"
    if (text[0] in "/?&=#%" and len(text) > 1) or _SUFFIX.match(text):
        return _Verdict.GOES_ON, "line-break"
    is_strong = _STRONG.search(trimmed(text)) is not None and not _NO_ADDRESS.match(text)
    if line.kind != "line":
        return _over_an_edge(whole, text, line, is_strong=is_strong)
    if _FILE_NAME.search(whole):
        return (_Verdict.MAY_GO_ON, "line-break") if is_strong else (_Verdict.ENDS, None)
    if whole[-1] == ".":
        return _after_a_stop(piece, is_strong=is_strong)
    return _by_room(whole, piece, line, is_strong=is_strong)


def _after_a_stop(piece: _Piece, *, is_strong: bool) -> tuple[_Verdict, str | None]:
    """After a full stop at the end of the line, which is the sentence's or the address's own."""
    is_suffix = _FILE_NAME.match("." + piece.text.rstrip(".,;:)")) is not None
    is_lower = re.match(r"[a-z0-9]{2,5}\W?\Z|[a-z0-9]+[/.=_?&#%-]", piece.text) is not None
    if is_suffix or (is_lower and (is_strong or not piece.rest.strip())):
        return _Verdict.GOES_ON, "line-break"
    return (_Verdict.MAY_GO_ON, "line-break") if is_lower else (_Verdict.ENDS, None)


def _by_number(piece: _Piece, line: Following) -> tuple[_Verdict, str | None]:
    """A number with a full stop: the next item of a list, or the end of an address and of its sentence."""
    is_full = line.is_exact and line.room is not None and line.room < len(piece.text) + 4
    return (_Verdict.MAY_GO_ON, "break-in-segment") if is_full else (_Verdict.ENDS, None)


def _over_an_edge(whole: str, text: str, line: Following, *, is_strong: bool) -> tuple[_Verdict, str | None]:
    """At the end of a column or a page."""
    if is_strong and not _FILE_NAME.search(whole):
        return _Verdict.GOES_ON, "page-break"
    is_full = line.is_exact and line.room is not None and line.room < 1.5 and not text[0].isupper()
    may_go_on = is_strong or is_full or whole[-1] in "-_=&?%" or _WEAK.search(text)
    return (_Verdict.MAY_GO_ON, "page-break") if may_go_on else (_Verdict.ENDS, None)


def _by_room(whole: str, piece: _Piece, line: Following, *, is_strong: bool) -> tuple[_Verdict, str | None]:
    """By whether the rest would still have fitted, and by what it looks like."""
    text = piece.text
    at_a_joiner = whole[-1] in _JOINERS or text[0] in _JOINERS
    doubt = "line-break" if at_a_joiner else "break-in-segment"
    chunk = _CHUNK.match(text)
    has_room = line.room is not None and line.room > len(chunk[0] if chunk else text) + 0.5
    if line.is_filled:
        return _Verdict.GOES_ON, doubt
    if is_strong and (whole[-1] in "-_=&?%" or (at_a_joiner and _IS_FILE.match(text))):
        return _Verdict.GOES_ON, doubt
    if has_room and (line.is_exact or not (is_strong and at_a_joiner)):
        is_long = re.match(r"[0-9]{5}", text) is not None
        is_number = at_a_joiner and (is_long or (not piece.rest.strip() and _WEAK.search(trimmed(text)) is not None))
        return (_Verdict.MAY_GO_ON, doubt) if is_strong or is_number else (_Verdict.ENDS, None)
    if is_strong:
        return _Verdict.GOES_ON, doubt
    if at_a_joiner and not piece.rest.strip() and text.isalnum() and text.islower():
        return _Verdict.GOES_ON, doubt  # a word alone, without the full stop that would end a sentence
    word = text.strip(".,;:!?)]'’").lower()
    is_plain = not _WEAK.search(trimmed(text))
    if whole[-1] in "-_=&?%":
        is_sentence = is_plain and word in _COMMON_WORDS and whole[-1] != "-"
        return (_Verdict.MAY_GO_ON if is_sentence else _Verdict.GOES_ON), doubt
    is_next_word = is_plain and (word in _COMMON_WORDS or (_TITLE_WORD.match(text) and not at_a_joiner))
    if is_next_word and (piece.rest.strip() or word in _COMMON_WORDS):
        return _Verdict.ENDS, None
    return _Verdict.MAY_GO_ON, doubt


def _to_the_bracket(found: TextUrl, following: list[Following]) -> JoinedUrl | None:
    """The address up to the `>` that closes it, its white space left out; None where none follows soon."""
    pieces, doubts = [found.url + found.tail], list(found.doubts)
    if ">" in found.tail:
        inside, _, _ = found.tail.partition(">")
        whole = "".join((found.url + inside).split())
        if not inside.strip() or _NOT_INSIDE.search(whole):
            return None
        return JoinedUrl(whole, tuple(dict.fromkeys([found.url, *found.alternatives])), 0, found.end + len(inside), ())
    for count, line in enumerate(following[:MAX_LINES], 1):
        inside, closes, _ = line.text.partition(">")
        pieces.append(inside)
        if closes:
            whole = PlainLine("".join("".join(pieces).split())).text
            others = tuple(dict.fromkeys([found.url, *found.alternatives]))
            return None if _NOT_INSIDE.search(whole) else JoinedUrl(whole, others, count, len(inside), tuple(doubts))
        if starts_link(line.text.lstrip()):
            return None
    return None
