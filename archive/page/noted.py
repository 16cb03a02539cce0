"""What the ledger holds as English sentences, in the language of the page wherever the catalogue knows the sentence.

The ledger has one language, since it is evidence. A sentence is known again by the English catalogue's form of it, and
said in the page's; whatever stands in its placeholders is carried over. One that nobody knows stays as it is, marked.
"""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from archive.page.markup import Renderer, escape_text
from archive.words import FALLBACK, load

_ENGLISH = Markup('<bdi lang="en" dir="ltr">{}</bdi>')
_PREFIX = "noted."
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DEEPEST = 8
"""Sentences within sentences that are looked into."""
_JOINT = "; "

_SENTENCES = {"why", "more", "first", "second"}
"""Placeholders that hold sentences of ours."""
_PERHAPS = {"sign", "who"}
"""Placeholders that may hold one."""
_ANYTHING = {"why", "more", "said"}
"""Placeholders in which sentences may be joined; any other ends where the next sentence begins."""
_NUMBERS = {"n", "all", "lost", "status"}
_MOMENTS = {"when", "date", "until"}
_ADDRESSES = {"url", "host"}


def say_noted(text: str, html: Renderer, depth: int = 0) -> Markup:
    """A sentence of the ledger, in the html's language where that is known."""
    if html.catalogue.code == FALLBACK:
        return html.text(text)
    if depth < _DEEPEST:
        for key, pattern in _known():
            found = pattern.fullmatch(text)
            if found is not None:
                values = {name: _value(name, value, html, depth) for name, value in found.groupdict().items()}
                return html.sentence(key, **values)
        parts = _parted(text)
        if parts is not None:
            both = [say_noted(part, html, depth + 1) for part in parts]
            return Markup("{}{} {}").format(both[0], html.sentence("language.semicolon"), both[1])
    return _ENGLISH.format(escape_text(text))


def _value(name: str, value: str, html: Renderer, depth: int) -> Markup:
    if name in _SENTENCES or (name in _PERHAPS and _is_known(value)):
        return say_noted(value, html, depth + 1)
    if name in _MOMENTS:
        return html.instant(value)
    if name in _ADDRESSES:
        return html.address(value)
    return html.number(int(value)) if name in _NUMBERS else html.text(value)


def _parted(text: str) -> tuple[str, str] | None:
    """Two sentences that were joined: parted after one that is known, else at the first joint; None where none is."""
    first, _, rest = text.partition(_JOINT)
    at = len(first)
    while 0 < at < len(text) and not _is_known(text[:at]):
        at = text.find(_JOINT, at + 1)
    if 0 < at < len(text):
        first, rest = text[:at], text[at + len(_JOINT) :]
    return (first, rest) if first and rest else None


def _is_known(text: str) -> bool:
    return any(pattern.fullmatch(text) for _, pattern in _known())


@cache
def _known() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Key and pattern of every sentence, those with the most words of their own first."""
    sentences = [(key, said) for key, said in load().sentences.items() if key.startswith(_PREFIX)]
    sentences.sort(key=lambda row: -len(_PLACEHOLDER.sub("", row[1])))
    return tuple((key, _pattern(said)) for key, said in sentences)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(sentence)
    made = (f"(?P<{part}>{_held(part)})" if number % 2 else re.escape(part) for number, part in enumerate(parts))
    return re.compile("".join(made), re.DOTALL)


def _held(name: str) -> str:
    if name in _NUMBERS:
        return "[0-9]{1,6}"
    return ".+?" if name in _ANYTHING else f"(?:(?!{_JOINT}).)+?"
