"""Contents as a tar, as a gzipped tar: a stream of bytes, the same for the same contents on every machine."""

from __future__ import annotations

import stat
import tarfile
from collections.abc import Iterator
from typing import BinaryIO

from isal import isal_zlib

from archive.bag.contents import Contents, exactly
from archive.bag.interface import CHUNK
from archive.handover.zip_writer import ZipWriter

BLOCK = tarfile.BLOCKSIZE
RECORD = tarfile.RECORDSIZE

FILE_MODE, FOLDER_MODE = 0o644, 0o755

_GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""No name, no time, no operating system. (RFC 1952, 2.3)"""


def tar_stream(packed: Contents) -> Iterator[bytes]:
    """Yield the tar: ustar, with pax headers only for what ustar cannot say. (POSIX.1-2017, pax)"""
    count = 0
    time = int(packed.moment.timestamp())
    folders = [packed.name, *(f"{packed.name}/{folder}" for folder in packed.folders())]
    for folder in folders:
        head = _header(folder, time, tarfile.DIRTYPE, FOLDER_MODE, 0)
        count += len(head)
        yield head
    for member in packed.members:
        head = _header(f"{packed.name}/{member.path}", time, tarfile.REGTYPE, FILE_MODE, member.size)
        yield head
        yield from exactly(member)
        padding = bytes(-member.size % BLOCK)
        yield padding
        count += len(head) + member.size + len(padding)
    count += 2 * BLOCK
    yield bytes(2 * BLOCK + -count % RECORD)


def tar_size(packed: Contents) -> int:
    """Bytes of the tar, without reading any member."""
    names = [packed.name, *(f"{packed.name}/{folder}" for folder in packed.folders())]
    heads = sum(len(_header(name, 0, tarfile.DIRTYPE, FOLDER_MODE, 0)) for name in names)
    for member in packed.members:
        heads += len(_header(f"{packed.name}/{member.path}", 0, tarfile.REGTYPE, FILE_MODE, member.size))
        heads += member.size + -member.size % BLOCK
    return heads + 2 * BLOCK + -(heads + 2 * BLOCK) % RECORD


def _header(name: str, time: int, kind: bytes, mode: int, size: int) -> bytes:
    """One header. Nothing of this machine: no owner, no group, no names of either."""
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.size, info.mtime = kind, mode, size, time
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def gzip_stream(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the gzip of a stream, its header without anything of this machine."""
    yield _GZIP_HEAD
    deflater = isal_zlib.compressobj(level=isal_zlib.ISAL_DEFAULT_COMPRESSION, wbits=-15)
    crc, size = 0, 0
    for chunk in _gathered(chunks):
        crc = isal_zlib.crc32(chunk, crc)
        size += len(chunk)
        yield deflater.compress(chunk)
    yield deflater.flush()
    yield crc.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces put together: compressing each alone costs more than what is in it."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


_FILE_ATTRIBUTES = (stat.S_IFREG | FILE_MODE) << 16
_FOLDER_ATTRIBUTES = (stat.S_IFDIR | FOLDER_MODE) << 16 | 0x10
"""With MS-DOS's mark of a folder."""


def write_zip(file: BinaryIO, packed: Contents, *, bare: bool = False) -> None:
    """Write the zip; with `bare` its members are at the very top, as in a WACZ."""
    top = "" if bare else f"{packed.name}/"
    package = ZipWriter(file, packed.moment)
    for folder in () if bare else ("", *packed.folders()):
        package.add(f"{top}{folder}/" if folder else top, _FOLDER_ATTRIBUTES, 0, ())
    for member in packed.members:
        package.add(top + member.path, _FILE_ATTRIBUTES, member.size, exactly(member))
    package.close()
