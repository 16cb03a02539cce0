"""Lists of what readers write below a page: comments, not the posts of a thread that is the page itself.

Such a list is several brothers of one kind that each have an author, a time and a text in an element of its own, where
the page calls them comments or has a field beside them in which a reader writes one. A name is only a hint: it makes no
list of paragraphs, and none of what stands before the end of the page's own text (`structure`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from archive.corroborate.pages.replies import Kind, ReaderReply, instant_in, is_named_reply, kind_of, time_in
from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, fold
from archive.corroborate.texts.visit_times import is_day_of_any_year, may_be_age

_CALLED = re.compile(r"comment(?!ar(?:y|ies)|ed)|repl(?:y|ies)|yorum|respond\b|disqus|guestbook", re.IGNORECASE)
"""What a page calls its readers' texts, in a class, an id or a type of schema.org."""
_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
_NAMES = ("class", "id", "itemtype", "itemprop", "role", "data-role", "aria-label")
_ITEMS = frozenset(("li", "div", "article", "section", "dd", "blockquote"))
_SKIPPED = frozenset(("nav", "table", "form", "script", "style", "template", "svg", "select", "head"))
_PAGE = frozenset(("html", "body", "main"))
_MOST_ELEMENTS, _MOST_AROUND = 60, 200
_LONGEST, _LONGEST_AUTHOR = 6_000, 60
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ReaderList:
    """Replies of one kind, and those that answer them within."""

    holder: Element
    replies: dict[Element, ReaderReply]
    is_timed: bool
    """Whether each states a time."""


@dataclass(frozen=True, slots=True)
class _Said:
    author: str
    text: str
    stated: str


def reader_lists(root: Element) -> list[ReaderList]:
    """Every list of the kind in a page, in order, wherever it stands."""
    found: list[ReaderList] = []
    waiting = [(root, False)]
    while waiting:
        holder, is_called = waiting.pop()
        is_here = holder.tag not in _PAGE and _is_called(holder)
        lists = list(_lists_in(holder, is_called=is_called or is_here))
        found += lists
        taken = {each for one in lists for each in one.replies}
        waiting += [(child, is_here) for child in reversed(holder) if child not in taken and child.tag not in _SKIPPED]
    return found


def _is_called(element: Element) -> bool:
    return any(_CALLED.search(element.get(name, "")) for name in _NAMES)


def _lists_in(holder: Element, *, is_called: bool) -> Iterator[ReaderList]:
    brothers: dict[Kind, list[Element]] = {}
    for child in holder:
        if child.tag in _ITEMS:
            brothers.setdefault(kind_of(child), []).append(child)
    has_field = holder.tag not in _PAGE and _has_field(holder, brothers)
    for kind, items in ((kind, part) for kind, whole in brothers.items() for part in _called_apart(whole)):
        are_named = all(map(_is_called, items))
        if len(items) < _FEWEST and not any(map(is_named_reply, items)):
            continue
        is_hinted = is_called or are_named
        if not (is_hinted or has_field):
            continue
        said = {item: found for item in items if (found := _said_in(item, kind)) is not None}
        timed = [item for item, found in said.items() if found.stated]
        is_timed = len(timed) == len(said)
        if 3 * len(said) < 2 * len(items) or not said or not (is_timed or (is_hinted and len(said) >= _FEWEST)):
            continue
        for item in items:
            said |= {
                inner: found
                for inner in item.iter()
                if inner is not item and _answers(inner, kind) and (found := _said_in(inner, kind)) is not None
            }
        name = " ".join((holder.tag, kind[0], *_LETTERS.findall(kind[1])))  # a build makes up the rest of a class
        called = {item: item.get("id", "") or _permanent_link(item) for item in said}
        often = Counter(called.values())
        called = {item: each if often[each] == 1 else "" for item, each in called.items()}
        yield ReaderList(holder, {item: _reply(said[item], called[item], name) for item in said}, is_timed)


