"""A value that a program reads, by its name: in JSON, in an attribute, in a script. What explains that it differs.

A name alone explains nothing: a token has to look made up, a time has to be that of the own visit, a count has to count
readers and to be plausible. Whatever else differs is content.
"""

from __future__ import annotations

import re

from archive.corroborate.explain.phrases import COUNTER, DATE, TOKEN, explain_lines
from archive.corroborate.explain.site_states import as_state
from archive.corroborate.explain.value_times import ELAPSED, EXPIRY, LIFETIME, NOW, as_time, is_instant
from archive.corroborate.explain.value_tokens import ARM, as_token, is_made_anew
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.counters import is_measure, is_plausible, value_of
from archive.corroborate.texts.folding import composed
from archive.corroborate.texts.machine import is_made, is_random
from archive.corroborate.texts.places import place_of_file, place_of_link, place_of_stream
from archive.corroborate.texts.telemetry import DOCUMENT, has_root, is_of_program
from archive.corroborate.texts.tokens import masked
from archive.corroborate.texts.visit_times import Visits, say_one_day
from archive_manifests.corroboration import Difference

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-\s:]")
_FLAGS = re.compile(
    r"(?:\w+_)?(?:feature_?flags|feature_?toggles|feature_?switch(?:es)?|switches|features|experiments?|ab_?tests?|tests)",
    re.IGNORECASE,
)
_IS_DEVICE = re.compile(
    r"is_?(?:mobile|tablet|desktop|phone|ios|android|touch|ie|bot|amp|retina|ab_?test\w*)", re.IGNORECASE
)
_TRUTHS = frozenset(("", "0", "1", "true", "false", "yes", "no"))
"""What a program notes of the reader's device, and how."""
_SURE_FLAGS = re.compile(
    r"(?:\w+_)?(?:feature_?flags|flags|feature_?toggles|experiments|ab_?tests|rollouts?)", re.IGNORECASE
)
"""Below which every name is that of a switch."""
_SURE_LISTS = re.compile(r"feature_?(?:flags|toggles|switch(?:es)?)", re.IGNORECASE)
"""A list that nothing but names of switches stands in."""
_SWITCHED = frozenset(("true", "false", "null", "0", "1"))
_FLAG_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[0-9]{4,10}")
"""The name that programmers give a switch."""
_RATED = re.compile(r"rating_?value|(?:rating|review)_?count", re.IGNORECASE)
_NUMERIC = re.compile(r"(?P<digits>[0-9]+(?:[., ][0-9]{3})*(?:[.,][0-9]+)?)\s?(?P<unit>[kKmMbB])?")
_INTERACTS = re.compile(r"(?:user_?)?interaction_?count", re.IGNORECASE)
_SAYS_COUNT = frozenset(("count", "counts", "counter", "total", "num", "number", "nb", "no"))
_OF_COUNTS = _SAYS_COUNT | frozenset(
    (
        "of", "page", "post", "video", "article", "story", "user", "data", "unique", "daily", "all", "time", "hit",
        "visit", "thread", "stats", "social", "public", "formatted", "text", "short",
    )
)  # fmt: skip
"""What stands beside a measure in the name of a count."""
_MOST_RATED = 0.5
_SERVICE = re.compile(r"(?:\w+_)?(?:api|ajax|ws|socket|endpoint|rpc)(?:_?(?:url|uri))?", re.IGNORECASE)
"""Names of addresses that a page's program talks to, and that lead no reader anywhere."""
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_SAYS_NOTHING = re.compile(r"true|false|null|-?[0-9]{1,4}|", re.IGNORECASE)
"""A switch, or a small number, as a program sets one for itself."""
_INTERACTION = re.compile(r"User(?:Plays|PageVisits|Likes|Comments|Downloads|Tweets|Interaction):[0-9]{1,15}")
"""As microdata counts readers."""


def explain_value(path: str, one: str, other: str, visits: Visits) -> str | None:
    """By what two values of one name differ; None where that is content. The last part of `path` is the name."""
    path = _CAMEL.sub("_", path[-400:])
    name = path.rpartition(".")[2].strip("_") if "gtm.start" not in path else "gtm.start"
    if composed(one) == composed(other):
        return LAYOUT
    if say_one_day(composed(one), composed(other)):
        return DATE
    if path.count(".") < 2 and _IS_DEVICE.fullmatch(name) and {one, other} <= _TRUTHS:
        return LAYOUT
    if (
        is_address(one)
        and is_address(other)
        and _SERVICE.fullmatch(name)
        and _without_made(one) == _without_made(other)
    ):
        return TOKEN
    if name.lower() == "push" and _without_random(one) == _without_random(other):
        return TOKEN
    if is_address(one) and is_address(other):
        is_same = place_of_link(one) == place_of_link(other) or _is_same_file(one, other)
        return TOKEN if is_same or (is_of_program(path) and place_of_file(one) == place_of_file(other)) else None
    return (
        as_state(path, name, one, other)
        or as_token(path, name, one, other)
        or _as_count(path, name, one, other)
        or as_time(path, name, one, other, visits)
        or _as_line(one, other, visits)
    )


def _without_random(text: str) -> str:
    """A program's own notation without the identifiers in it."""
    return re.sub(r'"([\w+/=-]{16,64})\\?"', lambda match: '""' if is_random(match[1]) else match[0], text)


def _without_made(url: str) -> str:
    """An address without the values of its query that look made up."""
    return re.sub(r"=([^&#]*)", lambda match: "=" if is_made(match[1]) else match[0], url)


