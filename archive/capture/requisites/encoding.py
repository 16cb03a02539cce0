"""Which encoding a page or a style sheet is in, and its text. (WHATWG Encoding and HTML Standards)"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

import webencodings

_WIDER = {"gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949"}
"""Encodings that the standard decodes with more characters than Python's codec of that name has."""
_MULTIBYTE = frozenset(
    ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949")
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_PIECE = 65_536
_PRESCAN = 65_536  # the standard requires 1024; browsers start again when a later meta contradicts them
_MARKUP = re.compile(
    rb"<!--(?:>|->|.*?(?:-->|\Z))|<(?P<meta>meta)(?=[\t\n\f\r /])|</?[a-z][^\t\n\f\r >]*|<[!/?][^>]*",
    re.IGNORECASE | re.DOTALL,
)
"""What hides a `<meta` that it holds: a comment, another tag's attributes. (HTML Standard, 13.2.3.2)"""
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*"
    rb"(?:\"(?P<double>[^\"]*)\"?|'(?P<single>[^']*)'?|(?P<bare>[^\t\n\f\r >]*)))?",
)
_IN_CONTENT = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*"
    rb"(?:\"(?P<double>[^\"]+)\"|'(?P<single>[^']+)'|(?P<bare>[^\t\n\f\r ;\"']+))",
    re.IGNORECASE,
)
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([BIJ])")
"""Signs by which ISO-2022-JP begins another alphabet: browsers know it by them. (Encoding Standard, 12.2)"""
_XML = re.compile(rb"\A<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_AT_CHARSET = re.compile(rb'\A@charset "([^"]{1,100})";')
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def codec_of(label: str | None) -> str | None:
    """The Python codec for an encoding label, or None for labels that no browser knows. (Encoding Standard, 4.2)"""
    encoding = webencodings.lookup(label.strip(" \t\n\f\r\"'")) if label else None
    if encoding is None or encoding.name in ("x-user-defined", "replacement"):
        return None
    return _WIDER.get(encoding.name) or str(encoding.codec_info.name)


def of_html(body: bytes, charset: str | None) -> str:
    """The codec of an HTML page: byte order mark, then HTTP's charset, then `<meta>`, then a guess.

    (HTML Standard, 13.2.3.2)
    """
    return _of_bom(body) or codec_of(charset) or _of_meta(body[:_PRESCAN]) or _guess(body[:_PRESCAN])


def of_css(body: bytes, charset: str | None, referrer: str | None = None) -> str:
    """The codec of a style sheet; `referrer` is the label of the page that requested it. (CSS Syntax 3, 3.2)"""
    rule = _AT_CHARSET.match(body)
    declared = codec_of(rule[1].decode("latin-1")) if rule else None
    return _of_bom(body) or codec_of(charset) or _not_utf16(declared) or codec_of(referrer) or "utf-8"


def decode(body: bytes, codec: str) -> str:
    """The text of `body`; bytes that mean nothing become U+FFFD, a byte order mark is dropped."""
    return "".join(pieces(memoryview(body), codec))


def pieces(body: memoryview, codec: str) -> Iterator[str]:
    """The same text, some ten thousand characters at a time."""
    decoder = codecs.getincrementaldecoder(codec)("replace") if codec in _MULTIBYTE else None
    for at in range(0, len(body), _PIECE):
        piece = bytes(body[at : at + _PIECE])
        if decoder is None:
            yield codecs.charmap_decode(piece, "replace", _table(codec))[0]
        else:
            text = decoder.decode(piece, final=at + _PIECE >= len(body))
            yield text.removeprefix("\ufeff") if at == 0 else text


def escape_query(query: str, codec: str) -> str:
    """Percent-encode what is not ASCII in a query, in the page's own encoding. (URL Standard, query state)"""
    if query.isascii() or codec.startswith("utf"):
        return query
    return "".join(char if char.isascii() else _escaped(char, codec) for char in query)


def _escaped(char: str, codec: str) -> str:
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return f"%26%23{ord(char)}%3B"  # what a form would send: &#1234; (URL Standard, percent-encode after encoding)
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte not in b"\"#<>'" else f"%{byte:02X}" for byte in encoded)


@cache
def _table(codec: str) -> str:
    """The 256 characters of a single-byte encoding; unassigned bytes of the windows family are controls."""
    lowest = 0xA0 if codec.startswith("cp") else 0
    return "".join(
        bytes([byte]).decode(codec, "ignore") or (chr(byte) if byte < lowest else "\ufffd") for byte in range(256)
    )


def _of_bom(body: bytes) -> str | None:
    return next((codec for bom, codec in _BOMS if body.startswith(bom)), None)


def _not_utf16(codec: str | None) -> str | None:
    """A declaration that could be read as ASCII cannot be in UTF-16. (HTML Standard, 13.2.3.2; CSS Syntax 3, 3.2)"""
    return "utf-8" if codec and codec.startswith("utf-16") else codec


def _of_meta(head: bytes) -> str | None:
    declaration = _XML.match(head)
    if declaration and (codec := codec_of(declaration[1].decode("latin-1"))):
        return _not_utf16(codec)
    at = 0
    while (found := _MARKUP.search(head, at)) is not None:
        at = found.end()
        if found[0][:2] in (b"<!", b"<?") or not found[0].lstrip(b"</")[:1].isalpha():
            continue
        stated, at = _attributes(head, at)
        if found["meta"] and (codec := codec_of(_stated_charset(stated))):
            return _not_utf16(codec)
    return None


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag from a place on, the first of each name, and where they end."""
    found: dict[bytes, bytes] = {}
    while (match := _ATTRIBUTE.match(head, at)) is not None and not match["name"].startswith(b">"):
        value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), b"")
        found.setdefault(match["name"].lower(), value)
        at = match.end()
    return found, at


def _stated_charset(stated: dict[bytes, bytes]) -> str | None:
    """What a `meta` says of the encoding, by `charset` or by the type that it states for HTTP."""
    if (named := stated.get(b"charset")) is not None:
        return named.decode("latin-1")
    if stated.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return None
    found = _IN_CONTENT.search(stated.get(b"content", b""))
    return (found["double"] or found["single"] or found["bare"]).decode("latin-1") if found is not None else None


def _guess(head: bytes) -> str:
    """What the bytes look like, for pages that say nothing: the wild Arabic web is UTF-8 or windows-1256."""
    if _JAPANESE.search(head):
        return "iso2022_jp"
    if head[:64].count(b"\0") > 16:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return _guess_single_byte(head)
    return "utf-8"


def _guess_single_byte(head: bytes) -> str:
    runs = _HIGH_RUN.findall(head)
    high = b"".join(runs)
    if len(high) < 2 * len(runs):  # accents stand alone between Latin letters; other scripts come in words
        return "cp1252"
    share = {byte: high.count(byte) / len(high) for byte in (0xC7, 0xE1, 0xE4)}
    if share[0xC7] > 0.05 and share[0xC7] + max(share[0xE1], share[0xE4]) > 0.12:  # alef and lam, a fifth of Arabic
        return "cp1256" if share[0xE1] >= share[0xE4] else "iso8859-6"
    return "cp1251" if sum(high.count(byte) for byte in b"\xee\xe5\xe0\xe8") / len(high) > 0.15 else "cp1252"
