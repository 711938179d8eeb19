"""The outlines of a TrueType font's letters, taken apart into bare letters, marks and horns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen, RecordingPen, replayRecording
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from ocr.training.alphabet import bare

_HORN = "\u031b"
ABOVE = 0.86
"""What begins above this share of the bare letter's height is a mark."""
_BELOW = 0.1
"""So is what ends below this share of it."""
_DESCENT = 0.1
"""Of the height of a capital, how far a p reaches below the line at least: faces of small capitals only do
not tell a from A, nor can their reader."""

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top, in font units."""


class UnfitError(ValueError):
    """A face that lacks a letter, or whose letters and marks cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Contour:
    """One closed line of an outline: pen calls with their points."""

    steps: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def bounds(self) -> Bounds:
        """What surrounds its points."""
        pen = ControlBoundsPen(None)
        self.draw(pen)
        left, bottom, right, top = pen.bounds
        return left, bottom, right, top

    def draw(self, pen: Any) -> None:
        """Draw it."""
        replayRecording(self.steps, pen)

    def moved(self, by: Transform) -> Contour:
        """The same line elsewhere, or of another size."""
        pen = RecordingPen()
        self.draw(TransformPen(pen, by))
        return Contour(tuple(pen.value))


def surrounding(parts: Iterable[Contour]) -> Bounds:
    """What surrounds some contours, of which there must be one."""
    lefts, bottoms, rights, tops = zip(*(part.bounds for part in parts), strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


class Outlines:
    """The letters of an open font.  Every question about a letter it lacks raises :class:`UnfitError`."""

    def __init__(self, font: TTFont) -> None:
        """Raises :class:`UnfitError` for variable fonts, other outlines and faces without small letters."""
        if "glyf" not in font or "fvar" in font:
            message = "no plain TrueType outlines"
            raise UnfitError(message)
        self._names: dict[int, str] = font.getBestCmap() or {}
        self._glyphs: Any = font.getGlyphSet()
        self._drawn: dict[str, tuple[Contour, ...]] = {}
        self.weight: int = font["OS/2"].usWeightClass
        self.slanted: bool = font["post"].italicAngle != 0
        if self.frame("p")[1] > -_DESCENT * self.tall("H"):
            message = "no small letters"
            raise UnfitError(message)

    def has(self, letters: str) -> bool:
        """Whether it draws all of them."""
        return all(ord(letter) in self._names for letter in letters)

    def contours(self, letter: str) -> tuple[Contour, ...]:
        """The outline of a letter."""
        if letter not in self._drawn:
            self._drawn[letter] = self._draw(letter)
        return self._drawn[letter]

    def _draw(self, letter: str) -> tuple[Contour, ...]:
        pen = DecomposingRecordingPen(self._glyphs)
        if self.has(letter):
            self._glyphs[self._names[ord(letter)]].draw(pen)
        found: list[Contour] = []
        start = 0
        for end, (operator, _) in enumerate(pen.value, start=1):
            if operator == "closePath":
                found.append(Contour(tuple(pen.value[start:end])))
                start = end
        if not found:
            raise UnfitError(letter)
        return tuple(found)

    def frame(self, letter: str) -> Bounds:
        """What surrounds a letter."""
        return surrounding(self.contours(letter))

    def advance(self, letter: str) -> float:
        """How far on the next letter stands."""
        return float(self._glyphs[self._names[ord(letter)]].width)

    def tall(self, letter: str) -> float:
        """The height of plain letters of its case."""
        return self.frame("H" if letter.isupper() else "x")[3]

    def marks(self, letter: str) -> tuple[Contour, ...]:
        """What stands above and below the bare letter."""
        plain, whole = self.contours(stem(letter)), self.contours(letter)
        height = max(part.bounds[3] for part in plain)
        marks = tuple(
            part
            for part in whole
            if part.bounds[1] >= ABOVE * height or part.bounds[3] <= _BELOW * height
        )
        if not marks or len(whole) - len(marks) != len(plain):
            raise UnfitError(letter)
        return marks

    def horn(self, letter: str) -> Contour:
        """The horn of ``ơ`` or ``ư``, where it is a stroke of its own."""
        whole = self.contours(letter)
        if len(whole) != len(self.contours(bare(letter))) + 1:
            raise UnfitError(letter)
        return max(whole, key=lambda part: part.bounds[1])


def stem(letter: str) -> str:
    """What a mark stands on: the bare letter, an i without its dot."""
    plain = bare(letter)
    return "ı" if plain == "i" else plain


def without_horn(letter: str) -> str:
    """``ớ`` → ``ó``."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", letter).replace(_HORN, ""))


def horned(letters: Iterable[str]) -> list[str]:
    """Those that have a horn, without their tones: ``ớ`` → ``ơ``."""
    parts = [unicodedata.normalize("NFD", letter) for letter in letters]
    return [unicodedata.normalize("NFC", part[0] + _HORN) for part in parts if _HORN in part]
