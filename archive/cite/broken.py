"""Addresses broken over lines: where each continues, in which other ways it may, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from archive.cite.known_hosts import is_known_host
from archive.cite.links import TextUrl, has_host, starts_link, trimmed
from archive.cite.lookalikes import PlainLine
from archive.cite.next_line import Continuation, Following, NextPiece, judge, next_piece

MAX_LINES = 16
"""Lines that one URL is followed over."""


class JoinedUrl(Struct, frozen=True):
    """A URL over several lines."""

    url: str
    candidates: tuple[str, ...]
    """Other readings, likelier ones first."""
    lines: int
    """Following lines that it takes up."""
    end: int
    """Characters of the last of them."""
    doubts: tuple[str, ...] = ()


_SOFT = ("\u00ad", "\u2010")
"""What layouts put at the end of a line where they break a word."""
_NOT_INSIDE = re.compile('[\0-\x1f\x7f-\x9f<"“”«»]')
"""What no address between `<` and `>` holds."""
_EDGES = re.compile(r"(?P<before>[^\w\s]{0,2})(?P<inside>\w(?:.*\w)?)(?P<after>[^\w\s]*)")
_OPEN_END = re.compile(r"(?:[-_=&]|%[0-9A-Fa-f]?)\Z")
"""An end that addresses rarely have by themselves: the rest may be in the next line, or outside the page."""


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
            piece = next_piece(line.text, whole, is_soft=self._is_soft, is_exact=line.is_exact)
            if piece is None or (line.is_next_item and has_host(whole)):
                break
            verdict, doubt = judge(whole, piece, line, is_soft=self._is_soft)
            if farther:
                if verdict is Continuation.ENDS:
                    break
                farther = self._go_farther(whole, piece, line)
            elif verdict is Continuation.GOES_ON:
                self._doubt(line, doubt)
                self._take(piece, line)
            else:
                if verdict is Continuation.ENDS and not (doubt := "open-end" if _OPEN_END.search(whole) else None):
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

    def _go_farther(self, whole: str, piece: NextPiece, line: Following) -> str:
        """Note the reading with one more line, and give it."""
        self._farther.append(trimmed(whole + piece.text))
        if whole.endswith("-"):
            self._farther.append(trimmed(whole[:-1] + piece.text))
        self._farther += [trimmed(whole + text) for text in _otherwise(piece, line)]
        return whole + piece.text

    def _take(self, piece: NextPiece, line: Following) -> None:
        if has_host(self._whole):
            self._shorter.insert(0, trimmed(self._whole))
        others = _otherwise(piece, line)
        text = _label(self._whole, piece.text, others)
        if line.is_right_to_left and (piece.text[0] in "/?&=#" or trimmed(piece.text)[-1:] == "/"):
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
    if not re.search(r"//www\Z", whole, re.IGNORECASE):
        for option in (text, *others):
            if option[0] not in "/." and is_known_host((whole + option).partition("://")[2]):
                return option
    begins = "." if whole[-1].isalnum() else ""
    wanted = [other for other in (text, *others) if (other[0] == "." if begins else other[0].isalnum())]
    return (wanted or [text])[0] if text[0] in "/." or begins else text


def _otherwise(piece: NextPiece, line: Following) -> list[str]:
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
