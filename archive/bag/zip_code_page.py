"""Finds out in which code page an old Windows wrote the names in a zip: by the manifests of the bag in it.

Explorer writes names in the code page of its country, and no flag, wherever that page has all their letters. By the
book they would be code page 437 (APPNOTE 6.3.10, appendix D), in which an Arabic name reads as nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive_manifests import layout

BY_THE_BOOK = "cp437"

CODE_PAGES = (
    *(BY_THE_BOOK, "cp850", "cp1252", "cp720", "cp1256", "cp864", "cp866", "cp1251", "cp855", "cp852", "cp1250"),
    *("cp857", "cp1254", "cp862", "cp1255", "cp737", "cp1253", "cp775", "cp1257", "cp874", "cp1258"),
    *("cp932", "gb18030", "cp949", "big5"),
)
"""What Windows and DOS wrote: for Western languages, then Arabic, Cyrillic, and so on to those of East Asia."""

_LINE = re.compile(r"[0-9A-Fa-f]{16,}[ \t]+\*?(?:\./)?(data/[^\r\n]+)")


def listed_paths(manifests: Iterable[bytes]) -> set[str]:
    """The payload paths that manifests list in UTF-8."""
    return {path for text in manifests for path in _LINE.findall(text.decode("utf-8", "replace"))}


def code_page_of(names: Iterable[bytes], listed: set[str]) -> str | None:
    """The first code page in which every payload name is one that the manifests list; None where there is none."""
    payload = [name for name in names if b"data/" in name.replace(b"\\", b"/")]
    pages = (page for page in CODE_PAGES if payload and all(_is_listed(name, page, listed) for name in payload))
    return next(pages, None)


def _is_listed(name: bytes, page: str, listed: set[str]) -> bool:
    try:
        text = name.decode(page).replace("\\", "/")
    except UnicodeDecodeError:
        return False
    start = 0 if text.startswith(layout.PAYLOAD) else text.find(f"/{layout.PAYLOAD}") + 1
    return text[start:] in listed
