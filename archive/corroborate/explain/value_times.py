"""Whether a value of a page is the time of its own visit."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.corroborate.explain.phrases import DATE
from archive.corroborate.texts.clocks import says_now
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.telemetry import has_root, is_of_program
from archive.corroborate.texts.visit_times import Visits, explained

NOW = re.compile(
    r"(?:\w+_)?(?:(?:time_?)?now|rendered(?:_?at|_?on)?|generated(?:_?at|_?on)?|server_?time|current_?time|request_?time|start_?time|load_?time"
    r"|(?:session|performance|page|perf|request|navigation|app|script|load)_?(?:start|begin)(?:ed)?(?:_?(?:at|time))?"
    r"|(?:server|response)_?date|fetched_?(?:at|time)|cached_?at|build_?time)|t|ts|timestamp|time|at|date|epoch|gtm\.start|clock|gt",
    re.IGNORECASE,
)
_MADE = re.compile(r"(?:\w+_)?(?:rendered|generated|cached)(?:_?(?:at|on|time))?|last_build_date", re.IGNORECASE)
_OF_FEED = re.compile(
    r"document\.(?:feed\.updated|rss\.channel\.(?:pub_Date|last_Build_Date)|RDF\.channel\.date)", re.IGNORECASE
)
"""When a feed was made."""
_ANY_TIME = re.compile(r"time|date|clock", re.IGNORECASE)
"""Names of any moment: that of the visit only where a program keeps it."""
_SURELY_NOW = re.compile(
    r"(?:\w+_)?(?:(?:time_?)?now|server_?time|current_?(?:time|date)|rendered_?at|generated_?(?:at|on|time)|last_build_date)|generated|"
    r"\w+_t|gtm\.start", re.I
)
EXPIRY = re.compile(r"(?:\w+_)?(?:expir\w+|ttl|valid_?until|exp|max_?age)", re.IGNORECASE)
LIFETIME = re.compile(r"ttl|max_?age", re.IGNORECASE)
ELAPSED = re.compile(
    r"(?:wg_?)?(?:backend_?)?(?:queue|application|load|render|response|server|process\w*|request|db|query|elapsed|backend|execution|total)_?(?:time|ms|duration)"
    r"|latency|took(?:_?ms)?|cpu_?time|wall_?time|ak_js(?:_\d)?",
    re.IGNORECASE,
)
DAY = re.compile(r"(?:19|20)\d\d-\d\d|/")
EPOCH = re.compile(r"(1[5-9]\d{8}|2[0-3]\d{8})(\d{3})?(?:\.\d+)?")
_MILLISECONDS = re.compile(r"(?:1[5-9]|2[0-3])\d{11}")
_ELEMENT = re.compile(r"<(?P<tag>(?:[\w.-]+:)?(?P<name>[\w.-]+))>(?P<text>[^<>]{10,40})</(?P=tag)>")
_ANSWERED = re.compile(r"(?:response|request|server|current|query|generat(?:ed|ion))_?(?:date|time|at)", re.IGNORECASE)
_COMPACT = re.compile(r"20\d{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_EXACT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:?\d\d)?")
"""A moment to a part of a second."""
_MAILED = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UTC|[+-]\d{4})")
"""As feeds write it. (RFC 5322, section 3.3)"""
_SLACK = timedelta(minutes=5)
_SAME_MOMENT = timedelta(seconds=5)
_CACHED = timedelta(days=1)
_CACHED_LONG = timedelta(days=35)
"""How long a page may lie in a cache that says when it was put there."""


def as_time(path: str, name: str, one: str, other: str, visits: Visits) -> str | None:
    if _SURELY_NOW.fullmatch(name) and explain_instant(one, other, visits):
        return DATE
    moments = _moment(one), _moment(other)
    if moments[0] is None or moments[1] is None:
        return None
    if all(map(_EXACT.fullmatch, (one, other))) and abs(moments[0] - moments[1]) < _SAME_MOMENT:
        return DATE  # each of a site's servers notes when it took over what was published
    offsets = moments[0] - visits[0], moments[1] - visits[1]
    if EXPIRY.fullmatch(name) and is_of_program(path) and abs(offsets[0] - offsets[1]) <= _SLACK:
        return DATE
    if _SURELY_NOW.fullmatch(name) and abs(offsets[0] - offsets[1]) <= _SLACK:
        return DATE  # the server's clock may be wrong
    if _MADE.fullmatch(name) and all(-_CACHED <= offset <= _SLACK for offset in offsets):
        return DATE  # written anew between the visits
    if _OF_FEED.fullmatch(path) and _follow((moments[0], moments[1]), visits) and max(offsets) <= _SLACK:
        return DATE  # the same, of what lies between two entries however long
    if has_root(path) and all(map(_MILLISECONDS.fullmatch, (one, other))) and _are_of_visits(offsets):
        return DATE  # to the millisecond: nothing else that a program keeps happened at the moment of each visit
    if not NOW.fullmatch(name) or not is_of_program(path) or (_ANY_TIME.fullmatch(name) and not has_root(path)):
        return None
    if _are_of_visits(offsets):
        return DATE
    if "cache" in path.lower() and all(-_CACHED_LONG <= offset <= _SLACK for offset in offsets):
        return DATE
    is_made_before = re.match(r"\w*(?:render|generat|cach|build)", name, re.I) is not None
    return DATE if is_made_before and all(-_CACHED <= offset <= _SLACK for offset in offsets) else None


def _follow(moments: Visits, visits: Visits) -> bool:
    """True for two moments in the order of the visits that state them."""
    return (moments[0] <= moments[1]) is (visits[0] <= visits[1])


def _are_of_visits(offsets: tuple[timedelta, timedelta]) -> bool:
    return all(abs(offset) <= _SLACK for offset in offsets)


def are_of_answer(one: str, other: str, visits: Visits) -> bool:
    """True for an element of XML that states when a server answered: `<responseDate>`, and that of its own visit."""
    found = _ELEMENT.fullmatch(one), _ELEMENT.fullmatch(other)
    if found[0] is None or found[1] is None or found[0]["tag"] != found[1]["tag"]:
        return False
    moments = _moment(found[0]["text"]), _moment(found[1]["text"])
    if moments[0] is None or moments[1] is None or not _ANSWERED.fullmatch(found[0]["name"]):
        return False
    return _are_of_visits((moments[0] - visits[0], moments[1] - visits[1]))


def _moment(text: str) -> datetime | None:
    if match := EPOCH.fullmatch(text.strip()):
        return datetime.fromtimestamp(int(match[1]), UTC)
    if _COMPACT.fullmatch(text.strip()):
        try:
            return datetime.strptime(text.strip(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
    if _MAILED.fullmatch(text.strip()):
        with contextlib.suppress(ValueError):
            return parsedate_to_datetime(text.strip()).astimezone(UTC)
    if _INSTANT.fullmatch(text.strip()):
        try:
            read = datetime.fromisoformat(text.strip())
        except ValueError:
            return None
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    return None


def is_instant(text: str) -> bool:
    """True for a time as programs write it: only its name says what it is the time of."""
    return _moment(text) is not None or re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip()) is not None


def explain_instant(one: str, other: str, visits: Visits) -> bool:
    """True for two times, as programs write them, that are those of the visits; of an element that shows a clock."""
    times = time_expressions(one[:100]), time_expressions(other[:100])
    if len(times[0]) != 1 or len(times[1]) != 1:
        return False
    return explained(times[0][0], times[1][0], visits, is_cached=says_now(one) and says_now(other))
