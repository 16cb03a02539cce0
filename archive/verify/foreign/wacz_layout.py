"""What a WACZ must have beside its description: WARCs, an index, and a list of pages of its form. (WACZ 1.1.1, 5.2)

Each departure is one warning a file: nothing is lost, and every stated digest may hold. With `--strict` it is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from archive.bag.interface import Broken
from archive.bag.wacz import WaczFile
from archive.capture.tracking import dedup_key
from archive.errors import BagUnreadable
from archive.urls import UrlError, parse
from archive.warc.report import WarcReport
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

PAGES = "pages/pages.jsonl"
_INDEXES = "indexes/"
_SHOWN = 120


def check_layout(wacz: WaczFile, reports: Iterable[WarcReport]) -> Iterator[Finding]:
    """The index, and the pages: each line with its `url` and `ts`, each page in a WARC."""
    files = wacz.files()
    if not any(name.startswith(_INDEXES) for name in files):
        yield make_finding("wacz-layout", BagPath(_INDEXES), expected="an index of the WARCs", found="none")
    if PAGES not in files:
        yield make_finding("wacz-layout", BagPath(PAGES), expected="a list of pages", found="none")
        return
    try:
        text = wacz.text(PAGES) or b""
    except (Broken, BagUnreadable):
        return  # reported by whoever reads all files
    yield from _check_pages(text, reports)


def _check_pages(text: bytes, reports: Iterable[WarcReport]) -> Iterator[Finding]:
    place, wrong, urls = BagPath(PAGES), list[tuple[int, str]](), dict[str, int]()
    lines = [line for line in text.split(b"\n") if line.strip()]
    for number, line in enumerate(lines, start=1):
        problem, url = _judge(line, is_first=number == 1)
        if problem is not None:
            wrong.append((number, problem))
        elif url is not None:
            urls.setdefault(url, number)
    if wrong:
        number, problem = wrong[0]
        found = f"{len(wrong):,} of {len(lines):,} lines, the first: {problem}"
        yield make_finding("wacz-pages", place, line=number, expected="an object with url and ts", found=found)
    elif not lines:
        yield make_finding("wacz-pages", place, expected="an object with url and ts a line", found="an empty file")
    lacking = _not_recorded(urls, reports)
    if lacking:
        shown = f"{len(lacking):,} of {len(urls):,} pages, the first: {lacking[0][:_SHOWN]}"
        yield make_finding("wacz-page-unfounded", place, line=urls[lacking[0]], found=shown)


def _judge(line: bytes, *, is_first: bool) -> tuple[str | None, str | None]:
    """What is wrong with a line, and the page's URL; neither for the heading, which may stand first."""
    try:
        stated = json.loads(line)
    except (ValueError, RecursionError):
        return f"no JSON: {line[:_SHOWN].decode('utf-8', 'backslashreplace')!r}", None
    if not isinstance(stated, dict):
        return f"no object: {type(stated).__name__}", None
    if is_first and isinstance(stated.get("format"), str) and "url" not in stated:
        return None, None
    url, time = stated.get("url"), stated.get("ts")
    if not isinstance(url, str) or not _is_url(url):
        return f"url is {str(url)[:_SHOWN]!r}", None
    return None if _is_instant(time) else f"ts is {str(time)[:_SHOWN]!r}", url


def _is_url(text: str) -> bool:
    return ":" in text and not any(character.isspace() for character in text)


def _is_instant(text: object) -> bool:
    """RFC 3339: a date, a time and an offset."""
    if not isinstance(text, str) or len(text) < len("2026-11-22T10:00:00Z"):
        return False
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00").replace("z", "+00:00")).tzinfo is not None
    except ValueError:
        return False


def _not_recorded(urls: dict[str, int], reports: Iterable[WarcReport]) -> list[str]:
    """Pages without any record, one that differs in scheme, `www.` or tracking counted too."""
    recorded = {record.uri.partition("#")[0] for report in reports for record in report.records() if record.uri}
    lacking = [url for url in urls if url.partition("#")[0] not in recorded]
    if not lacking:
        return []
    keys = {_key(uri) for uri in recorded}
    return [url for url in lacking if _key(url) not in keys]


def _key(url: str) -> str:
    try:
        parsed = parse(url)
        return dedup_key(parsed) if parsed.is_web else url
    except (UrlError, ValueError):
        return url
