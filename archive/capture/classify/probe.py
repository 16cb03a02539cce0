"""The probe: a request for a sibling that cannot exist, which shows the site's error page.

(Bar-Yossef et al., "Sic transit gloria telae", 2004)
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from urllib.parse import unquote

from archive.capture.classify.parked import hints_parking
from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case, FinalResponse, read_as_page
from archive.capture.classify.soft_404 import CONTENT_KEYS, first_sign, has_home_path, is_home
from archive.capture.classify.statuses import is_wrong_kind
from archive.urls import Url, UrlError, parse

ALIKE = 0.9
"""Share of common shingles above which two texts are one page."""
_MOST_WORDS = 20_000
_NUMBER = re.compile(r"(?!(?:19|20)\d\d\Z)\d{4,}")
_SCRIPT = re.compile(r"\.(?:php|aspx?|jsp|cfm|cgi|pl|do|exe)\Z", re.IGNORECASE)


def wants_probe(response: FinalResponse) -> bool:
    """True where something about a successful response is odd, and a probe could tell whether it is a soft 404."""
    response = read_as_page(response)
    reading, cited = response.reading, response.first_url
    case = Case(response, cited)
    if not response.is_success or not response.complete or is_home(cited):
        return is_home(cited) and response.is_success and reading is not None and hints_parking(case)
    if is_wrong_kind(case):
        return True
    if reading is None or not reading.text:
        return False
    return first_sign(case) is not None or hints_parking(case) or not _names_itself(case)


def probe_url(url: Url, new_token: str) -> Url:
    """A sibling of `url` that cannot exist, of the same shape; `new_token` is random text.

    Numbers further up the path are changed too: many sites go by `/news/53633/` and take any words behind it.
    """
    digits = str(int.from_bytes(hashlib.sha256(new_token.encode()).digest()[:6], "big"))
    token = re.sub(r"[^a-z0-9]", "", new_token.lower())[:24] or digits
    path, _, query = url.target.partition("?")
    *folders, last = path.rstrip("/").split("/")
    if query and (has_home_path(url) or _SCRIPT.search(last)):
        return parse(f"{url.origin}{path}?{_other_query(query, digits)}")
    folders = [digits if _NUMBER.fullmatch(folder) else folder for folder in folders] or [""]
    stem, dot, suffix = last.rpartition(".")
    named = (digits if last.isdigit() else token) + (dot + suffix if stem and len(suffix) <= 5 else "")
    slash = "/" if path.endswith("/") and last else ""
    return parse(f"{url.origin}{'/'.join(folders)}/{named}{slash}")


def _other_query(query: str, digits: str) -> str:
    """The query with another value for the parameter that seems to identify the page."""
    pairs = query.split("&")
    names = [pair.partition("=")[0].lower() for pair in pairs]
    by_name = (at for at, name in enumerate(names) if name in CONTENT_KEYS)
    by_value = (at for at, pair in enumerate(pairs) if pair.partition("=")[2].isdigit())
    at = next(by_name, next(by_value, 0))
    pairs[at] = f"{pairs[at].partition('=')[0]}={digits}"
    return "&".join(pairs)


def alike(response: FinalResponse, probe: FinalResponse, *, titles: bool) -> bool:
    """True where the probe got what the response got; `titles` demands that their titles be the same too."""
    if 300 <= probe.status < 400:
        return bool(response.hops) and _goes_to(probe) == response.url.href
    if not (probe.is_success or probe.status in (404, 410)):
        return False
    if response.body and response.body == probe.body:
        return True
    if response.reading is None or probe.reading is None or not response.text:
        return False
    own, other = _words(response, probe), _words(probe, response)
    if titles and fold(response.title) != fold(probe.title):
        return False
    return _similarity(own, other) > ALIKE


def _goes_to(probe: FinalResponse) -> str | None:
    try:
        return parse(probe.header("Location") or "", probe.url).href
    except UrlError:
        return None


def _names_itself(case: Case) -> bool:
    """True where the page states its own address, or uses the words of it."""
    response, reading = case.response, case.response.reading
    assert reading is not None
    stated = [reading.canonical] if reading.canonical else []
    stated += [link.url for link in reading.api_links if link.rel == "shortlink"]
    if any(not is_home(url) and _same_thing(url, response.url, case.cited) for url in stated):
        return True
    words = [word for word in fold(_slug(response.url)).split() if len(word) > 3 and not word.isdigit()]
    if len(words) < 2:
        return False
    said = set(fold(f"{response.title} {response.text[:100_000]}").split())
    return sum(word in said for word in words) * 2 >= len(words)


def _same_thing(stated: Url, *others: Url) -> bool:
    return any(
        stated.path.rstrip("/") == other.path.rstrip("/") and (stated.path != "/" or stated.target == other.target)
        for other in others
    )


def _slug(url: Url) -> str:
    return re.sub(r"[-_+.]", " ", unquote(url.path.rstrip("/").rpartition("/")[2]))


def _words(response: FinalResponse, other: FinalResponse) -> list[str]:
    """The text's words, without those in which two copies of one error page differ: addresses, numbers, tokens."""
    own = set(fold(_slug(response.url)).split()) | set(fold(_slug(other.url)).split())
    return [
        word
        for word in fold(response.text[: 20 * _MOST_WORDS]).split()[:_MOST_WORDS]
        if word not in own and (word.isalpha() or not any(char.isdigit() for char in word))
    ]


def _similarity(one: list[str], other: list[str]) -> float:
    """Jaccard's index over shingles of three words; over words where there are few."""
    width = 3 if min(len(one), len(other)) > 30 else 1
    first, second = (
        Counter(tuple(words[at : at + width]) for at in range(len(words) - width + 1)) for words in (one, other)
    )
    union = sum((first | second).values())
    return sum((first & second).values()) / union if union else 0.0
