"""Selectors: whether one may be met by an element of the main text, by the names of classes and ids there."""

from __future__ import annotations

import re

_STEPS = re.compile(r"\s*>\s*|\s+(?![+~>])")
_SIBLINGS = re.compile(r"\s*[+~]\s*")
_ESCAPED = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_SIGN = re.compile(r"[^\w\ue000-\uf8ff-]")
_NAME = re.compile(r"[.#]([\w\ue000-\uf8ff-]+)")
_ATTRIBUTE = "\uf8ff"
"""Begins the name of an attribute among those of classes."""
_STATED = re.compile(r"\[\s*(data-[\w-]+)[^\]]*\]", re.IGNORECASE)
_REST = re.compile(r"\[[^\]]*\]|::?[\w-]+")
"""Other attributes and states, which may change: they are taken to be met."""
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
"""The value of an attribute, in which any sign may stand."""
_INNERMOST = re.compile(r"\([^()]*\)")
_DEEPEST = 64
_PRIVATE = 0xE000
"""Where signs of a name stand that are no letters (`md:text`), so that they are none of the selector's own."""


def is_met(selectors: str, names: frozenset[str]) -> bool:
    """True unless each selector names a class or an id that no element of the main text, and none around it, has.

    Where a page has no main text, `names` is empty, and any selector may be met.
    """
    stated = _STATED.sub(lambda match: named_attribute(match[1]), _bare(selectors))
    return not names or any(_is_one_met(selector, names) for selector in _REST.sub("", stated).split(","))


def parts_of(selectors: str) -> list[str]:
    """The selectors of a list, without attributes, states, and what stands in these."""
    return _REST.sub("", _bare(selectors)).split(",")


def _bare(selectors: str) -> str:
    text = _TEXT.sub('""', _plain(selectors))
    for _ in range(_DEEPEST):
        text, count = _INNERMOST.subn("", text)
        if not count:
            break
    return text


def as_named(kind: str, name: str) -> str:
    """A class (`.`) or id (`#`) of an element, as `is_met` knows it."""
    return kind + _SIGN.sub(lambda match: _private(match[0]), name)


def named_attribute(name: str) -> str:
    """A `data-` attribute of an element, as `is_met` knows it."""
    return f".{_ATTRIBUTE}{name.lower()}"


def _plain(selectors: str) -> str:
    return _ESCAPED.sub(lambda match: _of_escape(match), selectors)


def _of_escape(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else ord(match[2])
    sign = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _private(sign) if _SIGN.match(sign) else sign


def _private(sign: str) -> str:
    return chr(_PRIVATE + ord(sign) % 0x1800)


def _is_one_met(selector: str, names: frozenset[str]) -> bool:
    steps = (_SIBLINGS.split(step)[-1] for step in _STEPS.split(_SIBLINGS.sub("+", selector.strip())))
    return all(f"{match[0][0]}{match[1]}" in names for step in steps for match in _NAME.finditer(step))
