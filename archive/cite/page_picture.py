"""A page of a report as a picture, made in the process that reads hostile files, and where its text stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from archive.cite.isolate import run_isolated
from archive.errors import ReportUnreadable

Box = tuple[float, float, float, float]
"""Left, top, width and height, in pixels of the picture."""
_START = "from archive.cite.picture_worker import main; main()"


class PictureLine(Struct, frozen=True):
    """One line of text on the picture."""

    text: str
    """As it stands in the report's text."""
    boxes: tuple[Box, ...]
    """The box of each character."""


class PagePicture(Struct, frozen=True):
    """One page."""

    png: bytes
    width: int
    height: int
    lines: tuple[PictureLine, ...]


class PictureReply(Struct, frozen=True):
    """What the process answers: one of the two."""

    picture: PagePicture | None = None
    refused: str | None = None
    """Why there is no picture, without the report's name."""


def picture_of_page(path: Path, number: int) -> PagePicture:
    """Render page `number`, from 1, of the PDF at `path`. Raises `ReportUnreadable`, `OSError`."""
    with path.open("rb") as stream:
        output = run_isolated(_START, [str(number)], stream)
    try:
        reply = msgspec.json.decode(output, type=PictureReply)
    except msgspec.MsgspecError as error:
        raise ReportUnreadable(f"{path.name}: page {number} cannot be shown as a picture") from error
    if reply.picture is None:
        raise ReportUnreadable(f"{path.name}: {reply.refused}")
    return reply.picture


def boxes_at(lines: Sequence[PictureLine], text: str, start: int, end: int) -> Iterator[Box]:
    """Yield one box for each line that a stretch of the page's text covers.

    `text` is the page's text, in which the lines stand in this order; `start` and `end` are places in it.
    """
    place = 0
    for line in lines:
        found = text.find(line.text, place)
        if found < 0:
            continue
        place = found + len(line.text)
        covered = line.boxes[max(start - found, 0) : max(end - found, 0)]
        if covered:
            yield around(covered)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, round(right - left, 1), round(bottom - top, 1)
