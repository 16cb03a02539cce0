"""Compares two office packages, part by part, and finds bytes of a package that no part of it has."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator

from archive.annotate.differences import ReportDifference
from archive.annotate.markup_marks import compare_markup
from archive_manifests.plain_text import plain_reason

_LOCAL_SIGNATURE = b"PK\3\4"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL, _END = 46, 22
"""Bytes of a directory entry without its name, and of the end of the directory. (APPNOTE 4.3.12 and 4.3.16)"""
_OUR_COMMENT = re.compile(rb"<c:comment xmlns:c=.*?</c:comment>", re.DOTALL)
_MOST_OCTETS = 16 * 1024 * 1024
"""By which a part may exceed the expected one and still be read."""


def compare_packages(original: bytes, expected: bytes, found: bytes) -> Iterator[ReportDifference]:
    """Yield what differs in `found` from what report and bag give, and where both are of the `original`."""
    if not found.startswith(_LOCAL_SIGNATURE) and b"PK\5\6" not in found:
        yield ReportDifference("report-altered")
        return
    try:
        ours, first = _parts(expected), _parts(original)
        theirs = _parts(found, {name: len(part) + _MOST_OCTETS for name, part in ours.items()})
        hidden = _hidden(found)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        yield ReportDifference("unreadable", found=plain_reason(error))
        return
    if hidden:
        yield ReportDifference("bytes-hidden", hidden)
    for name in sorted(set(ours) - set(theirs)):
        yield ReportDifference("part-missing", name)
    for name in sorted(set(theirs) - set(ours)):
        yield ReportDifference("part-added", name)
    for name in sorted(set(ours) & set(theirs)):
        if ours[name] != theirs[name]:
            yield from _changed(name, first.get(name), ours[name], theirs[name])


def _changed(name: str, original: bytes | None, ours: bytes, theirs: bytes) -> Iterator[ReportDifference]:
    if name.endswith(("/document.xml", "content.xml")) and original is not None:
        yield from compare_markup(name, original, ours, theirs)
    elif "comments" in name and _without_ours(theirs) == _without_ours(ours):
        yield ReportDifference("mark-differs", name)
    else:
        is_reports = original is not None or "comments" not in name
        yield ReportDifference("report-altered" if is_reports else "mark-differs", name)


def _without_ours(comments: bytes) -> bytes:
    """A part of comments with those of the report's authors alone."""
    return _OUR_COMMENT.sub(b"", comments)


def _parts(content: bytes, most: dict[str, int] | None = None) -> dict[str, bytes]:
    """Name -> content. Raises `ValueError` for a part that is far larger than it should be."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
        if len(infos) != len({info.filename for info in infos}):
            raise ValueError("two parts have one name")
        for info in infos:
            if most is not None and info.file_size > most.get(info.filename, _MOST_OCTETS):
                raise ValueError(f"{info.filename}: {info.file_size:,} bytes, far more than report and bag give")
        return {info.filename: package.read(info) for info in infos}


def _hidden(content: bytes) -> str:
    """Where a package holds bytes of no part, or says one thing twice and differently; empty where it does not.

    Readers disagree about such packages: one shows the parts that another one passes over.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
        if package.comment:
            return "comment"
        at = 0
        for info in infos:
            if info.header_offset != at or info.extra or info.comment:
                return info.filename
            if (length := _entry_length(content, info)) is None:
                return info.filename
            at += length
        names = sum(_CENTRAL + len(_raw_name(info)) for info in infos)
        return "" if package.start_dir == at and len(content) == at + names + _END else "directory"


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437")


def _entry_length(content: bytes, info: zipfile.ZipInfo) -> int | None:
    """Bytes of an entry; None where its own header and the directory differ. (APPNOTE 4.3.7)"""
    at: int = info.header_offset
    head = content[at : at + _LOCAL.size]
    if len(head) != _LOCAL.size:
        return None
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra = _LOCAL.unpack(head)
    stated = (info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size, 0)
    name = content[at + _LOCAL.size : at + _LOCAL.size + name_length]
    if signature != _LOCAL_SIGNATURE or (flags, method, crc, packed, size, extra) != stated or name != _raw_name(info):
        return None
    return _LOCAL.size + int(name_length) + int(packed)
