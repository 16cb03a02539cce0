"""A short film that players really play: H.264 in MP4, every macroblock stored as it is (I_PCM)."""

from __future__ import annotations

import functools
import random
import struct

_WIDTH, _HEIGHT = 128, 96
_RATE = 10


class _Bits:
    """Bits in the order of ITU-T H.264, 7.2."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def put(self, value: int, width: int) -> _Bits:
        self._bits += [value >> shift & 1 for shift in reversed(range(width))]
        return self

    def ue(self, *values: int) -> _Bits:
        for value in values:
            width = (value + 1).bit_length()
            self.put(0, width - 1).put(value + 1, width)
        return self

    def align(self) -> _Bits:
        return self.put(0, -len(self._bits) % 8)

    def end(self) -> bytes:
        return self.put(1, 1).align().bytes()

    def bytes(self) -> bytes:
        return int("".join(map(str, self._bits)) or "0", 2).to_bytes(len(self._bits) // 8, "big")


def _nal(kind: int, payload: bytes) -> bytes:
    """One NAL unit, with the bytes that keep start codes out of it. (H.264, 7.4.1)"""
    out, zeros = bytearray([kind]), 0
    for byte in payload:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


_SPS = _nal(
    0x67,
    _Bits().put(66, 8).put(0, 8).put(11, 8)  # baseline profile, level 1.1
    .ue(0, 0, 2, 0).put(0, 1).ue(_WIDTH // 16 - 1, _HEIGHT // 16 - 1).put(0b1000, 4).end(),
)  # fmt: skip
_PPS = _nal(0x68, _Bits().ue(0, 0).put(0, 2).ue(0, 0, 0).put(0, 3).ue(0, 0, 0).put(0, 3).end())


def _picture(number: int, noise: random.Random) -> bytes:
    """An IDR picture: one slice, macroblocks of one grey each."""
    head = _Bits().ue(0, 7, 0).put(0, 4).ue(number % 2).put(0, 2).ue(0)
    out, first = bytearray(), True
    for _ in range(_WIDTH * _HEIGHT // 256):
        start = head if first else _Bits()
        out += start.ue(25).align().bytes()
        out += bytes([noise.randrange(16, 235)]) * 256 + bytes([noise.randrange(64, 192)]) * 128
        first = False
    return _nal(0x65, bytes(out) + b"\x80")


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


@functools.cache
def mp4(seed: str, pictures: int = 10) -> bytes:
    noise = random.Random(seed)
    samples = [struct.pack(">I", len(nal)) + nal for nal in (_picture(n, noise) for n in range(pictures))]
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    size = len(_movie(samples, 0))
    return kind + _movie(samples, len(kind) + size + 8) + _box(b"mdat", *samples)


def _movie(samples: list[bytes], offset: int) -> bytes:
    ticks = len(samples)
    header = (
        struct.pack(">IIIIIHHII", 0, 0, _RATE, ticks, 0x10000, 0x100, 0, 0, 0)
        + _MATRIX
        + bytes(24)
        + struct.pack(">I", 2)
    )
    track = (
        struct.pack(">5I8xHHHH", 0, 0, 1, 0, ticks, 0, 0, 0, 0)
        + _MATRIX
        + struct.pack(">II", _WIDTH << 16, _HEIGHT << 16)
    )
    config = (
        b"\x01"
        + _SPS[1:4]
        + b"\xff\xe1"
        + struct.pack(">H", len(_SPS))
        + _SPS
        + b"\x01"
        + struct.pack(">H", len(_PPS))
        + _PPS
    )
    entry = bytes(6) + struct.pack(">H16xHHIIIH32xHh", 1, _WIDTH, _HEIGHT, 0x480000, 0x480000, 0, 1, 24, -1)
    tables = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), _box(b"avc1", entry, _box(b"avcC", config))),
        _full(b"stts", struct.pack(">III", 1, len(samples), 1)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, len(samples), 1)),
        _full(b"stsz", struct.pack(">II", 0, len(samples)), *(struct.pack(">I", len(sample)) for sample in samples)),
        _full(b"stco", struct.pack(">II", 1, offset)),
    )
    data = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    handler = _full(b"hdlr", bytes(4), b"vide", bytes(12), b"film\0")
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, _RATE, ticks, 0x55C4, 0)),
        handler,
        _box(b"minf", _full(b"vmhd", bytes(8), flags=1), data, tables),
    )
    return _box(b"moov", _full(b"mvhd", header), _box(b"trak", _full(b"tkhd", track, flags=3), media))
