"""The font of annex, stamps and marks: DejaVu Sans (Latin, Greek, Cyrillic, Arabic), which is part of the program."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.installation import install_command

FONT = Path(str(resources.files("archive.annotate") / "fonts" / "DejaVuSans.ttf"))


class AnnotateExtraMissing(ArchiveError):
    """The extra `annotate` is not installed."""

    exit_code = 3


def require_extra() -> None:
    """Raise `AnnotateExtraMissing` where annex pages cannot be made."""
    try:
        import fpdf
        import segno
        import uharfbuzz
    except ImportError as error:
        raise AnnotateExtraMissing(
            f"{error.name} is not installed, which pages of a PDF annex need; "
            f"install it with: {install_command('annotate')}"
        ) from error
    assert fpdf and segno and uharfbuzz


@cache
def _face() -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(FONT, lazy=True)


def has_character(character: str) -> bool:
    """True where the font has a glyph for it."""
    return ord(character) in _face().getBestCmap()


def printable(text: str) -> str:
    """The text with an escape, such as `U{4e2d}` behind a backslash, for each character that the font lacks."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == " " or (character.isprintable() and has_character(character)):
        return character
    return f"\\u{{{ord(character):x}}}"


@cache
def outline(character: str) -> tuple[str, float]:
    """The path operators of a glyph in a square of 1 by 1, and its width."""
    from fontTools.pens.basePen import BasePen

    class PathPen(BasePen):  # type: ignore[misc]
        """Writes PDF path operators. (ISO 32000-2, 8.5.2)"""

        def __init__(self, glyphs: Any, unit: float) -> None:
            super().__init__(glyphs)
            self.unit = unit
            self.operators: list[str] = []

        def _draw(self, operator: str, *points: tuple[float, float]) -> None:
            numbers = " ".join(f"{value / self.unit:.3f}" for point in points for value in point)
            self.operators.append(f"{numbers} {operator}".strip())

        def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 -- fontTools' names
            self._draw("m", pt)

        def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
            self._draw("l", pt)

        def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
            self._draw("c", pt1, pt2, pt3)

        def _closePath(self) -> None:  # noqa: N802
            self._draw("h")

    face = _face()
    glyphs, unit = face.getGlyphSet(), float(face["head"].unitsPerEm)
    name = face.getBestCmap()[ord(character)]
    pen = PathPen(glyphs, unit)
    glyphs[name].draw(pen)
    return " ".join(pen.operators), glyphs[name].width / unit
