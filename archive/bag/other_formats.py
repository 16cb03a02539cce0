"""Recognises by their first bytes files that are no package of a bag: nothing can be said about what is in them.

Each gets one sentence that says what the file is and which command or program takes it. A file is never called damaged
because it is of another format.
"""

from __future__ import annotations

import re
import zlib

HEAD = 1024
"""Bytes from the start of a file by which its format is recognised."""

_SUM_AT, _SUM_END = 148, 156
_LEAST = 512
"""Bytes of a tar's header: of less nobody can say that it is none."""

_COMPRESSED = {
    b"BZh": ("bzip2", "bunzip2 --keep"),
    b"\xfd7zXZ\0": ("xz", "unxz --keep"),
    b"\x5d\0\0": ("LZMA", "unlzma --keep"),
    b"LZIP": ("lzip", "lzip --decompress --keep"),
    b"\x28\xb5\x2f\xfd": ("Zstandard", "unzstd"),
    b"\x04\x22\x4d\x18": ("LZ4", "unlz4"),
    b"\x1f\x9d": ("compress", "gunzip --keep"),
}
"""First bytes -> the compression, and the program that undoes it."""

_ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"xar!": "xar", b"!<arch>\n": "ar"}
_ENCRYPTED = {
    b"-----BEGIN PGP MESSAGE": "gpg --decrypt",
    b"\x85\x01": "gpg --decrypt",
    b"\x85\x02": "gpg --decrypt",
    b"Salted__": "openssl enc -d",
}
_AGE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")
_DOCUMENTS = {b"%PDF-": "a PDF", b"\xd0\xcf\x11\xe0": "an Office document", b"{\\rtf": "an RTF document"}

_WARC_ADVICE = (
    "a WARC, not a bag; `archive import FILE --report REPORT` makes a bag of it and the report that cites it, "
    "`archive supply BAG SOURCE FILE --how TEXT` adds it to a bag"
)

_IMPORT = "`archive import` or `archive supply` what comes of it"
_WARC_NAME = re.compile(r"\.w?arc\.[^.]+\Z")
"""The name of a WARC that was compressed in another way than with gzip."""

_GZIP, _WARC_MARK = b"\x1f\x8b", b"WARC/"
_ARC_MARK = b"filedesc://"
_ARC_ADVICE = (
    "an ARC, the format of web archives before WARC, not a bag; convert it first: warcio recompress FILE NEW.warc.gz, "
    "then `archive import NEW.warc.gz --report REPORT`"
)
_HAR = re.compile(rb'\s*\{\s*"log"\s*:\s*\{')
_HAR_ADVICE = (
    "a HAR, a browser's log of requests and responses, not a bag, and not read here; convert it first: "
    "har2warc FILE NEW.warc.gz, then `archive import NEW.warc.gz --report REPORT`"
)
_ZIP, _MARK = b"PK\x03\x04", b"\xef\xbb\xbf"
_ZIP_ADVICE = "a zip; unpack it, and give the .warc, .warc.gz or .wacz files and the saved pages that are in it"
_MAFF_ADVICE = (
    "a MAFF, pages that Firefox saved in a zip, and not read here; unpack it, and give the page in it by "
    "`archive supply BAG SOURCE FILE --how TEXT`"
)
_CDX_ADVICE = "an index of recordings (CDX), which holds no page; give the .warc.gz files that it names"
_MHTML = (b"from: <saved by", b"mime-version:", b"snapshot-content-location:")
_FIELD = re.compile(rb"[a-z][a-z-]*:")
_MHTML_ADVICE = (
    "a page saved as MHTML, not a bag; `archive import FILE --report REPORT` or "
    "`archive supply BAG SOURCE FILE --how TEXT` adds it to a bag"
)


def describe_other(head: bytes, name: str) -> str | None:
    """What a file is that is no package of a bag, and what to do; None for one that may be a package.

    `head` are its first `HEAD` bytes, `name` its name in lower case. A tar begins with the name of its first member,
    which may look like any of these marks: its header's sum decides first. (POSIX.1-2017, ustar)
    """
    if is_tar_header(head):
        return None
    if head.startswith(_GZIP):
        return _describe_gzip(head, name)
    if is_warc(head, name):
        return _WARC_ADVICE
    if head.startswith(_ARC_MARK):
        return _ARC_ADVICE
    compressed = _describe_compressed(head, name)
    if compressed is not None:
        return compressed
    for mark, kind in _ARCHIVES.items():
        if head.startswith(mark):
            return f"a {kind} archive, which is not read here; unpack it, and give the folder or a .tar or .zip of it"
    for mark, command in _ENCRYPTED.items():
        if head.startswith(mark):
            return f"encrypted; decrypt it first: {command} FILE"
    if head.startswith(_AGE):
        return "encrypted with age; `archive receive FILE --identity KEYFILE` decrypts it"
    return _describe_document(head)


