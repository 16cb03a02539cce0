"""Real files of many kinds, made by code from a seed: small, valid, the same on every machine."""

from __future__ import annotations

import functools
import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import reportlab
from PIL import Image
from reportlab.pdfgen import canvas

_EPOCH = (2021, 5, 21, 12, 0, 0)


@functools.cache
def png(seed: str, width: int = 48, height: int = 32) -> bytes:
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    comment = b"Comment\0" + seed.encode("latin-1", "replace")
    parts = ((b"IHDR", head), (b"tEXt", comment), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@functools.cache
def jpeg(seed: str, width: int = 160, height: int = 106) -> bytes:
    noise = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), noise.randbytes(16 * 12 * 3))
    out = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(out, "JPEG", quality=82, comment=seed.encode())
    return out.getvalue()


@functools.cache
def ico(seed: str) -> bytes:
    image = png(seed, 32, 32)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 32, 32, 0, 0, 1, 32, len(image), 22) + image


GIF = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002014400 3b".replace(" ", "")
)


def svg(label: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 24" role="img"><title>{label}</title>
<symbol id="mark" viewBox="0 0 24 24"><circle cx="12" cy="12" r="10"/></symbol><use href="#mark"/></svg>""".encode()


@functools.cache
def pdf(title: str, pages: int = 2) -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out, invariant=True)
    sheet.setTitle(title)
    for page in range(1, pages + 1):
        sheet.drawString(72, 760, title.encode("latin-1", "replace").decode("latin-1"))
        for line in range(30):
            sheet.drawString(72, 720 - 20 * line, f"{page}.{line + 1}  Documented cases, by governorate and by month")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def _zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            box.writestr(entry, text)
    return out.getvalue()


_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="{part}"/></Relationships>"""
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@functools.cache
def docx(text: str) -> bytes:
    part = "word/document.xml"
    paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    body = f'<w:document xmlns:w="{_WORDS}"><w:body>{paragraph}</w:body></w:document>'
    types = _TYPES.format(part=part, kind="wordprocessingml.document")
    return _zipped({"[Content_Types].xml": types, "_rels/.rels": _RELATIONS.format(part=part), part: body})


@functools.cache
def woff2(seed: str) -> bytes:
    """A real font (Bitstream Vera, which reportlab brings) in WOFF2, its tables in stored Brotli blocks."""
    font = Path(reportlab.__file__).with_name("fonts").joinpath("Vera.ttf").read_bytes()
    count = struct.unpack(">H", font[4:6])[0]
    entries = [struct.unpack(">4sIII", font[12 + 16 * i : 28 + 16 * i]) for i in range(count)]
    directory, data = bytearray(), bytearray()
    for tag, _, offset, length in entries:
        # Version 3 says: not transformed, for these two; for all others that is version 0.
        flags = 63 | (3 << 6 if tag in (b"glyf", b"loca") else 0)
        directory += bytes([flags]) + tag + _base128(length)
        data += font[offset : offset + length]
    stream = _stored_brotli(bytes(data))
    private = seed.encode()
    size = 48 + len(directory) + len(stream)
    start = size + -size % 4
    head = struct.pack(
        ">4s4sIHHIIHHIIIII",
        *(b"wOF2", font[:4], start + len(private), count, 0, len(font), len(stream), 1, 0),
        *(0, 0, 0, start, len(private)),
    )
    return head + bytes(directory) + stream + bytes(-size % 4) + private


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def _stored_brotli(data: bytes) -> bytes:
    """`data` in uncompressed meta-blocks. (RFC 7932, section 9.2)"""
    out, bits, used = bytearray(), 0, 1  # one bit 0: a window of 64 KiB
    for at in range(0, len(data), 1 << 16):
        block = data[at : at + (1 << 16)]
        # ISLAST 0, MNIBBLES 4 (00), MLEN-1 in 16 bits, ISUNCOMPRESSED 1, then to the next byte
        bits |= (len(block) - 1) << (used + 3) | 1 << (used + 19)
        out += bits.to_bytes((used + 20 + 7) // 8, "little") + block
        bits, used = 0, 0
    return bytes(out + b"\x03")  # ISLAST, ISLASTEMPTY


def vtt(*cues: str) -> bytes:
    lines = [f"{n}\n00:00:{2 * n - 2:02d}.000 --> 00:00:{2 * n:02d}.000\n{cue}\n" for n, cue in enumerate(cues, 1)]
    return ("WEBVTT\n\n" + "\n".join(lines)).encode()


@functools.cache
def webp(seed: str, width: int = 96, height: int = 64) -> bytes:
    noise = random.Random(seed)
    small = Image.frombytes("RGB", (12, 8), noise.randbytes(12 * 8 * 3))
    out = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(out, "WEBP", quality=70)
    return out.getvalue()


@functools.cache
def xlsx(text: str) -> bytes:
    part, sheets = "xl/workbook.xml", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    names = f'<definedNames><definedName name="{text}">1</definedName></definedNames>'
    body = f'<workbook xmlns="{sheets}"><sheets/>{names}</workbook>'
    types = _TYPES.format(part=part, kind="spreadsheetml.sheet")
    return _zipped({"[Content_Types].xml": types, "_rels/.rels": _RELATIONS.format(part=part), part: body})


@functools.cache
def mp3(seed: str, frames: int = 40) -> bytes:
    """Silence: MPEG-1 layer III frames of 128 kbit/s at 44.1 kHz, after an ID3 tag that names the seed."""
    title = b"\0" + seed.encode("latin-1")
    frame = b"TIT2" + struct.pack(">IH", len(title), 0) + title
    tag = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(frame)]) + frame
    return tag + (b"\xff\xfb\x90\x64" + bytes(413)) * frames
