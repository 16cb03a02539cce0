"""Whether a reader may be shown a value that the programs of a page keep.

A page whose text stands in its markup shows that text. What its programs keep beside it (a version, a switch, the
address of one of their parts, the arm of a trial, the words of a button) says nothing of the subject. It does where the
page shows it, as text, medium or number of a sentence, where a script of the page writes it there, and where it claims
something by its words or its name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from archive.corroborate.explain.claims import makes_claim, names_claim, states_number
from archive.corroborate.explain.context import PageContext
from archive.corroborate.explain.script_reach import reaches
from archive.corroborate.pages.attributes import joined
from archive.corroborate.pages.selectors import is_met
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.folding import count_words, fold, long_words
from archive.corroborate.texts.machine import decodes_to_words, is_code
from archive.corroborate.texts.places import is_service_address, place_of_link, site_of_address
from archive.corroborate.texts.retractions import accuses, takes_back
from archive.corroborate.texts.telemetry import is_of_program

_MARKUP = re.compile(r"<[^<>]*>")
_SENTENCES = re.compile(r"(?<=[.!?؟。！？۔।])\s+|[\n\r\t|]+|\\n")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|/[\w./?=&%#:@~+,;-]*|[\w.-]+(?:/[\w.%@~+-]+)+/?", re.IGNORECASE)
"""An address, a path of a site, a path of a program's parts: no text."""
_PLAYED = re.compile(r"\.(?:mp4|m4v|webm|mov|mp3|m4a|ogg|wav|m3u8|mpd|pdf)(?:[?#]|\Z)", re.IGNORECASE)
"""What only a player shows: no element of the page has to have its address."""
_NAMES_MEDIUM = re.compile(
    r"(?:\w+_)?(?:videos?|photos?|images?|imgs?|pictures?|media|films?|audio|embed|posts?|tweets?|status(?=_?id)|files?|docs?"
    r"|documents?|youtube|download)"
    r"(?:_?(?:id|key|code|guid|uuid|hash|src|url|uri))?",
    re.IGNORECASE,
)
_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")
_JOINS = re.compile(r"(?<=[^\W\d_])(?:\+|%20|[\u200b\u2060\ufeff])(?=[^\W\d_])")
"""What stands for a space between two words."""
_PLACEHOLDER = re.compile(r"\$?\{{1,3}\s?[\w.]{0,40}\s?\}{1,3}")
"""Where a program puts a value: `{0}`, `{{name}}`."""
_NUMBER = re.compile(r"-?[\d.,٠-٩]{2,40}")
_DATE = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d")
_TRUTHS = frozenset(("true", "false", "null", "$"))
_OF_TEXT = r"(?:html|body|main|article|section|div|p|h[1-6]|ul|ol|li|table|img)"
_SELECTOR = re.compile(rf"[.#][\w-]|{_OF_TEXT}(?:[.#:\[]\w|\s*[>+~]|\s+{_OF_TEXT}(?!\w))", re.IGNORECASE)
"""How a selector begins that names a class, or says more of an element than its kind."""
_LETTERS = re.compile(r"(?:[a-z](?:[^\w]+|\Z))+", re.IGNORECASE)
_SHORTEST_NAME = 4
_FEW_WORDS = 3
"""Words of what says something by itself; fewer are a name, a label, a code."""