def is_flag(path: str, value: str) -> bool:
    """True for the name of a switch in a list of them that a program keeps, or what a switch is set to."""
    path = _CAMEL.sub("_", path[-400:])
    parts = path.split(".")
    if parts[0] == "window" and any(map(_SURE_FLAGS.fullmatch, parts[2:3])):
        parts = parts[2:]  # `window.site.flags.…`: whatever a site calls what it keeps
        path = ".".join(parts)
    if parts[0] == "_docs_flag_initial_Data":
        return re.fullmatch(r"[\w.-]{1,60}", value) is not None
    start = next((at for at, part in enumerate(parts[:-1]) if _SURE_FLAGS.fullmatch(part)), None)
    if start is not None and is_of_program(".".join((*parts[:start], "flags"))) and value in _SWITCHED:
        return _FLAG_NAME.fullmatch(parts[-1].replace("_", "-").lower()) is not None
    if _SURE_LISTS.fullmatch(parts[-1]) and parts[0] != DOCUMENT:
        return _FLAG_NAME.fullmatch(value) is not None
    if not is_of_program(f"{path}.") and not is_of_program(path):
        return False
    if _FLAGS.fullmatch(parts[-1]) or parts[-1] == "_sm_flag":
        return _FLAG_NAME.fullmatch(value) is not None
    is_below = any(map(_FLAGS.fullmatch, parts[:-1]))
    return (
        is_below
        and _FLAG_NAME.fullmatch(parts[-1].replace("_", "-").lower()) is not None
        and (value in ("true", "false", "null") or ARM.fullmatch(value) is not None)
    )


def is_setting(path: str, value: str) -> bool:
    """True for a switch or a small number that a program keeps for itself, two names deep at least."""
    path = _CAMEL.sub("_", path[-400:])
    is_deep = len(set(path.split(".")[:-1]) - {"window"}) > 1
    return is_deep and has_root(path) and _SAYS_NOTHING.fullmatch(value) is not None


def is_changing(path: str, value: str) -> bool:
    """True for a count of readers, a time of the visit, a token: what another visit has otherwise."""
    if not value or not value[0].isalnum() or len(value) > 200:
        return False
    name = _CAMEL.sub("_", path.rpartition(".")[2][-100:])
    if is_made_anew(name) or NOW.fullmatch(name) or EXPIRY.fullmatch(name):
        return True
    return (
        value[0].isdigit() and _NUMERIC.fullmatch(value) is not None and any(map(is_measure, name.lower().split("_")))
    )


def is_address(text: str) -> bool:
    return re.match(r"(?:https?:)?//\S+\Z", text, re.IGNORECASE) is not None


def _is_same_file(one: str, other: str) -> bool:
    if (stream := place_of_stream(one)) is not None:
        return stream == place_of_stream(other)
    return re.search(r"\.\w{2,4}(?:\?|\Z)", one) is not None and place_of_file(one) == place_of_file(other)


def _as_count(path: str, name: str, one: str, other: str) -> str | None:
    if all(map(_INTERACTION.fullmatch, (one, other))):
        one, other = one.partition(":")[2], other.partition(":")[2]
    matches = _NUMERIC.fullmatch(one.strip()), _NUMERIC.fullmatch(other.strip())
    if matches[0] is None or matches[1] is None:
        return None
    numbers = [value_of(match["digits"], match["unit"]) for match in matches if match is not None]
    if ELAPSED.fullmatch(name) and is_of_program(path):
        return COUNTER if max(numbers) < 100_000 else None
    if LIFETIME.fullmatch(name) and is_of_program(path):
        return DATE
    if _RATED.fullmatch(name):
        is_near = abs(numbers[0] - numbers[1]) <= _MOST_RATED if "value" in name.lower() else is_plausible(*numbers)
        return COUNTER if is_near else None
    name = name.rpartition(":")[2]
    if any(map(_DECIMAL.fullmatch, (one.strip(), other.strip()))) or not _names_count(_counted(path, name)):
        return None
    return COUNTER if is_plausible(*numbers) else None


def _counted(path: str, name: str) -> str:
    """The name of a count; that of what is counted stands before it: `views.count`."""
    is_bare = name.lower() in ("count", "total")
    return f"{path.split('.')[-2]}_{name}" if is_bare and "." in path else name.removeprefix("data_")


def _names_count(name: str) -> bool:
    """True for `likes`, `comment_count`, `totalViews`: each part is a measure of readers, or belongs to a count."""
    if _INTERACTS.fullmatch(name):
        return True
    parts = [part for part in name.lower().split("_") if part]
    measured = [part for part in parts if is_measure(part)]
    if measured == ["shares"] and len(parts) == 1:
        return False  # of what
    if not measured or any(part not in _OF_COUNTS for part in parts if part not in measured):
        return False
    return name.lower().endswith("s") or bool(set(parts) & _SAYS_COUNT)


def _as_line(one: str, other: str, visits: Visits) -> str | None:
    """A text that a reader sees: `1,204 views`, `3 minutes ago`."""
    if max(len(one), len(other)) > 200 or not (re.search(r"[^\W\d]", one) and re.search(r"[^\W\d]", other)):
        return None
    if is_instant(one) or is_instant(other):
        return None
    found = explain_lines(TextBlock(one), TextBlock(other), visits)
    return min(found) if found else None


def difference_of(what: str, path: str, one: str, other: str, kind: str | None, count: int = 1) -> Difference:
    """The difference between two values of one name."""
    shown = tuple(masked(f"{path}: {value}")[:300] if value else "" for value in (one, other))
    return Difference(kind or what, kind is None, shown[0], shown[1], count)
