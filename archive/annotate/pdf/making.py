"""What a PDF says of how its annex was made, so that it can be made again and compared."""

from __future__ import annotations

import re
import zlib
from functools import cache
from importlib import metadata

from msgspec import Struct

from archive.annotate.entries import LAYOUT, AnnexFacts
from archive.version import AGENT

_LAYS_OUT = ("fpdf2", "fonttools", "uharfbuzz", "segno", "pypdf", "pypdfium2")
"""Packages whose versions decide which bytes the same annex has."""
_COMMENT = re.compile(
    rb"archive-annotate (?P<layout>[0-9]{1,4}) language=(?P<language>[a-z]{2,3}) digests=(?P<digests>[01])"
    rb" program=(?P<program>[ -'*-~]{1,80}?)(?: with=(?P<libraries>[!-'*-~]{1,200}))?(?=[\n)])"
)
_LONGEST = 420


class Making(Struct, frozen=True):
    """How an annex was made, in its own words."""

    layout: int
    language: str
    digests: bool
    program: str
    libraries: str

    @property
    def is_ours(self) -> bool:
        """True where this very program makes the same bytes of the same report and bag."""
        return self.is_our_version and self.libraries == libraries()

    @property
    def is_our_version(self) -> bool:
        return self.program == AGENT and self.layout == LAYOUT

    @property
    def described(self) -> str:
        layout = "" if self.layout == LAYOUT else f" (layout {self.layout})"
        return f"{self.program}{layout}" if not self.is_our_version else f"{self.program} ({self.libraries})"


@cache
def libraries() -> str:
    """Names and versions of what lays out and compresses; of zlib the one in use, since there are several of them."""
    versions = [f"{name}-{_version(name)}" for name in _LAYS_OUT]
    return ",".join([*versions, f"zlib-{zlib.ZLIB_RUNTIME_VERSION}"])[:200]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def comment_of(facts: AnnexFacts) -> str:
    """What the file says of how it was made."""
    language, digests = facts.words.code, int(facts.shows_digests)
    return f"archive-annotate {LAYOUT} language={language} digests={digests} program={AGENT} with={libraries()}"


def stated_making(content: bytes, report_size: int) -> Making | None:
    """What stands behind the report's bytes, or in an annex of its own; None where there is no such statement."""
    tail = content[report_size : report_size + _LONGEST]
    if re.match(rb"[\r\n]?%archive-annotate ", tail):
        found = _COMMENT.search(tail)
    else:
        start = content.rfind(b"/Producer (archive-annotate ")
        found = _COMMENT.search(content, start, start + _LONGEST) if start >= 0 else None
    if found is None:
        return None
    texts = {name: (value or b"").decode("ascii") for name, value in found.groupdict().items()}
    is_digests = texts["digests"] == "1"
    return Making(int(texts["layout"]), texts["language"], is_digests, texts["program"], texts["libraries"])
