"""What a program makes up for each visit, or sets for it, by name and value: one table of rules.

A name alone explains nothing: to each belongs what its values have to look like. Whatever no rule explains is content.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from archive.corroborate.explain.phrases import TOKEN
from archive.corroborate.explain.value_times import DAY, EPOCH
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.machine import decodes_to_words, is_made, is_random, is_silent
from archive.corroborate.texts.telemetry import is_of_program
from archive.corroborate.texts.tokens import is_server_name

_SECRET = re.compile(
    r"_*viewstate\w*|_*eventvalidation|lsd|\w*dtsg\w*|jazoest|(?:\w+_|wp|ajax)?(?:nonce|csrf\w*|xsrf\w*|rid|ray|ray_?id)"
    r"|_*(?:(?:data|csrf|xsrf|auth|access|api|session|xf|request|req|form|security|guest|refresh|user|client|visitor|page|id|authenticity"
    r"|verification|request_?verification|edit|patrol|watch|login|anti_?forgery|guest|bearer|device|ajax(?:pipe)?|rest|ct|wl|wp)_?)*_?tokens?"
    r"|loid|modhash|permissions_?hash|tracking_?params|client_?data|atts|form_?build_?id|cf_?email|cf_?settings|p_?auth|visitor_?data|ct0|jhash|session_?url|(?:data_)?peer_?hash",
    re.IGNORECASE,
)
"""Names of what nobody reads, if the value says nothing."""
_MADE_ANEW = re.compile(
    r"(?:\w+_)?(?:(?:foreign|guest|anonymous)_?user_?id|sid|etag|cid|wid|hsi|device_?id|rollout_?hash|sign_?up_?hash|view_?dom_?id|session|session_?id|cursor|continuation)|(?:wg_?)?(?:request|trace|span|transaction|visitor|client|correlation|render"
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
ARM = re.compile(
    r"(?:[0-9]{1,2}_)?(?:[a-z]|[0-9]{1,3}|control|treatment|variant\W?\w{0,2}|variation\W?\w{0,2}|default|test\W?\w?)",
    re.IGNORECASE,
)
_SWITCHES = re.compile(r"(?:\w+_)?(?:feature_?flags|feature_?toggles|feature_?switch(?:es)?|switches)", re.IGNORECASE)
_ARMS_ANYWHERE = re.compile(r"(?:\w+_)?ab_?tests?", re.IGNORECASE)
"""A name that nothing but a trial of two designs has."""
_TRACKED = re.compile(r"(?:^|\.)service_?tracking_?params\.", re.IGNORECASE)
_TRIALS = re.compile(r"[0-9]{5,9}(?:,[0-9]{5,9})+")
"""The numbers of the trials that a visit takes part in."""
_CODE = re.compile(r"[A-Z]{2,4}|[a-z]{2}(?:[-_][A-Za-z]{2})?|us|uk|au|eur|int|europe|international", re.IGNORECASE)
_EDITIONS = re.compile(r"edition(?:_?id)?|site_?edition(?:_?id)?", re.IGNORECASE)
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
    r"|case|event|person|item|uuid|guid|hash|digest|sha_?\d*|md5|checksum|fingerprint|code|geohash|url|href|src|link|address|wallet|iban"
    r"|account|name|title|text|body|plus|place|map|serial|plate|tx|txid|imei|vin|passport|number|license|licence|registration|block|ipfs|signature|pgp|key_?id|ref(?:erence)?(?:_?(?:no|number))?|version_?of|cid|did|magnet|torrent)"
    r"(?:_|$)|(?:^|_)id$",
    re.IGNORECASE,
)
"""Names of what says which thing it is: however random it looks, another one is another thing."""
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
_CODE_OF_PROGRAM = re.compile(r"(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9]{6,40}")
"""Letters and digits in an attribute that no reader is shown."""


_VERSION = re.compile(r"(?:\w+_)?version", re.IGNORECASE)


def is_made_anew(name: str) -> bool:
    """True for the name of a secret, or of what is numbered anew for each visit."""
    return (_SECRET.fullmatch(name) or _MADE_ANEW.fullmatch(name)) is not None


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


def leaf_text(value: object) -> str:
    """A value of JSON as a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_signed(text: str) -> bool:
    """True for a token that a server signed for a visit, whose statements are codes, and no words or numbers."""
    if not _SIGNED.fullmatch(text):
        return False
    try:
        read = json.loads(base64.urlsafe_b64decode(text.split(".")[1] + "=="))
    except (ValueError, binascii.Error):
        return False
    return isinstance(read, dict) and all(name in _REGISTERED or _is_code(value) for name, value in read.items())


_REGISTERED = frozenset(("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid"))
"""What is said of every such token. (RFC 7519, section 4.1)"""


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) < 80 and " " not in value.strip() and not value.isdigit()


@dataclass(frozen=True, slots=True)
class _Rule:
    """Values of which names differ by what."""

    names: Callable[[str, str], object]
    """Of a path and its last name."""
    values: Callable[[str], object]
    kind: str = TOKEN
    is_own: bool = False
    """Only below names that programs keep for themselves."""
    is_whole: bool = False
    """Not of two values of which one is the other with some characters changed."""


def _named(pattern: re.Pattern[str]) -> Callable[[str, str], object]:
    return lambda path, name: pattern.fullmatch(name)


def _below(pattern: re.Pattern[str]) -> Callable[[str, str], object]:
    return lambda path, name: pattern.search(path)


def _called(name: str) -> Callable[[str, str], object]:
    return lambda path, given: given.lower() == name


