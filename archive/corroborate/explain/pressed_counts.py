"""A number that is all that a button says: how often readers pressed it, in any language and by any name."""

from __future__ import annotations

import re

from archive.corroborate.explain.claims import states_number
from archive.corroborate.explain.context import PageContext
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.counters import is_plausible, numbers_in

_COUNT = re.compile(r"(?!(?:19|20)\d\d\Z)\d{1,3}(?:[.,\s]?\d{1,3}){0,3}\s?[kKmM]?")


def count_presses(one: TextBlock, other: TextBlock, context: PageContext) -> bool:
    """True for two such numbers on one button, of which no sentence of the page states either.

    A number in a table, a year, and a number on what leads to another page say something else.
    """
    values: list[float] = []
    for block in (one, other):
        is_pressed = block.is_control and not block.is_link and block.kind == "visible"
        if not is_pressed or block.is_cell or block.is_tabular or _COUNT.fullmatch(block.text.strip()) is None:
            return False
        values += (value for *_, value in numbers_in(block.text))
    is_one_each = len(values) == len((one, other))
    return is_one_each and is_plausible(*values) and not any(states_number(f"{value:.0f}", context) for value in values)
