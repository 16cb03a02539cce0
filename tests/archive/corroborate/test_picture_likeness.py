"""One picture in two encodings is the same; a picture in which something was changed is another."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.corroborate.explain.picture_likeness import is_same_picture
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import compare, page


def photo(number: str = "37", seed: int = 1) -> Image.Image:
    """Shapes, shades and a line of text."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (30, 20), bytes(chance.randrange(256) for _ in range(1800)))
    picture = small.resize((600, 400), Image.Resampling.BICUBIC)
    drawn = ImageDraw.Draw(picture)
    for _ in range(12):
        left, top = chance.randrange(500), chance.randrange(300)
        drawn.rectangle((left, top, left + 60, top + 40), fill=tuple(chance.randrange(256) for _ in range(3)))
    drawn.rectangle((200, 180, 420, 212), fill="white")
    drawn.text((206, 184), f"killed {number} people", fill="black", font=ImageFont.load_default(18))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", quality: int = 85, width: int = 600) -> bytes:
    stream = io.BytesIO()
    sized = picture if width == picture.width else picture.resize((width, width * 2 // 3), Image.Resampling.LANCZOS)
    sized.save(stream, kind, quality=quality)
    return stream.getvalue()


ORIGINAL = encoded(photo())


@pytest.mark.parametrize(("kind", "quality"), [("JPEG", 92), ("JPEG", 50), ("WEBP", 60), ("PNG", 0)])
def test_a_picture_that_is_encoded_anew_is_the_same(kind: str, quality: int) -> None:
    assert is_same_picture(ORIGINAL, encoded(photo(), kind, quality), may_be_resized=False)


def test_another_size_is_the_same_only_where_the_address_says_so() -> None:
    smaller = encoded(photo(), width=420)
    assert is_same_picture(ORIGINAL, smaller, may_be_resized=True)
    assert not is_same_picture(ORIGINAL, smaller, may_be_resized=False)


@pytest.mark.parametrize("quality", [85, 50])
@pytest.mark.parametrize("number", ["31", "73", "38"])
def test_a_digit_that_was_changed_makes_another_picture(number: str, quality: int) -> None:
    assert not is_same_picture(ORIGINAL, encoded(photo(number), quality=quality), may_be_resized=True)
    assert not is_same_picture(ORIGINAL, encoded(photo(number), width=420), may_be_resized=True)


def test_another_picture_a_brighter_one_and_what_is_none_are_not_the_same() -> None:
    brighter = photo().point([min(255, value + 40) for value in range(256)] * 3)
    turned = photo().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for other in (encoded(photo(seed=2)), encoded(brighter), encoded(turned), b"no picture", ORIGINAL[:200]):
        assert not is_same_picture(ORIGINAL, other, may_be_resized=True)


def test_a_page_whose_picture_was_encoded_anew_differs_and_one_with_a_changed_picture_contradicts() -> None:
    url = "https://news.example/a.jpg"
    text = page("<article><h1>Ward</h1><img src=/a.jpg alt=Ward></article>")
    same = compare(text, text, media=({url: ORIGINAL}, {url: encoded(photo(), quality=55)}))
    assert (same.status, [each.what for each in same.differences]) == (PairStatus.DIFFERS, ["layout"])
    forged = compare(text, text, media=({url: ORIGINAL}, {url: encoded(photo("31"))}))
    assert (forged.status, [each.what for each in forged.differences]) == (PairStatus.CONTRADICTS, ["media"])
