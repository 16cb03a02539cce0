"""Dates, clocks and ages that a text states.

The words of the languages that are read are in `time_words.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from archive.corroborate.texts import hijri, solar
from archive.corroborate.texts.time_words import key_of, numbers_of, pattern_of, time_words

_MONTH_OF = numbers_of("months")
_SOLAR_OF = numbers_of("solar_months")
_DAY_OF = numbers_of("days")
UNIT_OF = numbers_of("units")
_DUAL = time_words("duals")
_SHORT_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


_DAYS = pattern_of(_DAY_OF)
_LONG_DAYS = pattern_of(name for name in _DAY_OF if len(name) > 4)
_UNSPACED_DAYS = pattern_of(name for name in _DAY_OF if name[0] > "\u3000")
MONTHS = pattern_of(_MONTH_OF)
_SINCE, _AGO = pattern_of(time_words("since")), pattern_of(time_words("ago"))
_JUST, _YESTERDAY = pattern_of(time_words("just_now")), pattern_of(time_words("yesterday"))
CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])(?:[:h]|\.(?!\d\d\s?(?:%|°|k\b|million|thousand|mille?\b|bn\b|ألف|مليون)))(?P<minute>[0-5]\d)"
    r"(?:[:.](?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[ap]\.?m\.?|ص|م)(?!\w))?"
)
_ZONE = r"(?:\s*(?:UTC|GMT|Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)\b)?"
_LATER = (
    rf"(?:[\s,،]{{1,3}}(?P<day_named>{_LONG_DAYS})(?!\w))?"
    rf"(?:[\sT,،|–-]{{1,3}}(?:(?:{pattern_of(time_words('hour_follows'))}) )?{CLOCK}{_ZONE})?"
)
"""What may stand behind a day: which one of the week, and the hour."""
WEEKDAY = rf"(?:(?P<named_day>{_DAYS})\.?[\s,،]{{1,3}})?"
_YEAR, _SHORT_YEAR = re.compile(r"\d{4}"), re.compile(r"\d/\d\d?/\d")
_HOUR, _NUMBER = re.compile(r"\d[:.hH]\d\d"), re.compile(r"\A\d{1,2}\w\Z")
_AGED = re.compile(rf"(?<!\w)(?:{_SINCE}|{_AGO})(?!\w)", re.I)
_SPOKEN = re.compile(rf"(?<!\w)(?:{_JUST}|{_YESTERDAY}|{_LONG_DAYS})(?!\w)", re.I)
"""What a text has at least in which one of the patterns below finds a time: most texts have none of these."""
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = (
    (
        _YEAR,
        (
            re.compile(
                rf"(?<!\d){WEEKDAY}(?P<year>\d{{4}})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d){_LATER}", re.I
            ),
            re.compile(
                rf"(?<!\d){WEEKDAY}(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>\d{{4}})(?!\d){_LATER}", re.I
            ),
            re.compile(
                rf"(?<!\w){WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|er|ê|\.)?[\s-](?:de )?"
                rf"(?P<name>{MONTHS})(?:/(?:{MONTHS}))?\.?\s?[,،]?[\s-](?:de )?(?P<year>\d{{4}})(?!\d){_LATER}",
                re.I,
            ),
            re.compile(
                rf"(?<!\w){WEEKDAY}(?P<name>{MONTHS})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?[,،]? "
                rf"(?P<year>\d{{4}})(?!\d){_LATER}",
                re.I,
            ),
            re.compile(
                rf"(?<!\d)(?P<year>\d{{4}})\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日号號일]"
                rf"(?:[\s(（]{{0,2}}(?P<day_named>{_UNSPACED_DAYS})[)）]?)?(?:[\sT]{{1,3}}{CLOCK}{_ZONE})?"
            ),
            re.compile(
                rf"(?<!\w){WEEKDAY}(?P<solar_day>\d\d?) (?P<solar>{pattern_of(_SOLAR_OF)})[,،]? "
                r"(?P<solar_year>1[34]\d\d)(?!\d)"
            ),
        ),
    ),
    (
        _SHORT_YEAR,
        (
            re.compile(rf"(?<![\d/]){WEEKDAY}(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d\d)(?![\d/]){_LATER}", re.I),
        ),
    ),
    (
        _HOUR,
        (
            re.compile(rf"(?<![\w:.]){CLOCK}{_ZONE}(?![\w:])", re.I),
        ),
    ),
    (
        _YEAR,
        (
            re.compile(r"(?<!\d)(?P<epoch>1[5-9]\d{8}|2[0-3]\d{8})(?:\d{3})?(?!\d)"),
        ),
    ),
    (
        _AGED,
        (
            re.compile(
                rf"(?<!\w)(?P<since>(?:{_SINCE}) )?(?P<count>\d{{1,4}}|(?:an?|une?|una|einer?|einem)(?= ))?\s?"
                rf"(?P<unit>{pattern_of(UNIT_OF)})(?!\w)(?: واحدة?(?!\w))?(?P<ago>\.? (?:{_AGO})(?! از)(?!\w))?",
                re.I,
            ),
        ),
    ),
    (
        _YEAR,
        (
            re.compile(
                rf"(?<!\w){WEEKDAY}(?P<hijri_day>\d\d?) (?P<hijri>{pattern_of(hijri.MONTHS)})،? "
                r"(?P<hijri_year>1[34]\d\d)(?: ?هـ)?",
                re.I,
            ),
        ),
    ),
    (
        _SPOKEN,
        (
            re.compile(rf"(?<!\w)(?:(?P<just>{_JUST})|(?P<yesterday>{_YESTERDAY}))(?!\w)", re.I),
        ),
    ),
    (
        _NUMBER,
        (
            re.compile(r"\A(?P<short_count>\d{1,2})(?P<short_unit>[smhdw])\Z"),
        ),
    ),
    (
        _YEAR,
        (
            re.compile(r"(?:©|\(c\)|copyright|حقوق النشر)\s*(?:\d{4}\s*[-–]\s*)?(?P<only_year>\d{4})", re.I),
        ),
    ),
    (
        _SPOKEN,
        (
            re.compile(rf"(?<!\w)(?P<weekday>{_LONG_DAYS})(?!\w)", re.I),
        ),
    ),
)
_MAY_STATE = re.compile(rf"\d|(?<!\w)(?:{_AGO}|{_SINCE}|{_JUST}|{_YESTERDAY}|{_LONG_DAYS})(?!\w)", re.IGNORECASE)
_LONGEST_CACHED = 400
"""Characters of a line that is looked at several times."""
_BEFORE_SOMETHING = re.compile(r"(?:[dt][ae]n) \Z")
"""What ends the word before `3 gün önce` if that is three days before something, and not before the visit."""


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time that a text states."""

    start: int
    end: int
    kind: str
    """`moment`, `day`, `clock`, `age`, `year`, `weekday`, `hijri`, `solar`."""
    moments: tuple[datetime, ...] = ()
    """What it can mean, in UTC where it states no zone: a day, or a moment."""
    seconds: int = 0
    """Of an age: how long ago. Of a clock: seconds of the day."""
    unit: int = 0
    weekday: int | None = None
    """Which day of the week it calls a day."""


