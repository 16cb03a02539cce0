"""Replies of readers to a page: which elements hold one, what says which one it is, and the time that it states.

Some markup names them. Whatever it is called, brothers of one kind behind the main text of a page, of which each says
something and states a time, are replies too. They are known by what they say: numbers of readers, ages and the place
in the list are others at each visit.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import fold, words

_REPLY_ID = re.compile(
    r"(?:li-|div-|issue)?comment(?:[-_]\w{1,20}|\d{1,15})|p(?:ost)?[-_]?\d{1,15}|post_\d{1,9}|t1_\w{1,12}|(?:cmt|reply)[-_]?\d{1,15}",
    re.IGNORECASE,
)
"""Ids of one reply in a thread."""
_REPLY_CLASSES = frozenset(("comment", "reply", "thing"))
_NAMES_ONE = ("data-post", "thingid", "id")
"""Attributes that say which reply one is."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_ITEMS = frozenset(("li", "div", "article", "section", "dd"))
_APART = frozenset(("nav", "header", "footer", "aside", "table", "form", "script", "style", "template", "svg"))
_MOST_ELEMENTS = 60
"""Elements below a reply in which its time is looked for."""
_LONGEST, _LONGEST_TIME = 6_000, 80
_FEWEST_WORDS = 2
_MOST_ABOVE = 2
"""Elements in which each post of a thread may lie by itself."""
_STATES_DAY = frozenset(("moment", "day", "age", "hijri", "solar"))
Kind = tuple[str, str]
"""An element and the first word of its class."""


@dataclass(frozen=True, slots=True)
class ReaderReply:
    """One reply of a page."""

    key: str
    """Which one it is: what its markup calls it, the time that this states, or a digest of what it says."""
    stated: str
    """The time that it states: an instant, or in words as its reader sees it."""
    name: str = ""
    """The id of its element."""
    author: str = ""
    kind: str = ""
    """Element of its list, element and class of those in it, if that is one of readers behind the page's own text."""


def is_named_reply(element: Element) -> bool:
    """True for an element that markup names as a reply."""
    if _REPLY_ID.fullmatch(element.get("id", "")) or _REPLY_ID.fullmatch(element.get("thingid", "")):
        return True
    return bool(element.get("data-post")) or bool(_REPLY_CLASSES.intersection(element.get("class", "").lower().split()))


def reply_in_markup(element: Element) -> ReaderReply | None:
    """What an element is that markup names as a reply with a time; None for any other."""
    if not is_named_reply(element) or not (stated := instant_in(element) or _last_day_in(element)):
        return None
    name = next((element.get(each, "") for each in _NAMES_ONE if element.get(each)), "")
    return ReaderReply(name or stated, stated)


def _last_day_in(element: Element) -> str:
    """The last day that short texts of an element state: its author may have joined years before."""
    found: list[tuple[datetime, str]] = []
    for number, each in enumerate(element.iter()):
        if number > _MOST_ELEMENTS:
            break
        for text in (each.text, *(child.tail for child in each)):
            short = " ".join((text or "").split())
            found += [
                (time.moments[0], short[time.start : time.end])
                for time in (time_expressions(short) if 0 < len(short) <= _LONGEST_TIME else [])
                if time.kind in ("moment", "day") and len(time.moments) == 1
            ]
    return max(found)[1] if found else ""


def in_place(root: Element, main: Element, replies: Iterable[Element]) -> set[Element]:
    """Those of `replies` that stand where replies do: behind the main text, or, in a thread, as most of it.

    Where the main text lies in one of them, those of its kind around it are the thread, also those before it. One with
    a heading of the page is none.
    """
    behind, inside = set(_behind(root, main)), set(main.iter())
    plain = [each for each in replies if next(each.iter("h1"), None) is None]
    within = [each for each in plain if each in inside]
    nested = {inner for each in within for inner in each.iter() if inner is not each}
    said = sum(len(text) for each in within if each not in nested for text in each.itertext())
    is_thread = 2 * said >= sum(map(len, main.itertext()))
    thread = _around_main(root, main, plain)
    return {each for each in plain if each in behind or each in thread or (each in inside and is_thread)}


