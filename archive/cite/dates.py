"""The day on which a report says it was published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from archive.cite.links import INVISIBLE

_MONTHS = {
    "january jan كانون الثاني يناير janvier enero": 1,
    "february feb شباط فبراير février febrero": 2,
    "march mar آذار اذار أذار مارس mars marzo": 3,
    "april apr نيسان أبريل ابريل إبريل avril abril": 4,
    "may أيار ايار مايو mai mayo": 5,
    "june jun حزيران يونيو يونيه juin junio": 6,
    "july jul تموز يوليو يوليه juillet julio": 7,
    "august aug آب اب أغسطس اغسطس août agosto": 8,
    "september sep sept أيلول ايلول سبتمبر septembre septiembre": 9,
    "october oct أكتوبر اكتوبر octobre octubre": 10,
    "november nov نوفمبر novembre noviembre": 11,
    "december dec ديسمبر décembre diciembre": 12,
}
_BY_NAME = {name: month for names, month in _MONTHS.items() for name in names.split()} | {
    # Two words: the first alone is November's and December's, or January's, too.
    "تشرين الأول": 10, "تشرين الاول": 10, "تشرين الثاني": 11, "كانون الأول": 12, "كانون الاول": 12, "كانون الثاني": 1,
}
for _half in ("كانون", "الثاني"):
    _BY_NAME.pop(_half, None)

_WEEKDAYS = (
    ("monday", "الإثنين", "الاثنين", "lundi", "lunes"),
    ("tuesday", "الثلاثاء", "mardi", "martes"),
    ("wednesday", "الأربعاء", "الاربعاء", "mercredi", "miércoles"),
    ("thursday", "الخميس", "jeudi", "jueves"),
    ("friday", "الجمعة", "vendredi", "viernes"),
    ("saturday", "السبت", "samedi", "sábado"),
    ("sunday", "الأحد", "الاحد", "dimanche", "domingo"),
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_NAME = "|".join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True))
_WEEKDAY = "|".join(re.escape(name) for names in _WEEKDAYS for name in names)
# Syrian reports give a month both names: أيار/ مايو.
_FORMS = (
    rf"(?:(?P<weekday>{_WEEKDAY})\s*[,،]?\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?:de\s+)?(?P<month>{_NAME})"
    rf"(?:\s*/\s*(?:{_NAME}))?[\s./,،-]+(?:de\s+)?(?P<year>\d{{4}})",
    rf"(?:(?P<weekday>{_WEEKDAY})\s*[,،]?\s+)?(?P<month>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})-(?P<monthnumber>\d{2})-(?P<day>\d{2})",
)
_LABEL = r"(?:(?:date|published(?: on)?|issued(?: on)?|تاريخ(?: النشر)?)\s*:?\s*)?"
_LINES = tuple(re.compile(rf"{_LABEL}{form}\s*[.،,]?\Z", re.IGNORECASE) for form in _FORMS)


def parse_date(words: str) -> str | None:
    """The day that `words`, and nothing else, state: `Friday 21 May 2021` -> `2021-05-21`.

    None where the weekday contradicts the day, or where day and month could be read either way round.
    """
    plain = " ".join(INVISIBLE.sub("", words).translate(_DIGITS).split())
    for form in _LINES:
        if match := form.match(plain):
            return _day(match)
    return None


def _day(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    month = _BY_NAME[groups["month"].lower()] if groups.get("month") else int(groups["monthnumber"])
    try:
        day = date(int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None
    weekday = groups.get("weekday")
    if weekday and weekday.lower() not in _WEEKDAYS[day.weekday()]:
        return None
    return day.isoformat() if 1900 <= day.year <= 2200 else None


def date_among(lines: Iterable[str]) -> str | None:
    """The first day that stands alone on a line; None where there is none."""
    return next((day for line in lines if len(line) < 120 and (day := parse_date(line.strip()))), None)
