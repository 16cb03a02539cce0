"""A value that a program reads, by its name: in JSON, in an attribute, in a script. What explains that it differs.

A name alone explains nothing: a token has to look made up, a time has to be that of the own visit, a count has to count
readers and to be plausible. Whatever else differs is content.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from archive.corroborate.counters import is_measure, is_plausible, value_of
from archive.corroborate.dates import Visits, say_one_day
from archive.corroborate.folding import composed
from archive.corroborate.machine import decodes_to_words, is_made, is_random, is_silent
from archive.corroborate.page_content import TextBlock
from archive.corroborate.phrases import COUNTER, DATE, TOKEN, explain_lines
from archive.corroborate.places import place_of_file, place_of_link, place_of_stream
from archive.corroborate.slots import LAYOUT
from archive.corroborate.telemetry import is_of_program
from archive.corroborate.tokens import is_server_name, masked
from archive.corroborate.value_times import DAY, ELAPSED, EPOCH, EXPIRY, LIFETIME, NOW, as_time, is_instant
from archive_manifests.corroboration import Difference

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-\s:]")
_SECRET = re.compile(
    r"_*viewstate\w*|_*eventvalidation|lsd|\w*dtsg\w*|jazoest|(?:\w+_|wp|ajax)?(?:nonce|csrf\w*|xsrf\w*|rid|ray|ray_?id)"
    r"|_*(?:(?:data|csrf|xsrf|auth|access|api|session|xf|request|req|form|security|guest|refresh|user|client|visitor|page|id|authenticity"
    r"|verification|request_?verification|edit|patrol|watch|login|anti_?forgery|guest|bearer|device|ajax(?:pipe)?|rest|ct|wl|wp)_?)*_?tokens?"
    r"|loid|modhash|permissions_?hash|tracking_?params|client_?data|atts|form_?build_?id|cf_?email|cf_?settings|p_?auth|visitor_?data|ct0|jhash|session_?url|(?:data_)?peer_?hash",
    re.IGNORECASE,
)
"""Names of what nobody reads, if the value says nothing."""
_MADE_ANEW = re.compile(
    r"(?:\w+_)?(?:sid|etag|cid|wid|hsi|device_?id|rollout_?hash|sign_?up_?hash|view_?dom_?id|session|session_?id|cursor|continuation)|(?:wg_?)?(?:request|trace|span|transaction|visitor|client|correlation|render"
    r"|page_?view|impression|event"
    r"|visit|instance|form|req)_?(?:id|hash)|tt_?guid|user_?agent|ua|key|cache_?key",
    re.IGNORECASE,
)
"""Names of what a server makes up for each visit, if the value looks made up and is long."""
_CAPTCHA = re.compile(r"captcha_(?:sid|token|id|key|hash)", re.IGNORECASE)
"""What a puzzle for readers is numbered by, whatever it looks like."""
_REQUEST = re.compile(r"_*req(?:uest)?_?id", re.IGNORECASE)
_SHORTEST = 10
_SHORTEST_ANYWHERE = 16
"""The same outside of what a program keeps: a shorter one is the number of something."""
_SERVER = re.compile(
    r"(?:\w+_)?(?:server|host|hostname|backend|pod|pop|edge|colo|data_?cent(?:er|re))(?:_?(?:name|id))?", re.IGNORECASE
)
_SERIALS = re.compile(
    r"(?:wid|hsi|gt|device_?id|guest_?id|server_?revision|client_?revision|sign_?up_?hash)", re.IGNORECASE
)
_SERIAL = re.compile(r"(?:v\d(?:%3A|:))?[0-9]{9,20}")
"""Numbers that a server gives its visitors."""
_SERVER_CODE = re.compile(
    r"[a-z]{1,6}-?[a-z0-9]{0,4}[0-9]{1,4}|[a-z][\w.-]*-[0-9a-f]{6,12}(?:-[a-z0-9]{5})?"
    r"|[A-Z]{3}[0-9]{0,3}(?:-[A-Z]{1,2}[0-9]{1,3})?"
)
_BUILDS = re.compile(r"(?:\w+_)?(?:build|release|deployment|revision|commit|build_?label)|sha", re.IGNORECASE)
_BUILD_IDS = re.compile(r"(?:\w+_)?(?:build|release|deployment|commit)_?(?:id|hash)", re.IGNORECASE)
_ARMS = re.compile(
    r"(?:\w+_)?(?:variant|bucket|cohort|experiments?|ab|ab_?tests?|data_(?:exp|layout)|arm|test_?group"
    r"|feature_?flags)",
    re.I,
)
_ARM = re.compile(
    r"(?:[0-9]{1,2}_)?(?:[a-z]|[0-9]{1,3}|control|treatment|variant\W?\w{0,2}|variation\W?\w{0,2}|default|test\W?\w?)",
    re.IGNORECASE,
)
_FLAGS = re.compile(
    r"(?:\w+_)?(?:feature_?flags|feature_?toggles|feature_?switch(?:es)?|switches|features|experiments?|ab_?tests?|tests)",
    re.IGNORECASE,
)
_SWITCHES = re.compile(r"(?:\w+_)?(?:feature_?flags|feature_?toggles|feature_?switch(?:es)?|switches)", re.IGNORECASE)
_IS_DEVICE = re.compile(
    r"is_?(?:mobile|tablet|desktop|phone|ios|android|touch|ie|bot|amp|retina|ab_?test\w*)", re.IGNORECASE
)
_TRUTHS = frozenset(("", "0", "1", "true", "false", "yes", "no"))
"""What a program notes of the reader's device, and how."""
_SURE_FLAGS = re.compile(r"(?:\w+_)?(?:feature_?flags|feature_?toggles|experiments|ab_?tests|rollouts?)", re.IGNORECASE)
"""Below which every name is that of a switch."""
_ARMS_ANYWHERE = re.compile(r"(?:\w+_)?ab_?tests?", re.IGNORECASE)
"""A name that nothing but a trial of two designs has."""
_TRACKED = re.compile(r"(?:^|\.)service_?tracking_?params\.", re.IGNORECASE)
_TRIALS = re.compile(r"[0-9]{5,9}(?:,[0-9]{5,9})+")
"""The numbers of the trials that a visit takes part in."""
_SWITCHED = frozenset(("true", "false", "null", "0", "1"))
_FLAG_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[0-9]{4,10}")
"""The name that programmers give a switch."""
_CODE = re.compile(r"[A-Z]{2,4}|[a-z]{2}(?:[-_][A-Za-z]{2})?|us|uk|au|eur|int|europe|international", re.IGNORECASE)
_EDITIONS = re.compile(r"edition|site_?edition", re.IGNORECASE)
_GEO = re.compile(r"(?:(?:^|\.)geo_?ip|(?<!location)\.geo|\.geo_?location)\.(?:data\.)?\w+\Z", re.IGNORECASE)
"""Where a program keeps the place of its reader: `location.geo` is how linked data states that of an event."""
_GEO_NAMES = re.compile(
    r"city|country_?name|region_?name|postal_?code|zip|latitude|longitude|lat|lon|lng|metro_?code|timezone|isp|subdivision",
    re.IGNORECASE,
)
_GEO_VALUE = re.compile(r"[A-Z][\w' -]{1,40}|-?\d{1,3}\.\d+|[0-9A-Z -]{2,10}|[A-Z]\w+/\w+")
_OF_BROWSER = re.compile(r"(?:anonymous|tracking_?browser_?tab|browser_?tab|guest|lo)_?(?:id|loid)?\.data\Z", re.I)
_SIGNED = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}")
"""A statement that a server signed for one visit. (RFC 7519)"""
_IDENTIFIES = re.compile(
    r"(?:^|_)(?:video|photo|image|img|picture|media|film|post|tweet|status|doc\w*|article|story|content|file|page|user|author|channel"
    r"|case|event|person|item|uuid|guid|hash|digest|sha\w*|md5|checksum|fingerprint|code|geohash|url|href|src|link|address|wallet|iban"
    r"|account|name|title|text|body|plus|place|map|serial|plate|tx|txid|imei|vin|passport|number|license|licence|registration|block|ipfs|signature|pgp|key_?id|ref\w*|version_?of|cid|did|magnet|torrent)"
    r"(?:_|$)|(?:^|_)id$",
    re.IGNORECASE,
)
"""Names of what says which thing it is: however random it looks, another one is another thing."""
_RATED = re.compile(r"rating_?value|(?:rating|review)_?count", re.IGNORECASE)
_OF_VISITOR = re.compile(
    r"(?:^|\.)_*(?:visitor|viewer|client|device|headers|session|(?<=\.)geo|geo_?ip|app_context|context|cfg|config|settings|env|request|user\.geo\w*|location_?info)\.[\w.]*\Z",
    re.IGNORECASE,
)
_OF_REQUEST = re.compile(
    r"(?:^|\.)(?:req|request|session|trace|visitor|viewer|page_?view)\.(?:user\.)?(?:\w+_)?u?u?id\Z", re.IGNORECASE
)
_PLACED = re.compile(
    r"country(?:_?code)?|region(?:_?code)?|currency|locale|lang\w*|timezone|time_?zone|continent|asn|gl|hl|geo", re.I
)
_PLACE_NAMES = re.compile(r"GL|HL|wg_?\w*_?geo|WG\w*_Geo", re.IGNORECASE)
_PLACE_CODE = re.compile(r"[A-Z]{2,3}|[a-z]{2}|[a-z]{2}[-_][A-Z]{2}|[A-Z][a-z]+/[A-Z]\w+|UTC|[A-Z]{2}-[A-Z0-9]{1,3}")
_NETWORK = re.compile(
    r"(?:(?:client|remote|user|visitor|request|real|your)_)?(?:ip|remote_?addr|remote_?host|ip_?address)", re.IGNORECASE
)
_OF_SERVER = re.compile(r"(?:^|\.)(?:server|host|api)\.")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+")
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
        return TOKEN if place_of_link(one) == place_of_link(other) or _is_same_file(one, other) else None
    return (
        _as_token(path, name, one, other)
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


def is_signed(text: str) -> bool:
    """True for a token that a server signed for a visit, whose statements are codes and no words."""
    if not _SIGNED.fullmatch(text):
        return False
    try:
        read = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))
    except (ValueError, binascii.Error):
        return False
    return isinstance(read, dict) and all(
        len(leaf_text(value)) < 80 and " " not in leaf_text(value).strip() for value in read.values()
    )


