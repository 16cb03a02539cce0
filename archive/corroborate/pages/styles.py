"""Which elements a page's style sheets hide, and what text they add. (CSS Cascade 5; Selectors 4, by cssselect2)"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list

from archive.corroborate.pages.covers import cover_of
from archive.corroborate.pages.hiding import INHERITED, has_no_size, hides, parsed_color
from archive.corroborate.pages.looks import READ, is_compared, settled
from archive.corroborate.pages.media_queries import is_everywhere, is_on_screen
from archive.corroborate.pages.nested_rules import nested_rules
from archive.corroborate.pages.properties import PropertyReaders, name_declared
from archive.corroborate.pages.selectors import is_met, parts_of
from archive.corroborate.pages.slots import slot_words

MOST_RULES = 4_000
"""Rules that hide something, of one page; more are not read, and that is said."""
MOST_TESTS = 1_000_000
"""Tests of a selector against an element, of one page."""
LONGEST_SHEET = 4 << 20
RELEVANT = frozenset(
    (
        "display", "visibility", "opacity", "font-size", "text-indent", "position", "left", "right", "top", "bottom",
        "clip", "clip-path", "height", "max-height", "min-height", "width", "max-width", "min-width", "transform",
        "color", "background", "background-color", "content-visibility", "font", "content",
        "z-index", "-webkit-text-fill-color",
    )
) | READ  # fmt: skip
"""Properties that hide something, or say where it lies."""
MOST_RISKY = 20_000
_TOO_COSTLY = re.compile(r"~(?!=)|:has\(", re.IGNORECASE)
"""Selectors that compare each element with all others: rules with these are compared as text alone."""
_OF_STATE = re.compile(
    r":(?:hover|focus(?:-\w+)?|active|target(?:-\w+)?|visited|link|any-link|lang|dir|host|fullscreen|modal|popover-open"
    r"|open|checked|default|indeterminate|autofill|valid|invalid|user-\w+|placeholder-shown|first-letter|first-line|before|after|marker|selection)\b"
    r"|::|@",
    re.IGNORECASE,
)
"""What an element is in one moment or for one reader, and parts of an element: no test of an element tells."""
_LONGEST_SHOWN = 400
_BOXES = (
    "none|contents|block|inline|inline-block|flow|flow-root|list-item|flex|inline-flex|grid|inline-grid|table|inline-table|table-cell|table-row"
    r"|table-row-group|table-header-group|table-footer-group|table-caption|table-column|table-column-group|run-in|ruby|ruby-text|math"
    r"|-webkit-box|-webkit-inline-box|-webkit-flex|-webkit-inline-flex|-ms-flexbox|-ms-inline-flexbox|-moz-box"
)
_WIDE = "initial|inherit|unset|revert|revert-layer"
_UNDERSTOOD = {
    "display": re.compile(rf"(?:{_BOXES}|{_WIDE})"),
    "visibility": re.compile(rf"(?:visible|hidden|collapse|{_WIDE})"),
    "content-visibility": re.compile(rf"(?:visible|hidden|auto|{_WIDE})"),
    "opacity": re.compile(rf"(?:[+-]?(?:\d+\.?\d*|\.\d+)%?|{_WIDE})"),
    "position": re.compile(rf"(?:static|relative|absolute|fixed|sticky|-webkit-sticky|{_WIDE})"),
}
"""Values that a browser takes; any other one leaves in force what was stated before it. (CSS Cascade 5, 4.1)"""


def cut(text: str) -> str:
    """A text that is too long to be shown, with the digest of all of it at its end."""
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[: _LONGEST_SHOWN - 20]}… {_digest(text)[:16]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_NUMBERS = re.compile(r"\d+")
_NOTHING_MOVES = "#-"
"""A selector that nothing meets."""
_MADE_NAME = re.compile(r"[.#](?:(?:css|sc|jss|svelte|astro|emotion|styled)-[\w-]+|[\w-]*[A-Z0-9][\w-]*)")
"""Names of classes that programs make up at each build."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration of a style sheet."""

    name: str
    value: str
    is_important: bool


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A rule of a style sheet, and on what it depends."""

    node: Any
    condition: str = ""
    """Where it holds, if not on every screen: `@media print`."""
    is_in_force: bool = True


class _BoundedMatcher(Matcher):  # type: ignore[misc]  # cssselect2 ships no types
    """Matches until a page has cost as many tests as a page may cost: rules times elements is no bound."""

    def __init__(self) -> None:
        super().__init__()
        self.tests_left = MOST_TESTS

    def add_relevant_selectors(self, element: Any, selectors: Any, relevant_selectors: Any) -> None:
        """Test one list of selectors against an element."""
        self.tests_left -= len(selectors)
        if self.tests_left >= 0:
            super().add_relevant_selectors(element, selectors, relevant_selectors)


@dataclass(slots=True)
class PageStyles:
    """The rules of a page's style sheets that can hide text or add some."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of a page of before the standards, its classes and ids by their small letters: there, case is no difference."""
    unread: list[str] = field(default_factory=list)
    """Rules that can hide something and whose selectors are not evaluated here."""
    risky: list[str] = field(default_factory=list)
    """Declarations whose effect is not evaluated, with their selectors: another page has to have the same ones."""
    added: list[str] = field(default_factory=list)
    """Text that style sheets put into the page (`content`)."""
    shown_attributes: set[str] = field(default_factory=set)
    """Attributes whose values style sheets put into the page (`content: attr(data-note)`)."""
    _preludes: dict[str, set[str]] = field(default_factory=dict)
    """What is in `risky` and `unread` -> the selectors that it is of."""
    _readers: PropertyReaders = field(default_factory=PropertyReaders)
    _animated: dict[str, set[str]] = field(default_factory=dict)
    """Name of an animation -> the selectors of what moves by it."""
    _matcher: Any = field(default_factory=_BoundedMatcher)
    _count: int = 0
    _rest: str = ""
    """Digest of the declarations beyond those of `risky`, in their order."""
    _read: str = ""
    """Digest of all rules that are evaluated."""

    def add_sheet(self, text: str, condition: str = "") -> None:
        """Read a style sheet; `condition` is the media that it is for."""
        if len(text) > LONGEST_SHEET:
            self.unread.append(f"a style sheet of {len(text):,} characters")
            return
        nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        said = "" if is_everywhere(condition) else f"@media {' '.join(condition.lower().split())} "
        for rule in _rules(nodes, said, is_in_force=is_on_screen(condition)):
            self._add_rule(rule)

    def add_inline(self, tag: str, style: str, *, is_in_slot: bool) -> None:
        """Take note of a `style` attribute; in a changing place nothing of it can alter what lies elsewhere."""
        if not is_in_slot:
            declared = list(_declarations(style))
            self._note_risky(tag, declared)
            self._note_reading(declared)

    def note(self, text: str, prelude: str = "") -> None:
        """Take note of what both pages have to have alike; of `prelude`, if it is of some elements alone."""
        text = cut(text)
        if len(self.risky) < MOST_RISKY:
            self.risky.append(text)
            self._preludes.setdefault(text, set()).add(prelude)
        else:
            self._rest = _digest(f"{self._rest}{text}")

    def _note_risky(
        self, where: str, declared: Iterable[Declared], prelude: str = "", *, is_whole: bool = False
    ) -> None:
        for each in declared:
            if is_compared(each.name, each.value) or (is_whole and each.name in RELEVANT):
                self.note(f"{where} {{ {each.name}: {settled(each.value)} }}", prelude)

    def _note_reading(self, declared: Iterable[Declared], prelude: str = "") -> None:
        for each in declared:
            if "var(" in each.value:
                self._readers.add(prelude, each.name, each.value)

    def finish(self) -> None:
        """Take note of what was not evaluated, once all elements were read."""
        if self._rest:
            self.risky.append(f"more declarations {self._rest[:16]}")
        if self.is_exhausted:
            self.unread.append(f"more rules and elements than are evaluated {self._read[:16]}")

    def apart_from(self, names: frozenset[str], *, is_whole: bool) -> frozenset[str]:
        """What of `risky` and `unread` is of no element of the main text; `names` are its classes and ids.

        `is_whole`: every style sheet of the page was read. Otherwise a custom property may be read in another one.
        """
        known: dict[str, bool] = {}

        def is_apart(prelude: str) -> bool:
            if prelude not in known:
                known[prelude] = bool(prelude) and not is_met(prelude, names)
            return known[prelude]

        def is_of_another(text: str, preludes: set[str]) -> bool:
            name = name_declared(text) if "" not in preludes else ""  # what an element states itself may be drawn
            if name and (is_whole or self._readers.is_known(name)) and self._readers.is_apart(name, is_apart):
                return True
            return all(map(is_apart, self._moved_by(text) or preludes))

        return frozenset(text for text, of in self._preludes.items() if is_of_another(text, of))

    def _moved_by(self, text: str) -> set[str]:
        """Of an animation, the selectors of what moves by it."""
        is_animation = text.startswith("@keyframes ")
        return self._animated.get(text.split()[1], {_NOTHING_MOVES}) if is_animation else set()

    @property
    def is_exhausted(self) -> bool:
        """True where not every rule was evaluated for every element."""
        return bool(self._matcher.tests_left < 0)

    def of(self, element: ElementWrapper, inline: str | None) -> dict[str, str]:
        """The values of the relevant properties of an element, by the cascade; inherited ones left out."""
        if not inline and not self._count:
            return {}
        found: dict[str, tuple[tuple[bool, bool, tuple[int, int, int], int], str]] = {}
        for specificity, order, pseudo, declared in self._matcher.match(element):
            if pseudo is None:
                for each in declared:
                    _put(found, each, (each.is_important, False, specificity, order))
        for number, each in enumerate(_declarations(inline or "")):
            _put(found, each, (each.is_important, True, (0, 0, 0), number))
        return {name: value for name, (_, value) in found.items()}

    def _add_rule(self, rule: StyleRule) -> None:
        if rule.node.type == "at-rule":
            self._add_statement(rule)
            return
        every = list(_declarations(rule.node.content))
        stated = " ".join(tinycss2.serialize(rule.node.prelude).split())
        prelude = self._named(stated) if self.names else stated
        where = rule.condition + _MADE_NAME.sub(".*", _NUMBERS.sub("0", prelude))
        is_whole = bool(rule.condition) or _OF_STATE.search(prelude) is not None
        if not all(map(slot_words, parts_of(prelude))):
            may_cover = "::" in prelude and cover_of({each.name: each.value for each in every}, is_main=False)
            self._note_risky(where, every, "" if may_cover else prelude, is_whole=is_whole)
            self._note_reading(every, prelude)
        for each in every:
            if each.name in ("animation", "animation-name", "-webkit-animation", "-webkit-animation-name"):
                for word in each.value.replace(",", " ").split():
                    self._animated.setdefault(word.lower(), set()).add(prelude)
        declared = [each for each in every if each.name in RELEVANT or is_compared(each.name, each.value)]
        self._note_content(declared)
        if declared and rule.is_in_force:
            self._evaluate(prelude, declared, is_unchanged=prelude == stated, node=rule.node)

    def _add_statement(self, rule: StyleRule) -> None:
        """Take note of an at-rule: a font, an animation, the signs of a list, an order of layers."""
        node, name = rule.node, rule.node.lower_at_keyword
        if name == "font-face":
            self._note_risky("@font-face", _declarations(node.content))
        elif name not in ("charset", "import", "font-face"):
            prelude = " ".join(tinycss2.serialize(node.prelude).split())
            body = " ".join(tinycss2.serialize(node.content).split()) if node.content is not None else ""
            name = "keyframes" if name.endswith("keyframes") else name
            self._note_reading([Declared(name, body.lower(), False)])
            self.note(f"@{name} {prelude.lower() or '-'} {{ {rule.condition}{settled(body)} }}")

    def _note_content(self, declared: Iterable[Declared]) -> None:
        for each in declared:
            if each.name == "content":
                if text := _added_text(each.value):
                    self.added.append(text)
                self.shown_attributes |= set(_ATTR.findall(each.value))

    def _evaluate(self, prelude: str, declared: list[Declared], *, is_unchanged: bool, node: Any) -> None:
        self._count += 1
        self._read = _digest(f"{self._read}{prelude}{declared}")
        if self._count > MOST_RULES or _TOO_COSTLY.search(prelude):
            self._leave_unread(prelude, declared)
            return
        try:
            selectors = compile_selector_list(node.prelude if is_unchanged else prelude)
        except (SelectorError, RecursionError):
            self._leave_unread(prelude, declared)
            return
        for selector in selectors:
            self._matcher.add_selector(selector, declared)

    def _named(self, prelude: str) -> str:
        """A selector with classes and ids as the page writes them."""
        parts: list[str] = []
        for token in tinycss2.parse_component_value_list(prelude):
            names = self.names.get(token.value.lower(), frozenset()) if token.type in ("ident", "hash") else frozenset()
            is_class = token.type == "hash" or (bool(parts) and parts[-1] == ".")
            parts.append(_serialized(token, min(names)) if names and is_class else token.serialize())
        return "".join(parts)

    def _leave_unread(self, prelude: str, declared: list[Declared]) -> None:
        styles = {each.name: each.value for each in declared}
        if hides(styles) or has_no_size(styles) or styles.get("visibility") in ("hidden", "collapse"):
            said = "; ".join(f"{each.name}: {each.value}" for each in declared)
            text = f"{' '.join(prelude.split())} {{ {said} }}"[:500]
            self.unread.append(text)
            self._preludes.setdefault(text, set()).add(prelude)


