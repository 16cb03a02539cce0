"""The words that a reader of some bytes sees: of a text in any charset, a PDF, an office file, or a package of them."""

from __future__ import annotations

import base64
import bz2
import codecs
import io
import lzma
import re
import string
import tempfile
import zipfile
import zlib
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html import unescape
from itertools import chain
from typing import Any

import webencodings
from msgspec import Struct, field

from archive.cite.isolate import extract_isolated
from archive.errors import ReportUnreadable

LARGEST = 64 << 20
"""Bytes of a PDF, or of all that a package holds, that are read."""
MOST_MEMBERS = 10_000
DEEPEST = 2
"""Packages within packages that are opened."""
_HEAD = 4096
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text in an old charset has."""
_LARGEST_CODED = 1 << 20
_FONTS = re.compile(rb"wOF[F2]|OTTO|\x00\x01\x00\x00|ttcf|true\x00")
"""How fonts begin: what they say are letters."""
_PACKED: tuple[tuple[bytes, Callable[[], Any]], ...] = (
    (b"\x1f\x8b", lambda: zlib.decompressobj(31)),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, 64 << 20)),
)
_PIECE = 1 << 18

_PICTURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....(?:WEBP|AVI |WAVE)|BM.{12}|II\*\0|MM\0\*|.{4}ftyp|\x1aE\xdf\xa3|OggS|ID3"
    rb"|\xff[\xf2-\xfb]|fLaC|FLV\x01|\0\0\x01[\xb3\xba]|G.{187}G",
    re.DOTALL,
)
"""How pictures, films and sound recordings begin."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4000}>")
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|t[dhr]|table|tbody|thead|h[1-6]|html|head|body|title|section|article|header|footer|main|nav|aside"
    r"|d[ltd]|blockquote|pre|form|option|button|br|hr|img|script|style|meta|link|w:p|w:br|w:tab|text:[ph])\b[^<>]{0,4000}>",
    re.IGNORECASE,
)
"""What ends a word, as other tags do not."""
_BASE64_LETTERS = b"+/=" + (string.ascii_letters + string.digits).encode()
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}={0,2}")

Pieces = Callable[[], Iterator[bytes]]


class Words(Struct):
    """What could be read of one part, as streams of text, and what could not."""

    streams: list[Iterable[str]] = field(default_factory=list)
    hidden: list[Iterable[bytes]] = field(default_factory=list)
    """Bytes that stand in the part in another form: members of packages, base64."""
    unread: str | None = None
    """`picture` (film and sound too) or `document`: nothing in it was read."""