def is_flag(path: str, value: str) -> bool:
    """True for the name of a switch in a list of them that a program keeps, or what a switch is set to."""
    path = _CAMEL.sub("_", path[-400:])
    parts = path.split(".")
    if parts[0] == "_docs_flag_initial_Data":
        return re.fullmatch(r"[\w.-]{1,60}", value) is not None
    start = next((at for at, part in enumerate(parts[:-1]) if _SURE_FLAGS.fullmatch(part)), None)
    if start is not None and is_of_program(".".join((*parts[:start], "flags"))) and value in _SWITCHED:
        return _FLAG_NAME.fullmatch(parts[-1].replace("_", "-").lower()) is not None
    if not is_of_program(f"{path}.") and not is_of_program(path):
        return False
    if _FLAGS.fullmatch(parts[-1]) or parts[-1] == "_sm_flag":
        return _FLAG_NAME.fullmatch(value) is not None
    is_below = any(map(_FLAGS.fullmatch, parts[:-1]))
    return (
        is_below
        and _FLAG_NAME.fullmatch(parts[-1].replace("_", "-").lower()) is not None
        and (value in ("true", "false", "null") or _ARM.fullmatch(value) is not None)
    )


def is_changing(path: str, value: str) -> bool:
    """True for a count of readers, a time of the visit, a token: what another visit has otherwise."""
    if not value or not value[0].isalnum() or len(value) > 200:
        return False
    name = _CAMEL.sub("_", path.rpartition(".")[2][-100:])
    if _SECRET.fullmatch(name) or _MADE_ANEW.fullmatch(name) or NOW.fullmatch(name) or EXPIRY.fullmatch(name):
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


