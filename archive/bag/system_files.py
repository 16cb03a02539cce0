"""Files that an operating system adds to folders by itself: nobody's content, and in no manifest."""

from __future__ import annotations

_EXTRAS_FOLDER = "__MACOSX"

_APPLE = "macOS writes this file by itself; package without such files: COPYFILE_DISABLE=1 tar, or dot_clean -m FOLDER"
_FINDER = "the Finder of macOS writes this file by itself; delete it and package the bag again"
_WINDOWS = "Windows writes this file by itself; delete it and package the bag again"
_ADVICE = {
    ".ds_store": _FINDER,
    ".localized": _FINDER,
    "icon\r": _FINDER,
    "thumbs.db": _WINDOWS,
    "ehthumbs.db": _WINDOWS,
    "desktop.ini": _WINDOWS,
    ".directory": "the desktop KDE writes this file by itself; delete it and package the bag again",
}
"""Name in lower case -> who writes the file, and what to do."""
_FOLDERS = (_EXTRAS_FOLDER, ".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems", "System Volume Information")


def is_macos_extra(name: str) -> bool:
    """True for what macOS adds beside a folder that it packages: resource forks and Finder's view settings.

    Finder writes them to `__MACOSX/`, `tar` beside the folder as `._NAME`. (RFC 1740, AppleDouble)
    """
    top, _, rest = name.partition("/")
    base = name.rstrip("/").rpartition("/")[2]
    is_fork = base.startswith("._") or base == ".DS_Store"
    return is_fork if top != _EXTRAS_FOLDER else is_fork or name.endswith("/") or not rest


def advice_on(path: str) -> str | None:
    """Who writes a file by itself, and what to do about it; None for any other file."""
    *folders, base = path.split("/")
    if base.startswith("._") or any(folder in _FOLDERS for folder in folders):
        return _APPLE
    return _ADVICE.get(base.lower())
