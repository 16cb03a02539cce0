"""Which elements a page's style sheets hide, and what text they add. (CSS Cascade 5; Selectors 4, by cssselect2)"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tinycss2
import tinycss2.color4
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list

from archive.corroborate.looks import EVALUATED, covers_page, is_compared, is_striking
from archive.corroborate.places import is_of_build, place_of_file, place_of_program
from archive.corroborate.selectors import is_met
from archive.corroborate.slots import slot_words

MOST_RULES = 4_000
"""Rules that hide something, of one page; more are not read, and that is said."""
MOST_TESTS = 1_000_000
"""Tests of a selector against an element, of one page."""
LONGEST_SHEET = 4 << 20
WIDTH = 1280
"""Pixels of the window that media queries are judged by."""

RELEVANT = frozenset(
    (
        "display", "visibility", "opacity", "font-size", "text-indent", "position", "left", "right", "top", "clip",
        "clip-path", "height", "max-height", "width", "max-width", "overflow", "overflow-y", "transform", "color",
        "background", "background-color", "content-visibility", "font", "content",
        "-webkit-text-fill-color",
    )
)  # fmt: skip
"""Properties that hide something."""
MOST_RISKY = 20_000
_TOO_COSTLY = re.compile(r"~(?!=)|:has\(", re.IGNORECASE)
"""Selectors that compare each element with all others: rules with these are compared as text alone."""

_URL = re.compile(r"url\(\s*[\"']?([^\"')\s]*)[\"']?\s*\)")
_LONGEST_SHOWN = 400


def _settled(value: str) -> str:
    """A value whose addresses are places: without shards, sizes and sessions."""
    return _URL.sub(lambda match: f"url({_place(match[1])})", value)


def _place(url: str) -> str:
    url = f"https:{url}" if url.startswith("//") else url
    is_built_font = _FONT.search(url) is not None and is_of_build(url)
    return place_of_program(url) if is_built_font else place_of_file(url)


_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)(?:[?#]|\Z)", re.IGNORECASE)


def cut(text: str) -> str:
    """A text that is too long to be shown, with the digest of all of it at its end."""
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[: _LONGEST_SHOWN - 20]}… {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


_NUMBERS = re.compile(r"\d+")
_MADE_NAME = re.compile(r"[.#](?:(?:css|sc|jss|svelte|astro|emotion|styled)-[\w-]+|[\w-]*[A-Z0-9][\w-]*)")
"""Names of classes that programs make up at each build."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration of a style sheet."""

    name: str
    value: str
    is_important: bool


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
    _matcher: Any = field(default_factory=_BoundedMatcher)
    _count: int = 0

    def add_sheet(self, text: str) -> None:
        """Read a style sheet."""
        if len(text) > LONGEST_SHEET:
            self.unread.append(f"a style sheet of {len(text):,} characters")
            return
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        for rule in _rules(rules):
            self._add_rule(rule)

    def add_inline(self, tag: str, style: str, *, is_in_slot: bool) -> None:
        """Take note of a `style` attribute; in a changing place only of what lies over the page."""
        declared = list(_declarations(style))
        if not is_in_slot or covers_page({each.name: each.value for each in declared}):
            self._note_risky(tag, declared)

    def _note_risky(self, where: str, declared: Iterable[Declared], prelude: str = "") -> None:
        for each in declared:
            if is_compared(each.name, each.value) and len(self.risky) < MOST_RISKY:
                text = cut(f"{where} {{ {each.name}: {_settled(each.value)} }}")
                self.risky.append(text)
                self._preludes.setdefault(text, set()).add(prelude)

    def apart_from(self, names: frozenset[str]) -> frozenset[str]:
        """What of `risky` and `unread` is of no element of the main text; `names` are its classes and ids."""
        return frozenset(
            text for text, of in self._preludes.items() if all(one and not is_met(one, names) for one in of)
        )

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

    def _add_rule(self, rule: Any) -> None:
        every = list(_declarations(rule.content))
        prelude = " ".join(tinycss2.serialize(rule.prelude).split())
        if rule.type == "at-rule":
            self._note_risky("@font-face", every)
            return
        if not slot_words(prelude):
            self._note_risky(_MADE_NAME.sub(".*", _NUMBERS.sub("0", prelude)), every, prelude)
        declared = [each for each in every if each.name in RELEVANT or _is_look(each)]
        if not declared:
            return
        self.added += [text for each in declared if each.name == "content" and (text := _added_text(each.value))]
        self.shown_attributes |= {
            name for each in declared if each.name == "content" for name in _ATTR.findall(each.value)
        }
        self._count += 1
        if self._count > MOST_RULES or _TOO_COSTLY.search(prelude):
            self._leave_unread(prelude, declared)
            return
        try:
            selectors = compile_selector_list(rule.prelude)
        except (SelectorError, RecursionError):
            self._leave_unread(prelude, declared)
            return
        for selector in selectors:
            self._matcher.add_selector(selector, declared)

    def _leave_unread(self, prelude: str, declared: list[Declared]) -> None:
        styles = {each.name: each.value for each in declared}
        if hides(styles) or has_no_size(styles) or styles.get("visibility") in ("hidden", "collapse"):
            said = "; ".join(f"{each.name}: {each.value}" for each in declared)
            text = f"{' '.join(prelude.split())} {{ {said} }}"[:500]
            self.unread.append(text)
            self._preludes.setdefault(text, set()).add(prelude)


