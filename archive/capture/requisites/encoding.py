"""Which encoding a page or a style sheet is in, and its text. (WHATWG Encoding and HTML Standards)"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

_LABELS = {
    "utf-8": "utf8 utf-8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "utf-16-le": "utf-16 utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
    "cp1252": "windows-1252 cp1252 x-cp1252 ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso_8859-1 iso88591 "
    "latin1 l1 cp819 ibm819 csisolatin1 iso-ir-100 iso_8859-1:1987",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "iso8859-6": "iso-8859-6 iso8859-6 iso_8859-6 iso88596 iso-8859-6-e iso-8859-6-i iso-ir-127 arabic asmo-708 "
    "csisolatinarabic ecma-114 csiso88596e csiso88596i iso_8859-6:1987",
    "cp1250": "windows-1250 cp1250 x-cp1250",
    "cp1251": "windows-1251 cp1251 x-cp1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso_8859-9 iso88599 latin5 l5 csisolatin5 iso-ir-148",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "iso8859-2": "iso-8859-2 iso8859-2 iso_8859-2 iso88592 latin2 l2 csisolatin2 iso-ir-101",
    "iso8859-3": "iso-8859-3 iso8859-3 iso_8859-3 iso88593 latin3 l3 csisolatin3 iso-ir-109",
    "iso8859-4": "iso-8859-4 iso8859-4 iso_8859-4 iso88594 latin4 l4 csisolatin4 iso-ir-110",
    "iso8859-5": "iso-8859-5 iso8859-5 iso_8859-5 iso88595 cyrillic csisolatincyrillic iso-ir-144",
    "iso8859-7": "iso-8859-7 iso8859-7 iso_8859-7 iso88597 greek greek8 csisolatingreek ecma-118 elot_928 iso-ir-126",
    "iso8859-8": "iso-8859-8 iso8859-8 iso_8859-8 iso88598 hebrew visual iso-8859-8-e iso-8859-8-i logical csiso88598i",
    "iso8859-10": "iso-8859-10 iso8859-10 iso885910 latin6 l6 csisolatin6 iso-ir-157",
    "iso8859-13": "iso-8859-13 iso8859-13 iso885913",
    "iso8859-14": "iso-8859-14 iso8859-14 iso885914",
    "iso8859-15": "iso-8859-15 iso8859-15 iso_8859-15 iso885915 l9 csisolatin9",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r koi8 koi koi8_r cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "cp866": "ibm866 866 cp866 csibm866",
    "mac-roman": "macintosh mac x-mac-roman csmacintosh",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": "gb18030 gbk gb2312 gb_2312 gb_2312-80 x-gbk chinese csgb2312 csiso58gb231280 iso-ir-58",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis",
    "cp949": "euc-kr windows-949 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 cseuckr "
    "csksc56011987 iso-ir-149",
}
_CODEC = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}

_MULTIBYTE = frozenset(
    ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949")
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_PIECE = 65_536
_PRESCAN = 65_536  # the standard asks for 1024; browsers start again when a later meta contradicts them
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta(?=[\s/])[^>]*+", re.IGNORECASE)
_META_CHARSET = re.compile(rb"[\s\"'/;]charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_XML = re.compile(rb"\A<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_AT_CHARSET = re.compile(rb'\A@charset "([^"]{1,100})";')
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def codec_of(label: str | None) -> str | None:
    """The Python codec for an encoding label, or None for labels that no browser knows. (Encoding Standard, 4.2)"""
    return _CODEC.get(label.strip(" \t\n\f\r\"'").lower()) if label else None


def of_html(body: bytes, charset: str | None) -> str:
    """The codec of an HTML page: byte order mark, then HTTP's charset, then `<meta>`, then a guess.

    (HTML Standard, 13.2.3.2)
    """
    return _of_bom(body) or codec_of(charset) or _of_meta(body[:_PRESCAN]) or _guess(body[:_PRESCAN])


def of_css(body: bytes, charset: str | None, referrer: str | None = None) -> str:
    """The codec of a style sheet; `referrer` is the label of the page that asked for it. (CSS Syntax 3, 3.2)"""
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
    for meta in _META.findall(_COMMENT.sub(b"", head)):
        stated = _META_CHARSET.search(meta)
        if stated and (codec := codec_of(stated[1].decode("latin-1"))):
            return _not_utf16(codec)
    return None


def _guess(head: bytes) -> str:
    """What the bytes look like, for pages that say nothing: the wild Arabic web is UTF-8 or windows-1256."""
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
