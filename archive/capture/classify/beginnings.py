"""How pages and files begin: what bytes are, whatever name and type a server gives them. (MIME Sniffing Standard)"""

from __future__ import annotations

import codecs
import re

READ_AT_MOST = 1 << 18
"""Bytes of a response that are looked at: blanks and comments may stand before a page."""
_LONGEST_COMMENT = 1 << 16
_WHITE = b" \t\r\n\x0c\x00"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLANKS = re.compile(rb"[ \t\r\n\x0c\0]*+")
_TAG = re.compile(
    rb"<(?:!doctype html|html|head|title|body|script|style|meta|link|iframe|form|table|div|font|h1|br|p|a|b)[\s>/]",
    re.IGNORECASE,
)
_SKIPPED = ((b"<!--", b"-->"), (b"<?xml", b"?>"))

_ZIP, _OLE, _FTYP, _MATROSKA, _OGG = b"PK", b"\xd0\xcf\x11\xe0", b"ftyp", b"\x1a\x45\xdf\xa3", b"OggS"
_STARTS: tuple[tuple[str, str, bytes, int], ...] = (
    ("jpg", "image", b"\xff\xd8", 0), ("png", "image", b"\x89PNG", 0), ("gif", "image", b"GIF8", 0),
    ("webp", "image", b"WEBP", 8), ("bmp", "image", b"BM", 0), ("tif", "image", b"II*\0", 0),
    ("tif", "image", b"MM\0*", 0), ("avif", "image", b"ftypavif", 4), ("heic", "image", b"ftyphei", 4),
    ("heic", "image", b"ftypmif1", 4), ("ico", "image", b"\0\0\1\0", 0), ("jxl", "image", b"JXL ", 4),
    ("zip", "document", _ZIP, 0), ("ole", "document", _OLE, 0), ("rtf", "document", b"{\\rtf", 0),
    ("gz", "packed", b"\x1f\x8b", 0), ("7z", "packed", b"7z\xbc\xaf", 0), ("rar", "packed", b"Rar!", 0),
    ("mp4", "media", _FTYP, 4), ("mov", "media", b"moov", 4), ("mov", "media", b"mdat", 4),
    ("mov", "media", b"wide", 4), ("mov", "media", b"free", 4), ("mov", "media", b"skip", 4),
    ("webm", "media", _MATROSKA, 0), ("ogg", "media", _OGG, 0), ("wav", "media", b"WAVE", 8),
    ("avi", "media", b"AVI ", 8), ("flac", "media", b"fLaC", 0), ("mp3", "media", b"ID3", 0),
    ("mp3", "media", b"\xff\xfb", 0), ("mpg", "media", b"\0\0\1\xba", 0), ("wmv", "media", b"\x30\x26\xb2\x75", 0),
    ("flv", "media", b"FLV", 0), ("aac", "media", b"\xff\xf1", 0), ("aac", "media", b"\xff\xf9", 0),
    ("jp2", "image", b"jP  ", 4), ("jp2", "image", b"\xff\x4f\xff\x51", 0), ("svg", "image", b"<svg", 0),
    ("rtf", "document", b"{\\urtf", 0),
)  # fmt: skip
"""Kind, family, mark, and where the mark stands."""
_FAMILIES = {
    **dict.fromkeys(("pdf",), "pdf"),
    **dict.fromkeys(("docx", "docm", "xlsx", "xlsm", "pptx", "ppsx", "odt", "ods", "odp", "epub", "kmz"), "document"),
    **dict.fromkeys(("doc", "xls", "ppt", "pps", "rtf", "zip"), "document"),
    **dict.fromkeys(("7z", "rar"), "packed"),
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "avif", "heic", "bmp"), "image"),
    **dict.fromkeys(("mp4", "m4v", "mov", "webm", "mkv", "m4a", "ogg", "ogv", "oga", "opus", "wav", "flac"), "media"),
}
"""The family of each suffix whose files begin with a mark."""
_WITHOUT_MARK = frozenset(("doc", "xls", "ppt", "pps"))
"""Suffixes of files that begin with none of these marks where they are old, or tables of text."""
_OF_BOXES = frozenset(("mp4", "m4v", "mov", "m4a", "heic", "avif"))
_BOX = re.compile(rb"\0.{3}[ -~]{4}", re.DOTALL)
"""A size below 16 MB and the name of a box: any may come first. (ISO/IEC 14496-12, 4.2)"""
_OFFICE_TEXT = re.compile(rb"schemas-microsoft-com:office|mso-application", re.IGNORECASE)
"""What Word and Excel write into a document that they save as HTML or XML, under the usual suffix."""
_TABLE = re.compile(rb"[\s\0\xef\xbb\xbf]*<table\b", re.IGNORECASE)
"""How databases export for Excel: a table of HTML, called `.xls`."""
_SYNC, _PACKET = 0x47, 188
"""MPEG transport streams: a byte at the start of each packet."""
_SUFFIX_OF_TYPE = {
    "application/pdf": "pdf", "application/zip": "zip", "application/msword": "doc", "application/rtf": "rtf",
    "application/vnd.ms-excel": "xls", "application/epub+zip": "epub", "application/x-7z-compressed": "7z",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt", "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4",
    "video/webm": "webm", "video/quicktime": "mov", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/flac": "flac",
}  # fmt: skip


