"""URLs broken over lines: the joined reading first, the halves kept as candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.cite.links import INVISIBLE, TextUrl, starts_link, trimmed

MAX_LINES = 6
"""Lines that one URL is followed over."""

_JOINERS = "-_/?&=%#~+"
"""Where layouts break a URL, before or after."""
_CHARSET = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u00ad\u200b\u2060]+")
_UNLIKE_A_WORD = re.compile(r"[/=&%?_#\d]|\w\.\w|\w-\w")
_LIST_ITEM = re.compile(r"[-*+]+\Z|[(\[]?[0-9]{1,3}[.)\]]+\Z")
_AFTER_URL = "\"”’»›،؛؟…"


@dataclass(frozen=True, slots=True)
class Joined:
    """A URL over several lines."""

    url: str
    candidates: tuple[str, ...]
    """Longer halves first."""
    lines: int
    """Following lines that it takes up."""
    end: int
    """Characters of the last of them."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    is_whole_line: bool
    is_sure: bool
    """Broken at a character where layouts break URLs; else joining is only a guess."""


def join(found: TextUrl, following: Sequence[str]) -> Joined:
    """Follow `found` over the lines after it; `lines` is 0 where it ends in its own.

    A line that starts with a scheme is never joined: it is the next link of a list.
    """
    if len(found.tail) > 1 or found.tail.strip(".?,:;!"):
        return Joined(found.url, found.alternatives, 0, found.end)
    whole, end, taken, is_soft = found.url + found.tail, found.end, 0, found.soft_hyphen
    readings: list[str] = []
    guesses = list(found.alternatives)
    for line in following[:MAX_LINES]:
        piece = _piece(whole, line, is_soft)
        if piece is None:
            break
        if not piece.is_sure:
            guesses.insert(0, trimmed(whole + piece.text))
            break
        readings.insert(0, trimmed(whole))
        if whole.endswith("-"):  # the hyphen may be the layout's own (typst #6503)
            guesses.append(trimmed(whole[:-1] + piece.text))
        whole, taken = whole + INVISIBLE.sub("", piece.text), taken + 1
        end = piece.start + len(piece.text)
        if not piece.is_whole_line:
            break
        is_soft = line.rstrip().endswith("\u00ad")
    url = trimmed(whole)
    end -= len(whole) - len(url) if taken else 0
    return Joined(url, _distinct([*readings, *guesses], url), taken, end)


def _distinct(readings: list[str], url: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading for reading in readings if reading != url))


def _piece(url: str, line: str, is_soft: bool) -> _Piece | None:
    """What `line` adds to `url`, if anything can."""
    start = len(line) - len(line.lstrip(" \t"))
    token = _CHARSET.match(line, start)
    if token is None or starts_link(line, start) or line.startswith("mailto:", start) or _LIST_ITEM.match(token[0]):
        return None
    rest = line[token.end() :]
    if rest and not rest[0].isspace() and rest[0] not in _AFTER_URL:
        return None  # it goes on with what no URL holds, an Arabic word say
    text = token[0]
    looks_it = _UNLIKE_A_WORD.search(trimmed(text)) is not None
    at_a_joiner = is_soft or url[-1] in _JOINERS or text[0] in _JOINERS
    if not rest.strip():
        at_a_joiner = at_a_joiner or url[-1] == "." or text[0] == "."
        return _Piece(text, start, True, at_a_joiner) if at_a_joiner or looks_it else None
    return _Piece(text, start, False, True) if looks_it and at_a_joiner else None