def _called_apart(items: list[Element]) -> Iterator[list[Element]]:
    """Brothers of one kind, and those of them alone that the page calls comments, if others have no such name."""
    yield items
    called = [item for item in items if _is_called(item)]
    if len(called) < len(items):
        yield called


def _has_field(holder: Element, brothers: dict[Kind, list[Element]]) -> bool:
    """True where a reader can write something right beside brothers of one kind."""
    alone = (child for child in holder if len(brothers.get(kind_of(child), ())) < _FEWEST)
    for number, each in enumerate(inner for child in alone for inner in child.iter()):
        if number > _MOST_AROUND:
            break
        is_field = each.tag == "textarea" or (each.tag == "input" and each.get("type", "text") == "text")
        if is_field or (each.tag == "form" and _CALLED.search(each.get("action", ""))):
            return True
    return False


def _reply(said: _Said, name: str, kind: str) -> ReaderReply:
    digest = hashlib.sha256(said.text.encode("utf-8", "surrogatepass")).hexdigest()
    return ReaderReply(digest, said.stated, name, said.author, kind)


_NUMBERED = re.compile(r"(?:comment|reply)[\w-]*?[=/-](?=\w*\d)\w+", re.IGNORECASE)


def _permanent_link(item: Element) -> str:
    """What the first link of a reply calls this one: `comment_id=Y29t7`; empty without such a link."""
    found = (_NUMBERED.search(each.get("href", "")) for each in item.iter("a"))
    return next((match[0] for match in found if match is not None), "")


def _said_in(item: Element, kind: Kind) -> _Said | None:
    """Author, text and time of a reply; None for what has no author or text, or leads to another page by its text."""
    parts: list[tuple[str, bool]] = []
    waiting, number, length = [(item, False)], 0, 0
    while waiting and number <= _MOST_ELEMENTS:
        each, is_linked = waiting.pop()
        number += 1
        if each.tag == "h1":
            return None
        if each.tag in _SKIPPED or (each is not item and _answers(each, kind)):
            continue
        is_linked = is_linked or each.tag == "a"
        for text in (each.text or "" if each.tag != "time" else "", *(child.tail or "" for child in each)):
            if short := " ".join(text.split()):
                parts.append((short, is_linked))
                length += len(short)
        waiting += [(child, is_linked) for child in reversed(each)]
    author = next((name for text, _ in parts if (name := _author(text))), "")
    texts = [part for part in parts if any(map(str.isalpha, part[0])) and not is_time_alone(part[0])]
    if not author or not texts or length > _LONGEST:
        return None
    is_said = {text: _author(text) != author and not may_be_age(text) for text, _ in texts}
    text, is_linked = max(texts, key=lambda part: (is_said[part[0]], len(part[0]) if _author(part[0]) != author else 0))
    if is_linked or _author(text) == author:
        return None
    return _Said(author, fold(text), instant_in(item) or time_in(item) or _day_in(item, [short for short, _ in parts]))


def _day_in(item: Element, parts: list[str]) -> str:
    """The day without a year that a reply states; empty without one."""
    timed = (" ".join("".join(each.itertext()).split()) for each in item.iter("time"))
    return next((text for text in (*timed, *parts) if is_day_of_any_year(text)), "")


def _answers(element: Element, kind: Kind) -> bool:
    """True for what may be a reply in another; without a class, any part of one may be of its kind."""
    return bool(kind[1]) and kind_of(element) == kind


def _author(text: str) -> str:
    """What a short text calls somebody, without the time beside it; empty for a time, a number, a sentence."""
    if len(text) > _LONGEST_AUTHOR:
        return ""
    text = composed(text)
    for time in reversed(time_expressions(text)):
        text = f"{text[: time.start]}{text[time.end :]}"
    return fold(text).strip(" ,.·•|-–—").casefold() if any(map(str.isalpha, text)) else ""