def words_of(pieces: Pieces, charset: str | None = None, depth: int = 0) -> Words:
    """Read a part; `pieces` gives its bytes from the beginning each time."""
    head = b"".join(_first(pieces(), _HEAD))
    if head.startswith(b"PK\x03\x04"):
        return _package(pieces, depth)
    if b"%PDF-" in head[:1024]:
        return _pdf(pieces)
    if engine := _engine_of(head):
        if not any(_inflated_by(engine(), pieces())):
            return Words(unread="document")  # damaged
        return _within(lambda: _inflated_by(engine(), pieces()), depth)
    if _PICTURES.match(head):
        return Words(unread="picture")
    if head.startswith((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")):
        return Words(unread="document")
    if _FONTS.match(head):
        return Words()
    found = Words()
    for encoding in _encodings(head, charset):
        found.streams += [_texts(pieces, encoding), _stripped(_texts(pieces, encoding))]
    if found.streams:
        found.hidden.append(_decoded_base64(pieces()))
    elif head:
        found.unread = "document"  # bytes of some other kind, in which nothing was read
    return found


def _engine_of(head: bytes) -> Callable[[], Any] | None:
    """What unpacks bytes that begin so: gzip, bzip2, xz."""
    for start, engine in _PACKED:
        if head.startswith(start):
            return engine
    return None


def _first(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return


def _encodings(head: bytes, charset: str | None) -> list[str]:
    """The encodings that a text may be in; none where the bytes are no text."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return [name]
    if b"\0" in head:
        return []
    meta = _META.search(head)
    stated = [charset, meta[1].decode() if meta else None]
    known = [found.codec_info.name for label in stated if label and (found := webencodings.lookup(label))]
    with suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return list(dict.fromkeys(["utf-8", *known]))
    if not known and _CONTROLS.search(head):
        return []
    return list(dict.fromkeys([*known, "windows-1256", "windows-1252", "utf-8"]))


def _texts(pieces: Pieces, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    waiting = ""
    for piece in pieces():
        waiting += decoder.decode(piece)
        if len(waiting) >= _PIECE:
            cut = max(waiting.rfind(end, -_HEAD) for end in " \n>;") + 1 or len(waiting)
            yield unescape(waiting[:cut])
            waiting = waiting[cut:]
    yield unescape(waiting + decoder.decode(b"", final=True))


def _stripped(texts: Iterable[str]) -> Iterator[str]:
    """The texts without tags: a word may be set in two kinds of letters."""
    rest = ""
    for text in texts:
        whole = _TAG.sub("", _BLOCK.sub("\n", rest + text))
        at = whole.rfind("<")
        cut = at if 0 <= len(whole) - at < 4000 and at >= 0 else len(whole)
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


def _decoded_base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What stands in base64, such as a certificate or a picture in a style sheet."""
    waiting = b""
    for piece in chain(pieces, [b"\n"]):
        waiting += piece
        end = len(waiting.rstrip(_BASE64_LETTERS)) if len(waiting) < LARGEST else len(waiting)
        for coded in _BASE64.findall(waiting[:end]):
            with suppress(Base64Error):
                data = base64.b64decode(coded[: len(coded) // 4 * 4])
                yield data + b"\n"
                yield from _inflated_data(data)
        waiting = waiting[end:]


def _inflated_data(data: bytes) -> Iterator[bytes]:
    """What a site packed before it wrote it in base64: gzip, zlib, or bare as in a request to sign in."""
    for window in (47, -15):
        with suppress(zlib.error):
            yield zlib.decompressobj(window).decompress(data, _LARGEST_CODED) + b"\n"
            return


def _inflated_by(engine: Any, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what an engine unpacks, in pieces, up to a limit."""
    left, keeps_rest = LARGEST, hasattr(engine, "unconsumed_tail")
    with suppress(zlib.error, lzma.LZMAError, OSError, EOFError):
        for piece in pieces:
            while left > 0 and (piece or not (keeps_rest or engine.needs_input or engine.eof)):
                data = engine.decompress(piece, _PIECE)
                left -= len(data)
                yield data
                piece = engine.unconsumed_tail if keeps_rest else b""


def _within(pieces: Pieces, depth: int) -> Words:
    """What stands inside a package, searched as bytes too."""
    found = words_of(pieces, None, depth + 1) if depth < DEEPEST else Words(unread="document")
    found.hidden.append(pieces())
    return found


def _whole(pieces: Iterable[bytes]) -> bytes | None:
    """All bytes of a part; None where it is too large to be read as a whole."""
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > LARGEST:
            return None
    return bytes(found)


def _pdf(pieces: Pieces) -> Words:
    data = _whole(pieces())
    if data is None:
        return Words(unread="document")
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        try:
            read = extract_isolated(file, "pdf", "document.pdf", most=LARGEST)
        except ReportUnreadable:
            return Words([], [_inflated(data)], "document")
    links = "\n".join(link.target for link in read.links)
    unread = None if read.text.strip() else "document"  # a scan
    words = f"{read.title or ''}\n{read.text}"
    return Words([[words], [links]], [[links.encode("utf-8", "replace")], _inflated(data)], unread)


def _inflated(data: bytes) -> Iterator[bytes]:
    """The compressed streams of a PDF: object streams have its links and properties. (ISO 32000-1, 7.5.7)"""
    for start in re.finditer(rb"stream\r?\n", data):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[start.end() :], LARGEST) + b"\n"


def _package(pieces: Pieces, depth: int) -> Words:
    data = _whole(pieces())
    if data is None or depth >= DEEPEST:
        return Words(unread="document")
    found = Words()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            left = LARGEST
            for info in package.infolist()[:MOST_MEMBERS]:
                left -= info.file_size
                if left < 0:
                    found.unread = "document"
                    break
                content = package.read(info)
                inner = words_of(lambda content=content: iter([content]), None, depth + 1)  # type: ignore[misc]
                found.streams += [[info.filename], *inner.streams]
                found.hidden += [[content], *inner.hidden]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        found.unread = "document"  # damaged, or closed with a password
    return found
