"""The report's text without the citations of what is withheld: derived for a copy, proven by nothing.

It is made from the text, never by boxes over pages: what lies under a box is still in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.disclose.names import names_of
from archive_manifests.ledger import SourceEntry

MARK = "[withheld]"
HEAD = """DERIVED TEXT. The program made it from the report's text for this copy; nothing proves it. Where it has
[withheld], a citation of a source that this copy withholds was taken out. The report itself is not in this copy.

"""


def redacted_text(text: str, withheld: Iterable[SourceEntry], disclosed: Iterable[SourceEntry]) -> str:
    """The text with `[withheld]` in place of each citation of a withheld source, and of its names elsewhere.

    A citation is where the ledger says it is; if that place is not in this text, the names alone are taken out.
    """
    entries = list(withheld)
    spans = sorted(
        (place.offset, place.offset + place.length)
        for entry in entries
        for place in entry.citations
        if place.offset is not None and place.length is not None and place.offset + place.length <= len(text)
    )
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if end <= at:
            continue
        pieces += [text[at : max(start, at)], MARK]
        at = end
    return HEAD + _without_names("".join([*pieces, text[at:]]), entries, disclosed)


def _without_names(text: str, withheld: Iterable[SourceEntry], disclosed: Iterable[SourceEntry]) -> str:
    """The text without the names of withheld sources, longest first; line breaks may stand within an address."""
    shared = {name for entry in disclosed for name in names_of(entry)}
    names = {name for entry in withheld for name in names_of(entry) if name not in shared}
    if not names:
        return text
    ordered = sorted(names, key=len, reverse=True)
    pattern = "|".join(r"\s?".join(map(re.escape, "".join(name.split()))) for name in ordered)
    return re.sub(pattern, MARK, text, flags=re.IGNORECASE)
