"""Values that a program made up: identifiers, nonces, digests. A name, a number or an encoded text is none."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from urllib.parse import unquote_to_bytes

_TOKEN = re.compile(r"[A-Za-z0-9+/_=.:-]{8,400}")
_SHORTEST_WORDS = 8
_WORD = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]?[a-z]{2,}|[A-Z]{3,})(?![A-Za-z0-9])")
"""Letters as a word has them: capitals within are none of a word."""
_SAID = re.compile(
    r"[A-Za-z]?[a-z]+(?:[-_.][A-Za-z]?[a-z]+)*|[A-Z]+(?:[-_.][A-Z]+)*|(?:19|20)[0-9]{2}-?[0-9]{2}-?[0-9]{2}"
)
_HEXADECIMAL = re.compile(r"(?=.*[0-9])[0-9a-f-]{12,}|(?=.*[0-9])[0-9A-F-]{12,}")
"""What a program made up once more: no text."""
_DATED = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|\d\d:\d\d")


def is_made(text: str) -> bool:
    """True for a value without any word in it: hexadecimal, or letters and digits in turn."""
    if not _TOKEN.fullmatch(text) or decodes_to_words(text):
        return False
    if _DATED.search(text) or re.search(r"\.[a-z]{2,4}\Z", text) or len(_WORD.findall(text)) > 1:
        return False  # a time, a file, words
    if "/" in text and re.search(r"/[a-z]{3,}", text):
        return False  # a path
    if text.endswith("=") and re.fullmatch(r"[A-Za-z0-9+/_-]{10,}={1,2}", text):
        return True
    bare = re.sub(r"[^A-Za-z0-9]", "", text)
    if bare.isdigit() or not bare:
        return False
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(bare))
    mixed = sum(a.islower() and b.isupper() for a, b in pairwise(bare))
    is_hex = re.fullmatch(r"[0-9a-fA-F]+", bare) is not None and changes >= 1
    return changes >= 3 or mixed >= 3 or (is_hex and len(bare) >= 8)


def is_code(text: str) -> bool:
    """True for letters in both cases, with digits or more capitals within: no word, and nothing that a reader reads."""
    return _CODE.fullmatch(text) is not None


_CODE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?:(?=.*\d)|(?=.*[a-z][A-Z].*[a-z][A-Z]))[\w+/-]{6,40}")


def is_random(text: str) -> bool:
    """True for a made value that is long enough to be made up anew for each visit."""
    is_hex = re.fullmatch(r"[0-9a-f-]+", text) is not None
    return len(text) >= (12 if is_hex else 16) and is_made(text)


def is_silent(text: str) -> bool:
    """True for one string of some length that is no word: enough where its name says that it is a secret."""
    is_one = 8 <= len(text) <= 4000 and not re.search(r"\s", text)
    return is_one and text.isascii() and not _SAID.fullmatch(text) and not decodes_to_words(text)


def decodes_to_words(text: str) -> bool:
    """True for a text in another encoding."""
    if len(text) < _SHORTEST_WORDS or text.isdigit():
        return False
    candidates = []
    padded = text + "=" * (-len(text) % 4)
    for decode, encoded in ((base64.b64decode, padded), (base64.urlsafe_b64decode, padded), (bytes.fromhex, text)):
        try:
            candidates.append(decode(encoded))
        except (binascii.Error, ValueError):
            continue
    if _SPACED.search(text) and "//" not in text:
        candidates.append(unquote_to_bytes(text))
    return any(_LETTERS.search(content) is not None and _is_text(content) for content in candidates)


_LETTERS = re.compile(
    rb"[A-Za-z]{4}|(?:[\xd8-\xdb][\x80-\xbf]){2}|(?:[\xc3-\xdf][\x80-\xbf]){3}|(?:[\xe0-\xed][\x80-\xbf]{2}){2}"
)
"""Letters in a row: of Arabic script two, of another of two bytes each three, of three bytes each two. (RFC 3629)"""
_SPACED = re.compile(r"\w%20\w[\w%]*%20\w|(?:%[89A-F][0-9A-F]){6}", re.IGNORECASE)
"""Three words, or letters that are no ASCII, as addresses write them."""


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() and _HEXADECIMAL.fullmatch(text) is None
