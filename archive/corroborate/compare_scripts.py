"""Scripts of two pages: whether what differs can put other words before a reader, or lead elsewhere."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from archive.corroborate.places import is_service_address, place_of_file
from archive.corroborate.slots import is_advertising
from archive.corroborate.volatile import NEVER_COUNTED, masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
_LONGEST = 2 << 20
_VALUE = re.compile(
    r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{8,}\b|\b(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{10,}\b|\b[0-9]+(?:[.,:][0-9]+)*\b"
)
"""What changes from visit to visit in a script: identifiers, instants, numbers."""
_STATEMENT = re.compile(r"[;\n{}]+")
_TEXT = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_WORDS = re.compile(r"[^\W\d_]{2,}(?:[\s,.;:'’-]+[^\W\d_]+){2,}")
"""Three words in a row: what a person may read."""
_DECODES = re.compile(r"\b(?:fromCharCode|atob|eval|Function|unescape|decodeURI\w*|TextDecoder|replace(?:All)?\()")
_WRITES = re.compile(
    r"\b(?:innerHTML|outerHTML|innerText|outerText|textContent|nodeValue|insertAdjacent\w*|document\.write\w*|replaceWith|"
    r"replaceChild\w*|removeChild|appendChild|insertBefore|createElement\w*|createTextNode|createContextualFragment|"
    r"setAttribute\w*|removeAttribute|\.remove\(|\.append\(|\.prepend\(|\.before\(|\.after\(|display|visibility|hidden|"
    r"\.html\(|\.text\(|\.attr\(|\.css\(|\.style\b|cssText|className|classList|insertRule|adoptedStyleSheets|attachShadow|"
    r"srcdoc|\.src\s*=|\.href\s*=|\.srcset\s*=|\.value\s*=|\.title\s*=|\.alt\s*=|\.data\s*=|"
    r"location|history\.|window\.open|navigate\(|document\.title|execCommand|designMode|"
    r"replace(?:All)?\(|fromCharCode|atob|eval|Function|unescape|decodeURIComponent|import\(|importScripts|Reflect\.|"
    r"document\s*\[|window\s*\[|self\s*\[|globalThis|Object\.assign)"
    r"|\.(?:append|prepend|before|after|html|text|src|style|remove)\b"
)
"""How a script changes what a page shows, or where its reader is led."""
_TOKEN = re.compile(
    r"(?<![\w+/=-])[A-Za-z0-9+/_=-]{8,200}(?![\w+/=-])(?!\.(?:jpe?g|png|gif|webp|avif|svg|mp4|webm|mp3|m3u8|pdf|html?|js)\b)"
)
_SHORTEST_WORDS = 8
_EPOCH = re.compile(r"(?<!\d)1[5-9]\d{8}(?:\d{3})?(?!\d)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
_SAYS_HOW_MANY = re.compile(r"toll|count ?dead|deaths|fatalit|massacre", re.IGNORECASE)


def compare_scripts(one: Iterable[str], other: Iterable[str]) -> list[Difference]:
    """Differences between the scripts of two pages, inline or of one site."""
    first, second = _statements(one), _statements(other)
    found = [(statement, first[statement], True) for statement in first.keys() - second.keys()]
    found += [(statement, second[statement], False) for statement in second.keys() - first.keys()]
    return [_difference(*each) for each in sorted(found)]


def compare_linked(one: Mapping[str, str], other: Mapping[str, str]) -> list[Difference]:
    """Scripts that both pages link, and those that one of them alone links."""
    shared = {url for url in one.keys() & other.keys() if one[url] != other[url]}
    alone = (one.keys() ^ other.keys()) | shared
    return compare_scripts(
        (one[url] for url in sorted(alone & one.keys())), (other[url] for url in sorted(alone & other.keys()))
    )


def compare_addresses(
    one: Iterable[str], other: Iterable[str], known: tuple[Mapping[str, str], Mapping[str, str]]
) -> list[Difference]:
    """Scripts that one page alone links, and whose text is not there to be read."""
    places = [
        {
            _versionless(url): url
            for url in urls
            if url not in there and not is_advertising(url) and not is_service_address(url)
        }
        for urls, there in zip((one, other), known, strict=True)
    ]
    read = [{_versionless(url) for url in there} for there in known]
    found = [Difference("script", True, url[:_SHOWN], "") for place, url in sorted(places[0].items())
             if place not in places[1] and place not in read[1]]  # fmt: skip
    found += [Difference("script", True, "", url[:_SHOWN]) for place, url in sorted(places[1].items())
              if place not in places[0] and place not in read[0]]  # fmt: skip
    return found


def _versionless(url: str) -> str:
    """The address of a script without the version and digest in its name."""
    return re.sub(r"[0-9a-fA-F]{6,}|\d+", "0", place_of_file(url))


def is_machine_value(text: str) -> bool:
    """True for an identifier that no person wrote: hexadecimal, or digits among letters, and no words when decoded."""
    if not _TOKEN.fullmatch(text):
        return False
    if re.fullmatch(r"[0-9a-fA-F-]{8,}", text):
        return not text.isdigit() and not _decodes_to_words(text)
    if "/" in text and re.search(r"/[a-z]{3,}", text):
        return False  # a path
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(text))
    mixed = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return (changes >= 4 or mixed >= 3) and not _decodes_to_words(text)


def _decodes_to_words(text: str) -> bool:
    if len(text) < _SHORTEST_WORDS or text.isdigit():
        return False
    candidates = []
    for decode in (base64.b64decode, base64.urlsafe_b64decode, bytes.fromhex):
        try:
            candidates.append(decode(text + "=" * (-len(text) % 4) if decode is not bytes.fromhex else text))
        except (binascii.Error, ValueError):
            continue
    return any(re.search(rb"[A-Za-z]{4}|(?:[\xd8-\xdb][\x80-\xbf]){2}", content) is not None and _is_text(content)
               for content in candidates)  # fmt: skip


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable()


def _statements(scripts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for script in scripts:
        for statement in _STATEMENT.split(script[:_LONGEST]):
            parts = [statement] if _WRITES.search(statement) else statement.split(",")
            spaced = (" ".join(part.split()) for part in parts)
            found.update(_settled(part) for part in spaced if part)
    return found


def _settled(statement: str) -> str:
    """A statement without the values that change; one that can write into the page keeps those that can be read."""
    if _DECODES.search(statement):
        return statement
    if _WRITES.search(statement) or _says(statement) or _counts_people(statement):
        without = _EPOCH.sub("0", statement)
        return _TOKEN.sub(lambda match: "0" if is_machine_value(match[0]) else match[0], without)
    return _VALUE.sub(lambda match: match[0] if _decodes_to_words(match[0]) else "0", statement)


def _counts_people(statement: str) -> bool:
    """True where a name in it speaks of the dead: `var deathToll=37`."""
    spaced = _CAMEL.sub(" ", statement[:2000])
    return NEVER_COUNTED.search(spaced) is not None or _SAYS_HOW_MANY.search(spaced) is not None


def _says(statement: str) -> bool:
    texts = ("".join(groups) for groups in _TEXT.findall(statement))
    return any(_WORDS.search(text) for text in texts)


def _difference(statement: str, count: int, is_first: bool) -> Difference:
    is_substance = bool(_WRITES.search(statement)) or _says(statement) or _counts_people(statement)
    is_substance = is_substance or any(_decodes_to_words(match[0]) for match in _TOKEN.finditer(statement))
    shown = masked(statement)[:_SHOWN]
    return Difference(
        "script" if is_substance else "layout",
        is_substance,
        shown if is_first else "",
        "" if is_first else shown,
        count,
    )
