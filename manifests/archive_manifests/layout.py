"""Every path inside a bag, once. (RFC 8493 for the tag files, WACZ 1.1.1 for the web archive below `data/`)"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

DECLARATION = "bagit.txt"
BAG_INFO = "bag-info.txt"
PAYLOAD_MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
"""Its digest identifies the bag."""
README = "README-VERIFY.txt"
METS = "METS.xml"
"""At the top of an E-ARK package, which is no bag but may hold one. (CSIP 2.1.0)"""
DISCLOSURE = "disclosure.txt"
"""The root of the tree that a disclosure copy is checked against."""

PAYLOAD = "data/"
"""The folder of the payload."""
PAGE = "data/index.html"
"""The page for people."""
MOST_ON_ONE_PAGE = 200
"""Sources up to which `PAGE` has all of them."""
SOURCE_PAGES = "data/sources/"
"""Beyond that: one page for each source, and the style sheet that they share."""
SOURCE_STYLE = "data/sources/page.css"
LEDGER = "data/sources.json"

REPORT = "data/report/"
REPORT_TEXT = "data/report/text.txt"
SOURCE_MANIFEST = "data/report/sources.toml"

ARCHIVE = "data/archive/"
"""The WARC files. This folder, the index, the list of pages and the data package are an unpacked WACZ."""
INDEX = "data/indexes/index.cdx"
PAGES = "data/pages/pages.jsonl"
DATA_PACKAGE = "data/datapackage.json"

MEDIA = "data/media/"
"""Files of each source: documents, video, supplied files."""
VIEWS = "data/views/"
"""What a browser rendered of each source."""

RECORDS = "data/provenance/records.jsonl"
"""Every WARC record with its place and digests."""
EVENTS = "data/provenance/events.jsonl"
"""The custody events up to finishing."""
PREMIS = "data/provenance/premis.xml"
SOFTWARE = "data/provenance/software.json"
SEED = "data/provenance/seed.txt"
"""The seed of the salts of the disclosure tree. No disclosure copy and no WACZ contains it."""
BEGUN = "data/provenance/time/begun.json"
"""What was timestamped before the first exchange."""
ENDED = "data/provenance/time/ended.json"
"""What was timestamped after the last exchange: the head of the records log."""

WACZ_SUFFIX = ".wacz"

COPY_LEAVES = "data/disclosure/leaves.txt"
"""Of a disclosure copy: every leaf hash of the original's tree in hex, sorted, one a line."""
COPY_PROOFS = "data/disclosure/proofs.jsonl"
COPY_WITHHELD = "data/disclosure/withheld.json"


_GENERATED = frozenset(
    {PAGE, LEDGER, REPORT_TEXT, SOURCE_MANIFEST, INDEX, PAGES, DATA_PACKAGE, RECORDS, EVENTS, PREMIS, SOFTWARE, SEED}
)
_STAMPS = re.compile(r"data/provenance/time/(?:begun|ended)(?:-\d\d\.ts[qr]|\.json)\Z")


def is_expected(path: str) -> bool:
    """True for a payload file that our bags have independent of the ledger: all but the files of sources."""
    if path in _GENERATED or _STAMPS.match(path):
        return True
    return path.startswith(ARCHIVE) and path.count("/") == ARCHIVE.count("/")


def source_of(path: str) -> str | None:
    """The source whose folder a payload file is in; None where it is in none."""
    for folder in (MEDIA, VIEWS):
        if path.startswith(folder):
            return path[len(folder) :].partition("/")[0]
    return None


def source_page(source: str) -> str:
    """The page of one source, where the report cites too many for one page."""
    return f"{SOURCE_PAGES}{source}.html"


def source_pages(sources: Collection[str]) -> Iterator[str]:
    """Every file of the pages of those sources, by their ids; none where one page has them all."""
    if len(sources) > MOST_ON_ONE_PAGE:
        yield SOURCE_STYLE
        yield from map(source_page, sources)


def original_report(suffix: str) -> str:
    """The report byte for byte; `suffix` is `.pdf`, or empty."""
    return f"{REPORT}original{suffix}"


def media_of(source: str) -> str:
    """The folder of a source's files, with a slash at its end."""
    return f"{MEDIA}{source}/"


def views_of(source: str) -> str:
    """The folder of a source's renderings, with a slash at its end."""
    return f"{VIEWS}{source}/"


def stamp_path(stamped: str, number: int, suffix: str) -> str:
    """Where the timestamp query (`tsq`) or reply (`tsr`) of the authority at `number`, from 1, is."""
    return f"{stamped.removesuffix('.json')}-{number:02d}.{suffix}"
