"""Days of the Islamic calendar, as pages in Arabic state them beside the Gregorian day."""

from __future__ import annotations

from datetime import date

_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
    "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة",
)  # fmt: skip
_OTHER_NAMES = {
    "المحرم": 1, "ربيع الاول": 3, "ربيع الثاني": 4, "ربيع الاخر": 4,
    "جمادى الاولى": 5, "جمادى الثانية": 6, "جمادى الثاني": 6, "جمادى الاخرة": 6,
    "ذي القعدة": 11, "ذي الحجة": 12,
}  # fmt: skip
MONTHS = {name: number for number, name in enumerate(_MONTHS, start=1)} | _OTHER_NAMES
SLACK_DAYS = 2
"""By how much the months that are observed differ from the tabular calendar."""


def day_of(year: int, month: int, day: int) -> date | None:
    """The Gregorian day by the tabular calendar; None for what is no day of these centuries."""
    if not (1300 <= year <= 1600 and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    ordinal = day + (59 * (month - 1) + 1) // 2 + 354 * (year - 1) + (11 * year + 3) // 30 + 227_014
    return date.fromordinal(ordinal)
