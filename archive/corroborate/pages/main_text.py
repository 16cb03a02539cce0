"""Where the main text of a page stands, what lies around it, and which lists of readers' replies follow it.

The main text is the element that holds most of the page's sentences. How long the sentences of each element are is
counted by whoever reads the page's structure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from xml.etree.ElementTree import Element

from archive.corroborate.pages.reader_lists import ReaderList
from archive.corroborate.texts.folding import count_words

SENTENCE = 8
"""Words of a sentence."""
_MAIN = 0.6
"""Share of a page's sentences that its main text holds."""
_MAIN_BY_NAME = 0.25
"""The same of an element that says that it is the main text."""
_OF_TEXT = frozenset(("p", "blockquote", "figure", "table", "pre"))
"""Of what a text consists: a list of readers' replies follows all of it."""
_NO_TEXT = frozenset(("form", "footer", "aside", "nav", "template"))
_MOST_AROUND = 3
"""Elements around a list of readers' replies that belong to it, with its heading and its form."""
Prose = Mapping[Element, int]
"""Signs of the sentences in each element; an element without any is missing."""


@dataclass(frozen=True, slots=True)
class MainText:
    """The main text of a page, and what its readers wrote below it."""

    element: Element | None
    lists: tuple[ReaderList, ...] = ()
    readers: frozenset[Element] = frozenset()
    """Elements that hold such a list, and nothing of the main text."""


def find_main_text(root: Element, prose: Prose, own: Prose, lists: list[ReaderList]) -> MainText:
    """Find the main text; `own` is `prose` without the `lists`, which are none of the page's text if they follow it."""
    said = {inner for one in lists for each in one.replies for inner in each.iter()}
    own = {each: signs for each, signs in own.items() if each not in said}
    main = _main(root, own)
    below = _below(root, main, lists, prose, own) if main is not None else ()
    if main is None or not below:
        return MainText(_main(root, prose))
    return MainText(main, below, frozenset(_readers(root, main, below, own)))


def _main(root: Element, prose: Prose) -> Element | None:
    total = prose.get(root, 0)
    if not total:
        return None
    found = _deepest(root, prose)
    if any(found is each or found in each.iter() for each in root.iter("article")):
        return found
    named = max(_named_main(found), key=lambda each: prose.get(each, 0), default=None)
    if named is None or prose.get(named, 0) < _MAIN_BY_NAME * total:
        return found
    return _deepest(named, prose)


def _deepest(found: Element, prose: Mapping[Element, int]) -> Element:
    """The smallest element below that holds most of the sentences of this one."""
    total = prose.get(found, 0)
    while True:
        best = max(found, key=lambda child: prose.get(child, 0), default=None)
        if best is None or prose.get(best, 0) < _MAIN * total:
            return found
        found = best


def _named_main(root: Element) -> Iterator[Element]:
    """Elements that say that they hold the page's own text."""
    return (each for each in root.iter() if each.tag in ("main", "article") or each.get("role") == "main")


def _below(
    root: Element, main: Element, lists: list[ReaderList], prose: Prose, own: Prose
) -> tuple[ReaderList, ...]:
    """Those of the lists, one of each kind, that stand behind all of the main text, which is itself no thread.

    A page may call its readers' texts comments, and have few words itself: then its text stands below its heading.
    """
    places = {each: number for number, each in enumerate(root.iter())}
    heading = next((places[each] for each in root.iter("h1")), 0)
    said = {inner for one in lists for each in one.replies for inner in each.iter()}
    said.update(inner for one in lists if not own.get(one.holder) for inner in one.holder.iter())
    ends = max(places[each] for each in _texts(main) if each not in said)
    is_long = own[root] >= _MAIN_BY_NAME * prose[root]
    found: dict[str, ReaderList] = {}
    for one in lists:
        first = next(iter(one.replies))
        if places[first] > ends and (is_long or (one.is_timed and heading <= ends)):
            found.setdefault(one.replies[first].kind, one)
    return tuple(found.values())


def _texts(main: Element) -> Iterator[Element]:
    """The main text and what it consists of; no boxes, forms and lists within it."""
    waiting = [main]
    while waiting:
        each = waiting.pop()
        if each is main or each.tag in _OF_TEXT or (each.tag == "div" and count_words(own_text(each)) >= SENTENCE):
            yield each
        waiting += (child for child in each if child.tag not in _NO_TEXT)


def _readers(root: Element, main: Element, lists: tuple[ReaderList, ...], own: Prose) -> Iterator[Element]:
    """The elements around each list that hold no sentence of the page's own, and neither its main text."""
    holders = {child: each for each in root.iter() for child in each}
    is_around = {*around_of(root, main)}
    for one in lists:
        yield from one.replies
        each: Element | None = one.holder
        for _ in range(_MOST_AROUND):
            if each is None or each in is_around or own.get(each):
                break
            yield each
            each = holders.get(each)


def own_text(element: Element) -> str:
    """The text of an element that is in none of its children but such as mark words."""
    parts = [element.text or ""]
    parts += [child.tail or "" for child in element]
    return " ".join(" ".join(parts).split())


_INLINE = frozenset((
    "span", "b", "strong", "i", "em", "u", "s", "font", "mark", "small", "big", "sub", "sup", "abbr", "cite", "q",
    "dfn", "time", "bdi", "bdo", "ins", "del", "code", "kbd", "samp", "var", "tt",
))  # fmt: skip
"""Elements that stand within a line. (HTML Living Standard, 4.5) A link is none here: menus consist of links."""


def flowing_text(element: Element) -> str:
    """The text of an element with that of its children within its lines, and of theirs."""
    parts = [element.text or ""]
    waiting = [iter(element)]
    holders = [element]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            ended = holders.pop()
            parts.append((ended.tail or "") if waiting else "")
        elif child.tag in _INLINE:
            parts.append(child.text or "")
            waiting.append(iter(child))
            holders.append(child)
        else:
            parts.append(child.tail or "")
    return " ".join(" ".join(parts).split())


def around_of(root: Element, inner: Element) -> list[Element]:
    """An element, and those that it lies in, from the inside out."""
    holders = {child: each for each in root.iter() for child in each}
    found = [inner]
    while (outer := holders.get(found[-1])) is not None:
        found.append(outer)
    return found


def frames_of(around: list[Element]) -> frozenset[Element]:
    """What lies beside neither the main text nor its heading: all that is in no element right around these two."""
    heading = next((at for at, each in enumerate(around) if next(each.iter("h1"), None) is not None), None)
    at = heading or 0
    at = max([at, *(at for at, each in enumerate(around) if each.tag in ("article", "main"))])
    outer = around[at + 1 :]
    found = {child for holder, inner in pairwise(outer) for child in inner if child is not holder}
    if heading is not None and outer:  # what stands before the element with the heading is the head of the page
        found.update(takewhile(lambda child: child is not around[at], outer[0]))
    return frozenset(found)
