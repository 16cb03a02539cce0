"""What a page's own programs note of the site or the reader in one of few values: a build, a country, a switch.

Half of the observers see each of two such values, so nothing but their names and forms tells that they say nothing of
the page: a version, a digest, two capital letters, a truth. No reader is shown any of them.
"""

from __future__ import annotations

import re

from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.places import is_of_build, place_of_program
from archive.corroborate.texts.telemetry import DOCUMENT, is_of_program

_BUILDS = re.compile(
    r"(?:\w+_)?(?:build|release|deployment|deploy|(?:client|app|site|bundle|static|assets?)_version|revision|commit)"
    r"(?:_?(?:id|hash|number|sha|version|tag))?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"version|v", re.IGNORECASE)
_BUILT = re.compile(
    r"(?:[\w-]{1,20}@)?(?:[0-9a-f]{6,40}|v?\d{1,8}(?:[.-]\d{1,8}){1,4}(?:[-+][\w.]{1,20})?)|\d{1,10}|[\w-]{21}|[a-z]{2,10}-20\d{6}-[0-9a-f]{6,40}",
    re.IGNORECASE,
)
"""A digest, a version, a number of a build, an identifier as frameworks make one."""
_NAMED_BY_BUILD = re.compile(r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[\w-]{8,40}")
"""An identifier as a site makes one for a build of its own."""
_MADE_BY_BUILD = re.compile(r"(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{6,40}|v\d{1,8}")
_OF_INDEX = re.compile(r"(?<=[a-z])-v\d{1,4}\Z")
"""Which making of its index a search answers from."""
_DIGIT, _SURELY_BUILT = re.compile(r"\d"), re.compile(r"deploy\w*|\w+_\w+", re.IGNORECASE)
_COUNTRIES = re.compile(r"(?:\w+_)?(?:geo|country|geo_country|country_code|geo_code)(?:_code)?", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}|")
_CONFIGURED = re.compile(
    r"(?:^|\.)(?:config|configuration|settings|page_props|env|request|session)\.\w+\Z", re.IGNORECASE
)
_SWITCHES = re.compile(
    r"is_?(?:eu|eea|gdpr|ccpa)|(?:in|is_in)_?(?:eu|eea)|(?:consent|gdpr|ccpa)_?(?:required|applies|needed)"
    r"|requires?_?(?:(?:eu|gdpr|cookie)_?)*(?:consent|cookies?_?(?:policy|banner|notice))",
    re.IGNORECASE,
)
_OF_STREAM = re.compile(r"(?:self|window)\.\w{0,20}next_f\.b")
"""The build, in the first row of what a server sends to the components of a page. (Next.js)"""
_IN_REGION = re.compile(r"(?:^|\.)geo(?:_?ip)?\.(?:eu|eea)\Z", re.IGNORECASE)
"""Whether a reader is in the EU, beside where the program found the reader."""
_WALLS = re.compile(
    r"(?:\w+_)?(?:subs|subscriptions?|paywall|meter|metering|entitlements?)\.(?:wall|wall_type|paywall|type|mode|meter|tier|state)",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"registration|register(?:ed)?|meter(?:ed)?|hard|soft|open|free|none|off|on|dynamic|premium|anon(?:ymous)?", re.I
)
"""What stops a reader who has not subscribed."""
_ADVERTISES = re.compile(r"(?:\w+_)?(?:ads?|advertising|ad_?slots?|consent|gdpr|cmp)\.(?:is_)?enabled", re.IGNORECASE)
_CACHED, _CACHE = re.compile(r"(?:\w+_)?cache_?(?:status|state|hit)|cache\.status", re.I), re.compile(
    r"hit|miss|bypass|expired|stale|dynamic|updating|revalidated", re.I
)
"""Whether an answer came out of a cache. (RFC 9211)"""
_TRUTHS = frozenset(("true", "false", "0", "1"))


def as_state(path: str, name: str, one: str, other: str) -> str | None:
    """`layout` for two states of a site's programs; None for anything else. `path` has its words parted by `_`."""
    values = one, other
    if path.startswith(f"{DOCUMENT}.") or path == DOCUMENT:
        indexes = {_OF_INDEX.sub("", value) for value in values}
        return LAYOUT if path.endswith("._index") and len(indexes) == 1 and all(map(_OF_INDEX.search, values)) else None
    if _OF_STREAM.fullmatch(path):
        return LAYOUT if all(_BUILT.fullmatch(value) or _NAMED_BY_BUILD.fullmatch(value) for value in values) else None
    is_sure = _SURELY_BUILT.fullmatch(name) is not None
    if (_BUILDS.fullmatch(name) and (is_sure or _is_of_site(path))) or (_VERSION.fullmatch(name) and _is_of_site(path)):
        is_built = all(_BUILT.fullmatch(value) and _DIGIT.search(value) for value in values)
        return LAYOUT if is_built else None
    if (_BUILDS.fullmatch(name) or _VERSION.fullmatch(name)) and _is_configured(path):
        return LAYOUT if all(map(_MADE_BY_BUILD.fullmatch, values)) else None
    if _SWITCHES.fullmatch(name) or _ADVERTISES.search(path[-40:]) or (_IN_REGION.search(path) and _is_shallow(path)):
        return LAYOUT if _TRUTHS.issuperset(map(str.lower, values)) else None
    if _COUNTRIES.fullmatch(name) and _is_of_visit(path):
        return LAYOUT if all(map(_COUNTRY.fullmatch, values)) else None
    if _CACHED.fullmatch(name) or _CACHED.fullmatch(".".join(path.split(".")[-2:])):
        return LAYOUT if all(map(_CACHE.fullmatch, values)) else None
    if _WALLS.fullmatch(".".join(path.split(".")[-2:])) and _is_shallow(path):
        return LAYOUT if all(map(_WALL.fullmatch, values)) else None
    return None


def is_of_trial(path: str, value: str) -> bool:
    """True for a code that a program keeps below the name of its trials of designs, or by such a name.

    Experiments may be what a page tells of: below that name alone only arms are codes, and no truth or number.
    """
    if path.startswith(DOCUMENT):
        return False
    if _IN_LAYER.fullmatch(path) and _LETTER.fullmatch(value):
        return True
    names = [_PARTED.sub("_", name).strip("_") for name in path[-_LONGEST_PATH:].split(".")]
    if any(map(_OF_DESIGNS.fullmatch, names)) and _SWITCHED.fullmatch(value):
        return True
    is_named = any(_OF_DESIGNS.fullmatch(name) or _EXPERIMENTS.fullmatch(name) for name in names)
    return is_named and _ARM.fullmatch(value) is not None


def are_builds_of_file(one: str, other: str) -> bool:
    """True for the paths of one script or style sheet with two digests of a build in its name."""
    are_paths = all(map(_PROGRAM.fullmatch, (one, other)))
    return are_paths and all(map(is_of_build, (one, other))) and place_of_program(one) == place_of_program(other)


_IN_LAYER, _LETTER = re.compile(r"dataLayer\.[a-z]{2,4}"), re.compile(r"[A-D]")
"""An abbreviation among what a site tells those who measure it, and one of few arms."""
_PARTED = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST_PATH = 400
_PROGRAM = re.compile(r"(?:(?:https?:)?//[\w.-]{1,100})?/[\w./~@-]{1,300}\.(?:m?js|css)")
_OF_DESIGNS = re.compile(
    r"ab|abt|(?:\w{1,20}_)?ab_?(?:tests?|variants?)(?:_\w{1,20})?|(?:\w{1,20}_)?(?:experiment_flags|variant_flags|toggles|split_?tests?)",
    re.IGNORECASE,
)
_EXPERIMENTS = re.compile(r"(?:exp|experiments?)(?:_\d{1,6})?", re.IGNORECASE)
_NAMED_ARM = r"control|ctrl|treatment|alt|(?:variant|variation)[ _-]?\w{0,2}"
_ARM = re.compile(rf"(?:\d{{1,2}}_)?(?:[a-z]|v\d{{1,3}}|{_NAMED_ARM}|group_\d{{1,2}}|default)?", re.IGNORECASE)
_SWITCHED = re.compile(r"\d{1,10}|true|false|new|old|on|off", re.IGNORECASE)


def are_digests(path: str, one: str, other: str) -> bool:
    """True for two short digests of what programs are made of; `article.ref`, `evidence.plate` name something."""
    is_named = _OF_DIGESTS.fullmatch(path.rpartition(".")[2]) is not None
    return is_named and not path.startswith(DOCUMENT) and all(map(_DIGEST.fullmatch, (one, other)))


_OF_DIGESTS = re.compile(
    r"(?:\w+_)?(?:rev|hash|digest|etag|ver|version|v|build|chunk|asset|bundle|module|cache|css|js|sw)s?", re.IGNORECASE
)
_DIGEST = re.compile(r"(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{4,12}")


def are_arms(path: str, one: str, other: str) -> bool:
    """True for two arms of a trial, by the names that trials give them; what a page tells of has states too."""
    return is_of_program(path) and not path.startswith(DOCUMENT) and all(map(_ARMS.fullmatch, (one, other)))


_ARMS = re.compile(rf"(?:\d{{1,2}}_)?(?:{_NAMED_ARM})|", re.IGNORECASE)


def is_named_arm(value: str) -> bool:
    """True for an arm by the name that trials give it: `control`, `variant-2`."""
    return bool(value) and _ARMS.fullmatch(value) is not None


def is_arm(value: str) -> bool:
    """True for what a trial of designs may assign to a reader: an arm, or a switch in words."""
    return _ARM.fullmatch(value) is not None or value.lower() in ("on", "off", "true", "false")


def names_trial(name: str) -> bool:
    """True for the name of a trial as programmers give one: several words in one, `comments-v3`."""
    return _SEVERAL.fullmatch(name) is not None


_SEVERAL = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")


def _is_of_site(path: str) -> bool:
    """True for what a program states of itself: right below its own name, or in a configuration."""
    return path.count(".") > 0 and (is_of_program(path) or _is_right_below_name(path))


def _is_configured(path: str) -> bool:
    """True right below a name of programs, whatever holds that: `site.context.version`."""
    return "." in path and is_of_program(".".join(path.split(".")[-2:]))


def _is_right_below_name(path: str) -> bool:
    """True for `window.name.…`, whatever a site calls what it keeps."""
    return path.startswith("window.") and path.count(".") == len(("window", "name"))


def _is_shallow(path: str) -> bool:
    """True two names below that of a site's own programs: `window.site.subs.wall`, of no article."""
    return path.startswith("window.") and path.count(".") <= len(("window", "name", "group"))


def _is_of_visit(path: str) -> bool:
    """True for a country in a configuration; `user.country` and `geo.country` may be somebody's, a picture's."""
    is_named = path.lower().endswith(".geo") and _is_right_below_name(path)
    return is_named or (is_of_program(path) and _CONFIGURED.search(path) is not None)
