"""What a marked-up link points at: a source, or something that is none."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from archive.cite.links import MAX_URL, find_urls

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_NO_SOURCES = frozenset(
    {"mailto", "tel", "sms", "callto", "javascript", "vbscript", "data", "file", "about", "blob", "cid"}
)
"""Schemes of what is no source: people's addresses, code, the author's own disk."""
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")


class NoSource(Exception):
    """The target is none; `kind` says what it is instead."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def source_target(stated: str, base: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The string to cite and other readings of it. Raises `NoSource`.

    Control characters and the white space round it go, as in browsers; nothing else is changed.
    Relative targets are resolved against `base`, which the document itself must state.
    """
    target = _CONTROL.sub("", stated).strip()
    scheme = _SCHEME.match(target)
    if not target or target.startswith("#"):
        raise NoSource("internal")
    if len(target) > MAX_URL:
        raise NoSource("too-long")
    if _WINDOWS_PATH.match(target):
        raise NoSource("file")
    if scheme and scheme[1].lower() in _NO_SOURCES:
        raise NoSource(scheme[1].lower())
    if scheme and not re.match(r"[\w.-]+:[0-9]+(?:/|\Z)", target):
        return target, ()
    return _without_scheme(target, base)


def _without_scheme(target: str, base: str | None) -> tuple[str, tuple[str, ...]]:
    if target.startswith("//") and not base:
        return target, (f"https:{target}", f"http:{target}")
    if base:
        try:
            return urljoin(base, target), ()
        except ValueError as error:
            raise NoSource("relative") from error
    found = next(find_urls(target), None)
    if found is not None and (found.start, found.end) == (0, len(target)):
        return target, found.alternatives
    raise NoSource("relative")


def alike(one: str, other: str) -> bool:
    """True where two spellings would be taken by a reader for one address."""
    return _folded(one) == _folded(other)


@lru_cache(4096)
def _folded(target: str) -> tuple[str, str, str]:
    spelled = target if "://" in target else f"http://{target.lstrip('/')}"
    try:
        parts = urlsplit(spelled)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ("", target, "")
    return host, unquote(parts.path).rstrip("/"), unquote(parts.query)