def time_expressions(text: str) -> list[TimeExpression]:
    """Every time that a text states, the longest reading of each place, in order. The text keeps its length."""
    return list(_found_before(text) if len(text) <= _LONGEST_CACHED else _expressions(text))


@lru_cache(maxsize=4_096)
def _found_before(text: str) -> tuple[TimeExpression, ...]:
    return tuple(_expressions(text))


def _expressions(text: str) -> list[TimeExpression]:
    plain = text.translate(DIGITS)
    if not _MAY_STATE.search(plain):
        return []
    found: list[TimeExpression] = []
    taken = bytearray(len(plain))
    for pattern in _possible(plain):
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            read = _read(match)
            if read is not None:
                found.append(read)
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda one: one.start)


def _possible(plain: str) -> Iterator[re.Pattern[str]]:
    """The patterns that can find something in a text."""
    known = {gate: gate.search(plain) is not None for gate, _ in _PATTERNS}
    return (pattern for gate, patterns in _PATTERNS if known[gate] for pattern in patterns)


def _read(match: re.Match[str]) -> TimeExpression | None:
    groups = match.groupdict()
    start, end = match.span()
    if groups.get("year"):
        moments, kind = tuple(moments_of(groups)), "moment" if groups.get("hour") else "day"
        named = groups.get("named_day") or groups.get("day_named")
        weekday = _DAY_OF[key_of(named)] if named else None
        return TimeExpression(start, end, kind, moments, weekday=weekday) if moments else None
    if groups.get("hour"):
        return TimeExpression(start, end, "clock", seconds=_seconds(groups))
    if groups.get("epoch"):
        moment = datetime.fromtimestamp(int(groups["epoch"]), UTC)
        return TimeExpression(start, end, "moment", (moment,))
    if groups.get("unit"):
        return _age(match, groups)
    if groups.get("hijri") or groups.get("solar"):
        return _of_other_calendar(match, groups)
    if groups.get("just") or groups.get("yesterday"):
        unit = 60 if groups.get("just") else 86400
        return TimeExpression(start, end, "age", seconds=unit // 2 if unit == 60 else unit, unit=unit)
    if groups.get("short_unit"):
        unit = _SHORT_UNITS[groups["short_unit"]]
        return TimeExpression(start, end, "age", seconds=int(groups["short_count"] or 0) * unit, unit=unit)
    if groups.get("only_year"):
        return TimeExpression(start, end, "year", seconds=int(groups["only_year"]))
    return TimeExpression(start, end, "weekday", seconds=_DAY_OF[key_of(groups["weekday"])])


def _of_other_calendar(match: re.Match[str], groups: dict[str, str | None]) -> TimeExpression | None:
    kind = "hijri" if groups.get("hijri") else "solar"
    year, number, name = int(groups[f"{kind}_year"] or 0), int(groups[f"{kind}_day"] or 0), groups[kind] or ""
    if kind == "hijri":
        day = hijri.day_of(year, hijri.MONTHS[name], number)
    else:
        day = solar.day_of(year, _SOLAR_OF[name], number)
    return TimeExpression(*match.span(), kind, (datetime(day.year, day.month, day.day, tzinfo=UTC),)) if day else None


def _age(match: re.Match[str], groups: dict[str, str | None]) -> TimeExpression | None:
    """`3 minutes ago`, `an hour ago`, `منذ ٣ دقائق`. Without the word for it, `3 minutes` is a length of time."""
    if not (groups.get("ago") or groups.get("since")):
        return None
    if groups.get("ago") and not groups.get("since") and _BEFORE_SOMETHING.search(match.string[: match.start()]):
        return None
    unit, count = UNIT_OF[key_of(groups["unit"] or "")], groups.get("count") or "1"
    if groups["unit"] in _DUAL:
        count = "2"
    return TimeExpression(*match.span(), "age", seconds=(int(count) if count.isdigit() else 1) * unit, unit=unit)


def moments_of(groups: dict[str, str | None]) -> Iterator[datetime]:
    """The days that year, month and day can be, at the hour that is stated."""
    year, day = int(groups["year"] or 0), int(groups["day"] or 0)
    year += 2000 if year < 100 else 0
    month = _MONTH_OF[key_of(groups["name"] or "")] if groups.get("name") else int(groups["month"] or 0)
    seconds = _seconds(groups) if groups.get("hour") else 0
    for one, other in {(month, day), (day, month)} if not groups.get("name") else {(month, day)}:
        try:
            yield datetime(year, one, other, tzinfo=UTC) + timedelta(seconds=seconds)
        except (ValueError, OverflowError):
            continue


def _seconds(groups: dict[str, str | None]) -> int:
    hour, half = int(groups["hour"] or 0), (groups.get("half") or "").lower()
    if half[:1] in ("p", "م") and hour < 12:
        hour += 12
    elif half[:1] in ("a", "ص") and hour == 12:
        hour = 0
    return hour * 3600 + int(groups["minute"] or 0) * 60 + int(groups.get("second") or 0)
