"""Whether two pictures of other bytes show the same: one that a server encoded anew, or sent in another size.

Both are brought to one size and their difference is measured in small squares. What encoding loses is spread over the
whole picture; what somebody changes is in one place. So the greatest difference may not stand out of all others.
Needs Pillow, which comes with the part for annotating (`[annotate]`); without it no two pictures are called the same.
"""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 60_000_000
_SIDE = 1024
"""Pixels of the width at which two pictures are compared."""
_SQUARE = 4
_SMALLEST = 24
_GREATEST = 26
"""The difference of a square, of 255, that no encoding makes."""
_GREATEST_OF_FEW = 14
"""The same in a small picture, in which one square is much of it."""
_FEW = 2_000
_BARELY = 4
_STANDS_OUT = 1.75
"""How much greater the greatest difference may be than that of all but the thousandth part of the squares."""
_THUMBNAIL = 400
"""Pixels of the width up to which a picture may be a part of another one, cut to another shape."""
_SHAPE = 0.02
"""By how much the shapes of two sizes of one picture may differ, from rounding."""


def can_decode() -> bool:
    """False where Pillow is not installed."""
    return importlib.util.find_spec("PIL") is not None


def is_same_picture(one: bytes, other: bytes, *, may_be_resized: bool) -> bool:
    """True where two encoded pictures show the same. `may_be_resized`: their addresses name two sizes of one file."""
    pictures = _decoded(one), _decoded(other)
    if pictures[0] is None or pictures[1] is None:
        return False
    first, second = pictures[0], pictures[1]
    if not _state_the_same(one, other):
        return False
    if first.size != second.size and not (may_be_resized and _are_alike_in_shape(first, second)):
        return False
    if min(*first.size, *second.size) < _SMALLEST:
        return False
    return _is_spread(_histogram(first, second))


def is_other_picture(one: bytes, other: bytes) -> bool:
    """True where what is offered as another size of a picture shows another one; a small one may be a part of it."""
    pictures = _decoded(one), _decoded(other)
    if pictures[0] is None or pictures[1] is None:
        return False
    first, second = pictures[0], pictures[1]
    if min(*first.size, *second.size) < _SMALLEST:
        return False
    if not _are_alike_in_shape(first, second):
        return min(first.width, second.width) > _THUMBNAIL
    return not _is_spread(_histogram(first, second))


_STATED = (270, 306, 315, 33432, 36867, 36868, 34853)
"""Description, time, author, rights, time of the exposure, its copy, place. (Exif 2.32, 4.6)"""


def _state_the_same(one: bytes, other: bytes) -> bool:
    """False where both pictures state when, where or by whom they were taken, and not alike."""
    stated = [_exif(content) for content in (one, other)]
    return all(stated[0][tag] == stated[1][tag] for tag in stated[0].keys() & stated[1].keys())


def _exif(content: bytes) -> dict[int, str]:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            read = opened.getexif()
            inner = {**read.get_ifd(0x8769), 34853: dict(read.get_ifd(0x8825))}
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {}
    return {tag: str(value) for tag, value in {**read, **inner}.items() if tag in _STATED and value}


def _decoded(content: bytes) -> Image | None:
    """The picture in colours on white; None for what is none, moves, or is too large."""
    try:
        from PIL import Image, ImageOps
    except ImportError:
        return None
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.width * opened.height > MOST_PIXELS or getattr(opened, "n_frames", 1) > 1:
                return None
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    on_white = Image.new("RGBA", picture.size, "white")
    on_white.alpha_composite(picture)
    return on_white.convert("RGB")


def is_icon(content: bytes) -> bool:
    """True for a picture of few pixels, and for what no browser shows; a drawing may say anything."""
    try:
        from PIL import Image
    except ImportError:
        return False
    try:
        with Image.open(io.BytesIO(content)) as opened:
            return max(opened.size) <= _ICON
    except Image.DecompressionBombError:
        return False
    except (OSError, ValueError, SyntaxError):
        return _DRAWING.search(content[:4_096]) is None


_ICON = 128
_DRAWING = re.compile(rb"<\s*(?:svg|!doctype|\?xml)|\A\x1f\x8b", re.IGNORECASE)


def _are_alike_in_shape(one: Image, other: Image) -> bool:
    first, second = one.width * other.height, other.width * one.height
    return abs(first - second) <= _SHAPE * max(first, second)


def _histogram(one: Image, other: Image) -> Sequence[int]:
    """How many squares differ by 0, 1, … 255."""
    from PIL import Image, ImageChops, ImageFilter

    width = min(one.width, other.width, _SIDE)
    size = (width, max(1, round(one.height * width / one.width)))
    soft = [
        picture.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(1.5)) for picture in (one, other)
    ]
    red, green, blue = ImageChops.difference(soft[0], soft[1]).split()
    greatest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    squares = greatest.resize((max(1, size[0] // _SQUARE), max(1, size[1] // _SQUARE)), Image.Resampling.BOX)
    return squares.histogram()


def _is_spread(histogram: Sequence[int]) -> bool:
    count = sum(histogram)
    greatest = max(value for value, number in enumerate(histogram) if number)
    if count < _FEW:
        return greatest <= _GREATEST_OF_FEW
    seen, usual = 0, 0
    for value, number in enumerate(histogram):
        seen += number
        if seen >= 0.999 * count:
            usual = value
            break
    return greatest <= _GREATEST and (greatest <= _BARELY or greatest <= _STANDS_OUT * usual)