def _serialized(token: Any, name: str) -> str:
    return f"{'#' if token.type == 'hash' else ''}{tinycss2.serializer.serialize_identifier(name)}"


def _put(found: dict[str, Any], each: Declared, rank: Any) -> None:
    understood = _UNDERSTOOD.get(each.name)
    if understood is not None and not understood.fullmatch(each.value) and "(" not in each.value:
        return
    if each.name in ("color", "-webkit-text-fill-color") and not _may_be_color(each.value):
        return
    before = found.get(each.name)
    if before is None or before[0] <= rank:
        found[each.name] = (rank, each.value)


def _may_be_color(value: str) -> bool:
    return "(" in value or value in INHERITED or value in ("initial", "currentcolor") or parsed_color(value) is not None


_GROUPS = ("supports", "layer", "container", "scope", "media", "starting-style", "document", "-moz-document")


def _rules(nodes: Iterable[Any], condition: str, *, is_in_force: bool) -> Iterator[StyleRule]:
    """Every rule, those within others too, each with the conditions on which it holds."""
    stack = [(iter(nodes), condition, is_in_force)]
    while stack and len(stack) < 32:
        inner, said, holds = stack[-1]
        node = next(inner, None)
        if node is None:
            stack.pop()
        elif node.type == "qualified-rule":
            yield StyleRule(node, said, holds)
            if any(token.type == "{} block" for token in node.content):
                stack.append((nested_rules(node), said, holds))
        elif node.type == "at-rule" and node.lower_at_keyword in _GROUPS and node.content is not None:
            rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            stack.append((iter(rules), said + _condition(node), holds and _holds(node)))
        elif node.type == "at-rule":
            yield StyleRule(node, said, holds)