def _as_token(path: str, name: str, one: str, other: str) -> str | None:
    values = one, other
    is_own = is_of_program(path)
    if _SECRET.fullmatch(name) and all(map(_is_opaque, values)):
        return TOKEN
    if name == "jazoest" and all(map(str.isdigit, values)):
        return TOKEN
    if is_own and name == "libraries" and all(value.startswith("eJ") for value in values):
        return TOKEN  # which scripts a page of Drupal has loaded, packed
    if _CAPTCHA.fullmatch(name) and all(value.isalnum() for value in values):
        return TOKEN
    if is_own and _REQUEST.fullmatch(name) and all(is_made(value) for value in values):
        return TOKEN
    if _MADE_ANEW.fullmatch(name) and all(is_made(value) and len(value) >= _shortest(is_own) for value in values):
        return TOKEN
    if _SERVER.fullmatch(name) and all(map(is_server_name, values)):
        return TOKEN
    if is_own and _SERIALS.fullmatch(name) and all(map(_SERIAL.fullmatch, values)):
        return TOKEN
    if is_own and name.lower() == "signature" and all(map(is_random, values)):
        return TOKEN
    if is_own and _SERVER.fullmatch(name) and all(map(_SERVER_CODE.fullmatch, values)):
        return TOKEN
    if is_own and name.lower() == "origin" and "cache" in path.lower() and all(map(_SERVER_CODE.fullmatch, values)):
        return TOKEN
    if is_own and re.fullmatch(r"(?:\w+_)?version", name, re.I) and all(map(EPOCH.fullmatch, values)):
        return TOKEN
    if is_own and _BUILDS.fullmatch(name) and all(map(_is_of_build, values)):
        return TOKEN
    if is_own and _BUILD_IDS.fullmatch(name) and all(re.fullmatch(r"(?=.*\d)[\w.-]{4,80}", value) for value in values):
        return TOKEN
    if not _IDENTIFIES.search(name) and all(map(is_random, values)) and not _is_altered(one, other):
        return TOKEN
    if is_own and any(_ARMS.fullmatch(part) for part in path.split(".")[-2:]) and all(map(_ARM.fullmatch, values)):
        return LAYOUT
    if _ARMS_ANYWHERE.fullmatch(name) and all(map(_ARM.fullmatch, values)):
        return LAYOUT
    if _TRACKED.search(path) and all(map(_TRIALS.fullmatch, values)):
        return LAYOUT
    is_flag = any(map(_SWITCHES.fullmatch, path.split("."))) or (is_own and ".flags." in f".{path}")
    if is_flag and all(value in ("true", "false") for value in values):
        return LAYOUT
    if (
        is_own
        and (_OF_VISITOR.search(path) or _PLACE_NAMES.fullmatch(name))
        and (_PLACED.fullmatch(name) or _PLACE_NAMES.fullmatch(name))
        and all(map(_PLACE_CODE.fullmatch, values))
    ):
        return LAYOUT
    if is_own and _EDITIONS.fullmatch(name) and all(map(_CODE.fullmatch, values)):
        return LAYOUT
    if is_own and _GEO.search(path) and (_GEO_NAMES.fullmatch(name) or _PLACED.fullmatch(name)):
        return LAYOUT if all(map(_GEO_VALUE.fullmatch, values)) else None
    if _OF_BROWSER.search(path) and all(re.fullmatch(r"[0-9a-f-]{4,40}", value) for value in values):
        return TOKEN
    if all(map(is_signed, values)):
        return TOKEN
    if _OF_REQUEST.search(path) and all(is_made(value) and len(value) >= _shortest(is_own) for value in values):
        return TOKEN
    is_of_reader = is_own and _NETWORK.fullmatch(name) is not None and not _OF_SERVER.search(path)
    return TOKEN if is_of_reader and all(map(_ADDRESS.fullmatch, values)) else None