@dataclass(frozen=True, slots=True)
class ShownValues:
    """What is known of what two pages show, to judge values of their programs by."""

    context: PageContext
    written: frozenset[str] = frozenset()
    """Names in the statements by which the pages' own scripts write into what they show."""
    is_other_build: bool = False
    """The programs of the site are two builds: each has texts and elements of its own."""

    def differ(self, path: str, one: str, other: str) -> bool:
        """True where two values of one path may be shown, or claim something; empty is one that a page lacks.

        Of pages without a text in their markup every value may be shown.
        """
        if not self.context.is_written:
            return True
        name = path.rpartition(".")[2]
        if len(name) >= _SHORTEST_NAME and name in self.written and not is_of_program(path):
            return True
        if " " in name and self.differ("name", name, ""):
            return True
        sides = [tuple(_pieces(value)) for value in (one, other)]
        if not self.is_other_build:
            return self._is_content(path, name, *(" ".join(side) for side in sides))
        values = [value for value in (one, other) if value]
        if any(self._leads_away(value, values) for value in values):
            return True
        is_alone = not all(sides)
        apart = frozenset(sides[0]) ^ frozenset(sides[1])
        return any(self._is_shown(path, name, piece, is_alone=is_alone) for piece in apart)

    def states(self, value: str) -> bool:
        """True for a text of which the pages show a sentence or a line."""
        pieces = (piece for piece in _pieces(value) if _is_text(piece))
        return any(any(self.context.stated_by(piece)) for piece in pieces)

    def _is_content(self, path: str, name: str, one: str, other: str) -> bool:
        """True for two values of one build that a reader may be shown: texts, media, places on other sites."""
        values = [value for value in (one, other) if value]
        if any(_is_streamed(path, value) for value in values):
            return True
        if any(_is_text(value) and not _ADDRESS.fullmatch(value) for value in values):
            return len(values) > 1 or not all(self.context.stated_by(values[0]))
        if any(self._leads_away(value, values) for value in values):
            return True
        return any(self._is_shown(path, name, value, is_alone=len(values) < 2) for value in values)

    def _leads_away(self, value: str, values: list[str]) -> bool:
        """True for an address on another site than that of the page, or in place of one on another."""
        if not _ADDRESS.fullmatch(value) or "//" not in value:
            return False
        sites = {site_of_address(joined(self.context.pages[0].url, each)) for each in values}
        is_known = sites <= self.context.loading_sites or is_service_address(value)
        return len(sites) > 1 or (len(values) == 1 and not is_known)

    def _is_shown(self, path: str, name: str, piece: str, *, is_alone: bool) -> bool:
        """True for one sentence, word or number of a value; `is_alone` where the other page has no value there."""
        if self._is_claimed(path, name, piece):
            return True
        if piece in _TRUTHS:
            return not is_of_program(path) and self._names_event(path)
        if self._acts(piece) or self._claims_in_address(piece):
            return True
        if not is_alone and _is_of_medium(name, piece):
            return True
        if _ADDRESS.fullmatch(piece):
            return not is_alone and self._leads_to_shown(piece)
        if decodes_to_words(piece):
            return True
        if _is_text(piece):
            return self._is_said(piece, is_alone=is_alone)
        return takes_back(piece) or accuses(piece) or self._is_of_subject(path, name, piece, is_alone=is_alone)

    def _is_claimed(self, path: str, name: str, piece: str) -> bool:
        """True for a value that states something by its own name, or a number of the page's sentences."""
        return names_claim(path, piece, self.context) or (accuses(_said_by(name)) and not is_of_program(path))

    def _acts(self, piece: str) -> bool:
        """True for a selector of the main text, and for what a program may run or style by."""
        if _SELECTOR.match(piece) is not None and is_met(piece, self.context.names_of_main):
            return True
        return "{" in _PLACEHOLDER.sub("", piece) or reaches(piece, frozenset())

    def _claims_in_address(self, piece: str) -> bool:
        return any(takes_back(said) or states_number(said, self.context) for said in _said_in_address(piece))

    def _is_said(self, text: str, *, is_alone: bool) -> bool:
        """True for a text of one build that the pages show otherwise, or that claims something of them."""
        stated = self.context.stated_by(text)
        return not is_alone if all(stated) else any(stated) or makes_claim(text, self.context)

    def _is_of_subject(self, path: str, name: str, piece: str, *, is_alone: bool) -> bool:
        """True for a word or two, a number, a code of what the page tells of: by its name, or as the page shows it."""
        if is_of_program(path):
            return False
        return self._names_event(name if is_code(piece) else path) or (not is_alone and self._is_named(name, piece))

    def _leads_to_shown(self, address: str) -> bool:
        place = place_of_link(joined(self.context.pages[0].url, address))
        return place in self.context.shown_places or _PLAYED.search(address) is not None

    def _names_event(self, path: str) -> bool:
        """True for a name by which a program keeps what a report tells of."""
        return bool((long_words(_said_by(path)) - changing_words("programs")) & (self.context.subject | _events()))

    def _is_named(self, name: str, piece: str) -> bool:
        """True for a word or two, a number, a code: by what it is the name of, or as the page shows it."""
        if piece in self.context.shown_lines or _DATE.search(piece):
            return True
        if _NUMBER.fullmatch(piece):
            said = long_words(_said_by(name)) - changing_words("programs")
            return bool(said) and said <= self.context.own_words
        return bool(long_words(piece) & (self.context.subject | self.context.persons))


def _is_of_medium(name: str, piece: str) -> bool:
    """True for what a film, a picture, a post is known by."""
    return " " not in piece and _NAMES_MEDIUM.fullmatch("_".join(_PARTS.split(name))) is not None


def _is_streamed(path: str, value: str) -> bool:
    """True for what the server sends to the components of a page, of which the browser builds it: its elements."""
    return "next_f" in path and value not in _TRUTHS


def _events() -> frozenset[str]:
    """Words by which programs name what reports tell of."""
    return changing_words("events")


def _said_by(name: str) -> str:
    return " ".join(_PARTS.split(name))


def _said_in_address(value: str) -> Iterator[str]:
    """What the parts of an address say in words: `/the-figure-of-37-is-wrong`, `?t=The+figure+of+37`."""
    if _ADDRESS.fullmatch(value):
        for part in _PART_OF_ADDRESS.split(value):
            said = " ".join(_BETWEEN_WORDS.split(unquote_plus(part)))
            if count_words(said) > _FEW_WORDS:
                yield said


_PART_OF_ADDRESS, _BETWEEN_WORDS = re.compile(r"[/?&=#]"), re.compile(r"[-_;,.\s]+")


def _is_text(value: str) -> bool:
    """True for what says something by itself; letters alone are the form of a date, the keys of a game."""
    return count_words(value) >= _FEW_WORDS and _LETTERS.fullmatch(value) is None


def _pieces(value: str) -> Iterator[str]:
    """The sentences of a value, without its markup, folded."""
    text = html.unescape(_MARKUP.sub("\n", value))
    if len(_JOINS.findall(text)) >= _FEW_WORDS:
        text = _JOINS.sub(" ", text)
    for each in _SENTENCES.split(text):
        if piece := fold(each).strip():
            yield piece
