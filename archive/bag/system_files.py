"""Files that an operating system adds to folders by itself: nobody's content, and in no manifest."""

from __future__ import annotations

from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

_EXTRAS_FOLDER = "__MACOSX"

_DELETE = "delete it; where this is a package, delete it from the folder and package that again"
_APPLE = (
    f"macOS writes this file by itself; {_DELETE}, without such files: COPYFILE_DISABLE=1 tar, or dot_clean -m FOLDER"
)
_FINDER = f"the Finder of macOS writes this file by itself; {_DELETE}"
_WINDOWS = f"Windows writes this file by itself; {_DELETE}"
_ADVICE = {
    ".ds_store": _FINDER,
    ".localized": _FINDER,
    "icon\r": _FINDER,
    "thumbs.db": _WINDOWS,
    "ehthumbs.db": _WINDOWS,
    "desktop.ini": _WINDOWS,
    ".directory": f"the desktop KDE writes this file by itself; {_DELETE}",
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


def unlisted_payload(path: str) -> Finding:
    """The finding on a payload file that no manifest lists."""
    advice = advice_on(path)
    return make_finding("payload-unlisted" if advice is None else "payload-system-file", BagPath(path), note=advice)