def starts_as_page(body: bytes) -> bool:
    """True where the bytes begin as HTML does, in UTF-8 or UTF-16, after blanks and comments of any length."""
    return charset_of_page(body) is not None


def charset_of_page(body: bytes) -> str | None:
    """The encoding that the beginning of a page shows, `ascii` where that is all it shows; None for what is no page."""
    head = body[:READ_AT_MOST]
    mark, charset = next(((bom, name) for bom, name in _BOMS if head.startswith(bom)), (b"", "ascii"))
    text = head[len(mark) :]
    if charset == "ascii" and text.count(b"\0", 0, 512) * 3 > len(text[:512]):
        blanks = text.lstrip(_WHITE)
        charset = "utf-16-be" if (len(text) - len(blanks)) % 2 else "utf-16-le"
    if charset.startswith("utf-16"):
        text = text.replace(b"\0", b"")
    return charset if _TAG.match(text, _at_first_tag(text)) is not None else None


def _at_first_tag(text: bytes) -> int:
    """Where white space, comments and an XML declaration end."""
    at = 0
    while True:
        at = _BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        ending = next((end for start, end in _SKIPPED if text.startswith(start, at)), None)
        if ending is None:
            return at
        closed = text.find(ending, at, at + _LONGEST_COMMENT)
        if closed < 0:
            return at
        at = closed + len(ending)


def suffix_of_type(media_type: str) -> str | None:
    """The suffix of the files of a media type, where they begin with a mark."""
    return _SUFFIX_OF_TYPE.get(media_type)


def kind_of(body: bytes) -> str | None:
    """What the first bytes are: `pdf`, `zip`, `jpg`…; None for what has no mark that is known here."""
    head = body[:1024]
    if (b"%PDF-" in head or (head.startswith(b"%!PS-Adobe-") and b" PDF-" in head)) and not starts_as_page(body):
        return "pdf"  # readers forgive up to 1,024 bytes before the mark
    if len(body) > _PACKET and body[0] == body[_PACKET] == _SYNC:
        return "ts"
    return next((kind for kind, _, mark, at in _STARTS if body.startswith(mark, at)), None)


def has_mark(suffix: str) -> bool:
    """True for the suffix of files that begin with a mark, most of them or all."""
    return suffix in _FAMILIES


def fits(body: bytes, suffix: str) -> bool | None:
    """Whether a file begins as files of this suffix do; a picture is one whatever its format. None where not known."""
    family = _FAMILIES.get(suffix)
    if family is None:
        return None
    kind = kind_of(body)
    if suffix in ("doc", "xls", "ppt") and _OFFICE_TEXT.search(body[:4096]):
        return True
    if suffix == "xls" and _TABLE.match(body):
        return True
    if kind is None and suffix in _WITHOUT_MARK and not starts_as_page(body):
        return None
    if kind is None and suffix in _OF_BOXES and _BOX.match(body):
        return None
    if kind == "mp4" and suffix in ("heic", "avif"):
        return True  # the same boxes, and brands are still added
    found = "media" if kind == "ts" else next((each for name, each, _, _ in _STARTS if name == kind), kind)
    return found == family or (suffix in ("zip", "7z", "rar") and found in ("document", "packed"))