def _is_arm(path: str, name: str) -> bool:
    return any(_ARMS.fullmatch(part) for part in path.split(".")[-2:])


def _is_switch(path: str, name: str) -> bool:
    return any(map(_SWITCHES.fullmatch, path.split("."))) or (is_of_program(path) and ".flags." in f".{path}")


def _is_place(path: str, name: str) -> bool:
    return bool(_PLACE_NAMES.fullmatch(name) or (_OF_VISITOR.search(path) and _PLACED.fullmatch(name)))


def _is_geo(path: str, name: str) -> bool:
    return bool(_GEO.search(path) and (_GEO_NAMES.fullmatch(name) or _PLACED.fullmatch(name)))


_RULES = (
    _Rule(_named(_SECRET), _is_opaque),
    _Rule(_called("jazoest"), str.isdigit),
    _Rule(_called("libraries"), lambda value: value.startswith("eJ"), is_own=True),  # what Drupal loaded, packed
    _Rule(_named(_CAPTCHA), str.isalnum),
    _Rule(_named(_REQUEST), is_made, is_own=True),
    _Rule(_named(_MADE_ANEW), lambda value: is_made(value) and len(value) >= _SHORTEST, is_own=True),
    _Rule(_named(_MADE_ANEW), lambda value: is_made(value) and len(value) >= _SHORTEST_ANYWHERE),
    _Rule(_called("rollout_hash"), is_random),
    _Rule(_named(_SERVER), is_server_name),
    _Rule(_named(_SERIALS), _SERIAL.fullmatch, is_own=True),
    _Rule(_called("signature"), is_random, is_own=True),
    _Rule(_named(_SERVER), _SERVER_CODE.fullmatch, is_own=True),
    _Rule(lambda path, name: name.lower() == "origin" and "cache" in path.lower(), _SERVER_CODE.fullmatch, is_own=True),
    _Rule(_named(_VERSION), EPOCH.fullmatch, is_own=True),
    _Rule(_named(_BUILDS), _is_of_build, is_own=True),
    _Rule(_named(_BUILD_IDS), re.compile(r"(?=.*\d)[\w.-]{4,80}").fullmatch, is_own=True),
    _Rule(lambda path, name: not _IDENTIFIES.search(name), is_random, is_whole=True),
    _Rule(
        lambda path, name: name.startswith("data_") and not _IDENTIFIES.search(name),
        _CODE_OF_PROGRAM.fullmatch, is_whole=True,
    ),
    _Rule(_is_arm, ARM.fullmatch, LAYOUT, is_own=True),
    _Rule(_named(_ARMS_ANYWHERE), ARM.fullmatch, LAYOUT),
    _Rule(_below(_TRACKED), _TRIALS.fullmatch, LAYOUT),
    _Rule(_is_switch, ("true", "false").__contains__, LAYOUT),
    _Rule(_is_place, _PLACE_CODE.fullmatch, LAYOUT, is_own=True),
    _Rule(_named(_EDITIONS), _CODE.fullmatch, LAYOUT, is_own=True),
    _Rule(_is_geo, _GEO_VALUE.fullmatch, LAYOUT, is_own=True),
    _Rule(_below(_OF_BROWSER), re.compile(r"[0-9a-f-]{4,40}").fullmatch),
    _Rule(lambda path, name: True, is_signed),
    _Rule(_below(_OF_REQUEST), lambda value: is_made(value) and len(value) >= _SHORTEST, is_own=True),
    _Rule(_below(_OF_REQUEST), lambda value: is_made(value) and len(value) >= _SHORTEST_ANYWHERE),
    _Rule(
        lambda path, name: _NETWORK.fullmatch(name) and not _OF_SERVER.search(path), _ADDRESS.fullmatch, is_own=True
    ),
)  # fmt: skip
"""The first one that fits is taken."""


def _is_numbered_anew(name: str, one: str, other: str) -> bool:
    """True for two names of one piece of a page's interface that end in what was made up for each visit."""
    heads, ends = zip(*(value.rpartition("-")[::2] for value in (one, other)), strict=True)
    is_of_element = heads[0] == heads[1] and _OF_INTERFACE.fullmatch(heads[0]) is not None
    is_named = _NAMES_ELEMENT.fullmatch(name) is not None
    return is_named and is_of_element and all(map(is_random, ends)) and not _is_altered(*ends)


_NAMES_ELEMENT = re.compile(r"(?:data_)?(?:name|id|target|for)", re.IGNORECASE)
_OF_INTERFACE = re.compile(
    r"(?:[\w-]{1,60}[-_])?(?:frame|iframe|widget|box|modal|form|field|tab|panel|menu|slot|wrapper|container|popup|button"
    r"|carousel|slider|dropdown)(?:[-_]\d{1,12}){0,3}", re.IGNORECASE,
)


def is_edition(path: str, value: str, *, is_own: bool = False) -> bool:
    """True for the edition of a site that a page states; `is_own`, that of its own programs."""
    is_named = _EDITIONS.fullmatch(path.rpartition(".")[2]) is not None and _CODE.fullmatch(value) is not None
    return is_named and (is_of_program(path) or not is_own)


def as_token(path: str, name: str, one: str, other: str) -> str | None:
    """What two values of a name are that were made up, or set, for two visits; None for all others."""
    if _is_numbered_anew(name, one, other):
        return TOKEN
    is_own = is_of_program(path)
    rules = (rule for rule in _RULES if (is_own or not rule.is_own) and rule.names(path, name))
    fitting = (rule for rule in rules if rule.values(one) and rule.values(other))
    return next((rule.kind for rule in fitting if not (rule.is_whole and _is_altered(one, other))), None)
