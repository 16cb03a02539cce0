"""Where an address leads, without what only the visit puts into it: scheme, `www.`, session, campaign, signature.

Left out is only what is known by its name *and* by the looks of its value; a number or a word in a query is content.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from archive.capture.classify.decoration import is_service, site_of
from archive.corroborate.texts.machine import is_made, is_random, is_silent
from archive.urls import UrlError, parse

_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=([^/;]*)|/\(S\([a-z0-9]{20,30}\)\)", re.IGNORECASE)
_OF_VISIT = re.compile(r"__tn__=[\w*%,-]{1,40}")
"""From which part of its page a network's link was taken."""
_PARTS = re.compile(r"[&;]")
"""What stands between the parts of a query: some forums write a semicolon."""
_CAMPAIGN = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_ga|_gl|igshid|yclid|wt_mc|int_?cmp|icid|itid|ftag|ocid|smid|at_\w+|cmp_?id",
    re.IGNORECASE,
)
"""Where the reader came from."""
_SAID_CAMPAIGN = re.compile(r"[\w.%:|+~*-]{0,200}")
_SESSION = re.compile(
    r"(?:php|j|asp)?sess(?:ion)?_?(?:id)?|sid|\w*nonce|csrf\w*|xsrf\w*|\w*token|sig|signature|\w*auth_?sign\w*|hmac|x-amz-\w+|oh|_nc_\w+|lsd"
    r"|form_build_id|visitor_?id|client_?id|request_?id|ifkv|p_auth|__cft__\[\d\]|__tn__|jazoest|ds|eav|gfid|(?:\w+_)?state",
    re.IGNORECASE,
)
"""What a server makes up, if its value looks made up: `sid=4471` is a story."""
_NAMED = re.compile(
    r"\w*nonce|csrf\w*|xsrf\w*|form_build_id|ifkv|p_auth|eav|gfid|__cft__\[\d\]|__tn__|(?:csrf|xsrf|auth|access)_?token",
    re.IGNORECASE,
)
"""Of these the name alone says it, if the value is no word."""
_INSTANTS = re.compile(r"_|cb|rnd|rand|no_?cache|cache_?bust(?:er)?|expires?|exp|x-amz-date", re.IGNORECASE)
_INSTANT = re.compile(r"1[5-9]\d{8}(?:\d{3})?|0?\.\d{6,}|\d{8}T\d{6}Z")
"""Seconds or milliseconds since 1970, of these years."""
_SIZES = re.compile(
    r"w|h|width|height|q|quality|fit|crop|dpr|format|fm|auto|resize|size|scale|strip|ssl|stp|sw|sh|rect", re.IGNORECASE
)
_SIZE = re.compile(r"[\d.,x:%-]{1,20}|[a-z]{1,12}", re.IGNORECASE)
_VERSIONS = re.compile(
    r"v|ver|version|rev|t|ts|r|mtime|itok|oe|oh|e|cb|hash|efg|ccb|_nc_\w+|expires?|exp|sig|signature|\w*token|se|sp|sv|sr|policy"
    r"|key-pair-id|x-amz-\w+|\w*nonce|st|hdne[at]|hdnts|md5|auth|key|sqp|rs",
    re.IGNORECASE,
)
"""Versions and signatures of a file whose path has its name."""
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|mp4|webm|m4v|mov|mp3|m4a|ogg|m3u8|mpd|m4s|ts|css|m?js|woff2?|ttf)\Z",
    re.I,
)
_PICTURE_TYPE = re.compile(r"\.(?:jpe?g|png|webp|avif|jxl)\Z", re.IGNORECASE)
_SIZE_IN_NAME = re.compile(
    r"(?:[-_](?:[4-9]\d|\d{3,4})x(?:[4-9]\d|\d{3,4})|@\d(?:\.\d)?x|-scaled)(?=\.\w{2,4}\Z|\Z)", re.IGNORECASE
)
_SIZE_SEGMENT = re.compile(
    r"/(?:(?:resize|fit-in|thumbs?|scale|crop|unsafe|width|cdn-cgi/image)(?=/)|\d{2,4}x(?:\d{1,4})?(?=/)|x\d{2,4}(?=/)"
    r"|(?:120|144|160|192|200|240|256|300|320|384|400|460|480|500|512|560|600|620|624|640|660|720|750|768|800|828|960|976|1000"
    r"|1024|1080|1200|1280|1440|1536|1600|1920|2048|2560)(?=/)|\d{2,4}w(?=/)|[wh][_=]\d{2,4}(?:,[\w=.]{1,20})*(?=/)|\d{2,4}px-[^/]+\Z)",
    re.IGNORECASE,
)
_PUZZLE = re.compile(r"sid|ts|id|t|hash|token|key|rand|r", re.IGNORECASE)
"""By what a puzzle for readers is numbered."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LIBRARIES = re.compile(
    r"(?:^|\.)(?:cdnjs\.cloudflare\.com|jsdelivr\.net|unpkg\.com|bootstrapcdn\.com|googleapis\.com)\Z"
)
"""They serve the same file to everyone: a script from there that differs was changed."""


@lru_cache(maxsize=8_192)
def place_of_link(link: str) -> str:
    """Where a link leads: scheme and `www.` aside, and without the values of its query that are a session's.

    What is no page (`geo:`, `mailto:`, `tel:`) is a place as it stands.
    """
    if _is_other(link):
        return link
    try:
        url = parse(f"https:{link}" if link.startswith("//") else link)
    except UrlError:
        return link
    path, _, query = url.target.partition("?")
    path = _SESSION_PATH.sub(lambda match: match[0] if match[1] and not _is_session(match[1]) else "", path)
    fragment = link.partition("#")[2]
    if path.endswith("/abuse") and re.fullmatch(r"id=[\w-]{24,}", query) and is_made(query.removeprefix("id=")):
        query = ""  # by which a reader reports the page; what it reports is made up for each visit
    parts = [part for part in _PARTS.split(query) if part and not _is_of_visit(part)]
    if any(map(_leads_on, parts)):  # a service that leads to the address in its query, and signs that
        parts = [part for part in parts if not is_random(unquote(part.partition("=")[2]))]
    names = "&".join(_bare(part, path) for part in parts)
    port = f":{url.port}" if url.port not in (80, 443) else ""
    return f"{url.host.removeprefix('www.')}{port}{path}?{names}#{fragment}"


def place_of_frame(url: str) -> str:
    """Where a page in a frame lies: its query says which one, unless it sets a puzzle, made up for each reader."""
    place = place_of_link(url)
    path, _, rest = place.partition("?")
    query, _, fragment = rest.partition("#")
    if _sets_puzzle(path) and not fragment:
        return path
    return f"{path}?{_without_visit(query)}#{_without_visit(fragment)}"


_MILLISECONDS = re.compile(r"1[5-9]\d{11}")
"""What a clock of a program says, of these years."""


def _without_visit(text: str) -> str:
    """Parts of a query or fragment that programs write, without those of the visit, also within an address in one."""
    return "&".join(_settled(part) for part in text.split("&") if not _is_of_visit(part) and not _says_clock(part))


def _says_clock(part: str) -> bool:
    return _MILLISECONDS.fullmatch(part.partition("=")[2]) is not None


def _settled(part: str) -> str:
    name, has_value, value = part.partition("=")
    address = unquote(value)
    if not has_value or not address.startswith(("http://", "https://")):
        return part
    place, has_fragment, fragment = address.partition("#")
    parts = (each for each in _PARTS.split(fragment) if not _is_made_address(each) and not _is_of_visit(each))
    return f"{name}={place_of_link(place)}{has_fragment}{'&'.join(parts)}"


def _is_made_address(part: str) -> bool:
    """True for an address that ends in what was made up: by it a program knows its own frame."""
    value = unquote(part.partition("=")[2])
    return value.startswith(("http://", "https://")) and is_random(value.rpartition("/")[2])


def place_of_target(link: str) -> str:
    """Where a link leads that a reader follows: to a page, or to a file, which lies on several hosts alike."""
    path = link.partition("?")[0].partition("#")[0]
    return place_of_file(link) if _PICTURE_TYPE.search(path) else place_of_link(link)


_EDITION = re.compile(
    r"(?<=/)(?:uk|us|au|eu|int|intl|international|europe|global|world|asia|africa|[a-z]{2}(?:[-_][A-Za-z]{2})?)(?=/)"
)


def without_edition(place: str) -> str:
    """The place of a section of a site, whatever edition of the site it is in."""
    return _EDITION.sub("", place, count=1)


def _leads_on(part: str) -> bool:
    """True for a part of a query that is an address by itself."""
    return unquote(part.partition("=")[2]).startswith(("http://", "https://"))


_LOGIN = re.compile(r"/(?:\w*log-?in|sign-?in|oauth|authorize)\b", re.IGNORECASE)


def _bare(part: str, path: str) -> str:
    """A part of a query; of the address to which a login leads back, its place without what it was asked."""
    name, has_value, value = part.partition("=")
    if has_value and _LOGIN.search(path) and unquote(value).startswith(("http:", "https:")):
        return f"{name}={unquote(value).partition('?')[0]}"
    return part


_STREAM = re.compile(
    r"/videoplayback\?|googleusercontent\.com/(?:drive-viewer|docsz?|viewer)/|/exp=\d+~acl=|/[0-9a-f]{32}/[0-9a-f]{8}/video/|/viewer\d?/prod-\d+/",
    re.IGNORECASE,
)
_OF_STREAM = ("itag", "lmt", "dur", "clen", "mime", "a", "ck")
"""What says which film it is, in an address that is signed for one visit."""


def place_of_stream(url: str) -> str | None:
    """A film or document at an address that is signed for one visit, without the signature; None for any other."""
    if not _STREAM.search(url):
        return None
    try:
        parsed = parse(url)
    except UrlError:
        return None
    path, _, query = parsed.target.partition("?")
    if parsed.host.endswith("googleusercontent.com"):
        return f"{parsed.host}/{path.split('/')[1]}"
    path = re.sub(r"/exp=\d+~acl=[^/]*|/[0-9a-f]{32}/[0-9a-f]{8}(?=/video/)|(?<=/prod-)\d+(?=/)", "", path)
    names = sorted(part for part in query.split("&") if part.partition("=")[0] in _OF_STREAM)
    return f"{site_of(parsed.host)}{path}?{'&'.join(names)}"


def _is_session(value: str) -> bool:
    return is_made(value.partition(".")[0])


_PIECES = re.compile(r"[^/?&=;,]+")
_SECONDS_OF_DAY = 86_400


def place_signed_for(url: str, visit: datetime) -> str | None:
    """An address that a delivery host makes for one visit and signs, without what it made up.

    None for an address that does not state the time of the visit, by its day, in seconds or milliseconds.
    """
    try:
        parsed = parse(url)
    except UrlError:
        return None
    made = [text for text in _PIECES.findall(parsed.target) if _is_instant_of(text, visit)]
    if not made:
        return None
    target = _PIECES.sub(
        lambda match: "" if match[0] in made or is_random(unquote(match[0])) else match[0], parsed.target
    )
    return f"{host_of_files(parsed.host)}{target}"


def _is_instant_of(text: str, visit: datetime) -> bool:
    if not text.isdecimal() or not _INSTANT.fullmatch(text):
        return False
    seconds = int(text) / (1_000 if len(text) > 10 else 1)
    return abs(seconds - visit.timestamp()) <= _SECONDS_OF_DAY


def _is_other(link: str) -> bool:
    scheme = _SCHEME.match(link)
    return scheme is not None and scheme[0].lower() not in ("http:", "https:")


def _is_of_visit(part: str) -> bool:
    name, _, value = part.partition("=")
    if _OF_VISIT.fullmatch(part):
        return True
    if _CAMPAIGN.fullmatch(name):
        return _SAID_CAMPAIGN.fullmatch(unquote(value)) is not None
    if name == "source" and re.fullmatch(r"[a-z_]{0,40}-{3,}[\w-]*", value):
        return True  # from which place of the page a link was taken
    if name == "s" and re.fullmatch(r"[0-9a-f]{32}", value):
        return True
    value = unquote(value)
    if _SESSION.fullmatch(unquote(name)) and (is_made(value) or (_NAMED.fullmatch(unquote(name)) and is_silent(value))):
        return True
    return bool(_INSTANTS.fullmatch(name) and (_INSTANT.fullmatch(value) or is_made(value)))


@lru_cache(maxsize=8_192)
def place_of_file(url: str) -> str:
    """Where a picture, a film or a script lies. Which of several hosts served it, its size and its version are no part.

    The query stays where it says which file it is (`/image.php?id=41`), and the part of a film (`#t=30,45`).
    """
    if not url.startswith(("http:", "https:")):
        return url
    if "googleusercontent.com/" in url and (stream := place_of_stream(url)):
        return stream
    try:
        parsed = parse(url)
    except UrlError:
        return url
    path, _, query = parsed.target.partition("?")
    is_puzzle = _sets_puzzle(path)
    is_named = _FILE.search(path) is not None or is_puzzle
    if is_puzzle:
        query = "&".join(part for part in query.split("&") if not _PUZZLE.fullmatch(part.partition("=")[0]))
    names = "&".join(part for part in query.split("&") if part and not _is_of_delivery(part, is_named=is_named))
    path = _SIZE_SEGMENT.sub("", _SIZE_IN_NAME.sub("", path))
    fragment = url.partition("#")[2]
    tail = f"{'?' if names else ''}{names}{'#' if fragment else ''}{fragment}"
    if is_named_by_content(path):
        return f"{site_of(parsed.host)}{_SHARD.sub('', path)}{tail}"
    return f"{host_of_files(parsed.host)}{path}{tail}"


_SHARD = re.compile(r"/[a-z]{1,4}\d{1,2}(?=/)")
"""One of several servers, in a path: `/s3/`."""
_SHORTEST_DIGEST = 24


def is_named_by_content(path: str) -> bool:
    """True for a file whose name is made up of its content: on every host of a site it is the same."""
    stem = re.sub(r"\.\w{2,5}\Z", "", path.rstrip("/").rpartition("/")[2])
    return len(stem) >= _SHORTEST_DIGEST and is_random(stem)


def _sets_puzzle(path: str) -> bool:
    """True for a path by which a reader has to show that he is no program."""
    return "captcha" in path


def _is_of_delivery(part: str, *, is_named: bool) -> bool:
    name, has_value, value = part.partition("=")
    if name == "name" and re.fullmatch(r"small|medium|large|orig|thumb|\d{2,4}x\d{2,4}", value):
        return True
    if _is_of_visit(part) or (_SIZES.fullmatch(name) and _SIZE.fullmatch(unquote(value))):
        return True
    return is_named and bool(_VERSIONS.fullmatch(name) or (not has_value and name.isalnum()))


def host_of_files(host: str) -> str:
    """A host without the number of its shard: `img2.cdn.example` and `img7.cdn.example` serve the same files."""
    site = site_of(host)
    below = host.removeprefix("www.").removesuffix(site).strip(".")
    kind = re.match(r"[a-z]*", below)
    return f"{kind[0]}.{site}" if kind and kind[0] else site


def without_format(place: str) -> str:
    """The place of a picture, whatever format a server sends it in."""
    return _PICTURE_TYPE.sub("", place)


def picture_stem(url: str, width: str = "") -> str:
    """The name that all sizes and formats of one picture share. `width` is what its `srcset` says of it."""
    place = without_format(place_of_file(url))
    return re.sub(rf"[-_]{width}w?\Z", "", place) if width else place


def place_of_program(url: str) -> str:
    """A script or style sheet by its site, folder and first name, without the version and digest in it."""
    place = place_of_file(url).partition("?")[0]
    folder, _, name = place.rpartition("/")
    name = _SHORT_DIGEST.sub(lambda match: match[0][_SHORT_LENGTH:], name)
    parts = [part for part in re.split(r"[._-]", name) if part]
    said = [part for part in parts if not _is_digest(part)]
    if len(said) < len(parts):
        said = [part for part in said if len(part) > 1]  # by which server it is sent: `app.p.3f2a1c.js`
    return f"{re.sub(r'/(?=[^/]*[0-9])[^/]{6,}(?=/|$)', '/0', folder)}/{'.'.join(said)}"


def is_of_build(url: str) -> bool:
    """True for a file with a digest in its name: `main.3f2a1c.js`."""
    name = place_of_file(url).partition("?")[0].rpartition("/")[2]
    if _SHORT_DIGEST.search(name):
        return True
    return any(_DIGEST.fullmatch(part) for part in re.split(r"[._-]", name)[1:])


_SHORT_DIGEST = re.compile(r"[.-](?=[\w-]*[a-z])(?=[\w-]+[A-Z])[\w-]{8}\.(?:m?js|css)\Z")
"""Eight signs in both cases, before the ending. (Rollup)"""
_SHORT_LENGTH = 9
_DIGEST = re.compile(r"(?=[a-z]*\d)[0-9a-f]{6,64}|(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{8,40}|(?=.*[a-z][A-Z])\w{8,24}")


def _is_digest(part: str) -> bool:
    """True for what a build puts into a name: digits, or capitals within."""
    return any(map(str.isdigit, part)) or (len(part) >= 8 and re.search(r"[a-z][A-Z]", part) is not None)


def is_service_address(url: str) -> bool:
    """True for a host that counts, advertises or asks for consent on pages of others; not for one of libraries."""
    try:
        host = parse(url).host
    except UrlError:
        return False
    return is_service(host) and not _LIBRARIES.search(host)


def is_library(site: str) -> bool:
    """True for a site that serves what anybody publishes there."""
    return _LIBRARIES.search(site) is not None


def is_edition(url: str, site: str) -> bool:
    """True for an address of a site, or of one that has its name in another country: `news.example`, `news.at`."""
    there = site_of_address(url)
    is_named = bool(site) and there.partition(".")[0] == site.partition(".")[0]
    return there == site or (is_named and all(len(name.rpartition(".")[2]) == 2 for name in (there, site)))


def site_of_address(url: str) -> str:
    """The registered name of an address's host; empty for what has none."""
    try:
        return site_of(parse(url).host) if not _is_other(url) else ""
    except UrlError:
        return ""