def _shortest(is_own: bool) -> int:
    """Characters from which on an identifier was made up anew."""
    return _SHORTEST if is_own else _SHORTEST_ANYWHERE


def _is_altered(one: str, other: str) -> bool:
    """True for two identifiers that are one with some characters changed: what is made anew is another one whole."""
    same = sum(a == b for a, b in zip(one, other, strict=False))
    return same > 0.5 * max(len(one), len(other))


def _is_of_build(text: str) -> bool:
    if re.fullmatch(r"v?\d+(?:\.\d+)+(?:[-+]\w+)?|[0-9a-f]{40}", text):
        return True
    return is_made(text) or re.fullmatch(r"[a-z]+(?:[.-][a-z]+)*[._-]20\d{6}[\w.-]{0,12}", text) is not None


def _is_opaque(text: str) -> bool:
    """True for one word that says nothing: with digits and letters in it, or capitals within."""
    if is_silent(text) and not DAY.search(text):
        return True
    if re.search(r"\s", text) or len(text) > 400 or len(text) < 3 or decodes_to_words(text):
        return False
    has_both = re.search(r"[0-9]", text) is not None and re.search(r"[A-Za-z]", text) is not None
    is_dated = DAY.match(text) is not None
    return (
        is_made(text)
        or re.fullmatch(r"[A-Za-z0-9+/]+=+", text) is not None
        or (has_both and not is_dated and re.search(r"[A-Za-z]{5}", text) is None)
    )


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


def leaf_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
