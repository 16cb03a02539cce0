"""Whether the time of a visit explains the times that two texts state."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from archive.corroborate.texts import hijri, solar
from archive.corroborate.texts.dates import (
    CLOCK,
    DIGITS,
    MONTHS,
    UNIT_OF,
    WEEKDAY,
    TimeExpression,
    moments_of,
    time_expressions,
)
from archive.corroborate.texts.time_words import key_of, pattern_of, time_words

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
    return _ALONE.fullmatch(text.translate(DIGITS)) is not None


def are_ages(one: str, other: str, visits: Visits) -> bool:
    """True for two texts in any language that can be the ages of one moment: one word is one unit in both."""
    found = _ALONE.fullmatch(one.translate(DIGITS)), _ALONE.fullmatch(other.translate(DIGITS))
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


_DAY_AT = rf"(?:[,،]? (?:(?:{pattern_of(time_words('hour_follows'))}) )?{CLOCK})?"
_NO_YEAR = (
    re.compile(rf"{WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th|\.)? (?:de )?(?P<name>{MONTHS})\.?{_DAY_AT}", re.I),
    re.compile(rf"{WEEKDAY}(?P<name>{MONTHS})\.? (?P<day>\d\d?){_DAY_AT}", re.I),
)
_ANY_ZONE = timedelta(hours=14)
_LONGEST_AGE = 604_800
"""Seconds of the longest unit of an age in whose place a site states the day later."""


def are_age_and_day(one: str, other: str, visits: Visits) -> bool:
    """True for the age of a moment, in any language, and its day without a year, which a site states once it is old.

    The hour of the day may be of any time zone.
    """
    texts = one.translate(DIGITS), other.translate(DIGITS)
    return any(_is_age_of_day(texts[at], texts[1 - at], visits[at]) for at in (0, 1))


def is_day_of_any_year(text: str) -> bool:
    """True for a day without a year: `Aug 31`."""
    return any(each.fullmatch(text.translate(DIGITS)) for each in _NO_YEAR)


def _is_age_of_day(age: str, day: str, seen: datetime) -> bool:
    counted, found = _ALONE.fullmatch(age), next((match for each in _NO_YEAR if (match := each.fullmatch(day))), None)
    if counted is None or found is None:
        return False
    known, count = UNIT_OF.get(key_of(counted["unit"])), int(counted["count"])
    units = (unit for unit in ((known,) if known else _MOST) if unit <= _LONGEST_AGE and count <= _MOST.get(unit, 99))
    years = ({**found.groupdict(), "year": str(year)} for year in (seen.year, seen.year - 1))
    moments = [moment for groups in years for moment in moments_of(groups)]
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
