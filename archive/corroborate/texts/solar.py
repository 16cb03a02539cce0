"""Days of the solar calendar of Iran, as pages in Persian state them."""

from __future__ import annotations

from datetime import date, timedelta

_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
"""Leap years in a cycle of 33, which the calendar follows from 1925 to 2088."""
_EPOCH = date(1921, 3, 21)
"""The first day of the year 1300."""
SLACK_DAYS = 1


def day_of(year: int, month: int, day: int) -> date | None:
    """The Gregorian day; None for what is no day of these centuries."""
    if not (1300 <= year <= 1500 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    days = sum(366 if each % 33 in _LEAP else 365 for each in range(1300, year))
    days += 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return _EPOCH + timedelta(days=days + day - 1)
