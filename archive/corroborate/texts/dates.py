"""Dates, clocks and ages in a text, and whether the time of a visit explains them.

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
_UNIT_OF = numbers_of("units")
_DUAL = time_words("duals")
_SHORT_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


_DAYS = pattern_of(_DAY_OF)
_LONG_DAYS = pattern_of(name for name in _DAY_OF if len(name) > 4)
_UNSPACED_DAYS = pattern_of(name for name in _DAY_OF if name[0] > "\u3000")
_MONTHS = pattern_of(_MONTH_OF)
_SINCE, _AGO = pattern_of(time_words("since")), pattern_of(time_words("ago"))
_JUST, _YESTERDAY = pattern_of(time_words("just_now")), pattern_of(time_words("yesterday"))
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])(?:[:h]|\.(?!\d\d\s?(?:%|°|k\b|million|thousand|mille?\b|bn\b|ألف|مليون)))(?P<minute>[0-5]\d)"
    r"(?:[:.](?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?(?:\s*(?P<half>[ap]\.?m\.?|ص|م)(?!\w))?"
)
_ZONE = r"(?:\s*(?:UTC|GMT|Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)\b)?"
_LATER = (
    rf"(?:[\s,،]{{1,3}}(?P<day_named>{_LONG_DAYS})(?!\w))?"
    rf"(?:[\sT,،|–-]{{1,3}}(?:(?:{pattern_of(time_words('hour_follows'))}) )?{_CLOCK}{_ZONE})?"
)
"""What may stand behind a day: which one of the week, and the hour."""
_WEEKDAY = rf"(?:(?P<named_day>{_DAYS})\.?[\s,،]{{1,3}})?"
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
                rf"(?<!\d){_WEEKDAY}(?P<year>\d{{4}})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d){_LATER}", re.I
            ),
            re.compile(
                rf"(?<!\d){_WEEKDAY}(?P<day>\d\d?)[-/.](?P<month>\d\d?)[-/.](?P<year>\d{{4}})(?!\d){_LATER}", re.I
            ),
            re.compile(
                rf"(?<!\w){_WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|er|ê|\.)?[\s-](?:de )?"
                rf"(?P<name>{_MONTHS})(?:/(?:{_MONTHS}))?\.?\s?[,،]?[\s-](?:de )?(?P<year>\d{{4}})(?!\d){_LATER}",
                re.I,
            ),
            re.compile(
                rf"(?<!\w){_WEEKDAY}(?P<name>{_MONTHS})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?[,،]? "
                rf"(?P<year>\d{{4}})(?!\d){_LATER}",
                re.I,
            ),
            re.compile(
                rf"(?<!\d)(?P<year>\d{{4}})\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日号號일]"
                rf"(?:[\s(（]{{0,2}}(?P<day_named>{_UNSPACED_DAYS})[)）]?)?(?:[\sT]{{1,3}}{_CLOCK}{_ZONE})?"
            ),
            re.compile(
                rf"(?<!\w){_WEEKDAY}(?P<solar_day>\d\d?) (?P<solar>{pattern_of(_SOLAR_OF)})[,،]? "
                r"(?P<solar_year>1[34]\d\d)(?!\d)"
            ),
        ),
    ),
    (
        _SHORT_YEAR,
        (
            re.compile(rf"(?<![\d/]){_WEEKDAY}(?P<day>\d\d?)/(?P<month>\d\d?)/(?P<year>\d\d)(?![\d/]){_LATER}", re.I),
        ),
    ),
    (
        _HOUR,
        (
            re.compile(rf"(?<![\w:.]){_CLOCK}{_ZONE}(?![\w:])", re.I),
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
                rf"(?P<unit>{pattern_of(_UNIT_OF)})(?!\w)(?: واحدة?(?!\w))?(?P<ago>\.? (?:{_AGO})(?! از)(?!\w))?",
                re.I,
            ),
        ),
    ),
    (
        _YEAR,
        (
            re.compile(
                rf"(?<!\w){_WEEKDAY}(?P<hijri_day>\d\d?) (?P<hijri>{pattern_of(hijri.MONTHS)})،? "
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
    plain = text.translate(_DIGITS)
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
        moments, kind = tuple(_moments(groups)), "moment" if groups.get("hour") else "day"
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
    unit, count = _UNIT_OF[key_of(groups["unit"] or "")], groups.get("count") or "1"
    if groups["unit"] in _DUAL:
        count = "2"
    return TimeExpression(*match.span(), "age", seconds=(int(count) if count.isdigit() else 1) * unit, unit=unit)


def _moments(groups: dict[str, str | None]) -> Iterator[datetime]:
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


_ZONES = tuple(timedelta(minutes=30 * number) for number in range(-24, 29))
"""What local times are from UTC."""
_SLACK = timedelta(minutes=5)
_CACHED = timedelta(hours=24)
"""For how long a server may send the page that it generated once."""

Visits = tuple[datetime, datetime]


def explained(one: TimeExpression, other: TimeExpression, visits: Visits, *, is_cached: bool) -> bool:
    """True where two times differ only because each states the time of its own visit.

    With `is_cached` the text says that it states when the page was made, which a cache may send for a day.
    """
    stated = (one, other)
    if one.kind != other.kind and {one.kind, other.kind} < {"age", "day", "moment"} and "age" in (one.kind, other.kind):
        return _is_same_day(stated, visits)
    if one.kind != other.kind:
        return False
    if one.kind in _SLACK_DAYS:
        return _are_of_visits(stated, visits, _SLACK_DAYS[one.kind])
    if one.kind == "age":
        if is_cached and max(one.seconds, other.seconds) <= _CACHED.total_seconds():
            return True  # the page was written anew between the visits
        if max(one.unit, other.unit) >= _SURE and (one.seconds - other.seconds) * _order(visits) > 0:
            return False  # nothing becomes younger, and no cache stores a page for weeks
        apart = abs((visits[0] - timedelta(seconds=one.seconds)) - (visits[1] - timedelta(seconds=other.seconds)))
        return apart <= timedelta(seconds=1.5 * max(one.unit, other.unit)) + timedelta(seconds=5)
    if one.kind == "year":
        return all(abs(each.seconds - visit.year) <= 1 for each, visit in zip(stated, visits, strict=True))
    if is_cached and one.kind == "moment" and all(map(_was_made_lately, stated, visits)):
        return True
    return any(all(_shows(each, visit + zone) for each, visit in zip(stated, visits, strict=True)) for zone in _ZONES)


_SURE = 7 * 86_400
"""Seconds of a week, the shortest unit of an age of which a cache can shift none."""


def _order(visits: Visits) -> int:
    return 1 if visits[0] <= visits[1] else -1


_ALONE = re.compile(r"(?:[^\W\d]+[ .]){0,3}(?P<count>\d{1,2})\s?(?P<unit>[^\W\d][^\d\s]{0,14}(?: [^\d\s]{1,9})?)")
_MOST = {60: 99, 3600: 48, 86400: 99, 604800: 8, 2629800: 24, 31557600: 99}
"""Seconds of a unit -> how many of it a site states before it takes the next one."""


def may_be_age(text: str) -> bool:
    """True for a number with a word or two around it, in any language: `11 နာရီက`. Its element has to say more."""
    return _ALONE.fullmatch(text.translate(_DIGITS)) is not None


def are_ages(one: str, other: str, visits: Visits) -> bool:
    """True for two texts in any language that can be the ages of one moment: one word is one unit in both."""
    found = _ALONE.fullmatch(one.translate(_DIGITS)), _ALONE.fullmatch(other.translate(_DIGITS))
    if found[0] is None or found[1] is None:
        return False
    counts, names = [int(each["count"]) for each in found if each], [each["unit"] for each in found if each]
    for first, most in _MOST.items():
        for second, most_later in _MOST.items():
            if (first == second) != (names[0] == names[1]) or counts[0] > most or counts[1] > most_later:
                continue
            apart = (visits[0] - visits[1]).total_seconds() - (counts[0] * first - counts[1] * second)
            if abs(apart) <= max(first, second):
                return True
    return False


_DAY_AT = rf"(?:[,،]? (?:(?:{pattern_of(time_words('hour_follows'))}) )?{_CLOCK})?"
_NO_YEAR = (
    re.compile(rf"{_WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|\.)? (?:de )?(?P<name>{_MONTHS})\.?{_DAY_AT}", re.I),
    re.compile(rf"{_WEEKDAY}(?P<name>{_MONTHS})\.? (?P<day>\d\d?){_DAY_AT}", re.I),
)
_ANY_ZONE = timedelta(hours=14)
_LONGEST_AGE = 604_800
"""Seconds of the longest unit of an age in whose place a site states the day later."""


def are_age_and_day(one: str, other: str, visits: Visits) -> bool:
    """True for the age of a moment, in any language, and its day without a year, which a site states once it is old.

    The hour of the day may be of any time zone.
    """
    texts = one.translate(_DIGITS), other.translate(_DIGITS)
    return any(_is_age_of_day(texts[at], texts[1 - at], visits[at]) for at in (0, 1))


def _is_age_of_day(age: str, day: str, seen: datetime) -> bool:
    counted, found = _ALONE.fullmatch(age), next((match for each in _NO_YEAR if (match := each.fullmatch(day))), None)
    if counted is None or found is None:
        return False
    known, count = _UNIT_OF.get(key_of(counted["unit"])), int(counted["count"])
    units = (unit for unit in ((known,) if known else _MOST) if unit <= _LONGEST_AGE and count <= _MOST.get(unit, 99))
    years = ({**found.groupdict(), "year": str(year)} for year in (seen.year, seen.year - 1))
    moments = [moment for groups in years for moment in _moments(groups)]
    zone = _ANY_ZONE if found["hour"] else _ANY_ZONE + timedelta(days=1)
    return any(
        abs(moment - (seen - timedelta(seconds=count * unit))) <= zone + timedelta(seconds=unit)
        for unit in units for moment in moments
    )  # fmt: skip


def are_one_day(one: TimeExpression, other: TimeExpression) -> bool:
    """True for one day in two forms, of which one at least can be no other day: `12 March 2019`, `2019-03-12`."""
    if one.kind != "day" or other.kind != "day" or min(len(one.moments), len(other.moments)) > 1:
        return False
    shared = set(one.moments) & set(other.moments)
    return any(
        all(each.weekday in (None, moment.weekday()) for each in (one, other)) or one.weekday == other.weekday
        for moment in shared
    )


def say_one_day(one: str, other: str) -> bool:
    """True for two texts that are one day and nothing else, each in a form of its own."""
    times = time_expressions(one[:60]), time_expressions(other[:60])
    if len(times[0]) != 1 or len(times[1]) != 1:
        return False
    is_all = all(found[0].end - found[0].start == len(text) for found, text in zip(times, (one, other), strict=True))
    return is_all and are_one_day(times[0][0], times[1][0])


def _is_same_day(stated: tuple[TimeExpression, TimeExpression], visits: Visits) -> bool:
    """True where an age and a day or moment can be the same time: sites write the day once it is some days ago."""
    (age, seen), (day, _) = sorted(zip(stated, visits, strict=True), key=lambda pair: pair[0].kind)
    slack = timedelta(seconds=1.5 * age.unit) + timedelta(days=1.5)
    return any(abs(moment - (seen - timedelta(seconds=age.seconds))) <= slack for moment in day.moments)


_SLACK_DAYS = {"hijri": hijri.SLACK_DAYS, "solar": solar.SLACK_DAYS}


def _are_of_visits(stated: tuple[TimeExpression, TimeExpression], visits: Visits, slack: int) -> bool:
    """True where two days of another calendar are those of the visits, by one and the same reckoning."""
    off = [(each.moments[0] - visit).days for each, visit in zip(stated, visits, strict=True)]
    return all(abs(days) <= slack for days in off) and abs(off[0] - off[1]) <= 1


def _shows(stated: TimeExpression, local: datetime) -> bool:
    """True where this is what a clock shows at a local time."""
    if stated.kind == "weekday":
        return stated.seconds == local.weekday()
    if stated.kind == "day":
        return any(moment.date() == local.date() for moment in stated.moments)
    if stated.kind == "moment":
        return any(abs(moment - local) <= _SLACK for moment in stated.moments)
    apart = abs(stated.seconds - (local.hour * 3600 + local.minute * 60 + local.second))
    return min(apart, 86400 - apart) <= _SLACK.total_seconds()


def _was_made_lately(stated: TimeExpression, visit: datetime) -> bool:
    return any(_ZONES[0] - _CACHED <= moment - visit <= _ZONES[-1] for moment in stated.moments)