def is_warc(head: bytes, name: str) -> bool:
    """True for what begins with a record of a WARC, gzipped or not, or is named one and begins with nothing else."""
    if is_tar_header(head):
        return False
    if head.startswith(_GZIP):
        start = _inflated(head)
        is_other = is_tar_header(start) or start.startswith(_ARC_MARK)
        return start.startswith(_WARC_MARK) or (name.endswith(".warc.gz") and not is_other)
    return head.startswith(_WARC_MARK) or (name.endswith(".warc") and not head.startswith(_ARC_MARK))


def advice_on_unread(head: bytes, name: str) -> str | None:
    """What to do with a recording of a form that is not read: an ARC, gzipped or not, a WARC compressed otherwise.

    None for any other file. `name` is in lower case.
    """
    start = _inflated(head) if head.startswith(_GZIP) else head
    if start.startswith(_ARC_MARK):
        return _ARC_ADVICE
    return _describe_compressed(head, name) if _WARC_NAME.search(name) else None


def advice_on_conversion(head: bytes, name: str) -> str | None:
    """What to do with a file out of which a recording can be made or taken; None for any other."""
    if head.startswith(_ZIP) and name.endswith((".maff", ".zip")):
        return _MAFF_ADVICE if name.endswith(".maff") else _ZIP_ADVICE
    if _HAR.match(head.removeprefix(_MARK)):
        return _HAR_ADVICE
    is_index = name.endswith((".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")) or head.startswith(b" CDX ")
    return _CDX_ADVICE if is_index else None


def _describe_compressed(head: bytes, name: str) -> str | None:
    for mark, (kind, command) in _COMPRESSED.items():
        if head.startswith(mark):
            then = f", then {_IMPORT}" if _WARC_NAME.search(name) else ""
            return f"compressed with {kind}, which is not read here; undo that first: {command} FILE{then}"
    return None


def _describe_gzip(head: bytes, name: str) -> str | None:
    """What is in a gzip file that is no tar: a WARC, or something else."""
    start = _inflated(head)
    if is_tar_header(start):
        return None
    if is_warc(head, name):
        return _WARC_ADVICE
    if start.startswith(_ARC_MARK):
        return _ARC_ADVICE
    if start and not name.endswith((".tar.gz", ".tgz")):
        return "a gzip file with something else in it than a tar; give a folder, a .tar, a .tar.gz or a .zip"
    return None


def _describe_document(head: bytes) -> str | None:
    for mark, kind in _DOCUMENTS.items():
        if head.startswith(mark):
            return f"{kind}, not a bag; `archive fetch FILE` makes a bag of a report and what it cites"
    if _HAR.match(head.removeprefix(_MARK)):
        return _HAR_ADVICE
    if _is_mhtml(head.lower()):
        return _MHTML_ADVICE
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith((b"<!doctype", b"<html")):
        return (
            "an HTML file, not a bag; `archive fetch FILE` makes a bag of a report and what it cites, "
            "`archive supply BAG SOURCE FILE --how TEXT` adds a saved page to a bag"
        )
    return None


def _is_mhtml(head: bytes) -> bool:
    """True for the headers of a saved page: a program may write them in any order. (RFC 2557)"""
    return _FIELD.match(head) is not None and any(b"\n" + mark in b"\n" + head for mark in _MHTML)


def _inflated(head: bytes) -> bytes:
    """What the first bytes of a gzip file hold; less where they are damaged."""
    try:
        return zlib.decompressobj(31).decompress(head, HEAD)
    except zlib.error:
        return b""


def is_tar_header(block: bytes) -> bool:
    """True where the first 512 bytes are the header of a tar's member: the sum that it states is its own."""
    if len(block) < _LEAST or not any(block[:_LEAST]):
        return False
    stated = block[_SUM_AT:_SUM_END].strip(b" \0")
    if not stated.isdigit() or not set(stated) <= set(b"01234567"):
        return False
    return int(stated, 8) == sum(block[:_SUM_AT]) + 8 * 0x20 + sum(block[_SUM_END:_LEAST])
