"""Whether a selector may be met by an element of the main text, by the classes and ids that are there."""

from __future__ import annotations

import re

_STEPS = re.compile(r"\s*>\s*|\s+(?![+~>])")
_SIBLINGS = re.compile(r"\s*[+~]\s*")
_NAME = re.compile(r"[.#]-?[A-Za-z_\u0080-\uffff][\w-]*")
_REST = re.compile(r"\[[^\]]*\]|::?[\w-]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?")
"""Attributes and states, which may change: they are taken to be met."""


def is_met(selectors: str, names: frozenset[str]) -> bool:
    """True unless each selector names a class or an id that no element of the main text, and none around it, has.

    Where a page has no main text, `names` is empty, and any selector may be met.
    """
    return not names or any(_is_one_met(selector, names) for selector in _REST.sub("", selectors).split(","))


def _is_one_met(selector: str, names: frozenset[str]) -> bool:
    steps = (_SIBLINGS.split(step)[-1] for step in _STEPS.split(_SIBLINGS.sub("+", selector.strip())))
    return all(name in names for step in steps for name in _NAME.findall(step))
