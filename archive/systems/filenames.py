"""The file name that a server states, and the name of the file in the bag."""

from __future__ import annotations

import mimetypes
import re
from urllib.parse import unquote_to_bytes

from archive.http.json_body import well_formed_text
from archive.workfolder.recorded import Recorded
from archive_manifests import layout

_EXTENDED = re.compile(r";\s*filename\*\s*=\s*([\w!#$%&+^`{}~-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_QUOTED = re.compile(r';\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_TOKEN = re.compile(r";\s*filename\s*=\s*([^;\s\"]+)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")
_LONGEST = 255
_LONGEST_FIELD = 8192
_LATIN = frozenset({"iso-8859-1", "us-ascii", "latin1", "windows-1252"})
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Controls (C0, C1), line and paragraph separators, and what turns the direction of the text round it."""


def stated_name(recorded: Recorded) -> str | None:
    """The file's own name, as Content-Disposition states it: the extended form first. (RFC 6266, section 4.3)"""
    field = (recorded.header("Content-Disposition") or "")[:_LONGEST_FIELD]
    extended = _EXTENDED.search(field)
    if extended is not None:
        return _plain(_decoded(extended[2], extended[1]))
    found = _QUOTED.search(field)
    if found is not None:
        return _plain(_as_utf8(re.sub(r"\\(.)", r"\1", found[1])))
    token = _TOKEN.search(field)
    return _plain(_as_utf8(token[1])) if token is not None else None


def _decoded(value: str, charset: str) -> str:
    """An extended value in UTF-8 or Latin-1; other charsets are read as UTF-8. (RFC 8187, section 3.2.1)"""
    data = unquote_to_bytes(value.encode("latin-1", "replace"))
    return data.decode("cp1252" if charset.lower() in _LATIN else "utf-8", "replace")


def _as_utf8(value: str) -> str:
    """Decode a field's bytes as UTF-8, where they are: heads are read as Latin-1, but servers send UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _plain(name: str) -> str | None:
    """A name that is safe to show: without a path, without characters that reorder the text around it."""
    bare = _INVISIBLE.sub("", re.split(r"[/\\]", well_formed_text(name))[-1]).strip()
    return bare[:_LONGEST] or None


def path_in_bag(source_id: str, stem: str, name: str | None, media_type: str) -> str:
    """`data/media/s09/file.jpg`: an ASCII name with the suffix that the file's own name or type gives it."""
    suffix = _SUFFIX.search(name or "")
    chosen = suffix[1].lower() if suffix else (mimetypes.guess_extension(media_type) or ".bin").lstrip(".")
    return f"{layout.media_of(source_id)}{stem}.{chosen}"
