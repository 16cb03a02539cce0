"""A short video that players really play: H.264 in MP4, every macroblock stored as it is (I_PCM)."""

from __future__ import annotations

import functools
import random
import struct
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class _Track:
    """What a player must know of one stream before its samples come."""

    handler: bytes
    entry: bytes
    """The sample entry, as `stsd` holds it."""
    media: bytes
    """The media header: `vmhd` or `smhd`."""
    rate: int
    """Ticks a second, which is also samples times `step`."""
    step: int
    """Ticks a sample."""
    size: tuple[int, int] = (0, 0)


def _sized(nal: bytes) -> bytes:
    return struct.pack(">I", len(nal)) + nal


@functools.cache
def _pictures(seed: str, count: int) -> tuple[bytes, ...]:
    noise = random.Random(seed)
    return tuple(_sized(_picture(number, noise)) for number in range(count))


def _video() -> _Track:
    sets = b"\xff\xe1" + struct.pack(">H", len(_SPS)) + _SPS + b"\x01" + struct.pack(">H", len(_PPS)) + _PPS
    shape = struct.pack(">H16xHHIIIH32xHh", 1, _WIDTH, _HEIGHT, 0x480000, 0x480000, 0, 1, 24, -1)
    entry = _box(b"avc1", bytes(6), shape, _box(b"avcC", b"\x01" + _SPS[1:4] + sets))
    return _Track(b"vide", entry, _full(b"vmhd", bytes(8), flags=1), _RATE, 1, (_WIDTH, _HEIGHT))


_SILENCE = bytes.fromhex("00c800802380")
"""One AAC-LC frame of 1,024 silent mono samples."""


def _audio() -> _Track:
    config = b"\x05\x02\x12\x08"  # AudioSpecificConfig: AAC-LC, 44.1 kHz, mono
    decoder = b"\x04" + bytes([13 + len(config)]) + b"\x40\x15" + bytes(11) + config
    described = b"\x03" + bytes([3 + len(decoder) + 3]) + b"\0\x01\0" + decoder + b"\x06\x01\x02"
    shape = struct.pack(">H8xHHHHI", 1, 1, 16, 0, 0, 44_100 << 16)
    entry = _box(b"mp4a", bytes(6), shape, _full(b"esds", described))
    return _Track(b"soun", entry, _full(b"smhd", bytes(4)), 44_100, 1024)


@functools.cache
def mp4(seed: str, pictures: int = 10) -> bytes:
    """Moving pictures without sound, at 10 a second."""
    return _file(_video(), _pictures(seed, pictures))


@functools.cache
def m4a(seed: str, frames: int = 43) -> bytes:
    """Silence, 43 frames a second; a free box names the seed."""
    return _file(_audio(), (_SILENCE,) * frames) + _box(b"free", seed.encode())


@functools.cache
def sounding(seed: str, pictures: int = 10) -> bytes:
    """Pictures and silence in one file: what progressive downloads are."""
    streams = ((_video(), _pictures(seed, pictures)), (_audio(), (_SILENCE,) * (pictures * 43 // _RATE)))
    return _joined(*streams)


def _file(track: _Track, samples: tuple[bytes, ...]) -> bytes:
    return _joined((track, samples))


def _joined(*streams: tuple[_Track, tuple[bytes, ...]]) -> bytes:
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    start = len(kind) + len(_movie(streams, 0)) + 8
    return kind + _movie(streams, start) + _box(b"mdat", *(sample for _, samples in streams for sample in samples))


def _movie(streams: tuple[tuple[_Track, tuple[bytes, ...]], ...], offset: int, extends: bool = False) -> bytes:
    tracks = []
    for number, (track, samples) in enumerate(streams, 1):
        tracks.append(_trak(track, number, samples, offset))
        offset += sum(map(len, samples))
    first, pictures = streams[0]
    length = len(pictures) * first.step * 1000 // first.rate
    header = struct.pack(">IIIIIHHII", 0, 0, 1000, length, 0x10000, 0x100, 0, 0, 0) + _MATRIX + bytes(24)
    last = struct.pack(">I", len(streams) + 1)
    defaults = struct.pack(">IIIII", 1, 1, first.step, 0, 0)
    extra = (_box(b"mvex", _full(b"trex", defaults)),) if extends else ()
    return _box(b"moov", _full(b"mvhd", header, last), *tracks, *extra)


def _trak(track: _Track, number: int, samples: tuple[bytes, ...], offset: int) -> bytes:
    count, ticks = len(samples), len(samples) * track.step
    length = ticks * 1000 // track.rate
    volume = 0x100 if track.handler == b"soun" else 0
    header = struct.pack(">5I8xHHHH", 0, 0, number, 0, length, 0, 0, volume, 0) + _MATRIX
    size = struct.pack(">II", track.size[0] << 16, track.size[1] << 16)
    tables = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), track.entry),
        _full(b"stts", struct.pack(">III", 1, count, track.step) if count else bytes(4)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, count, 1) if count else bytes(4)),
        _full(b"stsz", struct.pack(">II", 0, count), *(struct.pack(">I", len(sample)) for sample in samples)),
        _full(b"stco", struct.pack(">II", 1, offset) if count else bytes(4)),
    )
    data = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, track.rate, ticks, 0x55C4, 0)),
        _full(b"hdlr", bytes(4), track.handler, bytes(12), b"film\0"),
        _box(b"minf", track.media, data, tables),
    )
    return _box(b"trak", _full(b"tkhd", header, size, flags=3), media)


# In pieces, as HLS and DASH hand a video out. (ISO/IEC 14496-12, 8.8)


def opening(kind: str) -> bytes:
    """The initialisation segment of a `video` or an `audio` stream."""
    track = _video() if kind == "video" else _audio()
    return _box(b"ftyp", b"iso5", struct.pack(">I", 512), b"iso5iso6mp41") + _movie(((track, ()),), 0, extends=True)


@functools.cache
def segment(kind: str, seed: str, number: int) -> bytes:
    """The media segment `number` (from 0), a second long."""
    track, count = (_video(), _RATE) if kind == "video" else (_audio(), 43)
    samples = _pictures(f"{seed} {number}", count) if kind == "video" else (_SILENCE,) * count
    sizes = b"".join(struct.pack(">I", len(sample)) for sample in samples)
    time = struct.pack(">Q", number * count * track.step)

    def moof(offset: int) -> bytes:
        run = struct.pack(">Ii", count, offset) + sizes
        traf = _box(
            b"traf",
            _full(b"tfhd", struct.pack(">I", 1), flags=0x020000),
            _full(b"tfdt", time, flags=1 << 24),
            _full(b"trun", run, flags=0x000201),
        )
        return _box(b"moof", _full(b"mfhd", struct.pack(">I", number + 1)), traf)

    return moof(len(moof(0)) + 8) + _box(b"mdat", *samples)
