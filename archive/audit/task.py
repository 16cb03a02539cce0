"""The one function that every engine runs, by its import path. It holds nothing between two calls."""

from __future__ import annotations

import time

from archive.audit.check import check_copy
from archive.audit.content import Pace
from archive.audit.look import Look, Pin, Rules


def check_batch(pins: tuple[Pin, ...], rules: Rules) -> list[Look]:
    """Look at copies one after the other; those that are not begun in time are left out."""
    pace = Pace(rules.bytes_per_second)
    looks = []
    for pin in pins:
        if rules.until is not None and time.time() >= rules.until:
            break
        looks.append(check_copy(pin, rules, pace))
    return looks