def _condition(node: Any) -> str:
    """What an at-rule makes its rules depend on; nothing where it is so on every screen."""
    stated = " ".join(tinycss2.serialize(node.prelude).lower().split())
    name = node.lower_at_keyword
    if (name == "media" and is_everywhere(stated)) or (name == "layer" and not stated):
        return ""
    return f"@{name} {stated} "


def _holds(node: Any) -> bool:
    stated = tinycss2.serialize(node.prelude).lower()
    if node.lower_at_keyword == "media":
        return is_on_screen(stated)
    return node.lower_at_keyword in ("supports", "layer", "container", "scope")


def _declarations(content: Any) -> Iterator[Declared]:
    if content:
        for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            if each.type == "declaration":
                value = " ".join(tinycss2.serialize([part for part in each.value if part.type != "comment"]).split())
                yield Declared(
                    each.lower_name, value if each.lower_name == "content" else value.lower(), each.important
                )


_ATTR = re.compile(r"\battr\(\s*(?:/\*.*?\*/\s*)?([\w-]{1,100})", re.IGNORECASE)
_STRING = re.compile(r"\"((?:[^\"\\]|\\.){1,2000})\"|'((?:[^'\\]|\\.){1,2000})'")


def _added_text(value: str) -> str | None:
    """The words that a `content` declaration adds; None for icons and signs."""
    text = " ".join(first or second for first, second in _STRING.findall(value))
    return text if sum(c.isalnum() for c in text) > 1 else None
