"""Reads `fetch.txt`. What it lists is never fetched. (RFC 8493, sections 2.2.3 and 5.2)"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from archive_manifests import layout
from archive_manifests.paths import BagPath
from archive_manifests.payload import CURRENT
from archive_manifests.tagtext import Problem, Problems, lines

_LINE = re.compile(r"(\S+)[ \t]+(\S+)[ \t]+(.*\S.*)\Z", re.DOTALL)
_LENGTH = re.compile(r"(?:\d{1,20}|-)\Z", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+\Z")
"""An absolute URI: a scheme and what follows it, without a fragment: `https:`, `ark:`, `tag:`. (RFC 3986, 4.3)"""
_LOCAL = ("file:", "data:", "javascript:")


class FetchList(Struct, frozen=True):
    """The paths that are to be fetched, with the line of each, and what is wrong with the file."""

    paths: dict[str, int]
    problems: tuple[Problem, ...]
    lengths: dict[str, int]
    """Octets of those files of which they are stated."""


def read_fetch_file(
    chunks: Iterable[bytes], *, version: tuple[int, int] = CURRENT, encoding: str = "utf-8"
) -> FetchList:
    """Read it strictly, line by line."""
    problems = Problems()
    paths: dict[str, int] = {}
    lengths: dict[str, int] = {}
    for number, text in lines(chunks, encoding, problems):
        match = _LINE.match(text)
        if not match:
            problems.append(Problem("fetch-line", number, text[:200], "not `url length path`"))
            continue
        url, length, spelled = match.groups()
        path = BagPath.decoded(spelled).text if version >= CURRENT else spelled
        if not _URL.match(url) or url.lower().startswith(_LOCAL):
            problems.append(Problem("fetch-url", number, url[:200]))
        if not _LENGTH.match(length):
            problems.append(Problem("fetch-length", number, length[:200]))
        if not BagPath(path).is_inside:
            problems.append(Problem("path-unsafe", number, path[:200]))
        elif not path.startswith(layout.PAYLOAD):
            problems.append(Problem("fetch-outside", number, path[:200]))
        elif path in paths:
            problems.append(Problem("fetch-duplicate", number, path[:200]))
        else:
            paths[path] = number
            if length != "-" and _LENGTH.match(length):
                lengths[path] = int(length)
    return FetchList(paths, tuple(problems), lengths)
