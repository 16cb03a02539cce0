"""How addresses begin: schemes as they are printed, with slips and blanks, and what is meant by each."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SCHEME = r"h(?:tt|xx|\*\*)ps?(?:://|\[:\]//)|(?<![a-z])ftp://|magnet:\?"
BLANK_SCHEME = r"https?[ ]?:[ ]?/[ ]?/[ ]?(?=[\w-]+(?:[.][\w-]+)+)|https?://www[.][ ](?=[\w-]+[.]\w)"
"""With a blank inside, as justified lines and text extraction leave them."""
_DOTTED = r"(?=[\w-]+(?:[.][\w-]+)+)"
BROKEN_SCHEME = (
    rf"(?<![^\s(<\[\"“«])(?:ttp|tp|p)?(?P<safe>s?)://{_DOTTED}"
    rf"|(?<![a-z])https?(?://|:/(?!/)|;//|:\\\\|\.//){_DOTTED}"
    r"|(?<![a-z])https?:(?=(?:[a-z0-9-]+\.)+[a-z]{2,24}/)"
)
"""A slip of the pen, or cut off at the page's edge: `http//x.org`, `http:/x.org`, `http:x.org/a`, `ttps://x.org`."""
_NO_SPACES = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: scripts in which an address stands right behind a word."""
NEAR_SCHEME = (
    rf"(?<![\w./@-])(?P<near>[^\W\d_{_NO_SPACES}]{{3,12}})[ ]?(?::[ ]?/{{1,3}}[ ]?|;/{{1,2}}|//|:\\\\|\.//){_DOTTED}"
)
"""A word where a scheme stands; `web_scheme` decides whether it is a misspelt one: `htps://x.org`."""

_LOOK_LIKE = str.maketrans(
    {"\u0442": "t", "\u0440": "p", "\u0455": "s", "\u04bb": "h", "\u043d": "h", "\u03c4": "t", "\u03c1": "p"}
    | {"\u0570": "h", "\u13c2": "h", "\u0501": "d", "\u017f": "s"}
)
"""Letters of other scripts that look like those of `https`, small ones. (UTS 39, confusables)"""
_OTHERS = frozenset(
    ("ftp", "ftps", "sftp", "tftp", "smtp", "smtps", "nntp", "ntp", "rtp", "srtp", "rtsp", "rtsps", "rtmp", "rtmps")
) | {"tcp", "mtp", "ptp", "stp", "help"}
"""Schemes and words with a meaning of their own, though few letters part them from `http`."""


def head_of(start: re.Match[str]) -> tuple[str, int]:
    """How the URL begins once blanks and slips in its scheme are mended, and where the line continues from there."""
    if start["blank"]:
        return re.sub(r"\s+", "", start["blank"]), start.end()
    if start["broken"]:
        is_safe = start["broken"].lower().startswith("https") or bool(start["safe"])
        return ("https://" if is_safe else "http://"), start.end()
    if start["near"]:
        return f"{web_scheme(start['near'])}://", start.end()
    return "", start.start()


def is_in_look_alikes(start: re.Match[str]) -> bool:
    return start["near"] is not None and folded_scheme(start["near"]) in ("http", "https")


@lru_cache(1024)
def web_scheme(word: str) -> str | None:
    """`http` or `https`, where the word is one of them, misspelt by up to two letters or in look-alikes; else None."""
    folded = folded_scheme(word)
    if folded in _OTHERS or not 3 <= len(folded) <= 8:
        return None
    distance, _, scheme = min((_distance(folded, name), name != "https", name) for name in ("http", "https"))
    if folded[-1] == "p" and distance == _distance(folded, "http"):
        scheme = "http"
    is_like = distance <= 1 or (distance == 2 and (folded[0] == "h" or "tp" in folded))
    return scheme if is_like else None


def folded_scheme(word: str) -> str:
    """The word in small Latin letters: accents gone, letters of other scripts as those that they look like."""
    plain = unicodedata.normalize("NFKD", word.lower()).translate(_LOOK_LIKE)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _distance(one: str, other: str) -> int:
    """How many letters are to be put in, left out or replaced. (Levenshtein)"""
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, 1):
        above, row[0] = row[0], index
        for place, wanted in enumerate(other, 1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (letter != wanted))
    return row[-1]
