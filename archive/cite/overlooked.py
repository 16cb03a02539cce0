"""What stands in a report's text, looks like an address, and was not taken for a source."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from archive.cite.extract import MAX_LINKS, Extracted, Link
from archive.cite.known_hosts import is_known_host
from archive.cite.scan import page_at
from archive_manifests.sources import PassedOver

_SHOWN = 200
_LOOKS_LIKE = re.compile(
    r"(?P<mail>(?<![\w.+%-])[\w.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)"
    r"|(?P<doi>(?<![\w.])(?:doi:? ?)?10\.[0-9]{4,9}/[^\s<>\"“”]{2,200})"
    r"|(?P<onion>(?<![\w@./-])[a-z2-7]{16,56}\.onion(?![\w-]))"
    r"|(?P<broken>(?<![A-Za-z])(?:hxxps?|h\*\*ps?|https?|ftp) ?(?:\[?:\]?|;) ?/{0,2}[^\s]{0,120}"
    r"|(?<![\w.@])www(?:\.| [\w-]{1,60}\.)[^\s]{1,120})"
    r"|(?P<scheme>(?<!\w)[^\W\d_][\w+.-]{1,30}:/(?:/{1,2}[^\s]{1,120}|[\w-]+(?:\.[\w-]+)+[^\s]{0,120}))"
    r"|(?P<ip>(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{2,5}(?:/[^\s]{0,200})?|/(?![0-9]{1,2}\b)[^\s]{1,200}))"
    r"|(?P<disarmed>(?<![\w@./-])[a-z0-9-]{1,63}(?: ?[\[({](?:\.|dot)[\])}] ?[a-z0-9-]{2,63})+[^\s]{0,200})"
    r"|(?P<cut>(?<![\w/])[\w%.?&#-]{0,60}[/=?][\w%./?=&#:-]{3,200}(?=…)|(?<=…)[\w%.?&#-]{0,60}[/=?][\w%./?=&#:-]{3,200})"
    r"|(?P<host>(?<![\w@./:=&?%-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}[a-z]{2,24}(?![\w@-]|\.[a-z0-9]))",
    re.IGNORECASE,
)
_HAS_A_SIGN = re.compile(r"\.\S|:/|@|…|[\[({](?:\.|dot)|(?:htt|hxx|h\*\*)p|ftp", re.IGNORECASE)
"""What each of these has: a line without it is not searched, which takes ten times as long."""
_KINDS = {
    "mail": "mail-address",
    "doi": "doi",
    "onion": "onion",
    "broken": "broken-address",
    "ip": "ip-address",
    "disarmed": "broken-address",
    "cut": "broken-address",
    "host": "bare-host",
}
_WORDS = frozenset(
    ("am", "as", "at", "be", "by", "de", "do", "id", "in", "is", "it", "la", "me", "my", "no", "so", "to", "us")
)
"""Top-level domains that are words too: after one of them, a blank was lost behind a full stop."""
_SCHEME = re.compile(r"\A(?:(?:hxxps?|h\*\*ps?|https?|ftp|www)\W*|[^\W\d_][\w+.-]*:/{0,3})", re.IGNORECASE)
"""A scheme or what looks like one, with nothing behind it."""
_FILE = re.compile(r"\.(?:zip|md|py|sh|rs|ps|pl|so|ai|cc|mov|app|bat)\Z", re.IGNORECASE)
"""Names of files, though their endings are top-level domains."""


def overlooked(extracted: Extracted, links: Iterable[Link]) -> Iterator[PassedOver]:
    """Yield what looks like an address outside of every link, in the order of the text, each spelling once a page."""
    spans = sorted((link.offset, link.offset + (link.length or 0)) for link in links if link.offset is not None)
    starts = [start for start, _ in spans]
    text = extracted.text
    seen: set[tuple[str, int | None]] = set()
    line, counted = 1, 0
    for match in _matches(text):
        kind = match.lastgroup or ""
        if _is_inside(match.start(), spans, starts) or not _is_meant(kind, match[0]):
            continue
        if kind in ("broken", "scheme") and _is_head_of_link(match, starts):
            continue
        page = page_at(extracted.page_starts, match.start())
        if (match[0], page) in seen:
            continue
        seen.add((match[0], page))
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        yield PassedOver(_KINDS.get(kind) or _scheme_of(match[0]), match[0].rstrip(".,;:)]")[:_SHOWN], page, line)
        if len(seen) > MAX_LINKS:
            return


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield what looks like an address; nothing that does goes over the end of a line."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if _HAS_A_SIGN.search(line):
            yield from _LOOKS_LIKE.finditer(text, start, end)
        start = end + 1


def _is_inside(place: int, spans: list[tuple[int, int]], starts: list[int]) -> bool:
    index = bisect_right(starts, place) - 1
    return any(start <= place < end for start, end in spans[max(0, index - 1) : index + 1])


def _is_head_of_link(match: re.Match[str], starts: list[int]) -> bool:
    """True where nothing but a scheme stands before a link that begins within the match."""
    index = bisect_right(starts, match.start())
    if index == len(starts) or starts[index] >= match.end():
        return False
    return re.search(r"\w", _SCHEME.sub("", match[0][: starts[index] - match.start()])) is None


def _scheme_of(found: str) -> str:
    """The scheme as the kind of what is no web address; where it can be none, the address is a broken one."""
    scheme = found.partition(":")[0].lower()
    return scheme if re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) else "broken-address"


def _is_meant(kind: str, found: str) -> bool:
    """False for what only happens to have dots or colons in it."""
    if kind in ("broken", "scheme"):
        return re.search(r"\w", _SCHEME.sub("", found)) is not None
    if kind == "cut":
        return re.search(r"[=&?%]|[0-9]|/\S*/", found) is not None
    if kind == "ip":
        return all(int(part) < 256 for part in re.split(r"[.:/]", found)[:4])
    if kind != "host":
        return True
    labels = found.split(".")
    has_word = any(re.search("[A-Za-z]{2}", label) for label in labels[:-1])
    is_name = has_word and max(map(len, labels[:-1])) > 2
    is_lost_blank = labels[-1].lower() in _WORDS and len(labels) == 2 and not found.isupper()
    return is_name and is_known_host(found) and not is_lost_blank and _FILE.search(found) is None