def _around_main(root: Element, main: Element, replies: list[Element]) -> set[Element]:
    """The replies of one kind and depth among which the main text lies in one; empty where it lies in none."""
    known = set(replies)
    holders = {child: each for each in root.iter() for child in each}
    above: Element | None = main
    while above is not None and above not in known:
        above = holders.get(above)
    holder = above
    for depth in range(1, _MOST_ABOVE + 1):
        holder = holders.get(holder) if holder is not None else None
        level = [holder] if holder is not None else []
        for _ in range(depth):
            level = [child for each in level for child in each]
        found = {each for each in level if each in known and above is not None and kind_of(each) == kind_of(above)}
        if len(found) > 1:
            return found
    return set()


def replies_below(root: Element, main: Element, known: Container[Element]) -> dict[Element, ReaderReply]:
    """Brothers of one kind behind the main text that each state a time and say something; `known` are no replies."""
    behind = list(_behind(root, main))
    kinds: set[Kind] = set()
    for holder in behind:
        often = Counter(kind_of(child) for child in holder if child.tag in _ITEMS)
        kinds |= {
            kind
            for kind, number in often.items()
            if number > 1 and all(time_in(child) for child in holder if kind_of(child) == kind)
        }
    found: dict[Element, ReaderReply] = {}
    alike = Counter[str]()
    for element in behind:
        if kind_of(element) not in kinds or element in known or not (stated := time_in(element)):
            continue
        said = _words_of(element, kinds)
        if len(said) < _FEWEST_WORDS:
            continue
        digest = hashlib.sha256(" ".join(said).encode()).hexdigest()
        alike[digest] += 1
        found[element] = ReaderReply(f"{digest} {alike[digest]}", stated)
    return found


def _behind(root: Element, main: Element) -> Iterator[Element]:
    """Elements that follow the main text and lie in no menu, side column or table."""
    inside = set(main.iter())
    is_behind = False
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each is main:
            is_behind = True
        if each in inside or each.tag in _APART:
            continue
        if is_behind:
            yield each
        waiting += reversed(each)


def kind_of(element: Element) -> tuple[str, str]:
    return element.tag, (element.get("class") or "").partition(" ")[0]


def time_in(element: Element) -> str:
    """The first short text of an element with a day or an age, or the instant of its markup; empty without both."""
    for number, each in enumerate(element.iter()):
        if number > _MOST_ELEMENTS:
            break
        for text in (each.text, each.tail if each is not element else None):
            short = " ".join((text or "").split())
            times = time_expressions(short) if 0 < len(short) <= _LONGEST_TIME else []
            if (found := next((time for time in times if time.kind in _STATES_DAY), None)) is not None:
                return short[found.start : found.end]
    return instant_in(element)


def instant_in(element: Element) -> str:
    """The first time with a date that the markup below an element states; empty where there is none."""
    for name in ("created", "created-timestamp", "datetime"):
        if _INSTANT.match(element.get(name, "")):
            return element.get(name, "")
    for number, each in enumerate(element.iter()):
        if number > _MOST_ELEMENTS:
            break
        if _INSTANT.match(each.get("datetime", "")):
            return each.get("datetime", "")
    return ""


def _words_of(element: Element, kinds: set[Kind]) -> list[str]:
    """The words of the longest text of a reply, not of those that answer it; none where it is too long for one."""
    texts, length = [""], 0
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if each is not element and (kind_of(each) in kinds or each.tag in _APART):
            continue
        for text in (each.text or "", *(child.tail or "" for child in each)):
            length += len(text)
            texts.append(text)
        waiting += reversed(each)
    if length > _LONGEST or is_time_alone(max(texts, key=len)):
        return []
    return [word.casefold() for word in words(fold(max(texts, key=len))) if not word.isdigit()]
