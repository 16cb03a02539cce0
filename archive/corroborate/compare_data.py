"""Data in a page (JSON for search engines, or for its own scripts): each value by its path."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import timedelta

from archive.corroborate.compare_scripts import is_machine_value
from archive.corroborate.dates import Visits, explained, time_expressions
from archive.corroborate.folding import composed
from archive.corroborate.places import place_of_link
from archive.corroborate.volatile import masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
MOST_VALUES = 50_000
"""Values of one page's data that are compared one by one; of more, all of the text."""
_DEEPEST = 60
_IN_CHANGING = re.compile(
    r"(?:^|\.)(?:ads?|advert\w*|sponsor\w*|related\w*|recommend\w*|trending\w*|popular\w*|latest\w*|teasers?|most_?read|banners?"
    r"|experiments?|ab_?tests?|features?|flags)(?=\.|$)",
    re.IGNORECASE,
)
"""Parts of the data that are about something else than the page."""
_OF_VISITOR = re.compile(
    r"(?:^|\.)(?:user|visitor|client|session|request|geo\w*|viewer|device|headers)\.", re.IGNORECASE
)
_MADE_ANEW = re.compile(
    r"nonce|csrf\w*|xsrf\w*|\w*token|\w*session\w*|sid|uuid|guid|(?:request|trace|span|transaction|visitor|correlation|render|form)"
    r"_?(?:build_)?id|etag|seed|rand\w*|variant|bucket|cohort|tracking_?params|client_?data|permissions_?hash|fingerprint"
    r"|ip|ua|user_?agent|hostname|pod|node|cache\w*|server_?name",
    re.IGNORECASE,
)
"""Names of what a server makes up for each visit."""
_COUNTED = re.compile(
    r"(?:user_?interaction|(?:page_?)?view|hit|like|share|comment|visit|visitor|follower|subscriber|play|read|download|reaction"
    r"|repost|retweet|reply|favorite|rating|review)_?counts?|views|hits|likes|shares|visits|followers|rating_?value",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?:\w*_)?(?:now|rendered(?:_?at)?|generated(?:_?at)?|timestamp|ts|server_?time|expires\w*|ttl|load_?time|latency|elapsed|ms"
    r"|queue_?time|application_?time|t)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"country\w*|region\w*|city|locale|currency|weather|timezone|lat|lon|lng|ip", re.IGNORECASE)
_NUMERIC = re.compile(r"[0-9][0-9.,]*[kKmM]?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_EPOCH = re.compile(r"1[5-9]\d{8}(?:\d{3})?(?:\.\d+)?")

Leaf = tuple[str, str]


def compare_data(one: Iterable[str], other: Iterable[str], visits: Visits) -> list[Difference]:
    """Differences between the data of two pages, except in what changes with every visit."""
    first, second = Counter(_leaves(one)), Counter(_leaves(other))
    gone, came = first - second, second - first
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for path, value in came:
        waiting[path].append(value)
    found: list[Difference] = []
    for (path, value), count in sorted(gone.items()):
        there = waiting[path].popleft() if waiting.get(path) else ""
        found += _judged(path, value, there, visits, count)
    for path, values in sorted(waiting.items()):
        for value in values:
            found += _judged(path, "", value, visits, came[path, value])
    return found


def _leaves(texts: Iterable[str]) -> Iterator[Leaf]:
    for text in texts:
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            yield "text", " ".join(text.split())
            continue
        found: list[Leaf] = []
        for leaf in _walk(read):
            found.append(leaf)
            if len(found) > MOST_VALUES:
                found = [("text", " ".join(text.split()))]
                break
        yield from found


def _walk(read: object) -> Iterator[Leaf]:
    """Path and value of every leaf; the place in a list is no part of the path."""
    stack: list[tuple[str, object, int]] = [("", read, 0)]
    while stack:
        path, value, depth = stack.pop()
        if depth > _DEEPEST:
            yield path, json.dumps(value)
        elif isinstance(value, dict):
            stack += [
                (f"{path}.{name}" if path else str(name), each, depth + 1) for name, each in reversed(value.items())
            ]
        elif isinstance(value, list):
            stack += [(path, each, depth + 1) for each in reversed(value)]
        else:
            yield path, value if isinstance(value, str) else json.dumps(value)


def _judged(path: str, one: str, other: str, visits: Visits, count: int) -> Iterator[Difference]:
    if composed(one) == composed(other) or (one and other and place_of_link(one) == place_of_link(other)):
        return
    shown = tuple(masked(f"{path}: {value}")[:_SHOWN] if value else "" for value in (one, other))
    is_changing = _is_changing(path, (one, other)) or _is_explained(one, other, visits)
    yield Difference("layout" if is_changing else "data", not is_changing, shown[0], shown[1], count)


def _is_changing(path: str, values: tuple[str, str]) -> bool:
    path = _CAMEL.sub("_", path[-400:])
    name = path.rpartition(".")[2]
    if _IN_CHANGING.search(path):
        return True
    is_worded = any(len(value.split()) > 2 for value in values)
    if _MADE_ANEW.fullmatch(name) or (_OF_VISITOR.search(path) and _PLACE.fullmatch(name)):
        return not is_worded
    is_number = all(_NUMERIC.fullmatch(value) or not value for value in values)
    return is_number and bool(_COUNTED.fullmatch(name) or _MEASURED.fullmatch(name))


def _is_explained(one: str, other: str, visits: Visits) -> bool:
    """True for two times of the own visit, and for two identifiers."""
    if all(_EPOCH.fullmatch(each) for each in (one, other)):
        return all(_is_lately(each, visits) for each in (one, other))
    if all(is_machine_value(each) for each in (one, other)):
        return True
    times = time_expressions(one[:100]), time_expressions(other[:100])
    whole = all(len(found) == 1 and found[0].end - found[0].start >= len(each.strip()) - 5
                for found, each in zip(times, (one, other), strict=True))  # fmt: skip
    return whole and explained(times[0][0], times[1][0], visits, is_cached=False)


def _is_lately(text: str, visits: Visits) -> bool:
    seconds = float(text) / (1000 if len(text.partition(".")[0]) > 10 else 1)
    return any(abs(visit.timestamp() - seconds) <= timedelta(days=1).total_seconds() for visit in visits)