def _is_look(each: Declared) -> bool:
    return each.name in EVALUATED and is_striking(each.name, each.value)


def _put(found: dict[str, Any], each: Declared, rank: Any) -> None:
    before = found.get(each.name)
    if before is None or before[0] <= rank:
        found[each.name] = (rank, each.value)


def _rules(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every style rule that applies on a screen, those in `@media`, `@supports` and `@layer` too."""
    stack = [iter(nodes)]
    while stack and len(stack) < 32:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.type == "qualified-rule":
            yield node
            if any(token.type == "{} block" for token in node.content):
                stack.append(_nested(node))
        elif node.type == "at-rule" and node.content is not None:
            name, prelude = node.lower_at_keyword, tinycss2.serialize(node.prelude).lower()
            if name == "font-face":
                yield node
            elif name in ("supports", "layer", "container", "scope") or (name == "media" and is_on_screen(prelude)):
                rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                stack.append(iter(rules))


_NESTED = ("supports", "layer", "container", "scope", "media")


def _nested(rule: Any) -> Iterator[Any]:
    """Rules within a rule, each with the selector of the outer one in it. (CSS Nesting 1)"""
    for node in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            node.prelude = _joined_selectors(rule.prelude, node.prelude)
            yield node
        elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword in _NESTED:
            # Declarations that stand here directly are of the outer rule.
            text = f"{tinycss2.serialize(rule.prelude)}{{{tinycss2.serialize(node.content)}}}"
            node.content = tinycss2.parse_component_value_list(text)
            yield node


def _joined_selectors(outer: Sequence[Any], inner: Sequence[Any]) -> list[Any]:
    """`a, b` and `& .c, d` are `:is(a, b) .c, :is(a, b) d`."""
    parent = f":is({tinycss2.serialize(outer).strip()})"
    parts: list[str] = [""]
    for token in inner:
        if token.type == "literal" and token.value == ",":
            parts.append("")
        else:
            parts[-1] += parent if token.type == "literal" and token.value == "&" else token.serialize()
    joined = (part.strip() if parent in part else f"{parent} {part.strip()}" for part in parts)
    return list(tinycss2.parse_component_value_list(", ".join(joined)))


def is_on_screen(query: str) -> bool:
    """True where a media query list can apply to a screen of `WIDTH` pixels. (Media Queries 4)"""
    return any(_applies(one.strip()) for one in query.lower().split(",")) if query.strip() else True


def _applies(query: str) -> bool:
    if query.startswith("not "):
        return not _applies(query[4:])
    if re.match(r"(?:only\s+)?(?:print|speech|aural|tty)\b", query):
        return False
    for bound, number, unit in re.findall(r"\((min|max)-(?:device-)?width\s*:\s*([0-9.]{1,9})(px|em|rem)?", query):
        pixels = float(number) * (16 if unit in ("em", "rem") else 1) if number.count(".") < 2 else 0
        if (bound == "min" and pixels > WIDTH) or (bound == "max" and pixels < WIDTH):
            return False
    return True


def _declarations(content: Any) -> Iterator[Declared]:
    if content:
        for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            if each.type == "declaration":
                value = tinycss2.serialize(each.value).strip()
                yield Declared(
                    each.lower_name, value if each.lower_name == "content" else value.lower(), each.important
                )


_ATTR = re.compile(r"\battr\(\s*([\w-]{1,100})", re.IGNORECASE)
_STRING = re.compile(r"\"((?:[^\"\\]|\\.){1,2000})\"|'((?:[^'\\]|\\.){1,2000})'")


def _added_text(value: str) -> str | None:
    """The words that a `content` declaration adds; None for icons and signs."""
    text = " ".join(first or second for first, second in _STRING.findall(value))
    return text if sum(c.isalnum() for c in text) > 1 else None


_ZERO = re.compile(r"[+-]?0*(?:\.0+)?(?:px|em|rem|pt|%|ex|ch|vh|vw|cm|mm|in|pc)?\Z")
_LENGTH = re.compile(r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))(px|em|rem|pt|%|vw|vh|cm|mm|in)?\Z")
_FAR = -400.0
_TINY = 1.0
"""Pixels or points of type that nobody reads."""


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.match((value or "").strip())
    if found is None:
        return None
    factor = {"em": 16, "rem": 16, "vw": 12.8, "vh": 8, "%": 10, "cm": 38, "mm": 3.8, "in": 96, "pt": 1.33}
    return float(found[1]) * factor.get(found[2] or "px", 1)


def hides(styles: Mapping[str, str]) -> str | None:
    """By which property an element of these styles is hidden, with all below it; None for one that is not."""
    if styles.get("display") == "none":
        return "display"
    if styles.get("content-visibility") == "hidden":
        return "content-visibility"
    stated = styles.get("opacity", "")
    opacity = _number(stated.rstrip("%"))
    if opacity is not None and opacity <= (5 if stated.endswith("%") else 0.05):
        return "opacity"
    if _is_off_screen(styles):
        return "position"
    return "clip" if _is_clipped(styles) else None


def has_no_size(styles: Mapping[str, str]) -> bool | None:
    """True for type too small to be seen; None where the styles say nothing of it."""
    size = styles.get("font-size", "")
    if size:
        pixels = _pixels(size)
        return bool(_ZERO.match(size)) or (pixels is not None and size.endswith(("px", "pt")) and pixels <= _TINY)
    font = styles.get("font", "")
    return bool(re.match(r"(?:[a-z]+ )*0(?:px|pt|em)?(?:/| )", font)) if font else None


def is_unseen_color(ink: str, paper: str) -> bool:
    """True where text of one colour cannot be told from its background of another."""
    color, background = parsed_color(ink), parsed_color(paper) or (1.0, 1.0, 1.0, 1.0)
    if color is None:
        return False
    is_same = all(abs(one - other) <= 0.03 for one, other in zip(color[:3], background[:3], strict=True))
    return color[3] <= 0.05 or (background[3] > 0.5 and is_same)


def background_of(styles: Mapping[str, str]) -> str | None:
    """The colour of a background; None where none is stated, or a picture lies over it."""
    stated = styles.get("background-color") or styles.get("background")
    return stated if stated and "url(" not in stated and "gradient" not in stated else None


def parsed_color(text: str) -> tuple[float, float, float, float] | None:
    """Red, green, blue and alpha from 0 to 1; None for what is no colour in sRGB."""
    for word in (text, text.split(" ")[0] if text else ""):
        try:
            color = tinycss2.color4.parse_color(word) if word else None
        except (ValueError, TypeError, RecursionError):
            color = None
        if color is None or isinstance(color, str):
            continue
        try:
            srgb = color.to("srgb")
            red, green, blue = (float(part or 0) for part in srgb.coordinates)
            return red, green, blue, float(srgb.alpha if srgb.alpha is not None else 1)
        except (NotImplementedError, ValueError, TypeError, AttributeError):
            return None
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_off_screen(styles: Mapping[str, str]) -> bool:
    indent = _pixels(styles.get("text-indent"))
    if indent is not None and indent < _FAR:
        return True
    if styles.get("position") in ("absolute", "fixed", "relative"):
        for name in ("left", "top", "right"):
            at = _pixels(styles.get(name))
            if at is not None and (at < _FAR or at > 10_000):
                return True
    transform = styles.get("transform", "")
    return bool(re.search(r"scale[xy]?\(\s*0(?:\.0*)?\s*[,)]|translate[xy]?\(\s*-\s*[0-9]{4,}", transform))


def _is_a_line_or_less(size: str) -> bool:
    pixels = _pixels(size)
    return pixels is not None and not size.endswith(("%", "vw", "vh")) and pixels <= 6


def _is_clipped(styles: Mapping[str, str]) -> bool:
    if re.search(r"rect\(\s*(?:0|1px)[^)]*\)", styles.get("clip", "")) and styles.get("position") in (
        "absolute",
        "fixed",
    ):
        return True
    if re.search(r"inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0 0\s*\)", styles.get("clip-path", "")):
        return True
    overflow = styles.get("overflow") or styles.get("overflow-y") or ""
    if overflow.startswith(("hidden", "clip")):
        sizes = (styles.get(name, "") for name in ("height", "max-height", "width", "max-width"))
        return any(size and (_ZERO.match(size) or _is_a_line_or_less(size)) for size in sizes)
    return False
