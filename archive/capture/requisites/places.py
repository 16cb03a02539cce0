"""What a URL's path says: the kind of file, whether it is a document, whether two URLs are of one site."""

from __future__ import annotations

import re

from archive.urls import Url

DOCUMENT_SUFFIXES = frozenset(
    (
        "pdf", "doc", "docx", "docm", "odt", "rtf", "xls", "xlsx", "xlsm", "ods", "csv", "tsv", "ppt", "pptx", "pps",
        "ppsx", "odp", "epub", "mobi", "djvu", "ps", "zip", "7z", "rar", "kml", "kmz",
    )
)  # fmt: skip
IMAGE_SUFFIXES = frozenset(
    (
        "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff", "jxl",
        "heic",
    )
)  # fmt: skip
MEDIA_SUFFIXES = frozenset(
    (
        "mp4", "m4v", "webm", "ogv", "mov", "avi", "mkv", "mp3", "m4a", "ogg", "oga", "opus", "wav", "aac", "flac",
        "m3u8", "mpd",
    )
)  # fmt: skip
_KIND_OF_SUFFIX = (
    dict.fromkeys(IMAGE_SUFFIXES, "image")
    | dict.fromkeys(MEDIA_SUFFIXES, "media")
    | dict.fromkeys(("woff", "woff2", "ttf", "otf", "eot"), "font")
    | {"css": "style", "js": "script", "mjs": "script", "vtt": "data", "srt": "data"}
)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})\Z")
_UUID = re.compile(r"/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_PHOTON = re.compile(r"i[0-3]\.wp\.com\Z")


def suffix_of(path: str) -> str:
    """The suffix of a URL or path in lower case, `pdf`; empty where there is none."""
    bare = path.partition("#")[0].partition("?")[0].rstrip()
    found = _SUFFIX.search(bare)
    return found[1].lower() if found else ""


def kind_of_suffix(path: str) -> str | None:
    """The kind of reference that a file name shows: `image`, `media`, `font`, `style`, `script`, `data`."""
    return _KIND_OF_SUFFIX.get(suffix_of(path))


def is_document(path: str) -> bool:
    """True where a path names a document; Liferay puts an id behind the name: `/documents/1/2/report.pdf/<uuid>`."""
    if "." not in path:
        return False
    bare = _UUID.sub("", path.partition("#")[0].partition("?")[0].rstrip())
    return suffix_of(bare) in DOCUMENT_SUFFIXES


def is_image(path: str) -> bool:
    return suffix_of(path) in IMAGE_SUFFIXES


def same_site(page: Url, other: Url) -> bool:
    """True for one host, with or without `www.`, and for hosts below the page's: `rm.coe.int` for `www.coe.int`.

    Jetpack's image host counts as the site whose name starts its path. Wider families of hosts need the public
    suffix list, and a wrong guess would ask strangers.
    """
    mine, theirs = page.host.removeprefix("www."), other.host.removeprefix("www.")
    if _PHOTON.match(theirs):
        theirs = other.target.lstrip("/").partition("/")[0].removeprefix("www.")
    return theirs == mine or ("." in mine and theirs.endswith("." + mine))
